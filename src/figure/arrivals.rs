//! The step from which each racer has stayed below a tolerance, as far as the playhead: what a `steps-to` measure will say
//! at the end of the race, without a look ahead.

use crate::app::Show;
use crate::format;
use crate::problem::quantities::{self, EXCESS};
use crate::race::Reading;
use crate::scenario::measures::{BELOW, FIRST, Question, TOLERANCE};

/// The most rows of a race that are read for it.
const MOST: usize = 1_000_000;

/// Whether a race is short enough to be read for a column.
#[must_use]
pub fn readable(show: &Show) -> bool {
    let scenario = &show.world.scenario;
    scenario.racers.len().saturating_mul(scenario.steps) <= MOST
}

/// What must become small, and how small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    quantity: &'static str,
    /// How small.
    pub tolerance: f64,
    /// Whether the first step below counts, whether or not the racer stays there.
    first: bool,
}

impl Goal {
    /// That of a scenario's first `steps-to` measure; `None` if it has none, or if reading it would take too long.
    #[must_use]
    pub fn of(show: &Show) -> Option<Self> {
        let scenario = &show.world.scenario;
        let measure = scenario.measures.iter().find(|measure| measure.info.question == Question::StepsTo)?;
        let settings = &measure.settings;
        let (quantity, tolerance) = (settings.choice(&BELOW), settings.number(&TOLERANCE));
        let closed = show.race.runners().iter().all(|runner| runner.problem().closed_distance());
        let searched = quantities::find(quantity).is_some_and(|info| info.searched) && !closed;
        (readable(show) && !searched).then_some(Self { quantity, tolerance, first: settings.flag(&FIRST) })
    }

    /// What it is called over a column.
    #[must_use]
    pub fn name(self) -> String {
        let counted = if self.first { "first" } else { "steps" };
        let what = quantities::find(self.quantity).filter(|info| *info != EXCESS);
        let what = what.map_or(String::new(), |info| format!("{} ", info.heading));
        format!("{counted} to {what}{}", format::label(self.tolerance))
    }
}

/// At which steps a racer has come below the tolerance and left it again, in turn.
#[derive(Debug, Clone, Default)]
struct Turns {
    /// How many rows have been read.
    read: usize,
    steps: Vec<usize>,
}

/// What has been read of a race.
#[derive(Debug, Default)]
pub struct Arrivals {
    key: Option<(u64, Goal)>,
    racers: Vec<Turns>,
}

impl Arrivals {
    /// Reads what time has added, up to the playhead.
    pub fn follow(&mut self, show: &Show) {
        let key = Goal::of(show).map(|goal| (show.race.revision(), goal));
        if self.key != key {
            *self = Self { key, racers: Vec::new() };
        }
        let Some((_, goal)) = key else { return };
        let now = show.now();
        self.racers.resize_with(show.race.runners().len(), Turns::default);
        for (turns, runner) in self.racers.iter_mut().zip(show.race.runners()) {
            let rows = runner.trace().rows.len().min(now + 1);
            if turns.read >= rows {
                continue;
            }
            let reading = Reading::new(runner);
            if let Some(quantity) = reading.find(goal.quantity) {
                turns.read_on(rows, |step| reading.at(quantity, step) < goal.tolerance);
            }
        }
    }

    /// The step from which a racer has stayed below the tolerance until `step`; `None` if it is not below.
    #[must_use]
    pub fn at(&self, racer: usize, step: usize) -> Option<usize> {
        let first = self.key.is_some_and(|(_, goal)| goal.first);
        self.racers.get(racer)?.at(step, first)
    }
}

impl Turns {
    fn read_on(&mut self, rows: usize, below: impl Fn(usize) -> bool) {
        for step in self.read..rows {
            if below(step) == self.steps.len().is_multiple_of(2) {
                self.steps.push(step);
            }
        }
        self.read = rows;
    }

    fn at(&self, step: usize, first: bool) -> Option<usize> {
        let passed = self.steps.partition_point(|turn| *turn <= step);
        if first {
            return self.steps[..passed].first().copied();
        }
        (passed % 2 == 1).then(|| self.steps[passed - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn who_leaves_again_has_not_arrived() {
        let mut turns = Turns::default();
        let below = |step: usize| (3..5).contains(&step) || step >= 8;
        turns.read_on(4, below);
        turns.read_on(12, below);
        let all = |first| (0..10).map(|step| turns.at(step, first)).collect::<Vec<_>>();
        let three = Some(3);
        assert_eq!(all(false), [None, None, None, three, three, None, None, None, Some(8), Some(8)]);
        assert_eq!(all(true)[3..], [three; 7]);
    }

    /// The numbers were computed in Python, from the same updates.
    #[test]
    fn arrivals_are_those_of_an_independent_computation() {
        let mut show = Show::new(World::open(&Document::builtin("three-sgds").expect("built in")).expect("valid"));
        let mut arrivals = Arrivals::default();
        let mut seen = Vec::new();
        for step in [216, 217, 246, 302] {
            show.seek(step);
            arrivals.follow(&show);
            seen.push([0, 1, 2].map(|racer| arrivals.at(racer, step)));
        }
        let [sd, log, variance] = [217, 302, 246].map(Some);
        assert_eq!(seen, [[None; 3], [sd, None, None], [sd, None, variance], [sd, log, variance]]);
        // Stepping back forgets what was ahead.
        assert_eq!(arrivals.at(2, 245), None);
    }
}
