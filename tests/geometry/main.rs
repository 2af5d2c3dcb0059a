//! The geometry against sources other than itself: closed forms against numerics, published values, reference sets.

mod between;
mod carried;
mod exponential;
mod far;
mod flows;
mod lowest;
mod numeric;
mod reference;

use std::sync::Arc;

use geodescent::family::{FAMILIES, Family, find};
use geodescent::math::Vec2;
use geodescent::registry::Settings;

/// A family without fixed settings.
fn family(name: &str) -> Arc<dyn Family> {
    (find(name).expect(name).build)(&Settings::default())
}

/// Every family without fixed settings, with its example point.
fn families() -> impl Iterator<Item = (Arc<dyn Family>, Vec2)> {
    let free = FAMILIES.iter().filter(|info| info.fixed.is_empty());
    free.map(|info| ((info.build)(&Settings::default()), Vec2::from(info.example)))
}

/// A tangent vector at `p` of this Fisher length.
fn tangent(family: &dyn Family, p: Vec2, angle: f64, length: f64) -> Vec2 {
    geodescent::geometry::ellipse::whiten(&family.fisher(p), angle) * length
}
