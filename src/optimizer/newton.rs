//! Newton's method with the plain Hessian of the loss in the chart at hand: not a tensor, so it depends on the chart,
//! and nothing keeps it from a maximum or a saddle.

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::math::linear::eliminate;
use crate::problem::{Capability, Failure, Local};
use crate::registry::{Field, Range};

const LR: Field = Field::rate(1.0);
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of H").or(&[
    "lambda",
    "ridge",
    "regularization",
    "tikhonov",
]);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "newton",
    synonyms: &["newton-raphson"],
    doc: "steps to the stationary point of the loss's quadratic model, minimum or not",
    equation: "x ← x − lr (H + λ I)⁻¹ g",
    source: "Nocedal & Wright 2006, §3.3",
    fields: &[LR, DAMPING],
    rate: Some(Rate::step(&LR)),
    damping: Some(&DAMPING),
    bounds: None,
    capped: true,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: |_| Some(("kind", Capability::Hessians)),
    build: |settings, _| Box::new(Newton { lr: settings.number(&LR), damping: settings.number(&DAMPING) }),
};

#[derive(Debug, Clone)]
struct Newton {
    lr: f64,
    damping: f64,
}

impl Optimizer for Newton {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        let hessian = here.site.hessian();
        if !hessian.iter().all(|entry| entry.is_finite()) {
            return Err(Failure::NotFinite("the Hessian"));
        }
        let matrix = if self.damping == 0.0 { "H" } else { "H + λI" };
        eliminate(hessian, self.damping, here.gradient, next).map_err(|defect| Failure::Singular { matrix, defect })?;
        let lr = here.rate(self.lr);
        for (new, old) in next.iter_mut().zip(here.x()) {
            *new = old - lr * *new;
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
