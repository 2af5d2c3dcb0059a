//! Trust-region policy optimization (Schulman et al. 2015), on any problem: the natural direction by conjugate gradient,
//! a step of KL radius δ by the quadratic model, then backtracking until the exact KL and the loss agree.
//!
//! The line search is what separates it from a natural gradient of fixed length.

use super::{Local, Motion, Optimizer, OptimizerInfo, no_conflict};
use crate::math::linear::Cholesky;
use crate::registry::{Field, Range};

const DELTA: Field = Field::number("delta", 0.01, Range::POSITIVE, "δ: the KL radius of a step, nats");
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of F");
const CG_ITERATIONS: Field = Field::integer("cg-iterations", 10, 1, 200, "most conjugate-gradient iterations");
const CG_TOLERANCE: Field = Field::number("cg-tolerance", 1e-10, Range::NON_NEGATIVE, "stops at |r| ≤ tolerance·|g|");
const BACKTRACK: Field = Field::number("backtrack", 0.8, Range::OPEN_UNIT, "factor between candidates");
const BACKTRACKS: Field = Field::integer("backtracks", 10, 1, 200, "most candidates");

/// A candidate may exceed δ by rounding, as the contract has it.
const SLACK: f64 = 1.0 + 1e-9;

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "trpo",
    doc: "a natural step of KL radius δ, checked and shortened by the exact KL",
    equation: "s = F⁻¹g;  x ← x − βʲ √(2δ/sᵀFs) s, first j with KL ≤ δ and a lower loss",
    source: "Schulman et al. 2015; Spinning Up",
    fields: &[DELTA, DAMPING, CG_ITERATIONS, CG_TOLERANCE, BACKTRACK, BACKTRACKS],
    conflict: no_conflict,
    build: |settings, n| {
        Box::new(Trpo {
            delta: settings.number(&DELTA),
            damping: settings.number(&DAMPING),
            iterations: settings.integer(&CG_ITERATIONS),
            tolerance: settings.number(&CG_TOLERANCE),
            backtrack: settings.number(&BACKTRACK),
            backtracks: settings.integer(&BACKTRACKS),
            factor: Cholesky::new(n),
            cg: Workspace { s: vec![0.0; n], r: vec![0.0; n], p: vec![0.0; n], product: vec![0.0; n] },
        })
    },
};

#[derive(Debug)]
struct Trpo {
    delta: f64,
    damping: f64,
    iterations: u64,
    tolerance: f64,
    backtrack: f64,
    backtracks: u64,
    /// Says whether F + λI has an inverse at all; conjugate gradient would not notice.
    factor: Cholesky,
    cg: Workspace,
}

/// The vectors of conjugate gradient: solution, residual, direction, and the last product with F.
#[derive(Debug)]
struct Workspace {
    s: Vec<f64>,
    r: Vec<f64>,
    p: Vec<f64>,
    product: Vec<f64>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

impl Trpo {
    /// Hestenes & Stiefel (1952): leaves s ≈ (F + λI)⁻¹ g in the workspace.
    fn conjugate_gradient(&mut self, here: &Local<'_>) {
        let Workspace { s, r, p, product } = &mut self.cg;
        s.fill(0.0);
        r.copy_from_slice(here.gradient);
        p.copy_from_slice(here.gradient);
        let mut rr = dot(r, r);
        let enough = self.tolerance * self.tolerance * rr;
        for _ in 0..self.iterations {
            if rr <= enough {
                break;
            }
            here.fisher.product(p, self.damping, product);
            let alpha = rr / dot(p, product);
            for i in 0..s.len() {
                s[i] += alpha * p[i];
                r[i] -= alpha * product[i];
            }
            let next = dot(r, r);
            let beta = next / rr;
            rr = next;
            for (direction, residual) in p.iter_mut().zip(r.iter()) {
                *direction = residual + beta * *direction;
            }
        }
    }
}

impl Optimizer for Trpo {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Motion {
        if let Err(singular) = here.factor(self.damping, &mut self.factor) {
            return singular;
        }
        if !dot(here.gradient, here.gradient).is_finite() {
            return Motion::NotFinite("|g|²");
        }
        self.conjugate_gradient(here);
        here.fisher.product(&self.cg.s, self.damping, &mut self.cg.product);
        let curvature = dot(&self.cg.s, &self.cg.product);
        if !curvature.is_finite() {
            return Motion::NotFinite("sᵀFs");
        }
        let mut scale = (2.0 * self.delta / curvature).sqrt();
        if scale.is_infinite() {
            // No gradient, or one so small that it has no length: nowhere to go.
            return Motion::NoStep;
        }
        let mut refused = Motion::NoStep;
        for _ in 0..self.backtracks {
            for (i, new) in next.iter_mut().enumerate() {
                *new = here.x[i] - scale * self.cg.s[i];
            }
            if here.problem.contains(next) {
                let kl = here.problem.kl(here.x, next);
                if kl <= self.delta * SLACK && here.problem.loss(next) < here.loss {
                    return Motion::Moved;
                }
                // The step is found all the same where a shorter one is right; where none is, this is why.
                if !kl.is_finite() {
                    refused = Motion::NotFinite("KL(old ‖ new)");
                }
            }
            scale *= self.backtrack;
        }
        refused
    }
}
