//! A family, a chart and an objective as a [`Problem`] in two coordinates.
//!
//! The computations are done by families, charts and objectives; this module counts their cost, so that a race can be
//! run in slices.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use nalgebra::DMatrix;

use super::prospect::{Before, experience};
use super::tensor::{Tensor, dense, nearly_dependent};
use super::{Capability, Experience, Failure, Lengths, Metric, Outside, Problem, Site};
use crate::family::{Chart, ChartId, Family, Violation};
use crate::geometry::Place;
use crate::geometry::connection::Spray;
use crate::geometry::geodesic::{self, Stop};
use crate::geometry::{distance, wasserstein};
use crate::math::linear::{dual_length2, length_in2, length2, solve2};
use crate::math::{Mat2, Vec2};
use crate::objective::data::{Purpose, stream_for};
use crate::objective::{Data, Draw, Flaw, Objective, ObjectiveInfo};
use crate::registry::Settings;

/// The cost of a geodesic that must be integrated, in steps on a closed form.
const FLOW: usize = 400;
/// The cost of a step's Fisher matrix and divergence if they are integrals.
const QUADRATURE: usize = 50;
/// The number of observations drawn in the time of a step on a closed form.
const DRAWS: usize = 4;
/// The relative difference of the two up to which the chart's is used.
const AGREE: f64 = 1e-6;

/// The objective in a chart of its family.
#[derive(Debug, Clone)]
pub struct InChart {
    /// The family.
    pub family: Arc<dyn Family>,
    /// The loss.
    pub objective: Arc<dyn Objective>,
    chart: ChartId,
}

impl InChart {
    /// The loss in a chart of its family.
    #[must_use]
    pub const fn new(family: Arc<dyn Family>, objective: Arc<dyn Objective>, chart: ChartId) -> Self {
        Self { family, objective, chart }
    }

    /// The chart.
    #[must_use]
    pub fn chart(&self) -> &dyn Chart {
        self.family.chart(self.chart)
    }

    /// The losses at many coordinates, NaN outside the family; `points` is a scratch buffer for the points.
    pub fn losses(&self, xs: &[Vec2], points: &mut Vec<Vec2>, out: &mut [f64]) {
        self.chart().points(xs, points);
        self.family.mask_outside(points);
        self.objective.values(points, out);
    }

    fn site(&self, place: Place) -> Box<dyn Site> {
        let site = Here {
            problem: self.clone(),
            place,
            loss: OnceCell::new(),
            gradient: OnceCell::new(),
            metric: OnceCell::new(),
            spent: Cell::new(0),
        };
        site.spend(self.cost());
        Box::new(site)
    }

    /// The cost of arriving at a point.
    fn cost(&self) -> usize {
        self.objective.cost() + if self.family.cheap() { 0 } else { QUADRATURE }
    }
}

fn pair(x: &[f64]) -> Vec2 {
    Vec2::new(x[0], x[1])
}

fn outside(violation: Violation) -> Outside {
    Outside { quantity: violation.quantity.into(), broken: violation.broken }
}

/// The name of what lacks a capability, the family or the loss of these settings; `None` if neither does.
#[must_use]
pub fn lacks(
    capability: Capability,
    family: &dyn Family,
    objective: &'static ObjectiveInfo,
    settings: &Settings,
) -> Option<&'static str> {
    if capability == Capability::Rewards {
        return (objective.unrewarded)(settings);
    }
    missing(capability, family, objective)
}

fn missing(capability: Capability, family: &dyn Family, objective: &'static ObjectiveInfo) -> Option<&'static str> {
    let (has, name) = match capability {
        Capability::Dual => (family.dual().is_some(), family.info().name),
        Capability::Data => (objective.has_data(), objective.name),
        Capability::Geodesics | Capability::Hessians | Capability::Scores | Capability::Canonical => {
            (true, family.info().name)
        }
        Capability::Transport => (family.immovable().is_none(), family.info().name),
        Capability::Rewards => (false, objective.name),
        Capability::Critic | Capability::Process => (false, family.info().name),
    };
    (!has).then_some(name)
}

impl Problem for InChart {
    fn dimension(&self) -> usize {
        2
    }

    fn coordinates(&self) -> Vec<String> {
        self.chart().info().axes.map(str::to_owned).to_vec()
    }

    fn parameters(&self) -> Vec<String> {
        self.family.info().parameters.map(str::to_owned).to_vec()
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        self.objective.value(pair(parameters))
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        self.family.kl(pair(p), pair(q))
    }

    fn distance(&self, p: &[f64], q: &[f64]) -> Option<f64> {
        distance::distance(&*self.family, pair(p), pair(q))
    }

    fn wasserstein(&self, p: &[f64]) -> Result<DMatrix<f64>, &'static str> {
        wasserstein::metric_at(&*self.family, &Place::of(self.chart(), pair(p))).map(|metric| dense(&metric))
    }

    fn wasserstein_distance(&self, p: &[f64], q: &[f64]) -> Result<f64, &'static str> {
        wasserstein::distance(&*self.family, pair(p), pair(q))
    }

    fn closed_distance(&self) -> bool {
        distance::is_closed(&*self.family)
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        self.objective.optimum().map(|p| p.as_slice().to_vec())
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        match capability {
            Capability::Rewards if self.objective.rewards().is_some() => None,
            capability => missing(capability, &*self.family, self.objective.info()),
        }
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        let p = pair(parameters);
        match self.family.violation(p) {
            Some(violation) => Err(outside(violation)),
            None => Ok(self.chart().to_coordinates(p).as_slice().to_vec()),
        }
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        Place::violation(&*self.family, self.chart(), pair(x)).map(outside)
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        self.site(Place::of(self.chart(), pair(parameters)))
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        self.site(Place::at(self.chart(), pair(x)))
    }
}

/// A point of the family in the chart.
#[derive(Debug)]
struct Here {
    problem: InChart,
    place: Place,
    loss: OnceCell<f64>,
    gradient: OnceCell<Gradient>,
    metric: OnceCell<Information>,
    /// The approximate cost so far, in steps on a closed form.
    spent: Cell<usize>,
}

/// The gradient of the loss.
#[derive(Debug, Clone, Copy)]
struct Gradient {
    in_parameters: Vec2,
    in_chart: Vec2,
}

/// F in the chart and the natural norm.
#[derive(Debug, Clone, Copy)]
struct Information {
    tensor: Tensor,
    /// √(gᵀF⁻¹g) of the full gradient.
    natural_norm: f64,
}

impl Here {
    fn family(&self) -> &dyn Family {
        &*self.problem.family
    }

    fn slope(&self) -> &Gradient {
        self.gradient.get_or_init(|| {
            let in_parameters = self.problem.objective.gradient(self.place.p);
            Gradient { in_parameters, in_chart: self.place.covector(in_parameters) }
        })
    }

    fn information(&self) -> &Information {
        self.metric.get_or_init(|| {
            let (family, place) = (self.family(), &self.place);
            let (fisher, mut inverse) = place.fisher(family, self.problem.chart());
            let Gradient { in_parameters, in_chart } = self.slope();
            let mut natural_norm = inverse.map_or(f64::NAN, |inverse| length_in2(&inverse, in_chart));
            if nearly_dependent(&fisher) || !natural_norm.is_normal() {
                // The norm does not depend on the chart: where this one is ill-conditioned or out of a double's range,
                // that in the parameters is used.
                let chart = natural_norm;
                let exact = family.fisher_inverse(place.p).map(|inverse| length_in2(&inverse, in_parameters));
                let scaled = || dual_length2(&family.fisher(place.p), in_parameters);
                natural_norm = exact.map_or(f64::NAN, |norm| if norm.is_normal() { norm } else { scaled() });
                inverse = inverse.filter(|_| chart == natural_norm || (chart / natural_norm - 1.0).abs() < AGREE);
            }
            Information { tensor: Tensor { matrix: fisher, inverse }, natural_norm }
        })
    }

    fn tensor(&self, matrix: &Mat2) -> DMatrix<f64> {
        dense(&self.place.metric(matrix))
    }
}

impl Site for Here {
    fn problem(&self) -> &dyn Problem {
        &self.problem
    }

    fn x(&self) -> &[f64] {
        self.place.x.as_slice()
    }

    fn parameters(&self) -> &[f64] {
        self.place.p.as_slice()
    }

    fn loss(&self) -> f64 {
        *self.loss.get_or_init(|| self.problem.objective.value(self.place.p))
    }

    fn gradient(&self) -> &[f64] {
        self.slope().in_chart.as_slice()
    }

    fn batch_gradient(&self, draw: Draw, out: &mut [f64]) -> bool {
        let Some(gradient) = self.problem.objective.stochastic_gradient(self.place.p, draw) else { return false };
        out.copy_from_slice(self.place.covector(gradient).as_slice());
        true
    }

    fn flaw(&self) -> Option<Flaw> {
        self.problem.objective.flaw(self.place.p)
    }

    fn metric(&self) -> &dyn Metric {
        &self.information().tensor
    }

    fn natural_norm(&self) -> f64 {
        self.information().natural_norm
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let (delta, fisher, from) = (pair(x) - self.place.x, self.information().tensor.matrix, self.place.p);
        self.place = Place::at(self.problem.chart(), pair(x));
        (self.loss, self.gradient, self.metric) = Default::default();
        self.spend(self.problem.cost());
        let kl = self.family().kl(from, self.place.p);
        Lengths { euclid: length2(&delta), fisher: length_in2(&fisher, &delta), kl }
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        self.family().kl(self.place.p, self.problem.chart().to_parameters(pair(x)))
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        self.spend(self.problem.objective.cost());
        self.problem.objective.value(self.problem.chart().to_parameters(pair(x)))
    }

    fn hessian(&self) -> DMatrix<f64> {
        self.spend(2 * self.problem.objective.cost());
        let hessian = self.problem.objective.hessian(self.place.p);
        dense(&self.place.hessian(self.problem.chart(), self.slope().in_parameters, &hessian))
    }

    fn christoffel(&self, v: &[f64], out: &mut [f64]) {
        let spray = Spray { family: self.family(), chart: self.problem.chart(), alpha: 0.0 };
        let bend = spray.christoffel(self.place.x, pair(v));
        out.copy_from_slice(bend.unwrap_or_else(|| Vec2::repeat(f64::NAN)).as_slice());
    }

    fn exponential(&self, v: &[f64], out: &mut [f64]) -> Result<(), Failure> {
        let (family, place) = (self.family(), &self.place);
        self.spend(if family.shape().is_closed() { 1 } else { FLOW });
        let velocity = place.jacobian * pair(v);
        let end = geodesic::follow(family, place.p, velocity).map_err(|stop| match stop {
            Stop::Left => Outside { quantity: "the geodesic".into(), broken: "runs out of the family" }.into(),
            Stop::Lost => Failure::NotIntegrated("the geodesic"),
        })?;
        out.copy_from_slice(self.problem.chart().to_coordinates(end).as_slice());
        Ok(())
    }

    fn mirror(&self, gradient: &[f64], rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        let (family, place) = (self.family(), &self.place);
        let Some([natural, dual]) = family.dual() else {
            out.fill(f64::NAN);
            return Ok(());
        };
        let own = family.chart(self.problem.chart);
        let slope = solve2(&place.jacobian.transpose(), &pair(gradient));
        let slope = Place::of(natural, place.p).covector(slope);
        let shared = own.info().name == dual.info().name;
        let here = if shared { place.x } else { dual.to_coordinates(place.p) };
        let next = here - slope * rate;
        if let Some(violation) = Place::violation(family, dual, next) {
            return Err(outside(violation));
        }
        let next = if shared { next } else { own.to_coordinates(dual.to_parameters(next)) };
        out.copy_from_slice(next.as_slice());
        Ok(())
    }

    fn empirical_fisher(&self, draw: Draw) -> Box<dyn Metric> {
        let rows = |data: &Data| data.batch_size().unwrap_or(data.rows());
        self.spend(self.problem.objective.data().map_or(0, rows) / DRAWS);
        let fisher = self.problem.objective.empirical_fisher(self.place.p, draw);
        Box::new(fisher.map_or_else(|| DMatrix::repeat(2, 2, f64::NAN), |fisher| self.tensor(&fisher)))
    }

    fn sampled_fisher(&self, draw: Draw, samples: usize) -> Box<dyn Metric> {
        self.spend(samples / DRAWS);
        let family = self.family();
        let mut rng = stream_for(Purpose::Scores, draw);
        let mut x = vec![0.0; family.width()];
        let outer = (0..samples).map(|_| {
            family.sample(self.place.p, &mut rng, &mut x);
            let score = family.score(self.place.p, &x);
            score * score.transpose()
        });
        Box::new(self.tensor(&(outer.sum::<Mat2>() / samples as f64)))
    }

    fn experience(&self, draw: Draw) -> Result<Box<dyn Experience + '_>, Failure> {
        let objective = &self.problem.objective;
        let Some(reward) = objective.rewards() else { return Err(Failure::NotFinite("the advantage")) };
        let before = Before { family: self.family(), chart: self.problem.chart(), p: self.place.p, site: self };
        experience(before, reward, objective.cost(), draw)
    }

    fn kl_gradient(&self, x: &[f64], out: &mut [f64]) {
        let there = Place::at(self.problem.chart(), pair(x));
        let gradient = self.family().kl_gradient_second(self.place.p, there.p);
        out.copy_from_slice(there.covector(gradient).as_slice());
    }

    fn wasserstein(&self) -> Result<Box<dyn Metric>, Failure> {
        let (family, place) = (self.family(), &self.place);
        if !wasserstein::is_closed(family, place.p) {
            self.spend(QUADRATURE);
        }
        let metric =
            wasserstein::metric(family, place.p).map_err(|_| Failure::NotIntegrated("the Wasserstein metric"))?;
        Ok(Box::new(Tensor::pulled(place, &metric)))
    }

    fn euclidean(&self) -> Box<dyn Metric> {
        Box::new(Tensor::pulled(&self.place, &Mat2::identity()))
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}
