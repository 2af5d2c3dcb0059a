//! Means of a function at the many points of a picture: rougher than `expectation`, and much faster.
//!
//! The trapezoidal rule on nodes that many points share, refined until two levels agree to [`ENOUGH`]. Where an observation
//! is p₀ + p₁ z the nodes are z's, with weights made once; elsewhere they are the multiples of a power of two on the line
//! (the logarithm or the logit of the observation), and what the function is there is kept along the row.

use std::f64::consts::{PI, TAU};

use super::expectation::{Expectation, Line, REACH, Stretched};
use crate::family::Support;
use crate::math::Vec2;

/// Two levels agree that differ by less than this, relative to the mean of |f|.
const ENOUGH: f64 = 1e-4;
/// The tolerance of a mean that neither nodes nor lattice find; its error estimate is optimistic where panels are few.
const FALLBACK: f64 = 1e-2 * ENOUGH;
/// The step in t of the coarsest level, how many levels there are, and the last that is not compared.
const STEP: f64 = 0.5;
const LEVELS: usize = 8;
const FIRST: usize = 2;
/// Angles of the first round.
const ROUND: usize = 32;
/// A density below this share of its peak is not looked at.
const TAIL: f64 = 1e-11;
/// Most nodes on one side of a density on a lattice.
const NODES: i64 = 4096;

/// What does not depend on the point.
#[derive(Debug)]
pub struct Rows {
    /// Nodes z with their weights, level by level; each level lies between the nodes of those before.
    levels: Vec<Vec<[f64; 2]>>,
    /// On the circle: angles, their weights and f there, at each level twice as many as at the one before. Once around from
    /// −π in u with x + π = u − sin u: where f jumps, between π and −π, the weights vanish to second order.
    rounds: Vec<Vec<[f64; 3]>>,
}

/// What a row of points leaves for the next one: where its mass lies on the line, and the function on lattices.
struct Lattice<'a> {
    of: &'a Expectation,
    line: Line,
    /// The mean and the spread of the last density; not finite before the first.
    centre: f64,
    spread: f64,
    /// How much finer than the density asks for the function needs the lattice: a power of two.
    finer: i32,
    /// The function and dx/du at multiples of a step: the step's exponent, the first multiple, the values.
    kept: Vec<(i32, i64, Vec<[f64; 3]>)>,
}

impl Rows {
    /// The nodes of a family.
    pub fn new(of: &Expectation) -> Self {
        let family = &*of.family;
        if family.support() == Support::Circle {
            let round = |level: usize| {
                let count = ROUND << level;
                // Between nodes, so that none is where f may jump.
                let node = |k: usize| {
                    let u = TAU * (k as f64 + 0.5) / count as f64;
                    let x = u - u.sin() - PI;
                    [x, (1.0 - u.cos()) * TAU / count as f64, of.of(x)]
                };
                (0..count).map(node).collect()
            };
            return Self { levels: Vec::new(), rounds: (0..LEVELS).map(round).collect() };
        }
        if !family.standardized() {
            return Self { levels: Vec::new(), rounds: Vec::new() };
        }
        let p = Vec2::new(0.0, 1.0);
        let stretched = Stretched::new(family, Line::Itself, p);
        let node = |t: f64| {
            let [z, slope] = stretched.observation(t)?;
            Some([z, slope * family.log_density(p, &[z]).exp()]).filter(|node| node[1] > 1e-20)
        };
        let level = |level: usize| {
            let step = STEP / f64::from(1 << level);
            let (first, stride) = if level == 0 { (0.0, 1.0) } else { (1.0, 2.0) };
            let count = (0_u32..).map(move |k| first + stride * f64::from(k)).take_while(|k| k * step <= REACH);
            count.flat_map(|k| if k == 0.0 { vec![0.0] } else { vec![k * step, -k * step] }).filter_map(node).collect()
        };
        Self { levels: (0..LEVELS).map(level).collect(), rounds: Vec::new() }
    }

    /// E f at the points of a row; NaN at those that are none and where f has no mean.
    pub fn means(&self, of: &Expectation, points: &[Vec2], out: &mut [f64]) {
        out.fill(f64::NAN);
        let Some(first) = points.iter().find(|p| !p[0].is_nan()) else { return };
        let Some(line) = Line::of(of.family.support()) else {
            let inside = out.iter_mut().zip(points).filter(|(_, p)| !p[0].is_nan());
            return inside.for_each(|(out, p)| *out = self.round(of, *p).unwrap_or_else(|| of.mean_to(*p, FALLBACK)));
        };
        // Whether the integral converges these nodes cannot tell, the ends of a rough one can.
        if !of.mean_to(*first, f64::INFINITY).is_finite() {
            return;
        }
        let inside = out.iter_mut().zip(points).filter(|(_, p)| !p[0].is_nan());
        if self.levels.is_empty() {
            let (centre, spread) = (f64::NAN, f64::NAN);
            let mut lattice = Lattice { of, line, centre, spread, finer: 0, kept: Vec::new() };
            inside.for_each(|(out, p)| *out = lattice.mean(*p).unwrap_or_else(|| of.mean_to(*p, FALLBACK)));
        } else {
            let (mut xs, mut fs) = (Vec::new(), Vec::new());
            inside.for_each(|(out, p)| *out = self.standardized(of, *p, &mut xs, &mut fs));
        }
    }

    /// E f over the circle; none for outcomes, and where the density is too narrow for the finest level.
    fn round(&self, of: &Expectation, p: Vec2) -> Option<f64> {
        let mut before = f64::NAN;
        let log_density = of.family.log_density_at(p);
        for nodes in &self.rounds {
            let [mut sum, mut size, mut mass] = [0.0; 3];
            for [x, share, f] in nodes {
                let weight = share * log_density(&[*x]).exp();
                sum += weight * f;
                size += weight * f.abs();
                mass += weight;
            }
            let mean = sum / mass;
            if (mass - 1.0).abs() < 1e-6 && (mean - before).abs() <= ENOUGH * (size / mass) {
                return Some(mean);
            }
            before = mean;
        }
        None
    }

    /// E f(p₀ + p₁ z).
    fn standardized(&self, of: &Expectation, p: Vec2, xs: &mut Vec<f64>, fs: &mut Vec<f64>) -> f64 {
        let [mut sum, mut size, mut mass, mut before] = [0.0, 0.0, 0.0, f64::NAN];
        let mut agreed = false;
        for (level, nodes) in self.levels.iter().enumerate() {
            xs.clear();
            xs.extend(nodes.iter().map(|node| p[0] + p[1] * node[0]));
            fs.resize(xs.len(), 0.0);
            of.function.values(xs, fs);
            for ([_, weight], f) in nodes.iter().zip(&*fs) {
                sum += weight * f;
                size += weight * f.abs();
                mass += weight;
            }
            let mean = sum / mass;
            // Twice in a row: where f oscillates between the nodes, two levels may agree by chance.
            let agrees = level > FIRST && (mean - before).abs() <= ENOUGH * (size / mass);
            if agrees && agreed {
                return mean;
            }
            (before, agreed) = (mean, agrees);
        }
        before
    }
}

impl Lattice<'_> {
    /// E f; none where the lattice misses mass or is not fine enough.
    fn mean(&mut self, p: Vec2) -> Option<f64> {
        if !(self.centre.is_finite() && self.spread > 0.0) {
            let stretched = Stretched::new(&*self.of.family, self.line, p);
            (self.centre, self.spread) = (stretched.centre, stretched.spread);
        }
        for _ in 0..8 {
            let [mass, sum, size, coarse, first, second] = self.sums(p)?;
            let (centre, spread) = (first / mass, (second / mass - (first / mass).powi(2)).sqrt());
            // Narrower than it was thought to be: once more, with a step that fits.
            let fits = spread > 0.4 * self.spread && (mass - 1.0).abs() < 1e-6;
            (self.centre, self.spread) = (centre, spread);
            if !fits {
                continue;
            }
            let gap = (sum - coarse).abs();
            // The step is half of what was enough: errors fall at least fourfold with it.
            if gap <= 4.0 * ENOUGH * size {
                self.finer -= i32::from(gap <= 1e-3 * ENOUGH * size && self.finer > 0);
                return Some(sum / mass);
            }
            self.finer += 1;
        }
        None
    }

    /// Σ of the density, of f times it, of |f| times it, of f times it over every other node, and of its first two moments.
    #[expect(clippy::cast_possible_truncation, reason = "exponents, and places within 2^53 steps")]
    fn sums(&mut self, p: Vec2) -> Option<[f64; 6]> {
        let exponent = (0.5 * self.spread).log2().floor() as i32 - self.finer;
        let step = 2.0_f64.powi(exponent);
        let middle = (self.centre / step).round();
        if !(middle.abs() < 1e12 && step > 0.0) {
            return None;
        }
        let (middle, mut sums, mut peak) = (middle as i64, [0.0; 6], 0.0_f64);
        let of = self.of;
        let log_density = of.family.log_density_at(p);
        for side in [1, -1] {
            let mut before = 0.0;
            for k in 0..NODES {
                let place = middle + side * k - i64::from(side < 0);
                let [x, slope, f] = self.node(exponent, step, place)?;
                let density = if slope > 0.0 { log_density(&[x]).exp() * slope } else { 0.0 };
                peak = peak.max(density);
                if density <= before && density < TAIL * peak || slope <= 0.0 {
                    break;
                }
                before = density;
                let (u, weight) = (place as f64 * step, density * step);
                let even = if place % 2 == 0 { 2.0 } else { 0.0 };
                let terms = [1.0, f, f.abs(), even * f, u, u * u];
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += weight * term;
                }
            }
        }
        Some(sums)
    }

    /// The observation, dx/du and f at a multiple of a step; a slope of zero where the observation is at an end.
    fn node(&mut self, exponent: i32, step: f64, place: i64) -> Option<[f64; 3]> {
        let slot = match self.kept.iter().position(|(of, _, _)| *of == exponent) {
            Some(slot) => slot,
            None => {
                self.kept.push((exponent, place, Vec::new()));
                self.kept.len() - 1
            }
        };
        let (line, of) = (self.line, self.of);
        let find = |place: i64| match line.observation(place as f64 * step) {
            Some([x, slope]) => [x, slope, of.of(x)],
            None => [f64::NAN, 0.0, 0.0],
        };
        let (_, start, values) = self.kept.get_mut(slot)?;
        if (place - *start).abs() > 1 << 20 {
            return None;
        }
        if place < *start {
            let more = usize::try_from(*start - place).ok()?.max(64);
            let first = *start - i64::try_from(more).ok()?;
            values.splice(0..0, (first..*start).map(find));
            *start = first;
        }
        let index = usize::try_from(place - *start).ok()?;
        while values.len() <= index {
            values.push(find(*start + i64::try_from(values.len()).ok()?));
        }
        values.get(index).copied()
    }
}
