//! Worlds in which a policy acts: finite ones with a table of transitions and rewards, and a linear system with a quadratic cost.
//!
//! Knows neither policies nor what is made of the rewards (`problem::policy`).

pub mod chain;
pub mod finite;
pub mod linear_quadratic;

pub use finite::{Cell, Finite, Grid};
pub use linear_quadratic::LinearQuadratic;

/// The most states of a process.
pub const STATES: usize = 256;
/// The most actions in a state of a process of several states.
pub const ACTIONS: usize = 16;
/// The most arms of a bandit.
pub const ARMS: usize = 64;

/// A Markov decision process.
#[derive(Debug, Clone, PartialEq)]
pub enum Process {
    /// Of finitely many states and actions.
    Finite(Finite),
    /// A linear system on the real line with a quadratic cost.
    LinearQuadratic(LinearQuadratic),
}
