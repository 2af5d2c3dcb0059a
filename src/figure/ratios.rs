//! Box or ellipsoid: what clipping and a trust region allow, in ratios of probabilities, and the steps within.

use crate::app::Show;
use crate::plot::{PaneFigure, Room};

/// What the pane has computed.
#[derive(Debug, Default)]
pub struct Memo;

/// The pane.
#[must_use]
pub fn pane(_show: &Show, _room: Room, _memo: &mut Memo) -> PaneFigure {
    PaneFigure { name: "Box or ellipsoid".to_owned(), ..PaneFigure::default() }
}
