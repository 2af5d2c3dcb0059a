//! Mirror descent (Nemirovski & Yudin 1983) with the log-normalizer as its potential: a plain gradient step whose
//! gradient is taken in the natural chart and whose step is made in the expectation chart.
//!
//! The same as a natural gradient in the expectation chart (Raskutti & Mukherjee 2015), computed without a Fisher
//! matrix.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::problem::{Capability, Failure, Local};
use crate::registry::Field;

const LR: Field = Field::rate(0.1);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "mirror-descent",
    synonyms: &["mirror", "bregman"],
    doc: "steps in the expectation chart along the gradient of the natural one; `chart` only affects what is reported",
    equation: "η ← η − lr ∂L/∂θ",
    source: "Raskutti & Mukherjee 2015",
    fields: &[LR],
    rate: Some(Rate::step(&LR)),
    damping: None,
    trust_region: false,
    natural: |_| false,
    path: None,
    conflict: no_conflict,
    needs: |_| Some(("kind", Capability::Dual)),
    build: |settings, _| Box::new(MirrorDescent { lr: settings.number(&LR) }),
};

#[derive(Debug, Clone)]
struct MirrorDescent {
    lr: f64,
}

impl Optimizer for MirrorDescent {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        here.site.mirror(here.gradient, self.lr, next)?;
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
