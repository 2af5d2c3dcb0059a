//! The exponential map where it has no closed form: the geodesic equation integrated from its start.
//!
//! The midpoint rule extrapolated to step zero (Gragg, Bulirsch & Stoer; Hairer, Nørsett & Wanner 1993, §II.9), order and
//! step chosen as it goes. Errors are measured in the Fisher metric. Bounded: at most [`STEPS`] steps.

use super::Stop;
use crate::geometry::connection::Spray;
use crate::math::Vec2;

/// Steps before a geodesic counts as one that does not arrive; none longer than a Fisher length of one.
const STEPS: usize = 2000;
/// Rows of the extrapolation table; row k divides the step by 2(k + 1).
const ROWS: usize = 8;
/// The error of a step, by the Fisher length of the geodesic.
const TOLERANCE: f64 = 2e-14;
/// The smallest part of the way that a step may be before the geodesic counts as one that runs out of the family.
const SMALLEST: f64 = 1e-9;

/// A displacement and the velocity there.
type State = [Vec2; 2];

/// Where the geodesic from `x` with velocity `v`, both in the spray's chart, is after one unit of time, and its velocity there.
///
/// # Errors
/// Where it runs out of the family, and where the integration fails.
pub fn exponential(spray: &Spray<'_>, x: Vec2, v: Vec2) -> Result<State, Stop> {
    let length = speed(spray, x, v).ok_or(Stop::Lost)?;
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

/// Whether a step straight on leaves the chart: else it is the numbers that end, not the family.
fn borders(spray: &Spray<'_>, x: Vec2, v: Vec2, h: f64) -> bool {
    [1.0, 10.0, 100.0].into_iter().any(|far| spray.chart.point(x + v * (h * far)).is_none())
}

fn speed(spray: &Spray<'_>, x: Vec2, v: Vec2) -> Option<f64> {
    let p = spray.chart.point(x)?;
    let w = spray.chart.jacobian(x, p) * v;
    let square = w.dot(&(spray.family.fisher(p) * w));
    (square >= 0.0 && square.is_finite()).then(|| square.sqrt())
}

/// What a step changes, and how many rows it took; `None` if the table does not converge.
fn step(spray: &Spray<'_>, x: Vec2, v: Vec2, h: f64, length: f64) -> Option<(State, usize)> {
    let p = spray.chart.point(x)?;
    let jacobian = spray.chart.jacobian(x, p);
    let fisher = spray.family.fisher(p);
    let size = |e: Vec2| (jacobian * e).dot(&(fisher * (jacobian * e))).max(0.0).sqrt();
    let start = spray.bend(x, v)?;
    let mut table: [State; ROWS] = [[Vec2::zeros(); 2]; ROWS];
    for row in 0..ROWS {
        let mut entry = midpoint(spray, x, v, start, h, 2 * (row + 1))?;
        // Neville: after the loop `entry` is the row's last column, `before` the one beside it.
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

/// `n` steps of the midpoint rule, as displacement and change of the velocity.
fn midpoint(spray: &Spray<'_>, x: Vec2, v: Vec2, start: Vec2, h: f64, n: usize) -> Option<State> {
    let step = h / n as f64;
    let mut old: State = [Vec2::zeros(); 2];
    let mut now: State = [v * step, start * -step];
    for _ in 1..n {
        let w = v + now[1];
        let bend = spray.bend(x + now[0], w)?;
        (old, now) = (now, [old[0] + w * (2.0 * step), old[1] - bend * (2.0 * step)]);
    }
    Some(now)
}
