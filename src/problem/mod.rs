//! The problem that an optimizer solves: a loss on a space with a metric, in any number of coordinates.
//!
//! A family in a chart is one such problem ([`family`]). A [`Problem`] has names and capabilities; a [`Site`] is the
//! problem at one point, where every quantity is computed at most once and on demand. Not its business: how a loss is
//! minimised (`optimizer`), and what is recorded (`race`).

pub mod drawn;
pub mod family;
pub mod plane;
pub mod policy;
pub mod process;
pub mod quantities;
pub mod regression;
pub mod value;

mod capability;
mod experience;
mod metric;
mod outcome;
mod prospect;
mod tensor;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::{self, Debug, Display, Formatter};

use nalgebra::DMatrix;

use crate::math::linear::{Singular, cholesky, positive};
use crate::objective::{Draw, Flaw};

pub use capability::Capability;
pub use experience::{Experience, Normalise, Term};
pub use family::InChart;
pub use metric::{Metric, solve};
pub use outcome::Outcome;

/// Why coordinates are not a point of the space: `quantity` `broken`, as in `sd` `≤ 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// The quantity that is out of range.
    pub quantity: Cow<'static, str>,
    /// The bound it violates.
    pub broken: &'static str,
}

impl Display for Outside {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.quantity, self.broken)
    }
}

/// Why a step failed, which ends its optimizer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A matrix that must be inverted is numerically singular.
    Singular {
        /// The name of the matrix: `F`, `F + λI`.
        matrix: &'static str,
        /// Its first singular pivot.
        defect: Singular,
    },
    /// The step leaves the space. The race itself notices coordinates out of range.
    Outside(Outside),
    /// An intermediate quantity, named here, was not finite.
    NotFinite(&'static str),
    /// An integral needed for the step, named here, did not meet its tolerance.
    NotIntegrated(&'static str),
}

impl From<Outside> for Failure {
    fn from(outside: Outside) -> Self {
        Self::Outside(outside)
    }
}

impl Failure {
    /// F + λI has no inverse.
    #[must_use]
    pub fn singular(damping: f64, defect: Singular) -> Self {
        Self::Singular { matrix: if damping == 0.0 { "F" } else { "F + λI" }, defect }
    }

    /// G + λI has no inverse, G a metric in the place of F.
    #[must_use]
    pub fn degenerate(damping: f64, defect: Singular) -> Self {
        Self::Singular { matrix: if damping == 0.0 { "G" } else { "G + λI" }, defect }
    }
}

/// Why a space has no optimal transport unless it says otherwise.
const NO_TRANSPORT: &str = "the observations are not one real variable";

/// A loss on a space with a metric, in coordinates.
pub trait Problem: Debug + Send + Sync {
    /// The number of coordinates.
    fn dimension(&self) -> usize;
    /// The names of the coordinates, as many as [`Problem::dimension`].
    fn coordinates(&self) -> Vec<String>;
    /// The names of the canonical parameters.
    fn parameters(&self) -> Vec<String>;
    /// Whether √(gᵀF⁻¹g) is cheap compared with a step. If not, it is computed only where it is read.
    fn records_natural_norm(&self) -> bool {
        self.dimension() <= 2
    }
    /// The full loss at the point with these canonical parameters.
    fn loss(&self, parameters: &[f64]) -> f64;
    /// The full loss at the point with these coordinates, which must be a point of the space: that of its site, alone.
    fn loss_at(&self, x: &[f64]) -> f64 {
        self.at(x).loss()
    }
    /// KL(p ‖ q) in nats of two points of the space by their canonical parameters.
    fn kl(&self, p: &[f64], q: &[f64]) -> f64;
    /// The Fisher-Rao distance of two points by their canonical parameters; `None` if there is none, or no way to find it.
    fn distance(&self, _p: &[f64], _q: &[f64]) -> Option<f64> {
        None
    }
    /// The Wasserstein metric in the coordinates at a point by its canonical parameters.
    ///
    /// # Errors
    /// Why there is none.
    fn wasserstein(&self, _p: &[f64]) -> Result<DMatrix<f64>, &'static str> {
        Err(NO_TRANSPORT)
    }
    /// The Wasserstein distance W₂ of two points by their canonical parameters.
    ///
    /// # Errors
    /// Why there is none.
    fn wasserstein_distance(&self, _p: &[f64], _q: &[f64]) -> Result<f64, &'static str> {
        Err(NO_TRANSPORT)
    }
    /// Whether distances have a closed form, so that a picture may ask for one at every step.
    fn closed_distance(&self) -> bool {
        false
    }
    /// The greatest lower bound of the loss, where it is known although no point attains it.
    fn bound(&self) -> Option<f64> {
        None
    }
    /// What a policy with these canonical parameters has settled on; `None` for anything else.
    fn outcome(&self, _parameters: &[f64]) -> Option<Outcome> {
        None
    }
    /// The canonical parameters of the point of least loss, where it is known exactly or was found.
    fn optimum(&self) -> Option<Vec<f64>>;
    /// What lacks a capability, by name; `None` if the problem has it.
    fn lacks(&self, capability: Capability) -> Option<&'static str>;
    /// The coordinates of the point with these canonical parameters.
    ///
    /// # Errors
    /// If it is not a point of the space.
    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside>;
    /// Why `x` is not a point of the space; `None` if it is.
    fn violation(&self, x: &[f64]) -> Option<Outside>;
    /// In words: a matrix, named here, that must be inverted is singular.
    fn singular(&self, defect: &Singular, matrix: &str) -> String {
        defect.words(matrix)
    }
    /// The problem at the point with these canonical parameters, which must be a point of the space.
    fn start(&self, parameters: &[f64]) -> Box<dyn Site>;
    /// The problem at the point with these coordinates, which must be a point of the space.
    fn at(&self, x: &[f64]) -> Box<dyn Site>;
}

/// What a policy does in its process: where it is, and what that is worth. What a process does not have is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Portrait {
    /// d(s) of every state.
    pub state_distribution: Option<Vec<f64>>,
    /// V(s) of every state; of an average return the differential value.
    pub value: Option<Vec<f64>>,
    /// A(s, a), a row for every state.
    pub advantage: Option<Vec<Vec<f64>>>,
    /// The variance of the state of a linear system in the long run.
    pub variance: Option<f64>,
}

/// The lengths of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lengths {
    /// |Δx|.
    pub euclid: f64,
    /// √(Δxᵀ F Δx), F at the old point.
    pub fisher: f64,
    /// KL(old ‖ new), nats.
    pub kl: f64,
}

impl Lengths {
    /// The lengths of a step of length zero.
    pub const ZERO: Self = Self { euclid: 0.0, fisher: 0.0, kl: 0.0 };
    /// The lengths where there is no step: NaN.
    pub const NONE: Self = Self { euclid: f64::NAN, fisher: f64::NAN, kl: f64::NAN };
}

/// A problem at one point.
///
/// Methods with a default are used by few optimizers; the default, for problems without the [`Capability`], is NaN, which
/// ends the optimizer as `not-finite`.
pub trait Site: Debug + Send {
    /// The problem.
    fn problem(&self) -> &dyn Problem;
    /// The coordinates.
    fn x(&self) -> &[f64];
    /// The canonical parameters.
    fn parameters(&self) -> &[f64];
    /// The full loss.
    fn loss(&self) -> f64;
    /// Its gradient in the coordinates.
    fn gradient(&self) -> &[f64];
    /// Writes the gradient that step `draw` sees to `out` if it is that of a batch. Returns whether it is.
    fn batch_gradient(&self, draw: Draw, out: &mut [f64]) -> bool;
    /// Why the loss or its gradient has no value here; `None` if it has one, or if no more is known than that it is not
    /// finite.
    fn flaw(&self) -> Option<Flaw> {
        None
    }
    /// The exact Fisher matrix in the coordinates.
    fn metric(&self) -> &dyn Metric;
    /// F⁻¹, or the pseudo-inverse that is meant where coordinates are redundant; `None` where F is singular.
    fn fisher_inverse(&self) -> Option<DMatrix<f64>> {
        cholesky(self.metric().dense(), 0.0).ok().map(|factor| factor.inverse())
    }
    /// What a policy does in its process here; `None` if the problem has none.
    fn portrait(&self) -> Option<Portrait> {
        None
    }
    /// √(gᵀF⁻¹g) of the full gradient, the same in all coordinates; NaN where F is numerically singular.
    fn natural_norm(&self) -> f64;
    /// Moves to the point with coordinates `x`, which must be in the space, and returns the lengths of the step.
    fn go(&mut self, x: &[f64]) -> Lengths;
    /// KL(here ‖ x) in nats; `x` must be in the space.
    fn kl_to(&self, x: &[f64]) -> f64;
    /// The full loss at another point of the space.
    fn loss_at(&self, x: &[f64]) -> f64;
    /// The Hessian of the full loss in the coordinates.
    fn hessian(&self) -> DMatrix<f64>;
    /// Γ(v, v) of the Levi-Civita connection: minus the acceleration of a geodesic through this point with velocity `v`.
    fn christoffel(&self, v: &[f64], out: &mut [f64]);
    /// The end of the geodesic that leaves with velocity `v`, after unit time. Needs [`Capability::Geodesics`].
    ///
    /// # Errors
    /// If it leaves the space or cannot be integrated.
    fn exponential(&self, _v: &[f64], out: &mut [f64]) -> Result<(), Failure> {
        out.fill(f64::NAN);
        Ok(())
    }
    /// The point whose dual coordinates are those of this one minus `rate` times the gradient in the primal chart;
    /// `gradient` is in the coordinates. Needs [`Capability::Dual`].
    ///
    /// # Errors
    /// If those are not the coordinates of a point.
    fn mirror(&self, _gradient: &[f64], _rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        out.fill(f64::NAN);
        Ok(())
    }
    /// The mean over the data (the batch's) of the outer product of each datum's gradient, of a policy of each pair's score.
    /// Needs [`Capability::Data`].
    fn empirical_fisher(&self, _draw: Draw) -> Box<dyn Metric> {
        let n = self.problem().dimension();
        Box::new(DMatrix::repeat(n, n, f64::NAN))
    }
    /// The mean outer product of the scores of `samples` draws from the model, of a policy of as many pairs as its batch has.
    fn sampled_fisher(&self, draw: Draw, samples: usize) -> Box<dyn Metric>;
    /// The Wasserstein metric in the coordinates. Needs [`Capability::Transport`].
    ///
    /// # Errors
    /// If it cannot be integrated.
    fn wasserstein(&self) -> Result<Box<dyn Metric>, Failure> {
        let n = self.problem().dimension();
        Ok(Box::new(DMatrix::repeat(n, n, f64::NAN)))
    }
    /// The Euclidean metric of the canonical parameters in the coordinates: JᵀJ.
    fn euclidean(&self) -> Box<dyn Metric> {
        let n = self.problem().dimension();
        Box::new(DMatrix::repeat(n, n, f64::NAN))
    }
    /// The Fisher matrix of the pairs of states and actions as one distribution (Morimura et al. 2008). Needs
    /// [`Capability::Process`].
    fn state_action_fisher(&self) -> Box<dyn Metric> {
        let n = self.problem().dimension();
        Box::new(DMatrix::repeat(n, n, f64::NAN))
    }
    /// What step `draw` learns from: actions taken here and how good they were. Needs [`Capability::Rewards`].
    ///
    /// # Errors
    /// If an advantage cannot be integrated.
    fn experience(&self, _draw: Draw) -> Result<Box<dyn Experience + '_>, Failure> {
        Err(Failure::NotFinite("the advantage"))
    }
    /// c·w, with w the least-squares fit of the advantages by the scores ∂log π, of least norm where it is not unique, and
    /// c the factor between the mean of A ∂log π and the gradient of the return. Needs [`Capability::Critic`].
    fn compatible(&self, _draw: Draw, out: &mut [f64]) {
        out.fill(f64::NAN);
    }
    /// The gradient in `x` of KL(here ‖ x).
    fn kl_gradient(&self, _x: &[f64], out: &mut [f64]) {
        out.fill(f64::NAN);
    }
    /// π(a|s) here by pairs, state by state, of a policy of finitely many actions; `None` for anything else.
    fn policy(&self) -> Option<Vec<f64>> {
        None
    }
    /// Whether the point of a trust-region step is better than this one: the loss is lower, or, of a policy, the mean of
    /// ρA is higher.
    fn improves(&self, x: &[f64], _draw: Draw) -> bool {
        self.loss_at(x) < self.loss()
    }
    /// Where the approximate cost of all calls so far is counted, in steps on a closed form.
    fn account(&self) -> &Cell<usize>;
    /// The approximate cost of all calls so far, in steps on a closed form.
    fn spent(&self) -> usize {
        self.account().get()
    }
    /// Adds a cost, in steps on a closed form.
    fn spend(&self, cost: usize) {
        self.account().set(self.spent().saturating_add(cost));
    }
}

/// What an optimizer sees: the problem at the current point, and the gradient to descend.
#[derive(Debug, Clone, Copy)]
pub struct Local<'a> {
    /// The problem at the current point, where the loss is finite.
    pub site: &'a dyn Site,
    /// The gradient to descend, finite: of the full loss, or of this step's batch.
    pub gradient: &'a [f64],
    /// Identifies the step's random draws.
    pub draw: Draw,
    /// What the schedule makes of a learning rate in this step, as a factor of it.
    pub schedule: f64,
}

impl Local<'_> {
    /// The learning rate of this step, of an optimizer whose rate is `lr` before the schedule.
    #[must_use]
    pub fn rate(&self, lr: f64) -> f64 {
        lr * self.schedule
    }

    /// The coordinates.
    #[must_use]
    pub fn x(&self) -> &[f64] {
        self.site.x()
    }

    /// Leaves (F + λI)⁻¹ g in `out`.
    ///
    /// # Errors
    /// If F + λI is numerically singular.
    pub fn natural(&self, damping: f64, out: &mut [f64]) -> Result<(), Failure> {
        self.site.metric().solve(damping, self.gradient, out).map_err(|defect| Failure::singular(damping, defect))
    }

    /// Leaves (diag F + λI)⁻¹ g in `out`.
    ///
    /// # Errors
    /// If an entry is not a valid divisor.
    pub fn scaled(&self, damping: f64, out: &mut [f64]) -> Result<(), Failure> {
        self.site.metric().diagonal(out);
        for (row, (v, g)) in out.iter_mut().zip(self.gradient).enumerate() {
            *v = g / positive(row, *v + damping).map_err(|defect| Failure::singular(damping, defect))?;
        }
        Ok(())
    }

    /// The problem at another point for the same step, whose gradient is written to `gradient`.
    ///
    /// # Errors
    /// If `x` is not a point of the space.
    pub fn look(&self, x: &[f64], gradient: &mut [f64]) -> Result<Box<dyn Site>, Outside> {
        if let Some(outside) = self.site.problem().violation(x) {
            return Err(outside);
        }
        let site = self.site.problem().at(x);
        if !site.batch_gradient(self.draw, gradient) {
            gradient.copy_from_slice(site.gradient());
        }
        self.site.spend(site.spent());
        Ok(site)
    }
}

/// The problem at a recorded point: at the start the parameters are exact, elsewhere the coordinates.
#[must_use]
pub fn revisit(problem: &dyn Problem, step: usize, parameters: &[f64], x: &[f64]) -> Box<dyn Site> {
    if step == 0 { problem.start(parameters) } else { problem.at(x) }
}
