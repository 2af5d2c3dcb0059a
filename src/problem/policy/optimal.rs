//! The optimal actions of a finite process, by policy iteration (Howard 1960).

use super::chart::Table;
use super::evaluation::{Reach, evaluate};
use super::goal::{Criterion, Return};
use crate::problem::process::Finite;

/// The share of every action in the policies that are evaluated: the long run of a deterministic policy may depend on where
/// it begins, that of these does not.
const SOFT: f64 = 1e-6;
/// Advantages within this share of the largest spread of a state's rewards count as equal: more than the softness changes.
const EQUAL: f64 = 1e-4;
/// Far more rounds than policy iteration needs, which needs fewer than there are states in all but contrived processes.
const ROUNDS: usize = 1000;

/// What is best in a finite process.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimal {
    /// Which pairs are optimal; in a bandit those of the greatest reward, whatever the reference.
    pub pairs: Vec<bool>,
    /// The greatest return; where an optimal policy may stay in several parts of the process for good, to about a millionth.
    pub gain: f64,
}

impl Optimal {
    /// By policy iteration.
    #[must_use]
    pub fn of(process: &Finite, criterion: Criterion, reach: &Reach) -> Self {
        let k = process.actions.len();
        if criterion == Criterion::Bandit {
            let gain = process.rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            return Self { pairs: best(&process.rewards, k, 0.0), gain };
        }
        let goal = Return { criterion, ..Return::default() };
        let mut chosen: Vec<usize> = vec![0; process.states.len()];
        let mut found = evaluate(process, &goal, reach, &softened(&chosen, k));
        for _ in 0..ROUNDS {
            let slack = slack(&found.action_values, k);
            let mut changed = false;
            for (chosen, row) in chosen.iter_mut().zip(found.action_values.chunks_exact(k)) {
                let most = (0..k).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0);
                if row[most] > row[*chosen] + slack {
                    *chosen = most;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
            found = evaluate(process, &goal, reach, &softened(&chosen, k));
        }
        let values = &found.action_values;
        let gain = gain(process, criterion, &chosen).unwrap_or(found.gain);
        Self { pairs: best(values, k, slack(values, k)), gain }
    }
}

/// The return of the policy that takes the chosen action of each state; `None` if it may stay in several parts for good.
fn gain(process: &Finite, criterion: Criterion, chosen: &[usize]) -> Option<f64> {
    let pairs = || chosen.iter().enumerate().map(|(state, action)| process.pair(state, *action));
    let only = Finite {
        actions: process.actions[..1].to_vec(),
        transitions: pairs().map(|pair| process.transitions[pair].clone()).collect(),
        rewards: pairs().map(|pair| process.rewards[pair]).collect(),
        ..process.clone()
    };
    only.recurrent()?;
    let (goal, reach) = (Return { criterion, ..Return::default() }, Reach::of(&only, criterion));
    let n = chosen.len();
    let gain = evaluate(&only, &goal, &reach, &Table { p: vec![1.0; n], log: vec![0.0; n] }).gain;
    gain.is_finite().then_some(gain)
}

fn slack(values: &[f64], actions: usize) -> f64 {
    let spread = |row: &[f64]| {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most - row.iter().copied().fold(f64::INFINITY, f64::min)
    };
    EQUAL * values.chunks_exact(actions).map(spread).fold(0.0, f64::max)
}

fn best(values: &[f64], actions: usize, slack: f64) -> Vec<bool> {
    let rows = values.chunks_exact(actions);
    rows.flat_map(|row| {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter().map(move |value| *value >= most - slack)
    })
    .collect()
}

/// The policy that all but surely takes the chosen action of each state.
fn softened(chosen: &[usize], actions: usize) -> Table {
    let of = |state: &usize, action: usize| {
        let rest = SOFT / actions as f64;
        if *state == action { 1.0 - SOFT + rest } else { rest }
    };
    let p: Vec<f64> = chosen.iter().flat_map(|state| (0..actions).map(move |action| of(state, action))).collect();
    let log = p.iter().map(|p| p.ln()).collect();
    Table { p, log }
}
