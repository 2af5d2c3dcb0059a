//! Expectations of a function at the many points of a picture, less accurate than those of `expectation`, on panels
//! that all points share.
//!
//! Only the density is evaluated at each point. Where the shared panels are not sufficient, the expectation is that of
//! `expectation`.

use std::f64::consts::PI;
use std::sync::PoisonError;

use super::expectation::Expectation;
use super::table::{RULE, Table};
use crate::family::{LogDensity, Support, principal};
use crate::math::Vec2;

/// The goal of an expectation's error in a picture, relative to E |f − c|.
const ENOUGH: f64 = 1e-5;
/// The goal where the shared panels are not sufficient; twenty times that is accepted.
const FALLBACK: f64 = 1e-6;
/// The maximum number of panels of a point.
const PANELS: usize = 300;
/// The maximum number of octaves beyond the bulk of a distribution.
const OCTAVES: i32 = 48;
/// The widest panel of the bulk, in units of an eighth of the bulk.
const WIDEST: f64 = 4.0;
/// The logarithm of a negligible mass.
const NOTHING: f64 = -40.0;

/// E f at the points of a row; NaN at those outside the family and where E f does not exist or is not computed to the
/// tolerance.
pub fn means(of: &Expectation, points: &[Vec2], out: &mut [f64]) {
    let mut table = of.table.lock().unwrap_or_else(PoisonError::into_inner);
    table.tidy();
    for (out, p) in out.iter_mut().zip(points) {
        *out = if p[0].is_nan() {
            f64::NAN
        } else {
            let shared = if of.summed() { None } else { Mean::new(of, &mut table, *p).find() };
            shared.unwrap_or_else(|| of.rough(*p, FALLBACK).unwrap_or(f64::NAN))
        };
    }
}

/// The terms of an integral.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    /// ∫ (f − base) p.
    value: f64,
    /// ∫ |f − base| p.
    size: f64,
    /// ∫ p.
    mass: f64,
    error: f64,
}

impl Sum {
    fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            size: self.size + other.size,
            mass: self.mass + other.mass,
            error: self.error + other.error,
        }
    }
}

/// The computation of the expectation at one point.
struct Mean<'a> {
    of: &'a Expectation,
    table: &'a mut Table,
    log_density: LogDensity<'a>,
    p: Vec2,
    bulk: [f64; 2],
    /// The widest panel of the bulk.
    widest: f64,
    base: f64,
    /// The number of panels used so far.
    panels: usize,
}

impl<'a> Mean<'a> {
    fn new(of: &'a Expectation, table: &'a mut Table, p: Vec2) -> Self {
        let (low, high) = of.family.bulk(p);
        let width = of.family.components(p).map_or(0.125 * (high - low), |(_, width)| width);
        // Octaves need no further division for a distribution that spans several of them.
        let wide = match of.family.support() {
            Support::Positive => high > 4.0 * low,
            Support::Unit => high - low > 0.2,
            _ => false,
        };
        let widest = if wide { f64::INFINITY } else { WIDEST * width };
        let base = table.limit.unwrap_or_else(|| of.base(p));
        Self { of, table, log_density: of.family.log_density_at(p), p, bulk: [low, high], widest, base, panels: 0 }
    }

    /// The expectation; `None` if it is not computed to a picture's tolerance.
    fn find(mut self) -> Option<f64> {
        let circle = self.of.family.support() == Support::Circle;
        let ends = if circle { [0, 3] } else { self.bulk.map(|end| self.table.index(end)) };
        let roots = (ends[0]..=ends[1]).map(|k| self.table.octave(k)).collect::<Option<Vec<_>>>()?;
        let mut sum = self.integrate(roots, 0.0)?;
        if !circle {
            for above in [true, false] {
                sum = self.beyond(ends[usize::from(above)], above, sum)?;
            }
        }
        let whole = (sum.mass - 1.0).abs() < 1e-4 || sum.size == 0.0;
        (whole && sum.error <= 2.0 * ENOUGH * sum.size).then_some(self.base + sum.value)
    }

    /// The sum plus the integral beyond octave `k`.
    fn beyond(&mut self, mut k: i32, above: bool, mut sum: Sum) -> Option<Sum> {
        // The previous octave, and the remaining mass that it predicts by a geometric series.
        let mut before: Option<(Sum, f64)> = None;
        for _ in 0..OCTAVES {
            k += if above { 1 } else { -1 };
            let root = self.table.octave(k)?;
            let last = self.integrate(vec![root], sum.size)?;
            sum = sum.plus(last);
            let left = |last: f64, before: f64| if last == 0.0 { 0.0 } else { last / (before / last - 1.0).max(0.0) };
            let Some((earlier, promised)) = before.replace((last, f64::INFINITY)) else { continue };
            let mass = left(last.mass, earlier.mass);
            before = Some((last, mass));
            let rest = self.table.rest(&self.of.function, k, above);
            let ([low, high], unsure) = (rest.range, (promised - last.mass - mass).abs());
            let middle = 0.5 * (low + high) - self.base;
            let (value, error) = if mass == 0.0 && last.size == 0.0 {
                (0.0, 0.0)
            } else if middle.is_finite() {
                let known = if unsure < mass { middle * mass } else { 0.0 };
                (known, 0.5 * (high - low) * mass + middle.abs() * unsure.min(mass))
            } else if rest.smooth && last.size < 0.25 * earlier.size {
                (0.0, left(last.size, earlier.size))
            } else {
                (0.0, f64::INFINITY)
            };
            if error <= 0.2 * ENOUGH * sum.size {
                let (value, mass, error) = (sum.value + value, sum.mass + mass, sum.error + error);
                return Some(Sum { value, mass, error, ..sum });
            }
        }
        None
    }

    /// Whether a panel overlaps the bulk.
    fn inside(&self, [low, high]: [f64; 2]) -> bool {
        if self.of.family.support() == Support::Circle {
            let away = principal(0.5 * (low + high) - self.p[0]).abs();
            return away < 0.5 * (high - low + self.bulk[1] - self.bulk[0]).min(2.0 * PI);
        }
        high > self.bulk[0] && low < self.bulk[1]
    }

    /// The integral over panels; its tolerance is relative to `scale` and its own size.
    fn integrate(&mut self, roots: Vec<usize>, scale: f64) -> Option<Sum> {
        let mut stack = roots;
        let mut found: Vec<(usize, Sum)> = Vec::new();
        while let Some(panel) = stack.pop() {
            let ends = self.table.ends(panel);
            let width = ends[1] - ends[0];
            let inside = self.inside(ends);
            if inside && width > self.widest {
                stack.extend(self.table.parts(&self.of.function, panel)?);
                continue;
            }
            let log = width.ln();
            let nothing = |x: f64| (self.log_density)(&[x]) + log < NOTHING;
            if !inside && self.table.bounded && ends.into_iter().all(nothing) {
                continue;
            }
            found.push((panel, self.sum(panel)?));
        }
        loop {
            let sum = found.iter().fold(Sum::default(), |sum, (_, part)| sum.plus(*part));
            let goal = ENOUGH * if scale > 0.0 { 0.1 * (scale + sum.size) } else { sum.size };
            if sum.error <= goal {
                return Some(sum);
            }
            let share = 0.5 * goal / found.len() as f64;
            let mut next = Vec::with_capacity(2 * found.len());
            for (panel, part) in found {
                if part.error <= share {
                    next.push((panel, part));
                    continue;
                }
                for panel in self.table.parts(&self.of.function, panel)? {
                    next.push((panel, self.sum(panel)?));
                }
            }
            found = next;
        }
    }

    /// The integral over a panel; `None` if it is not finite or the number of panels exceeds [`PANELS`].
    fn sum(&mut self, panel: usize) -> Option<Sum> {
        self.panels += 1;
        if self.panels > PANELS {
            return None;
        }
        let [low, high] = self.table.ends(panel);
        let half = 0.5 * (high - low);
        let known = self.table.values(&self.of.function, panel);
        if !known.hidden.is_finite() {
            return Some(Sum { error: f64::INFINITY, ..Sum::default() });
        }
        let (mut sum, mut gauss) = (Sum::default(), 0.0);
        for ((x, f), [_, kronrod, share]) in known.at.iter().zip(&known.found).zip(&RULE) {
            let density = half * (self.log_density)(&[*x]).exp();
            let term = (f - self.base) * density;
            sum.mass += kronrod * density;
            sum.value += kronrod * term;
            sum.size += kronrod * term.abs();
            gauss += share * term;
        }
        let difference = (sum.value - gauss).abs();
        let share = (200.0 * difference / sum.size).powf(1.5);
        let rule = if share < 1.0 { difference.min(sum.size * share) } else { difference };
        sum.error = rule + known.hidden * sum.mass;
        (sum.size.is_finite() && sum.error.is_finite()).then_some(sum)
    }
}
