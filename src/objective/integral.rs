//! Integrals of a reward against a density, with an error bound from two sources, or the reason why there is none.
//!
//! Adaptive Gauss-Kronrod panels. The error of the density is estimated from the two rules on the same nodes (Piessens
//! et al. 1983, §2.2.4.1); that of the reward is bounded by its range on a complex rectangle around the panel, from
//! which no feature can hide (Petras 2002; Johansson 2018). Towards infinity, ends of the support and poles the panels
//! double or halve in length, and their sums are extrapolated (Wynn 1956) once the remainder is known to be regular.
//! Work is counted in panels. The initial panels of a distribution are `expectation`'s business.

use std::cell::Cell;

use crate::expression::{Expression, Region};
use crate::math::adaptive::NODES;

use super::flaw::Flaw;
use super::span::{End, Piece, Span, Spot, falls, parts, unknown};
use super::{oscillation, tails};

/// The maximum number of panels of the middle of an exact integral, and of each end.
const PANELS: usize = 6000;
/// The number of panels from which [`LENIENT`] times the goal is accepted.
const PATIENCE: usize = 400;
/// What a hard integral may miss the goal by.
const LENIENT: f64 = 50.0;
/// The goal of the total error, relative to ∫ |r − base| |h| p.
const GOAL: f64 = 1e-12;
/// The largest total error that is accepted.
const ENOUGH: f64 = 2e-10;
/// The error bound of the 15-point rule, which is exact to degree 22, for a function within 1 of a constant on the
/// rectangle: 64/15 · 4⁻²³.
pub(super) const DEGREE: f64 = 6.1e-14;
/// The number of octaves beyond the last integrated one that must be regular before sums are extrapolated.
const AHEAD: i32 = 64;
/// The number of octaves before sums are extrapolated, and between tests for divergence.
const FEW: usize = 10;
/// The |x| beyond which powers in a reward may overflow.
const HUGE: f64 = 1e60;
/// A density near underflow.
const TINY: f64 = 1e-290;
/// The relative rounding error of an octave beyond which nothing can be computed.
const LOST: f64 = 1e-3;

/// A span with its integral.
struct Panel<const N: usize> {
    span: Span,
    piece: Piece<N>,
    bounded: bool,
    smooth: bool,
    /// Not refined further: a sum of octaves, or accurate to rounding.
    done: bool,
}

/// The integrands (r − base) hᵢ p: a reward minus a constant, times weights and a density.
pub struct Integrand<'a, const N: usize> {
    /// The reward.
    pub reward: &'a Expression,
    /// The constant that is subtracted from the reward.
    pub base: f64,
    /// log p.
    pub log_density: &'a dyn Fn(Spot) -> f64,
    /// h.
    pub weights: &'a dyn Fn(Spot) -> [f64; N],
    /// The number of panels used so far, and the limit in force.
    pub panels: Cell<usize>,
    most: Cell<usize>,
    /// The maximum number of panels of the middle of the integral, and of each end.
    pub budget: usize,
    /// The goal of the total error, relative to the size.
    pub goal: f64,
}

impl<'a, const N: usize> Integrand<'a, N> {
    /// An integrand with a goal of 1e-12.
    pub fn new(
        reward: &'a Expression,
        base: f64,
        log_density: &'a dyn Fn(Spot) -> f64,
        weights: &'a dyn Fn(Spot) -> [f64; N],
    ) -> Self {
        Self {
            reward,
            base,
            log_density,
            weights,
            panels: Cell::new(0),
            most: Cell::new(PANELS),
            budget: PANELS,
            goal: GOAL,
        }
    }

    /// The integral over `spans` and the `ends` beyond them.
    ///
    /// # Errors
    /// If it has no value, or is not computed to the tolerance.
    pub fn total(&self, spans: &[Span], ends: &[End]) -> Result<Piece<N>, Flaw> {
        self.most.set(self.budget);
        let mut sum = self.integrate(spans.to_vec(), [0.0; N], 2)?;
        for end in ends {
            self.most.set(self.panels.get() + self.budget);
            sum = sum.plus(self.octaves(*end, sum.size, 2)?);
        }
        let scales = scales(sum.size);
        let near = |i: usize| sum.error[i] <= ENOUGH.max(20.0 * self.goal) * scales[i];
        // A density whose computed mass is not one was not resolved.
        let whole = (sum.mass - 1.0).abs() <= 1e-9_f64.max(100.0 * self.goal);
        if sum.infinite() {
            return Err(Flaw::Diverges);
        }
        if whole && (0..N).all(near) { Ok(sum) } else { Err(Flaw::Unresolved) }
    }

    /// (r − base) p and p at an observation.
    ///
    /// # Errors
    /// If the reward is not a number there.
    pub fn term(&self, spot: Spot) -> Result<[f64; 2], Flaw> {
        let log = (self.log_density)(spot);
        let density = log.exp();
        if log == f64::NEG_INFINITY {
            return Ok([0.0; 2]);
        }
        let reward = self.reward.value(&[spot.x]);
        let above = reward - self.base;
        let plain = above * density;
        if above.abs() < 1e290 && (density > TINY || above == 0.0) {
            return Ok([plain, density]);
        }
        let scaled = self.reward.scaled(spot.x);
        if scaled.share.is_nan() {
            return Err(Flaw::Undefined(spot.x));
        }
        // The base is negligible where the reward is so large or the density so small.
        if above.is_finite() && scaled.share.is_finite() && above.abs() < 1e290 {
            return Ok([above.signum() * (above.abs().ln() + log).exp(), density]);
        }
        Ok([scaled.share * (scaled.log + log).exp(), density])
    }

    /// ln |r − base| and ln p, also if r or p are out of a double's range.
    pub(super) fn logarithms(&self, spot: Spot) -> [f64; 2] {
        let above = self.reward.value(&[spot.x]) - self.base;
        let reward = if above.abs() < 1e290 { above.abs().ln() } else { self.reward.scaled(spot.x).size() };
        [reward, (self.log_density)(spot)]
    }

    fn panel(&self, span: Span) -> Result<Panel<N>, Flaw> {
        self.panels.set(self.panels.get() + 1);
        let [low, high] = span.range();
        let region = self.reward.region(low, high);
        // Beyond the range of a double, but without a pole.
        let huge = region.smooth && !region.bounded();
        let (bounded, smooth) = (region.bounded() || huge, region.smooth);
        if !bounded {
            let piece = Piece { error: [f64::INFINITY; N], ..Piece::NONE };
            return Ok(Panel { span, piece, bounded, smooth, done: false });
        }
        let (middle, half) = (0.5 * (span.low + span.high), 0.5 * (span.high - span.low));
        let (mut piece, mut gauss) = (Piece::<N>::NONE, [0.0; N]);
        // The product of a reward that overflows and a density that underflows is computed from rounded logarithms.
        let mut rounding = 0.0_f64;
        for [node, kronrod, share] in NODES {
            let sides: &[f64] = if node == 0.0 { &[0.0] } else { &[-1.0, 1.0] };
            for side in sides {
                let spot = span.spot(middle + half * node * side);
                let [term, density] = self.term(spot)?;
                if density < TINY && term != 0.0 {
                    rounding = rounding.max(f64::EPSILON * (self.log_density)(spot).abs());
                }
                piece.mass += kronrod * half * density;
                if term == 0.0 && density == 0.0 {
                    continue;
                }
                let weights = (self.weights)(spot);
                for i in 0..N {
                    let found = term * weights[i];
                    piece.value[i] += kronrod * half * found;
                    gauss[i] += share * half * found;
                    piece.size[i] += kronrod * half * found.abs();
                    piece.bare[i] += kronrod * half * density * weights[i].abs();
                }
            }
        }
        let hidden = if huge {
            0.0
        } else if smooth {
            (DEGREE * region.deviation()).min(region.real[1] - region.real[0])
        } else {
            region.real[1] - region.real[0]
        };
        let error: [f64; N] = std::array::from_fn(|i| {
            let difference = (piece.value[i] - gauss[i]).abs();
            let share = (200.0 * difference / piece.size[i]).powf(1.5);
            let rule = if share < 1.0 { (piece.size[i] * share).min(difference) } else { difference };
            rule + hidden * piece.bare[i]
        });
        let done = rounding > 0.0 && (0..N).all(|i| error[i] <= 4.0 * rounding * piece.size[i]);
        piece.error = std::array::from_fn(|i| error[i] + rounding * piece.size[i]);
        Ok(Panel { span, piece, bounded, smooth, done })
    }

    /// The integral over spans; errors below `floor` are accepted.
    ///
    /// # Errors
    /// If it has no value.
    fn integrate(&self, spans: Vec<Span>, floor: [f64; N], depth: usize) -> Result<Piece<N>, Flaw> {
        let mut panels = Vec::with_capacity(spans.len());
        for span in spans {
            panels.push(self.panel(span)?);
        }
        loop {
            let sum = panels.iter().fold(Piece::NONE, |sum, panel| sum.plus(panel.piece));
            let scales = scales(sum.size);
            let limit: [f64; N] = std::array::from_fn(|i| (self.goal * scales[i]).max(floor[i]));
            let poor = |error: &[f64; N], share: f64| (0..N).any(|i| error[i].is_nan() || error[i] > share * limit[i]);
            // Loose bounds may keep the goal out of reach.
            let met = !poor(&sum.error, if self.panels.get() > PATIENCE { LENIENT } else { 1.0 });
            if sum.infinite() || met || self.panels.get() > self.most.get() {
                return Ok(sum);
            }
            let share = 0.5 / panels.len() as f64;
            let mut next = Vec::with_capacity(2 * panels.len());
            let mut split = false;
            for panel in panels {
                if panel.done || !poor(&panel.piece.error, share) || !panel.span.splits() {
                    next.push(panel);
                    continue;
                }
                split = true;
                self.divide(&panel, sum.size, depth, &mut next)?;
            }
            panels = next;
            if !split {
                return Ok(panels.iter().fold(Piece::NONE, |sum, panel| sum.plus(panel.piece)));
            }
        }
    }

    /// Divides a panel: at the kinks and poles inside it; into octaves if it ends at a pole; otherwise into halves.
    fn divide(&self, panel: &Panel<N>, scale: [f64; N], depth: usize, out: &mut Vec<Panel<N>>) -> Result<(), Flaw> {
        let span = panel.span;
        let [low, high] = span.range();
        if !panel.smooth {
            // A kink within rounding of an end is that end.
            let edge = 1e-14 * low.abs().max(high.abs());
            let corners = self.reward.corners(low, high);
            let inside: Vec<f64> =
                corners.into_iter().filter(|x| low + edge < *x && *x < high - edge).take(8).collect();
            if !inside.is_empty() {
                return parts(low, high, &inside).into_iter().try_for_each(|span| {
                    out.push(self.panel(span)?);
                    Ok(())
                });
            }
        }
        if !panel.bounded {
            let spot = span.spot(0.5 * (span.low + span.high));
            if self.reward.scaled(spot.x).share.is_nan() && (self.log_density)(spot) > f64::NEG_INFINITY {
                return Err(Flaw::Undefined(spot.x));
            }
        }
        if !panel.bounded && depth > 0 {
            let width = high - low;
            let tame = |low: f64, high: f64| self.reward.region(low, high).bounded();
            let end = if tame(low + 1e-3 * width, high) {
                Some(End::Near { anchor: low, sign: 1.0, from: width })
            } else if tame(low, high - 1e-3 * width) {
                Some(End::Near { anchor: high, sign: -1.0, from: width })
            } else {
                None
            };
            if let Some(end) = end {
                let piece = self.octaves(end, scale, depth - 1)?;
                out.push(Panel { span, piece, bounded: true, smooth: false, done: true });
                return Ok(());
            }
        }
        span.halves().into_iter().try_for_each(|span| {
            out.push(self.panel(span)?);
            Ok(())
        })
    }

    /// The integral over all octaves of an end; `scale` is the size of the rest of the integral.
    fn octaves(&self, end: End, scale: [f64; N], depth: usize) -> Result<Piece<N>, Flaw> {
        let mut sum = Piece::<N>::NONE;
        let (mut terms, mut partial): (Vec<Piece<N>>, Vec<[f64; N]>) = (Vec::new(), Vec::new());
        for k in 0..4000 {
            if !end.reaches(k) || self.panels.get() > self.most.get() {
                break;
            }
            let span = end.octave(k);
            if let (End::Far { .. }, Some(phase)) = (end, oscillation::fast(self.reward, span, oscillation::FAST)) {
                let [low, high] = end.rest(k).range();
                if !self.reward.region(low, high).bounded() && tails::diverges(self, end) {
                    return Err(Flaw::Diverges);
                }
                let used = self.panels.get();
                match oscillation::tail(self, span, phase) {
                    Ok(rest)
                        if (0..N).all(|i| {
                            rest.error[i] <= LENIENT * self.goal * (scale[i] + sum.size[i] + rest.size[i])
                        }) =>
                    {
                        return Ok(sum.plus(rest));
                    }
                    // The density may decay before the panels are used up: this attempt does not count.
                    Ok(_) | Err(Flaw::Unresolved) => self.panels.set(used),
                    Err(flaw) => return Err(flaw),
                }
            }
            let whole: [f64; N] = std::array::from_fn(|i| scale[i] + sum.size[i]);
            let term = self.integrate(vec![span], whole.map(|size| 0.02 * self.goal * size), depth)?;
            if term.infinite() {
                return Err(Flaw::Diverges);
            }
            let tiny = term.mass < TINY * (span.high - span.low);
            let lost = |i: usize| term.error[i] > (LOST * term.size[i]).max(0.1 * self.goal * whole[i]);
            if tiny && (0..N).any(lost) {
                break;
            }
            sum = sum.plus(term);
            terms.push(term);
            partial.push(sum.value);
            let whole = std::array::from_fn(|i| scale[i] + sum.size[i]);
            if let Some(rest) = self.settled(end, k, &terms, whole) {
                return Ok(sum.plus(rest));
            }
            if let Some(rest) = self.extrapolated(end, k, &terms, &partial, whole) {
                return Ok(sum.plus(rest));
            }
            let falls = matches!(&terms[..], [.., before, last] if (0..N).all(|i| falls(last.size[i], before.size[i])));
            if terms.len() % FEW == 0 && !falls && tails::diverges(self, end) {
                return Err(Flaw::Diverges);
            }
        }
        if tails::diverges(self, end) {
            return Err(Flaw::Diverges);
        }
        // The remainder is unknown.
        Ok(sum.plus(unknown(&terms, &partial).0))
    }

    /// The remainder beyond octave k if it is negligible, otherwise `None`.
    fn settled(&self, end: End, k: i32, terms: &[Piece<N>], whole: [f64; N]) -> Option<Piece<N>> {
        let [.., before, last] = terms else { return None };
        // A sudden drop to zero far out is an overflow within the reward.
        let known = |i: usize| terms.iter().rev().map(|term| term.size[i]).find(|size| *size > 0.0).unwrap_or(0.0);
        if end.octave(k).high > HUGE && (0..N).any(|i| known(i) > 1e-6 * whole[i]) {
            return None;
        }
        let [low, high] = end.rest(k + 1).range();
        let bound = self.reward.region(low, high).real.map(|r| (r - self.base).abs());
        let bound = bound[0].max(bound[1]);
        let left = |last: f64, before: f64| if last == 0.0 { 0.0 } else { last / (before / last - 1.0).max(0.0) };
        let error: [f64; N] = std::array::from_fn(|i| {
            let bare = left(last.bare[i], before.bare[i]);
            // A density that underflows may still matter if the bound is near overflow.
            bound * bare.max(f64::MIN_POSITIVE)
        });
        let mass = left(last.mass, before.mass);
        let small = |i: usize| error[i] <= 0.1 * self.goal * whole[i];
        if (0..N).all(small) && mass < 1e-10_f64.max(0.1 * self.goal) {
            return Some(Piece { error, ..Piece::NONE });
        }
        // The terms decrease ever faster, and the reward is analytic in the octaves ahead.
        let falls = |i: usize| last.size[i] <= 1e-18 * whole[i] && last.size[i] <= 0.1 * before.size[i];
        let over = (0..N).all(|i| last.size[i] == 0.0 || falls(i)) && mass < 1e-10;
        (over && self.ahead(end, k, |region| region.smooth)).then_some(Piece::NONE)
    }

    /// Whether the next [`AHEAD`] octaves beyond k satisfy a condition.
    fn ahead(&self, end: End, k: i32, fits: impl Fn(&Region) -> bool) -> bool {
        (k + 1..=k + AHEAD).take_while(|k| end.reaches(*k)).all(|k| {
            let span = end.octave(k);
            let fits = |span: &Span| {
                let [low, high] = span.range();
                fits(&self.reward.region(low, high))
            };
            // The rectangle around a whole octave may reach a singularity off the line; those of its quarters are narrower.
            fits(&span) || span.halves().iter().all(|half| half.halves().iter().all(fits))
        })
    }

    /// The extrapolated remainder beyond octave k; `None` if the extrapolation has not converged yet.
    fn extrapolated(
        &self,
        end: End,
        k: i32,
        terms: &[Piece<N>],
        partial: &[[f64; N]],
        whole: [f64; N],
    ) -> Option<Piece<N>> {
        if terms.len() < FEW {
            return None;
        }
        let (rest, mass) = unknown(terms, partial);
        let sure = |i: usize| rest.error[i] <= 0.1 * self.goal * whole[i];
        let tame = |region: &Region| {
            let size = region.real[0].abs().max(region.real[1].abs());
            region.smooth && region.deviation() <= 1e3 * size
        };
        let settled = mass <= 1e-10_f64.max(0.1 * self.goal) && (0..N).all(sure) && self.ahead(end, k, tame);
        settled.then_some(rest)
    }
}

/// The scales to which errors are relative: the sizes, but at least 1e-5 of the largest, since a smaller component may
/// be rounding error.
fn scales<const N: usize>(size: [f64; N]) -> [f64; N] {
    let largest = size.iter().copied().fold(0.0, f64::max);
    size.map(|size| size.max(1e-5 * largest))
}
