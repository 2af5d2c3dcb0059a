//! What a policy-gradient step learns from: actions of the policy of before, weighted, each with its advantage A.

use std::fmt::Debug;

use super::Failure;

/// What is averaged: a function of the ratio ρ = π(a|s)/π_old(a|s) and of the advantage A.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term {
    /// ρA.
    Ratio,
    /// min(ρA, clip(ρ, 1 − low, 1 + high)·A) (Schulman et al. 2017).
    Clip {
        /// How far below one.
        low: f64,
        /// How far above one.
        high: f64,
    },
    /// ρA − |A|(ρ − 1)²/(2·clip) (Xie et al. 2025).
    Simple {
        /// The ratio's distance from one at which it is best.
        clip: f64,
    },
}

impl Term {
    /// Its value and its slope in ρ; strictly beyond the clip's edge the slope is 0.
    #[must_use]
    pub fn at(self, ratio: f64, advantage: f64) -> [f64; 2] {
        match self {
            Self::Clip { high, .. } if advantage > 0.0 && ratio > 1.0 + high => [(1.0 + high) * advantage, 0.0],
            Self::Clip { low, .. } if advantage < 0.0 && ratio < 1.0 - low => [(1.0 - low) * advantage, 0.0],
            Self::Ratio | Self::Clip { .. } => [ratio * advantage, advantage],
            Self::Simple { clip } => {
                let off = ratio - 1.0;
                let pull = advantage.abs() * off / clip;
                [ratio * advantage - 0.5 * pull * off, advantage - pull]
            }
        }
    }
}

/// How advantages are normalised: less their mean, over their standard deviation + ε.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalise {
    /// Whether the variance of n draws is a sum over n − 1; exact expectations have no n.
    pub bessel: bool,
    /// ε.
    pub eps: f64,
}

impl Normalise {
    /// Normalises the advantages of draws of equal weight, if there are at least two.
    pub fn apply(self, advantages: &mut [f64]) {
        if advantages.len() < 2 {
            return;
        }
        let n = advantages.len() as f64;
        let mean = advantages.iter().sum::<f64>() / n;
        let square = advantages.iter().map(|a| (a - mean) * (a - mean)).sum::<f64>();
        let scale = (square / if self.bessel { n - 1.0 } else { n }).sqrt() + self.eps;
        advantages.iter_mut().for_each(|a| *a = (*a - mean) / scale);
    }
}

/// Weighted actions of the policy of before with their advantages.
pub trait Experience: Debug {
    /// Replaces every A by (A − mean)/(sd + ε); fewer than two draws stay as they are.
    ///
    /// # Errors
    /// If mean or variance cannot be integrated.
    fn normalise(&mut self, how: Normalise) -> Result<(), Failure>;
    /// The mean of `term` under the policy at coordinates `x`, which must be in the space; its gradient in `gradient`.
    ///
    /// # Errors
    /// If it cannot be integrated.
    fn surrogate(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<f64, Failure>;
    /// The gradient of [`Experience::surrogate`] alone, where the mean would take an integral of its own.
    ///
    /// # Errors
    /// If it cannot be integrated.
    fn ascent(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<(), Failure> {
        self.surrogate(x, term, gradient).map(drop)
    }
}
