//! What several tests need: scenarios from text, races, an independent Fisher-Rao distance.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod allowed;
pub mod clock;
pub mod dice;
pub mod many;
pub mod sources;
pub mod stage;
pub mod told;

use std::path::Path;
use std::time::Duration;

use geodescent::math::Vec2;
use geodescent::measure::{answers, members};
use geodescent::race::ensemble::Ensemble;
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

/// The values of a scenario's measures; of several seeds, their means.
pub fn measured(world: &World) -> Vec<Option<f64>> {
    let seeds: Vec<u64> = (world.scenario.seed..).take(world.scenario.seeds).collect();
    if seeds.len() == 1 {
        return answers(world, &Race::run(world)).into_iter().map(|answer| answer.value).collect();
    }
    let mut jobs = members::start(world, &seeds);
    let mut runs = Vec::new();
    while jobs.iter().any(|job| !job.finished()) {
        jobs.iter_mut().for_each(|job| runs.extend(job.wait(Duration::from_millis(20))));
    }
    let ensemble: Ensemble = runs.into_iter().collect();
    (0..world.scenario.measures.len()).map(|place| ensemble.measured(place).map(|found| found.mean)).collect()
}
