//! The geodesic between two points without a closed form: the equation x″ = −Γ(x′, x′) collocated at Chebyshev nodes.
//!
//! Newton's method on the values of x″ from the straight line of the chart; nodes are added until the equation also
//! holds between them. The work is bounded. Distant ends are joined by a `chain` of such geodesics.

use std::cell::Cell;

use nalgebra::{DMatrix, DVector};

use crate::geometry::connection::Spray;
use crate::math::chebyshev::{Nodes, SIZES, Series, nodes};
use crate::math::quadrature::GAUSS_16;
use crate::math::{Mat2, Vec2};

/// The maximum number of Newton steps on one set of nodes.
const NEWTON: usize = 14;
/// The maximum number of halvings of a Newton step that does not lower the residual.
const HALVINGS: usize = 8;
/// The maximum number of continuation stages if Newton's method does not converge directly.
const STAGES: usize = 24;
/// The indices in [`SIZES`] of the rules that start from the straight line; the others only refine.
const FRESH: [usize; 3] = [0, 1, 3];
/// The tolerance of the residual between nodes, relative to the squared Fisher length.
const TOLERANCE: f64 = 1e-9;
/// The rounding error of x″ relative to x: that of a double times the sum of a row of a differentiation matrix.
const ROUNDING: f64 = 1e3 * f64::EPSILON;

/// The work limit of a search from a straight line, in contractions of the connection; near ends need 500.
const WORK: usize = 10_000;
/// The work limit of a search with continuation.
const STAGED: usize = 250_000;
/// The work limit of a search for a link.
const LINK: usize = 3000;
/// The work of an elimination with n nodes is n³ over this, in contractions.
const ELIMINATION: usize = 28;

/// A curve in a chart over the unit interval.
#[derive(Debug, Clone)]
pub struct Curve {
    place: [Series; 2],
    slope: [Series; 2],
    /// Its Fisher length.
    pub length: f64,
}

impl Curve {
    fn new(bends: &[Vec2], start: Vec2, end: Vec2) -> Self {
        let place = [0, 1].map(|k| {
            let values: Vec<f64> = bends.iter().map(|bend| bend[k]).collect();
            Series::of(&values).integral().integral().through(start[k], end[k])
        });
        let slope = [place[0].derivative(), place[1].derivative()];
        Self { place, slope, length: f64::NAN }
    }

    /// The curve with its length; `None` if the equation does not hold between the nodes.
    fn held(spray: &Spray<'_>, bends: &[Vec2], start: Vec2, end: Vec2) -> Option<Self> {
        let curve = Self::new(bends, start, end);
        let length = holds(spray, &curve, bends.len()).then(|| length(spray, &curve, bends.len()))??;
        Some(Self { length, ..curve })
    }

    /// The coordinates at `t`.
    #[must_use]
    pub fn at(&self, t: f64) -> Vec2 {
        Vec2::new(self.place[0].at(t), self.place[1].at(t))
    }

    /// The velocity at `t`.
    #[must_use]
    pub fn velocity(&self, t: f64) -> Vec2 {
        Vec2::new(self.slope[0].at(t), self.slope[1].at(t))
    }

    fn acceleration(&self, t: f64) -> Vec2 {
        Vec2::new(self.slope[0].derivative().at(t), self.slope[1].derivative().at(t))
    }
}

/// A short geodesic on the least number of nodes, and how its velocities at the ends depend on where the ends are.
#[derive(Debug, Clone)]
pub struct Link {
    bends: Vec<Vec2>,
    /// The geodesic.
    pub curve: Curve,
    /// `by[i][j]` is the derivative of the velocity at end i by the place of end j.
    pub by: [[Mat2; 2]; 2],
}

impl Link {
    /// The link between two points, by Newton's method from the values of x″ of a similar one, or from a straight line.
    #[must_use]
    pub fn new(spray: &Spray<'_>, [start, end]: [Vec2; 2], similar: Option<&Self>) -> Option<Self> {
        let work = Cell::new(LINK);
        let problem = Problem { spray, nodes: nodes(0), start, end, work: &work };
        let straight = || problem.newton(vec![Vec2::zeros(); problem.n()], 1.0);
        let known = similar.and_then(|similar| problem.newton(similar.bends.clone(), 1.0));
        let bends = known.or_else(straight)?;
        let by = problem.sensitivity(&bends)?;
        let curve = Curve::new(&bends, start, end);
        let length = length(spray, &curve, bends.len())?;
        Some(Self { bends, curve: Curve { length, ..curve }, by })
    }

    /// Whether the equation also holds between the nodes.
    #[must_use]
    pub fn holds(&self, spray: &Spray<'_>) -> bool {
        holds(spray, &self.curve, self.bends.len())
    }
}

/// The geodesic of the spray from `start` to `end`, in its chart; `None` if it is not found.
#[must_use]
pub fn between(spray: &Spray<'_>, start: Vec2, end: Vec2) -> Option<Curve> {
    straight(spray, start, end, STAGED, true)
}

/// The geodesic next to the straight line of the chart, for near ends.
#[must_use]
pub fn near(spray: &Spray<'_>, start: Vec2, end: Vec2) -> Option<Curve> {
    straight(spray, start, end, WORK, false)
}

/// The search from the straight line of the chart, with continuation if `staged`.
fn straight(spray: &Spray<'_>, start: Vec2, end: Vec2, work: usize, staged: bool) -> Option<Curve> {
    let mut bends: Option<Vec<Vec2>> = None;
    let work = Cell::new(work);
    for (size, n) in SIZES.into_iter().enumerate() {
        let problem = Problem { spray, nodes: nodes(size), start, end, work: &work };
        let guess = match &bends {
            Some(known) => problem.resampled(known),
            None if !FRESH.contains(&size) => continue,
            None => vec![Vec2::zeros(); n],
        };
        let Some(found) = problem.staged(guess, staged && size > 0 && bends.is_none()) else { continue };
        match Curve::held(spray, &found, start, end) {
            Some(curve) => return Some(curve),
            None => bends = Some(found),
        }
    }
    None
}

/// Whether the equation holds between the nodes.
fn holds(spray: &Spray<'_>, curve: &Curve, n: usize) -> bool {
    let checks = n / 2 + 1;
    (0..=checks).all(|i| {
        // At the ends of the interval, where the interpolant is least accurate, and between.
        let t = 0.5 * (1.0 - (std::f64::consts::PI * i as f64 / checks as f64).cos());
        let (x, v) = (curve.at(t), curve.velocity(t));
        let left = spray.christoffel(x, v).map(|bend| curve.acceleration(t) + bend);
        let sizes = left.and_then(|left| Some((spray.speed(x, left)?, spray.speed(x, v)?, spray.speed(x, x)?)));
        sizes.is_some_and(|(left, size, whole)| left <= TOLERANCE * size * size.max(0.1) + ROUNDING * whole)
    })
}

/// The length as the integral of the speed; the residual of the equation affects it to second order only.
fn length(spray: &Spray<'_>, curve: &Curve, n: usize) -> Option<f64> {
    let pieces = n / 12;
    let speed = |t: f64| spray.speed(curve.at(t), curve.velocity(t));
    let mut sum = 0.0;
    for piece in 0..pieces {
        for [node, weight] in GAUSS_16 {
            let at = |node: f64| speed((piece as f64 + 0.5 + 0.5 * node) / pieces as f64);
            sum += 0.5 * weight * (at(-node)? + at(node)?) / pieces as f64;
        }
    }
    Some(sum)
}

/// The equation at the nodes of one rule.
struct Problem<'a> {
    spray: &'a Spray<'a>,
    nodes: &'static Nodes,
    start: Vec2,
    end: Vec2,
    /// The remaining work, in contractions of the connection.
    work: &'a Cell<usize>,
}

/// Points, velocities and residuals at the nodes for trial values of x″.
struct Trial {
    x: Vec<Vec2>,
    v: Vec<Vec2>,
    left: Vec<Vec2>,
    size: f64,
}

impl Problem<'_> {
    fn n(&self) -> usize {
        self.nodes.t.len()
    }

    /// Deducts `cost` from the remaining work; `None` if that is not enough.
    fn spend(&self, cost: usize) -> Option<()> {
        self.work.set(self.work.get().checked_sub(cost)?);
        Some(())
    }

    /// Interpolates values of x″ from other nodes to these.
    fn resampled(&self, known: &[Vec2]) -> Vec<Vec2> {
        let series = [0, 1].map(|k| Series::of(&known.iter().map(|bend| bend[k]).collect::<Vec<_>>()));
        self.nodes.t.iter().map(|t| Vec2::new(series[0].at(*t), series[1].at(*t))).collect()
    }

    /// Newton's method, followed by continuation along the straight line to the end if it fails and `stages` is set.
    fn staged(&self, guess: Vec<Vec2>, stages: bool) -> Option<Vec<Vec2>> {
        if let Some(found) = self.newton(guess, 1.0) {
            return Some(found);
        }
        if !stages {
            return None;
        }
        let (mut reached, mut share) = (0.0, 0.5);
        let mut bends = vec![Vec2::zeros(); self.n()];
        for _ in 0..STAGES {
            // x″ is proportional to the square of the distance.
            let scale = if reached > 0.0 { (share / reached) * (share / reached) } else { 0.0 };
            match self.newton(bends.iter().map(|bend| bend * scale).collect(), share) {
                Some(found) if share == 1.0 => return Some(found),
                Some(found) => {
                    let ahead = 1.5 * (share - reached).max(0.02);
                    (bends, reached) = (found, share);
                    share = (share + ahead).min(1.0);
                }
                None => share = 0.5 * (reached + share),
            }
        }
        None
    }

    /// The values of x″ at the nodes for the geodesic to the point at `share` of the straight line to the end.
    fn newton(&self, mut bends: Vec<Vec2>, share: f64) -> Option<Vec<Vec2>> {
        let mut now = self.trial(&bends, share)?;
        for _ in 0..NEWTON {
            let step = self.step(&now)?;
            let mut taken = 1.0;
            let (next, trial) = (0..HALVINGS).find_map(|_| {
                let next: Vec<Vec2> = bends.iter().zip(&step).map(|(bend, step)| bend - step * taken).collect();
                let trial =
                    self.trial(&next, share).filter(|trial| taken < 1e-3 || trial.size < now.size || trial.size < 1e-9);
                taken *= 0.5;
                trial.map(|trial| (next, trial))
            })?;
            let small = (0..self.n()).all(|i| step[i].amax() <= 1e-8 * (now.v[i].amax() + next[i].amax()));
            (bends, now) = (next, trial);
            if small && taken == 0.5 {
                return Some(bends);
            }
        }
        None
    }

    fn trial(&self, bends: &[Vec2], share: f64) -> Option<Trial> {
        let n = self.n();
        self.spend(n)?;
        let way = (self.end - self.start) * share;
        let sum = |matrix: &[f64], i: usize| -> Vec2 { (0..n).map(|j| bends[j] * matrix[i * n + j]).sum() };
        let mut trial =
            Trial { x: Vec::with_capacity(n), v: Vec::with_capacity(n), left: Vec::with_capacity(n), size: 0.0 };
        for (i, t) in self.nodes.t.iter().enumerate() {
            let (x, v) = (self.start + way * *t + sum(&self.nodes.place, i), way + sum(&self.nodes.slope, i));
            let left = bends[i] + self.spray.christoffel(x, v)?;
            trial.x.push(x);
            trial.v.push(v);
            trial.left.push(left);
            trial.size = trial.size.max(left.amax());
        }
        trial.size.is_finite().then_some(trial)
    }

    /// The Newton step: the solution of the linearised equation for the change of x″.
    fn step(&self, trial: &Trial) -> Option<Vec<Vec2>> {
        let n = self.n();
        let (_, matrix) = self.linearised(trial)?;
        let left = DVector::from_iterator(2 * n, trial.left.iter().flat_map(|left| [left[0], left[1]]));
        let step = matrix.lu().solve(&left)?;
        let step: Vec<Vec2> = (0..n).map(|i| Vec2::new(step[2 * i], step[2 * i + 1])).collect();
        step.iter().all(|step| step[0].is_finite() && step[1].is_finite()).then_some(step)
    }

    /// The derivatives of the velocities at both ends by the places of both ends, where the equation holds.
    fn sensitivity(&self, bends: &[Vec2]) -> Option<[[Mat2; 2]; 2]> {
        let n = self.n();
        let trial = self.trial(bends, 1.0)?;
        let (slopes, matrix) = self.linearised(&trial)?;
        // The residual's derivative by the coordinates of the start, then of the end; x is linear in both.
        let moved = DMatrix::from_fn(2 * n, 4, |row, column| {
            let ([by_place, by_slope], t) = (&slopes[row / 2], self.nodes.t[row / 2]);
            let (share, rate) = if column < 2 { (1.0 - t, -1.0) } else { (t, 1.0) };
            by_place[(row % 2, column % 2)] * share + by_slope[(row % 2, column % 2)] * rate
        });
        let bent = matrix.lu().solve(&moved)?;
        let by = [0, 1].map(|end| {
            [0, 1].map(|of| {
                let own = Mat2::identity() * if of == 0 { -1.0 } else { 1.0 };
                let row = &self.nodes.ends[end];
                let entry =
                    |i: usize, j: usize| -> f64 { (0..n).map(|k| row[k] * bent[(2 * k + i, 2 * of + j)]).sum() };
                own - Mat2::from_fn(entry)
            })
        });
        by.iter().flatten().all(|by| by.iter().all(|entry| entry.is_finite())).then_some(by)
    }

    /// The derivatives of the equation at the nodes by place and by velocity, and by the values of x″.
    fn linearised(&self, trial: &Trial) -> Option<(Vec<[Mat2; 2]>, DMatrix<f64>)> {
        let n = self.n();
        // The cost of a connection with its derivatives at each node, and of the elimination.
        self.spend(4 * n + n * n * n / ELIMINATION)?;
        let slopes: Vec<[Mat2; 2]> = (0..n).map(|i| self.slopes(trial, i)).collect::<Option<_>>()?;
        let mut matrix = DMatrix::<f64>::identity(2 * n, 2 * n);
        for (i, [by_place, by_slope]) in slopes.iter().enumerate() {
            for j in 0..n {
                let block = by_place * self.nodes.place[i * n + j] + by_slope * self.nodes.slope[i * n + j];
                for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    matrix[(2 * i + row, 2 * j + column)] += block[(row, column)];
                }
            }
        }
        Some((slopes, matrix))
    }

    /// ∂Γ(v, v)/∂x by finite differences, and ∂Γ(v, v)/∂v = 2Γ(v, ·).
    fn slopes(&self, trial: &Trial, i: usize) -> Option<[Mat2; 2]> {
        let (x, v) = (trial.x[i], trial.v[i]);
        let connection = self.spray.connection(x)?;
        let bend = connection.apply(v, v);
        let (first, last) = (connection.apply(v, Vec2::x()), connection.apply(v, Vec2::y()));
        let by_slope = Mat2::from_columns(&[first * 2.0, last * 2.0]);
        let column = |k: usize| -> Option<Vec2> {
            let unit = if k == 0 { Vec2::x() } else { Vec2::y() };
            let h = (1e-6 * v.amax()).max(1e-9 * x[k].abs()).max(1e-12);
            let ahead = self.spray.christoffel(x + unit * h, v).map(|ahead| (ahead - bend) / h);
            ahead.or_else(|| self.spray.christoffel(x - unit * h, v).map(|behind| (bend - behind) / h))
        };
        Some([Mat2::from_columns(&[column(0)?, column(1)?]), by_slope])
    }
}
