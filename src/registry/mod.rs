//! What a row of a registry is made of: names, fields with range and default, settings read from them.
//!
//! Holds no table itself: FAMILIES, OBJECTIVES and OPTIMIZERS stand in their own rooms.

pub mod field;

mod nearest;

pub use field::{Field, Kind, Preset, Range, Setting, Settings, covariance_fault, number};
pub use nearest::{Known, nearest, nearest_few};
