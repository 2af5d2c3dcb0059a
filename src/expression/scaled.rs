//! Floating-point numbers beyond the range of a double: exp(x²) at x = 100 is finite.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::function::{Function, Number};

/// `share` · e^`log`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaled {
    /// The sign and the digits; between 1e-150 and 1e150 in absolute value unless zero, infinite or NaN.
    pub share: f64,
    /// The natural logarithm of the scale.
    pub log: f64,
}

impl Scaled {
    fn new(share: f64, log: f64) -> Self {
        let size = share.abs();
        if size == 0.0 || !size.is_finite() || (1e-150..1e150).contains(&size) {
            return Self { share, log: if size == 0.0 { 0.0 } else { log } };
        }
        Self { share: share.signum(), log: log + size.ln() }
    }

    /// As a double: infinite if too large, zero if too small.
    #[must_use]
    pub fn value(self) -> f64 {
        if self.log == 0.0 { self.share } else { self.share.signum() * (self.share.abs().ln() + self.log).exp() }
    }

    /// ln |x|.
    #[must_use]
    pub fn size(self) -> f64 {
        self.share.abs().ln() + self.log
    }

    fn powered(self, n: f64) -> Self {
        let plain = self.value().raise(n);
        if plain.is_finite() && plain != 0.0 || plain.is_nan() || self.share == 0.0 {
            return Self::from(plain);
        }
        let sign = if self.share < 0.0 && n % 2.0 != 0.0 { -1.0 } else { 1.0 };
        Self::new(sign, n * self.size())
    }

    fn below(self, other: Self) -> bool {
        (self - other).share < 0.0
    }
}

impl From<f64> for Scaled {
    fn from(value: f64) -> Self {
        Self::new(value, 0.0)
    }
}

impl Neg for Scaled {
    type Output = Self;
    fn neg(self) -> Self {
        Self { share: -self.share, ..self }
    }
}

impl Add for Scaled {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if other.share == 0.0 || self.share == 0.0 {
            return if self.share == 0.0 { other } else { self };
        }
        let (large, small) = if self.size() < other.size() { (other, self) } else { (self, other) };
        Self::new(large.share + small.share * (small.log - large.log).exp(), large.log)
    }
}

impl Sub for Scaled {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Scaled {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.share * other.share, self.log + other.log)
    }
}

impl Div for Scaled {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Self::new(self.share / other.share, self.log - other.log)
    }
}

impl Number for Scaled {
    fn number(value: f64) -> Self {
        Self::from(value)
    }

    fn apply(self, function: Function) -> Self {
        let x = self.value();
        match function {
            Function::Abs => Self { share: self.share.abs(), ..self },
            Function::Sqrt => self.powered(0.5),
            Function::Exp if x.abs() > 300.0 => Self::new(1.0, x),
            Function::Log if self.share > 0.0 => Self::from(self.size()),
            Function::Cosh if x.abs() > 300.0 => Self::new(0.5, x.abs()),
            Function::Sinh if x.abs() > 300.0 => Self::new(0.5 * x.signum(), x.abs()),
            _ => Self::from(x.apply(function)),
        }
    }

    fn raise(self, exponent: f64) -> Self {
        self.powered(exponent)
    }

    fn power(self, exponent: Self) -> Self {
        self.powered(exponent.value())
    }

    fn min(self, other: Self) -> Self {
        if self.below(other) { self } else { other }
    }

    fn max(self, other: Self) -> Self {
        -(-self).min(-other)
    }
}
