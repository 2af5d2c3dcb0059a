//! The loss over a frame: which objective in which chart it is of, and how much of it a frame has time for.
//!
//! `plot` refines the field, `ground` paints it.

use crate::app::Seen;
use crate::family::ChartId;
use crate::math::Vec2;
use crate::plot::{Field, Frame};
use crate::problem::InChart;

/// Points of a field that are evaluated while a frame is drawn, if they are cheap, and if they may be expensive: about
/// the first, coarsest pass.
const CHEAP: usize = 40_000;
const DEAR: usize = 100;
/// What the latter may cost together, in steps of a race on a closed form.
const WORK: usize = 50_000;

/// A loss over a frame.
#[derive(Debug)]
pub struct Surface {
    plane: InChart,
    revision: u64,
    chart: ChartId,
    /// Buffer for the points of a row.
    points: Vec<Vec2>,
    /// The losses.
    pub field: Field,
    /// Counts the refinements and the new fields, so that anything derived from a field knows its age.
    pub age: u64,
}

impl Surface {
    /// A field with as many values as a frame has time for.
    pub fn new(show: &Seen<'_>, frame: Frame, age: u64) -> Self {
        let plane = show.world.drawn(show.chart);
        // Losses in closed form are done at once.
        let cheap = plane.objective.cheap();
        let field = if cheap { Field::new(frame) } else { Field::sparing(frame) }.with_floors();
        let budget = if cheap { CHEAP } else { (WORK / plane.objective.cost()).clamp(1, DEAR) };
        let revision = show.world.model_revision();
        let mut surface = Self { plane, revision, chart: show.chart, points: Vec::new(), field, age };
        surface.advance(budget);
        surface
    }

    /// Whether it is that of a show and a frame.
    pub fn fits(&self, show: &Seen<'_>, frame: &Frame) -> bool {
        (self.revision, self.chart) == (show.world.model_revision(), show.chart) && self.field.frame() == frame
    }

    /// Finds further losses; returns whether there is more to do.
    pub fn advance(&mut self, budget: usize) -> bool {
        if self.field.complete() {
            return false;
        }
        self.age += 1;
        let Self { plane, points, field, .. } = self;
        field.advance(budget, |xs, out| plane.losses(xs, points, out))
    }
}
