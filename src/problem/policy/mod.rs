//! Policies π(a|s) in a process: the return as a loss, with its exact gradient and Fisher matrices, and samples.

pub mod goal;
pub mod info;

mod axes;
mod chart;
mod draws;
mod evaluation;
mod lacks;
mod learning;
mod linear_gaussian;
mod metric;
mod optimal;
mod softmax;

use std::sync::Arc;

use super::process::Process;
use super::{Outside, Problem};

pub use chart::{Chart, Coordinates, Size, Table};
pub use evaluation::{Evaluation, Reach, evaluate};
pub use goal::{Baseline, Criterion, Reference, Regulariser, Return, Samples};
pub use info::{POLICIES, PolicyInfo};
pub use optimal::Optimal;
pub use softmax::InChart;

/// A policy's form and the process it acts in, as plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// The form of the policy.
    pub form: Form,
    /// Where it acts.
    pub process: Arc<Process>,
}

/// The form of a policy.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A probability for every pair of a finite process.
    Softmax,
    /// Logits linear in the features of a pair: a row for every pair, one after the other, each of so many numbers.
    Features(usize, Arc<[f64]>),
    /// u ∼ N(−gain·x, sd²).
    LinearGaussian,
}

const TABLE: [Coordinates; 3] = [
    Coordinates { name: "probabilities", doc: "of every state all probabilities but the last" },
    Coordinates { name: "log-odds", doc: "of every state log pⱼ/p_k" },
    Coordinates { name: "logits", doc: "of every state one logit an action, one of them redundant" },
];
const WEIGHTS: [Coordinates; 1] = [Coordinates { name: "weights", doc: "the weights of the features" }];
const LINEAR: [Coordinates; 2] = [
    Coordinates { name: "gain-sd", doc: "gain and standard deviation" },
    Coordinates { name: "gain-log-sd", doc: "gain and the logarithm of the standard deviation" },
];

impl Agent {
    /// The charts, the canonical one first.
    #[must_use]
    pub const fn charts(&self) -> &'static [Coordinates] {
        match self.form {
            Form::Softmax => &TABLE,
            Form::Features(..) => &WEIGHTS,
            Form::LinearGaussian => &LINEAR,
        }
    }

    /// The names of the canonical parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        self.within(&Return::default(), 0).parameters()
    }

    /// Why canonical parameters are no policy; `None` if they are one.
    #[must_use]
    pub fn outside(&self, parameters: &[f64]) -> Option<Outside> {
        self.within(&Return::default(), 0).locate(parameters).err()
    }

    /// π(a|s) by pairs at canonical parameters; `None` in a process that is not finite.
    #[must_use]
    pub fn probabilities(&self, parameters: &[f64]) -> Option<Vec<f64>> {
        let process = self.process.finite()?;
        let size = Size { states: process.states.len(), actions: process.actions.len() };
        let chart = match &self.form {
            Form::Features(width, features) => Chart::Weights(*width, Arc::clone(features)),
            Form::Softmax => Chart::Probabilities,
            Form::LinearGaussian => return None,
        };
        Some(chart.policy(parameters, size).p)
    }

    /// The return as a loss in a chart.
    ///
    /// # Panics
    /// If the form does not fit the process, or the chart is none of [`Agent::charts`]: the checker has seen to both.
    #[must_use]
    pub fn within(&self, goal: &Return, chart: usize) -> Arc<dyn Problem> {
        let chart = match (&self.form, &*self.process) {
            (Form::LinearGaussian, Process::LinearQuadratic(process)) => {
                return Arc::new(linear_gaussian::InChart::new(*process, goal.clone(), chart == 1));
            }
            (Form::Features(width, features), _) => Chart::Weights(*width, Arc::clone(features)),
            _ => [Chart::Probabilities, Chart::LogOdds, Chart::Logits][chart].clone(),
        };
        match &*self.process {
            Process::Finite(process) => Arc::new(InChart::new(process, goal, chart)),
            Process::LinearQuadratic(_) => panic!("a softmax policy has finitely many actions"),
        }
    }
}
