//! Proximal policy optimization (Schulman et al. 2017): several steps of gradient ascent on what one batch of actions says
//! about a policy near the one that drew them.
//!
//! Nearness is not enforced: the gradient of an action vanishes where its probability ratio ρ has passed the clip, which
//! bounds neither ρ nor the KL. The variants pull back instead: `penalty` by the KL itself (§4 there), `spo` by a parabola
//! in ρ (Xie et al. 2025).

use super::{Bounds, Motion, Optimizer, OptimizerInfo, Rate};
use crate::problem::{Capability, Experience, Failure, Local, Normalise, Term};
use crate::registry::{Field, Kind, Preset, Range, Setting, Settings};

const ADAM: &str = "adam";
const SGD: &str = "sgd";
const CLIPPED: &str = "clip";
const PENALISED: &str = "penalty";
const SIMPLE: &str = "spo";
const AS_IS: &str = "none";
const BESSEL: &str = "bessel";

/// A number > 0 that may be left out.
const fn optional(name: &'static str, doc: &'static str) -> Field {
    Field::new(name, Kind::Number(Range::POSITIVE), Preset::Unset, doc)
}

const LR: Field = Field::rate(0.01);
/// How far ρ may be from one if nobody says otherwise.
pub const DEFAULT_CLIP: f64 = 0.2;
const CLIP: Field = Field::number(
    "clip",
    DEFAULT_CLIP,
    Range::POSITIVE,
    "how far ρ goes below 1 before an action with A < 0 is let go",
)
.or(&["clip-ratio", "clip-range", "clip-coef", "epsilon"]);
const CLIP_HIGH: Field =
    optional("clip-high", "how far ρ goes above 1 before an action with A > 0 is let go; default: clip")
        .or(&["epsilon-high", "clip-higher"]);
const EPOCHS: Field = Field::integer("epochs", 10, 1, 10_000, "steps of `inner` for one batch").or(&[
    "update-epochs",
    "n-epochs",
    "train-pi-iters",
    "num-iterations",
]);
const TARGET_KL: Field =
    optional("target-kl", "a batch is left before an epoch where KL(old ‖ now) > 1.5 times this, nats; default: never")
        .or(&["kl-target", "max-kl"]);
const INNER: Field =
    Field::choice("inner", &[ADAM, SGD], "what makes the steps; its state lives on from batch to batch")
        .or(&["optimizer", "inner-optimizer"]);
const VARIANT: Field = Field::choice(
    "variant",
    &[CLIPPED, PENALISED, SIMPLE],
    "min(ρA, clip(ρ)A); ρA less penalty·KL(old ‖ now); or ρA less |A|(ρ−1)²/(2 clip)",
)
.or(&["loss", "surrogate"]);
const PENALTY: Field =
    Field::number("penalty", 1.0, Range::NON_NEGATIVE, "the price of KL(old ‖ now) with variant = \"penalty\"")
        .or(&["kl-coef", "beta"]);
const EPS: Field =
    Field::number("eps", 1e-8, Range::NON_NEGATIVE, "ε of Adam: added to the square root").or(&["adam-eps"]);
const NORMALISE: Field = Field::choice(
    "normalise",
    &[AS_IS, "population", BESSEL],
    "A less its mean, over its sd + normalise-eps; bessel: the sd of n draws has n − 1",
)
.or(&["normalize", "norm-adv", "normalize-advantage", "scale-rewards"]);
const NORMALISE_EPS: Field =
    Field::number("normalise-eps", 1e-8, Range::POSITIVE, "added to the sd of A").or(&["normalize-eps"]);

/// By what the KL of `target-kl` is multiplied before a batch is left, as in Spinning Up and Stable-Baselines3.
const PATIENCE: f64 = 1.5;
/// β₁ and β₂ of Adam.
const BETA: [f64; 2] = [0.9, 0.999];

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "ppo",
    synonyms: &["proximal-policy-optimization", "grpo", "spo", "clipped-surrogate"],
    doc: "several steps up what one batch says of a policy near the old one, action by action up to a clip",
    equation: "epochs times: x ← inner step up E[min(ρA, clip(ρ, 1−clip, 1+clip-high)A)], ρ = π/π_old",
    source: "Schulman et al. 2017; spo: Xie et al. 2025",
    fields: &[LR, CLIP, CLIP_HIGH, EPOCHS, TARGET_KL, INNER, VARIANT, PENALTY, EPS, NORMALISE, NORMALISE_EPS],
    rate: Some(Rate::step(&LR)),
    damping: None,
    bounds: Some(Bounds::Ratios { clips, epochs: |settings| settings.integer(&EPOCHS) }),
    capped: false,
    natural: |_| false,
    flows: |_| false,
    path: None,
    conflict,
    needs: |_| Some(("kind", Capability::Rewards)),
    build: |settings, n| Box::new(Ppo::new(settings, n)),
};

fn conflict(settings: &Settings) -> Option<(&'static str, &'static str)> {
    let high = settings.get(&CLIP_HIGH).is_some();
    (high && settings.choice(&VARIANT) != CLIPPED)
        .then_some((CLIP_HIGH.name, "only variant = \"clip\" has an upper clip of its own: leave `clip-high` out"))
}

#[derive(Debug, Clone)]
struct Ppo {
    lr: f64,
    term: Term,
    /// The price of the KL, if it has one.
    penalty: Option<f64>,
    epochs: u64,
    target: Option<f64>,
    normalise: Option<Normalise>,
    inner: Inner,
    /// The gradient of the surrogate, and that of the KL.
    slope: Vec<f64>,
    pull: Vec<f64>,
}

/// What makes the steps, with its state.
#[derive(Debug, Clone)]
enum Inner {
    Sgd,
    Adam { eps: f64, power: [f64; 2], mean: Vec<f64>, square: Vec<f64> },
}

impl Inner {
    /// Goes one step up from `x`, in place.
    fn climb(&mut self, x: &mut [f64], slope: &[f64], lr: f64) {
        match self {
            Self::Sgd => x.iter_mut().zip(slope).for_each(|(x, g)| *x += lr * g),
            Self::Adam { eps, power, mean, square } => {
                *power = [power[0] * BETA[0], power[1] * BETA[1]];
                let rate = lr / (1.0 - power[0]);
                let correction = (1.0 - power[1]).sqrt();
                for (i, &g) in slope.iter().enumerate() {
                    mean[i] = BETA[0] * mean[i] + (1.0 - BETA[0]) * g;
                    square[i] = BETA[1] * square[i] + (1.0 - BETA[1]) * g * g;
                    x[i] += rate * mean[i] / (square[i].sqrt() / correction + *eps);
                }
            }
        }
    }
}

impl Ppo {
    fn new(settings: &Settings, n: usize) -> Self {
        let number = |field: &Field| match settings.get(field) {
            Some(Setting::Number(value)) => Some(value),
            _ => None,
        };
        let (clip, variant) = (settings.number(&CLIP), settings.choice(&VARIANT));
        let bessel = settings.choice(&NORMALISE) == BESSEL;
        let adam =
            || Inner::Adam { eps: settings.number(&EPS), power: [1.0; 2], mean: vec![0.0; n], square: vec![0.0; n] };
        Self {
            lr: settings.number(&LR),
            term: match variant {
                PENALISED => Term::Ratio,
                SIMPLE => Term::Simple { clip },
                _ => Term::Clip { low: clip, high: number(&CLIP_HIGH).unwrap_or(clip) },
            },
            penalty: (variant == PENALISED).then(|| settings.number(&PENALTY)),
            epochs: settings.integer(&EPOCHS),
            target: number(&TARGET_KL),
            normalise: (settings.choice(&NORMALISE) != AS_IS)
                .then(|| Normalise { bessel, eps: settings.number(&NORMALISE_EPS) }),
            inner: if settings.choice(&INNER) == SGD { Inner::Sgd } else { adam() },
            slope: vec![0.0; n],
            pull: vec![0.0; n],
        }
    }

    /// Leaves the gradient of the surrogate at `x` in `slope`.
    fn look(&mut self, here: &Local<'_>, seen: &dyn Experience, x: &[f64]) -> Result<(), Failure> {
        seen.ascent(x, self.term, &mut self.slope)?;
        if let Some(penalty) = self.penalty {
            here.site.kl_gradient(x, &mut self.pull);
            for (slope, pull) in self.slope.iter_mut().zip(&self.pull) {
                *slope -= penalty * pull;
            }
        }
        let finite = self.slope.iter().all(|g| g.is_finite());
        if finite { Ok(()) } else { Err(Failure::NotFinite("the gradient of the surrogate")) }
    }

    /// Whether the policy has gone far enough from the old one to need another batch.
    fn over(&self, here: &Local<'_>, x: &[f64]) -> Result<bool, Failure> {
        let Some(target) = self.target else { return Ok(false) };
        let kl = here.site.kl_to(x);
        if kl.is_nan() { Err(Failure::NotFinite("KL(old ‖ now)")) } else { Ok(kl > PATIENCE * target) }
    }
}

fn clips(settings: &Settings) -> Option<[f64; 2]> {
    match Ppo::new(settings, 0).term {
        Term::Clip { low, high } => Some([low, high]),
        Term::Ratio | Term::Simple { .. } => None,
    }
}

/// Where each epoch of the step leads that an optimizer takes at `here`, from the same arithmetic as the step: as far as it
/// gets before it ends, and before it leaves the space.
#[must_use]
pub fn epochs(optimizer: &dyn Optimizer, here: &Local<'_>) -> Vec<Vec<f64>> {
    let mut points = Vec::new();
    let mut next = vec![0.0; here.x().len()];
    let _ = optimizer.fork().walk(here, &mut next, &mut |x| points.push(x.to_vec()));
    points
}

impl Optimizer for Ppo {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        self.walk(here, next, &mut |_| {})
    }

    fn walk(&mut self, here: &Local<'_>, next: &mut [f64], watch: &mut dyn FnMut(&[f64])) -> Result<Motion, Failure> {
        let mut seen = here.site.experience(here.draw)?;
        if let Some(how) = self.normalise {
            seen.normalise(how)?;
        }
        next.copy_from_slice(here.x());
        let lr = here.rate(self.lr);
        for _ in 0..self.epochs {
            if self.over(here, next)? {
                break;
            }
            self.look(here, &*seen, next)?;
            self.inner.climb(next, &self.slope, lr);
            if !next.iter().all(|x| x.is_finite()) {
                return Err(Failure::NotFinite("an epoch's step"));
            }
            if let Some(outside) = here.site.problem().violation(next) {
                return Err(Failure::Outside(outside));
            }
            watch(next);
        }
        Ok(Motion::Moved)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }

    fn divisor(&self) -> Option<Vec<f64>> {
        let Inner::Adam { eps, power, square, .. } = &self.inner else { return None };
        let correction = (1.0 - power[1]).sqrt();
        (power[1] < 1.0).then(|| square.iter().map(|v| v.sqrt() / correction + eps).collect())
    }
}
