//! The three-charts race, made in code. Goes as soon as scenario files can be read.

use std::sync::Arc;

use super::{Cue, Racer, Scenario, View};
use crate::family::gaussian::Gaussian;
use crate::math::Vec2;
use crate::objective::divergence::{Direction, Divergence};
use crate::optimizer;
use crate::registry::{Setting, Settings};

/// The race of the pictures.
#[must_use]
pub fn three_charts() -> Scenario {
    let family: Arc<dyn crate::family::Family> = Arc::new(Gaussian::new());
    let racer = |kind: &str, chart: usize, rate: f64, label: &str| {
        let kind = optimizer::find(kind).unwrap_or(optimizer::OPTIMIZERS[0]);
        let mut settings = Settings::defaults(kind.fields);
        settings.set(&kind.fields[0], Setting::Number(rate));
        Racer { kind, settings, chart, label: label.to_owned() }
    };
    Scenario {
        title: "One Gaussian, three coordinate systems".to_owned(),
        notes: "Three runs of the same algorithm on the same loss from the same distribution. Only the coordinates differ, and so do the paths.".to_owned(),
        objective: Arc::new(Divergence::new(Arc::clone(&family), Vec2::new(2.0, 0.5), Direction::Forward)),
        family,
        start: Vec2::new(0.0, 1.0),
        steps: 200,
        seed: 7,
        racers: vec![
            racer("sgd", 0, 0.02, "SGD (mean, sd)"),
            racer("sgd", 1, 0.02, "SGD (mean, log sd)"),
            racer("sgd", 2, 0.02, "SGD (mean, variance)"),
            racer("natural-gradient", 0, 0.05, "natural gradient"),
            racer("adam", 0, 0.05, "Adam"),
            racer("trpo", 0, 0.01, "TRPO"),
        ],
        view: View::default(),
        cues: vec![
            Cue { step: 12, say: "Same distribution, three directions.".to_owned(), show: vec![], hide: vec![], focus: None, hold: false },
            Cue { step: 80, say: "The natural gradient does not ask for the chart.".to_owned(), show: vec![], hide: vec![], focus: None, hold: true },
        ],
    }
}
