//! What is kept from frame to frame. Every entry is keyed by everything it depends on: dropping the cache changes no
//! cell.
//!
//! The expensive part, the landscape's field, is computed in slices: coarse when first drawn, then by
//! [`Cache::advance`] when idle.

use std::collections::BTreeMap;

use super::{Drawing, Laid, landscape};
use crate::family::ChartId;
use crate::figure;
use crate::plot::cells;
use crate::scenario::Pane;

/// What is kept from frame to frame.
#[derive(Debug, Default)]
pub struct Cache {
    /// The landscape of the drawn chart.
    pub landscape: landscape::Kept,
    /// The landscapes side by side, by their charts.
    pub(super) charts: BTreeMap<ChartId, landscape::Kept>,
    /// What panes have computed for their marks, and the cells of these.
    pub(super) figures: figure::Memo,
    pub(super) drawn: BTreeMap<Pane, cells::Memo>,
    /// Of the gap below the charts, its curves and its table.
    pub(super) gap: [cells::Memo; 2],
    /// The last screen.
    pub(super) screen: Drawing,
}

impl Cache {
    /// What stands where in the last screen.
    #[must_use]
    pub const fn laid(&self) -> &Laid {
        &self.screen.laid
    }

    /// Refines what was drawn last by at most `budget` points. Returns whether there is still something to refine.
    pub fn advance(&mut self, budget: usize) -> bool {
        let charts = &mut self.charts;
        match charts.values_mut().find(|chart| !chart.memo.complete()) {
            Some(chart) => chart.memo.advance(budget) || charts.values().any(|chart| !chart.memo.complete()),
            None => {
                let landscape = self.landscape.memo.advance(budget);
                let figures = !landscape && self.figures.advance(budget);
                landscape || figures
            }
        }
    }

    /// Whether what was drawn last has its full detail.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.landscape.memo.complete()
            && self.figures.complete()
            && self.charts.values().all(|chart| chart.memo.complete())
    }

    /// Refines what was drawn last to its full detail: for pictures without a deadline.
    pub fn finish(&mut self) {
        while self.advance(usize::MAX) {}
    }
}
