//! The contribution of an oscillating reward in the tail of a density that decays like a power.
//!
//! Let w be a smooth cut-off that decreases from 1 to 0 like the survival function of a Gaussian about y₀. The integral
//! of g from a point well before y₀ to infinity is exactly ∫ g w plus ∫ ḡ from y₀ on, where ḡ is g averaged over that
//! Gaussian (Fubini). The first integral has a finite range; in the second the oscillation is averaged out. Averages
//! are computed on two grids without common nodes, whose difference is the error.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use special::Error;

use super::integral::{Flaw, Integrand};
use super::span::{Piece, Span, Spot, limit};
use crate::expression::Expression;
use crate::math::adaptive::NODES;

/// The standard deviation of the average, in radians of the slowest oscillation, which it damps by e^(−8.6²/2) ≈ 1e-16.
const WIDTH: f64 = 8.6;
/// Where the Gaussian is truncated, in standard deviations.
const REACH: f64 = 8.5;
/// The number of nodes per period on the two grids.
const GRIDS: [f64; 2] = [4.3, 7.1];
/// The maximum number of octaves of the averaged tail.
const OCTAVES: usize = 40;

/// The angular frequency of the slowest fast oscillation of a reward, if a span has so many periods of it that panels
/// would be too many; otherwise `None`.
pub fn fast(reward: &Expression, span: Span) -> Option<f64> {
    let x = span.anchor + span.sign * span.low;
    let frequency = reward.frequency(x, 2.0 / span.low)?;
    (frequency * span.low > 400.0).then_some(frequency)
}

/// The integral from the lower end of a span to infinity.
///
/// # Errors
/// If the reward is not a number somewhere, or its oscillation is not steady enough for the average.
pub fn tail<const N: usize>(of: &Integrand<'_, N>, span: Span, frequency: f64) -> Result<Piece<N>, Flaw> {
    let sigma = WIDTH / frequency;
    let centre = span.low + REACH * sigma;
    let spot = |delta: f64| Spot { x: span.anchor + span.sign * delta, below_one: None };
    let term = |delta: f64, factor: f64| -> Result<Piece<N>, Flaw> {
        let [term, density] = of.term(spot(delta))?;
        let weights = (of.weights)(spot(delta));
        let scaled = |x: f64| -> [f64; N] { std::array::from_fn(|i| x * factor * weights[i]) };
        let size = scaled(term).map(f64::abs);
        Ok(Piece {
            value: scaled(term),
            size,
            bare: scaled(density).map(f64::abs),
            mass: density * factor,
            ..Piece::NONE
        })
    };
    // The frequency must be constant, and the envelope regular, in all octaves ahead.
    let steady = (0..64).map(|k| span.low * 2.0_f64.powi(k)).take_while(|low| *low < 1e290).all(|low| {
        let ends = [spot(low).x, spot(2.0 * low).x];
        let region = of.reward.envelope(ends[0].min(ends[1]), ends[0].max(ends[1]));
        let size = region.real[0].abs().max(region.real[1].abs());
        let slowest = of.reward.frequency(ends[0], 2.0 / low);
        region.smooth && region.deviation() <= 1e3 * size && slowest.is_some_and(|f| (f / frequency - 1.0).abs() < 1e-6)
    });
    if !steady {
        return Err(Flaw::Unresolved);
    }
    // ∫ g w.
    let turns = (2.0 * REACH * sigma * frequency / 1.5).ceil();
    let step = 2.0 * REACH * sigma / turns;
    let mut sum = Piece::NONE;
    let mut low = span.low;
    while low < centre + REACH * sigma - 0.5 * step {
        for [node, kronrod, _] in NODES {
            let sides: &[f64] = if node == 0.0 { &[0.0] } else { &[-1.0, 1.0] };
            for side in sides {
                let delta = low + 0.5 * step * (1.0 + node * side);
                let cut = above((delta - centre) / sigma);
                sum = sum.plus(term(delta, 0.5 * step * kronrod * cut)?);
            }
        }
        low += step;
    }
    let averaged = |y: f64, grid: f64| -> Result<Piece<N>, Flaw> {
        let step = TAU / (frequency * grid);
        let half = (REACH * sigma / step).ceil();
        let mut sum = Piece::NONE;
        of.panels.set(of.panels.get() + work(half));
        let mut j = -half;
        while j <= half {
            let u = j * step;
            let kernel = (-0.5 * (u / sigma).powi(2)).exp() / (TAU.sqrt() * sigma);
            sum = sum.plus(term(y + u, step * kernel)?);
            j += 1.0;
        }
        Ok(sum)
    };
    sum = sum.plus(smooth(centre, &averaged)?);
    Ok(sum)
}

/// The integral of an averaged function from a point to infinity, by octaves; the difference between the two grids is
/// its error.
fn smooth<const N: usize>(from: f64, averaged: &dyn Fn(f64, f64) -> Result<Piece<N>, Flaw>) -> Result<Piece<N>, Flaw> {
    let (mut sum, mut partial, mut masses) = (Piece::<N>::NONE, Vec::new(), Vec::new());
    let mut error = [0.0; N];
    for k in 0..OCTAVES {
        let (low, half) = (
            from * 2.0_f64.powi(i32::try_from(k).unwrap_or(0)),
            0.5 * from * 2.0_f64.powi(i32::try_from(k).unwrap_or(0)),
        );
        let mut other = [0.0; N];
        for (place, [node, kronrod, _]) in NODES.iter().enumerate() {
            let sides: &[f64] = if *node == 0.0 { &[0.0] } else { &[-1.0, 1.0] };
            for side in sides {
                let y = low + half * (1.0 + node * side);
                let found = averaged(y, GRIDS[0])?;
                let scale = |a: [f64; N]| a.map(|a| a * kronrod * half);
                sum = sum.plus(Piece {
                    value: scale(found.value),
                    error: [0.0; N],
                    size: scale(found.size),
                    bare: scale(found.bare),
                    mass: found.mass * kronrod * half,
                });
                if place % 2 == 0 {
                    let second = averaged(y, GRIDS[1])?;
                    for (i, other) in other.iter_mut().enumerate() {
                        *other += 2.0 * kronrod * half * (second.value[i] - found.value[i]).abs();
                    }
                }
            }
        }
        for i in 0..N {
            error[i] += other[i];
        }
        partial.push(sum.value);
        masses.push(sum.mass);
        if k >= 6 {
            let estimates: [[f64; 2]; N] =
                std::array::from_fn(|i| limit(&partial.iter().map(|sums: &[f64; N]| sums[i]).collect::<Vec<_>>()));
            if (0..N).all(|i| estimates[i][1] <= 1e-13 * sum.size[i]) || k + 1 == OCTAVES {
                for i in 0..N {
                    sum.value[i] = estimates[i][0];
                    sum.error[i] = error[i] + estimates[i][1];
                }
                sum.mass = limit(&masses)[0];
                return Ok(sum);
            }
        }
    }
    Err(Flaw::Unresolved)
}

/// The work of this many nodes on either side, in panels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
fn work(nodes: f64) -> usize {
    (nodes / 7.5) as usize
}

/// The survival function of the standard Gaussian.
fn above(x: f64) -> f64 {
    0.5 * (x * FRAC_1_SQRT_2).compl_error()
}
