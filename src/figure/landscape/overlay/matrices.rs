//! Matrices used in place of F, each as its ellipse ½ΔᵀMΔ = δ at the chosen racer: F + λI of those that damp, the
//! diagonal, the empirical and a sampled F, and what an adaptive optimizer divides by.
//!
//! The diagonal, λI and √v belong to the racer's own chart; they are drawn as that chart has them.

use std::sync::Arc;

use crate::app::Seen;
use crate::geometry::Place;
use crate::geometry::ellipse::{ellipse, extent};
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};
use crate::objective::Data;
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::plot::mark::{Dash, Ink};
use crate::scenario::{Overlay, Racer};

use super::naming::{self, Named};
use super::sketch::{ACCENT, DIM, PALE, Sketch, TEXT};
use crate::figure::computed::{Computed, Key, Pending, each, quick};

/// Points of an ellipse.
const POINTS: usize = 64;
/// Draws of the sampled matrix.
const DRAWS: usize = 64;
/// Data whose scores are summed at once, and about how many divergences that costs.
const CHUNK: usize = 500;
const COST: usize = 100;

/// What the diagonal, the empirical and the sampled matrix are called, and from how many columns on in full.
const FULL: [&str; 3] = ["diagonal of F", "empirical F", "F of 64 draws"];
const SHORT: [&str; 3] = ["diagonal", "empirical", "64 draws"];
const WIDE: usize = 60;

/// What is kept from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    /// Sums of s sᵀ over parts of the data.
    empirical: Computed<Mat2>,
    /// What the chosen racer's last step divided by.
    divisor: Computed<Option<Vec<f64>>>,
}

/// The λ that a racer adds to F, if it is of a kind that can.
#[must_use]
pub fn damping(racer: &Racer) -> Option<f64> {
    racer.kind.damping.map(|field| racer.settings.number(field))
}

fn square(s: Vec2) -> Mat2 {
    s * s.transpose()
}

impl Kept {
    /// Updates what is kept.
    pub fn follow(&mut self, show: &Seen<'_>, p: Vec2) {
        if !show.overlay_now(Overlay::OtherFishers) {
            return self.clear();
        }
        let objective = Arc::clone(&show.world.objective);
        match objective.data().map(Data::rows).filter(|n| *n > 0) {
            Some(n) => {
                let family = Arc::clone(&show.world.family);
                let parts = n.div_ceil(CHUNK);
                self.empirical.follow(Key::of(show, &[p[0], p[1]]), quick(show, parts * COST), || {
                    each(parts, move |i| {
                        let values = objective.data().map_or(&[][..], |data| data.values());
                        let part = values.chunks_exact(family.width()).skip(i * CHUNK).take(CHUNK);
                        part.map(|x| square(family.score(p, x))).sum::<Mat2>() / n as f64
                    })
                });
            }
            None => {
                self.empirical.clear();
            }
        }
        self.follow_divisor(show);
    }

    fn follow_divisor(&mut self, show: &Seen<'_>) {
        let runner = show.race.runner(show.chosen);
        let step = show.now().min(runner.trace().last_alive());
        let key = Key::of(show, &[show.race.revision() as f64, show.chosen as f64, step as f64]);
        let cost = (step - runner.resumed(step)) * show.world.objective.cost();
        self.divisor.follow(key, quick(show, cost), || {
            let find = runner.after(step, |optimizer| optimizer.divisor());
            move |out| out.send(find())
        });
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.empirical.clear();
        self.divisor.clear();
    }

    /// Everything that is computed.
    pub fn parts(&mut self) -> [&mut dyn Pending; 2] {
        [&mut self.empirical, &mut self.divisor]
    }

    /// Draws the ellipses that are on.
    pub fn draw(&self, show: &Seen<'_>, place: &Place, delta: f64, sketch: &mut Sketch) {
        let world = &show.world;
        let Some(racer) = world.scenario.racers.get(show.chosen) else { return };
        let own = Place::of(world.family.chart(racer.chart), place.p);
        let Some(inverse) = inverse2(&own.jacobian) else { return };
        // A matrix of the racer's chart, in the drawn one.
        let turn = inverse * place.jacobian;
        let pulled = |m: Mat2| turn.tr_mul(&(m * turn));
        let fisher = world.family.fisher(place.p);
        let (here, there) = (place.metric(&fisher), own.metric(&fisher));
        let columns = sketch.frame.columns;
        let mut named = Vec::new();
        let mut ring = |metric: Mat2, (ink, dash): (Ink, Dash), name: &str| {
            if extent(&metric, delta).iter().all(|v| v.is_finite()) {
                let points: Vec<Vec2> = ellipse(&metric, delta, POINTS).map(|step| place.x + step).collect();
                sketch.ring(&points, true, ink, dash);
                named.push(Named { points, name: name.to_owned(), ink });
            }
        };
        let names = if columns < WIDE { SHORT } else { FULL };
        let damped = show.overlay_now(Overlay::Damping).then(|| damping(racer)).flatten().filter(|l| *l > 0.0);
        let others = show.overlay_now(Overlay::OtherFishers);
        if others {
            ring(pulled(Mat2::from_diagonal(&there.diagonal())), (PALE, Dash::Dashed), names[0]);
            if self.empirical.complete() && !self.empirical.values().is_empty() {
                let sum: Mat2 = self.empirical.values().iter().sum();
                ring(place.metric(&sum), (PALE, Dash::Dotted), names[1]);
            }
            ring(place.metric(&sampled(show, place.p)), (DIM, Dash::Sparse), names[2]);
            if let Some(Some([a, b])) = self.divisor.values().first().map(Option::as_deref) {
                ring(pulled(Mat2::new(*a, 0.0, 0.0, *b)), (ACCENT, Dash::Solid), "√v");
            }
        }
        if let Some(lambda) = damped {
            ring(pulled(there + Mat2::identity() * lambda), (ACCENT, Dash::Dashed), "F+λI");
        }
        if others || show.overlay_now(Overlay::Damping) {
            ring(here, (TEXT, Dash::Solid), "F");
        }
        naming::name(&named, sketch);
    }
}

/// The matrix of scores of draws from the distribution itself: the draws are a function of seed and step.
fn sampled(show: &Seen<'_>, p: Vec2) -> Mat2 {
    let family = &*show.world.family;
    let draw = Draw { seed: show.world.scenario.seed, step: show.now() };
    let mut rng = stream_for(Purpose::Picture, draw);
    let mut x = vec![0.0; family.width()];
    let draw = |_| {
        family.sample(p, &mut rng, &mut x);
        square(family.score(p, &x))
    };
    (0..DRAWS).map(draw).sum::<Mat2>() / DRAWS as f64
}

/// The title's words on the chosen racer's damping.
#[must_use]
pub fn words(show: &Seen<'_>) -> Option<String> {
    let racer = show.world.scenario.racers.get(show.chosen).filter(|_| show.overlay_now(Overlay::Damping))?;
    Some(match damping(racer) {
        Some(lambda) => format!("λ {}", crate::format::label(lambda)),
        None => "no λ here".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::plot::Frame;
    use crate::plot::mark::Mark;
    use crate::race::World;
    use crate::scenario::Document;

    /// What is drawn of a racer after its first step.
    fn drawn(racer: usize, columns: usize) -> Sketch {
        let mut show =
            Show::new(World::open(&Document::builtin("three-charts-adam").expect("built in")).expect("valid"));
        show.set_overlay(Overlay::OtherFishers, true);
        show.chosen = racer;
        show.seek(1);
        let (seen, mut kept) = (Seen::of(&show), Kept::default());
        let p = show.race.trace(racer).at(1).p();
        kept.follow(&seen, p);
        kept.parts().into_iter().for_each(Pending::finish);
        let mut sketch = Sketch::new(Frame { x: [-1.0, 2.0], y: [0.1, 2.0], columns, rows: 30 });
        kept.draw(&seen, &Place::of(show.world.family.chart(seen.chart), p), 0.02, &mut sketch);
        sketch
    }

    fn names(sketch: &Sketch) -> Vec<&str> {
        let labels = sketch.signs.iter();
        labels.filter_map(|mark| if let Mark::Label(label) = mark { Some(label.text.as_str()) } else { None }).collect()
    }

    #[test]
    fn who_divides_by_a_diagonal_has_it_beside_f() {
        let (wide, narrow) = (drawn(0, 80), drawn(0, 40));
        // In (mean, sd) F is its diagonal, and that of 64 draws is less than two dots away: one line, which has all their names.
        assert_eq!(names(&wide), ["diagonal of F, F of 64 draws, F", "√v"]);
        assert_eq!(names(&narrow), ["diagonal, 64 draws, F", "√v"]);
        // The natural gradient divides by no diagonal.
        assert_eq!(names(&drawn(3, 80)), ["diagonal of F, F of 64 draws, F"]);
    }

    /// After one step √v̂ is |g| at the start: ∂L = (−2, 1 − 4.25) from N(0, 1) to N(2, ½).
    #[test]
    fn the_ellipse_of_adam_is_that_of_its_gradients() {
        let sketch = drawn(0, 80);
        let own = |mark: &&Mark| matches!(mark, Mark::Line(line) if line.ink == ACCENT);
        let Some(Mark::Line(line)) = sketch.lines.iter().find(own) else { panic!("the ellipse of √v") };
        let extent = [0, 1].map(|axis| {
            let values = || line.points.iter().map(|point| point[axis]);
            values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min)
        });
        let ratio = (extent[0] / extent[1]).powi(2);
        assert!((ratio - 3.25 / 2.0).abs() < 1e-6, "{ratio}");
    }
}
