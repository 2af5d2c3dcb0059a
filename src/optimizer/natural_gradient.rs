//! The natural gradient (Amari 1998): one direction in every chart, in the limit of small steps steepest descent in KL.
//!
//! A finite step is invariant to first order only. Two corrections make it invariant to second order (Song & Ermon
//! 2018): the geodesic correction (§3.2), or the direction evaluated again at the midpoint of the step (§3.3).

use super::{Motion, Optimizer, OptimizerInfo, Rate, no_conflict};
use crate::problem::{Capability, Failure, Local, solve};
use crate::registry::{Field, Range};

/// The choice of a Fisher matrix estimated from draws.
pub const SAMPLED: &str = "sampled";

const LR: Field = Field::rate(0.1);
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of F").or(&[
    "lambda",
    "ridge",
    "regularization",
    "tikhonov",
]);
const FISHER: Field =
    Field::choice("fisher", &["exact", "diagonal", "empirical", SAMPLED], "which Fisher matrix is inverted");
const SAMPLES: Field =
    Field::integer("samples", 100, 1, 10_000, "draws per step with fisher = \"sampled\"").or(&["draws", "n"]);
const CORRECTION: Field = Field::choice(
    "correction",
    &["none", "geodesic", "midpoint"],
    "makes the finite step invariant to the chart to second order",
);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "natural-gradient",
    synonyms: &["ngd", "natural", "fisher-scoring"],
    doc: "steepest descent in KL divergence in the limit of small steps",
    equation: "x ← x − lr (F + λ I)⁻¹ g  (geodesic: − ½ lr² Γ(v, v), v = F⁻¹g; midpoint: v from x − ½ lr v)",
    source: "Amari 1998; corrections: Song & Ermon 2018",
    fields: &[LR, DAMPING, FISHER, SAMPLES, CORRECTION],
    rate: Some(Rate::step(&LR)),
    damping: Some(&DAMPING),
    trust_region: false,
    natural: true,
    path: None,
    conflict: no_conflict,
    needs: |settings| (settings.choice(&FISHER) == "empirical").then_some((FISHER.name, Capability::Data)),
    build: |settings, n| {
        Box::new(NaturalGradient {
            lr: settings.number(&LR),
            damping: settings.number(&DAMPING),
            source: match settings.choice(&FISHER) {
                "diagonal" => Source::Diagonal,
                "empirical" => Source::Empirical,
                SAMPLED => Source::Sampled(usize::try_from(settings.integer(&SAMPLES)).unwrap_or(usize::MAX)),
                _ => Source::Exact,
            },
            correction: match settings.choice(&CORRECTION) {
                "geodesic" => Correction::Geodesic,
                "midpoint" => Correction::Midpoint,
                _ => Correction::None,
            },
            direction: vec![0.0; n],
            extra: vec![0.0; n],
        })
    },
};

/// Which Fisher matrix is inverted.
#[derive(Debug, Clone, Copy)]
enum Source {
    Exact,
    Diagonal,
    Empirical,
    /// Estimated from this many draws.
    Sampled(usize),
}

#[derive(Debug, Clone, Copy)]
enum Correction {
    None,
    Geodesic,
    Midpoint,
}

#[derive(Debug, Clone)]
struct NaturalGradient {
    lr: f64,
    damping: f64,
    source: Source,
    correction: Correction,
    /// (F + λI)⁻¹ g.
    direction: Vec<f64>,
    /// Γ(v, v) along the direction v, or the gradient at the midpoint.
    extra: Vec<f64>,
}

impl NaturalGradient {
    /// Leaves (F + λI)⁻¹ g in `direction`.
    fn find(&mut self, here: &Local<'_>) -> Result<(), Failure> {
        let estimate = match self.source {
            Source::Exact => return here.natural(self.damping, &mut self.direction),
            Source::Diagonal => return here.scaled(self.damping, &mut self.direction),
            Source::Empirical => here.site.empirical_fisher(here.draw),
            Source::Sampled(samples) => here.site.sampled_fisher(here.draw, samples),
        };
        solve(estimate, self.damping, here.gradient, &mut self.direction)
            .map_err(|defect| Failure::singular(self.damping, defect))
    }

    fn correct(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<(), Failure> {
        match self.correction {
            Correction::None => {}
            Correction::Geodesic => {
                here.site.christoffel(&self.direction, &mut self.extra);
                for (new, bend) in next.iter_mut().zip(&self.extra) {
                    *new -= 0.5 * self.lr * self.lr * bend;
                }
            }
            Correction::Midpoint => {
                for (new, old) in next.iter_mut().zip(here.x()) {
                    *new = 0.5 * (*new + old);
                }
                let mut gradient = std::mem::take(&mut self.extra);
                let found = here
                    .look(next, &mut gradient)
                    .map_err(Failure::Outside)
                    .and_then(|middle| self.find(&Local { site: &*middle, gradient: &gradient, ..*here }));
                self.extra = gradient;
                found?;
                self.go(here, next);
            }
        }
        Ok(())
    }

    /// x − lr times the direction.
    fn go(&self, here: &Local<'_>, next: &mut [f64]) {
        for ((new, old), v) in next.iter_mut().zip(here.x()).zip(&self.direction) {
            *new = old - self.lr * v;
        }
    }
}

impl Optimizer for NaturalGradient {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        self.find(here)?;
        self.go(here, next);
        self.correct(here, next)?;
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
