//! Coordinates of softmax policies: probabilities, log odds and logits state by state, or weights of features.
//!
//! A covector is first one of pairs: y(s,a), the weight of ∂log π(a|s). What it is in the coordinates is said here.

use std::sync::Arc;

use crate::problem::Outside;

/// Coordinates of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coordinates {
    /// The name in scenario files.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
}

/// Which coordinates.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Per state p₁ … p_{k−1}.
    Probabilities,
    /// Per state log pⱼ/p_k, j < k.
    LogOdds,
    /// Per state k logits, of which one is redundant.
    Logits,
    /// Weights of features: so many, with a row for every pair, one after the other.
    Weights(usize, Arc<[f64]>),
}

/// A policy at a point: π(a|s) and its logarithm, by pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// π(a|s).
    pub p: Vec<f64>,
    /// log π(a|s).
    pub log: Vec<f64>,
}

/// How many states a policy has, and how many actions in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The number of states.
    pub states: usize,
    /// The number of actions.
    pub actions: usize,
}

impl Chart {
    /// The number of coordinates of a state; `None` for weights, which belong to no state.
    #[must_use]
    pub const fn per_state(&self, size: Size) -> Option<usize> {
        match self {
            Self::Probabilities | Self::LogOdds => Some(size.actions - 1),
            Self::Logits => Some(size.actions),
            Self::Weights(..) => None,
        }
    }

    /// The number of coordinates.
    #[must_use]
    pub fn dimension(&self, size: Size) -> usize {
        match self {
            Self::Weights(width, _) => *width,
            Self::Probabilities | Self::LogOdds => size.states * (size.actions - 1),
            Self::Logits => size.states * size.actions,
        }
    }

    /// The policy at coordinates.
    #[must_use]
    pub fn policy(&self, x: &[f64], size: Size) -> Table {
        let k = size.actions;
        let (mut p, mut log) = (vec![0.0; size.states * k], vec![0.0; size.states * k]);
        for s in 0..size.states {
            let rows = s * k..(s + 1) * k;
            let (p, log) = (&mut p[rows.clone()], &mut log[rows.clone()]);
            match self {
                Self::Probabilities => {
                    let x = &x[s * (k - 1)..(s + 1) * (k - 1)];
                    p[..k - 1].copy_from_slice(x);
                    p[k - 1] = 1.0 - x.iter().sum::<f64>();
                    log.iter_mut().zip(&*p).for_each(|(log, p)| *log = p.ln());
                    continue;
                }
                Self::LogOdds => log[..k - 1].copy_from_slice(&x[s * (k - 1)..(s + 1) * (k - 1)]),
                Self::Logits => log.copy_from_slice(&x[rows]),
                Self::Weights(width, features) => {
                    for (log, row) in log.iter_mut().zip(features[s * k * width..].chunks_exact(*width)) {
                        *log = row.iter().zip(x).map(|(f, w)| f * w).sum();
                    }
                }
            }
            normalise(p, log);
        }
        Table { p, log }
    }

    /// The coordinates of a policy of a table; empty for weights, which not every table has.
    #[must_use]
    pub fn coordinates(&self, table: &Table, size: Size) -> Vec<f64> {
        let k = size.actions;
        let states = table.p.chunks_exact(k).zip(table.log.chunks_exact(k));
        match self {
            Self::Probabilities => states.flat_map(|(p, _)| p[..k - 1].to_vec()).collect(),
            Self::LogOdds => states.flat_map(|(_, log)| log[..k - 1].iter().map(|l| l - log[k - 1])).collect(),
            Self::Logits => table.log.clone(),
            Self::Weights(..) => Vec::new(),
        }
    }

    /// The covector of pair weights y in the coordinates at a policy: Σ y(s,a) ∂log π(a|s).
    pub fn pull(&self, y: &[f64], table: &Table, size: Size, out: &mut [f64]) {
        let k = size.actions;
        if let Self::Weights(..) = self {
            out.fill(0.0);
        }
        for s in 0..size.states {
            let rows = s * k..(s + 1) * k;
            let (y, p) = (&y[rows.clone()], &table.p[rows]);
            let total: f64 = y.iter().sum();
            let logit = |a: usize| y[a] - p[a] * total;
            match self {
                Self::Probabilities => {
                    for (j, out) in out[s * (k - 1)..(s + 1) * (k - 1)].iter_mut().enumerate() {
                        *out = y[j] / p[j] - y[k - 1] / p[k - 1];
                    }
                }
                Self::LogOdds | Self::Logits => {
                    let width = if *self == Self::Logits { k } else { k - 1 };
                    for (j, out) in out[s * width..(s + 1) * width].iter_mut().enumerate() {
                        *out = logit(j);
                    }
                }
                Self::Weights(width, features) => {
                    for (a, row) in features[s * k * width..(s + 1) * k * width].chunks_exact(*width).enumerate() {
                        let pull = logit(a);
                        out.iter_mut().zip(row).for_each(|(out, f)| *out += pull * f);
                    }
                }
            }
        }
    }

    /// A change of the logits as one of the coordinates, to first order; of tables only.
    #[must_use]
    pub fn push(&self, logits: &[f64], table: &Table, size: Size) -> Vec<f64> {
        let k = size.actions;
        let states = logits.chunks_exact(k).zip(table.p.chunks_exact(k));
        match self {
            Self::LogOdds => states.flat_map(|(u, _)| u[..k - 1].iter().map(|v| v - u[k - 1])).collect(),
            Self::Probabilities => states
                .flat_map(|(u, p)| {
                    let mean: f64 = u.iter().zip(p).map(|(u, p)| u * p).sum();
                    u[..k - 1].iter().zip(p).map(move |(u, p)| p * (u - mean))
                })
                .collect(),
            Self::Logits | Self::Weights(..) => logits.to_vec(),
        }
    }

    /// A covector of the coordinates as one of logits; of tables only.
    #[must_use]
    pub fn in_logits(&self, gradient: &[f64], table: &Table, size: Size) -> Vec<f64> {
        let k = size.actions;
        let mut out = vec![0.0; size.states * k];
        for (s, out) in out.chunks_exact_mut(k).enumerate() {
            match self {
                Self::Logits => out.copy_from_slice(&gradient[s * k..(s + 1) * k]),
                Self::LogOdds => {
                    let own = &gradient[s * (k - 1)..(s + 1) * (k - 1)];
                    out[..k - 1].copy_from_slice(own);
                    out[k - 1] = -own.iter().sum::<f64>();
                }
                Self::Probabilities | Self::Weights(..) => {
                    let (own, p) = (&gradient[s * (k - 1)..(s + 1) * (k - 1)], &table.p[s * k..(s + 1) * k]);
                    let mean: f64 = own.iter().zip(p).map(|(g, p)| g * p).sum();
                    for (a, out) in out.iter_mut().enumerate() {
                        *out = p[a] * (own.get(a).copied().unwrap_or(0.0) - mean);
                    }
                }
            }
        }
        out
    }

    /// log π(a|s) at `x` less that at coordinates `from` with policy `table`, by pairs, without cancellation where they are
    /// near.
    #[must_use]
    pub fn log_ratios(&self, from: &[f64], table: &Table, x: &[f64], size: Size) -> Vec<f64> {
        let k = size.actions;
        let mut out = vec![0.0; size.states * k];
        for (s, out) in out.chunks_exact_mut(k).enumerate() {
            let p = &table.p[s * k..(s + 1) * k];
            match self {
                Self::Probabilities => {
                    let rows = s * (k - 1)..(s + 1) * (k - 1);
                    let mut total = 0.0;
                    for (j, (new, old)) in x[rows.clone()].iter().zip(&from[rows]).enumerate() {
                        let step = new - old;
                        total += step;
                        out[j] = (step / p[j]).ln_1p();
                    }
                    out[k - 1] = (-total / p[k - 1]).ln_1p();
                    continue;
                }
                Self::LogOdds | Self::Logits => {
                    let width = if *self == Self::Logits { k } else { k - 1 };
                    let rows = s * width..(s + 1) * width;
                    let steps = x[rows.clone()].iter().zip(&from[rows]);
                    out.iter_mut().zip(steps).for_each(|(out, (new, old))| *out = new - old);
                }
                Self::Weights(width, features) => {
                    for (out, row) in out.iter_mut().zip(features[s * k * width..].chunks_exact(*width)) {
                        *out = row.iter().zip(x.iter().zip(from)).map(|(f, (new, old))| f * (new - old)).sum();
                    }
                }
            }
            // The largest step first, so that no exponential overflows.
            let most = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let excess: f64 = p.iter().zip(&*out).map(|(p, u)| p * (u - most).exp_m1()).sum();
            let norm = most + excess.ln_1p();
            out.iter_mut().for_each(|u| *u -= norm);
        }
        out
    }

    /// Why coordinates are no policy: some probability is not positive. `names` says which action of which state.
    #[must_use]
    pub fn violation(&self, x: &[f64], size: Size, name: impl Fn(usize) -> String) -> Option<Outside> {
        let p = if *self == Self::Probabilities {
            let last = |x: &[f64]| 1.0 - x.iter().sum::<f64>();
            x.chunks_exact(size.actions - 1).flat_map(|x| x.iter().copied().chain([last(x)])).collect()
        } else {
            self.policy(x, size).p
        };
        let bad = p.iter().position(|p| p.is_nan() || *p <= 0.0)?;
        Some(Outside { quantity: name(bad).into(), broken: "≤ 0" })
    }
}

/// Turns logits in `log` into probabilities and their logarithms.
fn normalise(p: &mut [f64], log: &mut [f64]) {
    let most = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for (p, log) in p.iter_mut().zip(log.iter_mut()) {
        *log -= most;
        *p = log.exp();
        total += *p;
    }
    let norm = total.ln();
    for (p, log) in p.iter_mut().zip(log.iter_mut()) {
        *log -= norm;
        *p /= total;
    }
}
