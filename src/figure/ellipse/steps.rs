//! Around one place: the Fisher matrix, the outline of the exact ball, the directions in which the loss decreases most, and
//! every racer's next step.

use crate::app::Show;
use crate::family::ChartId;
use crate::geometry::Place;
use crate::geometry::ball;
use crate::geometry::ellipse::{angle, extent, length};
use crate::geometry::lowest::{SCAN, Shape};
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};
use crate::race::{Runner, Status, World};

/// How many times the ellipse the ball may stretch the picture.
const STRETCH: f64 = 4.0;
/// The angle up to which two directions are one.
const PARALLEL: f64 = 1e-6;

/// What one racer would do next if started at the point.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The step in the shown chart, scaled to the Fisher ellipse.
    pub ray: Vec2,
    /// KL(place ‖ next), in nats.
    pub kl: f64,
    /// How many times longer the ray is where the outermost of the shapes ends.
    pub reach: f64,
    /// The angle to the natural direction in the Fisher metric, in radians; not finite at the optimum.
    pub angle: f64,
}

/// Everything about one place in one chart.
#[derive(Debug)]
pub struct Around {
    key: Key,
    /// The KL radius of all shapes.
    pub delta: f64,
    /// The place.
    pub place: Place,
    /// The Fisher matrix in the chart.
    pub metric: Mat2,
    /// The ball's outline.
    pub outline: Vec<Vec2>,
    /// −∇L and −F⁻¹∇L in the chart.
    downhill: [Vec2; 2],
    /// The racers' next steps; `None` if a racer does not move or leaves the family.
    pub steps: Vec<Option<Step>>,
}

/// Everything that depends on.
#[derive(Debug, PartialEq)]
struct Key {
    revision: u64,
    p: Vec2,
    chart: ChartId,
    delta: f64,
}

impl Key {
    fn of(show: &Show) -> Self {
        Self { revision: show.world.revision(), p: show.place(), chart: show.chart, delta: show.delta() }
    }
}

impl Around {
    /// Around the show's place; `None` if the chart has no metric there.
    #[must_use]
    pub fn new(show: &Show) -> Option<Self> {
        let world = &show.world;
        let (family, p) = (&world.family, show.place());
        let (chart, delta) = (family.chart(show.chart), show.delta());
        if !family.contains(p) {
            return None;
        }
        let place = Place::of(chart, p);
        let fisher = family.fisher(p);
        let metric = place.metric(&fisher);
        let to_chart = inverse2(&place.jacobian)?;
        if !extent(&metric, delta).iter().chain(place.x.iter()).all(|v| v.is_finite()) {
            return None;
        }
        let inverse = family.fisher_inverse(p).unwrap_or(Mat2::repeat(f64::NAN));
        let gradient = world.objective.gradient(p);
        let natural = -inverse * gradient;
        let steps = (0..world.scenario.racers.len())
            .map(|racer| step(world, racer, (p, &fisher), natural, &to_chart, delta))
            .collect();
        let outline = ball::boundary(&**family, chart, &place, &metric, delta, SCAN);
        let downhill = [-place.covector(gradient), to_chart * natural];
        let mut around = Self { key: Key::of(show), delta, place, metric, outline, downhill, steps };
        for step in 0..around.steps.len() {
            let reach = around.steps[step].map(|step| around.reach(step.ray));
            around.steps[step].iter_mut().zip(reach).for_each(|(step, reach)| step.reach = reach);
        }
        Some(around)
    }

    /// Whether this is what a show has.
    #[must_use]
    pub fn fits(&self, show: &Show) -> bool {
        self.key == Key::of(show)
    }

    /// The half width and half height of the Fisher ellipse.
    #[must_use]
    pub fn extent(&self) -> Vec2 {
        extent(&self.metric, self.delta)
    }

    /// The smallest box around ellipse, ball and, where it is not much larger, circle: lower left, upper right.
    #[must_use]
    pub fn bounds(&self) -> [Vec2; 2] {
        let half = self.extent();
        let far = half * STRETCH;
        let (mut low, mut high) = (-half, half);
        for point in &self.outline {
            let step = (point - self.place.x).sup(&-far).inf(&far);
            (low, high) = (low.inf(&step), high.sup(&step));
        }
        if self.circled() {
            let circle = Vec2::repeat(self.radius());
            (low, high) = (low.inf(&-circle), high.sup(&circle));
        }
        [self.place.x + low, self.place.x + high]
    }

    /// The radius of the circle.
    #[must_use]
    pub fn radius(&self) -> f64 {
        (2.0 * self.delta).sqrt()
    }

    /// Whether the picture has to hold the circle: one much larger than the ellipse runs off it rather than shrink the
    /// ellipse to a dot.
    fn circled(&self) -> bool {
        let half = self.extent();
        self.radius() <= 2.0 * half.max() && half.max() <= 4.0 * half.min()
    }

    /// The direction in which a shape, if it is small, touches a contour.
    #[must_use]
    pub const fn ray(&self, shape: Shape) -> Vec2 {
        match shape {
            Shape::Circle => self.downhill[0],
            Shape::Ellipse | Shape::Ball => self.downhill[1],
        }
    }

    /// The first racer that steps in this direction.
    #[must_use]
    pub fn racer(&self, ray: Vec2) -> Option<usize> {
        let same = |step: &Option<Step>| step.is_some_and(|step| angle(&self.metric, &step.ray, &ray) < PARALLEL);
        self.steps.iter().position(same)
    }

    /// How many times a ray to the ellipse reaches to the outermost shape in its direction.
    fn reach(&self, ray: Vec2) -> f64 {
        let circle = if self.circled() { self.radius() / ray.norm() } else { 0.0 };
        let sides = self.outline.iter().zip(self.outline.iter().cycle().skip(1));
        let ball = sides.filter_map(|(a, b)| crossing(ray, a - self.place.x, b - self.place.x)).fold(0.0, f64::max);
        circle.max(ball).clamp(1.0, STRETCH)
    }
}

/// Where a ray from the origin crosses a segment, in its own length; `None` if it does not.
fn crossing(ray: Vec2, a: Vec2, b: Vec2) -> Option<f64> {
    let cross = |u: Vec2, v: Vec2| u[0] * v[1] - u[1] * v[0];
    let [before, after] = [cross(ray, a), cross(ray, b)];
    let along = a + (b - a) * (before / (before - after));
    let t = along.dot(&ray) / ray.dot(&ray);
    (before * after <= 0.0 && t > 0.0).then_some(t)
}

/// The next step of a racer. Directions are tangent vectors: the racer's step, read through its own chart's Jacobian,
/// so that ray and angle do not depend on which chart is shown.
fn step(
    world: &World,
    racer: usize,
    (p, fisher): (Vec2, &Mat2),
    natural: Vec2,
    to_chart: &Mat2,
    delta: f64,
) -> Option<Step> {
    let mut runner = Runner::starting_at(world, racer, p);
    runner.extend(1);
    let rows = &runner.trace().rows;
    let next = rows.get(1).filter(|row| row.status == Status::Running)?;
    let own = Place::of(world.family.chart(world.scenario.racers[racer].chart), p);
    let tangent = own.jacobian * (next.x() - own.x);
    let ray = to_chart * tangent * ((2.0 * delta).sqrt() / length(fisher, &tangent));
    let step = Step { ray, reach: 1.0, kl: next.kl_step, angle: angle(fisher, &tangent, &natural) };
    ray.iter().all(|v| v.is_finite()).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Document;

    fn three_charts() -> World {
        World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid scenario")
    }

    #[test]
    fn numbers_do_not_depend_on_the_chart_that_is_shown() {
        let mut show = Show::new(three_charts());
        let numbers = |show: &Show| -> Vec<[f64; 2]> {
            let figure = Around::new(show).expect("a metric");
            figure.steps.iter().flatten().map(|step| [step.kl, step.angle]).collect()
        };
        let first = numbers(&show);
        assert_eq!(first.len(), 6);
        // Plain gradient descent in (mean, sd) is 17.5° off, the natural gradient and TRPO are not.
        assert!((first[0][1].to_degrees() - 17.51).abs() < 0.01);
        assert!(first[3][1] < 1e-6 && first[5][1] < 1e-6);
        for chart in show.world.family.info().chart_ids() {
            show.chart = chart;
            for (a, b) in numbers(&show).iter().zip(&first) {
                assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn rays_end_on_the_ellipse() {
        let mut show = Show::new(three_charts());
        for chart in show.world.family.info().chart_ids() {
            show.chart = chart;
            let figure = Around::new(&show).expect("a metric");
            for step in figure.steps.iter().flatten() {
                assert!((0.5 * length(&figure.metric, &step.ray).powi(2) - figure.delta).abs() < 1e-12 * figure.delta);
            }
        }
    }
}
