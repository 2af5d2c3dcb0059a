//! Logistic regression on any number of columns: p(y = 1 | x) = σ(w₀ + Σ wⱼ xⱼ), fitted to labelled data.
//!
//! The weights are natural parameters, so that a likelihood's Hessian over the design is F and the Levi-Civita symbols are
//! ½F⁻¹T. The standardised chart has the weights of the standardised columns. F, KL and entropy are means over the design,
//! losses over the data; where these are the same rows they share one pass. With one column it is a family
//! ([`family::logistic_regression`](crate::family::logistic_regression)).

mod coordinates;
mod site;
mod table;

use std::sync::{Arc, OnceLock};

use super::Capability;
use crate::family::log_odds::log_chance;
use crate::objective::Data;

pub use coordinates::InWeights;
pub use table::Table;

use coordinates::{Inner, minimum};

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
        self.design.is(&self.rows)
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
        let mut sum = 0.0;
        self.rows.each(w, |row, odds| sum += label_loss(odds, self.labels[row]));
        sum / self.rows.len() as f64
    }

    /// Fisher scoring.
    fn search(self: &Arc<Self>) -> Option<Vec<f64>> {
        let problem = self.within(Weights::Standardised);
        let inner = &*problem.0;
        let w = minimum(vec![0.0; self.size()], |w| inner.descent(w), |w| Inner::fisher(w, &inner.rows))?;
        Some(inner.parameters(&w))
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
        Capability::Dual | Capability::Data | Capability::Hessians | Capability::Scores | Capability::Canonical => None,
        Capability::Geodesics
        | Capability::Transport
        | Capability::Rewards
        | Capability::Critic
        | Capability::Process => Some("logistic-regression on several columns"),
    }
}
