//! Policies: gradients and Fisher matrices by finite differences, identities between methods, sampled estimates on average.

#[path = "../common/mod.rs"]
mod common;
mod corners;
mod differences;
mod identities;
mod samples;

use std::sync::Arc;

use geodescent::problem::policy::{Agent, Baseline, Criterion, Form, Return, Samples};
use geodescent::problem::process::{Finite, LinearQuadratic, Process};
use geodescent::problem::{Problem, Site};

/// What it is, the problem, and a point of it.
pub(crate) type Case = (String, Arc<dyn Problem>, Box<dyn Site>);

pub(crate) const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Numbers in (0, 1) that look random and are the same at every run.
pub(crate) fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// A process in which every state may follow every other.
pub(crate) fn table(states: usize, actions: usize, seed: u64) -> Finite {
    let mut random = numbers(seed);
    let mut distribution = |n: usize| -> Vec<f64> {
        let weights: Vec<f64> = random.by_ref().take(n).map(|u| u + 0.05).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / total).collect()
    };
    let transitions = (0..states * actions).map(|_| distribution(states).into_iter().enumerate().collect()).collect();
    let start = distribution(states);
    let rewards = numbers(seed + 1).take(states * actions).map(|u| 4.0 * u - 2.0).collect();
    Finite {
        states: NAMES[..states].to_vec(),
        actions: NAMES[..actions].to_vec(),
        transitions,
        rewards,
        start,
        noise: 0.0,
        bandit: false,
        grid: None,
    }
}

/// A bandit with these mean rewards.
pub(crate) fn bandit(rewards: &[f64], noise: f64) -> Finite {
    Finite {
        states: vec![""],
        rewards: rewards.to_vec(),
        transitions: vec![Vec::new(); rewards.len()],
        start: vec![1.0],
        noise,
        bandit: true,
        ..table(1, rewards.len(), 1)
    }
}

/// Criteria of a table.
pub(crate) const CRITERIA: [Criterion; 2] = [Criterion::Average, Criterion::Discounted(0.9)];

/// The return by a criterion, exact.
pub(crate) fn exact(criterion: Criterion) -> Return {
    Return { criterion, ..Return::default() }
}

/// The return by batches.
pub(crate) fn batches(criterion: Criterion, size: usize, baseline: Baseline) -> Return {
    Return { criterion, samples: Some(Samples::Batch(size)), baseline, reference: None }
}

/// A tabular policy of a process.
pub(crate) fn tabular(process: Finite) -> Agent {
    Agent { form: Form::Softmax, process: Arc::new(Process::Finite(process)) }
}

/// A policy of features.
pub(crate) fn featured(process: Finite, width: usize, seed: u64) -> Agent {
    let features = numbers(seed).take(process.pairs() * width).map(|u| 2.0 * u - 1.0).collect();
    Agent { form: Form::Features(width, features), process: Arc::new(Process::Finite(process)) }
}

/// A linear system.
pub(crate) fn linear() -> Agent {
    let process = LinearQuadratic { a: 0.9, b: 0.5, q: 1.0, r: 0.3, noise: 0.7 };
    Agent { form: Form::LinearGaussian, process: Arc::new(Process::LinearQuadratic(process)) }
}

/// A policy that is not uniform, by its canonical parameters.
pub(crate) fn somewhere(agent: &Agent) -> Vec<f64> {
    let random = |n| numbers(7).take(n);
    match (&agent.form, &*agent.process) {
        (Form::Softmax, Process::Finite(process)) => {
            let actions = process.actions.len();
            let weights: Vec<f64> = random(process.pairs()).map(|u| u + 0.1).collect();
            let rows = weights.chunks_exact(actions);
            rows.flat_map(|row| row[..actions - 1].iter().map(|w| w / row.iter().sum::<f64>())).collect()
        }
        (Form::Features(width, _), _) => random(*width).map(|u| 2.0 * u - 1.0).collect(),
        _ => vec![0.4, 0.8],
    }
}

/// Every form of policy with every criterion that it may have, in every chart: what it is, and the problem there.
pub(crate) fn every() -> Vec<Case> {
    let mut agents: Vec<(Agent, Criterion)> = vec![(linear(), Criterion::Average)];
    for rewards in [&[1.0, 0.4][..], &[0.3, -0.2, 0.9, 0.1]] {
        agents.push((tabular(bandit(rewards, 0.0)), Criterion::Bandit));
        agents.push((featured(bandit(rewards, 0.0), 1, 5), Criterion::Bandit));
    }
    for criterion in CRITERIA {
        agents.push((tabular(table(4, 3, 11)), criterion));
        agents.push((featured(table(3, 3, 12), 2, 6), criterion));
    }
    let mut found = Vec::new();
    for (agent, criterion) in agents {
        for (place, chart) in agent.charts().iter().enumerate() {
            let problem = agent.within(&exact(criterion), place);
            let site = problem.start(&somewhere(&agent));
            found.push((format!("{} {criterion:?} {:?}", chart.name, agent.form), problem, site));
        }
    }
    found
}
