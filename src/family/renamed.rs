//! A chart of a family under other names: the coordinates of a policy that is such a distribution in every state.

use std::sync::Arc;

use super::{Chart, ChartId, ChartInfo, Family, Violation};
use crate::math::{Mat2, Vec2};

/// A chart of a family under other names. What it knows of the metric stays behind: a policy's is another.
#[derive(Debug, Clone)]
pub struct Renamed {
    family: Arc<dyn Family>,
    chart: ChartId,
    info: &'static ChartInfo,
}

impl Renamed {
    /// A chart of `family` with these names.
    #[must_use]
    pub const fn new(family: Arc<dyn Family>, chart: ChartId, info: &'static ChartInfo) -> Self {
        Self { family, chart, info }
    }

    fn inner(&self) -> &dyn Chart {
        self.family.chart(self.chart)
    }
}

impl Chart for Renamed {
    fn info(&self) -> &'static ChartInfo {
        self.info
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let own = self.inner().info().axes;
        let found = self.inner().violation(x)?;
        let place = own.iter().position(|name| *name == found.quantity);
        Some(Violation { quantity: place.map_or(found.quantity, |place| self.info.axes[place]), ..found })
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        self.inner().to_parameters(x)
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        self.inner().to_coordinates(p)
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        self.inner().jacobian(x, p)
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        self.inner().coordinate_hessians(p)
    }
}
