//! Where the true loss is least within each of the shapes: in the frame where loss and divergence are closed forms, else
//! as a job.

use std::sync::Arc;

use super::steps::Around;
use crate::app::{Seen, Show};
use crate::figure::computed::{Computed, Key, each};
use crate::geometry::lowest::{Function, Lowest, Shape, Steps, lowest};

/// The least loss within each shape, in the order of [`Shape::ALL`]; `None` where the loss has no value.
pub type Touches = Computed<Option<Lowest>>;

/// Brings the touching points up to date.
pub fn follow(touches: &mut Touches, show: &Show, around: &Around) {
    let (family, objective) = (&show.world.family, &show.world.objective);
    let (place, metric, delta) = (around.place, around.metric, around.delta);
    let key = Key::of(&Seen::of(show), &[place.p[0], place.p[1], delta]);
    touches.follow(key, family.cheap() && objective.cheap(), || {
        let (family, objective, chart) = (Arc::clone(family), Arc::clone(objective), show.chart);
        let outline = around.outline.clone();
        each(Shape::ALL.len(), move |i| {
            let (family, chart, outline) = (&*family, family.chart(chart), &*outline);
            let steps = Steps { family, chart, place: &place, metric: &metric, delta, outline };
            let (value, gradient) = (|p| objective.value(p), |p| objective.gradient(p));
            lowest(Shape::ALL[i], steps, Function { value: &value, gradient: &gradient, optimum: objective.optimum() })
        })
    });
}

/// How far a touching point lies off a direction, in radians as they are in the chart; not finite if either has none.
#[must_use]
pub fn off(around: &Around, shape: Shape, lowest: &Lowest) -> f64 {
    let (step, ray) = (lowest.x - around.place.x, around.ray(shape));
    let (step, ray) = (step / step.norm(), ray / ray.norm());
    (step[0] * ray[1] - step[1] * ray[0]).abs().atan2(step.dot(&ray))
}
