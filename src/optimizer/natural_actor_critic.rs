//! The natural actor-critic (Peters & Schaal 2008): the critic fits advantages by the scores ∂log π, and its weights are the
//! natural gradient (Kakade 2002, theorem 1), without a Fisher matrix to invert.
//!
//! Where scores are linearly dependent the fit of least norm leaves alone what no action depends on.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::problem::{Capability, Failure, Local};
use crate::registry::Field;

const LR: Field = Field::rate(0.1);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "natural-actor-critic",
    synonyms: &["nac", "actor-critic", "enac"],
    doc: "steps along the weights with which the scores of actions fit their advantages",
    equation: "w = argmin E[(A − wᵀ∂log π)²];  x ← x + lr c w",
    source: "Peters & Schaal 2008; Kakade 2002",
    fields: &[LR],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| true,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: |_| Some(("kind", Capability::Critic)),
    build: |settings, n| Box::new(NaturalActorCritic { lr: settings.number(&LR), weights: vec![0.0; n] }),
};

#[derive(Debug, Clone)]
struct NaturalActorCritic {
    lr: f64,
    /// c w.
    weights: Vec<f64>,
}

impl Optimizer for NaturalActorCritic {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        here.site.compatible(here.draw, &mut self.weights);
        if !self.weights.iter().all(|w| w.is_finite()) {
            return Err(Failure::NotFinite("the critic's fit"));
        }
        let lr = here.rate(self.lr);
        for ((next, x), w) in next.iter_mut().zip(here.x()).zip(&self.weights) {
            *next = x + lr * w;
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
