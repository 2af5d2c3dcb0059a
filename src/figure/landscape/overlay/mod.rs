//! Overlays of the geometry: what each has computed so far, and what it draws.
//!
//! Static ones (arrows, grids, fills) are drawn into the ground, once; those that begin at the start or follow the chosen
//! racer are redrawn in every frame, under the paths. Each is a function of the state alone; expensive parts are computed by jobs
//! (`computed`), and an incomplete overlay shows less, never something else.

mod arrows;
mod balls;
mod geodesics;
mod grids;
mod holonomy;
mod matrices;
mod naming;
mod region;
mod sheet;
mod singular;
mod sketch;

use std::sync::Arc;

use crate::app::Seen;
use crate::figure::computed::{Computed, Pending};
use crate::geometry::Place;
use crate::math::{Mat2, Vec2};
use crate::objective::Data;
use crate::plot::Frame;
use crate::plot::mark::{Layer, Mark, Tier};
use crate::scenario::{Overlay, OverlaySet};

use arrows::Arrows;
pub use geodesics::coordinates;
pub use sheet::Sheet;
use sketch::{Sketch, TEXT};

/// What the overlays keep from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    /// What the ground depends on beside what is computed: overlays that are on, and δ. And how often that has changed.
    on: (OverlaySet, Option<f64>),
    toggled: u64,
    arrows: [Computed<Option<Vec2>>; 2],
    ellipses: Computed<Option<(Vec2, Mat2)>>,
    lines: Computed<Vec<Vec2>>,
    sheet: Sheet,
    balls: balls::Kept,
    matrices: matrices::Kept,
    region: region::Kept,
    geodesics: geodesics::Kept,
    holonomy: holonomy::Kept,
    singular: Computed<Vec<f64>>,
}

impl Kept {
    /// Updates what no step changes.
    pub fn stand(&mut self, show: &Seen<'_>, frame: &Frame, delta: Option<f64>) {
        let on = |overlay| show.overlay_now(overlay);
        self.sheet.follow(show, frame);
        for (vectors, (overlay, which)) in self.arrows.iter_mut().zip(ARROWS) {
            if on(overlay) {
                arrows::follow(vectors, which, show, frame);
            } else {
                vectors.clear();
            }
        }
        if on(Overlay::EllipseGrid) {
            grids::follow_ellipses(&mut self.ellipses, show, frame);
        } else {
            self.ellipses.clear();
        }
        if on(Overlay::ChartGrid) {
            grids::follow_lines(&mut self.lines, show, frame);
        } else {
            self.lines.clear();
        }
        singular::follow(&mut self.singular, show, frame);
        geodesics::follow(&mut self.geodesics, show);
        holonomy::follow(&mut self.holonomy, show);
        let now = (show.overlays_now(), delta);
        if self.on != now {
            (self.on, self.toggled) = (now, self.toggled + 1);
        }
    }

    /// While this is unchanged, so are the static overlays, and which are on.
    #[must_use]
    pub fn age(&self) -> u64 {
        let arrows: u64 = self.arrows.iter().map(Computed::age).sum();
        // Each of them only grows.
        self.toggled + arrows + self.ellipses.age() + self.lines.age() + self.sheet.age() + self.singular.age()
    }

    /// What is filled in place of the loss, if anything is.
    #[must_use]
    pub fn sheet(&self) -> Option<&Sheet> {
        Some(&self.sheet).filter(|sheet| sheet.shown())
    }

    /// The static overlays: marks under the paths.
    pub fn draw_still(&self, show: &Seen<'_>, frame: &Frame) -> Vec<Mark> {
        let on = |overlay| show.overlay_now(overlay);
        let mut sketch = Sketch::new(*frame);
        if on(Overlay::ChartGrid) {
            grids::draw_lines(self.lines.values(), &mut sketch);
        }
        if let Some(delta) = self.on.1.filter(|_| on(Overlay::EllipseGrid)) {
            grids::draw_ellipses(self.ellipses.values(), delta, &mut sketch);
        }
        for (vectors, (overlay, which)) in self.arrows.iter().zip(ARROWS) {
            // Lengths are relative to the longest, so all of them must be known.
            if on(overlay) && vectors.complete() {
                arrows::draw(vectors.values(), which, &mut sketch);
            }
        }
        singular::draw(self.singular.values(), &mut sketch);
        sketch.lines.into_iter().chain(sketch.signs).collect()
    }

    /// Updates what follows the chosen racer: lines that share cells with the paths, and signs over them.
    pub fn follow(&mut self, show: &Seen<'_>, frame: &Frame, delta: Option<f64>) -> [Arc<Layer>; 2] {
        let mut sketch = Sketch::new(*frame);
        geodesics::draw(&self.geodesics, show, delta, &mut sketch);
        holonomy::draw(&self.holonomy, &mut sketch);
        self.follow_chosen(show, delta, &mut sketch);
        geodesics::mark_end(&self.geodesics, show, &mut sketch);
        singular::name(self.singular.values(), &mut sketch);
        if show.overlay_now(Overlay::Data) {
            data(show, &mut sketch);
        }
        [Layer::new(Tier::Lines, sketch.lines), Layer::new(Tier::Signs, sketch.signs)]
    }

    fn follow_chosen(&mut self, show: &Seen<'_>, delta: Option<f64>, sketch: &mut Sketch) {
        let world = &show.world;
        let seen = show.on.get(show.chosen).copied().unwrap_or(false);
        let (Some(delta), true) = (delta, seen) else {
            self.balls.clear();
            self.matrices.clear();
            self.region.clear();
            return;
        };
        let p = show.race.trace(show.chosen).at(show.now()).p();
        let place = Place::of(world.family.chart(show.chart), p);
        self.balls.follow(show, p, delta);
        self.matrices.follow(show, p);
        self.region.follow(show, p);
        self.matrices.draw(show, &place, delta, sketch);
        self.balls.draw(show, &place, delta, sketch);
        self.region.draw(show, &place, sketch);
    }

    /// Everything that is computed.
    pub fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        let arrows = self.arrows.iter_mut().map(|part| part as &mut dyn Pending);
        let still: [&mut dyn Pending; 4] = [&mut self.ellipses, &mut self.lines, self.sheet.part(), &mut self.singular];
        let following: [&mut dyn Pending; 3] = [self.region.part(), &mut self.geodesics, &mut self.holonomy];
        arrows.chain(still).chain(self.balls.parts()).chain(self.matrices.parts()).chain(following)
    }

    /// The title's words on the overlays that are on, the most important first.
    #[must_use]
    pub fn words(&self, show: &Seen<'_>, delta: Option<f64>) -> Vec<String> {
        let on = |overlay| show.overlay_now(overlay);
        let fill = self.sheet().map(Sheet::words);
        let rings = [
            Overlay::QuadraticBall,
            Overlay::ReverseKlBall,
            Overlay::FisherBall,
            Overlay::EllipseGrid,
            Overlay::Damping,
            Overlay::OtherFishers,
            Overlay::WassersteinEllipse,
            Overlay::WassersteinBall,
        ];
        let radius =
            delta.filter(|_| rings.into_iter().any(on)).map(|delta| format!("δ {}", crate::format::label(delta)));
        let arrows = match (on(Overlay::Gradient), on(Overlay::NaturalGradient)) {
            (true, true) => Some("→ −∇L ⇒ −F⁻¹∇L ∛length"),
            (true, false) => Some("−∇L, ∛length"),
            (false, true) => Some("−F⁻¹∇L, ∛length"),
            (false, false) => None,
        };
        let grid = on(Overlay::ChartGrid).then(|| grids::words(show)).flatten();
        let all = [
            geodesics::coordinates(show),
            fill,
            region::words(show),
            geodesics::words(&self.geodesics, show),
            holonomy::words(&self.holonomy),
            arrows.map(str::to_owned),
            radius,
            balls::words(show),
            matrices::words(show),
            grid,
        ];
        all.into_iter().flatten().collect()
    }
}

/// Which arrows belong to which overlay.
const ARROWS: [(Overlay, Arrows); 2] =
    [(Overlay::Gradient, Arrows::Gradient), (Overlay::NaturalGradient, Arrows::Natural)];

/// The point of greatest likelihood, by name: its mark is the optimum's.
fn data(show: &Seen<'_>, sketch: &mut Sketch) {
    let objective = &show.world.objective;
    let count = objective.data().map(Data::rows);
    if let (Some(n), Some(p)) = (count, objective.optimum()) {
        sketch.name(show.world.family.chart(show.chart).to_coordinates(p), format!("MLE of {n}"), TEXT);
    }
}
