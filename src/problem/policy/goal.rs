//! What is made of the rewards of a process, as plain data.

use std::sync::Arc;

use crate::objective::BATCH;
use crate::objective::returns::{
    AVERAGE, BASELINE, BETA, CRITERION, DISCOUNT, EPISODES, FORWARD, HORIZON, REFERENCE, REGULARISER,
};
use crate::registry::Settings;

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

impl Return {
    /// The return that settings of the objective's row say, which must be consistent; `bandit`: of one state.
    #[must_use]
    pub fn of(settings: &Settings, bandit: bool) -> Self {
        let reference = settings.get(&REFERENCE).map(|_| Reference {
            policy: settings.numbers(&REFERENCE),
            beta: settings.number(&BETA),
            regulariser: Regulariser::named(settings.choice(&REGULARISER)),
        });
        let whole = |field| usize::try_from(settings.integer(field)).unwrap_or(usize::MAX);
        let samples = match (settings.batch(&BATCH), settings.get(&EPISODES)) {
            (Some(batch), _) => Some(Samples::Batch(batch)),
            (None, Some(_)) => Some(Samples::Episodes(whole(&EPISODES), whole(&HORIZON))),
            (None, None) => None,
        };
        let criterion = match settings.choice(&CRITERION) {
            _ if bandit => Criterion::Bandit,
            AVERAGE => Criterion::Average,
            _ => Criterion::Discounted(settings.number(&DISCOUNT)),
        };
        Self { criterion, reference, samples, baseline: Baseline::named(settings.choice(&BASELINE)) }
    }
}

impl Regulariser {
    /// The one of that name, as the field lists them.
    fn named(name: &str) -> Self {
        match name {
            FORWARD => Self::ForwardKl,
            "k1-reward" => Self::K1Reward,
            "k3-reward" => Self::K3Reward,
            "k1-loss" => Self::K1Loss,
            "k2-loss" => Self::K2Loss,
            "k3-loss" => Self::K3Loss,
            _ => Self::ReverseKl,
        }
    }
}

impl Baseline {
    /// The one of that name, as the field lists them.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "value" => Self::Value,
            "mean" => Self::Mean,
            _ => Self::None,
        }
    }
}
