//! A linear-Gaussian policy at a point, in closed forms.

use std::cell::Cell;

use nalgebra::DMatrix;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{InChart, Policy, Settled, kl, policy_of};
use crate::math::linear::{dot, length};
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::problem::policy::goal::{Baseline, Samples};
use crate::problem::policy::learning::normalise;
use crate::problem::policy::metric::least_squares;
use crate::problem::process::LinearQuadratic;
use crate::problem::{Experience, Failure, Lengths, Metric, Normalise, Portrait, Problem, Site, Term};

/// A point.
#[derive(Debug)]
pub(super) struct Here {
    problem: InChart,
    x: Vec<f64>,
    parameters: [f64; 2],
    settled: Settled,
    gradient: [f64; 2],
    fisher: DMatrix<f64>,
    spent: Cell<usize>,
}

/// A state and an action that were drawn.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    state: f64,
    /// (u + gain·x)/sd.
    z: f64,
    /// Q̂ − b.
    advantage: f64,
}

impl Here {
    pub(super) fn new(problem: InChart, x: Vec<f64>, policy: Policy) -> Self {
        let settled = Settled::of(&problem.process, policy);
        let mut here = Self {
            problem,
            x,
            parameters: [policy.gain, policy.sd],
            settled,
            gradient: [0.0; 2],
            fisher: DMatrix::zeros(2, 2),
            spent: Cell::new(1),
        };
        here.look();
        here
    }

    fn policy(&self) -> Policy {
        policy_of(&self.parameters)
    }

    /// d(sd)/d(second coordinate).
    fn stretch(&self) -> f64 {
        if self.problem.logarithmic { self.policy().sd } else { 1.0 }
    }

    /// ∂V/∂gain and ∂V/∂sd.
    fn spread_slopes(&self) -> [f64; 2] {
        let LinearQuadratic { b, .. } = self.problem.process;
        let Settled { stays, variance, .. } = self.settled;
        let rest = (1.0 - stays) * (1.0 + stays);
        [-2.0 * b * stays * variance / rest, 2.0 * b * b * self.policy().sd / rest]
    }

    fn look(&mut self) {
        let (policy, LinearQuadratic { q, r, .. }) = (self.policy(), self.problem.process);
        self.settled = Settled::of(&self.problem.process, policy);
        let (variance, [by_gain, by_sd]) = (self.settled.variance, self.spread_slopes());
        let cost = q + r * policy.gain * policy.gain;
        let stretch = self.stretch();
        self.gradient =
            [cost * by_gain + 2.0 * r * policy.gain * variance, (cost * by_sd + 2.0 * r * policy.sd) * stretch];
        let square = policy.sd * policy.sd;
        let entries = [variance / square, 2.0 * stretch * stretch / square];
        self.fisher = DMatrix::from_diagonal(&nalgebra::DVector::from_column_slice(&entries));
    }

    /// ∂log π in the coordinates.
    fn score(&self, state: f64, z: f64) -> [f64; 2] {
        let sd = self.policy().sd;
        [-state * z / sd, (z * z - 1.0) / sd * self.stretch()]
    }

    /// Q(x, u), the differential one, and V(x).
    fn worth(&self, state: f64, action: f64) -> [f64; 2] {
        let LinearQuadratic { a, b, q, r, noise } = self.problem.process;
        let Settled { price, variance, gain, .. } = self.settled;
        let value = |square: f64| price * (variance - square);
        let next = a * state + b * action;
        [-(q * state * state + r * action * action) - gain + value(next * next + noise * noise), value(state * state)]
    }

    fn pair(&self, rng: &mut dyn Rng) -> [f64; 2] {
        let [state, z]: [f64; 2] = [StandardNormal.sample(rng), StandardNormal.sample(rng)];
        [state * self.settled.variance.sqrt(), z]
    }

    fn draws(&self, draw: Draw) -> Option<Vec<Drawn>> {
        let Some(Samples::Batch(size)) = self.problem.goal.samples else { return None };
        let mut rng = stream_for(Purpose::Actions, draw);
        let Policy { gain, sd } = self.policy();
        let mut drawn: Vec<Drawn> = (0..size)
            .map(|_| {
                let [state, z] = self.pair(&mut rng);
                let [q, value] = self.worth(state, sd * z - gain * state);
                let baseline = if self.problem.goal.baseline == Baseline::Value { value } else { 0.0 };
                Drawn { state, z, advantage: q - baseline }
            })
            .collect();
        if self.problem.goal.baseline == Baseline::Mean {
            let mean = drawn.iter().map(|drawn| drawn.advantage).sum::<f64>() / size as f64;
            drawn.iter_mut().for_each(|drawn| drawn.advantage -= mean);
        }
        Some(drawn)
    }

    fn outer(&self, pairs: impl ExactSizeIterator<Item = [f64; 2]>) -> Box<dyn Metric> {
        let n = pairs.len() as f64;
        let mut sum = DMatrix::zeros(2, 2);
        for [state, z] in pairs {
            let score = nalgebra::DVector::from_column_slice(&self.score(state, z));
            sum.ger(1.0 / n, &score, &score, 1.0);
        }
        Box::new(sum)
    }

    /// The step from here to `x`: of the gain and of log sd.
    fn step(&self, x: &[f64]) -> [f64; 2] {
        let log = if self.problem.logarithmic { x[1] - self.x[1] } else { ((x[1] - self.x[1]) / self.x[1]).ln_1p() };
        [x[0] - self.x[0], log]
    }

    /// log π(u|x) at coordinates `x` less that here.
    fn log_ratio(&self, x: &[f64], drawn: &Drawn) -> f64 {
        let [gain, log] = self.step(x);
        let (old, new) = (self.policy().sd, self.problem.policy(x).sd);
        // The action in units of the new policy.
        let z = (old * drawn.z + gain * drawn.state) / new;
        0.5 * (drawn.z - z) * (drawn.z + z) - log
    }
}

impl Site for Here {
    fn problem(&self) -> &dyn Problem {
        &self.problem
    }

    fn x(&self) -> &[f64] {
        &self.x
    }

    fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    fn loss(&self) -> f64 {
        -self.settled.gain
    }

    fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    fn batch_gradient(&self, draw: Draw, out: &mut [f64]) -> bool {
        let Some(draws) = self.draws(draw) else { return false };
        out.fill(0.0);
        for drawn in &draws {
            let score = self.score(drawn.state, drawn.z);
            out.iter_mut().zip(score).for_each(|(out, s)| *out -= s * drawn.advantage / draws.len() as f64);
        }
        true
    }

    fn metric(&self) -> &dyn Metric {
        &self.fisher
    }

    fn natural_norm(&self) -> f64 {
        let mut natural = [f64::NAN; 2];
        match self.fisher.solve(0.0, &self.gradient, &mut natural) {
            Ok(()) => dot(&natural, &self.gradient).max(0.0).sqrt(),
            Err(_) => f64::NAN,
        }
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let delta = [x[0] - self.x[0], x[1] - self.x[1]];
        let mut moved = [0.0; 2];
        Metric::times(&self.fisher, &delta, &mut moved);
        let lengths =
            Lengths { euclid: length(&delta), fisher: dot(&delta, &moved).max(0.0).sqrt(), kl: self.kl_to(x) };
        self.x.copy_from_slice(x);
        let Policy { gain, sd } = self.problem.policy(x);
        self.parameters = [gain, sd];
        self.look();
        self.spend(1);
        lengths
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        let [gain, log] = self.step(x);
        kl(self.settled.variance, gain, log, self.problem.policy(x).sd)
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        -Settled::of(&self.problem.process, self.problem.policy(x)).gain
    }

    fn hessian(&self) -> DMatrix<f64> {
        DMatrix::repeat(2, 2, f64::NAN)
    }

    fn christoffel(&self, _: &[f64], out: &mut [f64]) {
        out.fill(f64::NAN);
    }

    fn empirical_fisher(&self, draw: Draw) -> Box<dyn Metric> {
        let draws = self.draws(draw).unwrap_or_default();
        self.outer(draws.iter().map(|drawn| [drawn.state, drawn.z]))
    }

    fn sampled_fisher(&self, draw: Draw, samples: usize) -> Box<dyn Metric> {
        let size = if let Some(Samples::Batch(size)) = self.problem.goal.samples { size } else { samples };
        let mut rng = stream_for(Purpose::Scores, draw);
        let pairs: Vec<[f64; 2]> = (0..size).map(|_| self.pair(&mut rng)).collect();
        self.outer(pairs.into_iter())
    }

    /// F + ½ ∂log V ∂log Vᵀ, the Fisher matrix of x ∼ N(0, V).
    fn state_action_fisher(&self) -> Box<dyn Metric> {
        let [by_gain, by_sd] = self.spread_slopes().map(|slope| slope / self.settled.variance);
        let slopes = nalgebra::DVector::from_column_slice(&[by_gain, by_sd * self.stretch()]);
        let mut matrix = self.fisher.clone();
        matrix.ger(0.5, &slopes, &slopes, 1.0);
        Box::new(matrix)
    }

    fn experience(&self, draw: Draw) -> Result<Box<dyn Experience + '_>, Failure> {
        let draws = self.draws(draw).ok_or(Failure::NotFinite("the advantage"))?;
        let weight = 1.0 / draws.len() as f64;
        let advantages = draws.iter().enumerate().map(|(i, drawn)| (i, weight, drawn.advantage)).collect();
        Ok(Box::new(Actions { here: self, draws, advantages }))
    }

    /// Without samples w = F⁻¹∇J: the scores fit the advantage as well as they can.
    fn compatible(&self, draw: Draw, out: &mut [f64]) {
        let Some(draws) = self.draws(draw) else {
            if self.fisher.solve(0.0, &self.gradient, out).is_err() {
                out.fill(f64::NAN);
            }
            out.iter_mut().for_each(|out| *out = -*out);
            return;
        };
        let scores: Vec<f64> = draws.iter().flat_map(|drawn| self.score(drawn.state, drawn.z)).collect();
        let targets: Vec<f64> = draws.iter().map(|drawn| drawn.advantage).collect();
        let matrix = DMatrix::from_row_slice(draws.len(), 2, &scores);
        out.copy_from_slice(&least_squares(matrix, &targets));
    }

    fn kl_gradient(&self, x: &[f64], out: &mut [f64]) {
        let ([gain, log], new) = (self.step(x), self.problem.policy(x).sd);
        let spread = self.settled.variance / (new * new);
        out[0] = gain * spread;
        let by_log = -(-2.0 * log).exp_m1() - gain * gain * spread;
        out[1] = if self.problem.logarithmic { by_log } else { by_log / new };
    }

    fn improves(&self, x: &[f64], draw: Draw) -> bool {
        match self.draws(draw) {
            Some(draws) => {
                draws.iter().map(|drawn| self.log_ratio(x, drawn).exp_m1() * drawn.advantage).sum::<f64>() > 0.0
            }
            None => self.surrogate_gain(x) > 0.0,
        }
    }

    fn portrait(&self) -> Option<Portrait> {
        let variance = Some(self.settled.variance);
        Some(Portrait { variance, ..Portrait::default() })
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}

impl Here {
    /// E A under x ∼ N(0, V) as it is here and the actions of the policy at `x`: Q is quadratic in (x, u).
    fn surrogate_gain(&self, x: &[f64]) -> f64 {
        let LinearQuadratic { a, b, r, .. } = self.problem.process;
        let Settled { price, variance, .. } = self.settled;
        let ([step, log], Policy { gain, sd }) = (self.step(x), self.policy());
        // E of −r u² − P (a x + b u)² under the new actions less that under the old: u has mean −gain·x.
        let curve = r + price * b * b;
        let spread = curve * sd * sd * (2.0 * log).exp_m1();
        let pull = curve * step * (2.0 * gain + step) - 2.0 * price * a * b * step;
        -(spread + pull * variance)
    }
}

/// Drawn actions, as a step learns from them.
#[derive(Debug)]
struct Actions<'a> {
    here: &'a Here,
    draws: Vec<Drawn>,
    /// The number of a draw, its weight, A.
    advantages: Vec<(usize, f64, f64)>,
}

impl Experience for Actions<'_> {
    fn normalise(&mut self, how: Normalise) -> Result<(), Failure> {
        normalise(&mut self.advantages, true, how);
        Ok(())
    }

    fn surrogate(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<f64, Failure> {
        let problem = &self.here.problem;
        let there = Here::new(problem.clone(), x.to_vec(), problem.policy(x));
        let (old, new) = (self.here.policy(), there.policy());
        gradient.fill(0.0);
        let mut mean = 0.0;
        for (i, weight, advantage) in &self.advantages {
            let drawn = &self.draws[*i];
            let ratio = self.here.log_ratio(x, drawn).exp();
            let [value, slope] = term.at(ratio, *advantage);
            mean += weight * value;
            let z = (old.sd * drawn.z + (new.gain - old.gain) * drawn.state) / new.sd;
            let score = there.score(drawn.state, z);
            gradient.iter_mut().zip(score).for_each(|(g, s)| *g += weight * slope * ratio * s);
        }
        Ok(mean)
    }
}
