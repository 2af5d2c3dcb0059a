//! Families of distributions with two parameters: density, sampling, divergence, Fisher matrix, charts, domain.
//!
//! Not its business: losses (`objective`), anything that combines a family with a chart (`geometry`), pictures
//! (`plot`). A point of a family *is* a distribution; everything here is in the canonical parameters unless a [`Chart`]
//! is involved.

mod chart;
mod support;

pub mod bernoulli_pair;
pub mod beta;
mod beta_metric;
pub mod bivariate;
pub mod categorical;
pub mod cauchy;
mod design;
mod exponential;
pub mod gamma;
pub mod gaussian;
pub mod gumbel;
pub mod inverse_gaussian;
pub mod laplace;
mod linear;
mod location_scale;
pub mod log_normal;
pub(crate) mod log_odds;
pub mod logistic;
mod logistic_dual;
pub mod logistic_regression;
pub mod mixture;
mod mixture_chart;
mod mixture_transport;
pub mod poisson_pair;
mod product;
mod profile;
mod renamed;
mod separation;
mod shape;
pub mod student_t;
pub mod von_mises;
mod von_mises_chart;
pub mod weibull;

use std::fmt::Debug;
use std::sync::Arc;

use crate::math::linear::inverse2;
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::{Field, Known, Settings};

pub use chart::{Chart, ChartId, ChartInfo, NOWHERE, Scale, Scaled, principal};
pub use exponential::{Flat, Sufficient, connected, hessian_curvature};
use linear::Linear;
pub use profile::Profile;
pub use renamed::Renamed;
pub use shape::{Reading, Shape, View};
pub use support::{Support, Violation};

/// A row of [`FAMILIES`].
#[derive(Debug)]
pub struct FamilyInfo {
    /// The name in scenario files.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    /// The density as a formula.
    pub density: &'static str,
    /// The canonical parameters.
    pub parameters: [&'static str; 2],
    /// The settings that a scenario must fix (`df`).
    pub fixed: &'static [Field],
    /// The charts, the canonical one first.
    pub charts: &'static [ChartInfo],
    /// Names of the family, its parameters and its charts in other programs.
    pub synonyms: &'static [(&'static str, &'static [&'static str])],
    /// The parameters of a moderate point, for tests and pictures.
    pub example: [f64; 2],
    /// Builds the family from its fixed settings.
    pub build: fn(&Settings) -> Arc<dyn Family>,
}

impl From<&'static FamilyInfo> for Known<'static> {
    fn from(info: &'static FamilyInfo) -> Self {
        info.known(info.name)
    }
}

impl FamilyInfo {
    /// A name of the row (of the family, a parameter or a chart) with its synonyms.
    #[must_use]
    pub fn known(&self, name: &'static str) -> Known<'static> {
        let row = self.synonyms.iter().find(|(known, _)| *known == name);
        Known::with(name, row.map_or(&[], |(_, synonyms)| synonyms))
    }

    /// The chart with this name; `None` if there is none.
    #[must_use]
    pub fn chart(&self, name: &str) -> Option<ChartId> {
        self.charts.iter().position(|chart| chart.name == name).map(ChartId)
    }

    /// All charts, the canonical one first.
    pub fn chart_ids(&self) -> impl DoubleEndedIterator<Item = ChartId> + ExactSizeIterator + use<> {
        (0..self.charts.len()).map(ChartId)
    }

    /// The row of a chart.
    #[must_use]
    pub const fn chart_info(&self, chart: ChartId) -> &'static ChartInfo {
        &self.charts[chart.0]
    }

    /// The chart that is a number of rows after another, cyclically.
    #[must_use]
    pub const fn chart_after(&self, chart: ChartId, by: usize) -> ChartId {
        ChartId((chart.0 + by) % self.charts.len())
    }
}

/// Rows are compared by name, which is unique.
impl PartialEq for FamilyInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Every family, in the order of lists.
pub const FAMILIES: &[&FamilyInfo] = &[
    &gaussian::INFO,
    &categorical::INFO,
    &gamma::INFO,
    &beta::INFO,
    &von_mises::INFO,
    &inverse_gaussian::INFO,
    &log_normal::INFO,
    &weibull::INFO,
    &laplace::INFO,
    &logistic::INFO,
    &cauchy::INFO,
    &gumbel::INFO,
    &student_t::INFO,
    &bivariate::INFO,
    &mixture::INFO,
    &poisson_pair::INFO,
    &bernoulli_pair::INFO,
    &logistic_regression::INFO,
];

/// The family with this name; `None` if there is none.
#[must_use]
pub fn find(name: &str) -> Option<&'static FamilyInfo> {
    FAMILIES.iter().copied().find(|info| info.name == name)
}

/// The log density of one distribution, as a function of an observation.
pub type LogDensity<'a> = Box<dyn Fn(&[f64]) -> f64 + 'a>;

/// A two-parameter family of distributions.
///
/// `p` and `q` are the canonical parameters of points *inside* the family; only [`Family::violation`],
/// [`Family::contains`] and [`Family::mask_outside`] accept others. Observations `x` are slices of length
/// [`Family::width`]. All logarithms are natural. Methods with a default are to be overridden where a closed form is
/// faster or more accurate.
///
/// ```
/// use geodescent::family::find;
/// use geodescent::math::{Mat2, Vec2};
/// use geodescent::registry::Settings;
///
/// let info = find("gaussian").unwrap();
/// let gaussian = (info.build)(&Settings::default());
/// let (p, q) = (Vec2::new(0.0, 1.0), Vec2::new(1.0, 1.0));
/// assert_eq!(gaussian.fisher(p), Mat2::new(1.0, 0.0, 0.0, 2.0));
/// assert_eq!(gaussian.kl(p, q), 0.5);
/// assert_eq!(gaussian.violation(Vec2::new(0.0, -1.0)).unwrap().quantity, "sd");
/// ```
pub trait Family: Debug + Send + Sync {
    /// The family's row in the registry.
    fn info(&self) -> &'static FamilyInfo;
    /// The charts, in the order of [`FamilyInfo::charts`].
    fn charts(&self) -> &[Box<dyn Chart>];
    /// One of its charts.
    fn chart(&self, chart: ChartId) -> &dyn Chart {
        &*self.charts()[chart.0]
    }
    /// The chart in which a map of a chart is drawn: another one, beyond those that are listed, where that is a figure of
    /// its own, such as a simplex with equal sides.
    fn drawn_in(&self, chart: ChartId) -> ChartId {
        chart
    }
    /// The chart of the canonical parameters.
    fn canonical(&self) -> &dyn Chart {
        self.chart(ChartId::CANONICAL)
    }
    /// The values of [`FamilyInfo::fixed`].
    fn fixed(&self) -> Settings {
        Settings::default()
    }
    /// Why `p` is not in the family; `None` if it is.
    fn violation(&self, p: Vec2) -> Option<Violation>;
    /// Whether `p` is in the family.
    fn contains(&self, p: Vec2) -> bool {
        self.violation(p).is_none()
    }
    /// Overwrites the points that are not in the family with [`NOWHERE`].
    fn mask_outside(&self, points: &mut [Vec2]) {
        for point in points {
            if !self.contains(*point) {
                *point = NOWHERE;
            }
        }
    }
    /// The support of the observations.
    fn support(&self) -> Support;
    /// Whether an observation is `p₀ + p₁ z`, where the distribution of z does not depend on `p`.
    fn standardized(&self) -> bool {
        false
    }
    /// The observation at which the log density has a kink; `None` if it is smooth inside the support.
    fn kink(&self, _p: Vec2) -> Option<f64> {
        None
    }
    /// Whether 1 − x follows the distribution with the two parameters exchanged.
    fn mirrored(&self) -> bool {
        false
    }
    /// The means and the common standard deviation of the two components; `None` unless the family is a mixture of two
    /// Gaussians.
    fn components(&self, _p: Vec2) -> Option<([f64; 2], f64)> {
        None
    }
    /// The number of components of an observation, 1 or 2.
    fn width(&self) -> usize {
        self.support().width()
    }
    /// log p(x).
    fn log_density(&self, p: Vec2, x: &[f64]) -> f64;
    /// [`Family::log_density`] at one point as a function of the observation: bit-identical, but terms that do not
    /// depend on the observation are computed once.
    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        Box::new(move |x| self.log_density(p, x))
    }
    /// The score ∂ log p(x)/∂p in the canonical parameters.
    fn score(&self, p: Vec2, x: &[f64]) -> Vec2;
    /// The Fisher matrix of one observation in the canonical parameters.
    fn fisher(&self, p: Vec2) -> Mat2;
    /// vᵀFv of a tangent vector. The default forms F, of which a part may cancel.
    fn squared_length(&self, p: Vec2, v: Vec2) -> f64 {
        v.dot(&(self.fisher(p) * v))
    }
    /// F⁻¹ in the canonical parameters; `None` if F is singular. The default inverts [`Family::fisher`], which loses
    /// accuracy where F is nearly singular.
    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        inverse2(&self.fisher(p))
    }
    /// ∂F/∂p₁ and ∂F/∂p₂.
    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2];
    /// [`Family::fisher`] and [`Family::fisher_slopes`] together, for families that compute both by one integration.
    fn fisher_jet(&self, p: Vec2) -> (Mat2, [Mat2; 2]) {
        (self.fisher(p), self.fisher_slopes(p))
    }
    /// The Amari-Chentsov tensor `T_ijk = E[∂ᵢ log p · ∂ⱼ log p · ∂ₖ log p]` in the canonical parameters (Amari &
    /// Nagaoka 2000, eq. 2.51), by multiples of which the α-connections differ.
    fn skewness(&self, p: Vec2) -> Cubic;
    /// The Christoffel symbols Γᵏᵢⱼ of the Levi-Civita connection in the canonical parameters, as `[k][(i, j)]`, for
    /// families in which solving for them loses accuracy; `None` otherwise.
    fn symbols(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
    /// The Gaussian curvature of the Fisher metric; NaN if the metric is singular at `p`.
    fn curvature(&self, p: Vec2) -> f64;
    /// The family as a Riemannian manifold with the Fisher metric: whether its geodesics have a closed form, and which.
    fn shape(&self) -> Shape {
        Shape::Curved { chart: ChartId::CANONICAL }
    }
    /// The metric in coordinates of which it depends on only one, for families that have such coordinates but no closed
    /// form of their geodesics; `None` otherwise.
    fn profile(&self) -> Option<&dyn Profile> {
        None
    }
    /// An auxiliary chart around `p`, not in [`Family::charts`], in which geodesics stay smooth near a boundary at a
    /// finite distance; long geodesics are computed in it. `None` if the chart of [`Family::shape`] is as good.
    fn geodesic_chart(&self, _p: Vec2) -> Option<&dyn Chart> {
        None
    }
    /// The second coordinate of [`Family::geodesic_chart`] along which a change of the first one is shortest, if that is
    /// inside of the chart: distant geodesics run along it. `None` if there is none.
    fn hollow(&self) -> Option<f64> {
        None
    }
    /// A function of the parameters that changes its sign where F is singular inside the family; `None` if F never is.
    fn singularity(&self, _p: Vec2) -> Option<f64> {
        None
    }
    /// Whether a geodesic inside the family may join two of its points; it cannot cross a line on which the metric is
    /// singular.
    fn joined(&self, _p: Vec2, _q: Vec2) -> bool {
        true
    }
    /// KL(p ‖ q) in nats, accurate even where p and q nearly agree.
    fn kl(&self, p: Vec2, q: Vec2) -> f64;
    /// KL(p ‖ q) for many q, NaN for [`NOWHERE`]: one dynamic call for a whole row of a field. `out` is as long as
    /// `qs`.
    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        for (out, q) in out.iter_mut().zip(qs) {
            *out = if q[0].is_nan() { f64::NAN } else { self.kl(p, *q) };
        }
    }
    /// KL(p ‖ q) for many p, NaN for [`NOWHERE`]. `out` is as long as `ps`.
    fn kl_to(&self, ps: &[Vec2], q: Vec2, out: &mut [f64]) {
        for (out, p) in out.iter_mut().zip(ps) {
            *out = if p[0].is_nan() { f64::NAN } else { self.kl(*p, q) };
        }
    }
    /// ∂KL(p ‖ q)/∂p, the gradient of the reverse KL objective.
    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2;
    /// ∂KL(p ‖ q)/∂q, the gradient of the forward KL objective.
    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2;
    /// ∂²KL(p ‖ q)/∂p². The default holds for exponential families only.
    fn kl_hessian_first(&self, p: Vec2, q: Vec2) -> Mat2 {
        self.fisher(p) + connected(self, p, self.kl_gradient_first(p, q), Flat::Mixture)
    }
    /// ∂²KL(p ‖ q)/∂q². The default holds for exponential families only.
    fn kl_hessian_second(&self, p: Vec2, q: Vec2) -> Mat2 {
        self.fisher(q) + connected(self, q, self.kl_gradient_second(p, q), Flat::Exponential)
    }
    /// ∂² log p(x)/∂p², where it exists. The default holds for exponential families only.
    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        connected(self, p, self.score(p, x), Flat::Exponential) - self.fisher(p)
    }
    /// The natural and the expectation chart of an exponential family; `None` for other families. The
    /// default finds charts with these names.
    fn dual_charts(&self) -> Option<[ChartId; 2]> {
        let info = self.info();
        Some([info.chart("natural")?, info.chart("expectation")?])
    }
    /// The natural and the expectation chart as they are used in computations: those of [`Family::dual_charts`], or an
    /// expectation chart without a closed form that users cannot choose.
    fn dual(&self) -> Option<[&dyn Chart; 2]> {
        self.dual_charts().map(|charts| charts.map(|chart| self.chart(chart)))
    }
    /// Whether a divergence takes only a few elementary functions, so that a picture may evaluate thousands at once.
    fn cheap(&self) -> bool {
        true
    }
    /// The entropy in nats; the differential entropy if observations are continuous.
    fn entropy(&self, p: Vec2) -> f64;
    /// The gradient and the Hessian of the entropy in the canonical parameters, of families whose observations are single
    /// numbers; NaN otherwise.
    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        if !self.standardized() {
            return (Vec2::repeat(f64::NAN), Mat2::repeat(f64::NAN));
        }
        // ln of the scale, plus a constant.
        let slope = p[1].recip();
        (Vec2::new(0.0, slope), Mat2::new(0.0, 0.0, 0.0, -slope * slope))
    }
    /// Draws one observation into `x`, whose length is [`Family::width`]. A draw that a double cannot represent becomes
    /// an end of the support (0, 1 or ±∞), which is not in it; nothing is clamped.
    fn sample(&self, p: Vec2, rng: &mut dyn rand::Rng, x: &mut [f64]);
    /// An interval inside the support for plots of the density: all but about 0.2 % of the mass. For pairs it is that
    /// of the first component, for a conditional family the range of the covariates.
    fn bulk(&self, p: Vec2) -> (f64, f64);
    /// The mean and the covariance of an observation that is a pair; `None` for other families and for conditional
    /// ones.
    fn moments(&self, _p: Vec2) -> Option<(Vec2, Mat2)> {
        None
    }
    /// p(y = 1 | x) at a covariate x; `None` if the family is not conditional.
    fn probability(&self, _p: Vec2, _x: f64) -> Option<f64> {
        None
    }
    /// Why the family has no Wasserstein metric: its observations are not one real variable, or E x² is infinite, with
    /// which transport would cost; `None` if it has one.
    fn immovable(&self) -> Option<&'static str> {
        self.support().unordered()
    }
    /// The Wasserstein metric G_ij = ∫ ∂ᵢP ∂ⱼP/p dx in the canonical parameters (P the distribution function), where it has
    /// a closed form; `None` if it is to be integrated. Only for families that are not [`Family::immovable`].
    fn wasserstein(&self, _p: Vec2) -> Option<Mat2> {
        None
    }
    /// The Wasserstein distance W₂ of two distributions, under the same conditions.
    fn wasserstein_distance(&self, _p: Vec2, _q: Vec2) -> Option<f64> {
        None
    }
    /// The likelihood by sufficient statistics; `None` if the family has none of dimension two.
    fn sufficient(&self) -> Option<&dyn Sufficient> {
        None
    }
}
