//! A point of a regression: loss, gradient, log odds and the lengths of a step in one pass over the rows.

use std::cell::{Cell, OnceCell};

use nalgebra::DMatrix;
use rand::RngExt;

use super::coordinates::{Inner, outer, residual};
use super::table::{add, odds};
use super::{InWeights, label_loss};
use crate::family::log_odds::{LogProduct, event_kl};
use crate::math::linear::{dot, length};
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::problem::{Lengths, Metric, Outside, Problem, Site, solve};

/// The rows whose products are summed in the time of a step on a closed form.
const ROWS: usize = 8;
/// |Δη| up to which a row's KL is summed as a series.
const NEAR: f64 = 0.01;

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
    // Products: a quotient takes as long as all of the rest.
    let series = e * (1.0 / 720.0) + seventh * (1.0 / 5040.0) * step;
    let series = c * (1.0 / 24.0) + step * (d * (1.0 / 120.0) + step * series);
    step * step * (0.5 * a + step * (b * (1.0 / 6.0) + step * series))
}

/// The distribution of a row's label.
#[derive(Debug, Clone, Copy)]
struct Label {
    odds: f64,
    /// p and 1 − p.
    chances: [f64; 2],
}

impl Label {
    /// With e^−|η|, which it is made of.
    fn new(odds: f64) -> (Self, f64) {
        let small = (-odds.abs()).exp();
        let most = 1.0 / (1.0 + small);
        let least = small * most;
        let chances = if odds >= 0.0 { [most, least] } else { [least, most] };
        (Self { odds, chances }, small)
    }

    /// p(1 − p).
    fn variance(&self) -> f64 {
        self.chances[0] * self.chances[1]
    }
}

/// A point.
#[derive(Debug)]
pub(super) struct Here {
    problem: InWeights,
    x: Vec<f64>,
    p: Vec<f64>,
    /// The labels of the design.
    labels: Vec<Label>,
    loss: f64,
    gradient: Vec<f64>,
    fisher: OnceCell<DMatrix<f64>>,
    spent: Cell<usize>,
}

impl Here {
    pub(super) fn new(problem: &InWeights, x: Vec<f64>, p: Vec<f64>) -> Self {
        let design = &problem.0.design;
        let labels = vec![Label { odds: f64::NAN, chances: [f64::NAN; 2] }; design.len()];
        let gradient = vec![0.0; x.len()];
        let problem = problem.clone();
        let mut here =
            Self { problem, x, p, labels, loss: f64::NAN, gradient, fisher: OnceCell::new(), spent: Cell::new(0) };
        here.look();
        here
    }

    /// Loss, gradient and log odds of this point; the lengths of the step that led here, the log odds being those before it.
    fn look(&mut self) -> [f64; 2] {
        let inner = &*self.problem.0;
        let (w, shared) = (&*self.x, inner.model.shared());
        let (mut square, mut kl, mut loss, mut folds) = (0.0, 0.0, 0.0, LogProduct::NONE);
        self.gradient.fill(0.0);
        let (ys, labels) = (&inner.model.labels, &mut self.labels);
        let mut turn = |row: usize, odds: f64| {
            let old = labels[row];
            let (new, small) = Label::new(odds);
            let step = new.odds - old.odds;
            square += old.chances[0] * old.chances[1] * step * step;
            kl += label_kl(old.chances, old.odds, step);
            labels[row] = new;
            (new, small)
        };
        let n = inner.rows.len() as f64;
        if shared {
            inner.design.add(w, &mut self.gradient, |row, odds| {
                let (new, small) = turn(row, odds);
                let [yes, no] = new.chances;
                // −log p(y) = log(1 + e^−|η|) − min(±η, 0) and its slope, from the one exponential that the label has cost.
                let (slope, size) = if ys[row] > 0.5 { (-no, new.odds) } else { (yes, -new.odds) };
                folds.add(small);
                loss -= size.min(0.0);
                slope
            });
            self.loss = (loss + folds.total()) / n;
            self.gradient.iter_mut().for_each(|g| *g /= n);
        } else {
            inner.design.each(w, |row, odds| {
                turn(row, odds);
            });
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
            Inner::fisher(&self.x, &inner.design)
        })
    }
}

impl Metric for Here {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.problem.0.design.add(v, out, |row, along| self.labels[row].variance() * along);
        let n = self.labels.len() as f64;
        out.iter_mut().for_each(|entry| *entry /= n);
    }

    fn diagonal(&self, out: &mut [f64]) {
        out.fill(0.0);
        for (label, x) in self.labels.iter().zip(self.problem.0.design.rows()) {
            let variance = label.variance();
            out[0] += variance;
            for (out, x) in out[1..].iter_mut().zip(x) {
                *out += variance * x * x;
            }
        }
        let n = self.labels.len() as f64;
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
            add(&[residual(odds(&self.x, x), y)], x, out);
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
        let (design, mut sum) = (&self.problem.0.design, 0.0);
        design.each(x, |row, odds| {
            let label = &self.labels[row];
            sum += label_kl(label.chances, label.odds, odds - label.odds);
        });
        sum / design.len() as f64
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        let inner = &*self.problem.0;
        self.spend(1 + inner.rows.len() / ROWS);
        let mut sum = 0.0;
        inner.rows.each(x, |row, odds| sum += label_loss(odds, inner.model.labels[row]));
        sum / inner.rows.len() as f64
    }

    fn hessian(&self) -> DMatrix<f64> {
        let inner = &*self.problem.0;
        if inner.model.shared() { self.dense().clone() } else { Inner::fisher(&self.x, &inner.rows) }
    }

    fn christoffel(&self, v: &[f64], out: &mut [f64]) {
        let mut third = vec![0.0; v.len()];
        self.problem.0.design.add(v, &mut third, |row, along| {
            let [yes, no] = self.labels[row].chances;
            yes * no * (no - yes) * along * along
        });
        let n = 2.0 * self.labels.len() as f64;
        third.iter_mut().for_each(|entry| *entry /= n);
        if solve(self.dense().clone(), 0.0, &third, out).is_err() {
            out.fill(f64::NAN);
        }
    }

    fn mirror(&self, gradient: &[f64], rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        let inner = &*self.problem.0;
        let mut target = vec![0.0; self.x.len()];
        let chances: Vec<f64> = self.labels.iter().map(|label| label.chances[0]).collect();
        add(&chances, inner.design.values(), &mut target);
        let n = self.labels.len() as f64;
        target.iter_mut().zip(gradient).for_each(|(mean, g)| *mean = *mean / n - rate * g);
        self.spend(self.x.len() * inner.design.len() / ROWS);
        let outside = || Outside { quantity: "the expectation".into(), broken: "is that of no weights" };
        out.copy_from_slice(&inner.dual_point(&self.x, &target).ok_or_else(outside)?);
        Ok(())
    }

    fn empirical_fisher(&self, draw: Draw) -> Box<dyn Metric> {
        let inner = &*self.problem.0;
        let width = inner.model.size();
        let mut rows = inner.model.data.batch(draw).unwrap_or_else(|| inner.model.data.values().to_vec());
        rows.chunks_exact_mut(width).for_each(|row| inner.scaled(row));
        let square = |row: &[f64]| residual(odds(&self.x, &row[..width - 1]), row[width - 1]).powi(2);
        let n = (rows.len() / width) as f64;
        Box::new(outer(rows.chunks_exact(width).map(|row| (square(row), &row[..width - 1])), width, n))
    }

    fn sampled_fisher(&self, draw: Draw, samples: usize) -> Box<dyn Metric> {
        let design = &self.problem.0.design;
        let mut rng = stream_for(Purpose::Scores, draw);
        let scores: Vec<(f64, usize)> = (0..samples)
            .map(|_| {
                let row = rng.random_range(0..design.len().max(1));
                let y = if rng.random::<f64>() < self.labels[row].chances[0] { 1.0 } else { 0.0 };
                (residual(self.labels[row].odds, y).powi(2), row)
            })
            .collect();
        Box::new(outer(scores.into_iter().map(|(square, row)| (square, design.row(row))), self.x.len(), samples as f64))
    }

    fn euclidean(&self) -> Box<dyn Metric> {
        // The weights are linear in the coordinates.
        let n = self.x.len();
        let column =
            |j: usize| self.problem.0.parameters(&(0..n).map(|i| f64::from(u8::from(i == j))).collect::<Vec<_>>());
        let columns: Vec<f64> = (0..n).flat_map(column).collect();
        let jacobian = DMatrix::from_vec(n, n, columns);
        Box::new(jacobian.tr_mul(&jacobian))
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}
