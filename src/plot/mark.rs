//! Marks in data coordinates with roles.
//!
//! Says what is drawn, never in which colour, cell or dot: `cells` and `svg` decide that. What a mark means is up to
//! `figure`, which makes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Field;
use super::levels::Levels;

/// A point in data coordinates.
pub type Point = [f64; 2];

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
    /// As a background: the bar of captions.
    Bar,
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
    /// Where the loss is least within a shape.
    Lowest,
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
    pub field: Arc<Field>,
    /// What is subtracted from them.
    pub base: f64,
    /// The edges of the bands.
    pub levels: Levels,
    /// Whether its edges are drawn where there are no fills.
    pub edges: bool,
}

/// Between which quantiles of a racer's members a band lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// All but the extremes; seen without fills, too.
    Outer,
    /// The middle half, over the outer one.
    Inner,
}

/// What lies between two lines of one racer.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// The lower line, and the upper one.
    pub edges: [Vec<Point>; 2],
    /// Whose it is.
    pub racer: usize,
    /// Which quantiles its lines are.
    pub spread: Spread,
}

impl Band {
    /// Its outline, not closed: along the lower line and back along the upper one.
    pub fn outline(&self) -> impl Iterator<Item = Point> {
        let [low, high] = &self.edges;
        low.iter().chain(high.iter().rev()).copied()
    }
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
    /// A band of quantiles, filled.
    Band(Band),
    /// Single dots.
    Dots(Vec<Point>, Ink),
    /// A line.
    Line(Line),
    /// A sign.
    Sign(Point, Sign),
    /// A text.
    Label(Label),
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

/// The last of all roots.
static ROOT: AtomicU64 = AtomicU64::new(0);

/// Layers of lines and signs that time does not move, in the order in which they came: more may come, none is taken away.
/// Labels find their places anew in every picture, and belong to the rest. A clone is to be read: two that grew apart would be
/// taken for one.
///
/// # Examples
/// ```
/// use geodescent::plot::mark::{Settled, Tier};
///
/// let mut settled = Settled::default();
/// let before = settled.reached();
/// settled.push(Tier::Lines, Vec::new());
/// assert_eq!(settled.since(before).map(<[_]>::len), None, "nothing was nobody's");
/// let before = settled.reached();
/// settled.push(Tier::Signs, Vec::new());
/// assert_eq!(settled.since(before).map(<[_]>::len), Some(1));
/// assert!(Settled::default().since(before).is_none());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// The same in all that have grown from one first layer; 0 before there is any.
    root: u64,
    layers: Arc<Vec<Layer>>,
}

/// How far layers had come that have settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    root: u64,
    count: usize,
}

impl Settled {
    /// Adds a layer.
    pub fn push(&mut self, tier: Tier, marks: Vec<Mark>) {
        if self.root == 0 {
            self.root = ROOT.fetch_add(1, Ordering::Relaxed) + 1;
        }
        Arc::make_mut(&mut self.layers).push(Layer { tier, marks });
    }

    /// All of them.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How far they have come.
    #[must_use]
    pub fn reached(&self) -> Reached {
        Reached { root: self.root, count: self.layers.len() }
    }

    /// Those that have come since; `None` if these have not grown from those.
    #[must_use]
    pub fn since(&self, before: Reached) -> Option<&[Layer]> {
        self.layers.get(before.count..).filter(|_| before.root == self.root)
    }
}
