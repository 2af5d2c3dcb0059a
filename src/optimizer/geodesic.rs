//! Riemannian gradient descent: the natural gradient followed along the Fisher-Rao geodesic, the same in every chart.
//!
//! The problem supplies the exponential map; this file only takes the step.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::problem::{Capability, Failure, Local};
use crate::registry::Field;

const LR: Field = Field::rate(0.1);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "geodesic",
    synonyms: &["riemannian", "riemannian-gradient-descent", "exponential-map"],
    doc: "the natural gradient along a Fisher-Rao geodesic",
    equation: "x ← Exp_x(−lr F⁻¹ g)",
    source: "Riemannian gradient descent; Absil, Mahony & Sepulchre 2008, §4",
    fields: &[LR],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: |_| Some(("kind", Capability::Geodesics)),
    build: |settings, n| Box::new(Geodesic { lr: settings.number(&LR), velocity: vec![0.0; n] }),
};

#[derive(Debug, Clone)]
struct Geodesic {
    lr: f64,
    velocity: Vec<f64>,
}

impl Optimizer for Geodesic {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        here.natural(0.0, &mut self.velocity)?;
        let lr = here.rate(self.lr);
        for v in &mut self.velocity {
            *v *= -lr;
        }
        here.site.exponential(&self.velocity, next)?;
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
