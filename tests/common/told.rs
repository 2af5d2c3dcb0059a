//! What built-in scenarios answer, and their races, as they stand and after edits such as `--set` makes.

use geodescent::measure::answers;
use geodescent::race::{Race, World};
use geodescent::scenario::Document;

/// The world of a built-in scenario after edits.
pub fn opened(name: &str, edits: &[(&str, &str)]) -> World {
    let mut document = Document::builtin(name).expect("a built-in scenario");
    for (path, value) in edits {
        document = document.edit(path, value).unwrap_or_else(|report| panic!("{report}"));
    }
    World::open(&document).unwrap_or_else(|report| panic!("{report}"))
}

/// What it answers, in the order of its file, by measure.
pub fn told_with(name: &str, edits: &[(&str, &str)]) -> Vec<(&'static str, f64)> {
    let world = opened(name, edits);
    let race = Race::run(&world);
    let answers = answers(&world, &race);
    let values = world.scenario.measures.iter().zip(answers);
    values.map(|(measure, answer)| (measure.info.name, answer.value.unwrap_or(f64::NAN))).collect()
}

/// The same of the scenario as it stands.
pub fn told(name: &str) -> Vec<(&'static str, f64)> {
    told_with(name, &[])
}

/// The answers to the measures of a name.
pub fn of(told: &[(&'static str, f64)], name: &str) -> Vec<f64> {
    told.iter().filter(|(measure, _)| *measure == name).map(|(_, value)| *value).collect()
}
