//! `AdaGrad` (Duchi, Hazan & Singer 2011) as in torch.optim.Adagrad.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict, no_needs};
use crate::problem::{Failure, Local};
use crate::registry::{Field, Range};

const LR: Field = Field::rate(0.01);
const EPS: Field = Field::number("eps", 1e-10, Range::NON_NEGATIVE, "ε: added to the square root").or(&["epsilon"]);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "adagrad",
    synonyms: &["ada-grad"],
    doc: "divides by the root of the summed squared gradients",
    equation: "s ← s + g²;  x ← x − lr g/(√s + eps)",
    source: "torch.optim.Adagrad; Duchi, Hazan & Singer 2011",
    fields: &[LR, EPS],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: no_needs,
    build: |settings, n| Box::new(Adagrad { lr: settings.number(&LR), eps: settings.number(&EPS), sum: vec![0.0; n] }),
};

#[derive(Debug, Clone)]
struct Adagrad {
    lr: f64,
    eps: f64,
    sum: Vec<f64>,
}

impl Optimizer for Adagrad {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        let (x, lr) = (here.x(), here.rate(self.lr));
        for (i, &g) in here.gradient.iter().enumerate() {
            self.sum[i] += g * g;
            next[i] = x[i] - lr * g / (self.sum[i].sqrt() + self.eps);
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }

    fn divisor(&self) -> Option<Vec<f64>> {
        let stepped = self.sum.iter().any(|v| *v > 0.0);
        stepped.then(|| self.sum.iter().map(|v| v.sqrt() + self.eps).collect())
    }
}
