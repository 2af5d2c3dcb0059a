//! The building blocks of registry rows: fields, ranges, defaults, settings.
//!
//! The tables themselves (FAMILIES, OBJECTIVES, OPTIMIZERS, …) are in their own modules.

mod field;
mod nested;
mod range;
mod read;
mod setting;

pub use crate::nearest::{Known, nearest, nearest_few};
pub use field::{Field, File, Kind, More, Preset, Row, Rows, Text, Variables};
pub use nested::{Fault, Nested, Record, Spot};
pub use range::Range;
pub use read::{covariance_fault, number, three_digits, whole};
pub use setting::{Setting, Settings, intern};
