//! The search for a loss's least point, for losses that do not know theirs.
//!
//! Not an optimizer of a race: it sees the exact loss with its Hessian and may take as many looks as it likes.

use super::Objective;
use crate::family::Family;
use crate::math::Vec2;
use crate::math::linear::{determinant2, solve2};

/// How long a search may go on.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Whether it may go on after what it has cost so far.
    pub goes_on: &'a dyn Fn() -> bool,
    /// Newton steps.
    pub steps: usize,
    /// Halvings of one.
    pub halvings: i32,
}

/// The minimum that searches from `start` and from the family's example both lead to; `None` if they part or find none.
pub fn minimum(objective: &dyn Objective, family: &dyn Family, start: Vec2, effort: Effort<'_>) -> Option<Vec2> {
    let first = search(objective, family, start, effort)?;
    let second = search(objective, family, family.info().example.into(), effort)?;
    ((first - second).norm() <= 1e-6 * first.norm().max(1.0)).then_some(first)
}

/// Newton's method with halving, downhill along the gradient where the loss is not convex: the point where it ends if that
/// is a minimum by its gradient and Hessian.
fn search(objective: &dyn Objective, family: &dyn Family, start: Vec2, effort: Effort<'_>) -> Option<Vec2> {
    let mut p = start;
    let mut loss = objective.value(p);
    for _ in 0..effort.steps {
        let (gradient, hessian) = (objective.gradient(p), objective.hessian(p));
        let convex = hessian[(0, 0)] > 0.0 && determinant2(&hessian) > 0.0;
        let direction = if convex { solve2(&hessian, &gradient) } else { gradient };
        let decrement = gradient.dot(&direction);
        if !(loss.is_finite() && decrement.is_finite() && (effort.goes_on)()) {
            return None;
        }
        let candidate = (0..effort.halvings)
            .take_while(|_| (effort.goes_on)())
            .map(|halving| p - direction * 0.5_f64.powi(halving))
            .find_map(|q| {
                let value = if family.contains(q) { objective.value(q) } else { f64::NAN };
                (value < loss).then_some((q, value))
            });
        match candidate {
            Some(better) => (p, loss) = better,
            // No digit left to gain.
            None => return (convex && (effort.goes_on)() && decrement <= 1e-14 * loss.abs().max(1.0)).then_some(p),
        }
    }
    None
}
