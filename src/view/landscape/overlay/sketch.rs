//! What an overlay draws: lines and signs over a frame, before it is known what else is there.
//!
//! `ink` and `ground` decide who owns a cell.

use crate::math::Vec2;
use crate::plot::Frame;
use crate::view::ink::Tone;

/// A line in dot units.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its points; one that is not finite breaks the line.
    pub points: Vec<[f64; 2]>,
    /// Its colour.
    pub tone: Tone,
    /// Dots on and off.
    pub dash: [usize; 2],
}

impl Line {
    /// Whether its i-th dot is set.
    #[must_use]
    pub const fn keeps(dash: [usize; 2], i: usize) -> bool {
        i % (dash[0] + dash[1]) < dash[0]
    }
}

/// A text at a point in dot units.
#[derive(Debug, Clone)]
pub struct Sign {
    /// Where its middle is.
    pub at: [f64; 2],
    /// What it says.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
    /// Whether it overwrites whatever is there; a label gives way.
    pub firm: bool,
    /// The direction on screen in which a label without space moves.
    pub toward: [f64; 2],
}

/// Lines and signs over a frame.
#[derive(Debug, Clone)]
pub struct Sketch {
    /// The frame.
    pub frame: Frame,
    /// The lines, lowest first.
    pub lines: Vec<Line>,
    /// The signs, the most important first.
    pub signs: Vec<Sign>,
}

/// A line without gaps.
pub const SOLID: [usize; 2] = [1, 0];
/// Every other dot.
pub const DOTTED: [usize; 2] = [1, 1];
/// Every third dot.
pub const SPARSE: [usize; 2] = [1, 2];
/// Dashes.
pub const DASHED: [usize; 2] = [3, 2];

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
    pub fn line(&mut self, points: impl IntoIterator<Item = Vec2>, tone: Tone, dash: [usize; 2]) {
        let points = points.into_iter().map(|x| self.dot(x)).collect();
        self.lines.push(Line { points, tone, dash });
    }

    /// A closed line through points of the chart; parts not yet computed are left open.
    pub fn ring(&mut self, points: &[Vec2], whole: bool, tone: Tone, dash: [usize; 2]) {
        let first = points.first().copied().filter(|_| whole);
        self.line(points.iter().copied().chain(first), tone, dash);
    }

    /// A mark of one character at a point of the chart.
    pub fn mark(&mut self, x: Vec2, symbol: char, tone: Tone) {
        self.signs.push(Sign { at: self.dot(x), text: symbol.to_string(), tone, firm: true, toward: [0.0; 2] });
    }

    /// A label outside a closed line, where that is in view and furthest from `centre` in a direction on screen.
    pub fn label(&mut self, points: &[Vec2], centre: Vec2, toward: [f64; 2], text: &str, tone: Tone) {
        let from = self.dot(centre);
        let along = |dot: &[f64; 2]| (dot[0] - from[0]) * toward[0] + (dot[1] - from[1]) * toward[1];
        let size = [2.0 * self.frame.columns as f64, 4.0 * self.frame.rows as f64];
        let inside = |dot: &[f64; 2]| (0..2).all(|i| dot[i] >= 0.0 && dot[i] < size[i]);
        let dots = points.iter().map(|x| self.dot(*x)).filter(inside);
        let Some(far) = dots.max_by(|a, b| along(a).total_cmp(&along(b))) else { return };
        let out = [toward[0] * (text.chars().count() as f64 + 2.0), toward[1] * 4.0];
        self.signs.push(Sign {
            at: [far[0] + out[0], far[1] + out[1]],
            text: text.to_owned(),
            tone,
            firm: false,
            toward,
        });
    }
}
