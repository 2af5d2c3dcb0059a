//! The natural gradient (Amari 1998): one direction in every chart, in the limit of small steps steepest descent in KL.
//!
//! A finite step is invariant to first order only. Two corrections make it invariant to second order (Song & Ermon
//! 2018): the geodesic correction (§3.2), or the direction evaluated again at the midpoint of the step (§3.3).
//!
//! Any metric G has its natural gradient G⁻¹g, steepest descent in the distance that G measures. `wasserstein` is that of
//! optimal transport, G_ij = ∫ ∂ᵢP ∂ⱼP/p dx with P the distribution function (Li & Montúfar 2018; Chen & Li 2020): on KL(p ‖
//! target) it follows the law of Langevin dynamics as far as that stays in the family. `euclid` is I in the canonical
//! parameters, JᵀJ in a chart: the gradient descent of those parameters, seen from any chart.

use super::{MetricAt, Motion, Optimizer, OptimizerInfo, Rate};
use crate::math::linear::Singular;
use crate::problem::{Capability, Failure, Local, Metric};
use crate::registry::{Field, Range, Settings};

const OF_FISHER: &str = "fisher";
const WASSERSTEIN: &str = "wasserstein";
const EUCLID: &str = "euclid";
const NONE: &str = "none";
const GEODESIC: &str = "geodesic";
const EMPIRICAL: &str = "empirical";
const STATE_ACTION: &str = "state-action";

/// The choice of a Fisher matrix estimated from draws.
pub const SAMPLED: &str = "sampled";

const LR: Field = Field::rate(0.1);
const DAMPING: Field = Field::number("damping", 0.0, Range::NON_NEGATIVE, "λ: added to the diagonal of F").or(&[
    "lambda",
    "ridge",
    "regularization",
    "tikhonov",
]);
/// Which Fisher matrix.
pub const FISHER: Field = Field::choice(
    "fisher",
    &["exact", "diagonal", EMPIRICAL, SAMPLED, STATE_ACTION],
    "which Fisher matrix is inverted; state-action: that of a policy's pairs as one distribution",
);
const METRIC: Field = Field::choice(
    "metric",
    &[OF_FISHER, WASSERSTEIN, EUCLID],
    "steepest descent in KL, in W₂ (families of one real variable), or in the canonical parameters",
);
/// The number of draws for it.
pub const SAMPLES: Field = Field::integer(
    "samples",
    100,
    1,
    10_000,
    "draws per step with fisher = \"sampled\", on families; a policy draws as many as its batch",
)
.or(&["draws", "n"]);
const CORRECTION: Field = Field::choice(
    "correction",
    &[NONE, GEODESIC, "midpoint"],
    "makes the finite step invariant to the chart to second order",
);

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "natural-gradient",
    synonyms: &["ngd", "natural", "fisher-scoring"],
    doc: "steepest descent in KL divergence in the limit of small steps",
    equation: "x ← x − lr (F + λ I)⁻¹ g  (geodesic: − ½ lr² Γ(v, v), v = F⁻¹g; midpoint: v from x − ½ lr v; wasserstein, euclid: G_ij = ∫ ∂ᵢP ∂ⱼP/p dx, JᵀJ in place of F)",
    source: "Amari 1998; policies: Kakade 2002; corrections: Song & Ermon 2018; wasserstein: Li & Montúfar 2018, Chen & Li 2020; state-action: Morimura et al. 2008",
    fields: &[LR, DAMPING, METRIC, FISHER, SAMPLES, CORRECTION],
    rate: Some(Rate::step(&LR)),
    damping: Some(&DAMPING),
    bounds: None,
    capped: true,
    natural: |settings| !elsewhere(settings),
    flows: |settings| settings.choice(&CORRECTION) == NONE && ![EMPIRICAL, SAMPLED].contains(&settings.choice(&FISHER)),
    path: None,
    conflict,
    needs: |settings| match settings.choice(&METRIC) {
        WASSERSTEIN => Some((METRIC.name, Capability::Transport)),
        EUCLID => Some((METRIC.name, Capability::Canonical)),
        _ => match settings.choice(&FISHER) {
            EMPIRICAL => Some((FISHER.name, Capability::Data)),
            SAMPLED => Some((FISHER.name, Capability::Scores)),
            STATE_ACTION => Some((FISHER.name, Capability::Process)),
            _ => None,
        },
    },
    build: |settings, n| {
        Box::new(NaturalGradient {
            lr: settings.number(&LR),
            damping: settings.number(&DAMPING),
            source: Source::of(settings),
            correction: match settings.choice(&CORRECTION) {
                GEODESIC => Correction::Geodesic,
                "midpoint" => Correction::Midpoint,
                _ => Correction::None,
            },
            direction: vec![0.0; n],
            extra: vec![0.0; n],
        })
    },
};

/// Whether the metric is not that of Fisher.
fn elsewhere(settings: &Settings) -> bool {
    settings.choice(&METRIC) != OF_FISHER
}

fn conflict(settings: &Settings) -> Option<(&'static str, &'static str)> {
    if !elsewhere(settings) {
        return None;
    }
    if settings.choice(&FISHER) != "exact" {
        return Some((
            FISHER.name,
            "`fisher` chooses a Fisher matrix, which no other `metric` uses: leave one of them out",
        ));
    }
    (settings.choice(&CORRECTION) == GEODESIC)
        .then_some((CORRECTION.name, "this `correction` follows geodesics of the Fisher metric: write \"midpoint\""))
}

/// Which matrix is inverted.
#[derive(Debug, Clone, Copy)]
enum Source {
    Exact,
    Diagonal,
    Empirical,
    /// Estimated from this many draws.
    Sampled(usize),
    /// That of the pairs of states and actions as one distribution (Morimura et al. 2008).
    StateAction,
    /// Not Fisher's: what it is called, and the matrix.
    Other(&'static str, MetricAt),
}

impl Source {
    fn of(settings: &Settings) -> Self {
        match (settings.choice(&METRIC), settings.choice(&FISHER)) {
            (WASSERSTEIN, _) => Self::Other(WASSERSTEIN, |here| here.wasserstein()),
            (EUCLID, _) => Self::Other(EUCLID, |here| Ok(here.euclidean())),
            (_, "diagonal") => Self::Diagonal,
            (_, EMPIRICAL) => Self::Empirical,
            (_, SAMPLED) => Self::Sampled(usize::try_from(settings.integer(&SAMPLES)).unwrap_or(usize::MAX)),
            (_, STATE_ACTION) => Self::StateAction,
            _ => Self::Exact,
        }
    }

    fn singular(self, damping: f64, defect: Singular) -> Failure {
        match self {
            Self::Other(..) => Failure::degenerate(damping, defect),
            Self::Exact | Self::Diagonal | Self::Empirical | Self::Sampled(_) | Self::StateAction => {
                Failure::singular(damping, defect)
            }
        }
    }
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
    /// Leaves (F + λI)⁻¹ g in `direction`, or that of another metric.
    fn find(&mut self, here: &Local<'_>) -> Result<(), Failure> {
        let metric: Box<dyn Metric> = match self.source {
            Source::Exact => return here.natural(self.damping, &mut self.direction),
            Source::Diagonal => return here.scaled(self.damping, &mut self.direction),
            Source::Empirical => here.site.empirical_fisher(here.draw),
            Source::Sampled(samples) => here.site.sampled_fisher(here.draw, samples),
            Source::StateAction => here.site.state_action_fisher(),
            Source::Other(_, at) => at(here.site)?,
        };
        metric
            .solve(self.damping, here.gradient, &mut self.direction)
            .map_err(|defect| self.source.singular(self.damping, defect))
    }

    fn correct(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<(), Failure> {
        match self.correction {
            Correction::None => {}
            Correction::Geodesic => {
                here.site.christoffel(&self.direction, &mut self.extra);
                let lr = here.rate(self.lr);
                for (new, bend) in next.iter_mut().zip(&self.extra) {
                    *new -= 0.5 * lr * lr * bend;
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
        let lr = here.rate(self.lr);
        for ((new, old), v) in next.iter_mut().zip(here.x()).zip(&self.direction) {
            *new = old - lr * v;
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

    fn metric(&self) -> Option<(&'static str, MetricAt)> {
        if let Source::Other(name, at) = self.source { Some((name, at)) } else { None }
    }
}
