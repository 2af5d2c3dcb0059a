//! Derivatives by central differences with two Richardson steps: what closed forms of slopes are checked with.
//!
//! Knows families only to ask how long a step may be.

use crate::family::{Family, Support};
use crate::math::{Mat2, Vec2};

/// The step in Fisher lengths: short beside all structure, long beside rounding.
const STEP: f64 = 0.02;
/// How many steps there must be to the edge of the family, next to which all slopes grow.
const ROOM: f64 = 25.0;
/// The longest step of an angle: a flat density on the circle has a Fisher length of many turns.
const TURN: f64 = 0.05;

/// A step in each parameter: a fiftieth of the Fisher length 1, less where the family ends near by.
pub fn steps(family: &dyn Family, p: Vec2) -> Vec2 {
    let fisher = family.fisher(p);
    let along = |i: usize| {
        let most = if i == 0 && family.support() == Support::Circle { TURN } else { f64::INFINITY };
        let longest = (STEP / fisher[(i, i)].sqrt()).min(most);
        let fits = |h: f64| {
            let mut far = Vec2::zeros();
            far[i] = ROOM * h;
            family.contains(p + far) && family.contains(p - far)
        };
        (0..60).map(|k| longest * 0.5_f64.powi(k)).find(|h| fits(*h)).unwrap_or(f64::NAN)
    };
    Vec2::new(along(0), along(1))
}

/// The slope at zero of a pair, over a step.
pub fn slope(f: impl Fn(f64) -> Vec2, step: f64) -> Vec2 {
    let central = |h: f64| (f(h) - f(-h)) / (2.0 * h);
    let [whole, half, quarter] = [step, 0.5 * step, 0.25 * step].map(central);
    let (coarse, fine) = ((half * 4.0 - whole) / 3.0, (quarter * 4.0 - half) / 3.0);
    (fine * 16.0 - coarse) / 15.0
}

/// The matrix ∂f/∂p of a pair: a column a parameter.
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

/// The gradient of a number.
pub fn gradient(f: impl Fn(Vec2) -> f64, p: Vec2, steps: Vec2) -> Vec2 {
    jacobian(|q| Vec2::new(f(q), 0.0), p, steps).row(0).transpose()
}
