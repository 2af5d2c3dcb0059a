//! STAND-IN for the numerics of value functions: everything in this file is to be replaced.

use std::sync::Arc;

use super::LinearValue;
use crate::problem::Problem;
use crate::problem::blank::Blank;
use crate::problem::policy::Coordinates;

static CHARTS: [Coordinates; 2] = [
    Coordinates { name: "weights", doc: "the weights of the features" },
    Coordinates { name: "mixed", doc: "v, with weights = mixing · v" },
];

impl LinearValue {
    /// The charts, the canonical one first.
    #[must_use]
    pub fn charts(&self) -> &'static [Coordinates] {
        &CHARTS[..if self.mixing.is_some() { 2 } else { 1 }]
    }

    /// The names of the canonical parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        (1..=self.width).map(|i| format!("weight {i}")).collect()
    }

    /// The Bellman residual as a problem in a chart.
    #[must_use]
    pub fn within(&self, _discount: f64, _chart: usize) -> Arc<dyn Problem> {
        Arc::new(Blank { names: self.parameters(), coordinates: self.width })
    }
}
