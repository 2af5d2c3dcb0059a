//! A pane as a value: a picture over two axes, text beside it or in its place, a title.
//!
//! What is drawn in the picture are `mark`s.

use std::sync::Arc;

use super::Frame;
use super::mark::{Ink, Layer, Point, Settled, Sign, Tier};
use super::ticks::Tick;

/// How much room a pane has inside its frame, how many bands of a fill can be told apart there, and how
/// much detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The width in cells of text.
    pub columns: u16,
    /// The height in lines of text.
    pub rows: u16,
    /// The most bands of a fill.
    pub bands: usize,
    /// How many times finer than its cells a field is.
    pub finer: usize,
    /// Whether cells are filled at all.
    pub fills: bool,
}

/// Where the labels of the vertical axis stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Nowhere.
    None,
    /// On the picture beside its left edge.
    Inside,
    /// In so many columns left of the picture.
    Margin(u16),
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The values at both ends.
    pub range: [f64; 2],
    /// Whether distances are those of logarithms.
    pub log: bool,
    /// The name, with the unit if it has one.
    pub name: String,
    /// The labelled values.
    pub ticks: Vec<Tick>,
}

impl Axis {
    /// The range in which distances are linear.
    #[must_use]
    pub fn span(&self) -> [f64; 2] {
        self.range.map(|value| self.linear(value))
    }

    /// The value at a place where distances are linear.
    #[must_use]
    pub fn inverse(&self, at: f64) -> f64 {
        if self.log { 10_f64.powf(at) } else { at }
    }

    /// A value where distances are linear.
    #[must_use]
    pub fn linear(&self, value: f64) -> f64 {
        match (self.log, value > 0.0) {
            (false, _) => value,
            (true, true) => value.log10(),
            (true, false) if value.is_nan() => f64::NAN,
            (true, false) => f64::NEG_INFINITY,
        }
    }
}

/// A picture over two axes.
#[derive(Debug, Clone)]
pub struct Plot {
    /// The horizontal axis.
    pub x: Arc<Axis>,
    /// The vertical axis.
    pub y: Arc<Axis>,
    /// Where the vertical axis' labels stand.
    pub labels: Labels,
    /// Whether dots run along every tick of the vertical axis.
    pub grid: bool,
    /// Whether a unit is as long on both axes.
    pub equal: bool,
    /// The layers that time does not move.
    pub settled: Settled,
    /// The rest.
    pub layers: Vec<Arc<Layer>>,
}

impl Plot {
    /// Every layer, lowest tier first, and in a tier those that are settled.
    pub fn all(&self) -> impl Iterator<Item = &Layer> {
        let both = || self.settled.layers().iter().chain(self.layers.iter().map(Arc::as_ref));
        let of = move |tier| both().filter(move |layer| layer.tier == tier);
        [Tier::Ground, Tier::Lines, Tier::Signs].into_iter().flat_map(of)
    }

    /// A point in dots of a frame of this plot. On a logarithmic axis what lies far beyond the picture, zero above all,
    /// is a picture away, so that lines run off the edge; NaN stays NaN.
    #[must_use]
    pub fn dot(&self, frame: &Frame, [x, y]: Point) -> [f64; 2] {
        let [dx, dy] = frame.dot(self.x.linear(x), self.y.linear(y));
        let height = 4.0 * frame.rows as f64;
        [dx, if self.y.log { dy.clamp(-height, 3.0 * height) } else { dy }]
    }

    /// The frame of this plot over a rectangle of cells.
    #[must_use]
    pub fn frame(&self, columns: usize, rows: usize) -> Frame {
        Frame { x: self.x.span(), y: self.y.span(), columns, rows }
    }
}

/// A piece of text in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The column where it begins or, aligned right, before which it ends.
    pub column: u16,
    /// Whether it ends at the column.
    pub right: bool,
    /// The most columns that it may take; cut with an ellipsis.
    pub most: u16,
    /// What it says.
    pub text: Words,
    /// Its colour.
    pub ink: Ink,
    /// Whether it stands out.
    pub bold: bool,
}

/// What a span says.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// A text.
    Text(String),
    /// A sign.
    Sign(Sign),
    /// The mark of the chosen row.
    Chosen,
    /// The fill of a band of so many, behind what follows, as wide as the span may be.
    Fill([usize; 2]),
    /// A bar over a share of the span's width, from its left end, in eighths of a cell.
    Bar(f64),
    /// A character of dots, as in a line: the mask of a braille character.
    Dots(u8),
    /// What has no value: hatched, as wide as the span may be.
    Hatch,
}

/// Rows of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The rows, top down.
    pub rows: Vec<Vec<Span>>,
}

/// A pane as a value.
#[derive(Debug, Clone, Default)]
pub struct PaneFigure {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub detail: String,
    /// What stands at the right of the title.
    pub right: String,
    /// The racers' names, for pictures that have room for them.
    pub names: Arc<[String]>,
    /// The picture, if it has one.
    pub plot: Option<Plot>,
    /// The text right of the picture or in its place, with its width.
    pub table: Option<(u16, Table)>,
    /// The text below the picture, if none stands beside it.
    pub below: Table,
    /// A pane of its own below the text beside the picture, where that leaves room.
    pub inset: Option<Box<Self>>,
}
