//! Geometry at one point of a path and about one step: curvature, connection, divergences, balls.
//!
//! Whole paths are handled by `path`.

use std::f64::consts::TAU;

use crate::family::{Chart, ChartId, Family};
use crate::geometry::ball::{Ball, Rays};
use crate::geometry::connection::natural_gap;
use crate::geometry::distance::is_closed;
use crate::geometry::ellipse::whiten;
use crate::geometry::transport::{area, holonomy, square};
use crate::geometry::{Place, distance};
use crate::math::Vec2;
use crate::race::Trace;
use crate::race::World;
use crate::registry::Settings;
use crate::scenario::measures::{
    AGAINST, BALL, CHART, END, FORM, MADE, MEANS, PARAMETER, POINT, Question, RADIUS, SHORTER, SIDE,
};
use crate::selfcheck::Means;

/// The number of rays among which a ball's farthest point is searched, and of golden-section steps between its
/// neighbours: the angle is then accurate to 1e-8, since a maximum is flat.
const RAYS: usize = 180;
const FINE: usize = 32;
/// 1/φ
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The value of a measure of one point or one step of a racer; `None` for any other measure, or if the step does not
/// exist.
#[must_use]
pub fn value(question: Question, world: &World, settings: &Settings, racer: usize, trace: &Trace) -> Option<f64> {
    let family = &*world.family;
    let own = world.scenario.racers[racer].chart;
    match question {
        Question::Holonomy => turned(family, point(trace, settings)?, settings.number(&SIDE)),
        Question::HolonomyPerArea => {
            let (corner, side) = (point(trace, settings)?, settings.number(&SIDE));
            Some(turned(family, corner, side)? / area(family, corner, side)?)
        }
        Question::LeviCivitaGap => natural_gap(family, point(trace, settings)?),
        Question::Divergence => Step::of(world, own, trace, settings)?.form(settings.choice(&FORM), 0),
        Question::DivergenceOrder => Step::of(world, own, trace, settings)?.order(settings),
        Question::BallReach => {
            let chart = family.info().chart(settings.choice(&CHART)).unwrap_or(own);
            reach(family, family.chart(chart), point(trace, settings)?, settings)
        }
        _ => None,
    }
}

/// The means of the self-check; `None` for all.
#[must_use]
pub fn means(settings: &Settings) -> Option<Means> {
    match settings.choice(&MEANS) {
        "quadrature" => Some(Means::Expectation),
        "differences" => Some(Means::Differences),
        _ => None,
    }
}

/// The point after the step in the settings.
fn point(trace: &Trace, settings: &Settings) -> Option<Vec2> {
    let row = trace.rows.get(usize::try_from(settings.integer(&POINT)).ok()?)?;
    Some(row.p()).filter(|p| p.iter().all(|entry| entry.is_finite()))
}

fn turned(family: &dyn Family, corner: Vec2, side: f64) -> Option<f64> {
    holonomy(family, &square(corner, side))
}

/// A step of a racer, which can be made shorter along its straight line in the racer's chart.
struct Step<'a> {
    family: &'a dyn Family,
    chart: &'a dyn Chart,
    place: Place,
    along: Vec2,
}

impl<'a> Step<'a> {
    fn of(world: &'a World, chart: ChartId, trace: &Trace, settings: &Settings) -> Option<Self> {
        let made = usize::try_from(settings.integer(&MADE)).ok()?;
        let (old, new) = (trace.rows.get(made.checked_sub(1)?)?, trace.rows.get(made)?);
        let family = &*world.family;
        let chart = family.chart(chart);
        let along = new.x() - old.x();
        let there = along.iter().all(|entry| entry.is_finite());
        there.then(|| Self { family, chart, place: Place::of(chart, old.p()), along })
    }

    /// A divergence from the old point to the end of the step halved `halvings` times.
    fn form(&self, form: &str, halvings: i32) -> Option<f64> {
        let step = self.along * 0.5_f64.powi(halvings);
        let (family, p) = (self.family, self.place.p);
        let q = self.chart.point(self.place.x + step)?;
        let value = match form {
            "kl" => family.kl(p, q),
            "reverse-kl" => family.kl(q, p),
            "jeffreys" => 0.5 * (family.kl(p, q) + family.kl(q, p)),
            "quadratic" => 0.5 * step.dot(&(self.place.metric(&family.fisher(p)) * step)),
            _ => 0.5 * distance(family, p, q)?.powi(2),
        };
        Some(value).filter(|value| value.is_finite())
    }

    fn order(&self, settings: &Settings) -> Option<f64> {
        let halvings = i32::try_from(settings.integer(&SHORTER)).ok()?;
        let apart = |halvings: i32| {
            let [one, other] = [&FORM, &AGAINST].map(|field| self.form(settings.choice(field), halvings));
            Some((one? - other?).abs())
        };
        Some((apart(halvings - 1)? / apart(halvings)?).log2())
    }
}

/// The largest or smallest value of a parameter on the border of a ball.
fn reach(family: &dyn Family, chart: &dyn Chart, p: Vec2, settings: &Settings) -> Option<f64> {
    let which = family.info().parameters.iter().position(|known| *known == settings.choice(&PARAMETER))?;
    let sign = if settings.choice(&END) == "low" { -1.0 } else { 1.0 };
    let delta = settings.number(&RADIUS);
    let place = Place::of(chart, p);
    let exact = match settings.choice(&BALL) {
        "kl" => Some(Ball::Kl),
        "reverse-kl" => Some(Ball::Reverse),
        "fisher-rao" if is_closed(family) => Some(Ball::FisherRao),
        "fisher-rao" => return None,
        "wasserstein" => Some(Ball::Wasserstein),
        _ => None,
    };
    let metric = place.metric(&exact.unwrap_or(Ball::Kl).metric(family, p));
    let mut rays = exact.map(|ball| Rays::new(ball, family, chart, (&place, &metric), delta));
    let height = |angle: f64| {
        let x = match &mut rays {
            Some(rays) => rays.end(angle),
            None => place.x + whiten(&metric, angle) * (2.0 * delta).sqrt(),
        };
        chart.point(x).map(|q| sign * q[which])
    };
    farthest(height).map(|height| sign * height)
}

/// The largest value over the angles: the best of the rays, then golden section between its neighbours. `None` if a ray
/// has no value.
fn farthest(mut height: impl FnMut(f64) -> Option<f64>) -> Option<f64> {
    let width = TAU / RAYS as f64;
    let rays: Vec<f64> = (0..RAYS).map(|i| height(i as f64 * width)).collect::<Option<_>>()?;
    let best = (0..RAYS).max_by(|&i, &j| rays[i].total_cmp(&rays[j]))?;
    let [mut low, mut high] = [best as f64 - 1.0, best as f64 + 1.0].map(|ray| ray * width);
    let mut most = rays[best];
    for _ in 0..FINE {
        let inner = GOLDEN * (high - low);
        let (left, right) = (height(high - inner)?, height(low + inner)?);
        most = most.max(left).max(right);
        if left > right { high = low + inner } else { low = high - inner }
    }
    Some(most)
}
