//! Formulas in scenarios: parsed once, then evaluated at any number of points, with derivatives.
//!
//! The grammar has `+ - * / ^`, parentheses, numbers, `pi`, `e`, the functions of [`FUNCTIONS`], `min`, `max` and the
//! variables that the caller names; no assignments, strings or loops. `^` is right-associative and binds tighter than a
//! preceding sign: `-x^2` is −(x²). No text and no argument makes anything panic, and the work per evaluation is
//! bounded by [`LARGEST`]. What a formula is for (a loss, a reward) is the caller's business.

mod dual;
mod function;
mod parse;
mod range;
mod region;
mod scaled;
mod tree;

use std::ops::Range;

use crate::math::Vec2;

pub use dual::Dual;
pub use function::{FUNCTIONS, Function};
pub use region::Region;
pub use scaled::Scaled;

use tree::Tree;

/// The maximum length of an expression in bytes.
pub const LONGEST: usize = 512;
/// The maximum depth of nested parentheses, signs and exponents.
pub const DEEPEST: usize = 32;
/// The maximum number of numbers, names and operations.
pub const LARGEST: usize = 256;

/// A parsed expression.
///
/// ```
/// use geodescent::expression::Expression;
/// use geodescent::math::Vec2;
///
/// let loss = Expression::parse("(1 - mean)^2 + sd", &["mean", "sd"]).unwrap();
/// assert_eq!(loss.value(&[3.0, 0.5]), 4.5);
/// assert_eq!(loss.derivatives(Vec2::new(3.0, 0.5)).gradient, Vec2::new(4.0, 1.0));
///
/// let fault = Expression::parse("mean + x", &["mean"]).unwrap_err();
/// assert_eq!(&"mean + x"[fault.span], "x");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    tree: Tree,
}

/// The phase of an oscillation, a part of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Phase<'a>(&'a Tree);

impl Phase<'_> {
    /// The phase at a place of the first variable, and its slope.
    #[must_use]
    pub fn at(&self, x: f64) -> [f64; 2] {
        let found = self.0.evaluate(&[Dual::variable(x, 0)]);
        [found.value, found.gradient[0]]
    }
}

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The byte range of the text at fault; empty if something is missing there.
    pub span: Range<usize>,
    /// What is wrong, in one line. It quotes the text verbatim, so it is not yet safe to print.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Expression {
    /// An expression without variables.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self { text: value.to_string(), tree: Tree::Number(value) }
    }

    /// Parses an expression in these variables.
    ///
    /// # Errors
    /// If the text is not an expression or exceeds [`LONGEST`], [`DEEPEST`] or [`LARGEST`]: the first fault, with its
    /// position.
    pub fn parse(text: &str, variables: &[&str]) -> Result<Self, Fault> {
        Ok(Self { text: text.to_owned(), tree: parse::parse(text, variables)? })
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value in f64 arithmetic; NaN or infinite outside a function's domain.
    ///
    /// `at` has the variables in the order in which they were named; a missing one is NaN.
    #[must_use]
    pub fn value(&self, at: &[f64]) -> f64 {
        self.tree.evaluate(at)
    }

    /// [`Expression::value`] at many values of the first variable, bit-identical and faster. Other variables are NaN.
    ///
    /// # Panics
    /// If `at` and `out` differ in length.
    pub fn values(&self, at: &[f64], out: &mut [f64]) {
        self.tree.fill(at, out, &mut Vec::new());
    }

    /// The range of the values where the first variable is in [`low`, `high`], and on a complex rectangle around that
    /// interval.
    #[must_use]
    pub fn region(&self, low: f64, high: f64) -> Region {
        self.tree.evaluate(&[Region::variable(low, high)])
    }

    /// [`Expression::region`] of the expression without its oscillation.
    #[must_use]
    pub fn envelope(&self, low: f64, high: f64) -> Region<true> {
        self.tree.evaluate(&[Region::variable(low, high)])
    }

    /// [`Expression::value`] at a value of the first variable where the result is too large or too small for a double.
    #[must_use]
    pub fn scaled(&self, at: f64) -> Scaled {
        self.tree.evaluate(&[Scaled::from(at)])
    }

    /// The values of the first variable between `low` and `high`, in ascending order, at which an argument changes sign
    /// so that the expression may have a kink, a pole or a branch point. Not all of them: only arguments whose signs at
    /// the two ends differ are searched.
    #[must_use]
    pub fn corners(&self, low: f64, high: f64) -> Vec<f64> {
        let mut found = Vec::new();
        self.tree.corners(low, high, &mut found);
        found.sort_by(f64::total_cmp);
        found.dedup();
        found
    }

    /// The slowest oscillation whose phase changes at least as fast as `least` at a value of the first variable; `None` if
    /// there is none.
    ///
    /// Phases are the arguments of `sin`, `cos` and `tan`.
    #[must_use]
    pub fn phase(&self, at: f64, least: f64) -> Option<Phase<'_>> {
        self.tree.phase(at, least).map(|(_, tree)| Phase(tree))
    }

    /// Value, gradient and Hessian in the first two variables; the value is bit-identical to [`Expression::value`].
    ///
    /// At a kink the derivative is the mean of both sides: 0 for `abs` at 0, the mean of the two slopes for `min` and
    /// `max` of equal arguments, so that `abs(x)` and `max(x, -x)` agree. An infinite slope makes every derivative it
    /// enters non-finite. A power with a variable exponent has derivatives only where its base is not negative.
    #[must_use]
    pub fn derivatives(&self, at: Vec2) -> Dual {
        self.tree.evaluate(&[Dual::variable(at[0], 0), Dual::variable(at[1], 1)])
    }
}
