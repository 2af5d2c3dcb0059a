//! A family, a chart and an objective as a [`Problem`] in two coordinates.
//!
//! Computes nothing of its own: families, charts and objectives do, in their rooms.

use std::sync::Arc;

use crate::family::{Chart, Family, Violation};
use crate::geometry::Place;
use crate::math::Vec2;
use crate::objective::Objective;
use crate::optimizer::Problem;
use crate::scenario::Scenario;

/// What one racer descends: the objective in the racer's chart.
#[derive(Debug, Clone)]
pub struct Plane {
    /// The family.
    pub family: Arc<dyn Family>,
    /// The loss.
    pub objective: Arc<dyn Objective>,
    chart: usize,
}

impl Plane {
    /// The problem of a scenario in a chart of its family.
    #[must_use]
    pub fn new(scenario: &Scenario, chart: usize) -> Self {
        Self { family: Arc::clone(&scenario.family), objective: Arc::clone(&scenario.objective), chart }
    }

    /// The chart.
    #[must_use]
    pub fn chart(&self) -> &dyn Chart {
        &*self.family.charts()[self.chart]
    }

    /// Why `x` is not a point, in the chart's words.
    #[must_use]
    pub fn violation(&self, x: Vec2) -> Option<Violation> {
        Place::violation(&*self.family, self.chart(), x)
    }

    /// The losses at many coordinates, NaN outside of the family; `points` is room for the points between.
    pub fn losses(&self, xs: &[Vec2], points: &mut Vec<Vec2>, out: &mut [f64]) {
        self.chart().points(xs, points);
        self.family.retain(points);
        self.objective.values(points, out);
    }

    fn parameters(&self, x: &[f64]) -> Vec2 {
        self.chart().to_parameters(Vec2::new(x[0], x[1]))
    }
}

impl Problem for Plane {
    fn dimension(&self) -> usize {
        2
    }

    fn loss(&self, x: &[f64]) -> f64 {
        self.objective.value(self.parameters(x))
    }

    fn kl(&self, from: &[f64], to: &[f64]) -> f64 {
        self.family.kl(self.parameters(from), self.parameters(to))
    }

    fn contains(&self, x: &[f64]) -> bool {
        self.violation(Vec2::new(x[0], x[1])).is_none()
    }
}
