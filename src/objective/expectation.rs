//! Expectations of an expression in the observation under a family's distributions.
//!
//! For discrete outcomes they are sums. Otherwise the line is split where the distribution has its mass and integrated
//! outwards from there (`integral`). What an expectation is for is the caller's business.

use std::f64::consts::PI;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::flaw::Flaw;
use super::integral::Integrand;
use super::oscillation::{FAST, fast};
use super::span::{End, Piece, Span, Spot};
use super::table::Table;
use crate::expression::Expression;
use crate::family::{Family, Support, principal};
use crate::math::Vec2;

/// The ends of the panels of a narrow distribution, as distances from its centre in units of its width.
const BREAKS: [f64; 5] = [0.0, 1.0, 2.0, 4.0, 8.0];

/// Most panels of the middle of a rough integral, and of each end.
const ROUGH: usize = 600;

/// A function of an observation, and the family whose means of it are asked for.
#[derive(Debug)]
pub struct Expectation {
    pub(super) family: Arc<dyn Family>,
    pub(super) function: Expression,
    /// The function at each outcome; empty if the support is not discrete.
    outcomes: Vec<f64>,
    /// The function on the panels that the points of a picture share.
    pub(super) table: Mutex<Table>,
    /// The number of panels used so far.
    panels: AtomicUsize,
}

/// The initial panels of a distribution.
pub(super) struct Cuts {
    pub(super) spans: Vec<Span>,
    pub(super) ends: Vec<End>,
}

impl Cuts {
    /// The spans between these points, in any order, around a centre.
    fn between(mut places: Vec<f64>, centre: f64) -> Vec<Span> {
        places.retain(|x| x.is_finite());
        places.sort_by(f64::total_cmp);
        places.dedup();
        // The end nearer to the centre is the anchor, which is exact.
        let span = |ends: &[f64]| {
            let (anchor, sign) = if ends[1] <= centre { (ends[1], -1.0) } else { (ends[0], 1.0) };
            Span { anchor, sign, low: 0.0, high: ends[1] - ends[0] }
        };
        places.windows(2).map(span).collect()
    }

    pub(super) fn new(family: &dyn Family, p: Vec2) -> Self {
        let (low, high) = family.bulk(p);
        let centre = if family.standardized() { p[0] } else { 0.5 * (low + high) };
        let peak = family.log_density(p, &[centre]).exp();
        // A density with long tails is narrower than its bulk.
        let width = (0.125 * (high - low)).min(0.5 / peak);
        // A density whose peak overflows has no width in doubles: the smallest resolvable one replaces it, and the
        // computed mass then reveals that the density was not resolved.
        let seen = width > 0.0 && width.is_finite();
        let width = if seen { width } else { f64::EPSILON * centre.abs().max(f64::MIN_POSITIVE) };
        let around =
            |centre: f64, width: f64| BREAKS.into_iter().flat_map(move |at| [centre - at * width, centre + at * width]);
        let far = |anchor: f64, sign: f64, from: f64| End::Far { anchor, sign, from };
        match family.support() {
            Support::Real => {
                let mut places: Vec<f64> = match family.components(p) {
                    Some((centres, width)) => centres.into_iter().flat_map(|centre| around(centre, width)).collect(),
                    None => around(centre, width).collect(),
                };
                places.sort_by(f64::total_cmp);
                let (first, last) = (places[0], places[places.len() - 1]);
                let ends = vec![far(centre, 1.0, last - centre), far(centre, -1.0, centre - first)];
                Self { spans: Self::between(places, centre), ends }
            }
            Support::Positive if high < 4.0 * low => {
                let (mut reach, mut places) = (8.0 * width, around(centre, width).collect::<Vec<_>>());
                places.retain(|x| *x > 0.25 * centre);
                while 2.0 * reach < 0.75 * centre {
                    reach *= 2.0;
                    places.push(centre - reach);
                }
                let first = places.iter().copied().fold(centre, f64::min);
                let last = places.iter().copied().fold(centre, f64::max);
                let ends = vec![far(centre, 1.0, last - centre), End::Near { anchor: 0.0, sign: 1.0, from: first }];
                Self { spans: Self::between(places, centre), ends }
            }
            Support::Positive => Self {
                spans: Vec::new(),
                ends: vec![End::Near { anchor: 0.0, sign: 1.0, from: high }, far(0.0, 1.0, high)],
            },
            Support::Unit => {
                let narrow = high - low < 0.2;
                let mut places: Vec<f64> = if narrow { around(centre, width).collect() } else { vec![0.5] };
                places.retain(|x| 0.0 < *x && *x < 1.0);
                let first = places.iter().copied().fold(1.0, f64::min);
                let last = places.iter().copied().fold(0.0, f64::max);
                let ends = vec![
                    End::Near { anchor: 0.0, sign: 1.0, from: first },
                    End::Near { anchor: 1.0, sign: -1.0, from: 1.0 - last },
                ];
                Self { spans: Self::between(places, centre), ends }
            }
            // The circle. (The checker rejects rewards of pairs.)
            _ => {
                let half = 0.5 * (high - low);
                let mut places = vec![-PI, PI];
                places.extend([-1.0, -0.25, 0.0, 0.25, 1.0].map(|at| principal(p[0] + at * half)));
                places.push(principal(p[0] + PI));
                Self { spans: Self::between(places, centre), ends: Vec::new() }
            }
        }
    }
}

impl Cuts {
    /// The panels of two distributions together, divided at `kinks` and at those of `octaves` that are not beyond all of
    /// them; ends are those of the second one, beyond everything.
    pub(super) fn joined([first, second]: &[Self; 2], kinks: &[f64], octaves: &[f64]) -> Self {
        let start = |end: &End| match *end {
            End::Far { anchor, sign, from } | End::Near { anchor, sign, from } => anchor + sign * from,
        };
        let mut all: Vec<f64> =
            [first, second].into_iter().flat_map(|cuts| &cuts.spans).flat_map(Span::range).collect();
        all.extend([first, second].into_iter().flat_map(|cuts| &cuts.ends).map(start));
        all.extend(kinks);
        let hull =
            |all: &[f64]| all.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], x| [a.min(*x), b.max(*x)]);
        let [low, high] = hull(&all);
        all.extend(octaves.iter().filter(|x| low < **x && **x < high));
        let away = |anchor: f64, sign: f64| all.iter().map(move |x| (x - anchor) * sign).filter(|away| *away > 0.0);
        let ends = second.ends.iter().map(|end| match *end {
            End::Far { anchor, sign, from } => End::Far { anchor, sign, from: away(anchor, sign).fold(from, f64::max) },
            End::Near { anchor, sign, from } => {
                End::Near { anchor, sign, from: away(anchor, sign).fold(from, f64::min) }
            }
        });
        let ends: Vec<End> = ends.collect();
        let centre = second.ends.first().map_or(0.5 * (low + high), |end| match *end {
            End::Far { anchor, .. } | End::Near { anchor, .. } => anchor,
        });
        Self { spans: Self::between(all, centre), ends }
    }

    /// Far ends start before the function goes through very many turns in an octave.
    pub(super) fn before_oscillations(mut self, function: &Expression) -> Self {
        for i in 0..self.ends.len() {
            let End::Far { anchor, sign, mut from } = self.ends[i] else { continue };
            // The ends of the positive numbers meet there, and no span lies between.
            let meets = matches!(self.ends[..], [End::Near { anchor: 0.0, .. }, End::Far { anchor: 0.0, .. }]);
            let turns = if meets { FAST } else { 4.0 * FAST };
            let turned = |high: f64| fast(function, Span::octave_below(anchor, sign, high), turns).is_some();
            while from > f64::MIN_POSITIVE && turned(from) && self.opens(anchor + 0.5 * sign * from) {
                from *= 0.5;
            }
            self.spans.retain(|span| {
                let [low, high] = span.range();
                (0.5 * (low + high) - anchor) * sign < from
            });
            for end in &mut self.ends {
                match end {
                    End::Near { from: start, .. } if meets => *start = from,
                    End::Far { sign: other, from: start, .. } if *other == sign => *start = from,
                    End::Near { .. } | End::Far { .. } => {}
                }
            }
        }
        self
    }

    /// Whether no span has a place in its inside.
    fn opens(&self, place: f64) -> bool {
        self.spans.iter().all(|span| {
            let [low, high] = span.range();
            let edge = 1e-9 * (high - low);
            place <= low + edge || place >= high - edge
        })
    }
}

impl Expectation {
    /// Expectations of `function`, whose variable is an observation.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, function: Expression) -> Self {
        let outcomes = match family.support() {
            Support::Outcomes(n) => (1..=n).map(|k| function.value(&[f64::from(k)])).collect(),
            _ => Vec::new(),
        };
        let table = Mutex::new(Table::new(&function, family.support()));
        Self { family, function, outcomes, table, panels: AtomicUsize::new(0) }
    }

    /// The function at an observation; an angle is first reduced to (−π, π].
    #[must_use]
    pub fn of(&self, x: f64) -> f64 {
        let x = if self.family.support() == Support::Circle { principal(x) } else { x };
        self.function.value(&[x])
    }

    /// About how many steps of a race on a closed form a mean and its slopes cost: what an integral is refined to, at most ten
    /// times that, cannot be told beforehand.
    pub(super) const fn cost(&self) -> usize {
        if self.outcomes.is_empty() { 500 } else { 1 }
    }

    /// The outcomes with the function at each.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        (1..).zip(&self.outcomes).map(|(k, f)| (f64::from(k), *f))
    }

    /// Whether expectations are sums over outcomes.
    pub(super) const fn summed(&self) -> bool {
        !self.outcomes.is_empty()
    }

    /// The number of panels that all integrals have used so far.
    pub(super) fn panels(&self) -> usize {
        self.panels.load(Ordering::Relaxed)
    }

    /// E f under the distribution `p`.
    ///
    /// # Errors
    /// If it does not exist or is not computed to the tolerance.
    pub fn mean(&self, p: Vec2) -> Result<f64, Flaw> {
        if !self.outcomes.is_empty() {
            return self.sum(p, |_, _| [1.0]).map(|[mean]| mean);
        }
        let (base, piece) = self.integral(p, None, |_, _| [1.0])?;
        Ok(base + piece.value[0])
    }

    /// E f with an error of at most about `tolerance` · E |f − c| for some constant c.
    pub(super) fn rough(&self, p: Vec2, tolerance: f64) -> Result<f64, Flaw> {
        if !self.outcomes.is_empty() {
            return self.mean(p);
        }
        let (base, piece) = self.integral(p, Some(tolerance), |_, _| [1.0])?;
        Ok(base + piece.value[0])
    }

    /// E f h for functions h of a point and an observation whose expectations are zero. If the family is mirrored,
    /// exchanging the parameters must reverse the order of the functions.
    ///
    /// # Errors
    /// If one does not exist or is not computed to the tolerance.
    pub fn weighted<const N: usize>(&self, p: Vec2, h: impl Fn(Vec2, f64) -> [f64; N]) -> Result<[f64; N], Flaw> {
        if self.outcomes.is_empty() { Ok(self.integral(p, None, h)?.1.value) } else { self.sum(p, h) }
    }

    fn sum<const N: usize>(&self, p: Vec2, h: impl Fn(Vec2, f64) -> [f64; N]) -> Result<[f64; N], Flaw> {
        let mut sum = [0.0; N];
        for (k, f) in (1..).zip(&self.outcomes) {
            let x = f64::from(k);
            if f.is_nan() {
                return Err(Flaw::Undefined(x));
            }
            let weight = f * self.family.log_density(p, &[x]).exp();
            let h = h(p, x);
            for i in 0..N {
                sum[i] += weight * h[i];
            }
        }
        if sum.iter().all(|sum| sum.is_finite()) { Ok(sum) } else { Err(Flaw::Diverges) }
    }

    /// The constant that is subtracted from f before it is integrated, so that a large constant in f causes no
    /// cancellation: f at an end of the support where much of the mass may be, unless it is much larger there than
    /// elsewhere; otherwise f at the kink of the density, whose second derivative is a point mass; otherwise the median
    /// of f in the middle of the bulk.
    pub(super) fn base(&self, p: Vec2) -> f64 {
        let (low, high) = self.family.bulk(p);
        let most = [low, 0.5 * (low + high), high].map(|x| self.of(x).abs()).into_iter().fold(0.0, f64::max);
        let end = match self.family.support() {
            Support::Positive => Some(f64::MIN_POSITIVE),
            Support::Unit => Some(if p[0] < p[1] { f64::MIN_POSITIVE } else { 1.0 - 0.5 * f64::EPSILON }),
            _ => None,
        };
        let end = end.map(|x| self.of(x)).filter(|f| f.abs() <= 10.0 * most);
        let kink = self.family.kink(p).map(|x| self.of(x));
        if let Some(base) = end.or(kink).filter(|f| f.is_finite()) {
            return base;
        }
        let mut inner: Vec<f64> = [0.3, 0.4, 0.5, 0.6, 0.7].iter().map(|at| self.of(low + at * (high - low))).collect();
        inner.sort_by(f64::total_cmp);
        inner.get(2).copied().filter(|f| f.is_finite()).unwrap_or(0.0)
    }

    /// The base, and E (f − base) h.
    fn integral<const N: usize>(
        &self,
        p: Vec2,
        tolerance: Option<f64>,
        h: impl Fn(Vec2, f64) -> [f64; N],
    ) -> Result<(f64, Piece<N>), Flaw> {
        let base = self.base(p);
        let family = &*self.family;
        let swapped = Vec2::new(p[1], p[0]);
        let (straight, turned) = (family.log_density_at(p), family.mirrored().then(|| family.log_density_at(swapped)));
        let log_density = |spot: Spot| match (&turned, spot.below_one) {
            (Some(turned), Some(gap)) => turned(&[gap]),
            _ => straight(&[spot.x]),
        };
        let weights = |spot: Spot| match (&turned, spot.below_one) {
            (Some(_), Some(gap)) => {
                let mut found = h(swapped, gap);
                found.reverse();
                found
            }
            _ => h(p, spot.x),
        };
        let integrate = |cuts: &Cuts| {
            let mut integrand = Integrand::new(&self.function, base, &log_density, &weights);
            if let Some(tolerance) = tolerance {
                (integrand.goal, integrand.budget) = (tolerance, ROUGH);
            }
            let piece = integrand.total(&cuts.spans, &cuts.ends);
            self.panels.fetch_add(integrand.panels.get(), Ordering::Relaxed);
            piece
        };
        let cuts = Cuts::new(family, p);
        let piece = match integrate(&cuts) {
            // Panels do not resolve the oscillations of a heavy tail; an integral in their phase may.
            Err(Flaw::Unresolved) => integrate(&cuts.before_oscillations(&self.function)),
            piece => piece,
        };
        let piece = piece?;
        Ok((base, piece))
    }
}
