//! The geometry against sources other than itself: closed forms against numerics, published values, reference sets.

mod between;
mod carried;
mod exponential;
mod far;
mod flows;
mod numeric;
mod reference;

use std::sync::Arc;

use geodescent::family::{FAMILIES, Family, find};
use geodescent::math::Vec2;
use geodescent::registry::Settings;

/// A family that needs nothing fixed.
fn family(name: &str) -> Arc<dyn Family> {
    (find(name).expect(name).build)(&Settings::default())
}

/// Every family that needs nothing fixed, with its example.
fn families() -> impl Iterator<Item = (Arc<dyn Family>, Vec2)> {
    let free = FAMILIES.iter().filter(|info| info.fixed.is_empty());
    free.map(|info| ((info.build)(&Settings::default()), Vec2::from(info.example)))
}

/// The tangent vector at `p` of this Fisher length, in a direction of its own.
fn tangent(family: &dyn Family, p: Vec2, angle: f64, length: f64) -> Vec2 {
    geodescent::geometry::ellipse::whiten(&family.fisher(p), angle) * length
}
