//! Formulas that a scenario writes: read once, then evaluated at as many points as there are.
//!
//! `+ - * / ^`, parentheses, numbers, `pi`, `e`, functions of [`FUNCTIONS`] and the variables that the caller names; no
//! assignment, no strings, no loops. `^` is right-associative and binds tighter than a sign before it: `-x^2` is −(x²).
//! Whatever is written or put in, nothing panics and nothing takes long. What a formula is for (a loss, a reward) is its
//! caller's business.

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

/// Most bytes of an expression.
pub const LONGEST: usize = 512;
/// Most levels of parentheses, signs and exponents in each other.
pub const DEEPEST: usize = 32;
/// Most numbers, names and operations.
pub const LARGEST: usize = 256;

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    tree: Tree,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the text that are to blame; empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong, in one line. Pieces of the text in it are as they were written: not yet safe to print.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Expression {
    /// Reads an expression in these variables.
    ///
    /// # Errors
    /// The first fault, with its place. Limits are [`LONGEST`], [`DEEPEST`] and [`LARGEST`].
    pub fn parse(text: &str, variables: &[&str]) -> Result<Self, Fault> {
        Ok(Self { text: text.to_owned(), tree: parse::parse(text, variables)? })
    }

    /// The text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value, by f64 arithmetic: NaN or infinite outside of a function's domain.
    ///
    /// `at` holds the variables in the order in which they were named; a missing one is NaN.
    #[must_use]
    pub fn value(&self, at: &[f64]) -> f64 {
        self.tree.evaluate(at)
    }

    /// [`Expression::value`] at many places of its first variable: the same numbers, for a fraction of the time.
    pub fn values(&self, at: &[f64], out: &mut [f64]) {
        self.tree.fill(at, out, &mut Vec::new());
    }

    /// The values on the piece of the first variable from `low` to `high`, and on a rectangle around it.
    #[must_use]
    pub fn region(&self, low: f64, high: f64) -> Region {
        self.tree.evaluate(&[Region::variable(low, high)])
    }

    /// The same of the expression without its oscillation.
    #[must_use]
    pub fn envelope(&self, low: f64, high: f64) -> Region<true> {
        self.tree.evaluate(&[Region::variable(low, high)])
    }

    /// [`Expression::value`] at a place of the first variable where it is too large or too small for a double.
    #[must_use]
    pub fn scaled(&self, at: f64) -> Scaled {
        self.tree.evaluate(&[Scaled::from(at)])
    }

    /// The places between `low` and `high` of the first variable where it may have a corner, a pole or a branch point because
    /// an argument changes its sign there; in order. Not all of them: arguments are compared at the two ends.
    #[must_use]
    pub fn corners(&self, low: f64, high: f64) -> Vec<f64> {
        let mut found = Vec::new();
        self.tree.corners(low, high, &mut found);
        found.sort_by(f64::total_cmp);
        found.dedup();
        found
    }

    /// The least slope, by size, at a place of the first variable among the arguments of `sin`, `cos` and `tan` whose size
    /// is at least `least`: the slowest of the oscillations that are faster than that.
    #[must_use]
    pub fn frequency(&self, at: f64, least: f64) -> Option<f64> {
        let mut slowest = f64::INFINITY;
        self.tree.frequency(at, least, &mut slowest);
        slowest.is_finite().then_some(slowest)
    }

    /// Value, gradient and Hessian in the first two variables; the value is that of [`Expression::value`] to the bit.
    ///
    /// Where there is no derivative: abs has slope 0 at 0, and where its two arguments are equal min and max have the mean
    /// of both slopes, so that `abs(x)` and `max(x, -x)` agree. Where a slope is infinite it, or what it enters, is not
    /// finite. A power whose exponent is not a plain number has derivatives only where its base is not below zero.
    #[must_use]
    pub fn derivatives(&self, at: Vec2) -> Dual {
        self.tree.evaluate(&[Dual::variable(at[0], 0), Dual::variable(at[1], 1)])
    }
}
