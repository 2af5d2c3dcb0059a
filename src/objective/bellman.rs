//! The mean squared Bellman residual of a value function, as a row: `problem::value` computes it.

use super::{ObjectiveInfo, Of, returns};
use crate::registry::{Field, Preset};

/// γ, which there is no default for.
pub const DISCOUNT: Field = Field { default: Preset::Required, ..returns::DISCOUNT };

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "bellman-residual",
    synonyms: &["msbe", "mean-squared-bellman-error", "td-error", "bellman-error"],
    doc: "half the mean square over the states of r + γ V(s') − V(s); for value functions",
    formula: "½ mean (r + γ P V − V)²",
    unit: None,
    fields: &[DISCOUNT],
    unrewarded: |_| Some("bellman-residual"),
    conflict: |_| None,
    of: Of::Value,
};
