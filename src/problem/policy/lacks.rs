//! What returns of policies lack that some optimizers need.

use super::{Agent, Form, Return};
use crate::problem::Capability;

impl Agent {
    /// What lacks a capability, by name; `None` if a return of this policy has it.
    #[must_use]
    pub const fn lacks(&self, goal: &Return, capability: Capability) -> Option<&'static str> {
        let sampled = goal.samples.is_some();
        match capability {
            Capability::Rewards | Capability::Critic | Capability::Process => None,
            Capability::Data | Capability::Scores if sampled => None,
            Capability::Data | Capability::Scores => Some("a return without `batch`"),
            Capability::Dual => match self.form {
                Form::Softmax => None,
                Form::Features(..) => Some("softmax with `features`"),
                Form::LinearGaussian => Some("linear-gaussian"),
            },
            Capability::Geodesics | Capability::Transport | Capability::Hessians | Capability::Canonical => {
                Some("a policy")
            }
        }
    }
}
