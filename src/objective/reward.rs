//! The negative expected reward of an action drawn from p, as a loss.
//!
//! The reward is any expression in the action, so derivatives are those of the density, by the score-function
//! identities ∂E r = E[(r − b) ∂ log p] and ∂²E r = E[(r − b)(∂² log p + ∂ log p ∂ log pᵀ)] for any b (Williams 1992;
//! Sutton & Barto 2018, §13.4). The computation of expectations is `expectation`'s business.

use std::sync::Arc;

use super::data::{Purpose, stream_for};
use super::expectation::Expectation;
use super::flaw::Flaw;
use super::rank;
use super::rows;
use super::search::{Effort, minimum};
use super::{BATCH, Draw, Objective, ObjectiveInfo, Of};
use crate::expression::Expression;
use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Range, Settings, Variables};

const REWARD: Field = Field {
    name: "reward",
    kind: Kind::Formula(Variables::Observation),
    default: Preset::Required,
    doc: "a function of an observation: reward = \"exp(-(x-2)^2)\"",
    synonyms: &["formula", "expression", "function"],
};

const ENTROPY: Field =
    Field::number("entropy", 0.0, Range::NON_NEGATIVE, "τ: so many times the entropy of p is added to the mean reward")
        .or(&["temperature", "tau", "ent-coef", "entropy-coefficient"]);
const MEAN: &str = "mean";
const BASELINE: Field =
    Field::choice("baseline", &["none", MEAN], "what is subtracted from rewards: nothing, or their mean E r")
        .or(&["control-variate"]);
const RANK: &str = "rank";
const SHAPE: Field = Field::choice(
    "shape",
    &["none", RANK],
    "rank: the rewards of a batch are replaced by max(0, ln(n/2+1) − ln rank)/Σ − 1/n, the best having rank 1",
)
.or(&["shaping", "fitness-shaping", "utility", "weights"]);

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "expected-reward",
    synonyms: &["policy-gradient"],
    doc: "the negative mean reward of actions x drawn from p: `reward` in x; `batch` actions per step",
    formula: "−E r(x) − τ H(p), x ∼ p",
    unit: None,
    fields: &[REWARD, BATCH, ENTROPY, BASELINE, SHAPE],
    unrewarded: |settings| (settings.number(&ENTROPY) > 0.0).then_some("expected-reward with entropy"),
    conflict: |settings| {
        let ranked = settings.choice(&SHAPE) == RANK && settings.batch(&BATCH).is_none();
        ranked.then_some((
            SHAPE.name,
            "`shape` = \"rank\" orders the actions of a batch: add batch = 64, or leave it out",
        ))
    },
    of: Of::Family {
        densities: |settings, _| settings.batch(&BATCH).unwrap_or(0),
        build: |settings, family, start| {
            let reward = settings.formula(&REWARD);
            Arc::new(Reward::new(Arc::clone(family), reward, Treatment::of(settings), start))
        },
    },
};

/// The maximum number of Newton steps of the search for the optimum; few, since every key that edits a scenario
/// searches again.
const STEPS: usize = 30;
/// The maximum number of halvings of a step.
const HALVINGS: i32 = 25;
/// The number of panels after which the search is abandoned.
const PANELS: usize = 20_000;

/// The number of actions that are drawn in the time of a step on a closed form.
const DRAWS: usize = 4;

/// What is subtracted from rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// Nothing.
    #[default]
    None,
    /// E r.
    Mean,
}

/// What is made of rewards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Treatment {
    /// How many actions a step draws; `None` for exact expectations.
    pub batch: Option<usize>,
    /// τ ≥ 0: the loss is −E r − τ·entropy.
    pub entropy: f64,
    /// What is subtracted.
    pub baseline: Baseline,
    /// Whether a batch's rewards are replaced by weights of their ranks.
    pub ranked: bool,
}

impl Treatment {
    fn of(settings: &Settings) -> Self {
        Self {
            batch: settings.batch(&BATCH),
            entropy: settings.number(&ENTROPY),
            baseline: if settings.choice(&BASELINE) == MEAN { Baseline::Mean } else { Baseline::None },
            ranked: settings.choice(&SHAPE) == RANK,
        }
    }
}

/// A negative expected reward as a loss.
#[derive(Debug, Clone)]
pub struct Reward {
    family: Arc<dyn Family>,
    expectation: Arc<Expectation>,
    treatment: Treatment,
    optimum: Option<Vec2>,
}

/// Actions that were drawn, and what their rewards are taken for.
#[derive(Debug, Clone, Default)]
pub struct Actions {
    /// The actions.
    pub x: Vec<f64>,
    /// Their rewards less the baseline, or the weights of their ranks.
    pub worth: Vec<f64>,
}

impl Reward {
    /// The loss of the reward `reward`, whose variable is an observation. Searches for the optimum from `start` and from the
    /// family's example point.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, reward: Expression, treatment: Treatment, start: Vec2) -> Self {
        let expectation = Arc::new(Expectation::new(Arc::clone(&family), reward));
        let mut made = Self { family, expectation, treatment, optimum: None };
        let goes_on = || made.expectation.panels() < PANELS;
        let effort = Effort { steps: STEPS, halvings: HALVINGS, goes_on: &goes_on };
        made.optimum = minimum(&made, &*made.family, start, effort);
        made
    }

    /// τ times the entropy.
    fn bonus(&self, p: Vec2) -> f64 {
        let tau = self.treatment.entropy;
        if tau > 0.0 { tau * self.family.entropy(p) } else { 0.0 }
    }

    fn slopes(&self, p: Vec2) -> Result<Vec2, Flaw> {
        let found = self.expectation.weighted(p, |p, x| {
            let score = self.family.score(p, &[x]);
            [score[0], score[1]]
        });
        let tau = self.treatment.entropy;
        let inner = if tau > 0.0 { self.family.entropy_slopes(p).0 * tau } else { Vec2::zeros() };
        found.map(|[a, b]| -Vec2::new(a, b) - inner)
    }

    /// Expectations of the reward.
    #[must_use]
    pub fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// What is subtracted from rewards at `p`. Weights of ranks, whose sum is 0, need none.
    ///
    /// # Errors
    /// If E r is needed and is not computed to its tolerance.
    pub fn baseline(&self, p: Vec2) -> Result<f64, Flaw> {
        match self.treatment.baseline {
            Baseline::Mean if !self.treatment.ranked => self.expectation.mean(p),
            Baseline::Mean | Baseline::None => Ok(0.0),
        }
    }

    /// The actions that step `draw` draws from `p`; `None` without a batch.
    ///
    /// # Errors
    /// As [`Reward::baseline`].
    #[must_use]
    pub fn actions(&self, p: Vec2, draw: Draw) -> Option<Result<Actions, Flaw>> {
        let size = self.treatment.batch?;
        let baseline = match self.baseline(p) {
            Ok(baseline) => baseline,
            Err(flaw) => return Some(Err(flaw)),
        };
        let mut rng = stream_for(Purpose::Actions, draw);
        let mut drawn = Actions { x: Vec::with_capacity(size), worth: Vec::with_capacity(size) };
        for _ in 0..size {
            let mut x = [0.0];
            self.family.sample(p, &mut rng, &mut x);
            drawn.x.push(x[0]);
            drawn.worth.push(self.expectation.of(x[0]) - baseline);
        }
        if self.treatment.ranked {
            rank::shape(&mut drawn.worth);
        }
        Some(Ok(drawn))
    }
}

impl Objective for Reward {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        self.expectation.mean(p).map_or(f64::NAN, |mean| -mean - self.bonus(p))
    }

    /// To 2e-5 of E |r − c|: see `rows`.
    fn values(&self, points: &[Vec2], out: &mut [f64]) {
        rows::means(&self.expectation, points, out);
        for (mean, p) in out.iter_mut().zip(points) {
            *mean = -*mean - if p[0].is_nan() { 0.0 } else { self.bonus(*p) };
        }
    }

    fn cheap(&self) -> bool {
        false
    }

    fn flaw(&self, p: Vec2) -> Option<Flaw> {
        self.expectation.mean(p).err().or_else(|| self.slopes(p).err())
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        self.slopes(p).unwrap_or_else(|_| Vec2::repeat(f64::NAN))
    }

    fn hessian(&self, p: Vec2) -> Mat2 {
        let found = self.expectation.weighted(p, |p, x| {
            let score = self.family.score(p, &[x]);
            let slopes = self.family.score_slopes(p, &[x]) + score * score.transpose();
            [slopes[(0, 0)], slopes[(0, 1)], slopes[(1, 1)]]
        });
        let tau = self.treatment.entropy;
        let inner = if tau > 0.0 { self.family.entropy_slopes(p).1 * tau } else { Mat2::zeros() };
        found.map_or_else(|_| Mat2::repeat(f64::NAN), |[a, b, c]| -Mat2::new(a, b, b, c) - inner)
    }

    /// −(1/n) Σ (r(xᵢ) − b) ∂ log p(xᵢ), and the exact gradient of the entropy.
    fn stochastic_gradient(&self, p: Vec2, draw: Draw) -> Option<Vec2> {
        let Ok(Actions { x, worth }) = self.actions(p, draw)? else { return Some(Vec2::repeat(f64::NAN)) };
        let pull = |(x, worth): (&f64, &f64)| self.family.score(p, &[*x]) * *worth;
        let slope = -x.iter().zip(&worth).map(pull).sum::<Vec2>() / x.len() as f64;
        let tau = self.treatment.entropy;
        Some(if tau > 0.0 { slope - self.family.entropy_slopes(p).0 * tau } else { slope })
    }

    fn rewards(&self) -> Option<&Reward> {
        (self.treatment.entropy == 0.0).then_some(self)
    }

    fn with_baseline(&self, baseline: Baseline) -> Option<Arc<dyn Objective>> {
        Some(Arc::new(Self { treatment: Treatment { baseline, ..self.treatment }, ..self.clone() }))
    }

    fn reward(&self, x: f64) -> Option<f64> {
        Some(self.expectation.of(x))
    }

    fn cost(&self) -> usize {
        let actions = self.treatment.batch.unwrap_or(0) / DRAWS;
        self.expectation.cost() + actions
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }
}
