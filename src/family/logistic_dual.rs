//! The expectation chart of logistic regression: the mean label, and the mean of covariate times label.
//!
//! It has no closed form in its own coordinates. The parameters minimise A(θ) − θ·η, A(θ) = mean log(1 + e^(θ·(1, x))), which
//! is strictly convex on a design of two covariates or more. A minimum exists where η is inside of the convex hull of the
//! sums of labels, a polygon whose edges are those of single covariates (Albert & Anderson 1984). The chart is for duality
//! alone; users do not choose it.

use super::log_odds::chances;
use super::{Chart, ChartInfo, Violation};
use crate::math::linear::{inverse2, solve2};
use crate::math::{Mat2, Vec2};

static INFO: ChartInfo = ChartInfo {
    name: "expectation",
    axes: ["E y", "E x y"],
    doc: "the mean label and the mean product of covariate and label",
};

/// Newton steps, and halvings of one.
const STEPS: usize = 200;
const HALVINGS: usize = 40;

/// The chart over covariates and their shares.
#[derive(Debug)]
pub struct Means {
    /// In rising order of the covariate.
    points: Vec<[f64; 2]>,
    mean: f64,
    sd: f64,
}

impl Means {
    /// The chart over `points`, pairs of a covariate and its share, with the mean and spread of the covariates.
    #[must_use]
    pub fn new(points: &[[f64; 2]], mean: f64, sd: f64) -> Self {
        let mut points = points.to_vec();
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        Self { points, mean, sd }
    }

    /// Each point's share, standardised covariate, and log odds at standardised parameters.
    fn odds(&self, b: Vec2) -> impl Iterator<Item = [f64; 3]> {
        let standard = |x: f64| (x - self.mean) / self.sd;
        self.points.iter().map(move |&[x, w]| [w, standard(x), b[0] + b[1] * standard(x)])
    }

    /// A(b) − b·η, both standardised.
    fn potential(&self, b: Vec2, eta: Vec2) -> f64 {
        let log = |odds: f64| odds.max(0.0) + (-odds.abs()).exp().ln_1p();
        self.odds(b).map(|[w, _, odds]| w * log(odds)).sum::<f64>() - b.dot(&eta)
    }

    /// ∂A and ∂²A.
    fn slopes(&self, b: Vec2) -> (Vec2, Mat2) {
        self.odds(b).fold((Vec2::zeros(), Mat2::zeros()), |(slope, bend), [w, z, odds]| {
            let ([yes, no], row) = (chances(odds), Vec2::new(1.0, z));
            (slope + row * (w * yes), bend + row * row.transpose() * (w * yes * no))
        })
    }

    /// Whether η is inside of the polygon of expectations: on the inner side of both edges of each covariate.
    fn holds(&self, eta: Vec2) -> bool {
        let total: f64 = self.points.iter().map(|[_, w]| w).sum();
        let sum: f64 = self.points.iter().map(|[x, w]| w * (x - self.mean)).sum();
        // In covariates less their mean; below are the weight and the sum of those up to this one.
        let product = eta[1] - self.mean * eta[0];
        let (mut weight, mut below) = (0.0, 0.0);
        self.points.iter().all(|&[x, w]| {
            let x = x - self.mean;
            (weight, below) = (weight + w, below + w * x);
            let least = below - x * weight;
            let most = (sum - below) - x * (total - weight);
            let away = product - x * eta[0];
            // A corner that rounding moves inside is still a corner.
            let edge = 1e-14 * (most - least);
            least + edge < away && away < most - edge
        })
    }
}

impl Chart for Means {
    fn info(&self) -> &'static ChartInfo {
        &INFO
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let outside = Violation {
            quantity: "the expectation of (y, x y)",
            broken: "is not inside the convex hull of the labels",
            wanted: "inside the convex hull of the labels",
        };
        (!(self.holds(x) && self.to_parameters(x).iter().all(|x| x.is_finite()))).then_some(outside)
    }

    /// Newton's method with halving.
    fn to_parameters(&self, x: Vec2) -> Vec2 {
        let eta = Vec2::new(x[0], (x[1] - self.mean * x[0]) / self.sd);
        let mut b = Vec2::zeros();
        for _ in 0..STEPS {
            let (slope, bend) = self.slopes(b);
            let step = solve2(&bend, &(eta - slope));
            let here = self.potential(b, eta);
            let share = (0..HALVINGS)
                .map(|halving| 0.5_f64.powi(halving as i32))
                .find(|share| self.potential(b + step * *share, eta) <= here + 1e-15 * here.abs());
            let Some(share) = share.filter(|_| step.iter().all(|x| x.is_finite())) else {
                return Vec2::repeat(f64::NAN);
            };
            b += step * share;
            if step.amax() <= 1e-14 * b.amax().max(1e-2) {
                break;
            }
        }
        Vec2::new(b[0] - b[1] * self.mean / self.sd, b[1] / self.sd)
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        self.points.iter().map(|&[x, w]| Vec2::new(1.0, x) * (w * chances(p[0] + p[1] * x)[0])).sum()
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        let weight = |x: f64| chances(p[0] + p[1] * x).iter().product::<f64>();
        let fisher: Mat2 = self.points.iter().map(|&[x, w]| Mat2::new(1.0, x, x, x * x) * (w * weight(x))).sum();
        inverse2(&fisher).unwrap_or_else(|| Mat2::repeat(f64::NAN))
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let part = |[x, w]: [f64; 2]| {
            let [yes, no] = chances(p[0] + p[1] * x);
            Mat2::new(1.0, x, x, x * x) * (w * yes * no * (no - yes))
        };
        let moments = |power: i32| self.points.iter().map(|&[x, w]| part([x, w]) * x.powi(power)).sum();
        [moments(0), moments(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_expectations_are_inverse_maps_and_the_polygon_has_its_corners() {
        let means = Means::new(&[[3.0, 0.25], [1.0, 0.25], [2.0, 0.25], [4.0, 0.25]], 2.5, 1.25_f64.sqrt());
        for p in [[0.0, 0.0], [-3.0, 1.2], [8.0, -2.0], [0.3, 5.0], [-20.0, 6.0]] {
            let p = Vec2::from(p);
            let found = means.to_parameters(means.to_coordinates(p));
            assert!((found - p).norm() < 1e-8 * (1.0 + p.norm()), "{p} {found}");
        }
        // Labels 0 0 1 1 are separable: a corner. Half of each label is the middle.
        for (x, inside) in [([0.5, 1.75], false), ([0.5, 1.25], true), ([0.5, 1.74], true), ([0.5, 1.76], false)] {
            assert_eq!(means.violation(Vec2::from(x)).is_none(), inside, "{x:?}");
        }
        for x in [[0.0, 0.0], [1.0, 2.5], [1.1, 2.0], [f64::NAN, 1.0]] {
            assert!(means.violation(Vec2::from(x)).is_some(), "{x:?}");
        }
    }
}
