//! The points within δ of a racer: by the quadratic model, by KL from it, by KL to it, by Fisher-Rao distance.
//!
//! All four agree to second order; they are distinguished by dashes, and by names if there is more than one.

use std::f64::consts::TAU;
use std::sync::Arc;

use crate::app::Seen;
use crate::geometry::ball::{self, Ball};
use crate::geometry::ellipse::{ellipse, whiten};
use crate::geometry::geodesic::exponential;
use crate::geometry::{Place, distance};
use crate::math::Vec2;
use crate::plot::mark::{Dash, Ink};
use crate::scenario::Overlay;

use super::sketch::{PALE, Sketch, TEXT};
use crate::figure::computed::{Computed, Key, Pending, each, quick};

/// Rays of a ball, and about how many divergences one costs.
const RAYS: usize = 64;
const COST: usize = 8;
/// Points of the ellipse.
const POINTS: usize = 64;

/// How a ball is drawn.
struct Look {
    overlay: Overlay,
    ball: Ball,
    dash: Dash,
    /// The direction of its name on screen.
    toward: [f64; 2],
    name: &'static str,
}

const LOOKS: [Look; 3] = [
    Look { overlay: Overlay::KlBall, ball: Ball::Kl, dash: Dash::Sparse, toward: [1.0, 0.0], name: "KL(p‖q)" },
    Look {
        overlay: Overlay::ReverseKlBall,
        ball: Ball::Reverse,
        dash: Dash::Dotted,
        toward: [0.0, -1.0],
        name: "KL(q‖p)",
    },
    Look { overlay: Overlay::FisherBall, ball: Ball::FisherRao, dash: Dash::Dashed, toward: [0.0, 1.0], name: "d²/2" },
];

/// The boundaries of the balls that are on.
#[derive(Debug, Default)]
pub struct Kept {
    outlines: [Computed<Vec2>; LOOKS.len()],
}

/// Updates a ball's boundary.
pub fn follow(outline: &mut Computed<Vec2>, ball: Ball, show: &Seen<'_>, p: Vec2, delta: f64) {
    let (family, chart) = (Arc::clone(&show.world.family), show.chart);
    outline.follow(Key::of(show, &[p[0], p[1], delta]), quick(show, RAYS * COST), || {
        let place = Place::of(family.chart(chart), p);
        let metric = place.metric(&family.fisher(p));
        each(RAYS, move |i| {
            let chart = family.chart(chart);
            ball::end(ball, &*family, chart, (&place, &metric), delta, TAU * i as f64 / RAYS as f64)
        })
    });
}

/// Updates the boundary of a Fisher-Rao ball by the geodesics that leave `p`: where a distance costs a search,
/// they are the shorter way. A ray that runs out of the family leaves a gap.
fn follow_sphere(outline: &mut Computed<Vec2>, show: &Seen<'_>, p: Vec2, delta: f64) {
    let (family, chart) = (Arc::clone(&show.world.family), show.chart);
    outline.follow(Key::of(show, &[p[0], p[1], delta]), false, || {
        let fisher = family.fisher(p);
        each(RAYS, move |i| {
            let v = whiten(&fisher, TAU * i as f64 / RAYS as f64) * (2.0 * delta).sqrt();
            let end = exponential(&*family, p, v);
            end.map_or(Vec2::repeat(f64::NAN), |end| family.chart(chart).to_coordinates(end))
        })
    });
}

impl Kept {
    /// Updates the boundaries around `p`.
    pub fn follow(&mut self, show: &Seen<'_>, p: Vec2, delta: f64) {
        let closed = distance::is_closed(&*show.world.family);
        for (outline, look) in self.outlines.iter_mut().zip(&LOOKS) {
            if !show.overlay_now(look.overlay) {
                outline.clear();
            } else if look.ball == Ball::FisherRao && !closed {
                follow_sphere(outline, show, p, delta);
            } else {
                follow(outline, look.ball, show, p, delta);
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything that is computed.
    pub fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        self.outlines.iter_mut().map(|outline| outline as &mut dyn Pending)
    }

    /// Draws the balls that are on.
    pub fn draw(&self, show: &Seen<'_>, place: &Place, delta: f64, sketch: &mut Sketch) {
        let quadratic = show.overlay_now(Overlay::QuadraticBall);
        let on = LOOKS.iter().filter(|look| show.overlay_now(look.overlay)).count() + usize::from(quadratic);
        if quadratic {
            let metric = place.metric(&show.world.family.fisher(place.p));
            let ring: Vec<Vec2> = ellipse(&metric, delta, POINTS).map(|step| place.x + step).collect();
            sketch.ring(&ring, true, TEXT, Dash::Solid);
            if on > 1 {
                sketch.label(&ring, place.x, [-1.0, 0.0], "½ΔᵀFΔ", TEXT);
            }
        }
        for (outline, look) in self.outlines.iter().zip(&LOOKS) {
            let ink = if look.ball == Ball::Kl { Ink::Ring(show.chosen) } else { PALE };
            sketch.ring(outline.values(), outline.complete(), ink, look.dash);
            if on > 1 {
                sketch.label(outline.values(), place.x, look.toward, look.name, ink);
            }
        }
    }
}
