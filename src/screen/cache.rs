//! What is kept from frame to frame. Every entry is keyed by everything it depends on: dropping the cache changes no
//! cell.
//!
//! What takes longer than a frame may is computed by jobs: coarse when first drawn, then finer in every drawing until
//! [`Cache::complete`].

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;

use super::landscape;
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
    /// The last screen of [`super::redraw`].
    pub(super) screen: Buffer,
}

impl Cache {
    /// Everything that panes have computed or wait for.
    fn landscapes(&mut self) -> impl Iterator<Item = &mut figure::landscape::Memo> {
        let kept = self.charts.values_mut().chain(std::iter::once(&mut self.landscape));
        kept.map(|kept| &mut kept.memo).chain(std::iter::once(&mut self.figures.landscape))
    }

    /// Whether what was drawn last has its full detail.
    #[must_use]
    pub fn complete(&mut self) -> bool {
        self.landscapes().all(figure::landscape::Memo::complete)
    }

    /// Waits for the full detail of what was drawn last, for pictures without a deadline: the next drawing has it.
    pub fn finish(&mut self) {
        self.landscapes().for_each(figure::landscape::Memo::finish);
    }
}
