//! Bounds of an expression on a real interval, the piece, and on a rectangle of the complex plane around it.
//!
//! Two interval evaluations (Moore 1966) at once. The range on the piece decides which branch of `abs`, `min` or `max`
//! applies; with that branch, the range on the rectangle says whether the expression is analytic there and how large it
//! gets, which bounds the error of a quadrature rule (Petras 2002; Johansson 2018). Ranges are not rounded outwards:
//! they are bounds to compare with tolerances, not proofs.

use std::f64::consts::{FRAC_PI_2, PI, TAU};
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::function::{Function, Number};
use super::range::{ANY, Range, cosine, even, holds, minus, monotone, plus, reciprocal, sine, sizes, times, whole};

/// How far an argument may be on the wrong side of a kink, relative to its size on the piece: the rounding error if the
/// kink is an end of the piece.
const SLACK: f64 = 1e-11;
/// Integer exponents up to this are bounded as products.
const POWERS: f64 = 64.0;

/// Bounds of the values of an expression on a piece of the real line and on a rectangle around it.
///
/// With `ENVELOPE`, sines and cosines that complete a period on the piece count as unknown constants between −1 and 1:
/// the bounds are those of the expression without its oscillation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region<const ENVELOPE: bool = false> {
    /// The range on the piece.
    pub real: Range,
    /// The real and the imaginary part on the rectangle; meaningful if `smooth`.
    re: Range,
    im: Range,
    /// Whether the expression has no kink on the piece and is analytic on the rectangle.
    pub smooth: bool,
}

impl<const ENVELOPE: bool> Region<ENVELOPE> {
    /// The variable on the piece from `low` to `high`, and on the rectangle around the Bernstein ellipse with ρ = 4,
    /// whose semi-axes add up to four times half the length of the piece.
    pub(super) fn variable(low: f64, high: f64) -> Self {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let (long, short) = (2.125 * half, 1.875 * half);
        Self { real: [low, high], re: [middle - long, middle + long], im: [-short, short], smooth: middle.is_finite() }
    }

    /// A bound on the distance of the values on the rectangle from the midpoint of the range on the piece; infinite if
    /// unknown.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let middle = 0.5 * (self.real[0] + self.real[1]);
        let re = (self.re[1] - middle).abs().max((self.re[0] - middle).abs());
        let far = re.hypot(sizes(self.im)[1]);
        if self.smooth && !far.is_nan() { far } else { f64::INFINITY }
    }

    /// Whether the range on the piece is finite.
    #[must_use]
    pub fn bounded(&self) -> bool {
        self.real.iter().all(|x| x.is_finite())
    }

    fn made(real: Range, [re, im]: [Range; 2], smooth: bool) -> Self {
        // On the piece the values are real, so they lie in both ranges.
        let both = if smooth { [real[0].max(re[0]), real[1].min(re[1])] } else { real };
        let real = if both[0] <= both[1] { both } else { real };
        Self { real, re, im, smooth }
    }

    fn rough(real: Range) -> Self {
        Self { real, re: ANY, im: ANY, smooth: false }
    }

    fn to_pair(self) -> [Range; 2] {
        [self.re, self.im]
    }

    /// 1/z.
    fn reciprocal(self) -> Self {
        let real = reciprocal(self.real);
        let square = plus(whole(self.re, 2.0), whole(self.im, 2.0));
        if !(self.smooth && square[0] > 0.0) {
            return Self::rough(real);
        }
        // 1/z by real and imaginary part, cut to the disc of the largest 1/|z|.
        let (over, most) = (reciprocal(square), square[0].sqrt().recip());
        let cut = |a: Range| [a[0].max(-most), a[1].min(most)];
        Self::made(real, [cut(times(self.re, over)), cut(times(minus(self.im), over))], true)
    }

    /// The range of |z| and the largest |arg z|; `None` unless the rectangle is in the right half-plane.
    fn polar(self) -> Option<(Range, f64)> {
        if !(self.smooth && self.re[0] > 0.0) {
            return None;
        }
        let im = sizes(self.im);
        let turn = im[1].atan2(self.re[0]);
        Some(([self.re[0].hypot(im[0]), self.re[1].hypot(im[1])], turn))
    }

    /// The rectangle around an annular sector.
    fn sector(size: Range, turn: f64) -> [Range; 2] {
        let turn = [-turn.abs(), turn.abs()];
        [times(size, cosine(turn)), times(size, sine(turn))]
    }

    fn power_of_number(self, n: f64) -> Self {
        let integral = n.fract() == 0.0 && n.abs() <= POWERS;
        let real = if integral {
            whole(self.real, n)
        } else if self.real[1] < 0.0 || n.fract() == 0.0 {
            ANY
        } else {
            monotone([self.real[0].max(0.0), self.real[1]], |x| x.powf(n))
        };
        if let Some((size, turn)) = self.polar() {
            return Self::made(real, Self::sector(monotone(size, |x| x.powf(n)), n * turn), true);
        }
        if !integral || !self.smooth {
            return Self::rough(real);
        }
        if n < 0.0 {
            return Self { real, ..self.power_of_number(-n).reciprocal() };
        }
        // The left half-plane by symmetry; across zero, products.
        let mirrored = -self;
        if mirrored.polar().is_some() {
            let powered = mirrored.power_of_number(n);
            return if n % 2.0 == 0.0 { powered } else { -powered };
        }
        if n == 2.0 {
            let re = plus(whole(self.re, 2.0), minus(whole(self.im, 2.0)));
            return Self::made(real, [re, times(times(self.re, self.im), [2.0, 2.0])], true);
        }
        let size = sizes(self.re)[1].hypot(sizes(self.im)[1]).powf(n);
        Self::made(real, [[-size, size]; 2], true)
    }

    fn absolute(self) -> Self {
        let slack = SLACK * sizes(self.real)[1];
        if self.real[0] >= -slack {
            Self { real: [self.real[0].max(0.0), self.real[1]], ..self }
        } else if self.real[1] <= slack {
            let turned = -self;
            Self { real: [turned.real[0].max(0.0), turned.real[1]], ..turned }
        } else {
            Self::rough(sizes(self.real))
        }
    }

    fn logarithm(self) -> Self {
        let real = monotone([self.real[0].max(0.0), self.real[1].max(0.0)], f64::ln);
        match self.polar() {
            Some((size, turn)) => Self::made(real, [monotone(size, f64::ln), [-turn, turn]], true),
            None => Self::rough(real),
        }
    }

    fn tangent(self) -> Self {
        let crosses = (self.real[0] / PI - 0.5).floor() != (self.real[1] / PI - 0.5).floor();
        let real = if crosses || self.real[1] - self.real[0] >= PI { ANY } else { monotone(self.real, f64::tan) };
        // (sin 2x + i sinh 2y)/(cos 2x + cosh 2y).
        let double = |a: Range| times(a, [2.0, 2.0]);
        let (x, y) = (double(self.re), double(self.im));
        let under = plus(cosine(x), even(y, f64::cosh));
        if !(self.smooth && under[0] > 0.0 && under[1].is_finite()) {
            return Self::rough(real);
        }
        let over = reciprocal(under);
        Self::made(real, [times(sine(x), over), times(monotone(y, f64::sinh), over)], true)
    }

    fn hyperbolic_tangent(self) -> Self {
        let real = monotone(self.real, f64::tanh);
        if !self.smooth {
            return Self::rough(real);
        }
        // Far from zero tanh is ±1 to within 2 e^(−2|x|)/(1 − e^(−2|x|)).
        let least = sizes(self.re)[0];
        if least > 1.0 {
            let gap = 2.0 / (2.0 * least).exp_m1();
            let limit = self.re[0].signum();
            return Self::made(real, [[limit - gap, limit + gap], [-gap, gap]], true);
        }
        // tanh z = −i tan iz.
        let turned = Self { real: [0.0; 2], re: minus(self.im), im: self.re, smooth: true }.tangent();
        if turned.smooth { Self::made(real, [turned.im, minus(turned.re)], true) } else { Self::rough(real) }
    }

    fn arc_tangent(self) -> Self {
        let real = monotone(self.real, f64::atan);
        let (x, y) = (sizes(self.re)[0], sizes(self.im)[1]);
        if !(self.smooth && (y < 0.99 || x > 0.0)) {
            return Self::rough(real);
        }
        let y = y.min(x.hypot(1.0));
        let im = 0.25 * ((x * x + (1.0 + y) * (1.0 + y)) / (x * x + (1.0 - y) * (1.0 - y))).ln();
        // Re atan z, which increases with x; |Re atan z| increases with |y|.
        let part = |x: f64, y: f64| 0.5 * (x.atan2(1.0 - y) + x.atan2(1.0 + y));
        let high = sizes(self.im)[1];
        let re = [
            part(self.re[0], if self.re[0] < 0.0 { high } else { 0.0 }),
            part(self.re[1], if self.re[1] > 0.0 { high } else { 0.0 }),
        ];
        Self::made(real, [re, [-im, im]], true)
    }

    /// ln |Γ|: in the right half-plane by a bound on the digamma function, elsewhere by reflection.
    fn log_gamma(self) -> Self {
        if self.real[0] > 0.0 {
            let middle = 0.5 * (self.real[0] + self.real[1]);
            let value = middle.apply(Function::LogGamma);
            let bound = |low: f64, size: f64| 1.0 / low + size.ln().abs() + FRAC_PI_2 + 1.0;
            let reach = 0.5 * (self.real[1] - self.real[0]) * bound(self.real[0], self.real[1]);
            // ln Γ is convex there, with its minimum near 1.46.
            let ends = monotone(self.real, |x| x.apply(Function::LogGamma));
            let low = if holds(self.real, 1.461_632_144_968_362) { -0.121_486_290_535_849_6 } else { ends[0] };
            let real = [low, ends[1]];
            return match self.polar() {
                Some((size, _)) => {
                    let far = (self.re[1] - self.re[0]).hypot(self.im[1] - self.im[0]);
                    let reach = reach.max(far * bound(self.re[0], size[1].max(1.0 / size[0])));
                    Self::made(real, [[value - reach, value + reach], [-reach, reach]], true)
                }
                None => Self::rough(real),
            };
        }
        let other = Self::number(1.0) - self;
        if other.real[0] <= 0.0 {
            return Self::rough(ANY);
        }
        let sine = (self * Self::number(PI)).apply(Function::Sin).absolute().logarithm();
        Self::number(PI.ln()) - sine - other.log_gamma()
    }
}

impl<const ENVELOPE: bool> Neg for Region<ENVELOPE> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { real: minus(self.real), re: minus(self.re), im: minus(self.im), ..self }
    }
}

impl<const ENVELOPE: bool> Add for Region<ENVELOPE> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let smooth = self.smooth && other.smooth;
        Self::made(plus(self.real, other.real), [plus(self.re, other.re), plus(self.im, other.im)], smooth)
    }
}

impl<const ENVELOPE: bool> Sub for Region<ENVELOPE> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const ENVELOPE: bool> Mul for Region<ENVELOPE> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let real = times(self.real, other.real);
        let ([a, b], [c, d]) = (self.to_pair(), other.to_pair());
        let (re, im) = (plus(times(a, c), minus(times(b, d))), plus(times(a, d), times(b, c)));
        Self::made(real, [re, im], self.smooth && other.smooth)
    }
}

impl<const ENVELOPE: bool> Div for Region<ENVELOPE> {
    type Output = Self;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "a quotient is a product with a reciprocal")]
    fn div(self, other: Self) -> Self {
        self * other.reciprocal()
    }
}

impl<const ENVELOPE: bool> Number for Region<ENVELOPE> {
    fn number(value: f64) -> Self {
        Self { real: [value; 2], re: [value; 2], im: [0.0; 2], smooth: true }
    }

    fn apply(self, function: Function) -> Self {
        let (x, y) = (self.re, self.im);
        let [real, re, im] = match function {
            Function::Sin | Function::Cos if ENVELOPE && self.real[1] - self.real[0] > TAU => {
                return Self { real: [-1.0, 1.0], re: [-1.0, 1.0], im: [0.0; 2], smooth: self.smooth };
            }
            Function::Abs => return self.absolute(),
            Function::Sqrt => return self.power_of_number(0.5),
            Function::Log => return self.logarithm(),
            Function::Tan => return self.tangent(),
            Function::Tanh => return self.hyperbolic_tangent(),
            Function::Atan => return self.arc_tangent(),
            Function::LogGamma => return self.log_gamma(),
            Function::Exp => {
                let size = monotone(x, f64::exp);
                [monotone(self.real, f64::exp), times(size, cosine(y)), times(size, sine(y))]
            }
            Function::Sin => {
                [sine(self.real), times(sine(x), even(y, f64::cosh)), times(cosine(x), monotone(y, f64::sinh))]
            }
            Function::Cos => {
                [cosine(self.real), times(cosine(x), even(y, f64::cosh)), minus(times(sine(x), monotone(y, f64::sinh)))]
            }
            Function::Sinh => [
                monotone(self.real, f64::sinh),
                times(monotone(x, f64::sinh), cosine(y)),
                times(even(x, f64::cosh), sine(y)),
            ],
            Function::Cosh => [
                even(self.real, f64::cosh),
                times(even(x, f64::cosh), cosine(y)),
                times(monotone(x, f64::sinh), sine(y)),
            ],
        };
        Self::made(real, [re, im], self.smooth)
    }

    fn raise(self, exponent: f64) -> Self {
        self.power_of_number(exponent)
    }

    fn power(self, exponent: Self) -> Self {
        if exponent.real[0] == exponent.real[1] {
            return self.power_of_number(exponent.real[0]);
        }
        (exponent * self.logarithm()).apply(Function::Exp)
    }

    fn min(self, other: Self) -> Self {
        let difference = self - other;
        let slack = SLACK * sizes(difference.real)[1];
        if difference.real[1] <= slack {
            self
        } else if difference.real[0] >= -slack {
            other
        } else {
            Self::rough([self.real[0].min(other.real[0]), self.real[1].min(other.real[1])])
        }
    }

    fn max(self, other: Self) -> Self {
        -(-self).min(-other)
    }
}
