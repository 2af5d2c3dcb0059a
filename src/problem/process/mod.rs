//! Worlds in which a policy acts: finite ones with a table of transitions and rewards, and a linear system with a quadratic cost.
//!
//! Knows neither policies nor what is made of the rewards (`problem::policy`).

pub mod bandit;
pub mod chain;
pub mod elimination;
pub mod finite;
pub mod grid_world;
pub mod linear_quadratic;
pub mod table;
pub mod two_state;

use crate::registry::{Field, Known, Settings};

pub use crate::registry::Fault;
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

/// A row of [`PROCESSES`].
#[derive(Debug)]
pub struct ProcessInfo {
    /// The kind in scenario files.
    pub name: &'static str,
    /// Its names in other programs.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// Builds it from its fields, or says what is wrong with them.
    pub build: fn(&Settings) -> Result<Process, Fault>,
}

impl From<&'static ProcessInfo> for Known<'static> {
    fn from(info: &'static ProcessInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

/// Every kind of process, in the order of lists.
pub const PROCESSES: &[&ProcessInfo] =
    &[&bandit::INFO, &table::INFO, &two_state::INFO, &grid_world::INFO, &linear_quadratic::INFO];

impl Process {
    /// The process, if it has finitely many states and actions.
    #[must_use]
    pub const fn finite(&self) -> Option<&Finite> {
        match self {
            Self::Finite(process) => Some(process),
            Self::LinearQuadratic(_) => None,
        }
    }
}
