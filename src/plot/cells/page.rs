//! Cells that know what has changed: a picture is drawn over the one before.

use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::style::{Style, blank};

/// The last revision of any page.
static LAST: AtomicU64 = AtomicU64::new(0);

/// Cells of a rectangle, and which of them are not as they were one revision ago.
#[derive(Debug, Clone, Default)]
pub struct Page {
    cells: Buffer,
    revision: u64,
    /// The revision from which this one differs in the changed cells only; 0 if it differs in all.
    base: u64,
    changed: Vec<usize>,
    /// How the ground looks, and which pages lie on it, in which revision.
    ground: Option<Style>,
    pasted: Vec<(Rect, u64)>,
}

impl Page {
    /// Begins the next picture of a rectangle. Unless it is of another size, what is drawn stays; returns whether it does.
    pub fn turn(&mut self, area: Rect) -> bool {
        self.base = std::mem::replace(&mut self.revision, LAST.fetch_add(1, Ordering::Relaxed) + 1);
        self.changed.clear();
        if self.cells.area != area {
            self.cells.resize(area);
            self.forget();
        }
        self.base != 0
    }

    /// Nothing is known of the cells any more.
    pub fn forget(&mut self) {
        self.base = 0;
        self.changed.clear();
        self.ground = None;
        self.pasted.clear();
    }

    /// Begins with blanks.
    pub fn renew(&mut self, style: Style) {
        self.forget();
        self.clear(style, self.cells.area);
        self.ground = Some(style);
    }

    /// Prepares for pages to be pasted in these places, in this order: unless they lie there already, begins with blanks.
    pub fn arrange(&mut self, style: Style, places: impl Iterator<Item = Rect>) {
        let pasted = self.pasted.iter().map(|(place, _)| *place);
        if self.ground != Some(style) || !pasted.eq(places.filter(|place| !place.is_empty())) {
            self.renew(style);
        }
    }

    /// The cells. Whoever writes into them says where: [`Page::mark`].
    pub const fn buffer(&mut self) -> &mut Buffer {
        &mut self.cells
    }

    /// The cells.
    #[must_use]
    pub const fn cells(&self) -> &Buffer {
        &self.cells
    }

    /// The rectangle.
    #[must_use]
    pub const fn area(&self) -> Rect {
        self.cells.area
    }

    /// What is drawn here now.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The indices of the cells, in no order, that may not be as in a revision; `None` if any may differ.
    #[must_use]
    pub fn changed_since(&self, revision: u64) -> Option<&[usize]> {
        match revision {
            0 => None,
            _ if revision == self.revision => Some(&[]),
            _ => (revision == self.base).then_some(&self.changed),
        }
    }

    /// Cells of a rectangle are written.
    pub fn mark(&mut self, area: Rect) {
        if self.base == 0 {
            return;
        }
        let area = area.intersection(self.cells.area);
        for y in rows(area) {
            let first = self.cells.index_of(area.x, y);
            self.changed.extend(first..first + usize::from(area.width));
        }
    }

    /// Some cells of a rectangle of this page, counted row by row, are written.
    pub fn mark_in(&mut self, area: Rect, places: &[usize]) {
        if self.base == 0 {
            return;
        }
        let wide = usize::from(area.width);
        let first = self.cells.index_of(area.x, area.y);
        let row = usize::from(self.cells.area.width);
        self.changed.extend(places.iter().map(|place| first + place / wide * row + place % wide));
    }

    /// Blanks a rectangle.
    pub fn clear(&mut self, style: Style, area: Rect) {
        self.mark(area);
        blank(&mut self.cells, area, style);
    }

    /// Lays a page on this one. Of one that lies there in the revision before, only what has changed is copied.
    pub fn paste(&mut self, other: &Self) {
        let place = other.cells.area;
        if place.is_empty() {
            return;
        }
        let known = match self.pasted.iter_mut().find(|(own, _)| *own == place) {
            Some((_, revision)) => std::mem::replace(revision, other.revision),
            None => {
                self.pasted.push((place, other.revision));
                0
            }
        };
        let both = place.intersection(self.cells.area);
        let Some(changed) = other.changed_since(known) else {
            self.mark(both);
            return self.copy(other, both);
        };
        let [wide, row] = [place, self.cells.area].map(|area| usize::from(area.width));
        let [left, top] = [self.cells.area.x, self.cells.area.y].map(usize::from);
        for &index in changed {
            let (x, y) = (usize::from(place.x) + index % wide, usize::from(place.y) + index / wide);
            if place == both || both.contains((x as u16, y as u16).into()) {
                let at = (y - top) * row + x - left;
                let (own, cell) = (&mut self.cells.content[at], &other.cells.content[index]);
                // Text is written again where it stood.
                if own != cell {
                    own.clone_from(cell);
                    self.changed.push(at);
                }
            }
        }
    }

    fn copy(&mut self, other: &Self, area: Rect) {
        for y in rows(area) {
            let (to, from) = (self.cells.index_of(area.x, y), other.cells.index_of(area.x, y));
            let wide = usize::from(area.width);
            self.cells.content[to..to + wide].clone_from_slice(&other.cells.content[from..from + wide]);
        }
    }

    /// Copies what both cover into a buffer.
    pub fn write_to(&self, buf: &mut Buffer) {
        let area = self.cells.area.intersection(buf.area);
        for y in rows(area) {
            let (to, from) = (buf.index_of(area.x, y), self.cells.index_of(area.x, y));
            let wide = usize::from(area.width);
            buf.content[to..to + wide].clone_from_slice(&self.cells.content[from..from + wide]);
        }
    }
}

/// The rows of a rectangle; none if no cell is in it.
fn rows(area: Rect) -> std::ops::Range<u16> {
    if area.is_empty() { 0..0 } else { area.top()..area.bottom() }
}

/// A picture of which nothing was known before.
impl From<Buffer> for Page {
    fn from(cells: Buffer) -> Self {
        Self { cells, revision: LAST.fetch_add(1, Ordering::Relaxed) + 1, ..Self::default() }
    }
}
