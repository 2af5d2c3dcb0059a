//! What a policy of a finite process is worth: return, state distribution, values and advantages, exactly.

use std::sync::OnceLock;

use super::chart::Table;
use super::goal::{Criterion, Reference, Regulariser, Return};
use crate::math::special::exp_excess;
use crate::problem::process::Finite;
use crate::problem::process::chain::{Course, Response, Solved, Under};

/// A policy, evaluated.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// J: the loss is −J.
    pub gain: f64,
    /// d(s).
    pub visits: Vec<f64>,
    /// V(s).
    pub values: Vec<f64>,
    /// Q(s,a) by pairs: in a bandit ∂J/∂p up to a constant.
    pub action_values: Vec<f64>,
    /// A(s,a) by pairs, of mean 0 in every state.
    pub advantages: Vec<f64>,
    /// 1/(1 − γ) where discounted, else 1: the gradient of J is this times E[A ∂log π].
    pub scale: f64,
    /// How d changes with the moves; `None` in a bandit.
    pub response: Option<Response>,
}

/// What of a process does not depend on the policy.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The states with d > 0, whatever the policy.
    pub visited: Vec<bool>,
    /// What all chains have in common, once it was asked for.
    course: OnceLock<Course>,
}

impl Reach {
    /// Which states have d > 0 under a criterion, read off which moves are possible.
    #[must_use]
    pub fn of(process: &Finite, criterion: Criterion) -> Self {
        let visited = match criterion {
            Criterion::Bandit => vec![true],
            Criterion::Average => process.recurrent().unwrap_or_else(|| vec![true; process.states.len()]),
            Criterion::Discounted(_) => process.reached(),
        };
        Self { visited, course: OnceLock::new() }
    }

    fn course(&self, process: &Finite) -> &Course {
        self.course.get_or_init(|| Course::of(process))
    }

    /// The multiplications that an evaluation takes, roughly.
    #[must_use]
    pub fn cost(&self, process: &Finite) -> usize {
        if process.bandit { process.pairs() } else { self.course(process).cost() + 16 * process.pairs() }
    }
}

/// The return of a policy alone: the same number as [`evaluate`] finds, for less work.
#[must_use]
pub fn gain(process: &Finite, goal: &Return, reach: &Reach, table: &Table) -> f64 {
    let under = || Under { process, course: reach.course(process), policy: &table.p };
    match goal.criterion {
        Criterion::Bandit => bandit(process, goal, table).gain,
        Criterion::Average => under().average_gain(&reach.visited),
        Criterion::Discounted(discount) => under().discounted_gain(discount),
    }
}

/// Evaluates a policy.
#[must_use]
pub fn evaluate(process: &Finite, goal: &Return, reach: &Reach, table: &Table) -> Evaluation {
    let under = || Under { process, course: reach.course(process), policy: &table.p };
    let (weight, scale, solved) = match goal.criterion {
        Criterion::Bandit => return bandit(process, goal, table),
        Criterion::Average => (1.0, 1.0, under().average(&reach.visited)),
        Criterion::Discounted(discount) => (discount, 1.0 / (1.0 - discount), under().discounted(discount)),
    };
    let onward = |next: &Vec<(usize, f64)>| next.iter().map(|(to, p)| p * solved.values[*to]).sum::<f64>();
    let level = if goal.criterion == Criterion::Average { solved.gain } else { 0.0 };
    let action_values: Vec<f64> =
        process.rewards.iter().zip(&process.transitions).map(|(r, next)| r - level + weight * onward(next)).collect();
    let beyond = beyond(process, reach.course(process), table, weight, &solved);
    let advantages = centred(&beyond, table, process.actions.len());
    Evaluation {
        gain: solved.gain,
        visits: solved.visits,
        values: solved.values,
        action_values,
        advantages,
        scale,
        response: Some(solved.response),
    }
}

/// The likeliest of the actions of a state.
fn likeliest(p: &[f64]) -> usize {
    (0..p.len()).fold(0, |most, a| if p[a] > p[most] { a } else { most })
}

/// Q less that of the likeliest action of the state, by pairs. What both lead to cancels before it is weighed by values, and
/// values are taken less that of the state: next to certainty all may be large and nearly equal.
fn beyond(process: &Finite, course: &Course, table: &Table, weight: f64, solved: &Solved) -> Vec<f64> {
    let k = process.actions.len();
    let (mut out, mut moves) = (vec![0.0; process.pairs()], vec![0.0; process.states.len()]);
    for state in 0..process.states.len() {
        let pairs = state * k..(state + 1) * k;
        let most = state * k + likeliest(&table.p[pairs.clone()]);
        for pair in pairs.filter(|pair| *pair != most) {
            let [next, usual] = [pair, most].map(|pair| &process.transitions[pair]);
            next.iter().for_each(|(to, p)| moves[*to] += p);
            usual.iter().for_each(|(to, p)| moves[*to] -= p);
            let taken = next.iter().chain(usual).map(|(to, _)| (*to, std::mem::take(&mut moves[*to])));
            let onward: f64 =
                taken.map(|(to, p)| if p == 0.0 { 0.0 } else { p * solved.apart.difference(to, state) }).sum();
            // Rows of a table sum to 1 but for rounding.
            let lost = (course.total(pair) - course.total(most)) * solved.values[state];
            out[pair] = process.rewards[pair] - process.rewards[most] + weight * (onward + lost);
        }
    }
    out
}

/// Q less its mean under the policy, state by state: differences from Q of the likeliest action, beside which no other
/// counts where that is all but certain.
fn centred(q: &[f64], table: &Table, actions: usize) -> Vec<f64> {
    let rows = q.chunks_exact(actions).zip(table.p.chunks_exact(actions));
    rows.flat_map(|(q, p)| {
        let level = q[likeliest(p)];
        let mean: f64 = q.iter().zip(p).map(|(q, p)| (q - level) * p).sum();
        q.iter().map(move |q| (q - level) - mean)
    })
    .collect()
}

fn bandit(process: &Finite, goal: &Return, table: &Table) -> Evaluation {
    let mut gain: f64 = table.p.iter().zip(&process.rewards).map(|(p, r)| p * r).sum();
    let mut action_values = process.rewards.clone();
    if let Some(reference) = &goal.reference {
        gain -= reference.beta * divergence(reference, table);
        let pulls = process.rewards.iter().enumerate().map(|(a, r)| r - reference.beta * reference.pull(a, table));
        action_values = pulls.collect();
    }
    let advantages = centred(&action_values, table, process.actions.len());
    Evaluation { gain, visits: vec![1.0], values: vec![gain], action_values, advantages, scale: 1.0, response: None }
}

/// The distance from the reference that the loss reports.
fn divergence(reference: &Reference, table: &Table) -> f64 {
    let pairs = reference.policy.iter().zip(table.p.iter().zip(&table.log));
    match reference.regulariser {
        // Σ p (e^u − 1 − u) with u = log(q/p): the terms Σ (q − p) vanish, and so does the cancellation.
        Regulariser::ForwardKl => pairs.map(|(q, (_, log))| q * exp_excess(log - q.ln())).sum(),
        _ => pairs.map(|(q, (p, log))| p * exp_excess(q.ln() - log)).sum(),
    }
}

impl Reference {
    /// β's factor in Q(a): what one more draw of action `a` adds to the distance from the reference, as its estimator has it,
    /// up to a constant.
    #[must_use]
    pub fn pull(&self, action: usize, table: &Table) -> f64 {
        self.of_reward(action, table) + self.of_loss(action, table)
    }

    /// The part of it that is a reward, to which a baseline applies.
    #[must_use]
    pub fn of_reward(&self, action: usize, table: &Table) -> f64 {
        let log = self.policy[action].ln() - table.log[action];
        match self.regulariser {
            Regulariser::ReverseKl | Regulariser::K1Reward => -log,
            Regulariser::ForwardKl => -log.exp(),
            Regulariser::K3Reward => exp_excess(log),
            Regulariser::K1Loss | Regulariser::K2Loss | Regulariser::K3Loss => 0.0,
        }
    }

    /// The part of it that is differentiated through log π at the actions drawn: k1, k2 or k3 by log π.
    #[must_use]
    pub fn of_loss(&self, action: usize, table: &Table) -> f64 {
        let log = self.policy[action].ln() - table.log[action];
        match self.regulariser {
            Regulariser::K1Loss => 1.0,
            Regulariser::K2Loss => -log,
            Regulariser::K3Loss => -log.exp_m1(),
            Regulariser::ReverseKl | Regulariser::ForwardKl | Regulariser::K1Reward | Regulariser::K3Reward => 0.0,
        }
    }

    /// The policy of greatest return, reference·exp(r/β) normalised; `None` where that is not what the loss says.
    #[must_use]
    pub fn tilted(&self, rewards: &[f64]) -> Option<Vec<f64>> {
        if self.regulariser == Regulariser::ForwardKl {
            return None;
        }
        let logits: Vec<f64> = self.policy.iter().zip(rewards).map(|(q, r)| q.ln() + r / self.beta).collect();
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logits.iter().map(|l| (l - most).exp()).collect();
        let total: f64 = weights.iter().sum();
        Some(weights.into_iter().map(|w| w / total).collect())
    }
}
