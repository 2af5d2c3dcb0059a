//! A problem as it is drawn: two parameters, its own or those of a plane, as a family with a loss, so that panes need no
//! second way of drawing.
//!
//! Losses, divergences and Fisher matrices are the problem's. What only a family of distributions has (a density, an
//! entropy, curvature) is NaN, and panes leave it out.

use std::sync::Arc;

use rand::Rng;

use super::plane::Projection;
use super::{Outside, Problem, Site};
use crate::family::{Chart, ChartId, ChartInfo, Family, FamilyInfo, Support, Violation};
use crate::math::{Cubic, Mat2, Vec2};
use crate::objective::{Draw, Flaw, Objective, ObjectiveInfo};
use crate::registry::intern;

pub use names::{Axes, Map, family_info};

mod names;

/// The simplex of three outcomes as a triangle with equal sides of length 1: the first at the lower right, the second on
/// top, the third at the origin.
static TRIANGLE_INFO: ChartInfo = ChartInfo { name: "simplex", axes: ["", ""], doc: "the simplex with equal sides" };
const TRIANGLE: Axes = Axes {
    name: TRIANGLE_INFO.name,
    axes: TRIANGLE_INFO.axes,
    doc: TRIANGLE_INFO.doc,
    map: Map::Linear(Mat2::new(1.0, -0.577_350_269_189_625_8, 0.0, 1.154_700_538_379_251_5)),
};

/// A problem on two parameters.
#[derive(Debug)]
pub struct Drawn {
    info: &'static FamilyInfo,
    objective: &'static ObjectiveInfo,
    charts: Vec<Box<dyn Chart>>,
    /// In the chart of the plane, else in the canonical one.
    problem: Arc<dyn Problem>,
    plane: Option<Arc<Projection>>,
    /// The distribution that a point is, if it is one.
    distribution: Option<Arc<dyn Family>>,
    optimum: Option<Vec2>,
    /// What a point costs, in steps on a closed form.
    cost: usize,
}

impl Drawn {
    /// A problem on a plane, in the chart in whose coordinates that lies, which has as many charts as the whole.
    #[must_use]
    pub fn on(
        plane: Arc<Projection>,
        problem: Arc<dyn Problem>,
        objective: &'static ObjectiveInfo,
        charts: usize,
    ) -> Self {
        let axes = Axes::plane(plane.names());
        let info = family_info("a plane", plane.names(), &vec![axes; charts.max(1)]);
        let optimum = problem.optimum().map(|p| plane.project(&p)).filter(|p| p.iter().all(|x| x.is_finite()));
        let charts = info.charts.iter().map(|chart| axes.chart(chart)).collect();
        let origin = plane.raise(Vec2::zeros());
        let cost = if problem.violation(&origin).is_none() { problem.at(&origin).spent().max(1) } else { 1 };
        Self { info, objective, charts, problem, plane: Some(plane), distribution: None, optimum, cost }
    }

    /// A problem of two parameters in its own charts; a point of it may be a distribution.
    #[must_use]
    pub fn of(
        problem: Arc<dyn Problem>,
        objective: &'static ObjectiveInfo,
        (name, axes): (&'static str, &[Axes]),
        distribution: Option<Arc<dyn Family>>,
    ) -> Self {
        let names = problem.parameters();
        let name_of = |place: usize| names.get(place).map_or("", |name| intern(name));
        let info = family_info(name, [name_of(0), name_of(1)], axes);
        let mut charts: Vec<Box<dyn Chart>> =
            info.charts.iter().zip(axes).map(|(chart, axes)| axes.chart(chart)).collect();
        charts.extend((axes[0].map == Map::Simplex(0)).then(|| TRIANGLE.chart(&TRIANGLE_INFO)));
        let optimum = problem.optimum().and_then(|p| Some(Vec2::new(*p.first()?, *p.get(1)?)));
        // A problem of two parameters is a small one.
        Self { info, objective, charts, problem, plane: None, distribution, optimum, cost: 1 }
    }

    /// The coordinates of the problem.
    fn raise(&self, p: Vec2) -> Vec<f64> {
        self.plane.as_ref().map_or_else(|| p.as_slice().to_vec(), |plane| plane.raise(p))
    }

    /// The problem at a point, which must be one of the space.
    fn site(&self, p: Vec2) -> Box<dyn Site> {
        self.problem.at(&self.raise(p))
    }

    /// A covector of the problem's coordinates along the two axes.
    fn along(&self, covector: &[f64]) -> Vec2 {
        let dot = |axis: &[f64]| covector.iter().zip(axis).map(|(g, a)| g * a).sum();
        match &self.plane {
            None => Vec2::new(covector[0], covector[1]),
            Some(plane) => Vec2::new(dot(&plane.axes()[0]), dot(&plane.axes()[1])),
        }
    }
}

fn violation(Outside { quantity, broken }: Outside) -> Violation {
    Violation { quantity: intern(&quantity), broken, wanted: "inside of the model" }
}

impl Family for Drawn {
    fn info(&self) -> &'static FamilyInfo {
        self.info
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn drawn_in(&self, chart: ChartId) -> ChartId {
        let own = self.info.charts.len();
        if chart == ChartId::CANONICAL && self.charts.len() > own { ChartId::of_row(own) } else { chart }
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.problem.violation(&self.raise(p)).map(violation)
    }

    fn support(&self) -> Support {
        self.distribution.as_ref().map_or(Support::Real, |family| family.support())
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        self.distribution.as_ref().map_or(f64::NAN, |family| family.log_density(p, x))
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        self.distribution.as_ref().map_or(Vec2::repeat(f64::NAN), |family| family.score(p, x))
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        if let Some(family) = &self.distribution {
            return family.fisher(p);
        }
        let site = self.site(p);
        let mut image = vec![0.0; site.x().len()];
        let mut column = |axis: &[f64]| {
            site.metric().times(axis, &mut image);
            self.along(&image)
        };
        let own = [vec![1.0, 0.0], vec![0.0, 1.0]];
        let [first, second] = self.plane.as_ref().map_or(&own, |plane| plane.axes());
        let (first, second) = (column(first), column(second));
        Mat2::new(first[0], second[0], second[0], second[1])
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        self.distribution.as_ref().map_or([Mat2::repeat(f64::NAN); 2], |family| family.fisher_slopes(p))
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        self.distribution.as_ref().map_or(Cubic([f64::NAN; 4]), |family| family.skewness(p))
    }

    fn curvature(&self, p: Vec2) -> f64 {
        self.distribution.as_ref().map_or(f64::NAN, |family| family.curvature(p))
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        match &self.distribution {
            Some(family) => family.kl(p, q),
            None => self.site(p).kl_to(&self.raise(q)),
        }
    }

    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        let site = self.site(p);
        for (out, q) in out.iter_mut().zip(qs) {
            *out = match &self.distribution {
                _ if q[0].is_nan() => f64::NAN,
                Some(family) => family.kl(p, *q),
                None => site.kl_to(&self.raise(*q)),
            };
        }
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.distribution.as_ref().map_or(Vec2::repeat(f64::NAN), |family| family.kl_gradient_first(p, q))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        if let Some(family) = &self.distribution {
            return family.kl_gradient_second(p, q);
        }
        let x = self.raise(q);
        let mut gradient = vec![f64::NAN; x.len()];
        self.site(p).kl_gradient(&x, &mut gradient);
        self.along(&gradient)
    }

    fn entropy(&self, p: Vec2) -> f64 {
        self.distribution.as_ref().map_or(f64::NAN, |family| family.entropy(p))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        match &self.distribution {
            Some(family) => family.sample(p, rng, x),
            None => x.fill(f64::NAN),
        }
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        self.distribution.as_ref().map_or((0.0, 1.0), |family| family.bulk(p))
    }

    fn immovable(&self) -> Option<&'static str> {
        Some("a policy is no distribution of one real variable")
    }

    fn cheap(&self) -> bool {
        self.distribution.is_some()
    }
}

impl Objective for Drawn {
    fn info(&self) -> &'static ObjectiveInfo {
        self.objective
    }

    fn value(&self, p: Vec2) -> f64 {
        self.problem.loss_at(&self.raise(p))
    }

    fn cheap(&self) -> bool {
        self.distribution.is_some()
    }

    fn cost(&self) -> usize {
        self.cost
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        self.along(self.site(p).gradient())
    }

    fn stochastic_gradient(&self, p: Vec2, draw: Draw) -> Option<Vec2> {
        let site = self.site(p);
        let mut gradient = vec![0.0; site.x().len()];
        site.batch_gradient(draw, &mut gradient).then(|| self.along(&gradient))
    }

    fn flaw(&self, p: Vec2) -> Option<Flaw> {
        self.site(p).flaw()
    }

    fn hessian(&self, _: Vec2) -> Mat2 {
        Mat2::repeat(f64::NAN)
    }

    fn optimum(&self) -> Option<Vec2> {
        self.optimum
    }
}
