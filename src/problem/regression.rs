//! Logistic regression on any number of columns: p(y = 1 | x) = σ(w₀ + Σ wⱼ xⱼ), fitted to labelled data.
//!
//! The weights are natural parameters, so that a likelihood's Hessian over the design is F and the Levi-Civita symbols are
//! ½F⁻¹T. The standardised chart has the weights of the standardised columns. F, KL and entropy are means over the design,
//! losses over the data; where these are the same rows they share one pass. With one column it is a family
//! ([`family::logistic_regression`](crate::family::logistic_regression)).

use std::cell::{Cell, OnceCell};
use std::sync::{Arc, OnceLock};

use nalgebra::DMatrix;
use rand::RngExt;

use super::{Capability, Lengths, Metric, Outside, Problem, Site, solve};
use crate::family::logistic_regression::{chances, event_kl, log_chance};
use crate::math::linear::{dot, length};
use crate::objective::data::{Purpose, stream_for};
use crate::objective::{Data, Draw};

/// The rows whose products are summed in the time of a step on a closed form.
const ROWS: usize = 8;
/// |Δη| up to which a row's KL is summed as a series.
const NEAR: f64 = 0.01;
/// The number of rows whose outer products are formed at once.
const BLOCK: usize = 256;
/// The number of Newton steps in which an optimum or a dual point is found, or is not.
const NEWTON: usize = 100;

/// A table of covariates, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    width: usize,
    values: Arc<[f64]>,
}

impl Table {
    /// Rows of `width` finite numbers one after the other.
    #[must_use]
    pub fn new(width: usize, values: Arc<[f64]>) -> Self {
        Self { width: width.max(1), values }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    fn map(&self, f: impl Fn(usize, f64) -> f64) -> Self {
        let values = self.rows().flat_map(|row| row.iter().enumerate().map(|(j, x)| f(j, *x))).collect();
        Self { width: self.width, values }
    }
}

/// w₀ + Σ wⱼ xⱼ, in eight sums that a processor can make side by side.
fn odds(w: &[f64], x: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (ws, xs) = (w[1..].chunks_exact(8), x.chunks_exact(8));
    let rest = dot(ws.remainder(), xs.remainder());
    for (w, x) in ws.zip(xs) {
        for (sum, (w, x)) in sums.iter_mut().zip(w.iter().zip(x)) {
            *sum += w * x;
        }
    }
    w[0] + rest + sums.iter().sum::<f64>()
}

/// Adds `factor` (1, x) to `out`.
fn add(factor: f64, x: &[f64], out: &mut [f64]) {
    out[0] += factor;
    for (out, x) in out[1..].iter_mut().zip(x) {
        *out += factor * x;
    }
}

/// KL of two labels with log odds `eta` and `eta + step`, given both probabilities of the first.
fn label_kl([yes, no]: [f64; 2], eta: f64, step: f64) -> f64 {
    if step.abs() > NEAR {
        return event_kl(eta, eta + step);
    }
    // The cumulants of a label from the second on: those of its distribution at `eta`.
    let (v, s) = (yes * no, no - yes);
    let cumulants = [v, v * s, v * (1.0 - 6.0 * v), v * s * (1.0 - 12.0 * v), v * (1.0 - 30.0 * v + 120.0 * v * v)];
    let seventh = v * s * (1.0 - 60.0 * v + 360.0 * v * v);
    let [a, b, c, d, e] = cumulants;
    let series = e / 720.0 + seventh / 5040.0 * step;
    step * step * (a / 2.0 + step * (b / 6.0 + step * (c / 24.0 + step * (d / 120.0 + step * series))))
}

/// The family over a design, and the likelihood of data.
#[derive(Debug)]
pub struct Regression {
    names: Vec<String>,
    /// Mean and standard deviation of each column of the design, 1 if it has no spread.
    spread: Vec<[f64; 2]>,
    design: Table,
    rows: Table,
    labels: Arc<[f64]>,
    data: Data,
    optimum: OnceLock<Option<Vec<f64>>>,
}

/// A coordinate system of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Of the columns as they are: the canonical parameters.
    Plain,
    /// Of the columns less their mean, over their standard deviation.
    Standardised,
}

impl Weights {
    /// Both, in the order of the charts.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Standardised];

    /// The name in scenario files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "weights",
            Self::Standardised => "standardised",
        }
    }
}

impl Regression {
    /// The regression on named columns. `data` has a row for each observation: the columns and last the label, 0 or 1.
    #[must_use]
    pub fn new(names: &[String], design: Table, data: Data) -> Self {
        let width = names.len();
        let all = data.values().chunks_exact(width + 1);
        let values: Vec<f64> = all.clone().flat_map(|row| row[..width].iter().copied()).collect();
        let labels = all.map(|row| row[width]).collect();
        let rows = Table::new(width, values.into());
        // The same rows are kept once.
        let rows = if rows == design { design.clone() } else { rows };
        let n = design.len().max(1) as f64;
        let spread = (0..width)
            .map(|j| {
                let column = || design.rows().map(move |row| row[j]);
                let mean = column().sum::<f64>() / n;
                let variance = column().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
                [mean, if variance > 0.0 { variance.sqrt() } else { 1.0 }]
            })
            .collect();
        Self { names: names.to_vec(), spread, design, rows, labels, data, optimum: OnceLock::new() }
    }

    /// The problem in a coordinate system.
    #[must_use]
    pub fn within(self: &Arc<Self>, weights: Weights) -> InWeights {
        let scaled = |table: &Table| match weights {
            Weights::Plain => table.clone(),
            Weights::Standardised => table.map(|j, x| (x - self.spread[j][0]) / self.spread[j][1]),
        };
        let design = scaled(&self.design);
        let rows = if self.shared() { design.clone() } else { scaled(&self.rows) };
        InWeights(Arc::new(Inner { model: Arc::clone(self), weights, design, rows }))
    }

    /// Whether the data are labels of the design's own rows.
    fn shared(&self) -> bool {
        Arc::ptr_eq(&self.design.values, &self.rows.values)
    }

    /// The design.
    #[must_use]
    pub const fn design(&self) -> &Table {
        &self.design
    }

    /// The rows of the data with their labels.
    pub fn observations(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.rows.rows().zip(self.labels.iter().copied())
    }

    /// The plain weights of least loss; `None` if none were found, as where a plane separates the labels.
    #[must_use]
    pub fn optimum(self: &Arc<Self>) -> Option<Vec<f64>> {
        self.optimum.get_or_init(|| self.search()).clone()
    }

    /// The number of coefficients: the intercept and one for each column.
    fn size(&self) -> usize {
        self.names.len() + 1
    }

    fn loss(&self, w: &[f64]) -> f64 {
        let losses = self.rows.rows().zip(&*self.labels).map(|(x, y)| label_loss(odds(w, x), *y));
        losses.sum::<f64>() / self.rows.len() as f64
    }

    /// Fisher scoring with halving; `None` unless the natural gradient vanishes.
    fn search(self: &Arc<Self>) -> Option<Vec<f64>> {
        let problem = self.within(Weights::Standardised);
        let inner = &*problem.0;
        let n = self.size();
        let (mut w, mut direction) = (vec![0.0; n], vec![0.0; n]);
        let (mut loss, mut gradient) = inner.descent(&w);
        for _ in 0..NEWTON {
            solve(inner.fisher(&w, &inner.rows), 0.0, &gradient, &mut direction).ok()?;
            let decrement = dot(&gradient, &direction);
            if decrement.is_nan() || decrement < 1e-24 {
                return (decrement < 1e-24).then(|| inner.parameters(&w));
            }
            let at = |halvings: i32| -> Vec<f64> {
                let share = 0.5_f64.powi(halvings);
                w.iter().zip(&direction).map(|(w, d)| w - share * d).collect()
            };
            let better = (0..60).map(at).find(|next| inner.descent(next).0 < loss);
            let Some(next) = better else { return (decrement < 1e-14).then(|| inner.parameters(&w)) };
            w = next;
            (loss, gradient) = inner.descent(&w);
        }
        None
    }
}

/// −log p(y | η).
fn label_loss(eta: f64, y: f64) -> f64 {
    -log_chance(if y > 0.5 { eta } else { -eta })
}

/// What lacks a capability, in words.
#[must_use]
pub const fn lacks(capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Dual | Capability::Data => None,
        Capability::Geodesics => Some("logistic-regression on several columns"),
    }
}

/// A regression in coordinates.
#[derive(Debug, Clone)]
pub struct InWeights(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    model: Arc<Regression>,
    weights: Weights,
    /// The columns whose weights the coordinates are.
    design: Table,
    rows: Table,
}

impl Inner {
    /// The plain weights of coordinates.
    fn parameters(&self, x: &[f64]) -> Vec<f64> {
        match self.weights {
            Weights::Plain => x.to_vec(),
            Weights::Standardised => {
                let spread = &self.model.spread;
                let slopes: Vec<f64> = x[1..].iter().zip(spread).map(|(x, [_, sd])| x / sd).collect();
                let shift: f64 = slopes.iter().zip(spread).map(|(slope, [mean, _])| slope * mean).sum();
                std::iter::once(x[0] - shift).chain(slopes).collect()
            }
        }
    }

    /// The coordinates of plain weights.
    fn coordinates(&self, p: &[f64]) -> Vec<f64> {
        match self.weights {
            Weights::Plain => p.to_vec(),
            Weights::Standardised => {
                let spread = &self.model.spread;
                let shift: f64 = p[1..].iter().zip(spread).map(|(p, [mean, _])| p * mean).sum();
                std::iter::once(p[0] + shift).chain(p[1..].iter().zip(spread).map(|(p, [_, sd])| p * sd)).collect()
            }
        }
    }

    /// The loss and its gradient, by themselves.
    fn descent(&self, w: &[f64]) -> (f64, Vec<f64>) {
        let (mut loss, mut gradient) = (0.0, vec![0.0; w.len()]);
        for (x, y) in self.rows.rows().zip(&*self.model.labels) {
            let eta = odds(w, x);
            loss += label_loss(eta, *y);
            add(residual(eta, *y), x, &mut gradient);
        }
        let n = self.rows.len() as f64;
        gradient.iter_mut().for_each(|g| *g /= n);
        (loss / n, gradient)
    }

    /// Σ p(1 − p) x xᵀ over the rows of a table, over their number.
    fn fisher(&self, w: &[f64], table: &Table) -> DMatrix<f64> {
        outer(table.rows().map(|x| (chances(odds(w, x)).iter().product::<f64>(), x)), w.len(), table.len() as f64)
    }

    /// Where the gradient of the log-normalizer is `target`: Newton's method on a convex function.
    fn dual_point(&self, from: &[f64], target: &[f64]) -> Option<Vec<f64>> {
        let n = self.design.len() as f64;
        // A(w) − target·w and its gradient.
        let value = |w: &[f64]| {
            let (mut sum, mut gradient) = (0.0, vec![0.0; w.len()]);
            for x in self.design.rows() {
                let eta = odds(w, x);
                sum -= log_chance(-eta);
                add(chances(eta)[0], x, &mut gradient);
            }
            gradient.iter_mut().zip(target).for_each(|(g, target)| *g = *g / n - target);
            (sum / n - dot(w, target), gradient)
        };
        let mut w = from.to_vec();
        let mut direction = vec![0.0; w.len()];
        let (mut least, mut gradient) = value(&w);
        for _ in 0..NEWTON {
            solve(self.fisher(&w, &self.design), 0.0, &gradient, &mut direction).ok()?;
            let decrement = dot(&gradient, &direction);
            if decrement.is_nan() || decrement < 1e-26 {
                return (decrement < 1e-26).then_some(w);
            }
            let at = |halvings: i32| -> Vec<f64> {
                let share = 0.5_f64.powi(halvings);
                w.iter().zip(&direction).map(|(w, d)| w - share * d).collect()
            };
            let better = (0..60).map(at).find(|next| value(next).0 < least);
            let Some(next) = better else { return (decrement < 1e-20).then_some(w) };
            w = next;
            (least, gradient) = value(&w);
        }
        None
    }

    /// A row of the data with its label, its columns those of the coordinates.
    fn scaled(&self, row: &mut [f64]) {
        if self.weights == Weights::Standardised {
            for (x, [mean, sd]) in row.iter_mut().zip(&self.model.spread) {
                *x = (*x - mean) / sd;
            }
        }
    }
}

/// ∂(−log p(y | η))/∂η = σ(η) − y, without cancellation.
fn residual(eta: f64, y: f64) -> f64 {
    let [yes, no] = chances(eta);
    if y > 0.5 { -no } else { yes }
}

/// Σ f (1, x)(1, x)ᵀ / n of factors f ≥ 0.
fn outer<'a>(rows: impl Iterator<Item = (f64, &'a [f64])>, size: usize, n: f64) -> DMatrix<f64> {
    let mut sum = DMatrix::zeros(size, size);
    let mut block = DMatrix::zeros(size, BLOCK);
    let mut filled = 0;
    let mut flush = |block: &mut DMatrix<f64>, filled: &mut usize| {
        let part = block.columns(0, *filled);
        sum.gemm(1.0, &part, &part.transpose(), 1.0);
        *filled = 0;
    };
    for (factor, x) in rows {
        let root = factor.sqrt();
        let mut column = block.column_mut(filled);
        column[0] = root;
        for (entry, x) in column.iter_mut().skip(1).zip(x) {
            *entry = root * x;
        }
        filled += 1;
        if filled == BLOCK {
            flush(&mut block, &mut filled);
        }
    }
    flush(&mut block, &mut filled);
    sum / n
}

impl Problem for InWeights {
    fn dimension(&self) -> usize {
        self.0.model.size()
    }

    fn coordinates(&self) -> Vec<String> {
        match self.0.weights {
            Weights::Plain => self.parameters(),
            Weights::Standardised => {
                let first = std::iter::once("at the means".to_owned());
                first.chain(self.0.model.names.iter().map(|name| format!("per sd of {name}"))).collect()
            }
        }
    }

    fn parameters(&self) -> Vec<String> {
        std::iter::once("intercept".to_owned()).chain(self.0.model.names.iter().cloned()).collect()
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        self.0.model.loss(parameters)
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        let design = &self.0.model.design;
        design.rows().map(|x| event_kl(odds(p, x), odds(q, x))).sum::<f64>() / design.len() as f64
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        self.0.model.optimum()
    }

    fn records_natural_norm(&self) -> bool {
        false
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        lacks(capability)
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        let x = self.0.coordinates(parameters);
        self.violation(&x).map_or(Ok(x), Err)
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        let place = x.iter().position(|x| !x.is_finite())?;
        Some(Outside { quantity: self.coordinates().swap_remove(place).into(), broken: "is not finite" })
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        Box::new(Here::new(self, self.0.coordinates(parameters), parameters.to_vec()))
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        Box::new(Here::new(self, x.to_vec(), self.0.parameters(x)))
    }
}

/// A point.
#[derive(Debug)]
struct Here {
    problem: InWeights,
    x: Vec<f64>,
    p: Vec<f64>,
    /// The log odds of the design's labels.
    odds: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    fisher: OnceCell<DMatrix<f64>>,
    spent: Cell<usize>,
}

impl Here {
    fn new(problem: &InWeights, x: Vec<f64>, p: Vec<f64>) -> Self {
        let design = &problem.0.design;
        let odds = vec![f64::NAN; design.len()];
        let gradient = vec![0.0; x.len()];
        let problem = problem.clone();
        let mut here =
            Self { problem, x, p, odds, loss: f64::NAN, gradient, fisher: OnceCell::new(), spent: Cell::new(0) };
        here.look();
        here
    }

    /// Loss, gradient and log odds of this point; the lengths of the step that led here, the log odds being those before it.
    fn look(&mut self) -> [f64; 2] {
        let inner = &*self.problem.0;
        let (w, shared) = (&*self.x, inner.model.shared());
        let (mut square, mut kl, mut loss) = (0.0, 0.0, 0.0);
        self.gradient.fill(0.0);
        let labels = &inner.model.labels;
        for (i, (x, before)) in inner.design.rows().zip(&mut self.odds).enumerate() {
            let (eta, old) = (odds(w, x), *before);
            let (step, old_chances) = (eta - old, chances(old));
            square += old_chances[0] * old_chances[1] * step * step;
            kl += label_kl(old_chances, old, step);
            *before = eta;
            if shared {
                loss += label_loss(eta, labels[i]);
                add(residual(eta, labels[i]), x, &mut self.gradient);
            }
        }
        let n = inner.rows.len() as f64;
        if shared {
            self.loss = loss / n;
            self.gradient.iter_mut().for_each(|g| *g /= n);
        } else {
            (self.loss, self.gradient) = inner.descent(w);
        }
        self.fisher.take();
        self.spend(1 + inner.rows.len() / ROWS);
        let design = inner.design.len() as f64;
        [square / design, kl / design]
    }

    fn dense(&self) -> &DMatrix<f64> {
        let inner = &*self.problem.0;
        self.fisher.get_or_init(|| {
            self.spend(self.x.len() * inner.design.len() / ROWS);
            inner.fisher(&self.x, &inner.design)
        })
    }

    /// p(1 − p) of each row of the design.
    fn variances(&self) -> impl Iterator<Item = (f64, &[f64])> {
        let variance = |eta: &f64| chances(*eta).iter().product::<f64>();
        self.odds.iter().map(variance).zip(self.problem.0.design.rows())
    }
}

impl Metric for Here {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (variance, x) in self.variances() {
            add(variance * odds(v, x), x, out);
        }
        let n = self.odds.len() as f64;
        out.iter_mut().for_each(|entry| *entry /= n);
    }

    fn diagonal(&self, out: &mut [f64]) {
        out.fill(0.0);
        for (variance, x) in self.variances() {
            out[0] += variance;
            for (out, x) in out[1..].iter_mut().zip(x) {
                *out += variance * x * x;
            }
        }
        let n = self.odds.len() as f64;
        out.iter_mut().for_each(|entry| *entry /= n);
    }

    fn dense(&self) -> DMatrix<f64> {
        Self::dense(self).clone()
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
        &self.p
    }

    fn loss(&self) -> f64 {
        self.loss
    }

    fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    fn batch_gradient(&self, draw: Draw, out: &mut [f64]) -> bool {
        let inner = &*self.problem.0;
        let Some(mut batch) = inner.model.data.batch(draw) else { return false };
        let width = inner.model.size();
        out.fill(0.0);
        for row in batch.chunks_exact_mut(width) {
            inner.scaled(row);
            let (x, y) = (&row[..width - 1], row[width - 1]);
            add(residual(odds(&self.x, x), y), x, out);
        }
        let n = (batch.len() / width) as f64;
        out.iter_mut().for_each(|g| *g /= n);
        true
    }

    fn metric(&self) -> &dyn Metric {
        self
    }

    fn natural_norm(&self) -> f64 {
        let mut natural = vec![f64::NAN; self.x.len()];
        match solve(self.dense().clone(), 0.0, &self.gradient, &mut natural) {
            Ok(()) => dot(&natural, &self.gradient).max(0.0).sqrt(),
            Err(_) => f64::NAN,
        }
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let delta: Vec<f64> = x.iter().zip(&self.x).map(|(new, old)| new - old).collect();
        self.x.copy_from_slice(x);
        self.p = self.problem.0.parameters(x);
        let [square, kl] = self.look();
        Lengths { euclid: length(&delta), fisher: square.sqrt(), kl }
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        let design = &self.problem.0.design;
        let rows = self.odds.iter().zip(design.rows());
        rows.map(|(eta, row)| label_kl(chances(*eta), *eta, odds(x, row) - eta)).sum::<f64>() / design.len() as f64
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        let inner = &*self.problem.0;
        self.spend(1 + inner.rows.len() / ROWS);
        let losses = inner.rows.rows().zip(&*inner.model.labels).map(|(row, y)| label_loss(odds(x, row), *y));
        losses.sum::<f64>() / inner.rows.len() as f64
    }

    fn hessian(&self) -> DMatrix<f64> {
        let inner = &*self.problem.0;
        if inner.model.shared() { self.dense().clone() } else { inner.fisher(&self.x, &inner.rows) }
    }

    fn christoffel(&self, v: &[f64], out: &mut [f64]) {
        let mut third = vec![0.0; v.len()];
        for (eta, x) in self.odds.iter().zip(self.problem.0.design.rows()) {
            let ([yes, no], along) = (chances(*eta), odds(v, x));
            add(yes * no * (no - yes) * along * along, x, &mut third);
        }
        let n = 2.0 * self.odds.len() as f64;
        third.iter_mut().for_each(|entry| *entry /= n);
        if solve(self.dense().clone(), 0.0, &third, out).is_err() {
            out.fill(f64::NAN);
        }
    }

    fn mirror(&self, gradient: &[f64], rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        let inner = &*self.problem.0;
        let mut target = vec![0.0; self.x.len()];
        for (eta, x) in self.odds.iter().zip(inner.design.rows()) {
            add(chances(*eta)[0], x, &mut target);
        }
        let n = self.odds.len() as f64;
        target.iter_mut().zip(gradient).for_each(|(mean, g)| *mean = *mean / n - rate * g);
        self.spend(self.x.len() * inner.design.len() / ROWS);
        let outside = || Outside { quantity: "the expectation".into(), broken: "is that of no weights" };
        out.copy_from_slice(&inner.dual_point(&self.x, &target).ok_or_else(outside)?);
        Ok(())
    }

    fn empirical_fisher(&self, draw: Draw) -> DMatrix<f64> {
        let inner = &*self.problem.0;
        let width = inner.model.size();
        let mut rows = inner.model.data.batch(draw).unwrap_or_else(|| inner.model.data.values().to_vec());
        rows.chunks_exact_mut(width).for_each(|row| inner.scaled(row));
        let square = |row: &[f64]| residual(odds(&self.x, &row[..width - 1]), row[width - 1]).powi(2);
        let n = (rows.len() / width) as f64;
        outer(rows.chunks_exact(width).map(|row| (square(row), &row[..width - 1])), width, n)
    }

    fn sampled_fisher(&self, draw: Draw, samples: usize) -> DMatrix<f64> {
        let design = &self.problem.0.design;
        let mut rng = stream_for(Purpose::Scores, draw);
        let scores: Vec<(f64, usize)> = (0..samples)
            .map(|_| {
                let row = rng.random_range(0..design.len().max(1));
                let y = if rng.random::<f64>() < chances(self.odds[row])[0] { 1.0 } else { 0.0 };
                (residual(self.odds[row], y).powi(2), row)
            })
            .collect();
        let row = |i: usize| &design.values[i * design.width..(i + 1) * design.width];
        outer(scores.into_iter().map(|(square, i)| (square, row(i))), self.x.len(), samples as f64)
    }

    fn spent(&self) -> usize {
        self.spent.get()
    }

    fn spend(&self, cost: usize) {
        self.spent.set(self.spent.get().saturating_add(cost));
    }
}
