//! What the members of an ensemble have settled on.

use crate::app::Show;
use crate::plot::{PaneFigure, Room};

/// The pane.
#[must_use]
pub fn pane(_show: &Show, _room: Room) -> PaneFigure {
    PaneFigure { name: "Outcomes".to_owned(), ..PaneFigure::default() }
}
