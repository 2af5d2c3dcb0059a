//! The functions that an expression may name, each with its first two derivatives, and the trait of the numbers that
//! they are evaluated on.
//!
//! Knows no text. Derivatives are those of Abramowitz & Stegun (1964), chapters 4 and 6.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Dual;
use crate::math::special::ln_gamma_derivatives;

/// A function of one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// |x|.
    Abs,
    /// √x.
    Sqrt,
    /// eˣ.
    Exp,
    /// The natural logarithm.
    Log,
    /// sin x, x in radians.
    Sin,
    /// cos x.
    Cos,
    /// tan x.
    Tan,
    /// sinh x.
    Sinh,
    /// cosh x.
    Cosh,
    /// tanh x.
    Tanh,
    /// atan x.
    Atan,
    /// ln |Γ(x)|.
    LogGamma,
}

/// Every function of one variable, by its name in expressions. (`min` and `max`, of two, are operators.)
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", Function::Abs),
    ("sqrt", Function::Sqrt),
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("sin", Function::Sin),
    ("cos", Function::Cos),
    ("tan", Function::Tan),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("tanh", Function::Tanh),
    ("atan", Function::Atan),
    ("lgamma", Function::LogGamma),
];

impl Function {
    fn value(self, x: f64) -> f64 {
        match self {
            Self::Abs => x.abs(),
            Self::Sqrt => x.sqrt(),
            Self::Exp => x.exp(),
            Self::Log => x.ln(),
            Self::Sin => x.sin(),
            Self::Cos => x.cos(),
            Self::Tan => x.tan(),
            Self::Sinh => x.sinh(),
            Self::Cosh => x.cosh(),
            Self::Tanh => x.tanh(),
            Self::Atan => x.atan(),
            Self::LogGamma => ln_gamma_derivatives(x)[0],
        }
    }

    /// The function and its first two derivatives.
    fn jet(self, x: f64) -> [f64; 3] {
        if self == Self::LogGamma {
            return ln_gamma_derivatives(x);
        }
        let f = self.value(x);
        let (slope, curvature) = match self {
            Self::Abs => (if x == 0.0 { 0.0 } else { x.signum() }, 0.0),
            Self::Sqrt => (0.5 / f, -0.25 / (x * f)),
            Self::Exp => (f, f),
            Self::Log => (1.0 / x, -1.0 / (x * x)),
            Self::Sin => (x.cos(), -f),
            Self::Cos => (-x.sin(), -f),
            Self::Tan => (1.0 + f * f, 2.0 * f * (1.0 + f * f)),
            Self::Sinh => (x.cosh(), f),
            Self::Cosh => (x.sinh(), f),
            Self::Tanh => {
                // 1 − f² would cancel where f is near 1.
                let slope = x.cosh().powi(-2);
                (slope, -2.0 * f * slope)
            }
            Self::Atan => {
                let slope = 1.0 / (1.0 + x * x);
                (slope, -2.0 * x * slope * slope)
            }
            Self::LogGamma => (f64::NAN, f64::NAN),
        };
        [f, slope, curvature]
    }
}

/// What an expression is evaluated on: `f64`, [`Dual`], [`Scaled`](super::Scaled) or [`Region`](super::Region).
pub(super) trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    fn number(value: f64) -> Self;
    fn apply(self, function: Function) -> Self;
    /// The power with a constant exponent.
    fn raise(self, exponent: f64) -> Self;
    fn power(self, exponent: Self) -> Self;
    fn min(self, other: Self) -> Self;
    fn max(self, other: Self) -> Self;
}

/// xⁿ; the second to fourth power as products.
pub(super) fn raise(x: f64, exponent: f64) -> f64 {
    match exponent {
        2.0 => x * x,
        3.0 => x * x * x,
        4.0 => (x * x) * (x * x),
        _ => x.powf(exponent),
    }
}

/// xⁿ and its first two derivatives in x.
fn powers(x: f64, n: f64) -> [f64; 3] {
    // A zero factor ends a polynomial, even if the power it multiplies is infinite.
    let term = |factor: f64, n: f64| if factor == 0.0 { 0.0 } else { factor * raise(x, n) };
    [raise(x, n), term(n, n - 1.0), term(n * (n - 1.0), n - 2.0)]
}

/// The minimum; unlike `f64::min`, NaN if either is NaN.
fn smaller(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

impl Number for f64 {
    fn number(value: f64) -> Self {
        value
    }

    fn apply(self, function: Function) -> Self {
        function.value(self)
    }

    fn raise(self, exponent: f64) -> Self {
        raise(self, exponent)
    }

    fn power(self, exponent: Self) -> Self {
        raise(self, exponent)
    }

    fn min(self, other: Self) -> Self {
        smaller(self, other)
    }

    fn max(self, other: Self) -> Self {
        -smaller(-self, -other)
    }
}

impl Number for Dual {
    fn number(value: f64) -> Self {
        Self::constant(value)
    }

    fn apply(self, function: Function) -> Self {
        self.chain(function.jet(self.value))
    }

    fn raise(self, n: f64) -> Self {
        self.chain(powers(self.value, n))
    }

    fn power(self, exponent: Self) -> Self {
        let (a, b) = (self.value, exponent.value);
        let log = a.ln();
        // x ln x and the like are 0 at x = 0.
        let times_log = |x: f64| if x == 0.0 { 0.0 } else { x * log };
        let [value, slope, curvature] = powers(a, b);
        let mixed = raise(a, b - 1.0) + times_log(slope);
        let curvatures = [curvature, mixed, times_log(times_log(value))];
        self.chain2(exponent, value, [slope, times_log(value)], curvatures)
    }

    fn min(self, other: Self) -> Self {
        let value = smaller(self.value, other.value);
        if self.value < other.value {
            self
        } else if other.value < self.value {
            other
        } else {
            Self::between(value, self, other)
        }
    }

    fn max(self, other: Self) -> Self {
        -(-self).min(-other)
    }
}
