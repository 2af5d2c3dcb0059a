//! An expression as a tree, and its traversals.
//!
//! Recursion is as deep as the tree, whose size the parser bounds. Knows no text.

use std::f64::consts::PI;

use super::Dual;
use super::function::{Function, Number};

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Min,
    Max,
}

/// A node with its subtrees.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Number(f64),
    Variable(usize),
    Negate(Box<Tree>),
    Call(Function, Box<Tree>),
    /// A power with a constant exponent.
    Raise(Box<Tree>, f64),
    Binary(Operator, Box<[Tree; 2]>),
}

impl Tree {
    /// −a, folded if a is a constant.
    pub(super) fn negate(self) -> Self {
        match self {
            Self::Number(x) => Self::Number(-x),
            tree => Self::Negate(Box::new(tree)),
        }
    }

    /// f(a), folded if a is a constant.
    pub(super) fn call(self, function: Function) -> Self {
        match self {
            Self::Number(x) => Self::Number(x.apply(function)),
            tree => Self::Call(function, Box::new(tree)),
        }
    }

    /// a ∘ b, folded if both are constants.
    pub(super) fn binary(self, operator: Operator, other: Self) -> Self {
        match (operator, self, other) {
            (_, Self::Number(a), Self::Number(b)) => Self::Number(operator.apply(a, b)),
            (Operator::Power, tree, Self::Number(exponent)) => Self::Raise(Box::new(tree), exponent),
            (_, a, b) => Self::Binary(operator, Box::new([a, b])),
        }
    }

    /// The value at these variables; a missing one is NaN.
    pub(super) fn evaluate<N: Number>(&self, variables: &[N]) -> N {
        match self {
            Self::Number(value) => N::number(*value),
            Self::Variable(index) => variables.get(*index).copied().unwrap_or_else(|| N::number(f64::NAN)),
            Self::Negate(a) => -a.evaluate(variables),
            Self::Call(function, a) => a.evaluate(variables).apply(*function),
            Self::Raise(a, exponent) => a.evaluate(variables).raise(*exponent),
            Self::Binary(operator, pair) => {
                let [a, b] = &**pair;
                operator.apply(a.evaluate(variables), b.evaluate(variables))
            }
        }
    }
}

impl Tree {
    /// [`Tree::evaluate`] for each value of the first variable in `at`; `spare` holds buffers for second operands.
    pub(super) fn fill(&self, at: &[f64], out: &mut [f64], spare: &mut Vec<Vec<f64>>) {
        match self {
            Self::Number(value) => out.fill(*value),
            Self::Variable(0) => out.copy_from_slice(at),
            Self::Variable(_) => out.fill(f64::NAN),
            Self::Negate(a) => {
                a.fill(at, out, spare);
                out.iter_mut().for_each(|x| *x = -*x);
            }
            Self::Call(function, a) => {
                a.fill(at, out, spare);
                out.iter_mut().for_each(|x| *x = x.apply(*function));
            }
            Self::Raise(a, exponent) => {
                a.fill(at, out, spare);
                out.iter_mut().for_each(|x| *x = x.raise(*exponent));
            }
            Self::Binary(operator, pair) => {
                let [a, b] = &**pair;
                let mut other = spare.pop().unwrap_or_default();
                other.resize(at.len(), 0.0);
                a.fill(at, out, spare);
                b.fill(at, &mut other, spare);
                out.iter_mut().zip(&other).for_each(|(x, y)| *x = operator.apply(*x, *y));
                spare.push(other);
            }
        }
    }
}

impl Tree {
    fn children(&self) -> &[Self] {
        match self {
            Self::Number(_) | Self::Variable(_) => &[],
            Self::Negate(a) | Self::Call(_, a) | Self::Raise(a, _) => std::slice::from_ref(&**a),
            Self::Binary(_, pair) => &**pair,
        }
    }

    /// Adds the values of the first variable between `low` and `high` at which an argument that may cause a kink, a
    /// pole or a branch point changes sign.
    pub(super) fn corners(&self, low: f64, high: f64, found: &mut Vec<f64>) {
        let mut look = |f: &dyn Fn(f64) -> f64| found.extend(crossing(f, low, high));
        let at = |tree: &Self, x: f64| tree.evaluate(&[x]);
        match self {
            Self::Call(Function::Abs | Function::Sqrt | Function::Log, a) => look(&|x| at(a, x)),
            Self::Call(Function::Tan, a) => look(&|x| at(a, x).cos()),
            Self::Call(Function::LogGamma, a) => look(&|x| (PI * at(a, x)).sin()),
            Self::Raise(a, n) if *n < 0.0 || n.fract() != 0.0 || n % 2.0 == 0.0 => look(&|x| at(a, x)),
            Self::Binary(Operator::Divide, pair) => look(&|x| at(&pair[1], x)),
            Self::Binary(Operator::Power, pair) => look(&|x| at(&pair[0], x)),
            Self::Binary(Operator::Min | Operator::Max, pair) => look(&|x| at(&pair[0], x) - at(&pair[1], x)),
            _ => {}
        }
        for child in self.children() {
            child.corners(low, high, found);
        }
    }

    /// The argument of `sin`, `cos` or `tan` with the smallest |slope| of at least `least` at a value of the first variable,
    /// and that slope.
    pub(super) fn phase(&self, at: f64, least: f64) -> Option<(f64, &Self)> {
        let own = match self {
            Self::Call(Function::Sin | Function::Cos | Function::Tan, a) => {
                let slope = a.evaluate(&[Dual::variable(at, 0)]).gradient[0].abs();
                (slope >= least && slope.is_finite()).then_some((slope, &**a))
            }
            _ => None,
        };
        let below = self.children().iter().filter_map(|child| child.phase(at, least));
        own.into_iter().chain(below).min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// A zero of a function between two arguments, by bisection to adjacent doubles; `None` if its signs there do not
/// differ.
fn crossing(f: &dyn Fn(f64) -> f64, low: f64, high: f64) -> Option<f64> {
    let (mut low, mut high, below, above) = (low, high, f(low), f(high));
    if !(below < 0.0 && above > 0.0 || below > 0.0 && above < 0.0) {
        return None;
    }
    // Zero first: bisection towards it would pass through a thousand binades.
    let mut middle = if low < 0.0 && high > 0.0 { 0.0 } else { 0.5 * (low + high) };
    for _ in 0..2200 {
        if middle <= low || middle >= high {
            break;
        }
        let there = f(middle);
        if there == 0.0 {
            return Some(middle);
        }
        // A NaN has no sign: there is nothing to bisect.
        if there.is_nan() {
            return None;
        }
        if there.signum() == below.signum() {
            low = middle;
        } else {
            high = middle;
        }
        middle = 0.5 * (low + high);
    }
    let nearer = if f(low).abs() < f(high).abs() { low } else { high };
    Some(nearer)
}

impl Operator {
    fn apply<N: Number>(self, a: N, b: N) -> N {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => a.power(b),
            Self::Min => a.min(b),
            Self::Max => a.max(b),
        }
    }
}
