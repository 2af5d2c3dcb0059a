//! Geodesics, distances and exponential maps of every family, between two moderate points.

use std::hint::black_box;
use std::sync::Arc;

use geodescent::family::{FAMILIES, Family};
use geodescent::geometry::connection::Connection;
use geodescent::geometry::{distance, geodesic};
use geodescent::math::Vec2;

use crate::{fields, median, say};

/// The budget for a geodesic and for a distance, µs.
const TARGET: &str = "500";

/// The end of a geodesic that starts at the family's example.
fn end(name: &str) -> [f64; 2] {
    match name {
        "categorical" => [0.2, 0.2],
        "gamma" => [5.0, 0.5],
        "beta" => [2.6, 5.5],
        "von-mises" => [1.8, 0.6],
        "inverse-gaussian" => [0.8, 4.0],
        "weibull" => [3.0, 1.0],
        "gaussian-mixture" => [-2.0, 0.5],
        "poisson-pair" => [6.0, 1.0],
        "bernoulli-pair" => [0.8, 0.2],
        _ => [-1.0, 0.6],
    }
}

/// Floor: the connection at twelve points of the family, fewer than any computation of a geodesic needs.
pub fn all() {
    for info in FAMILIES {
        let family: Arc<dyn Family> = fields::scenario(info, "kind = \"forward-kl\"").family;
        let (p, q) = (Vec2::from(info.example), Vec2::from(end(info.name)));
        // What a family computes once, for all its points, does not count.
        black_box(geodesic::between(&*family, p, q));
        let floor = median(21, 20, || {
            for _ in 0..12 {
                black_box(Connection::at(&*family, black_box(p), 0.0));
            }
        });
        let name = info.name;
        say(&format!("floor: twelve connections, {name}"), floor, "", floor);
        let time = median(41, 20, || {
            black_box(geodesic::between(&*family, black_box(p), q));
        });
        say(&format!("geodesic, {name}"), time, TARGET, floor);
        let time = median(41, 20, || {
            black_box(distance(&*family, black_box(p), q));
        });
        say(&format!("distance, {name}"), time, TARGET, floor);
        let Some(v) = geodesic::logarithm(&*family, p, q) else { continue };
        let time = median(41, 20, || {
            black_box(geodesic::exponential(&*family, black_box(p), v));
        });
        say(&format!("exponential map, {name}"), time, TARGET, floor);
    }
}
