//! How far apart paths are at the same step, and how that gap vanishes as steps get smaller; computed in slices.
//!
//! Song & Ermon (2018): over a fixed time, natural-gradient paths in different charts are O(η) apart; their flows
//! coincide.

use crate::geometry::distance::spread;
use crate::math::Vec2;
use crate::race::invariance::slowed;
use crate::race::{Race, Runner, World};
use crate::scenario::Pace;

/// The maximum number of rows in the last race that is rerun: they stay in memory while the gap is computed.
const ROWS: usize = 1_000_000;

/// The gap of a race, as far as it has been computed.
#[derive(Debug, Clone)]
pub struct Gap {
    step: usize,
    largest: f64,
}

impl Default for Gap {
    fn default() -> Self {
        Self { step: 0, largest: f64::NAN }
    }
}

impl Gap {
    /// Looks at up to `budget` more steps. Returns whether there is more to do. Steps at which a racer has ended are
    /// ignored.
    pub fn advance(&mut self, world: &World, race: &Race, racers: &[usize], budget: usize) -> bool {
        let until = self.step.saturating_add(budget.max(1));
        while self.step < until {
            let rows: Option<Vec<_>> = racers.iter().map(|racer| race.trace(*racer).rows.get(self.step)).collect();
            let Some(rows) = rows else { return false };
            let points: Vec<Vec2> = rows.iter().map(|row| row.p()).collect();
            if points.iter().all(|p| p[0].is_finite()) {
                self.largest = self.largest.max(spread(&*world.family, &points));
            }
            self.step += 1;
        }
        true
    }

    /// The largest gap; `None` if there is none.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        Some(self.largest).filter(|gap| gap.is_finite())
    }
}

/// The gaps of races at rate, rate/2, rate/4 ... over the same time, as far as they have been run.
#[derive(Debug)]
pub struct Order {
    /// The racers, and the number of races to run.
    racers: Vec<usize>,
    races: usize,
    /// The current race.
    world: World,
    runners: Vec<Runner>,
    step: usize,
    largest: f64,
    gaps: Vec<f64>,
}

impl Order {
    /// Starts the computation for some racers of a scenario; `None` if a racer has no rate, the pace is equal, or the
    /// last race would be too long.
    #[must_use]
    pub fn new(world: &World, racers: &[usize], halvings: u64) -> Option<Self> {
        let rated = racers.iter().all(|racer| slowed(&world.scenario.racers[*racer], 1).is_some());
        let races = usize::try_from(halvings).ok()? + 1;
        let rows = world.scenario.steps.checked_shl(u32::try_from(halvings).ok()?)?.checked_mul(racers.len())?;
        if !rated || world.scenario.pace != Pace::Own || rows > ROWS {
            return None;
        }
        let mut order = Self {
            racers: racers.to_vec(),
            races,
            world: world.clone(),
            runners: Vec::new(),
            step: 0,
            largest: f64::NAN,
            gaps: Vec::new(),
        };
        order.start();
        Some(order)
    }

    fn start(&mut self) {
        self.runners = self.racers.iter().map(|racer| Runner::new(&self.world, *racer)).collect();
        (self.step, self.largest) = (0, f64::NAN);
    }

    /// Makes about `budget` more steps of every racer, fewer if they are expensive. Returns whether there is more to
    /// do.
    pub fn advance(&mut self, budget: usize) -> bool {
        let mut left = budget.max(1);
        while left > 0 {
            if self.gaps.len() == self.races {
                return false;
            }
            if self.step > self.world.scenario.steps {
                self.gaps.push(self.largest);
                self.halve();
                continue;
            }
            let step = self.step;
            let spent = |runners: &[Runner]| runners.iter().map(Runner::spent).sum::<usize>();
            let before = spent(&self.runners);
            self.runners.iter_mut().for_each(|runner| runner.extend(step));
            left = left.saturating_sub(((spent(&self.runners) - before) / self.runners.len().max(1)).max(1));
            let rows: Option<Vec<_>> = self.runners.iter().map(|runner| runner.trace().rows.get(step)).collect();
            let points: Vec<Vec2> = rows.unwrap_or_default().iter().map(|row| row.p()).collect();
            if !points.is_empty() && points.iter().all(|p| p[0].is_finite()) {
                self.largest = self.largest.max(spread(&*self.world.family, &points));
            }
            self.step += 1;
        }
        self.gaps.len() < self.races
    }

    fn halve(&mut self) {
        if self.gaps.len() == self.races {
            self.runners.clear();
            return;
        }
        self.world.scenario.steps *= 2;
        for racer in &self.racers {
            if let Some(slow) = slowed(&self.world.scenario.racers[*racer], 1) {
                self.world.scenario.racers[*racer] = slow;
            }
        }
        self.start();
    }

    /// The gaps so far, from the largest rate to the smallest.
    #[must_use]
    pub fn gaps(&self) -> &[f64] {
        &self.gaps
    }

    /// log₂ of the last ratio of gaps; `None` if they are incomplete or the ratio has no finite logarithm.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self.gaps.as_slice() {
            [.., before, last] if self.gaps.len() == self.races => {
                Some((before / last).log2()).filter(|order| order.is_finite())
            }
            _ => None,
        }
    }
}
