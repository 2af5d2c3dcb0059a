//! The building blocks of registry rows: names, fields with range and default, settings.
//!
//! The tables themselves (FAMILIES, OBJECTIVES, OPTIMIZERS, …) are in their own modules.

pub mod field;

pub use crate::nearest::{Known, nearest, nearest_few};
pub use field::{Field, Kind, Preset, Range, Setting, Settings, covariance_fault, number, whole};
