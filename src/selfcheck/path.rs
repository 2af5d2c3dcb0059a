//! The self-check along a whole race: its start, its optimum and points of every racer's path.

use super::{Finding, Quantity, gradient_check, self_check};
use crate::math::Vec2;
use crate::race::Race;
use crate::scenario::Scenario;

/// The most points of one racer; more are thinned out evenly, the first and the last kept.
const POINTS: usize = 60;

/// Where on a race something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// Where all racers start.
    Start,
    /// The point of least loss.
    Optimum,
    /// A racer, by its place in the file, after a step.
    Row(usize, usize),
}

/// The worst finding of each quantity along a race.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// How many points were checked.
    pub points: usize,
    /// Each quantity that was checked, in the order of [`Quantity::ALL`], and where it was worst.
    pub worst: Vec<(Finding, Spot)>,
}

impl Path {
    /// Checks the points of a race that has been run.
    #[must_use]
    pub fn of(scenario: &Scenario, race: &Race) -> Self {
        let mut path = Self { points: 0, worst: Vec::new() };
        path.add(scenario, 0, scenario.start, &Spot::Start);
        if let Some(optimum) = scenario.objective.optimum() {
            path.add(scenario, 0, optimum, &Spot::Optimum);
        }
        for (racer, trace) in race.traces().enumerate() {
            let last = trace.last_alive();
            let mut steps: Vec<usize> = (1..=POINTS).map(|k| last * k / POINTS).collect();
            steps.dedup();
            let chart = scenario.racers[racer].chart;
            for step in steps.into_iter().filter(|step| *step > 0) {
                path.add(scenario, chart, trace.rows[step].parameters, &Spot::Row(racer, step));
            }
        }
        let place = |finding: &Finding| Quantity::ALL.iter().position(|own| *own == finding.quantity);
        path.worst.sort_by_key(|(finding, _)| place(finding));
        path
    }

    fn add(&mut self, scenario: &Scenario, chart: usize, p: Vec2, spot: &Spot) {
        let family = &*scenario.family;
        self.points += 1;
        let own = self_check(family, &*family.charts()[chart], p).findings;
        for finding in own.into_iter().chain([gradient_check(family, &*scenario.objective, p)]) {
            match self.worst.iter_mut().find(|(known, _)| known.quantity == finding.quantity) {
                None => self.worst.push((finding, spot.clone())),
                Some(known) if finding.share() > known.0.share() => *known = (finding, spot.clone()),
                Some(_) => {}
            }
        }
    }

    /// Whether every closed form holds everywhere.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.worst.iter().all(|(finding, _)| finding.holds())
    }
}
