//! The charts of value functions of two weights, as they are drawn.

use super::LinearValue;
use crate::family::Scale;
use crate::math::Mat2;
use crate::problem::drawn::{Axes, Map};
use crate::registry::intern;

impl LinearValue {
    /// The charts in which a value function of two weights is drawn, one for each of [`LinearValue::charts`]; `None` for
    /// other ones.
    #[must_use]
    pub fn axes(&self) -> Option<Vec<Axes>> {
        if self.width != 2 {
            return None;
        }
        let own = self.parameters();
        let each = self.charts().iter().enumerate().map(|(place, chart)| {
            let plain = ([0, 1].map(|i| intern(&own[i])), Map::Scales([Scale::Real; 2]));
            let (axes, map) = match &self.mixing {
                Some(mixing) if place > 0 => {
                    (["v 1", "v 2"], Map::Linear(Mat2::new(mixing[0], mixing[1], mixing[2], mixing[3])))
                }
                _ => plain,
            };
            Axes { name: chart.name, axes, doc: chart.doc, map }
        });
        Some(each.collect())
    }
}
