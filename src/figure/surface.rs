//! The loss over a frame: which objective in which chart it is of, and whether a frame has time for it.

use crate::app::Seen;
use crate::figure::computed::{Grain, Key, Raster};
use crate::plot::Frame;

/// The most points of a loss in closed form that are computed while a frame is drawn.
const AT_ONCE: usize = 40_000;

/// Updates the losses for a show and a frame.
pub fn follow(surface: &mut Raster, show: &Seen<'_>, frame: &Frame) {
    let objective = &show.world.objective;
    let sparing = !objective.cheap();
    let quick = !sparing && 4 * frame.columns * frame.rows <= AT_ONCE;
    let grain = Grain { quick, sparing, floors: true };
    surface.refine(Key::over(show, frame, &[]), *frame, grain, objective.cost(), || {
        let (plane, mut points) = (show.world.drawn(show.chart), Vec::new());
        move |xs, out| plane.losses(xs, &mut points, out)
    });
}
