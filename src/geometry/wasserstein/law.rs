//! The distribution function of one distribution: Chebyshev series on pieces of a coordinate, by which it is evaluated,
//! inverted and differentiated in the parameters to nearly all digits of a double, in the tails as well.

use std::sync::OnceLock;

use super::ruler::{Density, Spot};
use crate::family::Family;
use crate::math::chebyshev::{Grid, Series};
use crate::math::{Mat2, Vec2};

/// The nodes of a piece.
const NODES: usize = 24;
/// The most pieces: smooth densities need about 20.
const PIECES: usize = 600;
/// The tolerance of a piece, relative to its largest value; and that where a half is no better than the whole, because
/// what is left is the rounding of the log density.
const CLOSE: f64 = 1e-14;
const ROUNDED: f64 = 1e-10;
/// How much the logarithm of a density may change within a piece: quotients of small values keep their digits.
const CHANGE: f64 = 10.0;
/// The part of the range over which the slopes at its ends are taken: where they count they are constant that far.
const SECANT: f64 = 0.05;
/// What total mass and mean score may be off by, relative to ∫ p and ∫ |s| p.
const RESOLVED: f64 = 1e-9;
/// The most steps of Newton's method or of bisection within a piece, and the length of one that is the last: the next would
/// be of the order of its square.
const STEPS: usize = 60;
const LAST: f64 = 1e-9;

/// The nodes of every piece.
pub(super) fn grid() -> &'static Grid {
    static GRID: OnceLock<Grid> = OnceLock::new();
    GRID.get_or_init(|| Grid::new(NODES))
}

/// The smaller of P and 1 − P, which has the digits.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tail {
    /// P.
    Below(f64),
    /// 1 − P.
    Above(f64),
}

/// What lies beyond an end of the range: a density A e^(−rate · distance), and the integrals ∫ sᵢ p of the scores.
#[derive(Debug, Clone, Copy)]
struct Beyond {
    rate: f64,
    mass: f64,
    flow: Vec2,
}

/// The distribution on an interval of t.
struct Piece {
    low: f64,
    width: f64,
    /// The observations and the densities in t at the nodes.
    nodes: Vec<(Spot, f64)>,
    /// The density per piece, and the mass from the piece's beginning on.
    density: Series,
    mass: Series,
    /// Its mass, and that of all before and after.
    own: f64,
    below: f64,
    above: f64,
}

/// A distribution.
pub(super) struct Law<'a> {
    density: Density<'a>,
    pieces: Vec<Piece>,
    beyond: [Beyond; 2],
}

impl<'a> Law<'a> {
    /// The distribution `p`; `None` if its observations are not one real variable or the density was not resolved.
    pub fn new(family: &'a dyn Family, p: Vec2) -> Option<Self> {
        let density = Density::new(family, p)?;
        let [low, high] = density.range()?;
        let mut pieces = pieces(&density, low, high)?;
        let beyond = [(low, -1.0), (high, 1.0)].map(|(end, side)| beyond(&density, end, side, SECANT * (high - low)));
        let mut sum = beyond[0].mass;
        for piece in &mut pieces {
            piece.below = sum;
            sum += piece.own;
        }
        let total = sum + beyond[1].mass;
        sum = beyond[1].mass;
        for piece in pieces.iter_mut().rev() {
            piece.above = sum;
            sum += piece.own;
        }
        ((total - 1.0).abs() <= RESOLVED).then_some(Self { density, pieces, beyond })
    }

    /// The first and the last t of the pieces.
    pub fn ends(&self) -> Option<[f64; 2]> {
        let last = self.pieces.last()?;
        Some([self.pieces.first()?.low, last.low + last.width])
    }

    /// The ends of the pieces, in ascending order.
    pub fn breaks(&self) -> Vec<f64> {
        let last = self.ends().map(|[_, last]| last);
        self.pieces.iter().map(|piece| piece.low).chain(last).collect()
    }

    /// The observation at t, its density in t, and P there.
    pub fn at(&self, t: f64) -> Option<(Spot, f64, Tail)> {
        let piece = &self.pieces[self.pieces.partition_point(|piece| piece.low <= t).checked_sub(1)?];
        let spot = self.spot(t);
        Some((spot, self.density.log(&spot).exp(), piece.tail((t - piece.low) / piece.width)))
    }

    /// What lies below and above the pieces.
    pub fn tails(&self) -> [Tail; 2] {
        [Tail::Below(self.beyond[0].mass), Tail::Above(self.beyond[1].mass)]
    }

    /// The observation with a given P.
    pub fn quantile(&self, tail: Tail) -> Option<Spot> {
        self.place(tail).map(|t| self.spot(t))
    }

    /// The t with a given P.
    pub fn place(&self, tail: Tail) -> Option<f64> {
        let [before, after] = &self.beyond;
        Some(match tail {
            Tail::Below(share) if share < before.mass => {
                self.pieces.first()?.low + (share / before.mass).ln() / before.rate
            }
            Tail::Above(share) if share < after.mass => {
                let last = self.pieces.last()?;
                last.low + last.width - (share / after.mass).ln() / after.rate
            }
            Tail::Below(share) => {
                let place = self.pieces.partition_point(|piece| piece.below <= share).checked_sub(1)?;
                self.pieces[place].find(|piece, mass| piece.below + mass - share)
            }
            Tail::Above(share) => {
                let place = self.pieces.partition_point(|piece| piece.above > share);
                self.pieces.get(place)?.find(|piece, mass| share - (piece.above + (piece.own - mass)))
            }
        })
    }

    /// The observation at t.
    pub fn spot(&self, t: f64) -> Spot {
        self.density.ruler.spot(t)
    }

    /// ∫ (x − T(x))² p dx over the pieces, T(x) being what has the same P elsewhere, to a relative tolerance; `None` if the
    /// nodes of the pieces do not resolve it.
    pub fn carried(&self, tolerance: f64, moved: impl Fn(Tail) -> Option<Spot>) -> Option<f64> {
        let (mut total, mut error) = (0.0, 0.0);
        for piece in &self.pieces {
            let cost = |(t, (spot, p)): (&f64, &(Spot, f64))| {
                let by = spot.minus(&moved(piece.tail(*t))?);
                Some(by * by * p * piece.width)
            };
            let values: Vec<f64> = grid().t.iter().zip(&piece.nodes).map(cost).collect::<Option<_>>()?;
            let series = grid().series(&values);
            total += series.from_zero().at(1.0);
            // What the series leaves out begins with T_n, whose integral is about 1/n² of its largest value.
            let largest = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
            error += series.tail() * largest / (NODES * NODES) as f64;
        }
        (error <= tolerance * total).then_some(total)
    }

    /// ∫ ∂ᵢP ∂ⱼP/p dx; `None` if it was not resolved.
    pub fn metric(&self) -> Option<Mat2> {
        let flows: Vec<[Series; 2]> = self.pieces.iter().map(|piece| piece.flow(&self.density)).collect();
        let own: Vec<Vec2> = flows.iter().map(|flow| at(flow, 1.0)).collect();
        // What lies after each piece is summed from the far end: in that tail nothing else has the digits.
        let mut after = vec![self.beyond[1].flow; own.len()];
        for i in (1..own.len()).rev() {
            after[i - 1] = after[i] + own[i];
        }
        let mut before = self.beyond[0].flow;
        // E s = 0: what is left is the error of all that follows.
        let off = before + own.first()? + after.first()?;
        let scale = self.score_sizes();
        if !(0..2).all(|i| off[i].abs() <= RESOLVED * scale[i]) {
            return None;
        }
        let mut total = Mat2::zeros();
        for (i, (piece, flow)) in self.pieces.iter().zip(&flows).enumerate() {
            let lower = piece.below + 0.5 * piece.own < 0.5;
            total += piece.square(|t| if lower { before + at(flow, t) } else { after[i] + (own[i] - at(flow, t)) });
            before += own[i];
        }
        Some(total)
    }

    /// ∫ |sᵢ| p, by the midpoints of the pieces: an order of magnitude.
    fn score_sizes(&self) -> Vec2 {
        let size = |piece: &Piece| self.density.score(&piece.nodes[NODES / 2].0).abs() * piece.own;
        self.pieces.iter().map(size).sum::<Vec2>() + self.beyond[0].flow.abs() + self.beyond[1].flow.abs()
    }
}

impl Piece {
    /// The interval, with what the density is there; and the error of its series relative to their largest values. `None` if
    /// a density is not finite.
    fn new(density: &Density<'_>, low: f64, width: f64) -> Option<(Self, f64)> {
        let grid = grid();
        let node = |t: &f64| {
            let spot = density.ruler.spot(low + width * t);
            (spot, density.log(&spot).exp())
        };
        let nodes: Vec<(Spot, f64)> = grid.t.iter().map(node).collect();
        let all = [|_: &Spot, p: f64| p, |spot: &Spot, p: f64| p * (2.0 * spot.stretch).exp()]
            .map(|f| nodes.iter().map(|(spot, p)| f(spot, *p)).collect::<Vec<f64>>());
        if all.iter().flatten().any(|value| !value.is_finite()) {
            return None;
        }
        let error = all.iter().map(|values| grid.series(values).tail()).fold(0.0, f64::max);
        let scaled: Vec<f64> = all[0].iter().map(|p| p * width).collect();
        let density = grid.series(&scaled);
        let mass = density.from_zero();
        let own = mass.at(1.0);
        Some((Self { low, width, nodes, density, mass, own, below: 0.0, above: 0.0 }, error))
    }

    /// P at a share of the piece's width.
    fn tail(&self, t: f64) -> Tail {
        let mass = self.mass.at(t);
        let below = self.below + mass;
        if below < 0.5 { Tail::Below(below) } else { Tail::Above(self.above + (self.own - mass)) }
    }

    /// ∫ sᵢ p from the piece's beginning on.
    fn flow(&self, density: &Density<'_>) -> [Series; 2] {
        let score = |(spot, p): &(Spot, f64)| density.score(spot) * (p * self.width);
        let scores: Vec<Vec2> = self.nodes.iter().map(score).collect();
        [0, 1].map(|i| grid().series(&scores.iter().map(|score| score[i]).collect::<Vec<_>>()).from_zero())
    }

    /// ∫ ∂P ∂Pᵀ/p dx over the piece, p being the density in t over dx/dt.
    fn square(&self, slopes: impl Fn(f64) -> Vec2) -> Mat2 {
        let part = |(t, (spot, p)): (&f64, &(Spot, f64))| {
            let moved = slopes(*t) * spot.stretch.exp();
            moved * moved.transpose() * (self.width / p)
        };
        let values: Vec<Mat2> = grid().t.iter().zip(&self.nodes).map(part).collect();
        let entry = |i: usize, j: usize| {
            grid().series(&values.iter().map(|m| m[(i, j)]).collect::<Vec<_>>()).from_zero().at(1.0)
        };
        let mixed = entry(0, 1);
        Mat2::new(entry(0, 0), mixed, mixed, entry(1, 1))
    }

    /// The t at which an increasing function of the mass is zero: Newton's method within a bracket.
    fn find(&self, rising: impl Fn(&Self, f64) -> f64) -> f64 {
        let (mut low, mut high, mut at) = (0.0, 1.0, 0.5);
        for _ in 0..STEPS {
            let value = rising(self, self.mass.at(at));
            if value < 0.0 {
                low = at;
            } else {
                high = at;
            }
            let guess = at - value / self.density.at(at);
            let next = if guess >= low && guess <= high { guess } else { 0.5 * (low + high) };
            let close = (next - at).abs() <= LAST;
            at = next;
            if close {
                break;
            }
        }
        self.low + self.width * at
    }
}

/// Two series at t.
fn at(flow: &[Series; 2], t: f64) -> Vec2 {
    Vec2::new(flow[0].at(t), flow[1].at(t))
}

/// The pieces of an interval: halved until their series have converged. `None` if that takes too many, or if the density
/// is not finite.
fn pieces(density: &Density<'_>, low: f64, high: f64) -> Option<Vec<Piece>> {
    let mut done = Vec::new();
    // Each with the error of the whole of which it is a half.
    let mut open = vec![(low, high - low, f64::INFINITY)];
    while let Some((low, width, before)) = open.pop() {
        let mut error = f64::INFINITY;
        if density.change(low, width) <= CHANGE {
            let (piece, found) = Piece::new(density, low, width)?;
            if found <= CLOSE || found <= ROUNDED && before <= 8.0 * found {
                done.push(piece);
                continue;
            }
            error = found;
        }
        if done.len() + open.len() >= PIECES || width <= 1e-12 * low.abs() {
            return None;
        }
        let half = 0.5 * width;
        // The left half is next.
        open.extend([(low + half, half, error), (low, half, error)]);
    }
    Some(done)
}

/// What lies beyond an end of the range on a side, from the slopes of log p and of the score, which are constant there: a
/// power of x at a boundary is an exponential in t. Elsewhere there is nothing that counts.
fn beyond(density: &Density<'_>, end: f64, side: f64, step: f64) -> Beyond {
    let [here, inside] = [end, end - side * step].map(|t| density.ruler.spot(t));
    let log = density.log(&here);
    let rate = (density.log(&inside) - log) / step;
    let score = density.score(&here);
    let change = (score - density.score(&inside)) / step;
    let mass = log.exp() / rate;
    Beyond { rate, mass, flow: (score + change / rate) * mass }
}
