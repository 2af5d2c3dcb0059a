//! A screen that is drawn: its cells, which of them have changed, and what stands where.

use ratatui::layout::Rect;

use super::laid::Laid;
use crate::plot::cells::Page;

/// What is drawn on, over the picture before.
#[derive(Debug, Default)]
pub struct Drawing {
    /// The cells.
    pub page: Page,
    /// What stands where.
    pub laid: Laid,
}

impl Drawing {
    /// Begins the next picture of a rectangle.
    pub fn turn(&mut self, area: Rect) {
        self.page.turn(area);
        self.laid.clear();
    }
}
