//! A process of finitely many states and actions, as tables.

use nalgebra::DMatrix;

use crate::registry::{Fault, Spot};

/// A process of finitely many states and actions. Pairs are numbered state by state, in it action by action.
#[derive(Debug, Clone, PartialEq)]
pub struct Finite {
    /// The names of the states; a bandit has one, without a name.
    pub states: Vec<&'static str>,
    /// The names of the actions, the same in every state.
    pub actions: Vec<&'static str>,
    /// For every pair the states that may come next, each once and with a positive probability.
    pub transitions: Vec<Vec<(usize, f64)>>,
    /// For every pair the mean of what it pays.
    pub rewards: Vec<f64>,
    /// The distribution of the first state.
    pub start: Vec<f64>,
    /// The standard deviation of what is paid, seen by samples only.
    pub noise: f64,
    /// Whether it is a bandit: one state, nothing comes next.
    pub bandit: bool,
    /// The map it was read from.
    pub grid: Option<Grid>,
}

/// A map of states, for pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The number of columns.
    pub width: usize,
    /// The cells in reading order.
    pub cells: Vec<Cell>,
    /// What a move pays in addition that ends in a goal, and in a pit.
    pub pays: [f64; 2],
}

/// A cell of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Where episodes start.
    Start,
    /// Where a goal pays.
    Goal,
    /// Where a pit costs.
    Pit,
    /// No state.
    Wall,
    /// Any other state.
    Free,
}

impl Cell {
    /// Whether moves do not matter there: from a goal or a pit every move leads to a start.
    #[must_use]
    pub const fn ends(self) -> bool {
        matches!(self, Self::Goal | Self::Pit)
    }
}

impl Grid {
    /// The states in order, each as the index of its cell and what is there.
    pub fn states(&self) -> impl Iterator<Item = (usize, Cell)> + '_ {
        self.cells.iter().copied().enumerate().filter(|(_, cell)| *cell != Cell::Wall)
    }
}

impl Finite {
    /// A bandit whose arms pay nothing, for examples.
    #[must_use]
    pub fn arms(arms: usize) -> Self {
        Self {
            states: vec![""],
            actions: vec!["arm"; arms],
            transitions: vec![Vec::new(); arms],
            rewards: vec![0.0; arms],
            start: vec![1.0],
            noise: 0.0,
            bandit: true,
            grid: None,
        }
    }

    /// The number of the pair of a state and an action.
    #[must_use]
    pub fn pair(&self, state: usize, action: usize) -> usize {
        state * self.actions.len() + action
    }

    /// The number of pairs.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.states.len() * self.actions.len()
    }

    /// The states that can follow each state, whatever is done, each once.
    #[must_use]
    pub fn successors(&self) -> Vec<Vec<usize>> {
        let actions = self.actions.len();
        let of = |pairs: &[Vec<(usize, f64)>]| {
            let mut next: Vec<usize> = pairs.iter().flatten().map(|(to, _)| *to).collect();
            next.sort_unstable();
            next.dedup();
            next
        };
        self.transitions.chunks(actions).map(of).collect()
    }

    /// The states that some policy reaches from a start.
    #[must_use]
    pub fn reached(&self) -> Vec<bool> {
        let first = (0..self.states.len()).filter(|s| self.start[*s] > 0.0);
        reach(&self.successors(), first)
    }

    /// The states of the one closed class of the chain under any policy whose probabilities are all positive: those in
    /// which it is again and again. `None` if there is more than one such class.
    #[must_use]
    pub fn recurrent(&self) -> Option<Vec<bool>> {
        let next = self.successors();
        let from: Vec<Vec<bool>> = (0..next.len()).map(|s| reach(&next, [s])).collect();
        // A state belongs to a closed class if it is reached from wherever it leads to.
        let closed = |s: &usize| (0..next.len()).all(|t| !from[*s][t] || from[t][*s]);
        let class: Vec<usize> = (0..next.len()).filter(closed).collect();
        let one = class.iter().all(|s| from[class[0]][*s]);
        one.then(|| (0..next.len()).map(|s| class.contains(&s)).collect())
    }

    /// The matrix of the chain under a policy, `policy` being π(a|s) by pairs.
    #[must_use]
    pub fn chain(&self, policy: &[f64]) -> DMatrix<f64> {
        let n = self.states.len();
        let mut chain = DMatrix::zeros(n, n);
        for (pair, next) in self.transitions.iter().enumerate() {
            let state = pair / self.actions.len();
            for (to, p) in next {
                chain[(state, *to)] += policy[pair] * p;
            }
        }
        chain
    }
}

/// Refuses names that are empty or stand twice.
pub(super) fn names_fault(field: &'static str, noun: &str, names: &[&'static str]) -> Result<(), Fault> {
    for (i, name) in names.iter().enumerate() {
        let what = if name.trim().is_empty() {
            "a name is empty".to_owned()
        } else if names[..i].contains(name) {
            format!("two {noun} are called `{name}`")
        } else {
            continue;
        };
        return Err(Fault::of(field, format!("`{field}`: {what}"), "help: names must differ").at(Spot::Item(vec![i])));
    }
    Ok(())
}

/// How far from 1 the sum of probabilities may be.
pub const SUM: f64 = 1e-9;

/// Why numbers are not a distribution, with the place of the one that is wrong; `None` if they are.
#[must_use]
pub fn distribution_fault(row: &[f64]) -> Option<(Option<usize>, String)> {
    if let Some(place) = row.iter().position(|p| *p < 0.0) {
        return Some((Some(place), format!("{} is no probability", row[place])));
    }
    let sum: f64 = row.iter().sum();
    ((sum - 1.0).abs() > SUM).then(|| (None, format!("the probabilities sum to {sum}, not 1")))
}

/// The states that are reached from others, these included.
fn reach(next: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    let mut open: Vec<usize> = from.into_iter().collect();
    while let Some(state) = open.pop() {
        if !std::mem::replace(&mut seen[state], true) {
            open.extend(&next[state]);
        }
    }
    seen
}
