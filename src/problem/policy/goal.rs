//! What is made of the rewards of a process, as plain data.

use std::sync::Arc;

/// The return of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// How rewards of different times are added.
    pub criterion: Criterion,
    /// A policy to stay near to; bandits only.
    pub reference: Option<Reference>,
    /// What a step sees; `None` for exact expectations.
    pub samples: Option<Samples>,
    /// What is subtracted from sampled returns.
    pub baseline: Baseline,
}

/// The exact return of a bandit.
impl Default for Return {
    fn default() -> Self {
        Self { criterion: Criterion::Bandit, reference: None, samples: None, baseline: Baseline::None }
    }
}

/// How rewards of different times are added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// There is one time only.
    Bandit,
    /// Their mean in the long run.
    Average,
    /// With weights γᵗ.
    Discounted(f64),
}

/// A reference policy and the price β of leaving it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Its probabilities.
    pub policy: Arc<[f64]>,
    /// β > 0.
    pub beta: f64,
    /// How the distance is measured.
    pub regulariser: Regulariser,
}

/// How the distance from a reference is measured, or estimated from draws (u = reference/π).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regulariser {
    /// KL(p ‖ reference).
    ReverseKl,
    /// KL(reference ‖ p).
    ForwardKl,
    /// r − β·k1 in the place of r, k1 = −log u, not differentiated.
    K1Reward,
    /// The same with k3 = u − 1 − log u.
    K3Reward,
    /// β times the gradient of k1 through log π at the actions drawn.
    K1Loss,
    /// The same with k2 = ½ (log u)².
    K2Loss,
    /// The same with k3.
    K3Loss,
}

/// What a step sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// So many pairs of the state distribution and the policy, each with its exact Q.
    Batch(usize),
    /// So many episodes of so many moves.
    Episodes(usize, usize),
}

/// What is subtracted from sampled returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// Nothing.
    #[default]
    None,
    /// The exact value of the state.
    Value,
    /// The batch's mean.
    Mean,
}

impl Baseline {
    /// The baseline of that name in scenarios; `None` for any other word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [("none", Self::None), ("value", Self::Value), ("mean", Self::Mean)]
            .into_iter()
            .find_map(|(name, baseline)| (name == word).then_some(baseline))
    }
}
