//! Why an expected reward has no value, in words.

use std::fmt::{self, Display, Formatter};

/// Why an expectation has no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Flaw {
    /// It is infinite, or does not exist.
    Diverges,
    /// The reward is not a number at this observation.
    Undefined(f64),
    /// The error is not below the tolerance after the maximum amount of work.
    Unresolved,
}

impl Display for Flaw {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diverges => write!(f, "the expected reward is infinite or does not exist"),
            Self::Undefined(x) => write!(f, "the reward is not a number at x = {x:.6}"),
            Self::Unresolved => write!(f, "the expected reward was not integrated to its tolerance"),
        }
    }
}
