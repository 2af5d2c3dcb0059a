//! A softmax policy at a point: worth, gradient and Fisher matrices, each computed at most once, and what draws say of them.

use std::cell::{Cell, OnceCell};

use nalgebra::DMatrix;

use super::state_action::{self, StateAction};
use super::{InChart, Inner};
use crate::math::linear::{dot, length};
use crate::objective::Draw;
use crate::problem::policy::chart::{Chart, Table};
use crate::problem::policy::draws::{Drawn, Source};
use crate::problem::policy::evaluation::Evaluation;
use crate::problem::policy::goal::Samples;
use crate::problem::policy::learning::Pairs;
use crate::problem::policy::metric::{Blocks, Known, OfLogits, Ranked, least_squares};
use crate::problem::{Experience, Failure, Lengths, Metric, Outside, Portrait, Problem, Site};

/// The multiplications that a step on a closed form does in its time.
const WORK: usize = 2_000;

/// A point.
#[derive(Debug)]
pub(super) struct Here {
    problem: InChart,
    x: Vec<f64>,
    table: Table,
    parameters: Vec<f64>,
    found: Found,
    spent: Cell<usize>,
}

/// What was computed there.
#[derive(Debug, Default)]
struct Found {
    worth: OnceCell<Evaluation>,
    gradient: OnceCell<Vec<f64>>,
    metric: OnceCell<Box<dyn Metric + Send>>,
    natural_norm: OnceCell<f64>,
}

impl Here {
    pub(super) fn new(problem: InChart, x: Vec<f64>, table: Table, parameters: Vec<f64>) -> Self {
        let here = Self { problem, x, table, parameters, found: Found::default(), spent: Cell::new(0) };
        here.spend(here.cost());
        here
    }

    fn inner(&self) -> &Inner {
        &self.problem.0
    }

    fn cost(&self) -> usize {
        1 + self.inner().reach.cost(&self.inner().process) / WORK
    }

    fn worth(&self) -> &Evaluation {
        self.found.worth.get_or_init(|| self.inner().evaluate(&self.table))
    }

    fn source(&self) -> Source<'_> {
        let Inner { process, goal, .. } = self.inner();
        Source { process, goal, table: &self.table, worth: self.worth() }
    }

    fn draws(&self, draw: Draw) -> Option<Vec<Drawn>> {
        self.source().draws(draw, self.inner().goal.baseline)
    }

    fn pull(&self, y: &[f64], out: &mut [f64]) {
        self.inner().chart.pull(y, &self.table, self.inner().size, out);
    }

    /// d(s) π(a|s) by pairs.
    fn chances(&self) -> Vec<f64> {
        let visits = &self.worth().visits;
        let k = self.inner().size.actions;
        self.table.p.iter().enumerate().map(|(pair, p)| visits[pair / k] * p).collect()
    }

    /// ∂log π of a pair in the coordinates.
    fn score(&self, pair: usize) -> Vec<f64> {
        let mut y = vec![0.0; self.table.p.len()];
        y[pair] = 1.0;
        let mut score = vec![0.0; self.x.len()];
        self.pull(&y, &mut score);
        score
    }

    /// The weighted sum of the outer products of scores.
    fn outer(&self, pairs: impl Iterator<Item = (usize, f64)>) -> DMatrix<f64> {
        let n = self.x.len();
        let mut sum = DMatrix::zeros(n, n);
        for (pair, weight) in pairs {
            let score = nalgebra::DVector::from_vec(self.score(pair));
            sum.ger(weight, &score, &score, 1.0);
        }
        sum
    }

    /// A matrix in the coordinates, inverted as it is meant there.
    fn meant(&self, matrix: DMatrix<f64>) -> Box<dyn Metric + Send> {
        match self.inner().chart {
            Chart::Logits => Box::new(OfLogits::new(matrix, self.inner().size.actions)),
            Chart::Weights(..) => Box::new(Ranked(matrix)),
            Chart::Probabilities | Chart::LogOdds => Box::new(matrix),
        }
    }

    /// F with what the changes of d add to it.
    pub(super) fn of_pairs(&self) -> Box<dyn Metric + Send> {
        let mut matrix = self.fisher().dense();
        let (worth, Inner { process, size, .. }) = (self.worth(), self.inner());
        if let Some(response) = &worth.response {
            let chances = self.chances();
            let mut slope = vec![0.0; self.x.len()];
            for t in (0..size.states).filter(|t| worth.visits[*t] > 0.0) {
                // The change of d(t) with every move, then with every coordinate.
                let column = response.column(t);
                let moved = |next: &Vec<(usize, f64)>| next.iter().map(|(to, p)| p * column[*to]).sum::<f64>();
                let y: Vec<f64> = process.transitions.iter().zip(&chances).map(|(next, dp)| dp * moved(next)).collect();
                self.pull(&y, &mut slope);
                let slope = nalgebra::DVectorView::from_slice(&slope, slope.len());
                matrix.ger(1.0 / worth.visits[t], &slope, &slope, 1.0);
            }
        }
        self.meant(matrix)
    }

    fn fisher(&self) -> &(dyn Metric + Send) {
        let made = self.found.metric.get_or_init(|| {
            if let Chart::Weights(..) = self.inner().chart {
                return Box::new(Ranked(self.outer(self.chances().into_iter().enumerate())));
            }
            Box::new(self.blocks(self.exact().then(|| self.known(&self.critic()))))
        });
        &**made
    }

    /// F of a table.
    fn blocks(&self, known: Option<Known>) -> Blocks {
        let Inner { chart, size, .. } = self.inner();
        let (table, visits) = (self.table.clone(), self.worth().visits.clone());
        Blocks { known, chart: chart.clone(), size: *size, table, visits }
    }

    /// Whether the natural gradients of the return are known without its gradient: of a table every state of which is visited.
    fn exact(&self) -> bool {
        let Inner { chart, goal, reach, .. } = self.inner();
        goal.samples.is_none() && !matches!(chart, Chart::Weights(..)) && reach.visited.iter().all(|visited| *visited)
    }

    /// The gradient of the loss with a natural gradient, by the change of the logits along which J rises most.
    fn known(&self, logits: &[f64]) -> Known {
        let (scale, Inner { chart, size, .. }) = (self.worth().scale, self.inner());
        let image = chart.push(logits, &self.table, *size).into_iter().map(|step| -scale * step).collect();
        Known { covector: self.gradient().to_vec(), image }
    }

    /// A(s,a) less its mean over the actions where the state is visited: the logits that fit A best, of least norm.
    fn critic(&self) -> Vec<f64> {
        let Inner { size, reach, .. } = self.inner();
        let rows = self.worth().advantages.chunks_exact(size.actions).zip(&reach.visited);
        rows.flat_map(|(a, visited)| {
            let mean = a.iter().sum::<f64>() / size.actions as f64;
            a.iter().map(move |a| if *visited { a - mean } else { 0.0 })
        })
        .collect()
    }

    /// The logits' step of mirror descent: rate·c·A, or what a batch's gradient says of it where the state is visited.
    fn tilt(&self, gradient: &[f64], rate: f64) -> Vec<f64> {
        let Inner { chart, size, goal, .. } = self.inner();
        let worth = self.worth();
        if goal.samples.is_none() {
            return worth.advantages.iter().map(|a| rate * worth.scale * a).collect();
        }
        let chances = self.chances();
        let slopes = chart.in_logits(gradient, &self.table, *size);
        slopes.iter().zip(chances).map(|(g, dp)| if dp > 0.0 { -rate * g / dp } else { 0.0 }).collect()
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
        -self.worth().gain
    }

    fn gradient(&self) -> &[f64] {
        self.found.gradient.get_or_init(|| {
            let worth = self.worth();
            let y: Vec<f64> =
                self.chances().iter().zip(&worth.advantages).map(|(dp, a)| -worth.scale * dp * a).collect();
            let mut gradient = vec![0.0; self.x.len()];
            self.pull(&y, &mut gradient);
            gradient
        })
    }

    fn batch_gradient(&self, draw: Draw, out: &mut [f64]) -> bool {
        let Some(draws) = self.draws(draw) else { return false };
        let mut y = vec![0.0; self.table.p.len()];
        draws.iter().for_each(|drawn| y[drawn.pair] -= drawn.weight * drawn.advantage);
        self.spend(draws.len() / 16);
        self.pull(&y, out);
        true
    }

    fn metric(&self) -> &dyn Metric {
        self.fisher()
    }

    fn natural_norm(&self) -> f64 {
        *self.found.natural_norm.get_or_init(|| {
            let mut natural = vec![f64::NAN; self.x.len()];
            match self.fisher().solve(0.0, self.gradient(), &mut natural) {
                Ok(()) => dot(&natural, self.gradient()).max(0.0).sqrt(),
                Err(_) => f64::NAN,
            }
        })
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let delta: Vec<f64> = x.iter().zip(&self.x).map(|(new, old)| new - old).collect();
        let mut moved = vec![0.0; delta.len()];
        self.fisher().times(&delta, &mut moved);
        let lengths =
            Lengths { euclid: length(&delta), fisher: dot(&delta, &moved).max(0.0).sqrt(), kl: self.kl_to(x) };
        self.x.copy_from_slice(x);
        self.table = self.inner().chart.policy(x, self.inner().size);
        self.parameters = self.inner().parameters(x, &self.table);
        self.found = Found::default();
        self.spend(self.cost());
        lengths
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        let log_ratios = self.inner().chart.log_ratios(&self.x, &self.table, x, self.inner().size);
        self.inner().kl(&self.worth().visits, &self.table, &log_ratios)
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        self.spend(self.cost());
        self.problem.loss_at(x)
    }

    fn hessian(&self) -> DMatrix<f64> {
        DMatrix::repeat(self.x.len(), self.x.len(), f64::NAN)
    }

    fn christoffel(&self, _: &[f64], out: &mut [f64]) {
        out.fill(f64::NAN);
    }

    fn mirror(&self, gradient: &[f64], rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        let Inner { chart, size, .. } = self.inner();
        let tilt = self.tilt(gradient, rate);
        match chart {
            // The odds move by differences, so that a step keeps their digits.
            Chart::LogOdds => {
                let moves = chart.push(&tilt, &self.table, *size);
                out.iter_mut().zip(self.x.iter().zip(moves)).for_each(|(out, (x, step))| *out = x + step);
            }
            _ => {
                let log: Vec<f64> = self.table.log.iter().zip(&tilt).map(|(log, step)| log + step).collect();
                let moved = Chart::Logits.policy(&log, *size);
                out.copy_from_slice(&chart.coordinates(&moved, *size));
            }
        }
        Ok(())
    }

    fn empirical_fisher(&self, draw: Draw) -> Box<dyn Metric> {
        let Some(draws) = self.draws(draw) else { return self.meant(self.outer(std::iter::empty())) };
        let n = draws.len() as f64;
        self.meant(self.outer(draws.iter().map(|drawn| (drawn.pair, 1.0 / n))))
    }

    fn sampled_fisher(&self, draw: Draw, samples: usize) -> Box<dyn Metric> {
        // As many as the batch.
        let size = if let Some(Samples::Batch(size)) = self.inner().goal.samples { size } else { samples };
        let pairs = self.source().fresh(draw, size);
        self.meant(self.outer(pairs.into_iter().map(|pair| (pair, 1.0 / size as f64))))
    }

    fn state_action_fisher(&self) -> Box<dyn Metric> {
        let Inner { process, goal, .. } = self.inner();
        let direction = || {
            if process.bandit {
                // Its one state is always visited: F is that of the policy.
                return Some(self.critic());
            }
            state_action::direction(process, goal.criterion, &self.table, self.worth())
        };
        let direction = self.exact().then(direction).flatten();
        let known = direction.map(|logits| self.known(&logits));
        Box::new(StateAction::new(self.problem.clone(), self.x.clone(), known))
    }

    fn experience(&self, draw: Draw) -> Result<Box<dyn Experience + '_>, Failure> {
        let Inner { chart, size, .. } = self.inner();
        let seen = self.draws(draw).map_or_else(
            || {
                let chances = self.chances();
                let exact = self.worth().advantages.iter().zip(chances).enumerate();
                exact.map(|(pair, (a, dp))| (pair, dp, *a)).collect()
            },
            |draws| {
                let n = draws.len() as f64;
                draws.iter().map(|drawn| (drawn.pair, 1.0 / n, drawn.advantage)).collect()
            },
        );
        let sampled = self.inner().goal.samples.is_some();
        Ok(Box::new(Pairs { chart, size: *size, x: &self.x, table: &self.table, seen, sampled }))
    }

    fn compatible(&self, draw: Draw, out: &mut [f64]) {
        let scale = self.worth().scale;
        let fit = |rows: Vec<(usize, f64, f64)>| {
            let scores: Vec<Vec<f64>> = rows.iter().map(|(pair, ..)| self.score(*pair)).collect();
            let matrix = DMatrix::from_fn(rows.len(), self.x.len(), |i, j| rows[i].1.sqrt() * scores[i][j]);
            let targets: Vec<f64> = rows.iter().map(|(_, weight, a)| weight.sqrt() * a).collect();
            least_squares(matrix, &targets)
        };
        let w = match (self.draws(draw), &self.inner().chart) {
            (Some(draws), _) => {
                let n = draws.len() as f64;
                fit(draws.iter().map(|drawn| (drawn.pair, 1.0 / n, drawn.advantage)).collect())
            }
            (None, Chart::Weights(..)) => {
                let chances = self.chances();
                fit(self.worth().advantages.iter().zip(chances).enumerate().map(|(i, (a, dp))| (i, dp, *a)).collect())
            }
            (None, _) => self.inner().chart.push(&self.critic(), &self.table, self.inner().size),
        };
        out.iter_mut().zip(w).for_each(|(out, w)| *out = scale * w);
    }

    fn kl_gradient(&self, x: &[f64], out: &mut [f64]) {
        let Inner { chart, size, .. } = self.inner();
        let y: Vec<f64> = self.chances().into_iter().map(|dp| -dp).collect();
        chart.pull(&y, &chart.policy(x, *size), *size, out);
    }

    fn improves(&self, x: &[f64], draw: Draw) -> bool {
        let Inner { chart, size, .. } = self.inner();
        let ratios = chart.log_ratios(&self.x, &self.table, x, *size);
        let gain: f64 = match self.draws(draw) {
            Some(draws) => draws.iter().map(|drawn| ratios[drawn.pair].exp_m1() * drawn.advantage).sum(),
            None => {
                let advantages = self.worth().advantages.iter().zip(self.chances());
                advantages.zip(&ratios).map(|((a, dp), u)| dp * a * u.exp_m1()).sum()
            }
        };
        gain > 0.0
    }

    fn policy(&self) -> Option<Vec<f64>> {
        Some(self.table.p.clone())
    }

    fn portrait(&self) -> Option<Portrait> {
        let (worth, k) = (self.worth(), self.inner().size.actions);
        Some(Portrait {
            state_distribution: Some(worth.visits.clone()),
            value: Some(worth.values.clone()),
            advantage: Some(worth.advantages.chunks_exact(k).map(<[f64]>::to_vec).collect()),
            variance: None,
        })
    }

    fn fisher_inverse(&self) -> Option<DMatrix<f64>> {
        if let Chart::Weights(..) = self.inner().chart {
            self.fisher().invertible(0.0).ok()?;
            return self.fisher().dense().try_inverse();
        }
        self.blocks(None).inverse()
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}
