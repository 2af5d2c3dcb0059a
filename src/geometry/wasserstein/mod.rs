//! Optimal transport within a family: the Wasserstein metric and the distance W₂.
//!
//! On one real variable mass is carried in order, from quantile to quantile, so that both follow from the distribution
//! function P and its inverse Q: G_ij = ∫ ∂ᵢP ∂ⱼP/p dx = ∫ ∂ᵢQ ∂ⱼQ du, W₂² = ∫ (Q − Q′)² du (Li & Montúfar 2018, *Natural
//! gradient via optimal transport*, Proposition 3; Chen & Li 2020, *Optimal transport natural gradient for statistical
//! manifolds with continuous sample space*). G is the metric of steepest descent in W₂ as F is in KL. Families state their
//! closed forms; the rest is integrated here.

mod law;
mod origin;
mod quantiles;
mod ruler;

use super::Place;
use crate::family::Family;
use crate::math::adaptive::integrate;
use crate::math::{Mat2, Vec2};

use law::Law;
pub use origin::Origin;

/// The relative tolerance of W₂².
const TOLERANCE: f64 = 1e-12;
/// Differences of the parameters, in units of 1/√Fᵢᵢ, up to which W₂ is the length of the difference in the metric half
/// way: the next term is of third order.
const NEAR: f64 = 1e-5;
/// A share of W₂² that does not count, at the ends of an exponential decay.
const NOTHING: f64 = 1e-20;
/// Why a number is missing that exists.
const UNRESOLVED: &str = "the density is too steep or too wide for its quadrature";
const OVERFLOW: &str = "out of the range of a double";

/// The Wasserstein metric in the canonical parameters.
///
/// ```
/// use geodescent::family::find;
/// use geodescent::geometry::wasserstein;
/// use geodescent::math::{Mat2, Vec2};
/// use geodescent::registry::Settings;
///
/// let gaussian = (find("gaussian").unwrap().build)(&Settings::default());
/// let (p, q) = (Vec2::new(0.0, 1.0), Vec2::new(3.0, 5.0));
/// assert_eq!(wasserstein::metric(&*gaussian, p), Ok(Mat2::identity()));
/// assert_eq!(wasserstein::distance(&*gaussian, p, q), Ok(5.0));
/// let cauchy = (find("cauchy").unwrap().build)(&Settings::default());
/// assert_eq!(wasserstein::metric(&*cauchy, p), Err("E x² is infinite"));
/// ```
///
/// # Errors
/// Why there is none: the family has no such metric, an entry is out of a double's range, or the density was not resolved.
pub fn metric(family: &dyn Family, p: Vec2) -> Result<Mat2, &'static str> {
    if let Some(why) = family.immovable() {
        return Err(why);
    }
    let found = family.wasserstein(p).or_else(|| Law::new(family, p)?.metric()).ok_or(UNRESOLVED)?;
    if found.iter().all(|entry| entry.is_finite()) { Ok(found) } else { Err(OVERFLOW) }
}

/// The same in the chart of a place.
///
/// # Errors
/// As [`metric`].
pub fn metric_at(family: &dyn Family, place: &Place) -> Result<Mat2, &'static str> {
    let pulled = place.metric(&metric(family, place.p)?);
    if pulled.iter().all(|entry| entry.is_finite()) { Ok(pulled) } else { Err(OVERFLOW) }
}

/// Whether the metric takes only a few elementary functions at `p`.
#[must_use]
pub fn is_closed(family: &dyn Family, p: Vec2) -> bool {
    family.immovable().is_some() || family.wasserstein(p).is_some()
}

/// Whether a distance takes only a few elementary functions.
#[must_use]
pub fn is_closed_distance(family: &dyn Family, p: Vec2) -> bool {
    family.immovable().is_some() || family.wasserstein_distance(p, p).is_some()
}

/// W₂ of two distributions in canonical parameters, exactly symmetric.
///
/// # Errors
/// As [`metric`].
pub fn distance(family: &dyn Family, p: Vec2, q: Vec2) -> Result<f64, &'static str> {
    if let Some(why) = family.immovable() {
        return Err(why);
    }
    // Rounding depends on the order.
    let [p, q] = if (p[0], p[1]) <= (q[0], q[1]) { [p, q] } else { [q, p] };
    let found = if p == q {
        0.0
    } else if let Some(closed) = family.wasserstein_distance(p, q) {
        closed
    } else if near(family, p, q) {
        let step = q - p;
        step.dot(&(metric(family, p + step * 0.5)? * step)).sqrt()
    } else {
        between(family, p, q).ok_or(UNRESOLVED)?
    };
    if found.is_finite() { Ok(found) } else { Err(OVERFLOW) }
}

fn near(family: &dyn Family, p: Vec2, q: Vec2) -> bool {
    let unit = family.fisher(p).diagonal().map(f64::sqrt);
    (q - p).component_mul(&unit).iter().all(|part| part.abs() <= NEAR)
}

/// W₂ = √∫ (x − T(x))² p dx, T the map that carries p to q.
fn between(family: &dyn Family, p: Vec2, q: Vec2) -> Option<f64> {
    let [from, to] = [Law::new(family, p)?, Law::new(family, q)?];
    let total = carried(&from, &to, from.ends()?, 0.0)?;
    with_ends(&from, &to, total)
}

/// W₂, given ∫ (x − T(x))² p dx over the pieces of p.
///
/// Where they end although those of q go on, a share of the mass is still to come, from next to a boundary: there the roles
/// are exchanged.
fn with_ends(from: &Law<'_>, to: &Law<'_>, mut total: f64) -> Option<f64> {
    let [first, last] = to.ends()?;
    let [low, high] = from.tails();
    let [low, high] = [to.place(low)?, to.place(high)?];
    if low > first {
        total += carried(to, from, [first, low.min(last)], total)?;
    }
    if high < last {
        total += carried(to, from, [high.max(first), last], total)?;
    }
    Some(total.sqrt()).filter(|distance| distance.is_finite())
}

/// ∫ (x − T(x))² p dx over an interval of t; 0 if next to a `sum` that does not count.
fn carried(from: &Law<'_>, to: &Law<'_>, [low, high]: [f64; 2], sum: f64) -> Option<f64> {
    let cost = |t: f64| {
        let (spot, density, tail) = from.at(t)?;
        let moved = spot.minus(&to.quantile(tail)?);
        Some(moved * moved * density)
    };
    let rough =
        [low, 0.5 * (low + high), high].into_iter().map(cost).try_fold(0.0, |most: f64, cost| Some(most.max(cost?)));
    if rough? * (high - low) < NOTHING * sum {
        return Some(0.0);
    }
    let inside = from.breaks().into_iter().filter(|t| *t > low && *t < high);
    let breaks: Vec<f64> = std::iter::once(low).chain(inside).chain([high]).collect();
    let total = integrate(&breaks, TOLERANCE, |t| [cost(t).unwrap_or(f64::NAN)]);
    Some(total.value[0]).filter(|total| total.is_finite())
}
