//! Families of pairs of independent observations from the same one-parameter family, each with its own parameter.
//!
//! Divergences and entropies add up, and F is diagonal with entries that depend on their own parameter only: the family
//! is flat. A factor is an exponential family parameterised by its mean, so the canonical parameters are the
//! expectation parameters.

use rand::Rng;

use super::{Chart, ChartId, Family, FamilyInfo, Reading, Shape, Sufficient, Support, View, Violation};
use crate::math::{Cubic, Mat2, Vec2};

/// A one-parameter exponential family, parameterised by its mean `t`.
pub trait Factor: std::fmt::Debug + Send + Sync + 'static {
    /// The registry row of the pair.
    const INFO: &'static FamilyInfo;
    /// The support of the pairs.
    const SUPPORT: Support;
    /// Half the variance-stabilising transformation: the Fisher length ∫ dt/√variance is 2 FLAT(t).
    const FLAT: Reading;
    /// log p(x) − [`Factor::base`].
    fn log_density(t: f64, x: f64) -> f64;
    /// The part of log p(x) that does not depend on the parameter.
    fn base(_x: f64) -> f64 {
        0.0
    }
    /// log p(x).
    fn log_probability(t: f64, x: f64) -> f64 {
        Self::log_density(t, x) + Self::base(x)
    }
    /// The variance of x.
    fn variance(t: f64) -> f64;
    /// ∂variance/∂t.
    fn variance_slope(t: f64) -> f64;
    /// KL(t ‖ u), accurate even where the two nearly agree.
    fn kl(t: f64, u: f64) -> f64;
    /// The natural parameter of t minus that of u, given also `difference` = t − u.
    fn natural_step(t: f64, u: f64, difference: f64) -> f64;
    /// The entropy in nats.
    fn entropy(t: f64) -> f64;
    /// Draws one observation.
    fn sample(t: f64, rng: &mut dyn Rng) -> f64;
    /// An interval with all but about 0.2 % of the mass.
    fn bulk(t: f64) -> (f64, f64);
}

/// The family of pairs.
#[derive(Debug)]
pub struct Product<T> {
    charts: [Box<dyn Chart>; 2],
    factor: std::marker::PhantomData<T>,
}

impl<T: Factor> Product<T> {
    /// The family with its charts, the canonical one first.
    #[must_use]
    pub fn new(charts: [Box<dyn Chart>; 2]) -> Self {
        Self { charts, factor: std::marker::PhantomData }
    }
}

fn diagonal(f: impl Fn(usize) -> f64) -> Mat2 {
    Mat2::new(f(0), 0.0, 0.0, f(1))
}

impl<T: Factor> Family for Product<T> {
    fn info(&self) -> &'static FamilyInfo {
        T::INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        T::SUPPORT
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        (0..2).map(|i| T::log_probability(p[i], x[i])).sum()
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        // The score of a mean parameter is (x − mean)/variance.
        Vec2::from_fn(|i, _| (x[i] - p[i]) / T::variance(p[i]))
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        diagonal(|i| 1.0 / T::variance(p[i]))
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let slope = |i: usize| -T::variance_slope(p[i]) / (T::variance(p[i]) * T::variance(p[i]));
        [Mat2::new(slope(0), 0.0, 0.0, 0.0), Mat2::new(0.0, 0.0, 0.0, slope(1))]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        // The third cumulant of x is V V′ (Morris 1982, eq. 3.2); that of the score is it over V³.
        let moment = |i: usize| T::variance_slope(p[i]) / (T::variance(p[i]) * T::variance(p[i]));
        Cubic([moment(0), 0.0, 0.0, moment(1)])
    }

    fn curvature(&self, _: Vec2) -> f64 {
        0.0
    }

    fn shape(&self) -> Shape {
        Shape::Flat(View { readings: [T::FLAT; 2], linear: Mat2::identity() * 2.0 })
    }

    fn dual_charts(&self) -> Option<[ChartId; 2]> {
        Some([ChartId(1), ChartId::CANONICAL])
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        T::kl(p[0], q[0]) + T::kl(p[1], q[1])
    }

    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        // Along a row of a field the second parameter is constant.
        let (mut second, mut part) = (f64::NAN, f64::NAN);
        for (out, q) in out.iter_mut().zip(qs) {
            if q[1] != second {
                (second, part) = (q[1], T::kl(p[1], q[1]));
            }
            *out = T::kl(p[0], q[0]) + part;
        }
    }

    fn kl_to(&self, ps: &[Vec2], q: Vec2, out: &mut [f64]) {
        let (mut second, mut part) = (f64::NAN, f64::NAN);
        for (out, p) in out.iter_mut().zip(ps) {
            if p[1] != second {
                (second, part) = (p[1], T::kl(p[1], q[1]));
            }
            *out = T::kl(p[0], q[0]) + part;
        }
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        Vec2::from_fn(|i, _| T::natural_step(p[i], q[i], p[i] - q[i]))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        Vec2::from_fn(|i, _| (q[i] - p[i]) / T::variance(q[i]))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        T::entropy(p[0]) + T::entropy(p[1])
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        for i in 0..2 {
            x[i] = T::sample(p[i], rng);
        }
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        T::bulk(p[0])
    }

    fn moments(&self, p: Vec2) -> Option<(Vec2, Mat2)> {
        Some((p, diagonal(|i| T::variance(p[i]))))
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

impl<T: Factor> Sufficient for Product<T> {
    /// The two means.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let sum: Vec2 = data.chunks_exact(2).map(|x| Vec2::new(x[0], x[1])).sum();
        sum * 2.0 / data.len() as f64
    }

    fn constant(&self, data: &[f64]) -> f64 {
        -data.iter().map(|x| T::base(*x)).sum::<f64>() * 2.0 / data.len() as f64
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        // Affine in x, as in every exponential family, so the mean over the data is its value at the means.
        -(T::log_density(p[0], statistics[0]) + T::log_density(p[1], statistics[1]))
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        self.kl_gradient_second(statistics, p)
    }
}
