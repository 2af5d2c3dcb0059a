//! A racer's trace as it is read: every quantity at every step, those included that need the problem's optimum.
//!
//! What the quantities are is listed in [`problem::quantities`](crate::problem::quantities).

use std::borrow::Cow;
use std::cell::OnceCell;

use super::{Row, Runner, Trace};
use crate::problem::Outcome;
use crate::problem::quantities::{self, QuantityInfo, Recorded};

/// A quantity of a row by name: one of the table, or a canonical parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A row of the table.
    Listed(&'static QuantityInfo),
    /// The canonical parameter of that number.
    Parameter(usize),
}

/// A racer's trace as it is read: with the problem's optimum, which some quantities refer to.
#[derive(Debug)]
pub struct Reading<'a> {
    runner: &'a Runner,
    /// The optimum, in canonical parameters, and its loss, once they were asked for.
    optimum: OnceCell<Option<Vec<f64>>>,
    least: OnceCell<f64>,
}

impl<'a> Reading<'a> {
    /// The rows of a racer.
    #[must_use]
    pub fn new(runner: &'a Runner) -> Self {
        Self { runner, optimum: OnceCell::new(), least: OnceCell::new() }
    }

    /// The trace.
    #[must_use]
    pub fn trace(&self) -> &'a Trace {
        self.runner.trace()
    }

    /// The quantity of that name: one that measures may ask for, or a canonical parameter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Quantity> {
        let listed = quantities::find(name).filter(|info| info.measured).map(Quantity::Listed);
        listed.or_else(|| {
            let names = self.runner.problem().parameters();
            names.iter().position(|known| known == name).map(Quantity::Parameter)
        })
    }

    /// The quantity at a recorded step; NaN if it has no value there.
    #[must_use]
    pub fn at(&self, quantity: Quantity, step: usize) -> f64 {
        match quantity {
            Quantity::Listed(info) => (info.of)(&At { reading: self, step, row: self.trace().rows.at(step) }),
            Quantity::Parameter(place) => self.runner.parameters(step)[place],
        }
    }

    /// The quantity at every recorded step.
    pub fn all(&self, quantity: Quantity) -> impl DoubleEndedIterator<Item = f64> + ExactSizeIterator {
        (0..self.trace().rows.len()).map(move |step| self.at(quantity, step))
    }

    fn optimum(&self) -> Option<&[f64]> {
        self.optimum.get_or_init(|| self.runner.problem().optimum()).as_deref()
    }

    /// The loss at the optimum; NaN if that is not known.
    #[must_use]
    pub fn least(&self) -> f64 {
        let loss = |p: &[f64]| self.runner.problem().loss(p);
        let bound = || self.runner.problem().bound().unwrap_or(f64::NAN);
        *self.least.get_or_init(|| self.optimum().map_or_else(bound, loss))
    }

    /// The optimum and the point of a step, both in canonical parameters; `None` in a row without numbers.
    fn ends(&self, step: usize) -> Option<(&[f64], Cow<'_, [f64]>)> {
        let optimum = self.optimum()?;
        Some((optimum, self.runner.parameters(step))).filter(|(_, p)| p.iter().all(|entry| entry.is_finite()))
    }

    /// The first step from which a quantity stays below `tolerance` to the trace's end; `None` if it does not, or if the
    /// optimizer ended early.
    #[must_use]
    pub fn settles(&self, quantity: Quantity, tolerance: f64) -> Option<usize> {
        // NaN does not count as below.
        let above = self.all(quantity).rposition(|value| value.is_nan() || value >= tolerance);
        above.map_or(Some(0), |step| (step + 1 < self.trace().rows.len()).then_some(step + 1))
    }

    /// The first step at which a quantity is below `tolerance`; `None` if there is no such step.
    #[must_use]
    pub fn reaches(&self, quantity: Quantity, tolerance: f64) -> Option<usize> {
        self.all(quantity).position(|value| value < tolerance)
    }

    /// As [`Reading::settles`], in fractions of a step: where its logarithm, interpolated linearly, crosses the
    /// tolerance.
    #[must_use]
    pub fn crosses(&self, quantity: Quantity, tolerance: f64) -> Option<f64> {
        let step = self.settles(quantity, tolerance)?;
        let Some(before) = step.checked_sub(1) else { return Some(0.0) };
        let [high, low] = [before, step].map(|step| self.at(quantity, step).max(f64::MIN_POSITIVE).ln());
        let share = (high - tolerance.ln()) / (high - low);
        Some(before as f64 + if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 })
    }
}

/// A recorded step.
struct At<'a> {
    reading: &'a Reading<'a>,
    step: usize,
    row: Row<'a>,
}

impl Recorded for At<'_> {
    fn loss(&self) -> f64 {
        self.row.loss
    }

    fn grad_norm(&self) -> f64 {
        self.row.grad_norm
    }

    fn natural_norm(&self) -> f64 {
        self.reading.runner.natural_norm(self.step)
    }

    fn euclid_step(&self) -> f64 {
        self.row.euclid_step
    }

    fn fisher_step(&self) -> f64 {
        self.row.fisher_step
    }

    fn kl_step(&self) -> f64 {
        self.row.kl_step
    }

    fn least(&self) -> f64 {
        self.reading.least()
    }

    fn kl_from_optimum(&self) -> f64 {
        let problem = self.reading.runner.problem();
        self.reading.ends(self.step).map_or(f64::NAN, |(optimum, p)| problem.kl(optimum, &p))
    }

    fn kl_to_optimum(&self) -> f64 {
        let problem = self.reading.runner.problem();
        self.reading.ends(self.step).map_or(f64::NAN, |(optimum, p)| problem.kl(&p, optimum))
    }

    fn distance(&self) -> f64 {
        let problem = self.reading.runner.problem();
        let ends = self.reading.ends(self.step);
        ends.and_then(|(optimum, p)| problem.distance(&p, optimum)).unwrap_or(f64::NAN)
    }

    fn wrong(&self) -> f64 {
        let found = self.reading.runner.problem().outcome(&self.reading.runner.parameters(self.step));
        found.map_or(f64::NAN, |outcome| f64::from(u8::from(outcome == Outcome::Wrong)))
    }
}
