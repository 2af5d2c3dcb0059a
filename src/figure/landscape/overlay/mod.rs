//! Overlays of the geometry: what each has computed so far, and what it draws.
//!
//! Static ones (arrows, grids, fills) are drawn into the ground, once; those that follow the chosen racer are redrawn
//! in every frame, under the paths. Each is a function of the state alone; expensive parts are computed in slices
//! (`series`), and an incomplete overlay shows less, never something else.

mod arrows;
mod balls;
mod geodesics;
mod grids;
mod matrices;
mod region;
mod series;
mod sheet;
mod sketch;

use std::sync::Arc;

use crate::app::Seen;
use crate::geometry::Place;
use crate::math::{Mat2, Vec2};
use crate::objective::Data;
use crate::plot::Frame;
use crate::plot::mark::{Layer, Mark, Tier};
use crate::scenario::Overlay;

use arrows::Arrows;
pub use geodesics::coordinates;
use series::Series;
pub use sheet::Kept as Sheet;
use sketch::{Sketch, TEXT};

/// What the overlays keep from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    /// Counts the changes of static overlays.
    age: u64,
    /// What they depend on beside their series.
    still: Option<(Vec<Overlay>, Option<f64>)>,
    arrows: [Series<Option<Vec2>>; 2],
    ellipses: Series<Option<(Vec2, Mat2)>>,
    lines: Series<Vec<Vec2>>,
    sheet: Option<Sheet>,
    balls: balls::Kept,
    matrices: matrices::Kept,
    region: region::Kept,
    geodesics: geodesics::Kept,
}

/// The static overlays.
const STILL: [Overlay; 6] = [
    Overlay::ChartGrid,
    Overlay::EllipseGrid,
    Overlay::Gradient,
    Overlay::NaturalGradient,
    Overlay::Jeffreys,
    Overlay::Curvature,
];

impl Kept {
    /// Updates the static overlays.
    pub fn stand(&mut self, show: &Seen<'_>, frame: &Frame, delta: Option<f64>) {
        let on = |overlay| show.overlay_now(overlay);
        let mut changed = sheet::follow(&mut self.sheet, show, frame);
        for (series, (overlay, which)) in self.arrows.iter_mut().zip(ARROWS) {
            changed |= if on(overlay) { arrows::follow(series, which, show, frame) } else { series.clear() };
        }
        let series = &mut self.ellipses;
        changed |= if on(Overlay::EllipseGrid) { grids::follow_ellipses(series, show, frame) } else { series.clear() };
        let series = &mut self.lines;
        changed |= if on(Overlay::ChartGrid) { grids::follow_lines(series, show, frame) } else { series.clear() };
        let still = Some((STILL.into_iter().filter(|overlay| on(*overlay)).collect(), delta));
        changed |= self.still != still;
        self.still = still;
        self.age += u64::from(changed);
    }

    /// While this is unchanged, so are the static overlays.
    #[must_use]
    pub const fn age(&self) -> u64 {
        self.age
    }

    /// What is filled in place of the loss, if anything is.
    #[must_use]
    pub const fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    /// The static overlays: marks under the paths.
    pub fn draw_still(&self, show: &Seen<'_>, frame: &Frame) -> Vec<Mark> {
        let on = |overlay| show.overlay_now(overlay);
        let mut sketch = Sketch::new(*frame);
        if on(Overlay::ChartGrid) {
            grids::draw_lines(self.lines.values(), &mut sketch);
        }
        if let Some(delta) = self.still.as_ref().and_then(|(_, delta)| *delta).filter(|_| on(Overlay::EllipseGrid)) {
            grids::draw_ellipses(self.ellipses.values(), delta, &mut sketch);
        }
        for (series, (overlay, which)) in self.arrows.iter().zip(ARROWS) {
            // Lengths are relative to the longest, so all of them must be known.
            if on(overlay) && series.complete() {
                arrows::draw(series.values(), which, &mut sketch);
            }
        }
        sketch.lines.into_iter().chain(sketch.signs).collect()
    }

    /// Updates what follows the chosen racer: lines that share cells with the paths, and signs over them.
    pub fn follow(&mut self, show: &Seen<'_>, frame: &Frame, delta: Option<f64>) -> [Arc<Layer>; 2] {
        let mut sketch = Sketch::new(*frame);
        self.follow_chosen(show, delta, &mut sketch);
        geodesics::mark_end(&self.geodesics, show, &mut sketch);
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
            self.geodesics.clear();
            return;
        };
        let p = show.race.trace(show.chosen).at(show.timeline.step()).p();
        let place = Place::of(world.family.chart(show.chart), p);
        self.balls.follow(show, p, delta);
        self.matrices.follow(show, p);
        self.region.follow(show, p);
        geodesics::follow(&mut self.geodesics, show, p);
        geodesics::draw(&self.geodesics, show, delta, sketch);
        self.matrices.draw(show, &place, delta, sketch);
        self.balls.draw(show, &place, delta, sketch);
        self.region.draw(show, &place, sketch);
    }

    /// Finds further values; returns whether there is more to do.
    pub fn advance(&mut self, budget: usize) -> bool {
        if self.complete() {
            return false;
        }
        let arrows: usize = self.arrows.iter_mut().map(|series| series.advance(budget)).sum();
        let grids = self.ellipses.advance(budget) + self.lines.advance(budget);
        let filled = self.sheet.as_mut().filter(|sheet| !sheet.complete()).map(|sheet| sheet.advance(budget));
        self.age += u64::from(arrows + grids > 0 || filled.is_some());
        self.balls.advance(budget);
        self.matrices.advance(budget);
        self.region.advance(budget);
        self.geodesics.advance(budget);
        !self.complete()
    }

    /// Whether everything is known.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.arrows.iter().all(Series::complete)
            && self.ellipses.complete()
            && self.lines.complete()
            && self.sheet.as_ref().is_none_or(Sheet::complete)
            && self.balls.complete()
            && self.matrices.complete()
            && self.region.complete()
            && self.geodesics.complete()
    }

    /// The title's words on the overlays that are on, the most important first.
    #[must_use]
    pub fn words(&self, show: &Seen<'_>, delta: Option<f64>) -> Vec<String> {
        let on = |overlay| show.overlay_now(overlay);
        let fill = self.sheet.as_ref().map(Sheet::words);
        let rings = [
            Overlay::QuadraticBall,
            Overlay::ReverseKlBall,
            Overlay::FisherBall,
            Overlay::EllipseGrid,
            Overlay::Damping,
            Overlay::OtherFishers,
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
            arrows.map(str::to_owned),
            radius,
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
