//! Gradient descent, with momentum after Polyak (1964) and Nesterov (1983) as in torch.optim.SGD.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_needs};
use crate::problem::{Failure, Local};
use crate::registry::{Field, Range};

const LR: Field = Field::rate(0.01);
const MOMENTUM: Field =
    Field::number("momentum", 0.0, Range::NON_NEGATIVE, "fraction of the last step that is retained")
        .or(&["mu", "beta"]);
const NESTEROV: Field = Field::flag("nesterov", "look ahead along the momentum");

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "sgd",
    synonyms: &["gd", "gradient-descent", "momentum", "nesterov"],
    doc: "steps along the gradient, with or without momentum",
    equation: "b ← m b + g;  x ← x − lr b  (nesterov: x − lr (g + m b))",
    source: "torch.optim.SGD; Polyak 1964, Nesterov 1983",
    fields: &[LR, MOMENTUM, NESTEROV],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |settings| settings.number(&MOMENTUM) == 0.0,
    path: None,
    conflict: |settings| {
        (settings.flag(&NESTEROV) && settings.number(&MOMENTUM) == 0.0)
            .then_some((NESTEROV.name, "nesterov = true needs momentum > 0"))
    },
    needs: no_needs,
    build: |settings, n| {
        Box::new(Sgd {
            lr: settings.number(&LR),
            momentum: settings.number(&MOMENTUM),
            nesterov: settings.flag(&NESTEROV),
            buffer: vec![0.0; n],
        })
    },
};

#[derive(Debug, Clone)]
struct Sgd {
    lr: f64,
    momentum: f64,
    nesterov: bool,
    /// b: zero before the first step, so that b = g there, as in torch.
    buffer: Vec<f64>,
}

impl Optimizer for Sgd {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        let (x, lr) = (here.x(), here.rate(self.lr));
        for (i, &g) in here.gradient.iter().enumerate() {
            self.buffer[i] = self.momentum * self.buffer[i] + g;
            let direction = if self.nesterov { g + self.momentum * self.buffer[i] } else { self.buffer[i] };
            next[i] = x[i] - lr * direction;
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
