//! What a policy has settled on.

use serde::{Deserialize, Serialize};

/// What a policy has settled on: whether some state gives more than 0.99 to one action, and whether that is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A state that is visited gives more than 0.99 to an action that is not optimal there.
    Wrong,
    /// No such state, and some state gives more than 0.99 to an optimal action.
    Best,
    /// No state has settled.
    Open,
}

impl Outcome {
    /// All, in the order of lists.
    pub const ALL: [Self; 3] = [Self::Best, Self::Open, Self::Wrong];

    /// The probability from which an action counts as settled on.
    pub const SETTLED: f64 = 0.99;

    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Best => "best",
            Self::Open => "open",
        }
    }
}
