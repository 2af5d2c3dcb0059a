//! `RMSProp` (Tieleman & Hinton 2012) as in torch.optim.RMSprop, without momentum and centring.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict, no_needs};
use crate::problem::{Failure, Local};
use crate::registry::{Field, Range};

const LR: Field = Field::rate(0.01);
const ALPHA: Field = Field::number("alpha", 0.99, Range::UNIT, "decay rate of the running mean of squares").or(&[
    "rho",
    "decay",
    "smoothing",
]);
const EPS: Field = Field::number("eps", 1e-8, Range::NON_NEGATIVE, "ε: added to the square root").or(&["epsilon"]);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "rmsprop",
    synonyms: &["rms"],
    doc: "divides by the root of a running mean of squared gradients",
    equation: "v ← α v + (1−α) g²;  x ← x − lr g/(√v + eps)",
    source: "torch.optim.RMSprop; Tieleman & Hinton 2012",
    fields: &[LR, ALPHA, EPS],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: no_needs,
    build: |settings, n| {
        Box::new(RmsProp {
            lr: settings.number(&LR),
            alpha: settings.number(&ALPHA),
            eps: settings.number(&EPS),
            square: vec![0.0; n],
        })
    },
};

#[derive(Debug, Clone)]
struct RmsProp {
    lr: f64,
    alpha: f64,
    eps: f64,
    square: Vec<f64>,
}

impl Optimizer for RmsProp {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        let (x, lr) = (here.x(), here.rate(self.lr));
        for (i, &g) in here.gradient.iter().enumerate() {
            self.square[i] = self.alpha * self.square[i] + (1.0 - self.alpha) * g * g;
            next[i] = x[i] - lr * g / (self.square[i].sqrt() + self.eps);
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }

    fn divisor(&self) -> Option<Vec<f64>> {
        let stepped = self.square.iter().any(|v| *v > 0.0);
        stepped.then(|| self.square.iter().map(|v| v.sqrt() + self.eps).collect())
    }
}
