//! A linear system with a quadratic cost and Gaussian noise.

use super::{Process, ProcessInfo};
use crate::registry::{Field, Range};

const A: Field = Field::number("a", 0.7, Range::FINITE, "how much of the state stays");
const B: Field = Field::number("b", 1.0, Range::FINITE, "the effect of an action");
const Q: Field = Field::number("q", 1.0, Range::NON_NEGATIVE, "the cost of the state");
const R: Field = Field::number("r", 0.0, Range::NON_NEGATIVE, "the cost of an action");
const NOISE: Field = Field::number("noise", 1.0, Range::NON_NEGATIVE, "the standard deviation of the noise");

/// The registry row.
pub const INFO: ProcessInfo = ProcessInfo {
    name: "linear-quadratic",
    synonyms: &["lqr", "lqg", "linear-system"],
    doc: "x' = a x + b u + noise·N(0,1), pays −(q x² + r u²); for linear-gaussian policies",
    fields: &[A, B, Q, R, NOISE],
    build: |settings| {
        let [a, b, q, r, noise] = [A, B, Q, R, NOISE].map(|field| settings.number(&field));
        Ok(Process::LinearQuadratic(LinearQuadratic { a, b, q, r, noise }))
    },
};

/// x′ = a x + b u + noise·N(0, 1); a move pays −(q x² + r u²).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearQuadratic {
    /// How much of the state stays.
    pub a: f64,
    /// The effect of an action.
    pub b: f64,
    /// The cost of the state.
    pub q: f64,
    /// The cost of an action.
    pub r: f64,
    /// The standard deviation of the noise.
    pub noise: f64,
}
