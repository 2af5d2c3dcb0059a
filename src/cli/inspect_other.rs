//! What `inspect` knows of a second point, and why a quantity does not exist.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use crate::family::{Chart, Family};
use crate::geometry::geodesic::{self, Geodesic};
use crate::geometry::{Place, wasserstein};
use crate::math::Vec2;

/// The second point, the divergences, and the geodesic to it if one exists.
pub struct Other {
    /// The point.
    pub place: Place,
    /// KL(first ‖ second).
    pub kl: f64,
    /// KL(second ‖ first).
    pub reverse_kl: f64,
    /// The Fisher-Rao distance.
    pub distance: Option<f64>,
    /// W₂, or why there is none.
    pub transport: Result<f64, &'static str>,
    /// Equally spaced points of the geodesic, both ends included.
    pub way: Option<[Vec2; 11]>,
}

impl Other {
    /// The point `q`, seen from `p`.
    pub fn new(family: &dyn Family, chart: &dyn Chart, p: Vec2, q: Vec2) -> Self {
        let way = geodesic::between(family, p, q);
        // If two geodesics are equally short, the distance exists but a unique geodesic does not.
        let distance = way.as_ref().map(Geodesic::length).or_else(|| geodesic::distance(family, p, q));
        let way = way.map(|way| std::array::from_fn(|i| way.point(i as f64 / 10.0)));
        Self {
            place: Place::of(chart, q),
            kl: family.kl(p, q),
            reverse_kl: family.kl(q, p),
            distance,
            transport: wasserstein::distance(family, p, q),
            way,
        }
    }

    /// The quantities from `p` that do not exist or were not found, each with the reason.
    pub fn absent(&self, family: &dyn Family, p: Vec2) -> Vec<(&'static str, &'static str)> {
        let between = if family.joined(p, self.place.p) {
            "the search for a geodesic has failed"
        } else {
            "no geodesic inside the family: the Fisher matrix is singular on a line between the points"
        };
        let way = if self.distance.is_some() { "two geodesics are equally short" } else { between };
        let transport = self.transport.err().unwrap_or_default();
        let infinite = "out of the range of a double";
        [
            ("kl", !self.kl.is_finite(), infinite),
            ("reverse_kl", !self.reverse_kl.is_finite(), infinite),
            ("fisher_rao_distance", self.distance.is_none(), between),
            ("wasserstein_distance", self.transport.is_err(), transport),
            ("geodesic", self.way.is_none(), way),
        ]
        .into_iter()
        .filter_map(|(name, absent, why)| absent.then_some((name, why)))
        .collect()
    }
}

/// A dash with the reason why a number is missing.
pub fn dash(absent: &BTreeMap<&'static str, &'static str>, name: &str) -> String {
    absent.get(name).map_or("–".to_owned(), |why| format!("– ({why})"))
}

/// Why a quantity of a point does not exist.
pub fn missing(fisher: &DMatrix<f64>) -> &'static str {
    if fisher.iter().all(|entry| entry.is_finite()) && fisher.diagonal().iter().all(|entry| entry.is_normal()) {
        "the Fisher matrix is singular here"
    } else {
        "out of the range of a double"
    }
}
