//! What several tests need: scenarios from text, races, an independent Fisher-Rao distance.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod allowed;
pub mod clock;
pub mod dice;
pub mod many;
pub mod sources;
pub mod stage;

use std::path::Path;

use geodescent::math::Vec2;
use geodescent::race::{Race, World};
use geodescent::registry::Field;
use geodescent::scenario::Document;

/// A checked scenario from its text; a report fails the test.
pub fn world(text: &str) -> World {
    World::open(&Document::from_text("scenario.toml", Path::new("."), text)).unwrap_or_else(|report| panic!("{report}"))
}

/// The race of the pictures.
pub fn three_charts() -> World {
    let document = Document::builtin("three-charts").expect("a built-in scenario");
    World::open(&document).unwrap_or_else(|report| panic!("{report}"))
}

/// A race run to its end.
pub fn race(world: &World) -> Race {
    Race::run(world)
}

/// The Fisher-Rao distance of two Gaussians (mean, sd): Costa, Santos & Strapasson 2015.
pub fn fisher_rao(p: Vec2, q: Vec2) -> f64 {
    let (dm, ds) = (p[0] - q[0], p[1] - q[1]);
    let a = (0.5 * dm * dm + ds * ds) / (2.0 * p[1] * q[1]);
    2.0 * 2.0_f64.sqrt() * (a / 2.0).sqrt().asinh()
}

/// A value for what a family fixes, as a scenario writes it.
pub fn fixed_value(field: &Field) -> &'static str {
    let values = ["3.0", "0.5", "[[1.0, 0.5], [0.5, 2.0]]", "[-2.0, 0.5, 0.5, 1.0, 3.0]"];
    values.into_iter().find(|text| field.read(text).is_ok()).expect("a value")
}

/// A file of `tests/reference/`.
pub fn reference(name: &str) -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}
