//! A function on dyadic pieces of the line: evaluated once, used for every point of a picture.
//!
//! The function does not depend on the parameters, so neither do its values at the nodes of a panel and the bound on
//! its variation between them (Petras 2002).

use std::collections::HashMap;
use std::f64::consts::PI;

use crate::expression::Expression;
use crate::family::Support;
use crate::math::adaptive::NODES;

use super::integral::DEGREE;
use super::span::parts;

/// The number of nodes of a panel.
pub const SIZE: usize = 15;
/// The number of panels above which the table is cleared.
const CAPACITY: usize = 50_000;
/// The number of octaves that must be analytic before a remainder counts as smooth.
const AHEAD: i32 = 64;

/// The nodes on [−1, 1], with their weights in Kronrod's and Gauss's rule.
pub const RULE: [[f64; 3]; SIZE] = {
    let mut rule = [[0.0; 3]; SIZE];
    let mut k = 0;
    while k < SIZE {
        let [node, kronrod, gauss] = NODES[k / 2];
        rule[k] = [if k % 2 == 0 { -node } else { node }, kronrod, gauss];
        k += 1;
    }
    rule
};

/// A function on a piece of the line.
#[derive(Debug)]
pub struct Values {
    /// The nodes.
    pub at: [f64; SIZE],
    /// The function at the nodes.
    pub found: [f64; SIZE],
    /// A bound on the error per mass that the nodes do not reveal; infinite at a pole.
    pub hidden: f64,
}

#[derive(Debug)]
struct Panel {
    low: f64,
    high: f64,
    values: Option<Box<Values>>,
    /// The index of the first of its parts, and that after the last.
    parts: Option<[usize; 2]>,
}

/// The function beyond an octave, away from the middle of the support.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    /// Its range.
    pub range: [f64; 2],
    /// Whether it is analytic in each of the next octaves.
    pub smooth: bool,
}

/// A function on the pieces of its support that have been used so far.
#[derive(Debug)]
pub struct Table {
    support: Support,
    panels: Vec<Panel>,
    octaves: HashMap<i32, usize>,
    rests: HashMap<i32, Rest>,
    /// Its value at the lower end of the support, or its common limit at both infinities; `None` if there is none.
    pub limit: Option<f64>,
    /// Whether it is bounded on the support.
    pub bounded: bool,
}

/// The smallest and the largest octave.
const fn octaves(support: Support) -> [i32; 2] {
    match support {
        Support::Real | Support::Positive => [-900, 900],
        Support::Unit => [-900, 40],
        _ => [0, 3],
    }
}

/// The ends of an octave: powers of two towards infinity, zero and one; quarters of the circle.
fn octave(support: Support, k: i32) -> [f64; 2] {
    let two = |k: i32| 2.0_f64.powi(k);
    match support {
        Support::Real if k == 0 => [-1.0, 1.0],
        Support::Real if k > 0 => [two(k - 1), two(k)],
        Support::Real => [-two(-k), -two(-k - 1)],
        Support::Positive => [two(k), two(k + 1)],
        Support::Unit if k < 0 => [two(k - 1), two(k)],
        Support::Unit => [1.0 - two(-k - 1), 1.0 - two(-k - 2)],
        _ => [0.0, 1.0].map(|end| (0.5 * (f64::from(k) + end) - 1.0) * PI),
    }
}

impl Table {
    pub fn new(function: &Expression, support: Support) -> Self {
        let range = |low: f64, high: f64| function.region(low, high).real;
        let (ends, limit) = match support {
            Support::Real => {
                let [left, right] = [range(f64::MIN, -1e3), range(1e3, f64::MAX)];
                let same = right[1].max(left[1]) - right[0].min(left[0]) < 1e-12;
                ([f64::MIN, f64::MAX], same.then_some(right[0]))
            }
            Support::Positive => ([0.0, f64::MAX], Some(function.value(&[f64::MIN_POSITIVE]))),
            Support::Unit => ([0.0, 1.0], None),
            _ => ([-PI, PI], None),
        };
        let bounded = function.region(ends[0], ends[1]).bounded();
        let limit = limit.filter(|limit| bounded && limit.is_finite());
        Self { support, panels: Vec::new(), octaves: HashMap::new(), rests: HashMap::new(), limit, bounded }
    }

    /// Clears the panels if there are more than [`CAPACITY`].
    pub fn tidy(&mut self) {
        if self.panels.len() > CAPACITY {
            self.panels.clear();
            self.octaves.clear();
        }
    }

    /// The octave that contains x.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a thousand octaves")]
    pub fn index(&self, x: f64) -> i32 {
        let power = |x: f64| x.log2().floor().clamp(-2000.0, 2000.0) as i32;
        let k = match self.support {
            Support::Real if x.abs() < 1.0 => 0,
            Support::Real if x > 0.0 => power(x) + 1,
            Support::Real => -power(-x) - 1,
            Support::Positive => power(x),
            Support::Unit if x < 0.5 => power(x) + 1,
            Support::Unit => ((-(1.0 - x).log2()).floor().clamp(1.0, 2000.0) as i32) - 1,
            _ => 0,
        };
        let [least, most] = octaves(self.support);
        k.clamp(least, most)
    }

    /// The panel of an octave; `None` if it is out of range.
    pub fn octave(&mut self, k: i32) -> Option<usize> {
        let [least, most] = octaves(self.support);
        if !(least..=most).contains(&k) {
            return None;
        }
        if let Some(found) = self.octaves.get(&k) {
            return Some(*found);
        }
        let [low, high] = octave(self.support, k);
        self.octaves.insert(k, self.panels.len());
        self.panels.push(Panel { low, high, values: None, parts: None });
        Some(self.panels.len() - 1)
    }

    /// The function beyond octave `k`, above it or below.
    pub fn rest(&mut self, function: &Expression, k: i32, above: bool) -> Rest {
        let support = self.support;
        let key = if above { 2 * k } else { 2 * k + 1 };
        *self.rests.entry(key).or_insert_with(|| {
            let [low, high] = octave(support, k);
            let [from, to] = match (support, above) {
                (Support::Real, false) => [f64::MIN, low],
                (_, false) => [0.0, low],
                (Support::Unit, true) => [high, 1.0],
                (_, true) => [high, f64::MAX],
            };
            let step = if above { 1 } else { -1 };
            let smooth = (1..=AHEAD).all(|n| {
                let [low, high] = octave(support, k + step * n);
                low == high || function.region(low, high).smooth
            });
            Rest { range: function.region(from, to).real, smooth }
        })
    }

    /// The ends of a panel.
    pub fn ends(&self, panel: usize) -> [f64; 2] {
        [self.panels[panel].low, self.panels[panel].high]
    }

    /// The function on a panel.
    pub fn values(&mut self, function: &Expression, panel: usize) -> &Values {
        let Panel { low, high, values, .. } = &mut self.panels[panel];
        values.get_or_insert_with(|| {
            let (middle, half) = (0.5 * (*low + *high), 0.5 * (*high - *low));
            let at = RULE.map(|[node, ..]| middle + half * node);
            let mut values = [0.0; SIZE];
            function.values(&at, &mut values);
            let region = function.region(*low, *high);
            let range = region.real[1] - region.real[0];
            let hidden = if region.smooth { range.min(DEGREE * region.deviation()) } else { range };
            let seen = region.bounded() && values.iter().all(|value| value.is_finite());
            Box::new(Values { at, found: values, hidden: if seen { hidden } else { f64::INFINITY } })
        })
    }

    /// The parts of a panel: between its kinks, or its halves; `None` if doubles do not resolve them.
    pub fn parts(&mut self, function: &Expression, panel: usize) -> Option<std::ops::Range<usize>> {
        let Panel { low, high, parts: known, .. } = self.panels[panel];
        if let Some([first, last]) = known {
            return Some(first..last);
        }
        let edge = 1e-12 * low.abs().max(high.abs());
        if high - low < 8.0 * edge {
            return None;
        }
        let region = function.region(low, high);
        let mut inside = if region.smooth { Vec::new() } else { function.corners(low, high) };
        inside.retain(|x| low + edge < *x && *x < high - edge);
        inside.truncate(8);
        if inside.is_empty() {
            inside.push(0.5 * (low + high));
        }
        let first = self.panels.len();
        for span in parts(low, high, &inside) {
            let [low, high] = span.range();
            self.panels.push(Panel { low, high, values: None, parts: None });
        }
        self.panels[panel].parts = Some([first, self.panels.len()]);
        Some(first..self.panels.len())
    }
}
