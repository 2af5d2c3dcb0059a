//! What returns of policies lack that some optimizers need.

use super::{Agent, Form, Return};
use crate::problem::Capability;

impl Agent {
    /// What lacks a capability, by name; `None` if a return of this policy has it.
    #[must_use]
    pub const fn lacks(&self, goal: &Return, capability: Capability) -> Option<&'static str> {
        match self.form {
            Form::Softmax => softmax(true, goal, capability),
            Form::Features(..) => softmax(false, goal, capability),
            Form::LinearGaussian => linear_gaussian(goal, capability),
        }
    }
}

/// Of a table, or of features.
pub(super) const fn softmax(table: bool, goal: &Return, capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Rewards => None,
        Capability::Dual if table => None,
        Capability::Dual => Some("softmax with `features`"),
        _ => any(goal, capability),
    }
}

/// Expectations over actions on the real line are not integrated.
pub(super) const fn linear_gaussian(goal: &Return, capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Dual => Some("linear-gaussian"),
        Capability::Rewards => sampled(goal),
        _ => any(goal, capability),
    }
}

const fn any(goal: &Return, capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Rewards | Capability::Dual | Capability::Critic | Capability::Process => None,
        Capability::Data | Capability::Scores => sampled(goal),
        Capability::Geodesics | Capability::Transport | Capability::Hessians | Capability::Canonical => {
            Some("a policy")
        }
    }
}

const fn sampled(goal: &Return) -> Option<&'static str> {
    if goal.samples.is_some() { None } else { Some("a return without `batch`") }
}
