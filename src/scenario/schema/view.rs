//! `[view]`.

use super::{Field, Kind, Range, Rows, View, chart, optional, overlays};

/// The chart of the axes.
pub const CHART: Field = chart("the axes of the landscape; default: the chart of `[model]`");
/// The horizontal range.
pub const X: Field = optional("x", Kind::Interval, "range of the first coordinate; default: what the paths need");
/// The vertical range.
pub const Y: Field = optional("y", Kind::Interval, "range of the second coordinate");
/// The overlays that are on.
pub const OVERLAYS: Field = optional(
    "overlays",
    Kind::Names(Rows { noun: "overlay", all: overlays }),
    "what is drawn over the landscape; default: the overlays that are shown unless told otherwise",
);
/// The pace of playback.
pub const SPEED: Field = Field::number("speed", View::SPEED, Range::between(View::SPEEDS), "steps per second at 1×");
/// The radius δ.
pub const DELTA: Field = Field::number(
    "delta",
    View::DELTA,
    Range::between(View::DELTAS),
    "δ of the ellipse pane and of balls, nats; `{ }` change it",
);
/// The plane on which more than two parameters are drawn.
pub const PLANE: Field = optional(
    "plane",
    Kind::Table(super::plane::KEYS),
    "the plane through the start on which more than two parameters are drawn; default: { kind = \"paths\" }",
);
/// The steps of the trace.
pub const TIME: Field = Field::choice(
    "time",
    &["linear", LOG],
    "the steps of the trace: evenly spaced, or by their logarithm, for plateaus",
);
/// By their logarithm.
pub const LOG: &str = "log";
/// Its keys.
pub const KEYS: &[Field] = &[CHART, X, Y, OVERLAYS, SPEED, DELTA, PLANE, TIME];
