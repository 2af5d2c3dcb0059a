//! The anatomy of a TRPO step at the chosen racer: the path of conjugate gradient, the full step, every candidate and
//! its outcome, in the exact trust region.
//!
//! Nothing is recomputed here: the optimizer itself reports what it tried (`optimizer::trpo::anatomy`).

use crate::app::Seen;
use crate::format;
use crate::geometry::Place;
use crate::geometry::ball::Ball;
use crate::geometry::ellipse::ellipse;
use crate::math::Vec2;
use crate::optimizer::trpo::{self, Anatomy, Verdict};
use crate::plot::mark::{Dash, Ink};
use crate::race::trust_region;
use crate::scenario::Overlay;

use super::balls;
use super::sketch::{ACCENT, PALE, Sketch, TEXT};
use crate::figure::computed::{Computed, Pending};

/// Points of the ellipse.
const POINTS: usize = 64;

/// The last step broken down.
#[derive(Debug, Default)]
pub struct Kept {
    anatomy: Option<Anatomy>,
    /// The exact region.
    region: Computed<Vec2>,
}

impl Kept {
    /// Updates the anatomy.
    pub fn follow(&mut self, show: &Seen<'_>, p: Vec2) {
        self.anatomy = None;
        if show.overlay_now(Overlay::TrustRegion) {
            let trace = show.race.trace(show.chosen);
            let step = show.now().min(trace.last_alive());
            self.anatomy = trust_region(&show.world, show.chosen, step, &trace.at(step));
        }
        match &self.anatomy {
            Some(anatomy) => balls::follow(&mut self.region, Ball::Kl, show, p, anatomy.delta),
            None => {
                self.region.clear();
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is computed.
    pub fn part(&mut self) -> &mut dyn Pending {
        &mut self.region
    }

    /// Draws the anatomy.
    pub fn draw(&self, show: &Seen<'_>, place: &Place, sketch: &mut Sketch) {
        let world = &show.world;
        let (Some(anatomy), Some(racer)) = (&self.anatomy, world.scenario.racers.get(show.chosen)) else { return };
        let [own, drawn] = [racer.chart, show.chart].map(|chart| world.family.chart(chart));
        let point = |x: &[f64]| {
            let x = Vec2::new(x[0], x[1]);
            Place::violation(&*world.family, own, x).is_none().then(|| drawn.to_coordinates(own.to_parameters(x)))
        };
        let metric = place.metric(&world.family.fisher(place.p));
        let model: Vec<Vec2> = ellipse(&metric, anatomy.delta, POINTS).map(|step| place.x + step).collect();
        sketch.ring(&model, true, TEXT, Dash::Dotted);
        sketch.ring(self.region.values(), self.region.complete(), Ink::Ring(show.chosen), Dash::Sparse);
        // A straight line in the racer's chart; its ends are enough if that is the drawn one.
        let way: Vec<Vec2> = anatomy.iterates.iter().filter_map(|x| point(x)).collect();
        sketch.line(std::iter::once(place.x).chain(way.iter().copied()), PALE, Dash::Dashed);
        way.iter().for_each(|x| sketch.mark(*x, '·', PALE));
        for (tries, (x, verdict)) in anatomy.candidates.iter().enumerate() {
            let Some(x) = point(x) else { continue };
            let accepted = *verdict == Verdict::Accepted;
            sketch.mark(x, if accepted { '✓' } else { '✕' }, if accepted { TEXT } else { ACCENT });
            if accepted {
                let text = if tries == 0 { "full step".to_owned() } else { format!("β^{tries}") };
                sketch.name(x, text, TEXT);
            }
        }
    }
}

/// The title: whose δ it is.
#[must_use]
pub fn words(show: &Seen<'_>) -> Option<String> {
    let racer = show.world.scenario.racers.get(show.chosen).filter(|_| show.overlay_now(Overlay::TrustRegion))?;
    let own = racer.kind.trust_region();
    let delta = &trpo::INFO.fields[0];
    let value = if own { racer.settings.number(delta) } else { crate::registry::Settings::default().number(delta) };
    Some(format!("TRPO step δ {}", format::label(value)))
}
