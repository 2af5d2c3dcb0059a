//! The exponential map without a closed form: the initial value problem of the geodesic equation.
//!
//! Gragg-Bulirsch-Stoer extrapolation of the midpoint rule with adaptive order and step (Hairer, Nørsett & Wanner 1993,
//! §II.9). Errors are measured in the Fisher metric. Bounded: at most [`STEPS`] steps.

use super::Stop;
use crate::geometry::connection::Spray;
use crate::math::Vec2;

/// The maximum number of steps; none has a Fisher length above one.
const STEPS: usize = 2000;
/// Rows of the extrapolation table; row k divides the step by 2(k + 1).
const ROWS: usize = 8;
/// The tolerance of a step, relative to the Fisher length of the geodesic.
const TOLERANCE: f64 = 2e-14;
/// The smallest step in units of time; a geodesic that needs smaller ones has no end point.
const SMALLEST: f64 = 1e-9;

/// A position, or a displacement, and a velocity, or its change.
type State = [Vec2; 2];

/// The point that the geodesic from `x` with velocity `v` reaches after one unit of time, and its velocity there, all
/// in the spray's chart.
///
/// # Errors
/// [`Stop::Left`] if it leaves the family before, [`Stop::Lost`] if the integration fails.
pub fn exponential(spray: &Spray<'_>, x: Vec2, v: Vec2) -> Result<State, Stop> {
    let length = spray.speed(x, v).ok_or(Stop::Lost)?;
    if length == 0.0 {
        return Ok([x, v]);
    }
    let longest = (1.0 / length).min(1.0);
    let (mut x, mut v, mut t, mut h) = (x, v, 0.0, 0.5 * longest);
    for _ in 0..STEPS {
        let last = t + h >= 1.0 - 1e-12;
        let taken = if last { 1.0 - t } else { h };
        match step(spray, x, v, taken, length) {
            Some(([dx, dv], rows)) => {
                (x, v) = (x + dx, v + dv);
                if last {
                    return Ok([x, v]);
                }
                t += taken;
                h = if rows <= 5 { (1.6 * h).min(longest) } else { h };
            }
            None if h < SMALLEST => return Err(if borders(spray, x, v, h) { Stop::Left } else { Stop::Lost }),
            None => h = 0.4 * taken,
        }
    }
    Err(Stop::Lost)
}

/// Whether a straight step leaves the chart; otherwise it is the arithmetic that fails, not the family that ends.
fn borders(spray: &Spray<'_>, x: Vec2, v: Vec2, h: f64) -> bool {
    [1.0, 10.0, 100.0].into_iter().any(|far| spray.chart.point(x + v * (h * far)).is_none())
}

/// The displacement and the change of velocity of a step, and the number of rows it took; `None` if the table does not
/// converge.
fn step(spray: &Spray<'_>, x: Vec2, v: Vec2, h: f64, length: f64) -> Option<(State, usize)> {
    let p = spray.chart.point(x)?;
    let jacobian = spray.chart.jacobian(x, p);
    let fisher = spray.family.fisher(p);
    let size = |e: Vec2| (jacobian * e).dot(&(fisher * (jacobian * e))).max(0.0).sqrt();
    let start = spray.christoffel(x, v)?;
    let mut table: [State; ROWS] = [[Vec2::zeros(); 2]; ROWS];
    for row in 0..ROWS {
        let mut entry = midpoint(spray, x, v, start, h, 2 * (row + 1))?;
        // Neville's scheme: after the loop `entry` is the row's last column, `before` the one before it.
        let mut before = entry;
        for (column, finer) in table.iter_mut().enumerate().take(row) {
            let ratio = (row + 1) as f64 / (row - column) as f64;
            before = entry;
            let coarser = *finer;
            let higher = [0, 1].map(|i| entry[i] + (entry[i] - coarser[i]) / (ratio * ratio - 1.0));
            *finer = entry;
            entry = higher;
        }
        table[row] = entry;
        let error = size(entry[0] - before[0]).max(size(entry[1] - before[1]) * h);
        if row >= 2 && error <= TOLERANCE * length * h.max(0.05) {
            return Some((entry, row + 1));
        }
    }
    None
}

/// The displacement and the change of velocity by `n` steps of the midpoint rule.
fn midpoint(spray: &Spray<'_>, x: Vec2, v: Vec2, start: Vec2, h: f64, n: usize) -> Option<State> {
    let step = h / n as f64;
    let mut old: State = [Vec2::zeros(); 2];
    let mut now: State = [v * step, start * -step];
    for _ in 1..n {
        let w = v + now[1];
        let bend = spray.christoffel(x + now[0], w)?;
        (old, now) = (now, [old[0] + w * (2.0 * step), old[1] - bend * (2.0 * step)]);
    }
    Some(now)
}
