//! Drawn actions of a linear system with their advantages, as a step learns from them.

use super::site::{Drawn, Here};
use crate::problem::policy::learning::normalise;
use crate::problem::{Experience, Failure, Normalise, Term};

/// Drawn actions, as a step learns from them.
#[derive(Debug)]
pub(super) struct Actions<'a> {
    pub(super) here: &'a Here,
    pub(super) draws: Vec<Drawn>,
    /// The number of a draw, its weight, A.
    pub(super) advantages: Vec<(usize, f64, f64)>,
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
