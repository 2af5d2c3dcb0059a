//! Geodesics of a metric with a symmetry, `along(r) (dr/r)² + around(r) dφ²`: quadrature over r and one scalar
//! equation.
//!
//! Along a geodesic of unit speed `around(r) φ′ = c` (Clairaut's relation; do Carmo 1976, §4-4). Continued, it has its
//! least radius r₀ where around(r₀) = c². With r = r₀ cosh² τ, both φ and the length are integrals over τ of analytic
//! functions, regular at τ = 0. The unknown of the geodesic between two points is the τ at the end of smaller radius:
//! the turn φ decreases as that τ increases, from its maximum (c → 0, in through the centre) to zero (c → 0, outwards
//! on a meridian).
//!
//! Knows a family only by its [`Profile`].

use super::Stop;
use crate::family::Profile;
use crate::math::Vec2;
use crate::math::quadrature::GAUSS_16;

/// The τ from which an outward geodesic is a meridian: c/√around is below 1e-17.
const MERIDIAN: f64 = 40.0;
/// −τ of the farthest inward geodesic: r/r₀ has the whole range of a double.
const DEEPEST: f64 = 340.0;
/// The least r₀.
const SMALLEST: f64 = 1e-150;
/// The longest piece of τ on which 16 nodes are accurate to rounding: singularities are π/4 off the real line.
const PIECE: f64 = 1.0;
/// The maximum number of pieces of a geodesic.
const PIECES: usize = 4096;
/// The sinh² τ from which around(r) − c² is computed by subtraction, which loses at most half a digit.
const APART: f64 = 0.4;
/// The maximum number of evaluations of the turn in the search for a geodesic.
const TRIES: usize = 80;

/// A continued geodesic, given by the radius of one of its points and the τ there.
#[derive(Clone, Copy)]
struct Line<'p> {
    profile: &'p dyn Profile,
    radius: f64,
    tau: f64,
    /// r₀.
    least: f64,
    /// Clairaut's constant.
    constant: f64,
}

impl<'p> Line<'p> {
    fn new(profile: &'p dyn Profile, radius: f64, tau: f64) -> Self {
        let least = radius / tau.cosh() / tau.cosh();
        Self { profile, radius, tau, least, constant: profile.metric(least)[1].sqrt() }
    }

    /// r/radius at τ + `way`.
    fn growth(&self, way: f64) -> f64 {
        let root = if way.abs() < 0.5 {
            let half = (0.5 * way).sinh();
            1.0 + (2.0 * half * half + way.sinh() * self.tau.tanh())
        } else {
            (self.tau + way).cosh() / self.tau.cosh()
        };
        root * root
    }

    /// The derivatives of turn and length in τ.
    fn speeds(&self, tau: f64) -> [f64; 2] {
        let root = tau.cosh() / self.tau.cosh();
        let r = self.radius * root * root;
        let sinh = tau.sinh();
        let [along, around] = self.profile.metric(r);
        let square = sinh * sinh;
        // (around(r) − c²)/sinh² τ
        let rise = if square > APART {
            (around - self.constant * self.constant) / square
        } else {
            self.least * self.profile.steepness(self.least, self.least * square)
        };
        let unit = 2.0 * (along / rise).sqrt() / tau.cosh();
        let root = around.sqrt();
        [unit * self.constant / root, unit * root]
    }

    /// Turn and length from τ = `from` over a `way` of at most [`PIECE`].
    fn piece(&self, from: f64, way: f64) -> [f64; 2] {
        let mut sum = [0.0; 2];
        for [node, weight] in GAUSS_16 {
            for t in [0.5 - 0.5 * node, 0.5 + 0.5 * node] {
                let speeds = self.speeds(from + t * way);
                sum[0] += 0.5 * weight * way * speeds[0];
                sum[1] += 0.5 * weight * way * speeds[1];
            }
        }
        sum
    }

    /// Turn and length from the point over a `way` in τ.
    fn whole(&self, way: f64) -> [f64; 2] {
        let pieces = (way / PIECE).ceil().max(1.0);
        let step = way / pieces;
        let mut sum = [0.0; 2];
        let mut i = 0.0;
        while i < pieces {
            let [turn, length] = self.piece(self.tau + i * step, step);
            sum = [sum[0] + turn, sum[1] + length];
            i += 1.0;
        }
        sum
    }
}

/// The distance in τ from `tau` at one radius to another that is larger by the fraction `excess`.
fn way(tau: f64, excess: f64) -> f64 {
    let cosh = tau.cosh();
    let sinh = cosh * tau.tanh().hypot(excess.sqrt());
    if tau <= 0.0 || excess > 1.0 {
        return sinh.asinh() - tau;
    }
    (excess * cosh / (sinh + 1.0_f64.hypot(sinh) * tau.tanh())).asinh()
}

/// The two ends of a geodesic, relative to that of smaller radius.
#[derive(Debug, Clone, Copy)]
struct Ends {
    radius: f64,
    /// (other radius − radius)/radius.
    excess: f64,
    /// Never negative.
    turn: f64,
}

impl Ends {
    /// The τ at the smaller radius.
    fn tau(&self, profile: &dyn Profile) -> f64 {
        let deepest = deepest(self.radius);
        let half = profile.half_turn();
        if self.turn == 0.0 {
            return MERIDIAN;
        }
        if half.is_some_and(|half| self.turn >= half) {
            return deepest;
        }
        // The logarithm of the quantity that vanishes at the respective end is nearly linear in τ.
        let from_half = half.filter(|half| self.turn > 0.5 * half);
        let value = |tau: f64| {
            let [turn, _] = Line::new(profile, self.radius, tau).whole(way(tau, self.excess));
            match from_half {
                Some(half) => ((half - self.turn) / (half - turn).max(0.0)).ln(),
                None => (turn / self.turn).ln(),
            }
        };
        falling_root(value, self.guess(profile).clamp(deepest, MERIDIAN), [deepest, MERIDIAN])
    }

    /// The τ in the half-plane whose metric agrees at the smaller radius.
    fn guess(&self, profile: &dyn Profile) -> f64 {
        let [along, around] = profile.metric(self.radius);
        let across = self.turn * 0.5 * (around / along).sqrt();
        -(0.5 * (across - self.excess / (1.0 + self.excess) / across)).asinh()
    }
}

/// The zero of a decreasing function between two limits, by the bracketed secant method from `start`.
fn falling_root(value: impl Fn(f64) -> f64, start: f64, [least, most]: [f64; 2]) -> f64 {
    let (mut low, mut high) = (least, most);
    let (mut x, mut last) = (start, None::<(f64, f64)>);
    for _ in 0..TRIES {
        let y = value(x);
        if y.is_nan() || y.abs() <= 4e-15 {
            return x;
        }
        *(if y > 0.0 { &mut low } else { &mut high }) = x;
        let slope = last.map_or(-1.0, |(before, value)| (y - value) / (x - before));
        last = y.is_finite().then_some((x, y));
        let secant = x - y / if slope < -1e-3 { slope } else { -1.0 };
        let next = if secant > low && secant < high { secant } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 * (1.0 + x.abs()) {
            return next;
        }
        x = next;
    }
    x
}

/// A geodesic between two points.
#[derive(Clone)]
pub struct Curve<'p> {
    line: Line<'p>,
    /// The end of smaller radius.
    near: Vec2,
    /// Whether `near` is the second end.
    backward: bool,
    /// The turn from `near` to the other end.
    turn: f64,
    /// Turn and length up to the end of each piece of τ, of length `step`.
    sums: Vec<[f64; 2]>,
    step: f64,
}

impl std::fmt::Debug for Curve<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Curve").field("near", &self.near).field("tau", &self.line.tau).finish_non_exhaustive()
    }
}

impl<'p> Curve<'p> {
    /// The shortest geodesic between two points in canonical parameters.
    #[must_use]
    pub fn between(profile: &'p dyn Profile, p: Vec2, q: Vec2) -> Self {
        let (r, s) = (profile.radius(p), profile.radius(q));
        let backward = s < r;
        let (near, far) = if backward { (q, p) } else { (p, q) };
        let turn = profile.turn(near, far);
        let excess = if backward { (r - s) / s } else { (s - r) / r };
        let ends = Ends { radius: r.min(s), excess, turn: turn.abs() };
        let tau = ends.tau(profile);
        let line = Line::new(profile, ends.radius, tau);
        let way = way(tau, excess);
        let pieces = (way / PIECE).ceil().max(1.0);
        let step = way / pieces;
        let mut sums = Vec::new();
        let mut sum = [0.0; 2];
        while (sums.len() as f64) < pieces {
            let [turn, length] = line.piece(tau + sums.len() as f64 * step, step);
            sum = [sum[0] + turn, sum[1] + length];
            sums.push(sum);
        }
        Self { line, near, backward, turn, sums, step }
    }

    fn total(&self) -> [f64; 2] {
        self.sums.last().copied().unwrap_or_default()
    }

    /// The Fisher-Rao length.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.total()[1]
    }

    /// The parameters at the fraction `t` of the length.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        let [turn, length] = self.total();
        let goal = length * if self.backward { 1.0 - t } else { t };
        let piece = self.sums.partition_point(|sum| sum[1] < goal).min(self.sums.len() - 1);
        let before = if piece == 0 { [0.0; 2] } else { self.sums[piece - 1] };
        let start = piece as f64 * self.step;
        let (part, turned) = reached(&self.line, start, self.step, goal - before[1]);
        let share = if turn > 0.0 { (before[0] + turned) / turn } else { t };
        self.line.profile.moved(self.near, self.line.growth(start + part), self.turn * share)
    }

    /// The velocity at the first end, in the parameters.
    #[must_use]
    pub fn velocity(&self, p: Vec2) -> Vec2 {
        let Line { profile, tau, constant, .. } = self.line;
        let way = if self.backward { self.step * self.sums.len() as f64 } else { 0.0 };
        let at = tau + way;
        let [_, speed] = self.line.speeds(at);
        let around = profile.metric(profile.radius(p))[1];
        let (length, sign) = (self.length(), if self.backward { -1.0 } else { 1.0 });
        let [total, _] = self.total();
        let turn = if total > 0.0 { constant / around * self.turn.signum() } else { 0.0 };
        profile.pull(p, Vec2::new(2.0 * at.tanh() / speed, turn) * (sign * length))
    }
}

/// The part of a piece of τ over which a length accumulates, and the turn over it; the piece begins `start` after the
/// line's point and is `step` long.
fn reached(line: &Line<'_>, start: f64, step: f64, length: f64) -> (f64, f64) {
    let from = line.tau + start;
    let mut part = (length / line.speeds(from + 0.5 * step)[1]).clamp(0.0, step);
    let mut sums = line.piece(from, part);
    for _ in 0..12 {
        let next = (part - (sums[1] - length) / line.speeds(from + part)[1]).clamp(0.0, step);
        let close = (next - part).abs() <= 1e-15 * step;
        part = next;
        sums = line.piece(from, part);
        if close {
            break;
        }
    }
    (part, sums[0])
}

/// The point that the geodesic from `p` with velocity `v` reaches after one unit of time, all in canonical parameters.
///
/// # Errors
/// [`Stop::Left`] if it reaches r = 0 of a family in which φ is an angle, [`Stop::Lost`] if it reaches r = 0 otherwise
/// or is too long.
pub fn exponential(profile: &dyn Profile, p: Vec2, v: Vec2) -> Result<Vec2, Stop> {
    let radius = profile.radius(p);
    let [along, around] = profile.metric(radius);
    let w = profile.push(p, v);
    let (out, side) = (along.sqrt() * w[0], around.sqrt() * w[1]);
    let length = out.hypot(side);
    if length == 0.0 {
        return Ok(p);
    }
    if !length.is_finite() {
        return Err(Stop::Lost);
    }
    let line = Line::new(profile, radius, tau_of_direction(profile, radius, out / side.abs()));
    let (mut way, mut turned, mut left) = (0.0, 0.0, length);
    for _ in 0..PIECES {
        let [turn, piece] = line.piece(line.tau + way, PIECE);
        if piece.is_nan() {
            return Err(Stop::Lost);
        }
        if piece >= left {
            let (part, turn) = reached(&line, way, PIECE, left);
            if side == 0.0 && line.tau < 0.0 && line.tau + way + part > -1.0 {
                return Err(if profile.half_turn().is_some() { Stop::Left } else { Stop::Lost });
            }
            return Ok(profile.moved(p, line.growth(way + part), (turned + turn) * side.signum()));
        }
        (way, turned, left) = (way + PIECE, turned + turn, left - piece);
    }
    Err(Stop::Lost)
}

/// The τ at a radius of the geodesic whose direction there has the Fisher slope `slope`, radial over circumferential.
fn tau_of_direction(profile: &dyn Profile, radius: f64, slope: f64) -> f64 {
    let limits = [deepest(radius), MERIDIAN];
    // slope² = (around − c²)/c² = sinh² τ · r₀ steepness(r₀)/around(r₀), the last factor between 1 and 2.
    let mut tau = slope.asinh().clamp(limits[0], limits[1]);
    for _ in 0..60 {
        let cosh = tau.cosh();
        let least = radius / cosh / cosh;
        let factor = least * profile.steepness(least, radius - least) / profile.metric(least)[1];
        let next = (slope / factor.sqrt()).asinh().clamp(limits[0], limits[1]);
        let close = (next - tau).abs() <= 1e-15 * tau.abs().max(1.0);
        tau = next;
        if close {
            break;
        }
    }
    tau
}

/// The least τ at a radius: its r₀ must not be below [`SMALLEST`].
fn deepest(radius: f64) -> f64 {
    -DEEPEST.min(0.5 * (radius / SMALLEST).ln()).max(0.0)
}
