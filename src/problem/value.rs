//! Linear value functions and the mean squared Bellman residual ½ mean (r + γ(PXw) − Xw)², whose metric is DᵀD/n with
//! D = X − γPX (Dabney & Thomas 2014).

pub mod info;

mod axes;

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::policy::Coordinates;
use super::process::Finite;
use super::{Capability, Lengths, Metric, Outside, Problem, Site};
use crate::math::linear::{dot, length};
use crate::objective::Draw;

pub use info::{VALUES, ValueInfo};

/// Features of the states of a process of one action, as plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearValue {
    /// The number of features.
    pub width: usize,
    /// A row for every state, one after the other.
    pub features: Arc<[f64]>,
    /// w = mixing·v, row by row; regular.
    pub mixing: Option<Arc<[f64]>>,
    /// The process, of one action.
    pub process: Arc<Finite>,
}

/// The charts, the second one only with a mixing.
const CHARTS: [Coordinates; 2] = [
    Coordinates { name: "weights", doc: "the weights of the features" },
    Coordinates { name: "mixed", doc: "v with weights = mixing·v" },
];

impl LinearValue {
    /// The charts.
    #[must_use]
    pub fn charts(&self) -> &'static [Coordinates] {
        if self.mixing.is_some() { &CHARTS } else { &CHARTS[..1] }
    }

    /// The names of the weights.
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        (1..=self.width).map(|i| format!("weight {i}")).collect()
    }

    /// The residual as a loss in a chart.
    #[must_use]
    pub fn within(&self, discount: f64, chart: usize) -> Arc<dyn Problem> {
        let (process, n) = (&self.process, self.process.states.len());
        let features = DMatrix::from_row_slice(n, self.width, &self.features);
        let chain = process.chain(&vec![1.0; n]);
        let residuals = &features - chain * &features * discount;
        let mixing = self.mixing.as_ref().filter(|_| chart == 1);
        let mixing = mixing.map(|mixing| DMatrix::from_row_slice(self.width, self.width, mixing));
        Arc::new(InChart(Arc::new(Inner {
            unmixing: mixing.as_ref().and_then(|mixing| mixing.clone().try_inverse()),
            design: mixing.as_ref().map_or_else(|| residuals.clone(), |mixing| &residuals * mixing),
            mixing,
            rewards: DVector::from_column_slice(&process.rewards),
            residuals,
        })))
    }
}

/// The residual in a chart.
#[derive(Debug, Clone)]
struct InChart(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// D, of the weights.
    residuals: DMatrix<f64>,
    /// D in the chart.
    design: DMatrix<f64>,
    rewards: DVector<f64>,
    mixing: Option<DMatrix<f64>>,
    unmixing: Option<DMatrix<f64>>,
}

fn product(matrix: Option<&DMatrix<f64>>, v: &[f64]) -> Vec<f64> {
    matrix.map_or_else(|| v.to_vec(), |matrix| (matrix * DVector::from_column_slice(v)).as_slice().to_vec())
}

impl Inner {
    fn states(&self) -> f64 {
        self.rewards.len() as f64
    }

    /// r − D w.
    fn residual(&self, design: &DMatrix<f64>, x: &[f64]) -> DVector<f64> {
        &self.rewards - design * DVector::from_column_slice(x)
    }

    fn metric(&self) -> DMatrix<f64> {
        self.design.tr_mul(&self.design) / self.states()
    }
}

impl Problem for InChart {
    fn dimension(&self) -> usize {
        self.0.design.ncols()
    }

    fn coordinates(&self) -> Vec<String> {
        let name = if self.0.mixing.is_some() { "v" } else { "weight" };
        (1..=self.dimension()).map(|i| format!("{name} {i}")).collect()
    }

    fn parameters(&self) -> Vec<String> {
        (1..=self.dimension()).map(|i| format!("weight {i}")).collect()
    }

    fn records_natural_norm(&self) -> bool {
        self.dimension() <= 64
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        0.5 * self.0.residual(&self.0.residuals, parameters).norm_squared() / self.0.states()
    }

    /// ½ of the metric's square of the difference.
    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        let delta = DVector::from_iterator(p.len(), p.iter().zip(q).map(|(p, q)| q - p));
        0.5 * (&self.0.residuals * delta).norm_squared() / self.0.states()
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        let solved = self.0.residuals.clone().svd(true, true).solve(&self.0.rewards, f64::EPSILON).ok()?;
        Some(solved.as_slice().to_vec())
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        LinearValue::lacks(capability)
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        Ok(product(self.0.unmixing.as_ref(), parameters))
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        let bad = x.iter().position(|x| !x.is_finite())?;
        Some(Outside { quantity: self.coordinates()[bad].clone().into(), broken: "not finite" })
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        let x = product(self.0.unmixing.as_ref(), parameters);
        Box::new(Here::new(self, x, parameters.to_vec()))
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        Box::new(Here::new(self, x.to_vec(), product(self.0.mixing.as_ref(), x)))
    }
}

/// A point.
#[derive(Debug)]
struct Here {
    problem: InChart,
    x: Vec<f64>,
    parameters: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    metric: OnceCell<DMatrix<f64>>,
    spent: Cell<usize>,
}

impl Here {
    fn new(problem: &InChart, x: Vec<f64>, parameters: Vec<f64>) -> Self {
        let problem = problem.clone();
        let spent = Cell::new(0);
        let mut here =
            Self { problem, x, parameters, loss: f64::NAN, gradient: Vec::new(), metric: OnceCell::new(), spent };
        here.look();
        here
    }

    fn look(&mut self) {
        let inner = &*self.problem.0;
        let residual = inner.residual(&inner.design, &self.x);
        self.loss = 0.5 * residual.norm_squared() / inner.states();
        self.gradient = (inner.design.tr_mul(&residual) / -inner.states()).as_slice().to_vec();
        self.spend(1);
    }

    fn dense(&self) -> &DMatrix<f64> {
        self.metric.get_or_init(|| self.problem.0.metric())
    }
}

impl Site for Here {
    fn problem(&self) -> &dyn Problem {
        &self.problem
    }

    fn x(&self) -> &[f64] {
        &self.x
    }

    fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    fn loss(&self) -> f64 {
        self.loss
    }

    fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    fn batch_gradient(&self, _: Draw, _: &mut [f64]) -> bool {
        false
    }

    fn metric(&self) -> &dyn Metric {
        self.dense()
    }

    fn natural_norm(&self) -> f64 {
        let mut natural = vec![f64::NAN; self.x.len()];
        match self.dense().solve(0.0, &self.gradient, &mut natural) {
            Ok(()) => dot(&natural, &self.gradient).max(0.0).sqrt(),
            Err(_) => f64::NAN,
        }
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let delta: Vec<f64> = x.iter().zip(&self.x).map(|(new, old)| new - old).collect();
        let kl = self.kl_to(x);
        self.x.copy_from_slice(x);
        self.parameters = product(self.problem.0.mixing.as_ref(), x);
        self.look();
        Lengths { euclid: length(&delta), fisher: (2.0 * kl).sqrt(), kl }
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        let delta = DVector::from_iterator(x.len(), x.iter().zip(&self.x).map(|(new, old)| new - old));
        0.5 * (&self.problem.0.design * delta).norm_squared() / self.problem.0.states()
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        0.5 * self.problem.0.residual(&self.problem.0.design, x).norm_squared() / self.problem.0.states()
    }

    /// The loss is quadratic.
    fn hessian(&self) -> DMatrix<f64> {
        self.dense().clone()
    }

    /// The metric is the same everywhere.
    fn christoffel(&self, _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    /// It is no distribution that could be drawn from.
    fn sampled_fisher(&self, _: Draw, _: usize) -> Box<dyn Metric> {
        Box::new(DMatrix::repeat(self.x.len(), self.x.len(), f64::NAN))
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}
