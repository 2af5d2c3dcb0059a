//! The return of a policy in a process, as a row with its fields: `problem::policy` computes it.

use super::{BATCH, ObjectiveInfo, Of};
use crate::registry::{Field, Kind, Preset, Range};

/// The mean in the long run.
pub const AVERAGE: &str = "average";
/// The discounted sum.
pub const DISCOUNTED: &str = "discounted";

/// KL(reference ‖ p) as the regulariser.
pub const FORWARD: &str = "forward-kl";

/// How rewards of different times are added.
pub const CRITERION: Field = Field::new(
    "criterion",
    Kind::Choice(&[AVERAGE, DISCOUNTED]),
    Preset::Unset,
    "the mean reward in the long run, or the discounted sum from the start; a bandit takes none",
);
/// γ.
pub const DISCOUNT: Field =
    Field::new("discount", Kind::Number(Range::OPEN_UNIT), Preset::Unset, "γ, the weight of a reward one step later")
        .or(&["gamma", "discount-factor"]);
/// A policy to stay near to.
pub const REFERENCE: Field = Field::new(
    "reference",
    Kind::Numbers,
    Preset::Unset,
    "a policy to stay near to, at the price `beta`: a probability for each arm of a bandit",
)
.or(&["ref", "prior"]);
/// The price of leaving it.
pub const BETA: Field =
    Field::new("beta", Kind::Number(Range::POSITIVE), Preset::Unset, "the price of leaving `reference`").or(&[
        "kl-coef",
        "tau",
        "temperature",
    ]);
/// How the distance from it is measured.
pub const REGULARISER: Field = Field::choice(
    "regulariser",
    &["reverse-kl", FORWARD, "k1-reward", "k3-reward", "k1-loss", "k2-loss", "k3-loss"],
    "KL(p ‖ reference), KL(reference ‖ p), or an estimator of the first as libraries use it",
)
.or(&["regularizer", "kl-estimator"]);
/// The number of episodes a step sees.
pub const EPISODES: Field = Field::new(
    "episodes",
    Kind::Integer(1, 1_000_000),
    Preset::Unset,
    "how many episodes a step sees; needs `horizon`",
)
.or(&["rollouts", "trajectories"]);
/// Their length.
pub const HORIZON: Field = Field::new("horizon", Kind::Integer(1, 1_000_000), Preset::Unset, "the moves of an episode")
    .or(&["length", "max-steps"]);
/// What is subtracted from sampled returns.
pub const BASELINE: Field = Field::choice(
    "baseline",
    &["none", "value", "mean"],
    "what is subtracted from sampled returns: the exact value of the state, or the batch's mean",
);

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "return",
    synonyms: &["reward", "policy-gradient", "rl"],
    doc: "the negative return of a policy in the scenario's process, exact or by `batch` pairs or `episodes`",
    formula: "−J",
    unit: None,
    fields: &[CRITERION, DISCOUNT, REFERENCE, BETA, REGULARISER, BATCH, EPISODES, HORIZON, BASELINE],
    unrewarded: |_| None,
    conflict: |_| None,
    of: Of::Policy,
};
