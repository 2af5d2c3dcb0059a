//! The self-check: closed forms of a family are compared with its density, by quadrature and by differences.
//!
//! Whatever the program shows about a point follows from the density; here it is computed from the density a second
//! time, by rules that no family uses. Errors are relative, in the units of the Fisher matrix at the point. Not its
//! business: reference values from elsewhere (those are in the tests) and what is done about an error.

mod differences;
mod expectation;
mod finding;
mod path;

use crate::family::{Chart, Family};
use crate::geometry::Place;
use crate::geometry::connection::Connection;
use crate::math::{Cubic, Mat2, Vec2};
use crate::objective::Objective;

pub use expectation::Expectation;
pub use finding::{Finding, Means, Quantity, SelfCheck};
pub use path::{Path, Spot, worst_error};

/// The least size, in natural units, to which the error of a divergence or a gradient is relative.
const SMALL: f64 = 0.01;

/// A point with everything that its checks share.
struct Checker<'a> {
    family: &'a dyn Family,
    p: Vec2,
    fisher: Mat2,
    /// √F₁₁ and √F₂₂: the reciprocal of each parameter's natural unit.
    unit: Vec2,
    steps: Vec2,
    expectation: Expectation,
}

/// The largest tolerance at which a check is meaningful.
const LOOSEST: f64 = 1e-6;
/// The largest error of the check itself, relative to the tolerance.
const OWN: f64 = 0.1;
/// The largest error of the check itself, relative to the error found.
const CLEAR: f64 = 0.01;

/// Checks every quantity at a point of a family in a chart that needs no loss; `p` is in the family's parameters.
#[must_use]
pub fn self_check(family: &dyn Family, chart: &dyn Chart, p: Vec2) -> SelfCheck {
    let fine = Checker::new(family, p);
    // The same with half as many nodes and half as long steps: the difference is the error of the check itself.
    let other = Checker {
        expectation: fine.expectation.coarser(family, p).unwrap_or_else(|| fine.expectation.clone()),
        steps: fine.steps * 0.5,
        ..fine
    };
    let pairs = fine.errors(chart).into_iter().zip(other.errors(chart));
    let mut findings: Vec<_> =
        pairs.map(|((quantity, error), (_, again))| fine.found(quantity, error, again)).collect();
    // A singular F has no inverse.
    let (metric, inverse) = Place::of(chart, p).fisher(family, chart);
    findings.extend(inverse.map(|inverse| fine.inverse(&metric, &inverse)));
    SelfCheck { findings }
}

/// Checks the gradient of a loss at the point `p` of its family, in the family's parameters.
#[must_use]
pub fn gradient_check(family: &dyn Family, objective: &dyn Objective, p: Vec2) -> Finding {
    let checker = Checker::bare(family, p, Expectation::empty());
    let gradient = objective.gradient(p);
    // Near the optimum a gradient is a difference of terms as large as the loss.
    let size = checker.covector(gradient).max(SMALL * objective.value(p).abs().max(1.0));
    // A formula has a length scale of its own: agreement at one of several step sizes is agreement.
    let [long, half, short, again] = [1.0, 0.5, 0.0625, 0.03125].map(|share| {
        let wanted = differences::gradient(|q| objective.value(q), p, checker.steps * share);
        checker.covector(gradient - wanted) / size
    });
    let (error, again) = if short < long { (short, again) } else { (long, half) };
    checker.found(Quantity::Gradient, error, again)
}

impl<'a> Checker<'a> {
    fn new(family: &'a dyn Family, p: Vec2) -> Self {
        Self::bare(family, p, Expectation::new(family, p))
    }

    fn bare(family: &'a dyn Family, p: Vec2, expectation: Expectation) -> Self {
        let fisher = family.fisher(p);
        let unit = fisher.diagonal().map(f64::sqrt);
        Self { family, p, fisher, unit, steps: differences::steps(family, p), expectation }
    }

    /// The error of every quantity that needs no loss, except for the inverse of F.
    fn errors(&self, chart: &dyn Chart) -> Vec<(Quantity, f64)> {
        let (family, p, q) = (self.family, self.p, self.other());
        let mut found = vec![
            (Quantity::Mass, self.expectation.mean(|_| 1.0) - 1.0),
            (Quantity::MeanScore, self.covector(self.expectation.mean_pair(|x| family.score(p, x)))),
            (Quantity::Fisher, self.metric(self.information() - self.fisher)),
            (Quantity::Score, self.score()),
            (Quantity::FisherSlopes, self.fisher_slopes()),
            (Quantity::Skewness, self.skewness()),
            (Quantity::Entropy, self.entropy()),
            (Quantity::Kl, self.kl(self.same_kink(q))),
            (Quantity::KlGradients, self.kl_gradients(q)),
            (Quantity::Jacobian, self.jacobian(chart)),
        ];
        // A kink contributes to −E ∂² in a way that differences on either side of it do not capture.
        if family.kink(p).is_none() {
            let mean_score = |q: Vec2| self.expectation.mean_pair(|x| family.score(q, x));
            let slopes = differences::jacobian(mean_score, p, self.steps);
            found.insert(3, (Quantity::FisherBySlopes, self.metric(slopes + self.fisher)));
        }
        let place = Place::of(chart, p);
        let (metric, _) = place.fisher(family, chart);
        if let Some(connection) = Connection::levi_civita(family, chart, &place) {
            // Near a singularity F changes within a small part of a Fisher length, so several step sizes are tried.
            let error = |share: f64| self.symbols(chart, &place, &metric, &connection, share);
            let errors = [1.0, 1.0 / 64.0, 1.0 / 4096.0, 1.0 / 262_144.0].map(error);
            found.push((Quantity::Symbols, errors.into_iter().fold(f64::NAN, f64::min)));
        }
        found
    }

    /// The finding from an error that was computed twice, by rules of different resolution.
    fn found(&self, quantity: Quantity, error: f64, again: f64) -> Finding {
        let size = |error: f64| if error.is_nan() { f64::INFINITY } else { error.abs() };
        let (error, again) = (size(error), size(again));
        let allowed = quantity.allowed(&self.expectation);
        let own = match quantity.about().1 {
            // The factor allows for integrands that grow like the cube of a logarithm in the truncated tail.
            Means::Expectation => (error - again).abs() + 1e3 * self.expectation.cut,
            Means::Differences | Means::Product => {
                (error - again).abs()
                    + if quantity == Quantity::FisherBySlopes { 1e3 * self.expectation.cut } else { 0.0 }
            }
        };
        let conclusive = own <= OWN * allowed || own <= CLEAR * error;
        Finding {
            quantity,
            discrete: self.expectation.discrete,
            error,
            allowed,
            conclusive: conclusive
                && error.is_finite()
                && allowed <= LOOSEST
                && !(self.expectation.discrete && self.expectation.cut > 0.0),
        }
    }

    /// The larger component, in absolute value, of a covector in natural units.
    fn covector(&self, v: Vec2) -> f64 {
        worst(v.component_div(&self.unit).iter().copied())
    }

    /// The largest entry, in absolute value, of a matrix with two lower indices in natural units.
    fn metric(&self, m: Mat2) -> f64 {
        worst((0..4).map(|k| m[(k / 2, k % 2)] / (self.unit[k / 2] * self.unit[k % 2])))
    }

    /// A point of the family half a Fisher length away along each axis, or closer if the family ends before.
    fn other(&self) -> Vec2 {
        let away = Vec2::new(0.5 / self.unit[0], 0.5 / self.unit[1]);
        let points = (0..40).map(|k| self.p + away * 0.5_f64.powi(k));
        points.into_iter().find(|q| self.family.contains(*q)).unwrap_or(self.p)
    }

    /// `q`, but with the kink where the rule is split: quadrature across a second kink would be inaccurate.
    fn same_kink(&self, q: Vec2) -> Vec2 {
        if self.family.kink(self.p).is_some() { Vec2::new(self.p[0], q[1]) } else { q }
    }

    fn information(&self) -> Mat2 {
        self.expectation
            .nodes()
            .map(|(x, w)| (self.family.score(self.p, x), w))
            .map(|(s, w)| s * s.transpose() * w)
            .sum()
    }

    /// The error of the score at observations spread over the mass, none so close to a kink that a step would cross it.
    fn score(&self) -> f64 {
        let (low, high) = self.family.bulk(self.p);
        let near = |x: f64| self.family.kink(self.p).is_some_and(|kink| (x - kink).abs() < 0.05 * (high - low));
        let mut below = 0.0;
        let mut errors = Vec::new();
        let mut next = 0.05;
        for (x, w) in self.expectation.nodes() {
            below += w;
            if below < next || near(x[0]) {
                continue;
            }
            next = below + 0.12;
            let score = self.family.score(self.p, x);
            let wanted = differences::gradient(|p| self.family.log_density(p, x), self.p, self.steps);
            errors.push(self.covector(score - wanted) / self.covector(score).max(1.0));
        }
        worst(errors)
    }

    fn fisher_slopes(&self) -> f64 {
        let slopes = self.family.fisher_slopes(self.p);
        let size = |m: Mat2, i: usize| self.metric(m) / self.unit[i];
        let steps = self.steps;
        let errors = (0..2).map(|i| {
            let along = |h: f64, column: usize| {
                let mut p = self.p;
                p[i] += h;
                self.family.fisher(p).column(column).into_owned()
            };
            let column = |j: usize| differences::slope(|h| along(h, j), steps[i]);
            let wanted = Mat2::from_columns(&[column(0), column(1)]);
            size(slopes[i] - wanted, i) / size(slopes[i], i).max(1.0)
        });
        worst(errors)
    }

    fn skewness(&self) -> f64 {
        let mut moments = [0.0; 4];
        for (x, w) in self.expectation.nodes() {
            let s = self.family.score(self.p, x).component_div(&self.unit);
            for (k, moment) in moments.iter_mut().enumerate() {
                *moment += w * s[0].powi(3 - k as i32) * s[1].powi(k as i32);
            }
        }
        let natural = Mat2::from_diagonal(&self.unit.map(f64::recip));
        let Cubic(closed) = self.family.skewness(self.p).pulled(&natural);
        let size = worst(closed).max(1.0);
        worst((0..4).map(|k| (closed[k] - moments[k]) / size))
    }

    fn entropy(&self) -> f64 {
        let entropy = self.family.entropy(self.p);
        let wanted = -self.expectation.mean(|x| self.family.log_density(self.p, x));
        (entropy - wanted) / entropy.abs().max(1.0)
    }

    fn kl(&self, q: Vec2) -> f64 {
        let kl = self.family.kl(self.p, q);
        let wanted = self.expectation.mean(|x| self.family.log_density(self.p, x) - self.family.log_density(q, x));
        (kl - wanted) / kl.abs().max(SMALL)
    }

    fn kl_gradients(&self, q: Vec2) -> f64 {
        let family = self.family;
        let second = differences::gradient(|p| family.kl(q, p), self.p, self.steps);
        let first = differences::gradient(|p| family.kl(p, q), self.p, self.steps);
        let closed = [family.kl_gradient_first(self.p, q), family.kl_gradient_second(q, self.p)];
        worst(
            [first, second]
                .iter()
                .zip(closed)
                .map(|(wanted, got)| self.covector(got - wanted) / self.covector(got).max(SMALL)),
        )
    }

    /// F F⁻¹ − 1 in natural units. Near a singular F the product is dominated by rounding, which is estimated from the
    /// size of F⁻¹.
    fn inverse(&self, metric: &Mat2, inverse: &Mat2) -> Finding {
        let unit = metric.diagonal().map(f64::sqrt);
        let natural = Mat2::from_fn(|i, j| inverse[(i, j)] * (unit[i] * unit[j]));
        let own = Mat2::from_fn(|i, j| metric[(i, j)] / (unit[i] * unit[j]));
        let error = worst((own * natural - Mat2::identity()).iter().copied());
        self.found(Quantity::Inverse, error, error + 4.0 * f64::EPSILON * worst(natural.iter().copied()))
    }

    /// Γᵢⱼ,ₖ against the derivatives of F in the chart, in natural units; steps are shortened by the factor `part`.
    fn symbols(&self, chart: &dyn Chart, place: &Place, metric: &Mat2, connection: &Connection, part: f64) -> f64 {
        let unit = metric.diagonal().map(f64::sqrt);
        // The steps in the chart are as long as those in the parameters, in Fisher lengths.
        let share = part * self.steps.component_mul(&self.unit).min();
        // Such steps would be lost in the rounding of coordinates far from zero.
        if (0..2).any(|i| share / unit[i] < 1e5 * f64::EPSILON * place.x[i].abs()) {
            return f64::NAN;
        }
        let at = |x: Vec2| match chart.point(x) {
            Some(p) => Place { x, p, jacobian: chart.jacobian(x, p) }.metric(&self.family.fisher(p)),
            None => Mat2::repeat(f64::NAN),
        };
        let slopes = [0, 1].map(|i| {
            let along = |h: f64, column: usize| {
                let mut x = place.x;
                x[i] += h;
                at(x).column(column).into_owned()
            };
            let step = share / unit[i];
            Mat2::from_columns(&[0, 1].map(|j| differences::slope(|h| along(h, j), step)))
        });
        let symbols = connection.symbols();
        let entry = |n: usize| {
            let [i, j, k] = [n & 1, n >> 1 & 1, n >> 2];
            let wanted = 0.5 * (slopes[i][(j, k)] + slopes[j][(i, k)] - slopes[k][(i, j)]);
            let lowered = metric[(k, 0)] * symbols[0][(i, j)] + metric[(k, 1)] * symbols[1][(i, j)];
            [lowered, wanted].map(|symbol| symbol / (unit[i] * unit[j] * unit[k]))
        };
        let entries: Vec<_> = (0..8).map(entry).collect();
        let size = worst(entries.iter().map(|[own, _]| *own)).max(1.0);
        worst(entries.iter().map(|[own, wanted]| (own - wanted) / size))
    }

    /// The error of J · ∂coordinates/∂parameters = 1.
    fn jacobian(&self, chart: &dyn Chart) -> f64 {
        let place = Place::of(chart, self.p);
        let forward = differences::jacobian(|p| chart.to_coordinates(p), self.p, self.steps);
        let rest = place.jacobian * forward - Mat2::identity();
        worst((0..4).map(|k| rest[(k / 2, k % 2)] * self.unit[k / 2] / self.unit[k % 2]))
    }
}

/// The largest absolute value; infinite if any is NaN.
fn worst(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().map(|value| if value.is_nan() { f64::INFINITY } else { value.abs() }).fold(0.0, f64::max)
}
