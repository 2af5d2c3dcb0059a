//! The search for the minimum of a loss that does not know it.
//!
//! Not an optimizer of a race: it uses the exact loss and its Hessian, as often as its [`Effort`] allows.

use super::Objective;
use crate::family::Family;
use crate::geometry::ellipse::ellipse;
use crate::math::Vec2;
use crate::math::linear::{determinant2, solve2};

/// The limits of a search.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Whether the work so far allows it to continue.
    pub goes_on: &'a dyn Fn() -> bool,
    /// The maximum number of Newton steps.
    pub steps: usize,
    /// The maximum number of halvings of a step.
    pub halvings: i32,
}

/// Fisher lengths of the steps around a minimum at which the loss is looked at, and how many steps of each.
const AROUND: [f64; 2] = [1.5, 3.0];
const STEPS: usize = 16;
/// By how much, relative to the loss, one value is below another.
const LOWER: f64 = 1e-4;

/// The minimum that the searches from `start` and from the family's example both find; `None` if either finds none, if they
/// differ, or if the loss is lower elsewhere around it.
pub fn minimum(objective: &dyn Objective, family: &dyn Family, start: Vec2, effort: Effort<'_>) -> Option<Vec2> {
    let first = search(objective, family, start, effort)?;
    let second = search(objective, family, family.info().example.into(), effort)?;
    let same = (first - second).norm() <= 1e-6 * first.norm().max(1.0);
    (same && !is_beaten(objective, family, first)).then_some(first)
}

/// Whether the loss is lower at a place around a minimum: then that is one well of several.
fn is_beaten(objective: &dyn Objective, family: &dyn Family, p: Vec2) -> bool {
    let (fisher, value) = (family.fisher(p), objective.value(p));
    let steps = AROUND.iter().flat_map(|length| ellipse(&fisher, 0.5 * length * length, STEPS));
    let places: Vec<Vec2> = steps.map(|step| p + step).filter(|q| family.contains(*q)).collect();
    let mut values = vec![f64::NAN; places.len()];
    objective.values(&places, &mut values);
    values.iter().any(|other| *other < value - LOWER * value.abs())
}

/// Newton's method with step halving, and gradient descent where the loss is not convex. Returns the point where it
/// ends if that is a minimum by gradient and Hessian.
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
            // No further decrease is possible in double precision.
            None => return (convex && (effort.goes_on)() && decrement <= 1e-14 * loss.abs().max(1.0)).then_some(p),
        }
    }
    None
}
