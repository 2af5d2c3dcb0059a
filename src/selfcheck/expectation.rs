//! Expectations under a distribution by weighted points, against which closed forms are checked.
//!
//! The trapezoidal rule after a double-exponential change of variable (Takahasi & Mori 1974), its step halved until
//! mass, entropy and information have converged; plain sums for discrete observations. Of a family only density, score,
//! support, kink, moments and bulk are used; the last two only place the nodes. Observations are slices of length 1, or
//! 2 for pairs.

use std::f64::consts::{FRAC_PI_2, PI};

use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::registry::Setting;

/// The variable of every rule runs from −REACH to REACH; a power tail xᵃ is truncated at exp(−317 a).
const REACH: f64 = 6.0;
/// The initial step of that variable, and the maximum number of times it is halved.
const COARSEST: f64 = 0.125;
const HALVINGS: i32 = 6;
/// The number of nodes, half a standard deviation apart, to either side along each axis of a plane.
const PLANE: i32 = 18;
/// Points of less than this share of the mass are dropped.
const NEGLIGIBLE: f64 = 1e-32;
/// Nodes per standard deviation of a count. For small rates all counts are summed; for large ones every nth, which is
/// the trapezoidal rule for a nearly Gaussian curve.
const COUNTS: f64 = 8.0;

/// An expectation as points and weights: E f ≈ Σ wᵢ f(xᵢ).
#[derive(Debug, Clone)]
pub struct Expectation {
    width: usize,
    /// The step of the rule's variable; 0 for sums.
    step: f64,
    points: Vec<f64>,
    weights: Vec<f64>,
    /// Whether the expectation is a finite sum.
    pub discrete: bool,
    /// The relative error of an expectation that rounding of the observations alone may cause: by means that are large
    /// relative to their spread, and by mass closer to 1 on (0, 1) than doubles resolve.
    pub blur: f64,
    /// An estimate of the share of the mass beyond the outermost points, where doubles underflow or are next to 1.
    pub cut: f64,
}

/// A change of variable: maps t to x and dx/dt.
type Change = Box<dyn Fn(f64) -> [f64; 2]>;

impl Expectation {
    /// The expectation under the distribution `p` of a family.
    #[must_use]
    pub fn new(family: &dyn Family, p: Vec2) -> Self {
        if let Support::Outcomes(n) = family.support() {
            let points: Vec<f64> = (1..=n).map(f64::from).collect();
            let weights = points.iter().map(|x| family.log_density(p, &[*x]).exp()).collect();
            return Self { width: 1, step: 0.0, points, weights, discrete: true, blur: 0.0, cut: 0.0 };
        }
        if family.width() > 1 {
            return Self::of_pairs(family, p);
        }
        let changes = changes(family, p);
        let mut expectation = Self::sampled(family, p, &changes, COARSEST);
        let mut known = expectation.summary(family, p);
        for halving in 1..=HALVINGS {
            expectation = Self::sampled(family, p, &changes, COARSEST * 0.5_f64.powi(halving));
            let next = expectation.summary(family, p);
            let still = known.iter().zip(next).all(|(old, new)| (old - new).abs() <= 1e-12 * new.abs().max(1e-3));
            known = next;
            if still {
                break;
            }
        }
        expectation.blur = expectation.blur(family, p);
        expectation
    }

    /// No points, for checks that need no expectation.
    #[must_use]
    pub const fn empty() -> Self {
        Self { width: 1, step: 0.0, points: Vec::new(), weights: Vec::new(), discrete: false, blur: 0.0, cut: 0.0 }
    }

    /// The expectation for pairs: a sum over counts, or over the labels at the covariates of a fixed design; for pairs
    /// of real numbers the trapezoidal rule along the Cholesky factor of the covariance, which is exact to rounding for
    /// a Gaussian.
    fn of_pairs(family: &dyn Family, p: Vec2) -> Self {
        let mut expectation =
            Self { width: 2, step: 0.0, points: Vec::new(), weights: Vec::new(), discrete: true, blur: 0.0, cut: 0.0 };
        let mut add = |x: [f64; 2], cell: f64| {
            let weight = cell * family.log_density(p, &x).exp();
            if family.support().contains(&x) && weight.is_finite() && weight > NEGLIGIBLE {
                expectation.points.extend(x);
                expectation.weights.push(weight);
            }
        };
        let counts = |[low, high, stride]: [f64; 3]| {
            (0..=((high - low) / stride) as u32).map(move |k| low + stride * f64::from(k))
        };
        match (family.support(), family.moments(p)) {
            (Support::Plane, Some((mean, covariance))) => {
                let axis = covariance[(0, 0)].sqrt();
                let tilt = covariance[(0, 1)] / axis;
                let rest = (covariance[(1, 1)] - tilt * tilt).sqrt();
                let steps = || (-PLANE..=PLANE).map(|k| 0.5 * f64::from(k));
                for (u, v) in steps().flat_map(|u| steps().map(move |v| (u, v))) {
                    add([mean[0] + axis * u, mean[1] + tilt * u + rest * v], 0.25 * axis * rest);
                }
                expectation.discrete = false;
                expectation.blur = f64::EPSILON * (1.0 + mean.norm() / axis.min(rest));
            }
            (Support::CountPairs, Some((mean, covariance))) => {
                let [first, second] = [0, 1].map(|i| {
                    let reach = 12.0 * covariance[(i, i)].sqrt() + 30.0;
                    let stride = (covariance[(i, i)].sqrt() / COUNTS).floor().max(1.0);
                    [(mean[i] - reach).max(0.0).floor(), mean[i] + reach, stride]
                });
                for (x, y) in counts(first).flat_map(|x| counts(second).map(move |y| (x, y))) {
                    add([x, y], first[2] * second[2]);
                }
                expectation.discrete = first[2] == 1.0 && second[2] == 1.0;
            }
            (Support::Labelled, _) => {
                let design = family.fixed().iter().find_map(|(_, value)| match value {
                    Setting::Numbers(design) => Some(design),
                    _ => None,
                });
                let design = design.unwrap_or_default();
                for &x in design.iter() {
                    add([x, 0.0], 1.0 / design.len() as f64);
                    add([x, 1.0], 1.0 / design.len() as f64);
                }
                // If a label is almost certain, F is of the size of the other label's probability, which no sum here
                // resolves.
                let rare = |x: &f64| {
                    [0.0, 1.0].map(|label| family.log_density(p, &[*x, label])).iter().any(|log| *log < -20.0)
                };
                expectation.cut = if design.iter().any(rare) { 1.0 } else { 0.0 };
            }
            _ => {
                let bits = [0.0, 1.0];
                for (x, y) in bits.into_iter().flat_map(|x| bits.map(|y| (x, y))) {
                    add([x, y], 1.0);
                }
            }
        }
        expectation
    }

    /// The rule with one step size, without its negligible points.
    fn sampled(family: &dyn Family, p: Vec2, changes: &[Change], step: f64) -> Self {
        let (mut points, mut weights, mut cut) = (Vec::new(), Vec::new(), 0.0);
        let steps = (REACH / step) as i32;
        for change in changes {
            let first = weights.len();
            for k in -steps..=steps {
                let [x, slope] = change(step * f64::from(k));
                let weight = step * slope * family.log_density(p, &[x]).exp();
                if family.support().contains(&[x]) && weight.is_finite() && weight > NEGLIGIBLE {
                    points.push(x);
                    weights.push(weight);
                }
            }
            cut += beyond(&weights[first..]);
        }
        Self { width: 1, step, points, weights, discrete: false, blur: 0.0, cut }
    }

    /// The same expectation with half as many points; `None` for sums and for pairs.
    #[must_use]
    pub fn coarser(&self, family: &dyn Family, p: Vec2) -> Option<Self> {
        if self.discrete || self.width > 1 {
            return None;
        }
        let expectation = Self::sampled(family, p, &changes(family, p), 2.0 * self.step);
        Some(Self { blur: self.blur, ..expectation })
    }

    /// Mass, mean log density and the diagonal of the information matrix.
    fn summary(&self, family: &dyn Family, p: Vec2) -> [f64; 4] {
        let mut sums = [0.0; 4];
        for (x, w) in self.nodes() {
            let score = family.score(p, x);
            let parts = [1.0, family.log_density(p, x), score[0] * score[0], score[1] * score[1]];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += w * part;
            }
        }
        sums
    }

    fn blur(&self, family: &dyn Family, p: Vec2) -> f64 {
        let (low, high) = family.bulk(p);
        match family.support() {
            Support::Real | Support::Circle => f64::EPSILON * low.abs().max(high.abs()) / (high - low),
            Support::Positive => f64::EPSILON * (1.0 + 1.0 / (high / low).ln()),
            Support::Unit => {
                // A double next to 1 is accurate to ε/2, which is a relative error of its distance from 1.
                let near = |(x, w): (&[f64], f64)| w * (0.5 * f64::EPSILON / (1.0 - x[0]).min(x[0])).min(1.0);
                self.nodes().map(near).sum::<f64>() + f64::EPSILON
            }
            _ => 0.0,
        }
    }

    /// The observations with their weights.
    pub fn nodes(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.points.chunks_exact(self.width).zip(self.weights.iter().copied())
    }

    /// E f.
    pub fn mean(&self, f: impl Fn(&[f64]) -> f64) -> f64 {
        self.nodes().map(|(x, w)| w * f(x)).sum()
    }

    /// E f of a pair.
    pub fn mean_pair(&self, f: impl Fn(&[f64]) -> Vec2) -> Vec2 {
        self.nodes().map(|(x, w)| f(x) * w).sum()
    }
}

/// An estimate of the weight beyond both ends of a rule: a geometric series with the ratio of the outermost two
/// weights.
fn beyond(weights: &[f64]) -> f64 {
    let tail = |last: Option<&f64>, before: Option<&f64>| match (last, before) {
        (Some(last), Some(before)) if last < before => last * last / (before - last) + last,
        (Some(last), _) => last.max(1e-3),
        _ => 1.0,
    };
    let n = weights.len();
    let end = if n < 2 { 1.0 } else { tail(weights.get(n - 1), weights.get(n - 2)) };
    tail(weights.first(), weights.get(1)) + end
}

/// The changes of variable for a support; two of them if it is split at the middle, which may be a kink.
fn changes(family: &dyn Family, p: Vec2) -> Vec<Change> {
    let (low, high) = family.bulk(p);
    let middle = family.kink(p).unwrap_or(0.5 * (low + high));
    let log = |x: f64| match family.support() {
        Support::Unit => (x / (1.0 - x).max(f64::EPSILON)).ln(),
        _ => x.ln(),
    };
    let (log_middle, log_width) = (0.5 * (log(low) + log(high)), 0.25 * (log(high) - log(low)));
    let whole = move |t: f64| [log_middle + log_width * t.sinh(), log_width * t.cosh()];
    let half = 0.25 * (high - low);
    let ray = move |side: f64| -> Change {
        Box::new(move |t| {
            let u = half * (FRAC_PI_2 * t.sinh()).exp();
            [middle + side * u, u * FRAC_PI_2 * t.cosh()]
        })
    };
    let arc = move |side: f64| -> Change {
        Box::new(move |t| {
            let share = 1.0 / (1.0 + (-PI * t.sinh()).exp());
            let rest = 1.0 / (1.0 + (PI * t.sinh()).exp());
            [middle + side * PI * share, PI * PI * t.cosh() * share * rest]
        })
    };
    match family.support() {
        Support::Real => vec![ray(1.0), ray(-1.0)],
        Support::Circle => vec![arc(1.0), arc(-1.0)],
        Support::Unit => vec![Box::new(move |t| {
            let [y, slope] = whole(t);
            let (x, rest) = (1.0 / (1.0 + (-y).exp()), 1.0 / (1.0 + y.exp()));
            [x, x * rest * slope]
        })],
        // Numbers above zero. Sums never get here.
        _ => vec![Box::new(move |t| {
            let [y, slope] = whole(t);
            [y.exp(), y.exp() * slope]
        })],
    }
}
