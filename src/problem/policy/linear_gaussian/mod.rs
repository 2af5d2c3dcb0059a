//! The linear-Gaussian policy u ∼ N(−gain·x, sd²) of a linear system with a quadratic cost, in closed forms.
//!
//! Under it x is N(0, V) in the long run, V = (b² sd² + noise²)/(1 − m²) with m = a − b·gain, and the value of a state is
//! −P x² up to a constant, P = (q + r·gain²)/(1 − m²).

mod site;

use super::goal::Return;
use super::lacks;
use crate::math::special::exp_excess;
use crate::problem::process::LinearQuadratic;
use crate::problem::{Capability, Outside, Problem, Site};
use site::Here;

/// The return of the policy, in (gain, sd) or (gain, log sd).
#[derive(Debug, Clone)]
pub struct InChart {
    process: LinearQuadratic,
    goal: Return,
    logarithmic: bool,
}

/// A policy.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Policy {
    gain: f64,
    sd: f64,
}

impl InChart {
    /// The return in (gain, log sd) if `logarithmic`, else in (gain, sd).
    #[must_use]
    pub const fn new(process: LinearQuadratic, goal: Return, logarithmic: bool) -> Self {
        Self { process, goal, logarithmic }
    }

    fn policy(&self, x: &[f64]) -> Policy {
        Policy { gain: x[0], sd: if self.logarithmic { x[1].exp() } else { x[1] } }
    }

    fn site(&self, x: Vec<f64>, policy: Policy) -> Box<dyn Site> {
        Box::new(Here::new(self.clone(), x, policy))
    }

    fn outside(&self, policy: Policy) -> Option<Outside> {
        outside(&self.process, policy.gain, policy.sd)
    }
}

/// Why a gain and a standard deviation are no policy under which the system settles.
#[must_use]
pub fn outside(process: &LinearQuadratic, gain: f64, sd: f64) -> Option<Outside> {
    let stays = (process.a - process.b * gain).abs();
    // A NaN is outside, so the comparisons are not negated.
    if !(sd > 0.0 && sd.is_finite()) {
        return Some(Outside { quantity: "sd".into(), broken: if sd > 0.0 { "not finite" } else { "≤ 0" } });
    }
    let settles = stays < 1.0;
    (!settles).then(|| Outside { quantity: "gain".into(), broken: "with |a − b·gain| ≥ 1" })
}

fn policy_of(parameters: &[f64]) -> Policy {
    Policy { gain: parameters[0], sd: parameters[1] }
}

/// How the system settles under a policy.
#[derive(Debug, Clone, Copy)]
struct Settled {
    /// m = a − b·gain.
    stays: f64,
    /// V, the variance of x.
    variance: f64,
    /// P: a state costs P x² in all, beyond the mean.
    price: f64,
    /// J.
    gain: f64,
}

impl Settled {
    fn of(process: &LinearQuadratic, policy: Policy) -> Self {
        let LinearQuadratic { a, b, q, r, noise } = *process;
        let Policy { gain, sd } = policy;
        let stays = a - b * gain;
        let rest = (1.0 - stays) * (1.0 + stays);
        let variance = (b * b * sd * sd + noise * noise) / rest;
        let cost = q + r * gain * gain;
        Self { stays, variance, price: cost / rest, gain: -(cost * variance + r * sd * sd) }
    }
}

impl Problem for InChart {
    fn dimension(&self) -> usize {
        2
    }

    fn coordinates(&self) -> Vec<String> {
        vec!["gain".to_owned(), if self.logarithmic { "log sd" } else { "sd" }.to_owned()]
    }

    fn parameters(&self) -> Vec<String> {
        vec!["gain".to_owned(), "sd".to_owned()]
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        -Settled::of(&self.process, policy_of(parameters)).gain
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        let (p, q) = (policy_of(p), policy_of(q));
        kl(Settled::of(&self.process, p).variance, q.gain - p.gain, (q.sd / p.sd).ln(), q.sd)
    }

    /// That of the best gain without noise of its own, which is no policy of the family.
    fn bound(&self) -> Option<f64> {
        Some(self.process.least_cost())
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        None
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        lacks::linear_gaussian(&self.goal, capability)
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        let policy = policy_of(parameters);
        match self.outside(policy) {
            Some(outside) => Err(outside),
            None => Ok(vec![policy.gain, if self.logarithmic { policy.sd.ln() } else { policy.sd }]),
        }
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        self.outside(self.policy(x))
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        let policy = policy_of(parameters);
        self.site(vec![policy.gain, if self.logarithmic { policy.sd.ln() } else { policy.sd }], policy)
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        self.site(x.to_vec(), self.policy(x))
    }
}

/// KL(p ‖ q) where x has variance V under p: the gains differ by `gain`, the logarithms of the standard deviations by `log`.
fn kl(variance: f64, gain: f64, log: f64, sd: f64) -> f64 {
    0.5 * exp_excess(-2.0 * log) + 0.5 * gain * gain * variance / (sd * sd)
}
