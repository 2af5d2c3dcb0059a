//! Adam (Kingma & Ba 2015, algorithm 1) as in torch.optim.Adam.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict, no_needs};
use crate::problem::{Failure, Local};
use crate::registry::{Field, Range};

const LR: Field = Field::rate(0.001);
const BETA1: Field = Field::number("beta1", 0.9, Range::UNIT, "decay rate of the running mean").or(&["b1"]);
const BETA2: Field =
    Field::number("beta2", 0.999, Range::UNIT, "decay rate of the running mean of squares").or(&["b2"]);
const EPS: Field = Field::number("eps", 1e-8, Range::NON_NEGATIVE, "ε: added to the square root").or(&["epsilon"]);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "adam",
    synonyms: &["adamw"],
    doc: "bias-corrected running means of the gradient and of its square",
    equation: "m ← β₁ m + (1−β₁) g;  v ← β₂ v + (1−β₂) g²;  x ← x − lr m̂/(√v̂ + eps)",
    source: "torch.optim.Adam; Kingma & Ba 2015",
    fields: &[LR, BETA1, BETA2, EPS],
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
        Box::new(Adam {
            lr: settings.number(&LR),
            beta: [settings.number(&BETA1), settings.number(&BETA2)],
            eps: settings.number(&EPS),
            power: [1.0, 1.0],
            mean: vec![0.0; n],
            square: vec![0.0; n],
        })
    },
};

#[derive(Debug, Clone)]
struct Adam {
    lr: f64,
    beta: [f64; 2],
    eps: f64,
    /// β₁ᵗ and β₂ᵗ.
    power: [f64; 2],
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Optimizer for Adam {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        let [beta1, beta2] = self.beta;
        self.power = [self.power[0] * beta1, self.power[1] * beta2];
        let rate = here.rate(self.lr) / (1.0 - self.power[0]);
        let correction = (1.0 - self.power[1]).sqrt();
        let x = here.x();
        for (i, &g) in here.gradient.iter().enumerate() {
            self.mean[i] = beta1 * self.mean[i] + (1.0 - beta1) * g;
            self.square[i] = beta2 * self.square[i] + (1.0 - beta2) * g * g;
            next[i] = x[i] - rate * self.mean[i] / (self.square[i].sqrt() / correction + self.eps);
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }

    fn divisor(&self) -> Option<Vec<f64>> {
        let correction = (1.0 - self.power[1]).sqrt();
        (self.power[1] < 1.0).then(|| self.square.iter().map(|v| v.sqrt() / correction + self.eps).collect())
    }

    fn memory(&self) -> Vec<(&'static str, Vec<f64>)> {
        if self.power[1] >= 1.0 {
            return Vec::new();
        }
        let corrected = |sums: &[f64], power: f64| sums.iter().map(|sum| sum / (1.0 - power)).collect::<Vec<_>>();
        let square = corrected(&self.square, self.power[1]);
        let root = square.iter().map(|v| v.sqrt()).collect();
        vec![("m̂", corrected(&self.mean, self.power[0])), ("√v̂", root), ("v̂", square)]
    }
}
