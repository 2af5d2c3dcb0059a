//! A loss that a scenario gives as an expression in the family's canonical parameters.
//!
//! Parsing is `expression`'s business; here the expression becomes a loss, with the optimum that a search finds. Such a
//! loss has no relation to the Fisher metric: it need not be a function of distributions in any natural sense.

use std::sync::Arc;

use super::search::{Effort, minimum};
use super::{Objective, ObjectiveInfo, Of};
use crate::expression::Expression;
use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Variables};

const LOSS: Field = Field {
    name: "loss",
    kind: Kind::Formula(Variables::Parameters),
    default: Preset::Required,
    doc: "an expression in the family's parameters: loss = \"(1-mean)^2 + sd\"",
    synonyms: &["formula", "expression", "function"],
};

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "expression",
    synonyms: &["formula", "function"],
    doc: "a formula in the family's parameters",
    formula: "`loss`, as (1-mean)^2 + sd",
    unit: None,
    fields: &[LOSS],
    unrewarded: |_| Some("expression"),
    conflict: |_| None,
    of: Of::Family {
        densities: |_, _| 0,
        build: |settings, family, start| Arc::new(Formula::new(settings.formula(&LOSS), &**family, start)),
    },
};

/// A formula takes almost no time, so the search need not be limited.
const EFFORT: Effort<'_> = Effort { steps: 200, halvings: 60, goes_on: &|| true };

/// An expression as a loss.
#[derive(Debug)]
pub struct Formula {
    loss: Expression,
    optimum: Option<Vec2>,
}

impl Formula {
    /// The loss `loss`, whose variables are the parameters of `family` in their order. Searches for its optimum from
    /// `start` and from the family's example point; only a minimum that both searches find is the optimum.
    #[must_use]
    pub fn new(loss: Expression, family: &dyn Family, start: Vec2) -> Self {
        let mut formula = Self { loss, optimum: None };
        formula.optimum = minimum(&formula, family, start, EFFORT);
        formula
    }
}

impl Objective for Formula {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        self.loss.value(p.as_slice())
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        self.loss.derivatives(p).gradient
    }

    fn hessian(&self, p: Vec2) -> Mat2 {
        self.loss.derivatives(p).hessian()
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }
}
