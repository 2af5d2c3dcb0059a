//! The contribution of an oscillating reward in the tail of a slowly decaying density.
//!
//! The variable of integration is the phase u of the slowest oscillation, in which sin x² and sin eˣ are as regular as
//! sin x. Let w be a smooth cut-off that decreases from 1 to 0 like the survival function of a Gaussian about u₀. The
//! integral of g from a point well before u₀ to infinity is exactly ∫ g w plus ∫ ḡ from u₀ on, where ḡ is g averaged over
//! that Gaussian (Fubini). The first integral has a finite range; in the second the oscillation is averaged out. Averages
//! are computed on two grids without common nodes, whose difference is the error.

use std::cell::Cell;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use special::Error;

use super::flaw::Flaw;
use super::integral::Integrand;
use super::span::{Piece, Span, Spot, limit, regular};
use crate::expression::{Expression, Phase};
use crate::math::adaptive::NODES;

/// The phase change over an octave, in radians, above which the average is cheaper than panels.
pub const FAST: f64 = 400.0;
/// The number of nodes per period on the two grids.
const GRIDS: [f64; 2] = [4.3, 7.1];
/// The maximum number of octaves of the averaged tail.
const OCTAVES: usize = 40;
/// The goal above which the coarse average is used.
const ROUGH: f64 = 1e-9;
/// The maximum number of Newton steps for the point of a given phase, and the residual in radians at which they end.
const STEPS: usize = 60;
const CLOSE: f64 = 1e-8;

/// The weight of the error of the mass relative to that of the value.
const MASS: f64 = 1e-3;

/// How the average is taken.
struct Detail {
    /// The standard deviation of its Gaussian in radians, which damps the oscillation by exp(−width²/2).
    width: f64,
    /// Where the Gaussian is truncated, in standard deviations.
    reach: f64,
    /// The length of a panel under the cut-off, in radians.
    panel: f64,
    /// The column of [`NODES`] with the weights: 1 for the 15-point rule, 2 for the 7-point rule.
    rule: usize,
    /// The goal of the relative error of the extrapolated sum.
    goal: f64,
    /// The number of octaves before the first extrapolation.
    least: usize,
}

const FINE: Detail = Detail { width: 8.6, reach: 8.5, panel: 1.5, rule: 1, goal: 1e-13, least: 7 };
const COARSE: Detail = Detail { width: 5.3, reach: 4.9, panel: 3.0, rule: 2, goal: 1e-7, least: 5 };

/// The phase of the slowest fast oscillation of a reward, if it changes by more than `turns` radians over a span.
pub fn fast(reward: &Expression, span: Span, turns: f64) -> Option<Phase<'_>> {
    let place = |delta: f64| span.anchor + span.sign * delta;
    let phase = reward.phase(place(span.low), 2.0 / span.low)?;
    ((phase.at(place(span.high))[0] - phase.at(place(span.low))[0]).abs() > turns).then_some(phase)
}

/// The phase as a variable u that increases with δ; proportional to δ if the phase is linear.
struct Variable<'a> {
    phase: Phase<'a>,
    span: Span,
    /// The sign of du/dφ, and u − sign φ.
    sign: f64,
    offset: f64,
    /// u at the lower end of the span.
    first: f64,
    /// The last point found: δ, u, du/dδ.
    last: Cell<[f64; 3]>,
}

impl<'a> Variable<'a> {
    fn new(phase: Phase<'a>, span: Span) -> Self {
        let [value, slope] = phase.at(span.anchor + span.sign * span.low);
        let sign = (slope * span.sign).signum();
        let first = slope.abs() * span.low;
        let last = Cell::new([span.low, first, slope.abs()]);
        Self { phase, span, sign, offset: first - sign * value, first, last }
    }

    fn spot(&self, delta: f64) -> Spot {
        Spot { x: self.span.anchor + self.span.sign * delta, below_one: None }
    }

    /// δ and du/dδ at phase `u`; `None` if Newton's method does not converge.
    fn place(&self, u: f64) -> Option<[f64; 2]> {
        let [mut delta, near, mut slope] = self.last.get();
        let mut left = u - near;
        for _ in 0..STEPS {
            delta = (delta + left / slope).clamp(0.5 * delta, 2.0 * delta);
            let [value, rise] = self.phase.at(self.spot(delta).x);
            (left, slope) = (u - self.offset - self.sign * value, rise * self.sign * self.span.sign);
            if !(slope > 0.0 && left.is_finite()) {
                return None;
            }
            if left.abs() < CLOSE.max(8.0 * f64::EPSILON * (u + delta * slope)) {
                self.last.set([delta, u - left, slope]);
                return Some([delta, slope]);
            }
        }
        None
    }
}

/// The integral from the lower end of a span on.
pub fn tail<const N: usize>(of: &Integrand<'_, N>, span: Span, phase: Phase<'_>) -> Result<Piece<N>, Flaw> {
    let detail = if of.goal < ROUGH { FINE } else { COARSE };
    let variable = Variable::new(phase, span);
    let term = |u: f64, factor: f64| -> Result<Piece<N>, Flaw> {
        let [delta, slope] = variable.place(u).ok_or(Flaw::Unresolved)?;
        let spot = variable.spot(delta);
        let [term, density] = of.term(spot)?;
        let weights = (of.weights)(spot);
        let scaled = |x: f64| -> [f64; N] { std::array::from_fn(|i| x * factor / slope * weights[i]) };
        let size = scaled(term).map(f64::abs);
        Ok(Piece {
            value: scaled(term),
            size,
            bare: scaled(density).map(f64::abs),
            mass: density * factor / slope,
            ..Piece::NONE
        })
    };
    if !steady(of.reward, &variable) {
        return Err(Flaw::Unresolved);
    }
    let start = Cell::new(variable.last.get());
    let centre = variable.first + detail.reach * detail.width;
    let end = centre + detail.reach * detail.width;
    // ∫ g w.
    let panels = ((end - variable.first) / detail.panel).ceil();
    let step = (end - variable.first) / panels;
    let mut sum = Piece::NONE;
    let mut panel = 0.0;
    while panel < panels {
        let low = variable.first + panel * step;
        for [place, weight] in nodes(detail.rule) {
            let u = low + 0.5 * step * (1.0 + place);
            sum = sum.plus(term(u, 0.5 * step * weight * above((u - centre) / detail.width))?);
        }
        panel += 1.0;
    }
    variable.last.set(start.take());
    let averaged = |y: f64, grid: f64| -> Result<Piece<N>, Flaw> {
        let step = TAU / grid;
        let half = (detail.reach * detail.width / step).ceil();
        let mut sum = Piece::NONE;
        of.panels.set(of.panels.get() + work(half));
        let mut j = -half;
        while j <= half {
            let u = j * step;
            let kernel = (-0.5 * (u / detail.width).powi(2)).exp() / (TAU.sqrt() * detail.width);
            sum = sum.plus(term(y + u, step * kernel)?);
            j += 1.0;
        }
        Ok(sum)
    };
    Ok(sum.plus(smooth(centre, &detail, &averaged)?))
}

/// Whether there is nothing from here on but oscillations that are no slower, and nothing that comes once.
fn steady(reward: &Expression, variable: &Variable<'_>) -> bool {
    let start = variable.last.get();
    let mut low = variable.span.low;
    let mut u = variable.first;
    let holds = (0..OCTAVES).all(|_| {
        u *= 2.0;
        // Beyond the doubles there is nothing.
        if low > 1e290 {
            return true;
        }
        let Some([high, _]) = variable.place(u) else { return false };
        let from = variable.spot(low).x;
        let [slope, slowest] = [Some(variable.phase), reward.phase(from, 2.0 / low)]
            .map(|phase| phase.map_or(f64::NAN, |phase| phase.at(from)[1].abs()));
        let octave = Span { low, high, ..variable.span };
        low = high;
        // A rectangle around a whole octave may be too wide for what is analytic next to the line.
        let tame = octave.halves().iter().flat_map(Span::halves).all(|piece| {
            let [low, high] = piece.range();
            let region = reward.envelope(low, high);
            region.smooth && region.deviation() <= 1e3 * region.real[0].abs().max(region.real[1].abs())
        });
        tame && (slowest / slope - 1.0).abs() < 1e-6
    });
    variable.last.set(start);
    holds
}

/// The nodes of a rule between −1 and 1 with their weights, in order.
fn nodes(rule: usize) -> impl Iterator<Item = [f64; 2]> {
    let below = NODES.iter().map(move |node| [-node[0], node[rule]]);
    let above = NODES.iter().rev().skip(1).map(move |node| [node[0], node[rule]]);
    below.chain(above).filter(|[_, weight]| *weight > 0.0)
}

/// ∫ of an averaged function from a place on, by octaves; the difference between two grids is its error.
fn smooth<const N: usize>(
    from: f64,
    detail: &Detail,
    averaged: &dyn Fn(f64, f64) -> Result<Piece<N>, Flaw>,
) -> Result<Piece<N>, Flaw> {
    let mut sum = Piece::<N>::NONE;
    let mut sums: Vec<Piece<N>> = Vec::new();
    let mut best: Option<(f64, Piece<N>)> = None;
    let mut low = from;
    for k in 1..=OCTAVES {
        let half = 0.5 * low;
        for (place, [node, weight]) in nodes(detail.rule).enumerate() {
            let y = low + half * (1.0 + node);
            let found = averaged(y, GRIDS[0])?;
            let scale = |a: [f64; N]| a.map(|a| a * weight * half);
            let mut error = [0.0; N];
            if place % 4 == 1 {
                let second = averaged(y, GRIDS[1])?;
                error = scale(std::array::from_fn(|i| 4.0 * (second.value[i] - found.value[i]).abs()));
            }
            sum = sum.plus(Piece {
                value: scale(found.value),
                error,
                size: scale(found.size),
                bare: scale(found.bare),
                mass: found.mass * weight * half,
            });
        }
        sums.push(sum);
        low *= 2.0;
        if k < detail.least {
            continue;
        }
        let (off, end) = extrapolated(&sums);
        if best.is_none_or(|(least, _)| off < least) {
            best = Some((off, end));
        }
        if off <= detail.goal {
            break;
        }
    }
    best.map(|(_, end)| end).ok_or(Flaw::Unresolved)
}

/// The limit of sums over octaves, and its relative error.
fn extrapolated<const N: usize>(sums: &[Piece<N>]) -> (f64, Piece<N>) {
    let mut end = sums[sums.len() - 1];
    let mut off = 0.0_f64;
    for i in 0..N {
        let later = sums.windows(2).map(|pair| pair[1].size[i] - pair[0].size[i]);
        let terms: Vec<f64> = std::iter::once(sums[0].size[i]).chain(later).collect();
        let [value, error] = limit(&sums.iter().map(|sum| sum.value[i]).collect::<Vec<_>>());
        let error = if regular(&terms) { error } else { f64::INFINITY };
        off = off.max(if end.size[i] > 0.0 { error / end.size[i] } else { 0.0 });
        (end.value[i], end.error[i]) = (value, end.error[i] + error);
    }
    let [mass, error] = limit(&sums.iter().map(|sum| sum.mass).collect::<Vec<_>>());
    end.mass = mass;
    (off.max(MASS * error), end)
}

/// The work of this many nodes on either side, in panels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
fn work(nodes: f64) -> usize {
    (nodes / 7.5) as usize
}

/// The survival function of the standard Gaussian.
fn above(x: f64) -> f64 {
    0.5 * (x * FRAC_1_SQRT_2).compl_error()
}
