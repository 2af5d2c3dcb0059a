//! What lies under the paths: the fill by bands of loss, contour lines, their values. Changes only with the field.

use std::sync::Arc;

use crate::format;
use crate::plot::cells::field_dot;
use crate::plot::contour::{break_narrow, lines};
use crate::plot::levels::Levels;
use crate::plot::mark::{Bands, Ink, Label, Layer, Line, Mark, Place, Role, Tier};
use crate::plot::text::width;
use crate::plot::{Dots, Field, Frame};

use crate::figure::values::{middle, places, trace};

/// The columns at the left edge that belong to the labels of the vertical axis.
const EDGE: usize = 6;
/// How many values of a field are sorted to find its levels; at most twice as many.
const RANKED: usize = 40_000;

/// A loss over a frame, as it is shown.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The losses.
    pub field: &'a Arc<Field>,
    /// The frame in cells, which may be coarser than that of the field.
    pub frame: Frame,
    /// The best known loss.
    pub best: f64,
    /// The levels of its fill and of its contours.
    pub levels: Levels,
    /// Cells that labels keep away from.
    pub marks: Vec<(usize, usize)>,
}

/// The levels of a field over its best value, for at most so many bands.
#[must_use]
pub fn levels(field: &Field, best: f64, bands: usize) -> Levels {
    let stride = (field.values().len() / RANKED).max(1) | 1;
    Levels::of(field.values().iter().step_by(stride).map(|v| v - best), bands)
}

impl Ground<'_> {
    /// The fill.
    #[must_use]
    pub fn fill(&self) -> Bands {
        Bands { field: Arc::clone(self.field), base: self.best, levels: self.levels.clone(), edges: false }
    }

    /// Decades as lines, or where a loss is `bounded` and has few of them 1-2-5, and their values beside them.
    #[must_use]
    pub fn contours(&self, bounded: bool) -> [Arc<Layer>; 2] {
        let (frame, fine) = (self.frame, *self.field.frame());
        let (mut drawn, mut dots) = (Vec::new(), Vec::new());
        for level in if bounded { self.levels.round() } else { self.levels.decades() } {
            let mut own = Dots::new(frame.columns, frame.rows);
            for mut line in lines(self.field.grid(), self.best + level) {
                break_narrow(self.field.grid(), self.best + level, &mut line);
                let points: Vec<[f64; 2]> = line.into_iter().map(|at| fine.data_of(field_dot(at))).collect();
                trace(&mut own, &frame, &points);
                drawn.push(Mark::Line(Line::thin(points, Ink::Role(Role::Contour))));
            }
            dots.push((level, own));
        }
        let label = |(i, (level, own)): (usize, &(f64, Dots))| {
            let others =
                dots.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, (_, dots))| dots).collect::<Vec<_>>();
            let text = format::label(*level);
            let anchors = places(usize::from(width(&text)), EDGE, own, &others, &self.marks)
                .into_iter()
                .map(|(column, row)| middle(&frame, column, row))
                .collect();
            Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::ContourLabel) })
        };
        let labels = dots.iter().enumerate().map(label).collect();
        [Layer::new(Tier::Ground, drawn), Layer::new(Tier::Signs, labels)]
    }
}
