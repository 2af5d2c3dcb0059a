//! What is shown: what the scenario says, then the cues passed, then the user's hand.
//!
//! A cue takes back what the hand has changed before it, wherever the two are about the same thing; stepping back to
//! before the cue restores it. Which cue is about what is known to `show`.

use std::collections::BTreeMap;

use crate::scenario::names::{OVERLAYS, OverlayInfo};
use crate::scenario::{Overlay, Pane, View};

/// One thing that scenario, cues and hand may each set.
#[derive(Debug, Clone)]
pub struct Staged<T> {
    scenario: T,
    /// The hand's values, by the index of the last cue about this thing at the time; `None` before the first one.
    hand: BTreeMap<Option<usize>, T>,
}

impl<T: Copy> Staged<T> {
    /// What the scenario says.
    #[must_use]
    pub const fn new(scenario: T) -> Self {
        Self { scenario, hand: BTreeMap::new() }
    }

    /// Its value after the last cue about it, given by its index and what it says.
    #[must_use]
    pub fn after(&self, cue: Option<(usize, T)>) -> T {
        let planned = cue.map_or(self.scenario, |(_, value)| value);
        self.hand.get(&cue.map(|(index, _)| index)).copied().unwrap_or(planned)
    }

    /// The hand sets it, until another cue is about it.
    pub fn set(&mut self, cue: Option<usize>, value: T) {
        self.hand.insert(cue, value);
    }
}

/// Everything that is staged.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Whether each overlay is drawn.
    pub overlays: BTreeMap<Overlay, Staged<bool>>,
    /// The focused pane.
    pub focus: Staged<Pane>,
}

impl Stage {
    /// What a scenario's `[view]` says.
    #[must_use]
    pub fn new(view: &View) -> Self {
        let on = |row: &OverlayInfo| view.overlays.as_ref().map_or(row.shown, |list| list.contains(&row.overlay));
        Self {
            overlays: OVERLAYS.iter().map(|row| (row.overlay, Staged::new(on(row)))).collect(),
            focus: Staged::new(Pane::Landscape),
        }
    }
}
