//! What exponential families share: Hessian metrics, two flat connections, sufficient statistics.

use super::Family;
use crate::math::linear::{determinant2, solve2};
use crate::math::{Cubic, Mat2, Vec2};

/// The Gaussian curvature K of a Hessian metric F, as that of an exponential family: with T the third derivatives of
/// the potential, `4 K det F = Fᵃᵇ (T₁₂ₐ T₁₂ᵦ − T₁₁ₐ T₂₂ᵦ)` (Shima 2007, Prop. 2.3). F and T are tensors, so they may
/// be given in any coordinates.
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

/// `Γᵏᵢⱼ cₖ` for a flat connection `Γ = Γ^LC ∓ ½ F⁻¹T` (− for the e-connection) and a covector c.
///
/// For a function with gradient c it is the difference between the Hessian in the canonical parameters and the
/// covariant Hessian, which in the connection's flat chart consists of second derivatives; for a divergence that is the
/// metric itself.
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

/// Families whose likelihood depends on the data through two sufficient statistics only: exponential families.
///
/// ```
/// use geodescent::family::find;
/// use geodescent::math::Vec2;
/// use geodescent::registry::Settings;
///
/// let gaussian = (find("gaussian").unwrap().build)(&Settings::default());
/// let sufficient = gaussian.sufficient().unwrap();
/// let statistics = sufficient.statistics(&[0.0, 2.0]);
/// assert_eq!(statistics, Vec2::new(1.0, 1.0), "mean and variance");
/// assert_eq!(sufficient.nll_gradient(Vec2::new(1.0, 1.0), statistics), Vec2::zeros());
/// ```
pub trait Sufficient {
    /// The two sufficient statistics of a sample, in a form that avoids cancellation (for the Gaussian: mean and
    /// variance). `data` has the observations one after the other, each of the family's width.
    fn statistics(&self, data: &[f64]) -> Vec2;
    /// The part of the mean negative log-likelihood that does not depend on the parameters and that [`Sufficient::nll`]
    /// omits.
    fn constant(&self, _data: &[f64]) -> f64 {
        0.0
    }
    /// The mean negative log-likelihood in nats, without [`Sufficient::constant`].
    fn nll(&self, p: Vec2, statistics: Vec2) -> f64;
    /// The gradient of [`Sufficient::nll`] in the canonical parameters.
    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2;
}
