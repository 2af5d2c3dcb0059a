//! Derivatives by central differences with two steps of Richardson extrapolation, against which closed-form derivatives
//! are checked.
//!
//! Knows families only to choose the step sizes.

use crate::family::{Family, Support};
use crate::math::{Mat2, Vec2};

/// The step in Fisher lengths: short relative to all structure, long relative to rounding.
const STEP: f64 = 0.02;
/// The least distance to the boundary of the family in steps; derivatives grow near it.
const MARGIN: f64 = 25.0;
/// The longest step in an angle: for a flat density on the circle a unit of Fisher length is many turns.
const TURN: f64 = 0.05;

/// A step size for each parameter: 1/50 of a unit of Fisher length, halved as often as the boundary of the family
/// requires; NaN if 59 halvings are not enough.
pub fn steps(family: &dyn Family, p: Vec2) -> Vec2 {
    let fisher = family.fisher(p);
    let along = |i: usize| {
        let most = if i == 0 && family.support() == Support::Circle { TURN } else { f64::INFINITY };
        let longest = (STEP / fisher[(i, i)].sqrt()).min(most);
        let fits = |h: f64| {
            let mut far = Vec2::zeros();
            far[i] = MARGIN * h;
            family.contains(p + far) && family.contains(p - far)
        };
        (0..60).map(|k| longest * 0.5_f64.powi(k)).find(|h| fits(*h)).unwrap_or(f64::NAN)
    };
    Vec2::new(along(0), along(1))
}

/// The derivative at zero of a vector-valued function of one variable, from steps of at most `step`.
pub fn slope(f: impl Fn(f64) -> Vec2, step: f64) -> Vec2 {
    let central = |h: f64| (f(h) - f(-h)) / (2.0 * h);
    let [whole, half, quarter] = [step, 0.5 * step, 0.25 * step].map(central);
    let (coarse, fine) = ((half * 4.0 - whole) / 3.0, (quarter * 4.0 - half) / 3.0);
    (fine * 16.0 - coarse) / 15.0
}

/// The Jacobian ∂f/∂p, one column per parameter.
pub fn jacobian(f: impl Fn(Vec2) -> Vec2, p: Vec2, steps: Vec2) -> Mat2 {
    let column = |i: usize| {
        let along = |h: f64| {
            let mut q = p;
            q[i] += h;
            f(q)
        };
        slope(along, steps[i])
    };
    Mat2::from_columns(&[column(0), column(1)])
}

/// The gradient of a scalar function.
pub fn gradient(f: impl Fn(Vec2) -> f64, p: Vec2, steps: Vec2) -> Vec2 {
    jacobian(|q| Vec2::new(f(q), 0.0), p, steps).row(0).transpose()
}
