//! Mirror descent (Nemirovski & Yudin 1983) with the log-normalizer as its potential: a plain gradient step whose
//! gradient is taken in the natural chart and whose step is made in the expectation chart.
//!
//! The same as a natural gradient in the expectation chart (Raskutti & Mukherjee 2015), computed without a Fisher
//! matrix. Of a tabular softmax policy it is the mirror image: the dual step is in the logits, π ← π exp(lr A)/Z (Agarwal,
//! Kakade, Lee & Mahajan 2021, §5.3), a natural gradient in the logits.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::problem::{Capability, Failure, Local, Outside};
use crate::registry::Field;

const LR: Field = Field::rate(0.1);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "mirror-descent",
    synonyms: &["mirror", "bregman"],
    doc: "steps in the dual chart along the gradient of the primal one; `chart` only affects what is reported",
    equation: "η ← η − lr ∂L/∂θ  (tabular softmax: π ← π exp(lr A)/Z)",
    source: "Raskutti & Mukherjee 2015; policies: Agarwal, Kakade, Lee & Mahajan 2021",
    fields: &[LR],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |_| false,
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
        here.site.mirror(here.gradient, here.rate(self.lr), next)?;
        Ok(Motion::Moved)
    }

    fn shorter(&self, here: &Local<'_>, share: f64, next: &mut [f64]) -> Option<Result<(), Outside>> {
        Some(here.site.mirror(here.gradient, share * here.rate(self.lr), next))
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
