//! STAND-IN for the numerics of policies: everything in this file is to be replaced. Names, charts and bounds are right, numbers
//! are NaN.

use std::sync::Arc;

use super::{Agent, Form, Return};
use crate::problem::blank::Blank;
use crate::problem::process::Process;
use crate::problem::{Outside, Problem};

/// A chart of policies or value functions.
#[derive(Debug, Clone, Copy)]
pub struct Coordinates {
    /// The name in scenario files.
    pub name: &'static str,
    /// The coordinates as formulas.
    pub doc: &'static str,
}

static TABULAR: [Coordinates; 3] = [
    Coordinates { name: "probabilities", doc: "per state p1 … p(k−1)" },
    Coordinates { name: "log-odds", doc: "per state log pⱼ/p_k" },
    Coordinates { name: "logits", doc: "per state k numbers, one of them redundant; the start's are log p" },
];
static WEIGHTS: [Coordinates; 1] = [Coordinates { name: "weights", doc: "the weights of the features" }];
static GAIN: [Coordinates; 2] = [
    Coordinates { name: "gain-sd", doc: "the parameters themselves" },
    Coordinates { name: "gain-log-sd", doc: "gain, log sd" },
];

impl Agent {
    /// The charts, the canonical one first.
    #[must_use]
    pub fn charts(&self) -> &'static [Coordinates] {
        match self.form {
            Form::Softmax => &TABULAR,
            Form::Features(..) => &WEIGHTS,
            Form::LinearGaussian => &GAIN,
        }
    }

    /// The names of the canonical parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        match (&self.form, &*self.process) {
            (Form::Softmax, Process::Finite(process)) => {
                let few = &process.actions[..process.actions.len() - 1];
                let one = |state: &&str, action: &&str| {
                    if process.bandit { format!("p({action})") } else { format!("p({action}|{state})") }
                };
                process.states.iter().flat_map(|s| few.iter().map(move |a| one(s, a))).collect()
            }
            (Form::Features(width, _), _) => (1..=*width).map(|i| format!("weight {i}")).collect(),
            _ => vec!["gain".to_owned(), "sd".to_owned()],
        }
    }

    /// Why canonical parameters are no policy; `None` if they are.
    #[must_use]
    pub fn outside(&self, parameters: &[f64]) -> Option<Outside> {
        match (&self.form, &*self.process) {
            (Form::LinearGaussian, Process::LinearQuadratic(system)) => {
                let (gain, sd) = (parameters[0], parameters[1]);
                if sd.is_nan() || sd <= 0.0 {
                    return Some(Outside { quantity: "sd".into(), broken: "≤ 0" });
                }
                let pole = (system.a - system.b * gain).abs();
                (pole.is_nan() || pole >= 1.0).then(|| Outside { quantity: "|a − b·gain|".into(), broken: "≥ 1" })
            }
            _ => None,
        }
    }

    /// The return of the policy as a problem in a chart.
    #[must_use]
    pub fn within(&self, _goal: &Return, chart: usize) -> Arc<dyn Problem> {
        let names = self.parameters();
        let n = match (&*self.process, chart) {
            (Process::Finite(process), 2) => process.pairs(),
            _ => names.len(),
        };
        Arc::new(Blank { names, coordinates: n })
    }
}
