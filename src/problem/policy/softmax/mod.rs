//! Softmax policies of a finite process, in a chart: the return as a loss to descend.

mod site;
mod state_action;

use std::sync::{Arc, OnceLock};

use super::chart::{Chart, Size, Table};
use super::evaluation::{Evaluation, Reach, evaluate, gain};
use super::goal::{Criterion, Return};
use super::lacks;
use crate::math::linear::Singular;
use crate::math::special::exp_excess;
use crate::problem::policy::optimal::Optimal;
use crate::problem::process::Finite;
use crate::problem::{Capability, Outcome, Outside, Problem, Site};
use site::Here;

/// The return of a softmax policy, in coordinates.
#[derive(Debug, Clone)]
pub struct InChart(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    process: Finite,
    goal: Return,
    chart: Chart,
    size: Size,
    reach: Reach,
    /// What is optimal, once it was asked for.
    optimal: OnceLock<Optimal>,
}

impl InChart {
    /// The return in a chart; the process must have a state and two actions.
    #[must_use]
    pub fn new(process: &Finite, goal: &Return, chart: Chart) -> Self {
        let size = Size { states: process.states.len(), actions: process.actions.len() };
        let reach = Reach::of(process, goal.criterion);
        Self(Arc::new(Inner {
            process: process.clone(),
            goal: goal.clone(),
            chart,
            size,
            reach,
            optimal: OnceLock::new(),
        }))
    }

    fn here(&self, x: &[f64]) -> Here {
        let table = self.0.chart.policy(x, self.0.size);
        let parameters = self.0.parameters(x, &table);
        Here::new(self.clone(), x.to_vec(), table, parameters)
    }
}

impl Inner {
    /// `p(stay|i)`, in a bandit `p(arm 1)`.
    fn name(&self, pair: usize) -> String {
        let (state, action) = (pair / self.size.actions, self.process.actions[pair % self.size.actions]);
        if self.process.bandit { format!("p({action})") } else { format!("p({action}|{})", self.process.states[state]) }
    }

    /// The canonical parameters: of every state all probabilities but the last, or the weights.
    fn parameters(&self, x: &[f64], table: &Table) -> Vec<f64> {
        match self.chart {
            Chart::Weights(..) => x.to_vec(),
            Chart::Probabilities | Chart::LogOdds | Chart::Logits => Chart::Probabilities.coordinates(table, self.size),
        }
    }

    /// The coordinates of canonical parameters, whose policy is `table`.
    fn coordinates(&self, parameters: &[f64], table: &Table) -> Vec<f64> {
        match self.chart {
            Chart::Weights(..) => parameters.to_vec(),
            Chart::Probabilities | Chart::LogOdds | Chart::Logits => self.chart.coordinates(table, self.size),
        }
    }

    /// The policy with these canonical parameters.
    fn table(&self, parameters: &[f64]) -> Table {
        match self.chart {
            Chart::Weights(..) => self.chart.policy(parameters, self.size),
            Chart::Probabilities | Chart::LogOdds | Chart::Logits => Chart::Probabilities.policy(parameters, self.size),
        }
    }

    fn optimal(&self) -> &Optimal {
        self.optimal.get_or_init(|| Optimal::of(&self.process, self.goal.criterion, &self.reach))
    }

    fn loss(&self, table: &Table) -> f64 {
        -gain(&self.process, &self.goal, &self.reach, table)
    }

    fn evaluate(&self, table: &Table) -> Evaluation {
        evaluate(&self.process, &self.goal, &self.reach, table)
    }

    /// Σ d(s) KL by the logarithms of the ratios.
    fn kl(&self, visits: &[f64], table: &Table, log_ratios: &[f64]) -> f64 {
        let k = self.size.actions;
        let states = visits.iter().zip(table.p.chunks_exact(k).zip(log_ratios.chunks_exact(k)));
        // p (e^u − 1 − u): the terms of first order sum to zero.
        states.map(|(d, (p, u))| d * p.iter().zip(u).map(|(p, u)| p * exp_excess(*u)).sum::<f64>()).sum()
    }
}

impl Problem for InChart {
    fn dimension(&self) -> usize {
        self.0.chart.dimension(self.0.size)
    }

    fn coordinates(&self) -> Vec<String> {
        let Inner { chart, size, process, .. } = &*self.0;
        let Some(per) = chart.per_state(*size) else { return self.parameters() };
        let of = |state: usize, action: usize| {
            let (name, last) = (process.actions[action], process.actions[size.actions - 1]);
            let given = if process.bandit { String::new() } else { format!("|{}", process.states[state]) };
            match chart {
                Chart::LogOdds => format!("log p({name}{given})/p({last}{given})"),
                Chart::Logits => format!("logit({name}{given})"),
                _ => format!("p({name}{given})"),
            }
        };
        (0..size.states).flat_map(|s| (0..per).map(move |a| (s, a))).map(|(s, a)| of(s, a)).collect()
    }

    fn parameters(&self) -> Vec<String> {
        let Inner { chart, size, .. } = &*self.0;
        match chart {
            Chart::Weights(width, _) => (1..=*width).map(|i| format!("weight {i}")).collect(),
            _ => (0..size.states * size.actions)
                .filter(|pair| pair % size.actions != size.actions - 1)
                .map(|pair| self.0.name(pair))
                .collect(),
        }
    }

    fn records_natural_norm(&self) -> bool {
        !matches!(self.0.chart, Chart::Weights(width, _) if width > 64)
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        self.0.loss(&self.0.table(parameters))
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        self.0.loss(&self.0.chart.policy(x, self.0.size))
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        let Inner { chart, size, .. } = &*self.0;
        let canonical = if let Chart::Weights(..) = chart { chart } else { &Chart::Probabilities };
        let table = self.0.table(p);
        let log_ratios = canonical.log_ratios(p, &table, q, *size);
        self.0.kl(&self.0.evaluate(&table).visits, &table, &log_ratios)
    }

    fn bound(&self) -> Option<f64> {
        if matches!(self.0.chart, Chart::Weights(..)) || self.0.goal.reference.is_some() {
            return None;
        }
        Some(-self.0.optimal().gain)
    }

    fn outcome(&self, parameters: &[f64]) -> Option<Outcome> {
        let Inner { size, reach, .. } = &*self.0;
        let best = &self.0.optimal().pairs;
        let table = self.0.table(parameters);
        let settled = |pair: &usize| table.p[*pair] > Outcome::SETTLED;
        let wrong = |pair: usize| !best[pair] && reach.visited[pair / size.actions];
        let mut pairs = (0..table.p.len()).filter(settled).peekable();
        if pairs.peek().is_none() {
            return Some(Outcome::Open);
        }
        let (wrongs, rest): (Vec<usize>, Vec<usize>) = pairs.partition(|pair| wrong(*pair));
        Some(match (wrongs.is_empty(), rest.iter().any(|pair| best[*pair])) {
            (false, _) => Outcome::Wrong,
            (true, true) => Outcome::Best,
            (true, false) => Outcome::Open,
        })
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        let reference = self.0.goal.reference.as_ref()?;
        let best = reference.tilted(&self.0.process.rewards)?;
        (!matches!(self.0.chart, Chart::Weights(..))).then(|| best[..best.len() - 1].to_vec())
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        lacks::softmax(!matches!(self.0.chart, Chart::Weights(..)), &self.0.goal, capability)
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        let table = self.0.table(parameters);
        if let Some(bad) = table.p.iter().position(|p| p.is_nan() || *p <= 0.0) {
            return Err(Outside { quantity: self.0.name(bad).into(), broken: "≤ 0" });
        }
        Ok(self.0.coordinates(parameters, &table))
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        self.0.chart.violation(x, self.0.size, |pair| self.0.name(pair))
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        let table = self.0.table(parameters);
        let x = self.0.coordinates(parameters, &table);
        Box::new(Here::new(self.clone(), x, table, parameters.to_vec()))
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        Box::new(self.here(x))
    }

    fn singular(&self, defect: &Singular, matrix: &str) -> String {
        let Some(per) = self.0.chart.per_state(self.0.size) else { return defect.words(matrix) };
        let state = defect.row / per;
        match (self.0.reach.visited.get(state), self.0.goal.criterion) {
            (Some(false), Criterion::Average) => {
                format!("{matrix} is singular: state {} is left for good, d = 0", self.0.process.states[state])
            }
            (Some(false), _) => {
                format!("{matrix} is singular: no policy reaches state {}, d = 0", self.0.process.states[state])
            }
            _ => defect.words(matrix),
        }
    }
}
