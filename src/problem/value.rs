//! Linear value functions and the mean squared Bellman residual.

pub mod info;

mod axes;
mod stub;

use std::sync::Arc;

use super::process::Finite;

pub use info::{VALUES, ValueInfo};

/// Features of the states of a process of one action, as plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearValue {
    /// The number of features.
    pub width: usize,
    /// A row for every state, one after the other.
    pub features: Arc<[f64]>,
    /// w = mixing·v, row by row; regular.
    pub mixing: Option<Arc<[f64]>>,
    /// The process, of one action.
    pub process: Arc<Finite>,
}
