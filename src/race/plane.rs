//! A family, a chart and an objective as a [`Problem`] in two coordinates.
//!
//! The computations are done by families, charts and objectives; this module counts their cost, so that a race can be
//! run in slices.

use std::cell::Cell;
use std::sync::Arc;

use crate::family::{Chart, Family, Violation};
use crate::geometry::Place;
use crate::geometry::connection::Spray;
use crate::geometry::geodesic::{self, Stop};
use crate::math::linear::solve2;
use crate::math::{Mat2, Vec2};
use crate::objective::data::{Purpose, stream_for};
use crate::objective::{Draw, Objective};
use crate::optimizer::{Motion, Outside, Problem, Square};
use crate::scenario::Scenario;

/// The cost of a geodesic that must be integrated, in steps on a closed form.
const FLOW: usize = 400;
/// The cost of a step's Fisher matrix and divergence if they are integrals.
const QUADRATURE: usize = 50;
/// The number of observations drawn in the time of a step on a closed form.
const DRAWS: usize = 4;

/// The problem one racer solves: the objective in the racer's chart.
#[derive(Debug, Clone)]
pub struct Plane {
    /// The family.
    pub family: Arc<dyn Family>,
    /// The loss.
    pub objective: Arc<dyn Objective>,
    chart: usize,
    /// The approximate cost so far, in steps on a closed form.
    spent: Cell<usize>,
}

impl Plane {
    /// The problem of a scenario in a chart of its family.
    #[must_use]
    pub fn new(scenario: &Scenario, chart: usize) -> Self {
        Self {
            family: Arc::clone(&scenario.family),
            objective: Arc::clone(&scenario.objective),
            chart,
            spent: Cell::new(0),
        }
    }

    /// The approximate cost of all calls so far, in steps on a closed form.
    #[must_use]
    pub const fn spent(&self) -> usize {
        self.spent.get()
    }

    /// Adds a cost, in steps on a closed form.
    pub(super) fn spend(&self, price: usize) {
        self.spent.set(self.spent.get().saturating_add(price));
    }

    /// The loss and its gradient at a point, both in canonical parameters.
    pub(super) fn descent(&self, p: Vec2) -> (f64, Vec2) {
        self.spend(self.objective.price() + if self.family.cheap() { 0 } else { QUADRATURE });
        (self.objective.value(p), self.objective.gradient(p))
    }

    /// The chart.
    #[must_use]
    pub fn chart(&self) -> &dyn Chart {
        &*self.family.charts()[self.chart]
    }

    /// Why `x` is not a point of the family, in the chart's terms; `None` if it is.
    #[must_use]
    pub fn violation(&self, x: Vec2) -> Option<Violation> {
        Place::violation(&*self.family, self.chart(), x)
    }

    /// The losses at many coordinates, NaN outside the family; `points` is a scratch buffer for the points.
    pub fn losses(&self, xs: &[Vec2], points: &mut Vec<Vec2>, out: &mut [f64]) {
        self.chart().points(xs, points);
        self.family.mask_outside(points);
        self.objective.values(points, out);
    }

    fn parameters(&self, x: &[f64]) -> Vec2 {
        self.chart().to_parameters(Vec2::new(x[0], x[1]))
    }

    fn place(&self, x: &[f64]) -> Place {
        Place::at(self.chart(), Vec2::new(x[0], x[1]))
    }
}

fn outside(violation: Violation) -> Outside {
    Outside { quantity: violation.quantity, broken: violation.broken }
}

fn write(matrix: &Mat2, out: &mut Square) {
    out.entries_mut().copy_from_slice(&[matrix[(0, 0)], matrix[(0, 1)], matrix[(1, 0)], matrix[(1, 1)]]);
}

impl Problem for Plane {
    fn dimension(&self) -> usize {
        2
    }

    fn loss(&self, x: &[f64]) -> f64 {
        self.spend(self.objective.price());
        self.objective.value(self.parameters(x))
    }

    fn kl(&self, from: &[f64], to: &[f64]) -> f64 {
        self.family.kl(self.parameters(from), self.parameters(to))
    }

    fn contains(&self, x: &[f64]) -> bool {
        self.violation(Vec2::new(x[0], x[1])).is_none()
    }

    fn look(&self, x: &[f64], draw: Draw, gradient: &mut [f64], fisher: &mut Square) -> Result<(), Outside> {
        if let Some(violation) = self.violation(Vec2::new(x[0], x[1])) {
            return Err(outside(violation));
        }
        self.spend(self.objective.price());
        let place = self.place(x);
        let batch = self.objective.stochastic_gradient(place.p, draw);
        let slope = place.covector(batch.unwrap_or_else(|| self.objective.gradient(place.p)));
        gradient.copy_from_slice(slope.as_slice());
        write(&place.metric(&self.family.fisher(place.p)), fisher);
        Ok(())
    }

    fn hessian(&self, x: &[f64], out: &mut Square) {
        self.spend(2 * self.objective.price());
        let place = self.place(x);
        let gradient = self.objective.gradient(place.p);
        write(&place.hessian(self.chart(), gradient, &self.objective.hessian(place.p)), out);
    }

    fn bend(&self, x: &[f64], v: &[f64], out: &mut [f64]) {
        let spray = Spray { family: &*self.family, chart: self.chart(), alpha: 0.0 };
        let bend = spray.bend(Vec2::new(x[0], x[1]), Vec2::new(v[0], v[1]));
        out.copy_from_slice(bend.unwrap_or_else(|| Vec2::repeat(f64::NAN)).as_slice());
    }

    fn exponential(&self, x: &[f64], v: &[f64], out: &mut [f64]) -> Result<(), Motion> {
        self.spend(if self.family.shape().is_closed() { 1 } else { FLOW });
        let place = self.place(x);
        let velocity = place.jacobian * Vec2::new(v[0], v[1]);
        let end = geodesic::follow(&*self.family, place.p, velocity).map_err(|stop| match stop {
            Stop::Left => Motion::Outside(Outside { quantity: "the geodesic", broken: "runs out of the family" }),
            Stop::Lost => Motion::NotIntegrated("the geodesic"),
        })?;
        out.copy_from_slice(self.chart().to_coordinates(end).as_slice());
        Ok(())
    }

    fn mirror(&self, x: &[f64], gradient: &[f64], rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        let Some([natural, expectation]) = self.family.dual_charts() else {
            out.fill(f64::NAN);
            return Ok(());
        };
        let charts = self.family.charts();
        let place = self.place(x);
        let slope = solve2(&place.jacobian.transpose(), &Vec2::new(gradient[0], gradient[1]));
        let slope = Place::of(&*charts[natural], place.p).covector(slope);
        let dual = &*charts[expectation];
        let here = if self.chart == expectation { place.x } else { dual.to_coordinates(place.p) };
        let next = here - slope * rate;
        if let Some(violation) = Place::violation(&*self.family, dual, next) {
            return Err(outside(violation));
        }
        let next = if self.chart == expectation { next } else { self.chart().to_coordinates(dual.to_parameters(next)) };
        out.copy_from_slice(next.as_slice());
        Ok(())
    }

    fn empirical_fisher(&self, x: &[f64], draw: Draw, out: &mut Square) {
        self.spend(self.objective.looks() / DRAWS);
        let place = self.place(x);
        let fisher = self.objective.empirical_fisher(place.p, draw);
        write(&fisher.map_or_else(|| Mat2::repeat(f64::NAN), |fisher| place.metric(&fisher)), out);
    }

    fn sampled_fisher(&self, x: &[f64], draw: Draw, samples: usize, out: &mut Square) {
        self.spend(samples / DRAWS);
        let place = self.place(x);
        let mut rng = stream_for(Purpose::Scores, draw);
        let mut x = vec![0.0; self.family.width()];
        let outer = (0..samples).map(|_| {
            self.family.sample(place.p, &mut rng, &mut x);
            let score = self.family.score(place.p, &x);
            score * score.transpose()
        });
        write(&place.metric(&(outer.sum::<Mat2>() / samples as f64)), out);
    }
}
