//! What is kept from frame to frame. Every entry is keyed by everything it depends on: dropping the cache changes no
//! cell.
//!
//! What takes longer than a frame may is computed by jobs: coarse when first drawn, then finer in every drawing until
//! [`Cache::complete`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Drawing, Laid, caption, footer, landscape};
use crate::app::action::{Context, Line};
use crate::family::ChartId;
use crate::figure::{self, Pending};
use crate::plot::Recall;
use crate::plot::cells::{self, Row};
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
    /// The words of the key bar.
    pub(super) bar: Recall<(Vec<Context>, bool), Arc<[Line]>>,
    /// The first row and the last.
    pub(super) header: Row,
    pub(super) footer: footer::Memo,
    /// The captions above the last.
    pub(super) caption: caption::Memo,
    /// The last screen.
    pub(super) screen: Drawing,
}

impl Cache {
    /// What stands where in the last screen.
    #[must_use]
    pub const fn laid(&self) -> &Laid {
        &self.screen.laid
    }

    /// Everything that panes have computed or wait for.
    fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        let kept = self.charts.values_mut().chain(std::iter::once(&mut self.landscape));
        kept.flat_map(|kept| kept.memo.parts()).chain(self.figures.parts())
    }

    /// Whether what was drawn last has its full detail.
    #[must_use]
    pub fn complete(&mut self) -> bool {
        self.parts().all(|part| part.complete())
    }

    /// Waits for the full detail of what was drawn last, for pictures without a deadline: the next drawing has it.
    pub fn finish(&mut self) {
        self.parts().for_each(Pending::finish);
    }
}
