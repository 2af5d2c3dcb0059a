//! Means under a family's distributions of an expression in the observation.
//!
//! Outcomes are summed, circles gone round; elsewhere adaptive quadrature in a variable in which every family's density falls off at least
//! exponentially: the observation itself, its logarithm or its logit, stretched by sinh(½π sinh t) (Takahasi & Mori 1974).
//! What a mean is for is its caller's business.

use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::Arc;

use crate::expression::Expression;
use crate::family::{Family, Support, principal};
use crate::math::Vec2;
use crate::math::adaptive::{Integral, integrate};

/// Relative to the mean of the integrand's absolute value.
const TOLERANCE: f64 = 1e-13;
/// The ends of t: sinh(½π sinh t) is about 1e137 there.
pub(super) const REACH: f64 = 6.0;
/// Where the first panels end.
const BREAKS: [f64; 11] = [-REACH, -3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, REACH];
/// What the integrand may be at the ends, relative to its mean size: above, the integral does not converge.
const NEGLIGIBLE: f64 = 1e-9;

/// A function of an observation, and the family whose means of it are asked for.
#[derive(Debug)]
pub struct Expectation {
    pub(super) family: Arc<dyn Family>,
    pub(super) function: Expression,
    /// The function at each outcome, where there are outcomes.
    outcomes: Vec<f64>,
}

/// How an observation is read as a number of the real line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Itself,
    Log,
    Logit,
}

impl Line {
    /// That of a support; none where observations are outcomes.
    pub(super) const fn of(support: Support) -> Option<Self> {
        match support {
            Support::Real => Some(Self::Itself),
            Support::Positive => Some(Self::Log),
            Support::Unit => Some(Self::Logit),
            // Of pairs there is no reward: the checker has refused it.
            _ => None,
        }
    }

    /// The place on the line of an observation.
    pub(super) fn place(self, x: f64) -> f64 {
        match self {
            Self::Itself => x,
            Self::Log => x.ln(),
            Self::Logit => x.ln() - (-x).ln_1p(),
        }
    }

    /// The observation at a place, and dx/du there; none where it rounds to an end of the support.
    pub(super) fn observation(self, u: f64) -> Option<[f64; 2]> {
        let found = match self {
            Self::Itself => [u, 1.0],
            Self::Log => [u.exp(), u.exp()],
            Self::Logit => {
                let e = (-u.abs()).exp();
                let far = e / (1.0 + e);
                let x = if u < 0.0 { far } else { 1.0 / (1.0 + e) };
                [x, far / (1.0 + e)]
            }
        };
        let inside = match self {
            Self::Itself => found[0].is_finite(),
            // Not as far as products with a rate overflow.
            Self::Log => found[0] > 0.0 && found[0] < 1e300,
            Self::Logit => found[0] > 0.0 && found[0] < 1.0,
        };
        inside.then_some(found)
    }

    /// The observation at the end of the support near which doubles are too coarse for a density that piles up there.
    const fn sticky(self) -> Option<f64> {
        match self {
            Self::Itself => None,
            Self::Log => Some(f64::MIN_POSITIVE),
            Self::Logit => Some(1.0 - 0.5 * f64::EPSILON),
        }
    }
}

/// A distribution's own variable t.
pub(super) struct Stretched {
    line: Line,
    pub(super) centre: f64,
    pub(super) spread: f64,
}

impl Stretched {
    pub(super) fn new(family: &dyn Family, line: Line, p: Vec2) -> Self {
        let (low, high) = family.bulk(p);
        let (low, high) = (line.place(low), line.place(high));
        let centre = 0.5 * (low + high);
        let peak = line.observation(centre).map_or(0.0, |[x, slope]| family.log_density(p, &[x]).exp() * slope);
        // A density of long tails is narrower than they are.
        let spread = (0.125 * (high - low)).min(0.5 / peak);
        Self { line, centre, spread }
    }

    /// t at an observation.
    fn variable(&self, x: f64) -> f64 {
        (((self.line.place(x) - self.centre) / self.spread).asinh() / FRAC_PI_2).asinh()
    }

    /// The observation at t, and dx/dt.
    pub(super) fn observation(&self, t: f64) -> Option<[f64; 2]> {
        let u = FRAC_PI_2 * t.sinh();
        let [x, slope] = self.line.observation(self.centre + self.spread * u.sinh())?;
        Some([x, slope * self.spread * u.cosh() * FRAC_PI_2 * t.cosh()])
    }
}

impl Expectation {
    /// Means of `function`, whose variable is an observation.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, function: Expression) -> Self {
        let outcomes = match family.support() {
            Support::Outcomes(n) => (1..=n).map(|k| function.value(&[f64::from(k)])).collect(),
            _ => Vec::new(),
        };
        Self { family, function, outcomes }
    }

    /// The function at an observation; of an angle, at the one in (−π, π] that it is.
    #[must_use]
    pub fn of(&self, x: f64) -> f64 {
        let x = if self.family.support() == Support::Circle { principal(x) } else { x };
        self.function.value(&[x])
    }

    /// About how many steps of a race on a closed form a mean and its slopes cost: what an integral is refined to, at most ten
    /// times that, cannot be told beforehand.
    pub(super) const fn price(&self) -> usize {
        if self.outcomes.is_empty() { 500 } else { 1 }
    }

    /// E f; not finite where the integral does not converge or f is not finite.
    #[must_use]
    pub fn mean(&self, p: Vec2) -> f64 {
        self.mean_to(p, TOLERANCE)
    }

    /// The same to a tolerance, relative to the mean of |f − its base|: of a wide one it is but told whether there is a mean.
    pub(super) fn mean_to(&self, p: Vec2, tolerance: f64) -> f64 {
        if !self.outcomes.is_empty() {
            return self.sum(p, |_| [1.0])[0];
        }
        let (base, [rest]) = self.integral(p, tolerance, |_| [1.0]);
        base + rest
    }

    /// E f h of functions h whose means are zero.
    #[must_use]
    pub fn weighted<const N: usize>(&self, p: Vec2, h: impl Fn(f64) -> [f64; N]) -> [f64; N] {
        if self.outcomes.is_empty() { self.integral(p, TOLERANCE, h).1 } else { self.sum(p, h) }
    }

    fn sum<const N: usize>(&self, p: Vec2, h: impl Fn(f64) -> [f64; N]) -> [f64; N] {
        let mut sum = [0.0; N];
        for (k, f) in (1..).zip(&self.outcomes) {
            let x = f64::from(k);
            let weight = f * self.family.log_density(p, &[x]).exp();
            let h = h(x);
            for i in 0..N {
                sum[i] += weight * h[i];
            }
        }
        sum
    }

    /// What is taken off f before it is integrated. At an end where mass gets lost between doubles, f there: nothing is
    /// missed then, unless f is much larger there than where the mass is. Else f where the density has a kink, whose second
    /// derivative is a point mass.
    fn base(&self, stretched: &Stretched, p: Vec2) -> f64 {
        let inner = [-0.8, 0.0, 0.8].into_iter().filter_map(|t| Some(self.of(stretched.observation(t)?[0]).abs()));
        let most = 10.0 * inner.fold(0.0, f64::max);
        let end = stretched.line.sticky().map(|x| self.of(x)).filter(|f| f.abs() <= most);
        let kink = self.family.kink(p).map(|x| self.of(x)).filter(|f| f.is_finite());
        end.or(kink).unwrap_or(0.0)
    }

    /// A base, and E (f − base) h.
    fn integral<const N: usize>(&self, p: Vec2, tolerance: f64, h: impl Fn(f64) -> [f64; N]) -> (f64, [f64; N]) {
        let Some(line) = Line::of(self.family.support()) else { return (0.0, self.circle(p, tolerance, h)) };
        let stretched = Stretched::new(&*self.family, line, p);
        let base = self.base(&stretched, p);
        let integrand = |t: f64| match stretched.observation(t) {
            Some([x, slope]) => self.term(p, x, slope, base, &h),
            None => [0.0; N],
        };
        let mut breaks = BREAKS.to_vec();
        breaks.extend(self.family.kink(p).map(|x| stretched.variable(x)));
        breaks.sort_by(f64::total_cmp);
        let Integral { value, size } = integrate(&breaks, tolerance, integrand);
        let ends = [integrand(-REACH), integrand(REACH)];
        let converges = |i: usize| ends.iter().all(|end| end[i].abs() <= NEGLIGIBLE * size[i]);
        (base, std::array::from_fn(|i| if converges(i) { value[i] } else { f64::NAN }))
    }

    /// E f h over the circle. There f may jump between π and −π.
    fn circle<const N: usize>(&self, p: Vec2, tolerance: f64, h: impl Fn(f64) -> [f64; N]) -> [f64; N] {
        let (low, high) = self.family.bulk(p);
        let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
        let mut breaks = vec![centre - PI, centre - half, centre - 0.25 * half, centre, centre + 0.25 * half];
        breaks.extend([centre + half, centre + PI]);
        let seam = centre - principal(centre) + if principal(centre) < 0.0 { -PI } else { PI };
        breaks.push(seam);
        breaks.sort_by(f64::total_cmp);
        integrate(&breaks, tolerance, |x| self.term(p, x, 1.0, 0.0, &h)).value
    }

    /// (f − base) h times the density and a slope.
    fn term<const N: usize>(&self, p: Vec2, x: f64, slope: f64, base: f64, h: &impl Fn(f64) -> [f64; N]) -> [f64; N] {
        let density = self.family.log_density(p, &[x]).exp();
        // Far out f may overflow where the density has long vanished.
        if density == 0.0 {
            return [0.0; N];
        }
        let weight = (self.of(x) - base) * density * slope;
        h(x).map(|h| weight * h)
    }
}
