//! Scrolling through a list or a text that is longer than the screen.

/// One move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Towards the beginning.
    Back,
    /// Towards the end.
    On,
    /// A page towards the beginning.
    PageBack,
    /// A page towards the end.
    PageOn,
    /// To the beginning.
    First,
    /// To the end.
    Last,
}

/// How many strides a page is.
const PAGE: usize = 10;

impl Turn {
    /// The new position from `at`, between 0 and `last`.
    #[must_use]
    pub const fn go(self, at: usize, last: usize, stride: usize) -> usize {
        let to = match self {
            Self::Back => at.saturating_sub(stride),
            Self::On => at.saturating_add(stride),
            Self::PageBack => at.saturating_sub(stride.saturating_mul(PAGE)),
            Self::PageOn => at.saturating_add(stride.saturating_mul(PAGE)),
            Self::First => 0,
            Self::Last => last,
        };
        if to < last { to } else { last }
    }
}

/// How far the text in a box over the screen has been scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The first visible line, or the page.
    pub at: usize,
    /// The largest possible value; `None` until the view has laid the text out.
    pub last: Option<usize>,
}

impl Scroll {
    /// The largest possible value; a text that is not laid out cannot be scrolled.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.last.unwrap_or(0)
    }

    /// The view has laid the text out.
    pub fn fit(&mut self, last: usize) {
        (self.at, self.last) = (self.at.min(last), Some(last));
    }
}
