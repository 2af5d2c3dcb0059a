//! Kakade's process of two states, in which the plain policy gradient finds its plateau.

use super::{Finite, Process, ProcessInfo};

/// The registry row.
pub const INFO: ProcessInfo = ProcessInfo {
    name: "two-state",
    synonyms: &["kakade", "two-states"],
    doc: "Kakade's: states i and j, actions stay and leave; staying in i pays 1, in j pays 2, leaving 0; the start is i",
    fields: &[],
    build: |_| Ok(Process::Finite(kakade())),
};

/// The process of Kakade 2002, figure 2.
fn kakade() -> Finite {
    Finite {
        states: vec!["i", "j"],
        actions: vec!["stay", "leave"],
        transitions: [0, 1, 1, 0].map(|next| vec![(next, 1.0)]).to_vec(),
        rewards: vec![1.0, 0.0, 2.0, 0.0],
        start: vec![1.0, 0.0],
        noise: 0.0,
        bandit: false,
        grid: None,
    }
}
