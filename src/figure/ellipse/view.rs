//! What is in view: the frame in which the shapes and the racers' glyphs beyond them have room.

use super::fan::Fan;
use super::steps::Around;
use crate::math::Vec2;
use crate::plot::{Frame, Room};

/// Columns left free on both sides together.
const SIDES: f64 = 6.0;
/// Rows left free above and below, and in pictures of at most so many rows.
const FREE: [f64; 2] = [2.5, 1.5];
const FREE_OF_FEW: [f64; 2] = [1.5, 1.0];
const FEW: u16 = 14;
/// An ellipse longer than this many times its width gets axes of its own.
const LONG: f64 = 4.0;
/// By how much the figure shrinks until all glyphs have room, and how often.
const SHRINK: f64 = 0.93;
const TRIES: i32 = 12;

/// A frame, and how many times longer a unit of the shorter axis is drawn.
pub type View = (Frame, f64);

/// What is in view in a room; `None` if there is none.
#[must_use]
pub fn view(around: &Around, room: Room) -> Option<View> {
    let shrunk = (0..TRIES).map_while(|k| fit(around, room, SHRINK.powi(k)));
    let roomy = |(frame, _): &View| Fan::new(around, frame, &[]).along;
    let mut last = None;
    for view in shrunk {
        if roomy(&view) {
            return Some(view);
        }
        last = last.or(Some(view));
    }
    last
}

/// The frame in which the shapes fill a share of the room, with the place in the middle of a cell.
fn fit(around: &Around, room: Room, share: f64) -> Option<View> {
    let (columns, rows) = (usize::from(room.columns), usize::from(room.rows));
    if columns == 0 || rows == 0 {
        return None;
    }
    let [above, below] = if room.rows <= FEW { FREE_OF_FEW } else { FREE };
    let free = |all: u16, free: f64| (f64::from(all) - free).max(1.0) * share;
    let free = Vec2::new(2.0 * free(room.columns, SIDES), 4.0 * free(room.rows, above + below));
    let [low, high] = around.bounds();
    let mut scale = free.component_div(&(high - low));
    let half = around.extent();
    let ratio = half[0] / half[1];
    let mut stretch = 1.0;
    if (1.0 / LONG..=LONG).contains(&ratio) {
        scale = Vec2::repeat(scale.min());
    } else {
        stretch = scale.max() / scale.min();
    }
    let centre = (low + high) * 0.5 + Vec2::new(0.0, 2.0 * (above - below) / scale[1]);
    let reach = Vec2::new(columns as f64 / scale[0], 2.0 * rows as f64 / scale[1]);
    let frame = |centre: Vec2| Frame {
        x: [centre[0] - reach[0], centre[0] + reach[0]],
        y: [centre[1] - reach[1], centre[1] + reach[1]],
        columns,
        rows,
    };
    // By less than a cell, so that rays begin at the sign of the place.
    let [x, y] = frame(centre).dot(around.place.x[0], around.place.x[1]);
    let off = |dot: f64, size: f64| dot - ((dot / size).floor() + 0.5) * size;
    let frame = frame(centre + Vec2::new(off(x, 2.0) / scale[0], -off(y, 4.0) / scale[1]));
    let good =
        frame.x.iter().chain(&frame.y).all(|v| v.is_finite()) && frame.x[0] < frame.x[1] && frame.y[0] < frame.y[1];
    (good && stretch.is_finite()).then_some((frame, stretch))
}
