//! What is in view: the ball whole, the ellipse as far as there are policies, and the steps as far as that leaves a picture.

use super::clip::Clips;
use super::plane::Shapes;
use super::tries::Try;
use crate::plot::mark::Point;
use crate::plot::{Frame, Room};

/// The shares of the shapes' width and height that are free on either side, for names.
const FREE: [f64; 2] = [0.36, 0.12];
/// How far beyond the shapes steps count, in their widths and heights.
const BEYOND: f64 = 0.6;
/// How far from one the clip's box counts, in the same.
const WIDEST: f64 = 1.2;
/// How far below ρ = 0 the picture goes where it is in view, and how near it must be, in heights of the shapes.
const BELOW: f64 = 0.1;
const NEAR: f64 = 0.3;

/// The frame over a room; `None` if there is none.
#[must_use]
pub fn view(Shapes { ball, ellipse }: &Shapes, (clips, tries): (Clips, &[Try]), room: Room) -> Option<Frame> {
    let (columns, rows) = (usize::from(room.columns), usize::from(room.rows));
    let side = |axis: usize| {
        let [low, high] = ends(ball.iter().chain(ellipse), axis);
        let low = low.max(0.0);
        let size = high - low;
        let steps = tries.iter().flat_map(|found| &found.stops).map(|stop| stop.at);
        // Half of a box would be a strip.
        let most = WIDEST * size;
        let edges = clips.higher().unwrap_or(clips.ends()).map(|at| at.clamp(1.0 - most, 1.0 + most).max(0.0));
        let held = |at: f64| at.clamp((low - BEYOND * size).max(0.0), high + BEYOND * size);
        let (low, high) = steps.fold((low.min(edges[0]), high.max(edges[1])), |(low, high), at| {
            (low.min(held(at[axis])), high.max(held(at[axis])))
        });
        let free = FREE[axis] * (high - low);
        let bottom = if low < NEAR * size { -BELOW * size } else { low - free };
        [if axis == 0 { low - free } else { bottom }, high + free]
    };
    let (x, y) = (side(0), side(1));
    let good = |range: [f64; 2]| range.iter().all(|v| v.is_finite()) && range[0] < range[1];
    if columns == 0 || rows == 0 || !good(x) || !good(y) {
        return None;
    }
    Some(centred(Frame { x, y, columns, rows }))
}

/// By less than a cell, so that the old policy lies in the middle of one and lines begin at its sign.
fn centred(frame: Frame) -> Frame {
    let [x, y] = frame.dot(1.0, 1.0);
    let off = |dot: f64, size: f64| dot - ((dot / size).floor() + 0.5) * size;
    let dot = [
        (frame.x[1] - frame.x[0]) / (2.0 * frame.columns as f64),
        (frame.y[1] - frame.y[0]) / (4.0 * frame.rows as f64),
    ];
    let by = [off(x, 2.0) * dot[0], -off(y, 4.0) * dot[1]];
    Frame { x: frame.x.map(|v| v + by[0]), y: frame.y.map(|v| v + by[1]), ..frame }
}

fn ends<'a>(points: impl Iterator<Item = &'a Point>, axis: usize) -> [f64; 2] {
    points.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], point| [low.min(point[axis]), high.max(point[axis])])
}
