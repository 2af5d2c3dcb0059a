//! What stands in a pane while a question waits for its answer, if the pane would give it away.

use super::words::text;
use crate::app::{Action, Show};
use crate::plot::pane::Table;
use crate::plot::{PaneFigure, Room};
use crate::scenario::Pane;

/// Whether a pane tells how the race begins or goes on.
const fn tells(pane: Pane) -> bool {
    match pane {
        // The ellipses show where each racer sets out to, and which way is steepest.
        Pane::Traces | Pane::Ellipses | Pane::Numbers | Pane::Outcomes | Pane::Collapsed => true,
        // These show where the racers start, and no results.
        Pane::Landscape | Pane::Density | Pane::Racers | Pane::Policy | Pane::Box => false,
    }
}

/// The veil over a pane, if it has one at the moment.
pub(super) fn over(show: &Show, pane: Pane, room: Room) -> Option<PaneFigure> {
    let name = match pane {
        Pane::Traces => "Trace",
        Pane::Outcomes => "Outcomes",
        Pane::Collapsed => "Collapsed",
        Pane::Ellipses => "Ellipse",
        _ => "Numbers",
    };
    (tells(pane) && show.question().is_some()).then(|| hidden(name, room))
}

/// A pane that hides what it shows.
#[must_use]
pub fn hidden(name: &str, room: Room) -> PaneFigure {
    let mut rows = vec![Vec::new(); usize::from(room.rows / 2)];
    rows.push(vec![text(room.columns / 2, "?")]);
    PaneFigure {
        name: name.to_owned(),
        detail: format!("hidden until {}", Action::NextCue.key()),
        table: Some((room.columns, Table { rows })),
        ..PaneFigure::default()
    }
}
