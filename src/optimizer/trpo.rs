//! Trust-region policy optimization (Schulman et al. 2015), on any problem: the natural direction by conjugate
//! gradient, a step of KL radius δ by the quadratic model, then backtracking until the exact KL and the loss agree.
//!
//! Of a policy the loss is not evaluated at a candidate: its place is taken by the mean of ρA over what the old one did.
//!
//! Without the line search it would be a natural gradient of fixed length.

use super::{Bounds, Motion, Optimizer, OptimizerInfo, Rate, no_conflict, no_needs};
use crate::math::linear::dot;
use crate::problem::{Failure, Local};
use crate::registry::{Field, Range, Settings};

const DELTA: Field = Field::number("delta", 0.01, Range::POSITIVE, "δ: the KL radius of a step, nats").or(&[
    "max-kl",
    "radius",
    "kl",
    "epsilon",
    "trust-region",
]);
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of F").or(&[
    "lambda",
    "ridge",
    "regularization",
    "tikhonov",
]);
const CG_ITERATIONS: Field =
    Field::integer("cg-iterations", 10, 1, 200, "maximum number of conjugate-gradient iterations")
        .or(&["cg-iters", "cg-steps"]);
const CG_TOLERANCE: Field = Field::number("cg-tolerance", 1e-10, Range::NON_NEGATIVE, "stops at |r| ≤ tolerance·|g|")
    .or(&["cg-tol", "residual-tol"]);
/// The factor by which each candidate shortens the step.
pub const BACKTRACK: Field =
    Field::number("backtrack", 0.8, Range::OPEN_UNIT, "factor by which each candidate shortens the step")
        .or(&["backtrack-coeff", "backtrack-ratio"]);
const BACKTRACKS: Field = Field::integer("backtracks", 10, 1, 200, "maximum number of candidates").or(&[
    "backtrack-iters",
    "max-backtracks",
    "line-search-steps",
]);

/// A candidate may exceed δ by rounding.
const SLACK: f64 = 1.0 + 1e-9;

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "trpo",
    synonyms: &["trust-region"],
    doc: "a natural step of KL radius δ, checked and shortened by the exact KL",
    equation: "s = F⁻¹g;  x ← x − βʲ √(2δ/sᵀFs) s, first j with KL ≤ δ and a lower loss (policies: a higher E[ρA])",
    source: "Schulman et al. 2015; Spinning Up",
    fields: &[DELTA, DAMPING, CG_ITERATIONS, CG_TOLERANCE, BACKTRACK, BACKTRACKS],
    rate: Some(Rate { field: &DELTA, power: 2 }),
    damping: Some(&DAMPING),
    bounds: Some(Bounds::Divergence),
    capped: false,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict: no_conflict,
    needs: no_needs,
    build: |settings, n| Box::new(Trpo::new(settings, n)),
};

#[derive(Debug, Clone)]
struct Trpo {
    delta: f64,
    damping: f64,
    iterations: u64,
    tolerance: f64,
    backtrack: f64,
    backtracks: u64,
    cg: Workspace,
}

/// The vectors of conjugate gradient: solution, residual, direction, and the last product with F.
#[derive(Debug, Clone)]
struct Workspace {
    s: Vec<f64>,
    r: Vec<f64>,
    p: Vec<f64>,
    product: Vec<f64>,
}

/// What a step computes on the way, in order.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Glimpse<'a> {
    /// The current iterate of conjugate gradient for F⁻¹g.
    Iterate(&'a [f64]),
    /// √(2δ/sᵀFs): the full step as a multiple of s.
    Full(f64),
    /// A candidate and what became of it.
    Candidate(&'a [f64], Verdict),
}

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Accepted: it is the step.
    Accepted,
    /// Rejected: it lies outside the space.
    Outside,
    /// Rejected: its exact KL, in nats, exceeds δ.
    TooFar(f64),
    /// Rejected: its loss is not lower, or, of a policy, the mean of ρA not higher.
    NotLower,
}

/// The anatomy of a step: everything [`Optimizer::step`] computed, from the same arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub struct Anatomy {
    /// δ, nats.
    pub delta: f64,
    /// Where each iterate of conjugate gradient would move the point, at the full step's scale.
    pub iterates: Vec<Vec<f64>>,
    /// The candidates in the order they were tried, the full step first, in coordinates.
    pub candidates: Vec<(Vec<f64>, Verdict)>,
}

/// Returns the anatomy of the step that TRPO with these settings takes at `here`.
#[must_use]
pub fn anatomy(settings: &Settings, here: &Local<'_>) -> Anatomy {
    let n = here.x().len();
    let mut trpo = Trpo::new(settings, n);
    let (mut found, mut scale, mut candidates) = (Vec::new(), f64::NAN, Vec::new());
    let _ = trpo.search(here, &mut vec![0.0; n], |glimpse| match glimpse {
        Glimpse::Iterate(s) => found.push(s.to_vec()),
        Glimpse::Full(full) => scale = full,
        Glimpse::Candidate(x, verdict) => candidates.push((x.to_vec(), verdict)),
    });
    let at = |s: Vec<f64>| here.x().iter().zip(s).map(|(x, s)| x - scale * s).collect();
    Anatomy { delta: trpo.delta, iterates: found.into_iter().map(at).collect(), candidates }
}

/// `out = (F + λI) v`.
fn damped(here: &Local<'_>, v: &[f64], damping: f64, out: &mut [f64]) {
    here.site.metric().times(v, out);
    for (out, v) in out.iter_mut().zip(v) {
        *out += damping * v;
    }
}

impl Trpo {
    fn new(settings: &Settings, n: usize) -> Self {
        Self {
            delta: settings.number(&DELTA),
            damping: settings.number(&DAMPING),
            iterations: settings.integer(&CG_ITERATIONS),
            tolerance: settings.number(&CG_TOLERANCE),
            backtrack: settings.number(&BACKTRACK),
            backtracks: settings.integer(&BACKTRACKS),
            cg: Workspace { s: vec![0.0; n], r: vec![0.0; n], p: vec![0.0; n], product: vec![0.0; n] },
        }
    }

    /// Hestenes & Stiefel (1952): leaves s ≈ (F + λI)⁻¹ g in the workspace.
    fn conjugate_gradient(&mut self, here: &Local<'_>, watch: &mut impl FnMut(Glimpse<'_>)) {
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
            damped(here, p, self.damping, product);
            let alpha = rr / dot(p, product);
            for i in 0..s.len() {
                s[i] += alpha * p[i];
                r[i] -= alpha * product[i];
            }
            watch(Glimpse::Iterate(s));
            let next = dot(r, r);
            let beta = next / rr;
            rr = next;
            for (direction, residual) in p.iter_mut().zip(r.iter()) {
                *direction = residual + beta * *direction;
            }
        }
    }

    /// The step, reporting to an observer.
    fn search(
        &mut self,
        here: &Local<'_>,
        next: &mut [f64],
        mut watch: impl FnMut(Glimpse<'_>),
    ) -> Result<Motion, Failure> {
        // Conjugate gradient would not notice a singular F + λI.
        let invertible = here.site.metric().invertible(self.damping);
        invertible.map_err(|defect| Failure::singular(self.damping, defect))?;
        if !dot(here.gradient, here.gradient).is_finite() {
            return Err(Failure::NotFinite("|g|²"));
        }
        self.conjugate_gradient(here, &mut watch);
        damped(here, &self.cg.s, self.damping, &mut self.cg.product);
        let curvature = dot(&self.cg.s, &self.cg.product);
        if !curvature.is_finite() {
            return Err(Failure::NotFinite("sᵀFs"));
        }
        let mut scale = (2.0 * self.delta / curvature).sqrt();
        if scale.is_infinite() {
            // A zero gradient, or one so small that its length underflows: nowhere to go.
            return Ok(Motion::NoStep);
        }
        watch(Glimpse::Full(scale));
        let mut refused = Ok(Motion::NoStep);
        for _ in 0..self.backtracks {
            for (i, new) in next.iter_mut().enumerate() {
                *new = here.x()[i] - scale * self.cg.s[i];
            }
            let verdict = self.judge(here, next);
            watch(Glimpse::Candidate(next, verdict));
            match verdict {
                Verdict::Accepted => return Ok(Motion::Moved),
                // A shorter step may still be accepted; if none is, this is the reason.
                Verdict::TooFar(kl) if !kl.is_finite() => {
                    refused = Err(Failure::NotFinite("KL(old ‖ new)"));
                }
                _ => {}
            }
            scale *= self.backtrack;
        }
        refused
    }

    fn judge(&self, here: &Local<'_>, next: &[f64]) -> Verdict {
        if here.site.problem().violation(next).is_some() {
            return Verdict::Outside;
        }
        let kl = here.site.kl_to(next);
        if kl.is_nan() || kl > self.delta * SLACK {
            Verdict::TooFar(kl)
        } else if here.site.improves(next, here.draw) {
            Verdict::Accepted
        } else {
            Verdict::NotLower
        }
    }
}

impl Optimizer for Trpo {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        self.search(here, next, |_| {})
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
