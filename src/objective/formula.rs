//! A loss that the scenario writes as an expression in the family's canonical parameters.
//!
//! Reading it is the expression room's business; here it becomes a loss, with the optimum that a search finds. The Fisher
//! metric knows nothing of such a loss: it is about distributions, the formula is not.

use super::{Need, Objective, ObjectiveInfo};
use crate::expression::Expression;
use crate::family::Family;
use crate::math::linear::{determinant2, solve2};
use crate::math::{Mat2, Vec2};

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "expression",
    doc: "a formula in the family's parameters",
    formula: "`loss`, as (1-mean)^2 + sd",
    needs: &[Need::Loss],
    fields: &[],
};

/// Newton steps of a search, and halvings of one.
const STEPS: usize = 200;
const HALVINGS: i32 = 60;

/// An expression as a loss.
#[derive(Debug)]
pub struct Formula {
    loss: Expression,
    optimum: Option<Vec2>,
}

impl Formula {
    /// The loss `loss`, whose variables are the parameters of `family` in their order. Searches for its optimum from `start`
    /// and from the family's example: only a minimum that both lead to counts as one.
    #[must_use]
    pub fn new(loss: Expression, family: &dyn Family, start: Vec2) -> Self {
        let mut formula = Self { loss, optimum: None };
        let [first, second] = [start, Vec2::from(family.info().example)].map(|p| formula.search(family, p));
        formula.optimum = first.filter(|p| second.is_some_and(|q| (p - q).norm() <= 1e-6 * p.norm().max(1.0)));
        formula
    }

    /// The matrix of second derivatives in the parameters.
    #[must_use]
    pub fn hessian(&self, p: Vec2) -> Mat2 {
        self.loss.derivatives(p).hessian()
    }

    /// Newton's method with halving, downhill along the gradient where the loss is not convex: the point where it ends if
    /// that is a minimum by its gradient and Hessian.
    fn search(&self, family: &dyn Family, start: Vec2) -> Option<Vec2> {
        let mut p = start;
        let mut loss = self.value(p);
        for _ in 0..STEPS {
            let here = self.loss.derivatives(p);
            let hessian = here.hessian();
            let convex = hessian[(0, 0)] > 0.0 && determinant2(&hessian) > 0.0;
            let direction = if convex { solve2(&hessian, &here.gradient) } else { here.gradient };
            let decrement = here.gradient.dot(&direction);
            if !(loss.is_finite() && decrement.is_finite()) {
                return None;
            }
            let candidate = (0..HALVINGS).map(|halving| p - direction * 0.5_f64.powi(halving)).find_map(|q| {
                let value = if family.contains(q) { self.value(q) } else { f64::NAN };
                (value < loss).then_some((q, value))
            });
            match candidate {
                Some(better) => (p, loss) = better,
                // No digit left to gain.
                None => return (convex && decrement <= 1e-14 * loss.abs().max(1.0)).then_some(p),
            }
        }
        None
    }
}

impl Objective for Formula {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        self.loss.value(p.as_slice())
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        self.loss.derivatives(p).gradient
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }
}
