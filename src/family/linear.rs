//! Charts whose coordinates are linear in the parameters.
//!
//! Has the matrix and its inverse, not their meaning.

use super::{Chart, ChartInfo, Violation};
use crate::math::{Mat2, Vec2};

/// x = forward · p, for any finite numbers.
#[derive(Debug, Clone, Copy)]
pub struct Linear {
    info: &'static ChartInfo,
    forward: Mat2,
    backward: Mat2,
    metric: Option<[Mat2; 2]>,
}

impl Linear {
    /// The chart of a row with this matrix and its inverse.
    #[must_use]
    pub const fn new(info: &'static ChartInfo, forward: Mat2, backward: Mat2) -> Self {
        Self { info, forward, backward, metric: None }
    }

    /// The chart of a family with a constant Fisher matrix, given that matrix and its inverse in the chart.
    #[must_use]
    pub const fn with_metric(self, metric: [Mat2; 2]) -> Self {
        Self { metric: Some(metric), ..self }
    }
}

impl Chart for Linear {
    fn info(&self) -> &'static ChartInfo {
        self.info
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let p = self.to_parameters(x);
        // Coordinates so large that a parameter overflows are not a point either.
        let broken = (0..2).find(|&i| !x[i].is_finite()).or_else(|| (0..2).find(|&i| !p[i].is_finite()));
        broken.map(|i| Violation::not_finite(self.info.axes[i]))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        self.backward * x
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        self.forward * p
    }

    fn jacobian(&self, _: Vec2, _: Vec2) -> Mat2 {
        self.backward
    }

    fn coordinate_hessians(&self, _: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(); 2]
    }

    fn metric(&self, _: Vec2) -> Option<[Mat2; 2]> {
        self.metric
    }
}
