//! The mean negative log-likelihood of a sample, full or by mini-batches.
//!
//! The origin of the sample is the scenario's business, the rows of a batch are those of `data`.

use std::collections::HashMap;
use std::sync::Arc;

use super::{BATCH, Data, Draw, Objective, ObjectiveInfo, Of};
use crate::family::{Family, Flat, connected};
use crate::math::linear::solve2;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Preset};

const DATA: Field = Field {
    name: "data",
    kind: Kind::Data,
    default: Preset::Required,
    doc: "the observations: data = [..], data = { csv = .., column = .. }, or `sample`, to draw them",
    synonyms: &["dataset", "observations", "csv", "file"],
};

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "nll",
    synonyms: &["negative-log-likelihood", "log-likelihood", "likelihood", "mle", "maximum-likelihood"],
    doc: "the mean negative log-likelihood of data",
    formula: "−(1/n) Σ log p(xᵢ)",
    unit: Some("nats"),
    fields: &[DATA, BATCH],
    unrewarded: |_| Some("nll"),
    conflict: |_| None,
    of: Of::Family {
        densities: |settings, family| match (family.sufficient(), settings.batch(&BATCH)) {
            (Some(_), Some(batch)) => batch,
            // The full loss is a sum over the rows unless sufficient statistics stand for them.
            _ => settings.numbers(&DATA).len() / family.width(),
        },
        build: |settings, family, start| {
            let data = Data::rows_of(family.width(), settings.numbers(&DATA), settings.batch(&BATCH));
            Arc::new(Likelihood::new(Arc::clone(family), data, start))
        },
    },
};

/// The mean negative log-likelihood of a sample, as a loss in nats.
#[derive(Debug)]
pub struct Likelihood {
    family: Arc<dyn Family>,
    data: Data,
    /// The sufficient statistics, and the part of the loss that does not depend on the parameters.
    statistics: Option<(Vec2, f64)>,
    /// Without sufficient statistics: the distinct rows and their counts.
    tally: Tally,
    optimum: Option<Vec2>,
}

impl Likelihood {
    /// The loss of `data` on `family`; the search for the maximum-likelihood estimate begins at `start`.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, data: Data, start: Vec2) -> Self {
        let all = data.values();
        let statistics = family.sufficient().map(|own| (own.statistics(all), own.constant(all)));
        let tally = if statistics.is_some() { Tally::default() } else { Tally::of(all, family.width()) };
        let mut likelihood = Self { family, data, statistics, tally, optimum: None };
        likelihood.optimum = likelihood.search(start);
        likelihood
    }

    fn mean_loss(&self, p: Vec2) -> f64 {
        let rows = self.tally.rows.chunks_exact(self.family.width()).zip(&self.tally.counts);
        let log_density = self.family.log_density_at(p);
        -rows.map(|(x, n)| n * log_density(x)).sum::<f64>() / self.data.rows() as f64
    }

    fn mean_gradient(&self, p: Vec2) -> Vec2 {
        let rows = self.tally.rows.chunks_exact(self.family.width()).zip(&self.tally.counts);
        -rows.map(|(x, n)| self.family.score(p, x) * *n).sum::<Vec2>() / self.data.rows() as f64
    }

    /// Fisher scoring with step halving, at most 200 steps; `None` unless the natural gradient vanishes at the end.
    fn search(&self, start: Vec2) -> Option<Vec2> {
        let mut p = start;
        let mut loss = self.value(p);
        for _ in 0..200 {
            let gradient = self.gradient(p);
            let direction = solve2(&self.family.fisher(p), &gradient);
            let decrement = gradient.dot(&direction);
            if !(decrement.is_finite() && loss.is_finite()) {
                return None;
            }
            if decrement < 1e-24 {
                return Some(p);
            }
            let candidate = (0..60).map(|halving| p - direction * 0.5_f64.powi(halving)).find_map(|q| {
                let value = if self.family.contains(q) { self.value(q) } else { f64::NAN };
                (value <= loss).then_some((q, value))
            });
            match candidate {
                Some((q, value)) if q != p => (p, loss) = (q, value),
                // No further decrease is possible in double precision.
                _ => return (decrement < 1e-14).then_some(p),
            }
        }
        None
    }
}

/// The number of rows whose densities and scores are summed in the time of a step on a closed form.
const ROWS: usize = 8;

/// The distinct rows of a sample and their counts: rounded or counted data have many duplicates, and a field evaluates
/// the likelihood of all rows at every cell.
#[derive(Debug, Default)]
struct Tally {
    rows: Vec<f64>,
    counts: Vec<f64>,
}

impl Tally {
    fn of(values: &[f64], width: usize) -> Self {
        let mut places = HashMap::new();
        let mut tally = Self::default();
        for row in values.chunks_exact(width) {
            let bits: Vec<u64> = row.iter().map(|x| x.to_bits()).collect();
            let place = *places.entry(bits).or_insert_with(|| {
                tally.rows.extend(row);
                tally.counts.push(0.0);
                tally.counts.len() - 1
            });
            tally.counts[place] += 1.0;
        }
        tally
    }
}

impl Objective for Likelihood {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        match (self.family.sufficient(), self.statistics) {
            (Some(sufficient), Some((statistics, rest))) => sufficient.nll(p, statistics) + rest,
            _ => self.mean_loss(p),
        }
    }

    fn cheap(&self) -> bool {
        self.statistics.is_some()
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        match (self.family.sufficient(), self.statistics) {
            (Some(sufficient), Some((statistics, _))) => sufficient.nll_gradient(p, statistics),
            _ => self.mean_gradient(p),
        }
    }

    fn hessian(&self, p: Vec2) -> Mat2 {
        if self.statistics.is_some() {
            // For an exponential family only the gradient depends on the data.
            return self.family.fisher(p) + connected(&*self.family, p, self.gradient(p), Flat::Exponential);
        }
        let rows = self.data.values().chunks_exact(self.family.width());
        -rows.map(|x| self.family.score_slopes(p, x)).sum::<Mat2>() / self.data.rows() as f64
    }

    fn empirical_fisher(&self, p: Vec2, draw: Draw) -> Option<Mat2> {
        let batch = self.data.batch(draw);
        let rows = batch.as_deref().unwrap_or(self.data.values()).chunks_exact(self.family.width());
        let count = rows.len() as f64;
        let outer = rows.map(|x| {
            let score = self.family.score(p, x);
            score * score.transpose()
        });
        Some(outer.sum::<Mat2>() / count)
    }

    fn stochastic_gradient(&self, p: Vec2, draw: Draw) -> Option<Vec2> {
        let (batch, width) = (self.data.batch(draw)?, self.family.width());
        let sum: Vec2 = batch.chunks_exact(width).map(|x| self.family.score(p, x)).sum();
        Some(-sum / (batch.len() / width) as f64)
    }

    fn cost(&self) -> usize {
        1 + self.tally.counts.len() / ROWS
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }

    fn data(&self) -> Option<&Data> {
        Some(&self.data)
    }
}
