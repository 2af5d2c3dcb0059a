//! The points within δ of a racer: by the quadratic model, by KL from it, by KL to it, by Fisher-Rao distance; and by the
//! Wasserstein distance, with its own quadratic model.
//!
//! The first four agree to second order, as do the last two, which have another colour; they are distinguished by dashes,
//! and by names if there is more than one.

use std::f64::consts::TAU;
use std::sync::Arc;

use crate::app::Seen;
use crate::family::Family;
use crate::geometry::ball::{Ball, Rays};
use crate::geometry::ellipse::{ellipse, whiten};
use crate::geometry::geodesic::exponential;
use crate::geometry::{Place, distance, wasserstein};
use crate::math::Vec2;
use crate::plot::mark::{Dash, Ink};
use crate::scenario::Overlay;
use crate::work::Output;

use super::naming::{self, Named};
use super::sketch::{ACCENT, PALE, Sketch, TEXT};
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
    name: &'static str,
}

const LOOKS: [Look; 4] = [
    Look { overlay: Overlay::KlBall, ball: Ball::Kl, dash: Dash::Sparse, name: "KL(p‖q)" },
    Look { overlay: Overlay::ReverseKlBall, ball: Ball::Reverse, dash: Dash::Dotted, name: "KL(q‖p)" },
    Look { overlay: Overlay::FisherBall, ball: Ball::FisherRao, dash: Dash::Dashed, name: "d²/2" },
    Look { overlay: Overlay::WassersteinBall, ball: Ball::Wasserstein, dash: Dash::Dashed, name: "W₂²/2" },
];

/// How an ellipse is drawn: its overlay, the ball whose quadratic model it is, and its name.
const MODELS: [(Overlay, Ball, Ink, &str); 2] = [
    (Overlay::QuadraticBall, Ball::Kl, TEXT, "½ΔᵀFΔ"),
    (Overlay::WassersteinEllipse, Ball::Wasserstein, ACCENT, "½ΔᵀGΔ"),
];

/// The colour of a ball's boundary.
fn ink(ball: Ball, chosen: usize) -> Ink {
    match ball {
        Ball::Kl => Ink::Ring(chosen),
        Ball::Reverse | Ball::FisherRao => PALE,
        Ball::Wasserstein => ACCENT,
    }
}

/// Whether a divergence costs no integral of its own: then a frame may have time for many.
fn closed(ball: Ball, family: &dyn Family, p: Vec2) -> bool {
    ball != Ball::Wasserstein || wasserstein::is_closed_distance(family, p)
}

/// The boundaries of the balls that are on.
#[derive(Debug, Default)]
pub struct Kept {
    outlines: [Computed<Vec2>; LOOKS.len()],
}

/// Updates a ball's boundary.
pub fn follow(outline: &mut Computed<Vec2>, ball: Ball, show: &Seen<'_>, p: Vec2, delta: f64) {
    let (family, chart) = (Arc::clone(&show.world.family), show.chart);
    let quick = closed(ball, &*family, p) && quick(show, RAYS * COST);
    outline.follow(Key::of(show, &[p[0], p[1], delta]), quick, || {
        move |out: &Output<Vec2>| {
            let chart = family.chart(chart);
            let place = Place::of(chart, p);
            let metric = place.metric(&ball.metric(&*family, p));
            let mut rays = Rays::new(ball, &*family, chart, (&place, &metric), delta);
            (0..RAYS).try_for_each(|i| out.send(rays.end(TAU * i as f64 / RAYS as f64)))
        }
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
        let on = |overlay| show.overlay_now(overlay);
        let models = || MODELS.iter().filter(|model| on(model.0));
        let named = LOOKS.iter().filter(|look| on(look.overlay)).count() + models().count() > 1;
        let mut names = Vec::new();
        for (_, ball, ink, name) in models() {
            let metric = place.metric(&ball.metric(&*show.world.family, place.p));
            let ring: Vec<Vec2> = ellipse(&metric, delta, POINTS).map(|step| place.x + step).collect();
            // Without a metric, or with a singular one, there is no ellipse.
            if ring.iter().all(|x| x.iter().all(|v| v.is_finite())) {
                sketch.ring(&ring, true, *ink, Dash::Solid);
                names.push(Named { points: ring, name: (*name).to_owned(), ink: *ink });
            }
        }
        for (outline, look) in self.outlines.iter().zip(&LOOKS) {
            let ink = ink(look.ball, show.chosen);
            sketch.ring(outline.values(), outline.complete(), ink, look.dash);
            names.push(Named { points: outline.values().to_vec(), name: look.name.to_owned(), ink });
        }
        if named {
            naming::name(&names, sketch);
        }
    }
}

/// The title's words on a Wasserstein overlay that is on and has nothing to show.
#[must_use]
pub fn words(show: &Seen<'_>) -> Option<String> {
    let on =
        [Overlay::WassersteinEllipse, Overlay::WassersteinBall].into_iter().any(|overlay| show.overlay_now(overlay));
    let why = show.world.family.immovable().filter(|_| on)?;
    Some(format!("no W₂: {why}"))
}
