//! All charts side by side: which of them are in view, and how far the optimizers' paths in them are apart.
//!
//! Gaps are computed by jobs; drawing is in `screen`.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::family::ChartId;
use crate::race::Invariance;
use crate::race::World;

/// The charts side by side.
#[derive(Debug)]
pub struct Charts {
    /// The family's charts, those that teach most first.
    pub order: Vec<ChartId>,
    /// The gaps at the racers' rates.
    pub gaps: Invariance,
    /// The gaps at half their rates, once requested.
    pub halved: Option<Invariance>,
}

impl Charts {
    /// The charts of a scenario.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let gaps = Invariance::new(world, 0);
        Self { order: order(world, &gaps), gaps, halved: None }
    }

    /// The same charts of a scenario that has changed.
    #[must_use]
    pub fn renewed(&self, world: &World) -> Self {
        let halved = self.halved.as_ref().map(|_| Invariance::new(world, 1));
        Self { halved, ..Self::new(world) }
    }

    /// Toggles the gaps at half the rates.
    pub fn toggle_halved(&mut self, world: &World) {
        self.halved = if self.halved.is_some() { None } else { Some(Invariance::new(world, 1)) };
    }

    /// The chart a number of places after `chart`.
    #[must_use]
    pub fn next(&self, chart: ChartId, by: usize) -> ChartId {
        let here = self.order.iter().position(|other| *other == chart).unwrap_or(0);
        self.order.get((here + by) % self.order.len().max(1)).copied().unwrap_or(chart)
    }

    /// Takes the gaps that were found, after waiting for the rest of them, but at most for `patience`.
    pub fn wait(&mut self, patience: Duration) {
        self.gaps.wait(patience);
        if let Some(halved) = &mut self.halved {
            halved.wait(patience);
        }
    }

    /// Whether gaps up to a step are not known yet.
    #[must_use]
    pub fn unfinished(&self, step: usize) -> bool {
        !self.gaps.reached(step) || self.halved.as_ref().is_some_and(|halved| !halved.reached(2 * step))
    }

    /// The order in which the gap of one optimizer shrinks with its step, from a run at half the rate over the same
    /// time: 1 for a gap that halves. `None` if it is not known yet, or there is none.
    #[must_use]
    pub fn order_of_gap(&self, kin: usize, step: usize) -> Option<f64> {
        let (whole, half) = (self.gaps.kins.get(kin)?, self.halved.as_ref()?.kins.get(kin)?);
        if half.gaps().len() <= 2 * step {
            return None;
        }
        let (whole, half) = (whole.largest(step)?, half.largest(2 * step)?);
        (whole > ROUNDING && half > ROUNDING).then(|| (whole / half).log2())
    }
}

/// Gaps below this are rounding.
const ROUNDING: f64 = 1e-12;

/// The charts the racers work in, then natural and expectation, then the rest; in the order of the table each time.
fn order(world: &World, gaps: &Invariance) -> Vec<ChartId> {
    let info = world.family.info();
    let dual = |chart: &ChartId| matches!(info.chart_info(*chart).name, "natural" | "expectation");
    let all = gaps.charts.iter().copied().chain(info.chart_ids().filter(dual)).chain(info.chart_ids());
    let mut seen = BTreeSet::new();
    all.filter(|chart| seen.insert(*chart)).collect()
}
