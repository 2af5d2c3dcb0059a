//! An expression as a tree, and walking it.
//!
//! Recursion is as deep as the tree, which the parser bounds. Knows no text.

use super::function::{Function, Number};

/// A function of two numbers.
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

/// A node with what is below it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Number(f64),
    Variable(usize),
    Negate(Box<Tree>),
    Call(Function, Box<Tree>),
    /// To a power that is a plain number.
    Raise(Box<Tree>, f64),
    Binary(Operator, Box<[Tree; 2]>),
}

impl Tree {
    /// −a, computed now where that is a number.
    pub(super) fn negate(self) -> Self {
        match self {
            Self::Number(x) => Self::Number(-x),
            tree => Self::Negate(Box::new(tree)),
        }
    }

    /// f(a), computed now where that is a number.
    pub(super) fn call(self, function: Function) -> Self {
        match self {
            Self::Number(x) => Self::Number(x.apply(function)),
            tree => Self::Call(function, Box::new(tree)),
        }
    }

    /// a ∘ b, computed now where that is a number.
    pub(super) fn binary(self, operator: Operator, other: Self) -> Self {
        match (operator, self, other) {
            (_, Self::Number(a), Self::Number(b)) => Self::Number(operator.apply(a, b)),
            (Operator::Power, tree, Self::Number(exponent)) => Self::Raise(Box::new(tree), exponent),
            (_, a, b) => Self::Binary(operator, Box::new([a, b])),
        }
    }

    /// The value where the variables are those; NaN for one that is not there.
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
    /// [`Tree::evaluate`] where the first variable is each of `at`; `spare` is room for second operands.
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
