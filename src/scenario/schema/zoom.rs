//! `zoom = { .. }` of a cue.

use super::{Field, Kind, required};

/// The horizontal range.
pub const X: Field = required("x", Kind::Interval, "give the range of the first coordinate: x = [from, to]");
/// The vertical range.
pub const Y: Field = required("y", Kind::Interval, "give the range of the second coordinate: y = [from, to]");
/// Its keys.
pub const KEYS: &[Field] = &[X, Y];
