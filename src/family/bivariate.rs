//! The bivariate Gaussian family N((mean1, mean2), covariance) with a known covariance Σ.
//!
//! F = Σ⁻¹ everywhere: a flat plane whose Fisher-Rao distance is the Mahalanobis distance (Amari & Nagaoka 2000, §2.3).
//! The natural parameters are Σ⁻¹μ, the expectation parameters the means.

use std::f64::consts::TAU;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Chart, ChartId, ChartInfo, Family, FamilyInfo, Linear, Shape, Sufficient, Support, View, Violation};
use crate::math::linear::determinant2;
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Setting, Settings};

static COVARIANCE: Field = Field {
    name: "covariance",
    kind: Kind::Covariance,
    default: Preset::Required,
    doc: "covariance of an observation",
    synonyms: &["cov", "sigma"],
};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "bivariate-gaussian",
    doc: "pairs of correlated normal variables with known covariance",
    density: "exp(−½ (x−mean)ᵀ covariance⁻¹ (x−mean)) / (2π √det covariance)",
    parameters: ["mean1", "mean2"],
    fixed: std::slice::from_ref(&COVARIANCE),
    charts: &CHARTS,
    synonyms: &[
        ("bivariate-gaussian", &["bivariate-normal", "multivariate-normal", "multivariate-gaussian", "mvn"]),
        ("mean1", &["mu1"]),
        ("mean2", &["mu2"]),
        ("natural", &["canonical"]),
    ],
    example: [0.5, 1.5],
    build: |settings| Arc::new(Bivariate::new(settings.covariance(&COVARIANCE))),
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo { name: "mean1-mean2", axes: ["mean1", "mean2"], doc: "the means themselves, the expectation chart" },
    ChartInfo { name: "natural", axes: ["(Σ⁻¹ mean)1", "(Σ⁻¹ mean)2"], doc: "Σ⁻¹ mean" },
];

/// The bivariate Gaussian family with a given covariance.
#[derive(Debug)]
pub struct Bivariate {
    charts: [Box<dyn Chart>; 2],
    covariance: Mat2,
    precision: Mat2,
    /// ½ log det Σ.
    log_scale: f64,
}

impl Bivariate {
    /// The family with this covariance, which must be symmetric and positive definite.
    #[must_use]
    pub fn new([[a, b], [c, d]]: [[f64; 2]; 2]) -> Self {
        let covariance = Mat2::new(a, b, c, d);
        let det = determinant2(&covariance);
        let precision = Mat2::new(d, -b, -c, a) / det;
        Self {
            charts: [
                Box::new(Linear::new(&CHARTS[0], Mat2::identity(), Mat2::identity())),
                Box::new(Linear::new(&CHARTS[1], precision, covariance).with_metric([covariance, precision])),
            ],
            covariance,
            precision,
            log_scale: 0.5 * det.ln(),
        }
    }

    /// ½ dᵀ Σ⁻¹ d.
    fn half_square(&self, d: Vec2) -> f64 {
        0.5 * d.dot(&(self.precision * d))
    }
}

impl Family for Bivariate {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn fixed(&self) -> Settings {
        let m = &self.covariance;
        let mut settings = Settings::default();
        settings.set(&COVARIANCE, Setting::Covariance([[m[(0, 0)], m[(0, 1)]], [m[(1, 0)], m[(1, 1)]]]));
        settings
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        Support::Plane
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        -self.half_square(Vec2::new(x[0], x[1]) - p) - self.log_scale - TAU.ln()
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        self.precision * (Vec2::new(x[0], x[1]) - p)
    }

    fn fisher(&self, _: Vec2) -> Mat2 {
        self.precision
    }

    fn fisher_inverse(&self, _: Vec2) -> Option<Mat2> {
        Some(self.covariance)
    }

    fn fisher_slopes(&self, _: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(); 2]
    }

    fn skewness(&self, _: Vec2) -> Cubic {
        Cubic([0.0; 4])
    }

    fn curvature(&self, _: Vec2) -> f64 {
        0.0
    }

    fn shape(&self) -> Shape {
        // With precision = L Lᵀ the coordinates Lᵀ p are Euclidean.
        let m = &self.precision;
        let first = m[(0, 0)].sqrt();
        let mixed = m[(0, 1)] / first;
        let last = (determinant2(m) / m[(0, 0)]).sqrt();
        Shape::Flat(View { linear: Mat2::new(first, mixed, 0.0, last), ..View::PLAIN })
    }

    fn dual_charts(&self) -> Option<[ChartId; 2]> {
        // The means are the expectation parameters; the natural ones are linear in them.
        Some([ChartId(1), ChartId::CANONICAL])
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.half_square(q - p)
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.precision * (p - q)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.precision * (q - p)
    }

    fn entropy(&self, _: Vec2) -> f64 {
        1.0 + TAU.ln() + self.log_scale
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let z = Vec2::new(StandardNormal.sample(rng), StandardNormal.sample(rng));
        // Σ = L Lᵀ with L lower triangular.
        let first = self.covariance[(0, 0)].sqrt();
        let slope = self.covariance[(1, 0)] / first;
        let left = (1.0 / self.precision[(1, 1)]).sqrt();
        x[0] = p[0] + first * z[0];
        x[1] = p[1] + slope * z[0] + left * z[1];
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let reach = 3.1 * self.covariance[(0, 0)].sqrt();
        (p[0] - reach, p[0] + reach)
    }

    fn moments(&self, p: Vec2) -> Option<(Vec2, Mat2)> {
        Some((p, self.covariance))
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

impl Sufficient for Bivariate {
    /// The two means.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let sum: Vec2 = data.chunks_exact(2).map(|x| Vec2::new(x[0], x[1])).sum();
        sum * 2.0 / data.len() as f64
    }

    /// The log partition constant and the scatter about the means.
    fn constant(&self, data: &[f64]) -> f64 {
        let means = self.statistics(data);
        let scatter: f64 = data.chunks_exact(2).map(|x| self.half_square(Vec2::new(x[0], x[1]) - means)).sum();
        scatter * 2.0 / data.len() as f64 + self.log_scale + TAU.ln()
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        self.half_square(statistics - p)
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        self.precision * (p - statistics)
    }
}
