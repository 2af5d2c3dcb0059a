//! Riemannian gradient descent: the natural gradient followed along the Fisher-Rao geodesic, the same in every chart.
//!
//! The problem supplies the exponential map; this file only takes the step.

use super::{Local, Motion, Optimizer, OptimizerInfo, no_conflict, no_needs};
use crate::math::linear::Cholesky;
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
    conflict: no_conflict,
    needs: no_needs,
    build: |settings, n| {
        Box::new(Geodesic { lr: settings.number(&LR), factor: Cholesky::new(n), velocity: vec![0.0; n] })
    },
};

#[derive(Debug)]
struct Geodesic {
    lr: f64,
    factor: Cholesky,
    velocity: Vec<f64>,
}

impl Optimizer for Geodesic {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Motion {
        if let Err(singular) = here.natural(0.0, &mut self.factor, &mut self.velocity) {
            return singular;
        }
        for v in &mut self.velocity {
            *v *= -self.lr;
        }
        match here.problem.exponential(here.x, &self.velocity, next) {
            Ok(()) => Motion::Moved,
            Err(ended) => ended,
        }
    }
}
