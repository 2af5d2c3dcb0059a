//! The building blocks of registry rows: names, fields with range and default, settings.
//!
//! The tables themselves (FAMILIES, OBJECTIVES, OPTIMIZERS, …) are in their own modules.

pub mod field;

mod nearest;

pub use field::{Field, Kind, Preset, Range, Setting, Settings, covariance_fault, number};
pub use nearest::{Known, nearest, nearest_few};
