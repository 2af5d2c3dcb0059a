//! Families of distributions with two parameters: density, sampling, divergence, Fisher matrix, charts, domain.
//!
//! Not its business: losses (objective), anything that combines a family with a chart (geometry), pictures (plot).
//! A point of a family *is* a distribution; everything here is in the canonical parameters unless a [`Chart`] is named.

mod chart;

pub mod bernoulli_pair;
pub mod beta;
mod beta_metric;
pub mod bivariate;
pub mod categorical;
pub mod cauchy;
pub mod gamma;
pub mod gaussian;
pub mod gumbel;
pub mod inverse_gaussian;
pub mod laplace;
mod linear;
mod location_scale;
pub mod log_normal;
pub mod logistic;
pub mod logistic_regression;
pub mod mixture;
mod mixture_ground;
pub mod poisson_pair;
mod product;
mod profile;
mod separation;
mod shape;
pub mod student_t;
pub mod von_mises;
pub mod weibull;

use std::fmt::Debug;
use std::sync::Arc;

use crate::math::linear::{determinant2, inverse2, solve2};
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::{Field, Known, Settings};

pub use chart::{Chart, ChartInfo, NOWHERE, Scale, Scaled, principal};
use linear::Linear;
pub use profile::Profile;
pub use shape::{Reading, Shape, View};

/// Why a pair of numbers is not a point: `quantity` `broken`, though it must be `wanted`.
///
/// `sd` `≤ 0` `> 0` reads "sd ≤ 0" on screen and "sd must be > 0" in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The parameter, coordinate or combination that is out of range.
    pub quantity: &'static str,
    /// What it is.
    pub broken: &'static str,
    /// What it has to be.
    pub wanted: &'static str,
}

impl Violation {
    /// `quantity` is not above zero.
    #[must_use]
    pub const fn not_positive(quantity: &'static str) -> Self {
        Self { quantity, broken: "≤ 0", wanted: "> 0" }
    }

    /// `quantity` is infinite or not a number.
    #[must_use]
    pub const fn not_finite(quantity: &'static str) -> Self {
        Self { quantity, broken: "is not finite", wanted: "a finite number" }
    }
}

/// The largest count: above it a double no longer tells neighbours apart.
const MOST: f64 = 9_007_199_254_740_992.0;

/// Where a family's observations live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// All real numbers.
    Real,
    /// The numbers above zero.
    Positive,
    /// The open interval from 0 to 1.
    Unit,
    /// Angles in radians: any finite number, whole turns not counting.
    Circle,
    /// The outcomes 1, 2, ..., n.
    Outcomes(u32),
    /// Pairs of real numbers.
    Plane,
    /// Pairs of counts 0, 1, 2, ...
    CountPairs,
    /// Pairs of 0 and 1.
    BitPairs,
    /// A real number and a label of it, 0 or 1.
    Labelled,
}

impl Support {
    /// How many numbers an observation has.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::Real | Self::Positive | Self::Circle | Self::Unit | Self::Outcomes(_) => 1,
            Self::Plane | Self::CountPairs | Self::BitPairs | Self::Labelled => 2,
        }
    }

    /// Whether the numbers, as many as [`Support::width`] says, are a possible observation.
    #[must_use]
    pub fn contains(self, x: &[f64]) -> bool {
        x.len() == self.width() && x.iter().enumerate().all(|(i, x)| self.admits(i, *x))
    }

    /// Whether `x` can be the number at place `i` of an observation.
    #[must_use]
    pub fn admits(self, i: usize, x: f64) -> bool {
        let bit = || x == 0.0 || x == 1.0;
        match self {
            Self::Real | Self::Circle | Self::Plane => x.is_finite(),
            Self::Positive => x.is_finite() && x > 0.0,
            Self::Unit => x > 0.0 && x < 1.0,
            Self::Outcomes(n) => x >= 1.0 && x <= f64::from(n) && x.fract() == 0.0,
            Self::CountPairs => (0.0..=MOST).contains(&x) && x.fract() == 0.0,
            Self::BitPairs => bit(),
            Self::Labelled => {
                if i == 0 {
                    x.is_finite()
                } else {
                    bit()
                }
            }
        }
    }

    /// The support in words: "a number > 0".
    #[must_use]
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Real => "a finite number",
            Self::Positive => "a number > 0",
            Self::Unit => "a number between 0 and 1",
            Self::Circle => "an angle in radians, a finite number",
            Self::Outcomes(_) => "an outcome: 1, 2 or 3",
            Self::Plane => "two finite numbers",
            Self::CountPairs => "two counts: 0, 1, 2, ...",
            Self::BitPairs => "two numbers that are 0 or 1",
            Self::Labelled => "a finite number and a label, 0 or 1",
        }
    }
}

/// A row of [`FAMILIES`].
#[derive(Debug)]
pub struct FamilyInfo {
    /// The name in scenario files.
    pub name: &'static str,
    /// One line.
    pub doc: &'static str,
    /// The density, as text.
    pub density: &'static str,
    /// The canonical parameters.
    pub parameters: [&'static str; 2],
    /// What a scenario must fix (`df`).
    pub fixed: &'static [Field],
    /// The charts, the canonical one first.
    pub charts: &'static [ChartInfo],
    /// What others call the family, its parameters and its charts.
    pub synonyms: &'static [(&'static str, &'static [&'static str])],
    /// A moderate point, for tests and pictures.
    pub example: [f64; 2],
    /// Makes the family from its fixed settings.
    pub build: fn(&Settings) -> Arc<dyn Family>,
}

impl From<&'static FamilyInfo> for Known<'static> {
    fn from(info: &'static FamilyInfo) -> Self {
        info.known(info.name)
    }
}

impl FamilyInfo {
    /// A name of the row (its own, of a parameter or of a chart) with its synonyms.
    #[must_use]
    pub fn known(&self, name: &'static str) -> Known<'static> {
        let row = self.synonyms.iter().find(|(known, _)| *known == name);
        Known::with(name, row.map_or(&[], |(_, synonyms)| synonyms))
    }

    /// The place of a chart in the table, by name.
    #[must_use]
    pub fn chart(&self, name: &str) -> Option<usize> {
        self.charts.iter().position(|chart| chart.name == name)
    }
}

/// Every family, in the order in which lists show them.
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

/// The family of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static FamilyInfo> {
    FAMILIES.iter().copied().find(|info| info.name == name)
}

/// The log density of one distribution, as a function of an observation.
pub type LogDensity<'a> = Box<dyn Fn(&[f64]) -> f64 + 'a>;

/// A two-parameter family of distributions.
///
/// `p` and `q` are canonical parameters of points *inside* the family: only [`Family::violation`] may be asked about
/// others. Observations `x` are slices of one number (two for families of pairs). All logarithms are natural.
pub trait Family: Debug + Send + Sync {
    /// The family's row in the registry.
    fn info(&self) -> &'static FamilyInfo;
    /// The charts, in the order of [`FamilyInfo::charts`].
    fn charts(&self) -> &[Box<dyn Chart>];
    /// The values of what the scenario fixes.
    fn fixed(&self) -> Settings {
        Settings::default()
    }
    /// Why `p` is not a point of the family; `None` if it is one.
    fn violation(&self, p: Vec2) -> Option<Violation>;
    /// Whether `p` is a point of the family.
    fn contains(&self, p: Vec2) -> bool {
        self.violation(p).is_none()
    }
    /// Makes [`NOWHERE`] of what is no point of the family.
    fn retain(&self, points: &mut [Vec2]) {
        for point in points {
            if !self.contains(*point) {
                *point = NOWHERE;
            }
        }
    }
    /// Where observations live.
    fn support(&self) -> Support;
    /// Whether an observation is `p₀ + p₁ z`, z of the same law for all p.
    fn standardized(&self) -> bool {
        false
    }
    /// Where the log density has a kink, if it has one; everywhere else it is smooth inside of the support.
    fn kink(&self, _p: Vec2) -> Option<f64> {
        None
    }
    /// Whether 1 − x follows the same family with its two parameters exchanged.
    fn mirrored(&self) -> bool {
        false
    }
    /// The centres and the deviation of the two components, for a mixture of two.
    fn components(&self, _p: Vec2) -> Option<([f64; 2], f64)> {
        None
    }
    /// How many numbers an observation has: 1 or 2.
    fn width(&self) -> usize {
        self.support().width()
    }
    /// log p(x).
    fn log_density(&self, p: Vec2, x: &[f64]) -> f64;
    /// [`Family::log_density`] at one point, for many observations: to the bit the same, what no observation enters
    /// computed once.
    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        Box::new(move |x| self.log_density(p, x))
    }
    /// The gradient of [`Family::log_density`] in the parameters.
    fn score(&self, p: Vec2, x: &[f64]) -> Vec2;
    /// The Fisher matrix in the canonical parameters, of one observation.
    fn fisher(&self, p: Vec2) -> Mat2;
    /// F⁻¹ in the canonical parameters; `None` where F is singular. The default eliminates, and loses digits where F is
    /// nearly singular.
    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        inverse2(&self.fisher(p))
    }
    /// ∂F/∂p₁ and ∂F/∂p₂.
    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2];
    /// [`Family::fisher`] and [`Family::fisher_slopes`] together, for families that have them by one integration.
    fn fisher_jet(&self, p: Vec2) -> (Mat2, [Mat2; 2]) {
        (self.fisher(p), self.fisher_slopes(p))
    }
    /// The Amari–Chentsov tensor `T_ijk = E[∂ᵢ log p · ∂ⱼ log p · ∂ₖ log p]` in the canonical parameters (Amari & Nagaoka
    /// 2000, eq. 2.51): what the α-connections differ by.
    fn skewness(&self, p: Vec2) -> Cubic;
    /// Levi-Civita's symbols Γᵏᵢⱼ in the canonical parameters as `[k][(i, j)]`, for families in which elimination loses
    /// digits.
    fn symbols(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
    /// The Gaussian curvature of the Fisher metric; NaN where the metric is singular.
    fn curvature(&self, p: Vec2) -> f64;
    /// What the family is as a space with the Fisher metric: whether its geodesics have a closed form, and which.
    fn shape(&self) -> Shape {
        Shape::Curved { chart: 0 }
    }
    /// The metric in coordinates of which it depends on one alone, for families that have them and whose geodesics have no
    /// closed form.
    fn profile(&self) -> Option<&dyn Profile> {
        None
    }
    /// A chart around `p`, not for looking at, in which geodesics stay smooth where the family ends at a finite distance: far ones
    /// are searched for in it. `None` where the chart of [`Family::shape`] is as good.
    fn ground(&self, _p: Vec2) -> Option<&dyn Chart> {
        None
    }
    /// Whether a geodesic inside of the family may join two of its points: not across a line where the metric is singular.
    fn joined(&self, _p: Vec2, _q: Vec2) -> bool {
        true
    }
    /// KL(p ‖ q) in nats; right to the last digits also where p and q nearly agree.
    fn kl(&self, p: Vec2, q: Vec2) -> f64;
    /// KL(p ‖ q) for many q; NaN where that is [`NOWHERE`]. One dynamic call for a whole row of a field.
    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        for (out, q) in out.iter_mut().zip(qs) {
            *out = if q[0].is_nan() { f64::NAN } else { self.kl(p, *q) };
        }
    }
    /// KL(p ‖ q) for many p; NaN where that is [`NOWHERE`].
    fn kl_to(&self, ps: &[Vec2], q: Vec2, out: &mut [f64]) {
        for (out, p) in out.iter_mut().zip(ps) {
            *out = if p[0].is_nan() { f64::NAN } else { self.kl(*p, q) };
        }
    }
    /// ∂KL(p ‖ q)/∂p, what the reverse KL objective descends.
    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2;
    /// ∂KL(p ‖ q)/∂q, what the forward KL objective descends.
    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2;
    /// ∂²KL(p ‖ q)/∂p². The default is right for exponential families, and for no others.
    fn kl_hessian_first(&self, p: Vec2, q: Vec2) -> Mat2 {
        self.fisher(p) + connected(self, p, self.kl_gradient_first(p, q), Flat::Mixture)
    }
    /// ∂²KL(p ‖ q)/∂q². The default is right for exponential families, and for no others.
    fn kl_hessian_second(&self, p: Vec2, q: Vec2) -> Mat2 {
        self.fisher(q) + connected(self, q, self.kl_gradient_second(p, q), Flat::Exponential)
    }
    /// ∂² log p(x)/∂p², where it exists. The default is right for exponential families, and for no others.
    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        connected(self, p, self.score(p, x), Flat::Exponential) - self.fisher(p)
    }
    /// The places of the natural and the expectation chart, for exponential families: those of these names.
    fn dual_charts(&self) -> Option<[usize; 2]> {
        let info = self.info();
        Some([info.chart("natural")?, info.chart("expectation")?])
    }
    /// Whether a divergence costs no more than a few elementary functions, so that a picture may ask for thousands at once.
    fn cheap(&self) -> bool {
        true
    }
    /// The entropy in nats, differential where the observations are continuous.
    fn entropy(&self, p: Vec2) -> f64;
    /// One observation, into `x` of the length [`Family::width`]. One that a double cannot hold comes out at the end of the
    /// support (0, 1 or ±∞), which does not belong to it; nothing is clamped.
    fn sample(&self, p: Vec2, rng: &mut dyn rand::Rng, x: &mut [f64]);
    /// An interval that a drawing of the density should show: all but about 0.2 % of the mass, inside of the support. Where
    /// observations are pairs, of the first number.
    fn bulk(&self, p: Vec2) -> (f64, f64);
    /// Mean and covariance of an observation that is a pair of numbers or counts.
    fn moments(&self, _p: Vec2) -> Option<(Vec2, Mat2)> {
        None
    }
    /// What a conditional family says at a covariate, p(y = 1 | x); `None` if the family is not conditional.
    fn probability(&self, _p: Vec2, _x: f64) -> Option<f64> {
        None
    }
    /// The mean log-likelihood by sufficient statistics, for families that have them.
    fn sufficient(&self) -> Option<&dyn Sufficient> {
        None
    }
}

/// The Gaussian curvature of a metric F that is a matrix of second derivatives in some coordinates, as in exponential
/// families: with T the third derivatives there, `4 K det F = Fᵃᵇ (T₁₂ₐ T₁₂ᵦ − T₁₁ₐ T₂₂ᵦ)` (Shima 2007, Prop. 2.3). Both are
/// tensors, so any coordinates will do.
#[must_use]
pub fn hessian_curvature(fisher: &Mat2, skewness: &Cubic) -> f64 {
    let [a, b, c, d] = skewness.0;
    let raised = |v: Vec2| solve2(fisher, &v);
    let (along, mixed, across) = (Vec2::new(a, b), Vec2::new(b, c), Vec2::new(c, d));
    0.25 * (mixed.dot(&raised(mixed)) - along.dot(&raised(across))) / determinant2(fisher)
}

/// The two flat connections of an exponential family (Amari & Nagaoka 2000, §2.3, §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flat {
    /// The e-connection, flat in the natural chart: α = 1.
    Exponential,
    /// The m-connection, flat in the expectation chart: α = −1.
    Mixture,
}

/// `Γᵏᵢⱼ cₖ` of a flat connection, `Γ = Γ^LC ∓ ½ F⁻¹T`: what the second derivatives of a function with gradient `c` exceed
/// those by that it has in the connection's own flat chart. In that chart those of a divergence are the metric itself.
#[must_use]
pub fn connected<F: Family + ?Sized>(family: &F, p: Vec2, c: Vec2, connection: Flat) -> Mat2 {
    let raised = solve2(&family.fisher(p), &c);
    let slopes = family.fisher_slopes(p);
    let rows = slopes.map(|slope| slope * raised);
    let off = 0.5 * (rows[0][1] + rows[1][0]);
    let metric = Mat2::new(rows[0][0], off, off, rows[1][1]) - (slopes[0] * raised[0] + slopes[1] * raised[1]) * 0.5;
    let skew = family.skewness(p).along(raised) * 0.5;
    match connection {
        Flat::Exponential => metric - skew,
        Flat::Mixture => metric + skew,
    }
}

/// Families whose likelihood depends on the data by two means only: exponential families.
pub trait Sufficient {
    /// The two statistics of a sample, in a form that loses no digits (for the Gaussian: mean and variance). The data are
    /// observations one after the other, each of the family's width.
    fn statistics(&self, data: &[f64]) -> Vec2;
    /// The part of the mean negative log-likelihood that no parameter enters and [`Sufficient::nll`] leaves out.
    fn rest(&self, _data: &[f64]) -> f64 {
        0.0
    }
    /// The mean negative log-likelihood, less [`Sufficient::rest`].
    fn nll(&self, p: Vec2, statistics: Vec2) -> f64;
    /// Its gradient in the canonical parameters.
    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2;
}
