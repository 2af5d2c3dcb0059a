//! A pane as a value: marks in data coordinates with roles.
//!
//! Says what is drawn, never in which colour, cell or dot: `cells` and `svg` decide that. What a mark means is up to
//! `figure`, which makes them.

use std::sync::Arc;

use super::levels::Levels;
use super::ticks::Tick;
use super::{Field, Frame};

/// A point in data coordinates.
pub type Point = [f64; 2];

/// How much room a pane has inside its frame, and how many bands of a fill can be told apart there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The width in cells of text.
    pub columns: u16,
    /// The height in lines of text.
    pub rows: u16,
    /// The most bands of a fill.
    pub bands: usize,
}

/// What a thing is, and so how it is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Titles, values, axis names.
    Text,
    /// Tick labels, details, headings, the circle.
    Dim,
    /// The playhead and grid dots; never text.
    Faint,
    /// Frames.
    Border,
    /// The focused pane's frame.
    Focus,
    /// The program's name, the cue bar, help groups.
    Accent,
    /// Contour lines.
    Contour,
    /// Their values, and the labels of the vertical axis.
    ContourLabel,
    /// Start, optimum, the Fisher ellipse.
    Mark,
    /// As a foreground: the edge of the KL ball and of the target density. As a background: their fill.
    Soft,
}

/// Whose a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Nobody's.
    Role(Role),
    /// A racer's: what is recent.
    Racer(usize),
    /// A racer's: what lies behind the last steps.
    Past(usize),
    /// A racer's: what lies ahead of the playhead; drawn only where colours set it apart.
    Ahead(usize),
    /// A ring about a racer: gives way to every path.
    Ring(usize),
}

/// Dots on and off along a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// No gaps; racers' lines have dashes of their own where colours do not tell them apart.
    Solid,
    /// Every other dot.
    Dotted,
    /// Every third dot.
    Sparse,
    /// Three on, two off.
    Dashed,
    /// Two on, two off.
    Even,
}

/// How heavy a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As thin as it can be.
    Thin,
    /// A path: heavy where that is asked for.
    Path,
}

/// A line through points; one that is not finite breaks it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The points.
    pub points: Vec<Point>,
    /// Whose it is.
    pub ink: Ink,
    /// Its gaps.
    pub dash: Dash,
    /// Its weight.
    pub weight: Weight,
    /// Whether its dashes run on from the line before with the same ink.
    pub continues: bool,
    /// Whether it leaves the edge of a fill visible.
    pub yields: bool,
}

impl Line {
    /// A thin line without gaps.
    #[must_use]
    pub const fn thin(points: Vec<Point>, ink: Ink) -> Self {
        Self { points, ink, dash: Dash::Solid, weight: Weight::Thin, continues: false, yields: false }
    }

    /// The same with gaps.
    #[must_use]
    pub fn dashed(self, dash: Dash) -> Self {
        Self { dash, ..self }
    }
}

/// A sign at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Where everybody starts.
    Start,
    /// The optimum.
    Optimum,
    /// Where a racer stands; several in one place stand in a row.
    Head(usize),
    /// Where a racer ended.
    Dead(usize),
    /// A racer's mark every ten steps; left out beside other marks.
    Bead(usize),
    /// A racer's glyph, exactly here.
    Racer(usize),
    /// A racer below the axis, with its glyph replaced.
    Below(usize),
    /// Any character.
    Char(char, Ink),
}

/// Where a label may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Centred on the first of its anchors that is free.
    On,
    /// Around the anchor, in a fixed order of places.
    Around,
    /// As `Around`, but first further and further in a direction on screen (columns, rows).
    Toward([f64; 2]),
    /// Right of the first of its anchors where there is room.
    Right,
    /// In the anchor's row, inside the edge beside it, over whatever is there.
    Edge,
    /// In the anchor's row, right of it or left.
    Beside,
}

/// A text at a point: drawn whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Where it belongs, best first.
    pub anchors: Vec<Point>,
    /// How it is placed.
    pub place: Place,
    /// Its colour.
    pub ink: Ink,
}

/// A bar standing on the lower edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Its sides.
    pub x: [f64; 2],
    /// Its height in data coordinates.
    pub height: f64,
}

impl Bar {
    /// The height of the bar at a place, zero beside them all.
    #[must_use]
    pub fn at(bars: &[Self], x: f64) -> f64 {
        bars.iter().find(|bar| bar.x[0] <= x && x < bar.x[1]).map_or(0.0, |bar| bar.height)
    }
}

/// A filled field: bands of values above a base.
#[derive(Debug, Clone)]
pub struct Bands {
    /// The values.
    pub field: Field,
    /// What is subtracted from them.
    pub base: f64,
    /// The edges of the bands.
    pub levels: Levels,
    /// Whether its edges are drawn where there are no fills.
    pub edges: bool,
}

/// What a legend shows of a mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sample {
    /// The soft fill.
    Fill,
    /// A line.
    Line(Dash, Ink),
}

/// A line of a legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The mark.
    pub sample: Sample,
    /// What it is.
    pub text: String,
}

/// One mark.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A filled field.
    Bands(Bands),
    /// Filled bars.
    Bars(Vec<Bar>),
    /// What lies under a curve down to the lower edge, filled.
    Under(Vec<Point>),
    /// The inside of a closed line, filled.
    Area(Vec<Point>),
    /// Single dots.
    Dots(Vec<Point>, Ink),
    /// A line.
    Line(Line),
    /// A sign.
    Sign(Point, Sign),
    /// A text.
    Label(Label),
    /// What marks are, in the first corner that is free.
    Legend(Vec<Entry>),
    /// A vertical line across the picture.
    Rule(f64),
    /// Ticks on the lower edge.
    Rug(Vec<f64>),
}

/// What a layer of marks covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Under everything; the last mark owns the place.
    Ground,
    /// Lines that share a place.
    Lines,
    /// Signs and labels over everything.
    Signs,
}

/// Marks that change together. Its identity is its address: as long as a pane hands out the same `Arc`, its marks are
/// the same.
#[derive(Debug, Clone)]
pub struct Layer {
    /// What they cover.
    pub tier: Tier,
    /// The marks, lowest first.
    pub marks: Vec<Mark>,
}

impl Layer {
    /// A layer to be shared.
    #[must_use]
    pub fn new(tier: Tier, marks: Vec<Mark>) -> Arc<Self> {
        Arc::new(Self { tier, marks })
    }
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
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Where the vertical axis' labels stand.
    pub labels: Labels,
    /// Whether dots run along every tick of the vertical axis.
    pub grid: bool,
    /// Whether a unit is as long on both axes.
    pub equal: bool,
    /// The layers that time does not move, in the order in which they came; none is taken away while those before it
    /// stay.
    pub settled: Vec<Arc<Layer>>,
    /// The rest.
    pub layers: Vec<Arc<Layer>>,
}

impl Plot {
    /// Every layer, lowest tier first.
    pub fn all(&self) -> impl Iterator<Item = &Layer> {
        let of =
            |tier| self.settled.iter().chain(&self.layers).map(Arc::as_ref).filter(move |layer| layer.tier == tier);
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
    /// A mark as legends show it.
    Sample(Sample),
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
    pub names: Vec<String>,
    /// The picture, if it has one.
    pub plot: Option<Plot>,
    /// The text right of the picture or in its place, with its width.
    pub table: Option<(u16, Table)>,
}
