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

impl LinearQuadratic {
    /// P of the best controller: a state costs P x² in all. The positive root of the scalar Riccati equation
    /// P = q + a²P − (abP)²/(r + b²P), found as the limit of its iteration.
    fn price(&self) -> f64 {
        let Self { a, b, q, r, .. } = *self;
        let mut price = q;
        for _ in 0..RICCATI {
            let weight = r + b * b * price;
            let saved = if weight > 0.0 { (a * b * price).powi(2) / weight } else { 0.0 };
            let next = q + a * a * price - saved;
            if (next - price).abs() <= 1e-16 * price.abs() {
                break;
            }
            price = next;
        }
        price
    }

    /// The gain of the best controller.
    #[must_use]
    pub fn best_gain(&self) -> f64 {
        let price = self.price();
        let weight = self.r + self.b * self.b * price;
        if weight > 0.0 { self.a * self.b * price / weight } else { 0.0 }
    }

    /// The mean cost that no controller is below: the best one's, without noise of its own.
    #[must_use]
    pub fn least_cost(&self) -> f64 {
        self.price() * self.noise * self.noise
    }

    /// The gains between which the system settles; `None` if that does not depend on the gain.
    #[must_use]
    pub fn stable(&self) -> Option<[f64; 2]> {
        let ends = [(self.a - 1.0) / self.b, (self.a + 1.0) / self.b];
        let [low, high] = [ends[0].min(ends[1]), ends[0].max(ends[1])];
        (low.is_finite() && high.is_finite()).then_some([low, high])
    }
}

/// The most iterations of the Riccati equation, which converges linearly.
const RICCATI: usize = 10_000;

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
