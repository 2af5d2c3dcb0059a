//! The mean negative log-likelihood of a sample, by all of it or by mini-batches.
//!
//! Where the sample comes from is the scenario's business, which rows a batch has that of `data`.

use std::sync::Arc;

use super::{Data, Draw, Need, Objective, ObjectiveInfo};
use crate::family::Family;
use crate::math::Vec2;
use crate::math::linear::solve2;

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "nll",
    doc: "the mean negative log-likelihood of data",
    formula: "−(1/n) Σ log p(xᵢ)",
    needs: &[Need::Data],
    fields: &[],
};

/// The negative log-likelihood of a sample.
#[derive(Debug)]
pub struct Likelihood {
    family: Arc<dyn Family>,
    data: Data,
    statistics: Option<Vec2>,
    /// The part of the loss that no parameter changes and the statistics do not know.
    carrier: f64,
    optimum: Option<Vec2>,
}

impl Likelihood {
    /// The loss of `data` on `family`; `start` is where the search for the maximum-likelihood point begins.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, data: Data, start: Vec2) -> Self {
        let statistics = family.sufficient().map(|sufficient| sufficient.statistics(data.values()));
        let carrier = family.sufficient().map_or(0.0, |sufficient| sufficient.carrier(data.values()));
        let mut likelihood = Self { family, data, statistics, carrier, optimum: None };
        likelihood.optimum = likelihood.search(start);
        likelihood
    }

    fn mean_loss(&self, p: Vec2, values: &[f64]) -> f64 {
        -values.iter().map(|x| self.family.log_density(p, std::slice::from_ref(x))).sum::<f64>() / values.len() as f64
    }

    fn mean_gradient(&self, p: Vec2, values: &[f64]) -> Vec2 {
        let sum: Vec2 = values.iter().map(|x| self.family.score(p, std::slice::from_ref(x))).sum();
        -sum / values.len() as f64
    }

    /// Fisher scoring with halving: at most 200 steps, and no point unless the natural gradient vanished there.
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
                // No digit left to gain.
                _ => return (decrement < 1e-14).then_some(p),
            }
        }
        None
    }
}

impl Objective for Likelihood {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        match (self.family.sufficient(), self.statistics) {
            (Some(sufficient), Some(statistics)) => self.carrier + sufficient.nll(p, statistics),
            _ => self.mean_loss(p, self.data.values()),
        }
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        match (self.family.sufficient(), self.statistics) {
            (Some(sufficient), Some(statistics)) => sufficient.nll_gradient(p, statistics),
            _ => self.mean_gradient(p, self.data.values()),
        }
    }

    fn stochastic_gradient(&self, p: Vec2, draw: Draw) -> Option<Vec2> {
        Some(self.mean_gradient(p, &self.data.batch(draw)?))
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }

    fn data(&self) -> Option<&Data> {
        Some(&self.data)
    }
}
