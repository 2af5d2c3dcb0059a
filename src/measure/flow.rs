//! The flow that a racer follows in the limit of small rates: x′ is its step over its rate.
//!
//! Integrated by the pair of orders 5 and 4 of Dormand & Prince (1980) with steps of its own choice, so that a plateau of a
//! million units of time costs a few hundred of them. What a step of finite rate does is the race's.

use crate::objective::Draw;
use crate::optimizer::Optimizer;
use crate::problem::{Local, Problem, Site};
use crate::race::World;
use crate::work::{Cancelled, Progress};

/// The error that a step may have, relative to what the coordinates have come to, and to 1 where that is less.
const TOLERANCE: f64 = 1e-10;
/// The most steps: a flow that needs more is taken to have none of that loss.
const STEPS: usize = 20_000;
/// The nodes of the pair need no table, since a flow does not depend on the time.
const STAGES: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];
/// The fifth order's weights less the fourth's.
const ERROR: [f64; 7] =
    [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339_200.0, 22.0 / 525.0, -1.0 / 40.0];

/// The time at which the loss along a racer's flow from the start falls to `level`; `None` if it never does, or if the flow
/// leaves the space before. `watch` is called with every point on the way.
///
/// # Errors
/// If nobody wants the result any more.
pub fn time(
    world: &World,
    racer: usize,
    level: f64,
    progress: &Progress,
    mut watch: impl FnMut(&dyn Site),
) -> Result<Option<f64>, Cancelled> {
    let spec = &world.scenario.racers[racer];
    let problem = world.problem_for(spec);
    let start = problem.start(&world.scenario.start);
    let Some(rate) = spec.kind.rate.map(|rate| spec.settings.number(rate.field)) else { return Ok(None) };
    let field = Field { problem: &*problem, optimizer: (spec.kind.build)(&spec.settings, problem.dimension()), rate };
    let mut x = start.x().to_vec();
    let mut loss = start.loss();
    watch(&*start);
    let Some(mut slope) = field.slope(&*start) else { return Ok(None) };
    let (mut now, mut step) = (0.0, 1e-3 / largest(&slope).max(1e-3));
    for _ in 0..STEPS {
        progress.check()?;
        if loss <= level {
            return Ok(Some(now));
        }
        let tried = field.step(&x, &slope, step);
        let error = tried.as_ref().map_or(f64::INFINITY, |tried| tried.error);
        if let Some(tried) = tried.filter(|tried| tried.error <= 1.0) {
            if tried.loss <= level {
                return Ok(field.crossing(&x, &slope, step, level).map(|rest| now + rest));
            }
            now += step;
            watch(&*problem.at(&tried.x));
            (x, slope, loss) = (tried.x, tried.slope, tried.loss);
        }
        step *= (0.9 * error.powf(-0.2)).clamp(0.2, 5.0);
        // At rest, or at a border.
        if !(step.is_finite() && now + step > now) {
            break;
        }
    }
    Ok(None)
}

/// What a racer's rate is multiplied by, point by point.
struct Field<'a> {
    problem: &'a dyn Problem,
    optimizer: Box<dyn Optimizer>,
    rate: f64,
}

/// Where a step leads.
struct Tried {
    x: Vec<f64>,
    slope: Vec<f64>,
    loss: f64,
    /// Its error over the one allowed.
    error: f64,
}

impl Field<'_> {
    /// The vector at a point; `None` where there is none.
    fn slope(&self, site: &dyn Site) -> Option<Vec<f64>> {
        let gradient = site.gradient();
        if !gradient.iter().all(|g| g.is_finite()) {
            return None;
        }
        // The step of a rate.
        let moved = |rate: f64| -> Option<Vec<f64>> {
            let here = Local { site, gradient, draw: Draw { seed: 0, step: 0 }, schedule: rate / self.rate };
            let mut next = vec![0.0; gradient.len()];
            self.optimizer.fork().step(&here, &mut next).ok()?;
            Some(next.iter().zip(site.x()).map(|(next, x)| next - x).collect())
        };
        // A step much shorter than the coordinates would lose its digits in their difference.
        let first = moved(1.0)?;
        let scale = 1.0 / largest(&first);
        if !scale.is_finite() {
            return Some(first);
        }
        Some(moved(scale)?.iter().map(|v| v / scale).collect())
    }

    /// A step of the pair; `None` where one of its points is outside of the space.
    fn step(&self, x: &[f64], slope: &[f64], step: f64) -> Option<Tried> {
        let mut slopes = vec![slope.to_vec()];
        let (mut end, mut loss) = (x.to_vec(), f64::NAN);
        for weights in STAGES {
            end = ahead(x, &slopes, weights, step);
            if self.problem.violation(&end).is_some() {
                return None;
            }
            let site = self.problem.at(&end);
            loss = site.loss();
            slopes.push(self.slope(&*site)?);
        }
        let off = ahead(&vec![0.0; x.len()], &slopes, &ERROR, step);
        let sizes = x.iter().zip(&end).map(|(a, b)| TOLERANCE * a.abs().max(b.abs()).max(1.0));
        let error = off.iter().zip(sizes).map(|(off, size)| off.abs() / size).fold(0.0, f64::max);
        (loss.is_finite() && error.is_finite()).then(|| Tried { x: end, slope: slopes.swap_remove(6), loss, error })
    }

    /// The part of a step at whose end the loss is `level`, which lies between that at its start and that at its end.
    fn crossing(&self, x: &[f64], slope: &[f64], step: f64, level: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, step);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.step(x, slope, middle)?.loss <= level { high = middle } else { low = middle }
        }
        Some(high)
    }
}

/// x + step Σ weights·slopes
fn ahead(x: &[f64], slopes: &[Vec<f64>], weights: &[f64], step: f64) -> Vec<f64> {
    let moved = |i: usize| slopes.iter().zip(weights).map(|(slope, weight)| slope[i] * weight).sum::<f64>();
    (0..x.len()).map(|i| x[i] + step * moved(i)).collect()
}

fn largest(v: &[f64]) -> f64 {
    v.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()))
}
