//! The negative expected reward of an action drawn from p, as a loss.
//!
//! The reward is any expression in the action, so derivatives are those of the density, by the score-function
//! identities ∂E r = E[(r − b) ∂ log p] and ∂²E r = E[(r − b)(∂² log p + ∂ log p ∂ log pᵀ)] for any b (Williams 1992;
//! Sutton & Barto 2018, §13.4). The computation of expectations is `expectation`'s business.

use std::sync::Arc;

use super::data::{Purpose, stream_for};
use super::expectation::Expectation;
use super::flaw::Flaw;
use super::rows;
use super::search::{Effort, minimum};
use super::{BATCH, Draw, Objective, ObjectiveInfo, Of};
use crate::expression::Expression;
use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Variables};

const REWARD: Field = Field {
    name: "reward",
    kind: Kind::Formula(Variables::Observation),
    default: Preset::Required,
    doc: "a function of an observation: reward = \"exp(-(x-2)^2)\"",
    synonyms: &["formula", "expression", "function"],
};

/// The registry row.
pub const INFO: ObjectiveInfo = ObjectiveInfo {
    name: "expected-reward",
    synonyms: &["policy-gradient"],
    doc: "the negative mean reward of actions x drawn from p: `reward` in x; `batch` actions per step, no baseline",
    formula: "−E r(x), x ∼ p",
    unit: None,
    fields: &[REWARD, BATCH],
    of: Of::Family {
        densities: |settings, _| settings.batch(&BATCH).unwrap_or(0),
        build: |settings, family, start| {
            let (reward, batch) = (settings.formula(&REWARD), settings.batch(&BATCH));
            Arc::new(Reward::new(Arc::clone(family), reward, batch, start))
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

/// A negative expected reward as a loss.
#[derive(Debug)]
pub struct Reward {
    family: Arc<dyn Family>,
    expectation: Expectation,
    batch: Option<usize>,
    optimum: Option<Vec2>,
}

impl Reward {
    /// The loss of the reward `reward`, whose variable is an observation; with `batch`, each step draws that many new
    /// actions. Searches for the optimum from `start` and from the family's example point.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, reward: Expression, batch: Option<usize>, start: Vec2) -> Self {
        let expectation = Expectation::new(Arc::clone(&family), reward);
        let mut made = Self { family, expectation, batch, optimum: None };
        let goes_on = || made.expectation.panels() < PANELS;
        let effort = Effort { steps: STEPS, halvings: HALVINGS, goes_on: &goes_on };
        made.optimum = minimum(&made, &*made.family, start, effort);
        made
    }

    fn slopes(&self, p: Vec2) -> Result<Vec2, Flaw> {
        let found = self.expectation.weighted(p, |p, x| {
            let score = self.family.score(p, &[x]);
            [score[0], score[1]]
        });
        found.map(|[a, b]| -Vec2::new(a, b))
    }
}

impl Objective for Reward {
    fn info(&self) -> &'static ObjectiveInfo {
        &INFO
    }

    fn value(&self, p: Vec2) -> f64 {
        self.expectation.mean(p).map_or(f64::NAN, |mean| -mean)
    }

    /// To 2e-5 of E |r − c|: see `rows`.
    fn values(&self, points: &[Vec2], out: &mut [f64]) {
        rows::means(&self.expectation, points, out);
        out.iter_mut().for_each(|mean| *mean = -*mean);
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
        found.map_or_else(|_| Mat2::repeat(f64::NAN), |[a, b, c]| -Mat2::new(a, b, b, c))
    }

    /// −(1/n) Σ r(xᵢ) ∂ log p(xᵢ), without a baseline.
    fn stochastic_gradient(&self, p: Vec2, draw: Draw) -> Option<Vec2> {
        let size = self.batch?;
        let mut rng = stream_for(Purpose::Actions, draw);
        let pull = |_| {
            let mut x = [0.0];
            self.family.sample(p, &mut rng, &mut x);
            self.family.score(p, &x) * self.expectation.of(x[0])
        };
        Some(-(0..size).map(pull).sum::<Vec2>() / size as f64)
    }

    fn reward(&self, x: f64) -> Option<f64> {
        Some(self.expectation.of(x))
    }

    fn cost(&self) -> usize {
        let actions = self.batch.unwrap_or(0) / DRAWS;
        self.expectation.cost() + actions
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }
}
