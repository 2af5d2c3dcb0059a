//! The record of a race: one row per optimizer and step, and how each optimizer ended.
//!
//! Numbers only: they are computed by `runner` and written by `export`.

use std::fmt::{self, Display, Formatter};

use super::{Row, Rows, Status};

/// How and where an optimizer ended early.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// The step that failed: the number of the trace's last row.
    pub step: usize,
    /// A status that [`ends`](Status::ends) the optimizer.
    pub status: Status,
    /// Why, in a few words: `variance ≤ 0`.
    pub reason: String,
    /// Where the step would have led, if that is known and no point of the space.
    pub beyond: Option<Beyond>,
}

/// Coordinates that are no point of the space.
#[derive(Debug, Clone, PartialEq)]
pub struct Beyond {
    /// The coordinates in the racer's chart.
    pub at: Vec<f64>,
    /// The one that is out of range, if it is one of them: its name and its value.
    pub worst: Option<(String, f64)>,
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} at step {}: {}", self.status.name(), self.step, self.reason)
    }
}

/// The rows of one optimizer; row number = step.
#[derive(Debug, Clone)]
pub struct Trace {
    /// All rows so far.
    pub rows: Rows,
    /// How it ended early, if it did.
    pub ending: Option<Ending>,
}

impl Trace {
    /// The row at a step, or the last one with numbers if the optimizer ended before; never a row without numbers, but
    /// the loss of the start may not be finite.
    #[must_use]
    pub fn at(&self, step: usize) -> Row<'_> {
        self.rows.at(step.min(self.last_alive()))
    }

    /// The last step with numbers.
    #[must_use]
    pub fn last_alive(&self) -> usize {
        // A start that ends the optimizer still has numbers.
        self.rows.len() - 1 - usize::from(self.ending.as_ref().is_some_and(|ending| ending.step > 0))
    }

    /// The ending, if it lies at or before a step.
    #[must_use]
    pub fn ended_by(&self, step: usize) -> Option<&Ending> {
        self.ending.as_ref().filter(|ending| ending.step <= step)
    }
}
