//! The natural gradient (Amari 1998): steepest descent in KL, the same direction in every chart.
//!
//! The finite step is chart-free to first order only; see Song & Ermon (2018).

use super::{Local, Motion, Optimizer, OptimizerInfo, no_conflict};
use crate::math::linear::Cholesky;
use crate::registry::{Field, Range};

const LR: Field = Field::rate(0.1);
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of F");
const FISHER: Field = Field::choice("fisher", &["exact", "diagonal"], "which Fisher matrix is inverted");

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "natural-gradient",
    doc: "steepest descent in KL divergence",
    equation: "x ← x − lr (F + λ I)⁻¹ g",
    source: "Amari 1998",
    fields: &[LR, DAMPING, FISHER],
    conflict: no_conflict,
    build: |settings, n| {
        Box::new(NaturalGradient {
            lr: settings.number(&LR),
            damping: settings.number(&DAMPING),
            diagonal: settings.choice(&FISHER) == "diagonal",
            factor: Cholesky::new(n),
        })
    },
};

#[derive(Debug)]
struct NaturalGradient {
    lr: f64,
    damping: f64,
    diagonal: bool,
    factor: Cholesky,
}

impl NaturalGradient {
    /// (F + λI)⁻¹ g, with F or with its diagonal alone.
    fn direction(&mut self, here: &Local<'_>, out: &mut [f64]) -> Result<(), Motion> {
        if self.diagonal {
            for (i, &g) in here.gradient.iter().enumerate() {
                out[i] = g / here.diagonal(i, self.damping)?;
            }
        } else {
            here.factor(self.damping, &mut self.factor)?;
            self.factor.solve(here.gradient, out);
        }
        Ok(())
    }
}

impl Optimizer for NaturalGradient {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Motion {
        if let Err(singular) = self.direction(here, next) {
            return singular;
        }
        for (new, old) in next.iter_mut().zip(here.x) {
            *new = old - self.lr * *new;
        }
        Motion::Moved
    }
}
