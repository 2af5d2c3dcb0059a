//! A number of the geometry as the fill, in place of the loss: √det F, the volume element of the drawn chart (Jeffreys'
//! prior up to a factor), and the Gaussian curvature of the Fisher metric, which no chart changes.

use std::sync::Arc;

use crate::app::Seen;
use crate::family::{Chart, Family};
use crate::format;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::math::linear::determinant2;
use crate::plot::Frame;
use crate::plot::levels::Levels;
use crate::plot::mark::Bands;
use crate::plot::ticks::ticks;
use crate::scenario::Overlay;

use crate::figure::computed::{Grain, Key, Pending, Raster};

/// Points that are evaluated while a frame is drawn.
const AT_ONCE: usize = 2_000;
/// Values that agree to this relative difference are equal: a constant has no contours.
const CONSTANT: f64 = 1e-6;
/// About how many bands a linear scale has.
const BANDS: f64 = 9.0;

/// The quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// √det F.
    Jeffreys,
    /// K.
    Curvature,
}

/// The values of a number over a frame.
#[derive(Debug, Default)]
pub struct Sheet {
    which: Option<Fill>,
    raster: Raster,
}

/// The fill that is on, if one is: the curvature before √det F.
fn wanted(show: &Seen<'_>) -> Option<Fill> {
    let on = |overlay, fill| show.overlay_now(overlay).then_some(fill);
    on(Overlay::Curvature, Fill::Curvature).or_else(|| on(Overlay::Jeffreys, Fill::Jeffreys))
}

impl Fill {
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

impl Sheet {
    /// Updates the values for a show and a frame.
    pub fn follow(&mut self, show: &Seen<'_>, frame: &Frame) {
        self.which = wanted(show);
        let Some(which) = self.which else { return self.raster.clear() };
        let (family, chart) = (Arc::clone(&show.world.family), show.chart);
        let sparing = !family.cheap();
        let quick = !sparing && 4 * frame.columns * frame.rows <= AT_ONCE;
        let key = Key::over(show, frame, &[f64::from(which as u8)]);
        self.raster.refine(key, *frame, Grain { quick, sparing, floors: false }, 1, || {
            move |xs: &[Vec2], out: &mut [f64]| {
                let chart = family.chart(chart);
                out.iter_mut().zip(xs).for_each(|(out, x)| *out = which.value(&*family, chart, *x));
            }
        });
    }

    /// Whether it is drawn.
    #[must_use]
    pub const fn shown(&self) -> bool {
        self.which.is_some()
    }

    /// Counts its changes.
    #[must_use]
    pub const fn age(&self) -> u64 {
        self.raster.age()
    }

    /// What is computed.
    pub fn part(&mut self) -> &mut dyn Pending {
        &mut self.raster
    }

    fn values(&self) -> &[f64] {
        self.raster.field().map_or(&[], |field| field.values())
    }

    fn range(&self) -> Option<[f64; 2]> {
        let finite = || self.values().iter().copied().filter(|v| v.is_finite());
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
            None => Levels::default(),
            Some(Fill::Jeffreys) => Levels::of(self.values().iter().copied(), most),
            Some(Fill::Curvature) => {
                let values = ticks([low, high], 100, 100.0 / BANDS.min(most as f64)).into_iter().map(|tick| tick.at);
                Levels { values: values.take(most).collect() }
            }
        }
    }

    /// The fill, with edges where there are no colours; `None` if nothing is known of it.
    #[must_use]
    pub fn bands(&self, most: usize) -> Option<Bands> {
        let field = Arc::clone(self.raster.field()?);
        Some(Bands { field, base: 0.0, levels: self.levels(most), edges: true })
    }

    /// The title: the name and the range in view.
    #[must_use]
    pub fn words(&self) -> String {
        let short = |x: f64| format::label(format!("{x:.1e}").parse().unwrap_or(x));
        let name = self.which.map_or("", Fill::name);
        match self.range() {
            Some([low, high]) if short(low) == short(high) => format!("fill {} {}", name, short(low)),
            Some([low, high]) => format!("fill {} {} to {}", name, short(low), short(high)),
            None => format!("fill {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::race::World;
    use crate::scenario::Document;

    fn sheet(which: Overlay, frame: Frame) -> Sheet {
        let world = World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid one");
        let mut show = Show::new(world);
        show.set_overlay(which, true);
        let mut sheet = Sheet::default();
        for _ in 0..2 {
            sheet.follow(&Seen::of(&show), &frame);
            sheet.part().finish();
        }
        sheet
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
            let value = volume.raster.field().expect("a field").cell(3, row)[0];
            assert!((value * sd * sd / 2.0_f64.sqrt() - 1.0).abs() < 1e-12, "{value} {sd}");
        }
        assert!(volume.levels(12).bands() > 3);
    }
}
