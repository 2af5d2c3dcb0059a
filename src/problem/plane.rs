//! The plane on which a problem of more than two coordinates is drawn: a projection of points, and the problem restricted to
//! it, which is a family of two parameters with a loss.
//!
//! What is drawn on it is not its business.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use nalgebra::DVector;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::Problem;
use super::regression::Regression;
use crate::family::log_odds::{chance_difference, chances, event_kl, log_chance};
use crate::family::{Chart, ChartInfo, Family, FamilyInfo, Scale, Scaled, Support, Violation, hessian_curvature};
use crate::math::linear::{dot, length, principal};
use crate::math::{Cubic, Mat2, Vec2};
use crate::objective::{Objective, ObjectiveInfo, likelihood};

/// A plane through a point of the space, spanned by two orthonormal directions.
///
/// ```
/// use geodescent::problem::plane::Projection;
///
/// // Paths that stay in the plane of the first two coordinates.
/// let points = [vec![1.0, 2.0, 5.0], vec![3.0, 2.0, 5.0], vec![2.0, 3.0, 5.0]];
/// let plane = Projection::of_paths(&[0.0, 0.0, 5.0], points.iter().map(Vec::as_slice));
/// assert!((plane.share() - 1.0).abs() < 1e-12);
/// let back = plane.lift(plane.project(&[3.0, 2.0, 5.0]));
/// assert!(back.iter().zip([3.0, 2.0, 5.0]).all(|(x, y)| (x - y).abs() < 1e-12));
/// ```
#[derive(Debug, Clone)]
pub struct Projection {
    origin: Vec<f64>,
    axes: [Vec<f64>; 2],
    names: [&'static str; 2],
    share: f64,
    /// The problem in the chart in whose coordinates the plane lies; `None` for the canonical parameters.
    chart: Option<Arc<dyn Problem>>,
}

impl PartialEq for Projection {
    fn eq(&self, other: &Self) -> bool {
        let chart = match (&self.chart, &other.chart) {
            (Some(one), Some(two)) => Arc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        chart && (&self.origin, &self.axes, self.names) == (&other.origin, &other.axes, other.names)
    }
}

/// What directions without a name of their own are called.
const DIRECTIONS: [&str; 2] = ["first direction", "second direction"];

impl Projection {
    /// The plane of two coordinates with these names through a point: its coordinates are these two.
    ///
    /// # Panics
    /// If the space does not have these coordinates.
    #[must_use]
    pub fn of_coordinates(point: &[f64], places: [usize; 2], names: [&'static str; 2]) -> Self {
        let mut plane = Self { names, ..Self::along(point, places) };
        places.iter().for_each(|at| plane.origin[*at] = 0.0);
        plane
    }

    /// The plane through the origin along two coordinates.
    fn along(origin: &[f64], places: [usize; 2]) -> Self {
        // A line has no second direction: a place beyond the last coordinate is none.
        let axes = places.map(|at| (0..origin.len()).map(|i| if i == at { 1.0 } else { 0.0 }).collect());
        Self { origin: origin.to_vec(), axes, names: DIRECTIONS, share: f64::NAN, chart: None }
    }

    /// The same plane, whose origin and axes are coordinates in a chart, projects canonical parameters.
    #[must_use]
    pub fn in_chart(self, chart: Arc<dyn Problem>) -> Self {
        Self { chart: Some(chart), ..self }
    }

    /// The plane of the two principal directions of points about the origin: no other plane through it is closer to them.
    #[must_use]
    pub fn of_paths<'a>(origin: &[f64], points: impl Iterator<Item = &'a [f64]>) -> Self {
        let finite = points.filter(|point| point.iter().all(|x| x.is_finite()));
        let deltas =
            finite.map(|point| DVector::from_iterator(point.len(), point.iter().zip(origin).map(|(x, o)| x - o)));
        let Some((axes, share)) = principal(origin.len(), deltas) else { return Self::along(origin, [0, 1]) };
        Self { origin: origin.to_vec(), axes, names: DIRECTIONS, share, chart: None }
    }

    /// The plane of two random directions, a function of the seed.
    #[must_use]
    pub fn random(origin: &[f64], rng: &mut dyn Rng) -> Self {
        if origin.len() < 2 {
            return Self::along(origin, [0, 1]);
        }
        let mut direction = || -> Vec<f64> { origin.iter().map(|_| StandardNormal.sample(rng)).collect() };
        let (mut first, mut second) = (direction(), direction());
        normalise(&mut first);
        let along = dot(&first, &second);
        second.iter_mut().zip(&first).for_each(|(s, f)| *s -= along * f);
        normalise(&mut second);
        Self { origin: origin.to_vec(), axes: [first, second], names: DIRECTIONS, share: f64::NAN, chart: None }
    }

    /// The same plane with the share of the points' variance about `centre`, which lies in it, that lies in the plane.
    #[must_use]
    pub fn with_share_of<'a>(self, centre: &[f64], points: impl Iterator<Item = &'a [f64]>) -> Self {
        let middle = self.flat(centre);
        let (mut inside, mut total) = (0.0, 0.0);
        for point in points.filter(|point| point.iter().all(|x| x.is_finite())) {
            inside += (self.flat(point) - middle).norm_squared();
            total += point.iter().zip(centre).map(|(x, c)| (x - c) * (x - c)).sum::<f64>();
        }
        Self { share: if total > 0.0 { inside / total } else { f64::NAN }, ..self }
    }

    /// The coordinates on the plane of the point of it that is nearest to the point with these canonical parameters; NaN if
    /// the plane's chart does not have it.
    #[must_use]
    pub fn project(&self, point: &[f64]) -> Vec2 {
        match &self.chart {
            None => self.flat(point),
            Some(chart) => chart.locate(point).map_or(Vec2::repeat(f64::NAN), |x| self.flat(&x)),
        }
    }

    /// The same for coordinates in the plane's own chart.
    fn flat(&self, point: &[f64]) -> Vec2 {
        let along = |axis: &Vec<f64>| point.iter().zip(&self.origin).zip(axis).map(|((x, o), a)| (x - o) * a).sum();
        Vec2::new(along(&self.axes[0]), along(&self.axes[1]))
    }

    /// The canonical parameters of the point with these coordinates on the plane; NaN if it is none.
    #[must_use]
    pub fn lift(&self, x: Vec2) -> Vec<f64> {
        let raised = self.raise(x);
        match &self.chart {
            None => raised,
            Some(chart) if chart.violation(&raised).is_none() => chart.at(&raised).parameters().to_vec(),
            Some(chart) => vec![f64::NAN; chart.parameters().len()],
        }
    }

    /// The point with these coordinates on the plane, in the plane's own chart.
    #[must_use]
    pub fn raise(&self, x: Vec2) -> Vec<f64> {
        let [first, second] = &self.axes;
        self.origin.iter().zip(first).zip(second).map(|((o, a), b)| o + x[0] * a + x[1] * b).collect()
    }

    /// The share of the paths' variance about the start that lies in the plane; NaN if there are no paths.
    #[must_use]
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// What the directions are called.
    #[must_use]
    pub const fn names(&self) -> [&'static str; 2] {
        self.names
    }

    /// The two directions.
    #[must_use]
    pub const fn axes(&self) -> &[Vec<f64>; 2] {
        &self.axes
    }
}

fn normalise(v: &mut [f64]) {
    let size = length(v);
    v.iter_mut().for_each(|x| *x /= size);
}

/// The same for both charts of the regression: the plane is one of plain weights.
static CHARTS: [ChartInfo; 2] = [chart(DIRECTIONS), chart(DIRECTIONS)];

const fn chart(axes: [&'static str; 2]) -> ChartInfo {
    ChartInfo { name: "plane", axes, doc: "coordinates on the plane" }
}

/// A chart with these axes, kept for the lifetime of the program: each different pair once.
fn chart_of(axes: [&'static str; 2]) -> &'static ChartInfo {
    static CHARTS: Mutex<BTreeMap<[&str; 2], &ChartInfo>> = Mutex::new(BTreeMap::new());
    let mut charts = CHARTS.lock().unwrap_or_else(PoisonError::into_inner);
    charts.entry(axes).or_insert_with(|| Box::leak(Box::new(chart(axes))))
}

static INFO: FamilyInfo = FamilyInfo {
    name: "logistic-regression on a plane",
    doc: "the weights on a plane through the start",
    density: "p(y=1 | x) = 1/(1 + exp(−w·x)), w on the plane",
    parameters: DIRECTIONS,
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[],
    example: [0.0, 0.0],
    build: |_| Arc::new(Restricted::of(DIRECTIONS)),
};

/// A regression restricted to a plane of weights: a family of two parameters, and the loss on it.
#[derive(Debug)]
pub struct Restricted {
    charts: [Box<dyn Chart>; 2],
    /// The log odds at the origin and their slopes along the axes, of each row of the design and of the data.
    design: Vec<[f64; 3]>,
    data: Vec<([f64; 3], f64)>,
    optimum: Option<Vec2>,
}

impl Restricted {
    /// The regression on a plane.
    #[must_use]
    pub fn new(model: &Arc<Regression>, plane: &Projection) -> Self {
        let [first, second] = plane.axes();
        let row = |x: &[f64]| [&plane.origin, first, second].map(|w| w[0] + dot(&w[1..], x));
        Self {
            design: model.design().rows().map(row).collect(),
            data: model.observations().map(|(x, y)| (row(x), y)).collect(),
            optimum: model.optimum().map(|p| plane.project(&p)),
            ..Self::of(plane.names)
        }
    }

    /// The empty regression on a plane whose directions have these names.
    fn of(names: [&'static str; 2]) -> Self {
        let chart = || Box::new(Scaled::new(chart_of(names), [Scale::Real, Scale::Real])) as Box<dyn Chart>;
        Self { charts: [chart(), chart()], design: Vec::new(), data: Vec::new(), optimum: None }
    }

    fn mean(&self, f: impl Fn(f64, Vec2) -> f64, p: Vec2) -> f64 {
        let each = self.design.iter().map(|row| f(odds(row, p), Vec2::new(row[1], row[2])));
        each.sum::<f64>() / self.design.len() as f64
    }
}

fn odds([origin, first, second]: &[f64; 3], p: Vec2) -> f64 {
    origin + first * p[0] + second * p[1]
}

/// An observation is the number of a row of the design and its label.
fn row_of(x: f64, rows: usize) -> usize {
    (x as usize).min(rows.saturating_sub(1))
}

impl Family for Restricted {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        Support::Labelled
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        let eta = self.design.get(row_of(x[0], self.design.len())).map_or(f64::NAN, |row| odds(row, p));
        log_chance(if x[1] > 0.5 { eta } else { -eta })
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let Some(row) = self.design.get(row_of(x[0], self.design.len())) else { return Vec2::repeat(f64::NAN) };
        let [yes, no] = chances(odds(row, p));
        Vec2::new(row[1], row[2]) * if x[1] > 0.5 { no } else { -yes }
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let entry = |i: usize, j: usize| self.mean(|eta, z| chances(eta).iter().product::<f64>() * z[i] * z[j], p);
        let off = entry(0, 1);
        Mat2::new(entry(0, 0), off, off, entry(1, 1))
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let third = self.skewness(p);
        [third.along(Vec2::new(1.0, 0.0)), third.along(Vec2::new(0.0, 1.0))]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        Cubic([0, 1, 2, 3].map(|seconds| {
            let part = |eta: f64, z: Vec2| {
                let [yes, no] = chances(eta);
                yes * no * (no - yes) * z[0].powi(3 - seconds) * z[1].powi(seconds)
            };
            self.mean(part, p)
        }))
    }

    fn curvature(&self, p: Vec2) -> f64 {
        hessian_curvature(&self.fisher(p), &self.skewness(p))
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        let each = self.design.iter().map(|row| event_kl(odds(row, p), odds(row, q)));
        each.sum::<f64>() / self.design.len() as f64
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.fisher(p) * (p - q)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let each =
            self.design.iter().map(|row| Vec2::new(row[1], row[2]) * chance_difference(odds(row, p), odds(row, q)));
        each.sum::<Vec2>() / self.design.len() as f64
    }

    fn entropy(&self, p: Vec2) -> f64 {
        self.mean(
            |eta, _| {
                let [yes, no] = chances(eta);
                -(yes * log_chance(eta) + no * log_chance(-eta))
            },
            p,
        )
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let row = rng.random_range(0..self.design.len().max(1));
        let eta = self.design.get(row).map_or(f64::NAN, |row| odds(row, p));
        (x[0], x[1]) = (row as f64, if rng.random::<f64>() < chances(eta)[0] { 1.0 } else { 0.0 });
    }

    fn bulk(&self, _: Vec2) -> (f64, f64) {
        (0.0, self.design.len() as f64)
    }

    fn cheap(&self) -> bool {
        false
    }
}

impl Objective for Restricted {
    fn info(&self) -> &'static ObjectiveInfo {
        &likelihood::INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        let each = self.data.iter().map(|(row, y)| {
            let eta = odds(row, p);
            -log_chance(if *y > 0.5 { eta } else { -eta })
        });
        each.sum::<f64>() / self.data.len() as f64
    }

    fn cheap(&self) -> bool {
        false
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        let each = self.data.iter().map(|(row, y)| {
            let [yes, no] = chances(odds(row, p));
            Vec2::new(row[1], row[2]) * if *y > 0.5 { -no } else { yes }
        });
        each.sum::<Vec2>() / self.data.len() as f64
    }

    fn hessian(&self, p: Vec2) -> Mat2 {
        let each = self.data.iter().map(|(row, _)| {
            let z = Vec2::new(row[1], row[2]);
            z * z.transpose() * chances(odds(row, p)).iter().product::<f64>()
        });
        each.sum::<Mat2>() / self.data.len() as f64
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }

    fn cost(&self) -> usize {
        1 + self.data.len() / 8
    }
}
