//! What an overlay draws: marks over a frame, before it is known what else is there.
//!
//! Who owns a place, and where a label finds room, is decided when marks are drawn.

use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::mark::{Dash, Ink, Label, Line, Mark, Place, Point, Role, Sign};

/// The colours of what belongs to no racer.
pub const DIM: Ink = Ink::Role(Role::Dim);
/// Lighter grey.
pub const PALE: Ink = Ink::Role(Role::ContourLabel);
/// As text.
pub const TEXT: Ink = Ink::Role(Role::Text);
/// The accent.
pub const ACCENT: Ink = Ink::Role(Role::Accent);

/// Marks over a frame.
#[derive(Debug, Clone)]
pub struct Sketch {
    /// The frame.
    pub frame: Frame,
    /// The lines, lowest first.
    pub lines: Vec<Mark>,
    /// Signs and labels, the most important first.
    pub signs: Vec<Mark>,
}

/// The numbers of a point.
#[must_use]
pub fn point(x: Vec2) -> Point {
    [x[0], x[1]]
}

impl Sketch {
    /// Nothing yet.
    #[must_use]
    pub const fn new(frame: Frame) -> Self {
        Self { frame, lines: Vec::new(), signs: Vec::new() }
    }

    /// The dot of a point of the chart.
    #[must_use]
    pub fn dot(&self, x: Vec2) -> [f64; 2] {
        self.frame.dot(x[0], x[1])
    }

    /// A line through points of the chart.
    pub fn line(&mut self, points: impl IntoIterator<Item = Vec2>, ink: Ink, dash: Dash) {
        self.path(points.into_iter().map(point).collect(), ink, dash);
    }

    /// The same through numbers.
    pub fn path(&mut self, points: Vec<Point>, ink: Ink, dash: Dash) {
        self.lines.push(Mark::Line(Line::thin(points, ink).dashed(dash)));
    }

    /// A closed line through points of the chart; parts not yet computed are left open.
    pub fn ring(&mut self, points: &[Vec2], whole: bool, ink: Ink, dash: Dash) {
        let first = points.first().copied().filter(|_| whole);
        self.line(points.iter().copied().chain(first), ink, dash);
    }

    /// A mark of one character at a point of the chart.
    pub fn mark(&mut self, x: Vec2, symbol: char, ink: Ink) {
        self.signs.push(Mark::Sign(point(x), Sign::Char(symbol, ink)));
    }

    /// A name beside a point of the chart.
    pub fn name(&mut self, x: Vec2, text: String, ink: Ink) {
        self.signs.push(Mark::Label(Label { text, anchors: vec![point(x)], place: Place::Around, ink }));
    }

    /// A label outside a closed line, where that is in view and furthest from `centre` in a direction on screen.
    pub fn label(&mut self, points: &[Vec2], centre: Vec2, toward: [f64; 2], text: &str, ink: Ink) {
        let from = self.dot(centre);
        let along = |x: &&Vec2| {
            let dot = self.dot(**x);
            (dot[0] - from[0]) * toward[0] + (dot[1] - from[1]) * toward[1]
        };
        let inside = points.iter().filter(|x| self.frame.cell(x[0], x[1]).is_some());
        let Some(far) = inside.max_by(|a, b| along(a).total_cmp(&along(b))) else { return };
        let (anchors, place) = (vec![point(*far)], Place::Toward(toward));
        self.signs.push(Mark::Label(Label { text: text.to_owned(), anchors, place, ink }));
    }
}
