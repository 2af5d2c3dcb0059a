//! Which part of a chart the landscape shows.
//!
//! Start, optimum and paths are inside, with margins. A path that runs off to many times their span must not squeeze
//! the rest: points beyond the limit are ignored.

use crate::app::Seen;
use crate::geometry::Place;
use crate::geometry::ellipse::ellipse;
use crate::math::Vec2;

use super::stability;

/// The KL radius around start and optimum that is in view even if nothing moves.
const NEIGHBOURHOOD: f64 = 0.15;
/// How often a neighbourhood on a plane is halved to lie inside.
const HALVINGS: i32 = 12;
/// How far paths may stretch the picture on each side, in spans of start and optimum.
const STRETCH: f64 = 1.5;
/// Margins, in spans.
const MARGIN: [f64; 2] = [0.1, 0.15];
/// Where a margin would cross the border of the family: the share of the distance to it that is left out.
const SHORT: f64 = 0.3;

/// A rectangle in a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The lower left corner.
    pub low: Vec2,
    /// The upper right corner.
    pub high: Vec2,
}

impl Bounds {
    /// The smallest box around a box and a point; points that are not finite do not count.
    #[must_use]
    pub fn around(bounds: Option<Self>, x: Vec2) -> Option<Self> {
        if !x.iter().all(|v| v.is_finite()) {
            return bounds;
        }
        Some(bounds.map_or(Self { low: x, high: x }, |b| Self { low: b.low.inf(&x), high: b.high.sup(&x) }))
    }

    /// Whether a point is inside.
    #[must_use]
    pub fn contains(&self, x: Vec2) -> bool {
        (0..2).all(|i| x[i] >= self.low[i] && x[i] <= self.high[i])
    }

    fn grown(&self, by: Vec2) -> Self {
        Self { low: self.low - by, high: self.high + by }
    }

    fn span(&self) -> Vec2 {
        self.high - self.low
    }
}

/// The box around start, optimum and their neighbourhoods.
#[must_use]
pub fn core(show: &Seen<'_>) -> Option<Bounds> {
    let family = &*show.world.family;
    let chart = family.chart(show.chart);
    let places = [Some(show.world.start()), show.world.objective.optimum(), show.world.objective.target()];
    let mut bounds = None;
    for p in places.into_iter().flatten().filter(|p| family.contains(*p)) {
        let place = Place::of(chart, p);
        bounds = Bounds::around(bounds, place.x);
        for step in ellipse(&place.metric(&family.fisher(p)), NEIGHBOURHOOD, 16) {
            // Where a policy is nearly certain of something in many states, most of the ellipse is no policy.
            let inside = (0..HALVINGS)
                .map(|k| place.x + step * 0.5_f64.powi(k))
                .find(|x| Place::violation(family, chart, *x).is_none());
            let whole = place.x + step;
            let near = inside.filter(|x| *x == whole || show.world.plane().is_some());
            if let Some(x) = near {
                bounds = Bounds::around(bounds, x);
            }
        }
    }
    bounds.filter(|b| b.span().iter().all(|v| *v > 0.0 && v.is_finite()))
}

/// How far paths count.
#[must_use]
pub fn limit(core: &Bounds) -> Bounds {
    core.grown(core.span() * STRETCH)
}

/// The ranges in view: the scenario's or what fits everything `inside`, then the window.
#[must_use]
pub fn view(show: &Seen<'_>, inside: &Bounds) -> Option<Bounds> {
    let span = inside.span();
    let mut bounds = inside.grown(Vec2::new(span[0] * MARGIN[0], span[1] * MARGIN[1]));
    keep_off_borders(show, inside, &mut bounds);
    if let Some([low, high]) = stability::gains(show) {
        (bounds.low[0], bounds.high[0]) = (low, high);
    }
    let said = &show.world.scenario.view;
    if said.chart == show.chart {
        for (i, range) in [said.x, said.y].into_iter().enumerate() {
            if let Some([low, high]) = range.filter(|r| r[0] < r[1]) {
                (bounds.low[i], bounds.high[i]) = (low, high);
            }
        }
    }
    windowed(show, bounds)
}

/// What the window leaves of ranges; `None` if that is too narrow to show anything.
#[must_use]
pub fn windowed(show: &Seen<'_>, mut bounds: Bounds) -> Option<Bounds> {
    let window = show.window;
    if let Some(base) = window.base.filter(|base| base.chart == show.chart) {
        let [x, y] = [base.x, base.y];
        bounds = Bounds { low: Vec2::new(x[0], y[0]), high: Vec2::new(x[1], y[1]) };
    }
    let centre = (bounds.low + bounds.high) * 0.5 + bounds.span().component_mul(&window.shift);
    let half = bounds.span() * (0.5 / window.zoom);
    let seen = Bounds { low: centre - half, high: centre + half };
    // A window so small that neighbouring columns coincide shows nothing.
    let wide = (0..2).all(|i| {
        let size = seen.low[i].abs().max(seen.high[i].abs());
        seen.span()[i].is_finite() && seen.span()[i] > size * 1e-12 && seen.span()[i] > f64::MIN_POSITIVE
    });
    wide.then_some(seen)
}

/// Draws an edge back towards `inside` where it would lie outside the family all along.
fn keep_off_borders(show: &Seen<'_>, inside: &Bounds, bounds: &mut Bounds) {
    let family = &*show.world.family;
    let chart = family.chart(show.chart);
    for axis in 0..2 {
        let other = 1 - axis;
        let touches = |at: f64| {
            (0..=8).any(|k| {
                let mut x = Vec2::zeros();
                x[axis] = at;
                x[other] = inside.low[other] + inside.span()[other] * f64::from(k) / 8.0;
                Place::violation(family, chart, x).is_none()
            })
        };
        for (edge, data) in [(&mut bounds.low[axis], inside.low[axis]), (&mut bounds.high[axis], inside.high[axis])] {
            let (mut good, mut bad) = (data, *edge - 0.5 * (data - *edge));
            if touches(bad) {
                continue;
            }
            for _ in 0..30 {
                let middle = 0.5 * (good + bad);
                if touches(middle) { good = middle } else { bad = middle }
            }
            let short = good + SHORT * (data - good);
            *edge = if data > *edge { edge.max(short) } else { edge.min(short) };
        }
    }
}
