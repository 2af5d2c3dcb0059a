//! The racers' policies: bars of every action, arrows on a map, or the density of an action.

use crate::app::Show;
use crate::plot::{PaneFigure, Room};

/// The pane.
#[must_use]
pub fn pane(_show: &Show, _room: Room) -> PaneFigure {
    PaneFigure { name: "Policy".to_owned(), ..PaneFigure::default() }
}
