//! What a step sees of a finite process: pairs of the state distribution and the policy, or episodes.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::chart::Table;
use super::evaluation::Evaluation;
use super::goal::{Baseline, Return, Samples};
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::problem::process::Finite;

/// A pair that was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// The number of the pair.
    pub pair: usize,
    /// Q̂ − b.
    pub advantage: f64,
    /// The weight of its Q̂ − b in the gradient of the return.
    pub weight: f64,
}

/// An entry of a distribution at random.
pub(super) fn pick(p: impl Iterator<Item = f64>, rng: &mut dyn Rng) -> usize {
    let mut rest: f64 = rng.random();
    let mut last = 0;
    for (i, p) in p.enumerate().filter(|(_, p)| *p > 0.0) {
        last = i;
        rest -= p;
        if rest < 0.0 {
            return i;
        }
    }
    // What is left is rounding.
    last
}

/// What is drawn from: a process under a policy.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub(super) process: &'a Finite,
    pub(super) goal: &'a Return,
    pub(super) table: &'a Table,
    pub(super) worth: &'a Evaluation,
}

impl Source<'_> {
    fn policy(&self, state: usize) -> &[f64] {
        let k = self.process.actions.len();
        &self.table.p[state * k..(state + 1) * k]
    }

    /// A pair s ∼ d, a ∼ π.
    pub(super) fn pair(&self, rng: &mut dyn Rng) -> usize {
        let state = if self.process.bandit { 0 } else { pick(self.worth.visits.iter().copied(), rng) };
        self.process.pair(state, pick(self.policy(state).iter().copied(), rng))
    }

    /// The draws of a step; `None` if expectations are exact.
    #[must_use]
    pub fn draws(&self, draw: Draw, baseline: Baseline) -> Option<Vec<Drawn>> {
        let mut rng = stream_for(Purpose::Actions, draw);
        let mut drawn = match self.goal.samples? {
            Samples::Batch(size) => self.batch(size, &mut rng),
            Samples::Episodes(count, horizon) => self.episodes(count, horizon, &mut rng),
        };
        let n = drawn.len() as f64;
        let mean = drawn.iter().map(|drawn| drawn.advantage).sum::<f64>() / n;
        for drawn in &mut drawn {
            drawn.advantage -= match baseline {
                Baseline::None => 0.0,
                Baseline::Value => self.value(drawn.pair / self.process.actions.len()),
                Baseline::Mean => mean,
            };
            if let Some(reference) = &self.goal.reference {
                drawn.advantage -= reference.beta * reference.of_loss(drawn.pair, self.table);
            }
        }
        Some(drawn)
    }

    /// The mean of Q̂ in a state.
    fn value(&self, state: usize) -> f64 {
        if !self.process.bandit {
            return self.worth.values[state];
        }
        let each = self.policy(0).iter().enumerate().map(|(action, p)| p * self.pays(action));
        each.sum()
    }

    /// What an arm pays in the mean, with the part of the reference that is a reward.
    fn pays(&self, action: usize) -> f64 {
        let beyond = self.goal.reference.as_ref().map_or(0.0, |r| r.beta * r.of_reward(action, self.table));
        self.process.rewards[action] - beyond
    }

    fn batch(&self, size: usize, rng: &mut dyn Rng) -> Vec<Drawn> {
        let weight = self.worth.scale / size as f64;
        (0..size)
            .map(|_| {
                let pair = self.pair(rng);
                let advantage = if self.process.bandit {
                    self.pays(pair) + self.noise(rng)
                } else {
                    self.worth.action_values[pair]
                };
                Drawn { pair, advantage, weight }
            })
            .collect()
    }

    fn noise(&self, rng: &mut dyn Rng) -> f64 {
        if self.process.noise == 0.0 {
            return 0.0;
        }
        let z: f64 = StandardNormal.sample(rng);
        self.process.noise * z
    }

    fn episodes(&self, count: usize, horizon: usize, rng: &mut dyn Rng) -> Vec<Drawn> {
        let discount = 1.0 - 1.0 / self.worth.scale;
        let mut drawn = Vec::with_capacity(count * horizon);
        for _ in 0..count {
            let first = drawn.len();
            let mut state = pick(self.process.start.iter().copied(), rng);
            let mut weight = 1.0 / count as f64;
            for _ in 0..horizon {
                let pair = self.process.pair(state, pick(self.policy(state).iter().copied(), rng));
                let advantage = self.process.rewards[pair] + self.noise(rng);
                drawn.push(Drawn { pair, advantage, weight });
                let next = &self.process.transitions[pair];
                state = next[pick(next.iter().map(|(_, p)| *p), rng)].0;
                weight *= discount;
            }
            // The discounted reward to go.
            let mut to_go = 0.0;
            for drawn in drawn[first..].iter_mut().rev() {
                to_go = drawn.advantage + discount * to_go;
                drawn.advantage = to_go;
            }
        }
        drawn
    }

    /// So many fresh pairs, for a Fisher matrix.
    #[must_use]
    pub fn fresh(&self, draw: Draw, size: usize) -> Vec<usize> {
        let mut rng = stream_for(Purpose::Scores, draw);
        (0..size).map(|_| self.pair(&mut rng)).collect()
    }
}
