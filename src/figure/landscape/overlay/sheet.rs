//! A number of the geometry as the fill, in place of the loss: √det F, the volume element of the drawn chart (Jeffreys'
//! prior up to a factor), and the Gaussian curvature of the Fisher metric, which no chart changes.

use std::sync::Arc;

use crate::app::Seen;
use crate::family::{Chart, ChartId, Family};
use crate::format;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::math::linear::determinant2;
use crate::plot::levels::Levels;
use crate::plot::mark::Bands;
use crate::plot::ticks::ticks;
use crate::plot::{Field, Frame};
use crate::scenario::Overlay;

use super::series::Key;

/// Points that are evaluated while a frame is drawn, where a metric may be an integral and where it is not.
const AT_ONCE: [usize; 2] = [500, 2_000];
/// Values that agree to this relative difference are equal: a constant has no contours.
const CONSTANT: f64 = 1e-6;
/// About how many bands a linear scale has.
const BANDS: f64 = 9.0;

/// The quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// √det F.
    Jeffreys,
    /// K.
    Curvature,
}

/// The values of a number over a frame.
#[derive(Debug)]
pub struct Kept {
    key: Key,
    which: Sheet,
    family: Arc<dyn Family>,
    chart: ChartId,
    field: Field,
}

/// The sheet that is on, if one is: the curvature before √det F.
#[must_use]
pub fn shown(show: &Seen<'_>) -> Option<Sheet> {
    let on = |overlay, sheet| show.overlay_now(overlay).then_some(sheet);
    on(Overlay::Curvature, Sheet::Curvature).or_else(|| on(Overlay::Jeffreys, Sheet::Jeffreys))
}

impl Sheet {
    fn value(self, family: &dyn Family, chart: &dyn Chart, x: Vec2) -> f64 {
        if Place::violation(family, chart, x).is_some() {
            return f64::NAN;
        }
        let place = Place::at(chart, x);
        match self {
            Self::Jeffreys => determinant2(&family.fisher(place.p)).sqrt() * determinant2(&place.jacobian).abs(),
            Self::Curvature => family.curvature(place.p),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Jeffreys => "√det F",
            Self::Curvature => "curvature",
        }
    }
}

/// Updates the sheet for a show and a frame; returns whether anything changed.
pub fn follow(kept: &mut Option<Kept>, show: &Seen<'_>, frame: &Frame) -> bool {
    let Some(which) = shown(show) else { return kept.take().is_some() };
    let key = Key::over(show, frame, &[]);
    if kept.as_ref().is_some_and(|kept| kept.key == key && kept.which == which) {
        return false;
    }
    let family = Arc::clone(&show.world.family);
    let cheap = family.cheap();
    let field = if cheap { Field::new(*frame) } else { Field::sparing(*frame) };
    let mut sheet = Kept { key, which, family, chart: show.chart, field };
    sheet.advance(AT_ONCE[usize::from(cheap)]);
    *kept = Some(sheet);
    true
}

impl Kept {
    /// Finds further values; returns whether there is more to do.
    pub fn advance(&mut self, budget: usize) -> bool {
        let Self { which, family, chart, field, .. } = self;
        let chart = family.chart(*chart);
        field.advance(budget, |xs, out| {
            out.iter_mut().zip(xs).for_each(|(out, x)| *out = which.value(&**family, chart, *x));
        })
    }

    /// Whether every value is known.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.field.complete()
    }

    fn range(&self) -> Option<[f64; 2]> {
        let finite = || self.field.values().iter().copied().filter(|v| v.is_finite());
        Some([finite().reduce(f64::min)?, finite().reduce(f64::max)?])
    }

    /// Where the bands lie: by decades for √det F, which is positive, evenly for the curvature.
    #[must_use]
    pub fn levels(&self, most: usize) -> Levels {
        let Some([low, high]) = self.range() else { return Levels::default() };
        if high - low <= CONSTANT * low.abs().max(high.abs()) {
            return Levels::default();
        }
        match self.which {
            Sheet::Jeffreys => Levels::of(self.field.values().iter().copied(), most),
            Sheet::Curvature => {
                let values = ticks([low, high], 100, 100.0 / BANDS.min(most as f64)).into_iter().map(|tick| tick.at);
                Levels { values: values.take(most).collect() }
            }
        }
    }

    /// The fill, with edges where there are no colours.
    #[must_use]
    pub fn bands(&self, most: usize) -> Bands {
        Bands { field: self.field.clone(), base: 0.0, levels: self.levels(most), edges: true }
    }

    /// The title: the name and the range in view.
    #[must_use]
    pub fn words(&self) -> String {
        let short = |x: f64| format::label(format!("{x:.1e}").parse().unwrap_or(x));
        match self.range() {
            Some([low, high]) if short(low) == short(high) => format!("fill {} {}", self.which.name(), short(low)),
            Some([low, high]) => format!("fill {} {} to {}", self.which.name(), short(low), short(high)),
            None => format!("fill {}", self.which.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::race::World;
    use crate::scenario::Document;

    fn sheet(which: Overlay, frame: Frame) -> Kept {
        let world = World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid one");
        let mut show = Show::new(world);
        show.set_overlay(which, true);
        let mut kept = None;
        assert!(follow(&mut kept, &Seen::of(&show), &frame));
        let mut kept = kept.expect("a sheet");
        while kept.advance(usize::MAX) {}
        kept
    }

    #[test]
    fn gaussians_have_one_curvature_and_a_volume_that_goes_by_the_square_of_the_sd() {
        let frame = Frame { x: [-1.0, 1.0], y: [0.5, 2.0], columns: 20, rows: 10 };
        let flat = sheet(Overlay::Curvature, frame);
        assert_eq!((flat.words().as_str(), flat.levels(12).bands()), ("fill curvature −0.5", 1));
        // F = diag(1, 2)/sd² in (mean, sd).
        let volume = sheet(Overlay::Jeffreys, frame);
        for row in 0..10 {
            let [_, sd] = frame.data(3.25, row as f64 + 0.25);
            let value = volume.field.cell(3, row)[0];
            assert!((value * sd * sd / 2.0_f64.sqrt() - 1.0).abs() < 1e-12, "{value} {sd}");
        }
        assert!(volume.levels(12).bands() > 3);
    }
}
