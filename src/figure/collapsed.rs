//! The share of an ensemble's members on a wrong action, by step.

use crate::app::Show;
use crate::plot::{PaneFigure, Room};

/// The pane.
#[must_use]
pub fn pane(_show: &Show, _room: Room) -> PaneFigure {
    PaneFigure { name: "Collapsed".to_owned(), ..PaneFigure::default() }
}
