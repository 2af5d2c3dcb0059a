//! A recursive-descent parser from text to tree: one function per level of precedence.
//!
//! Every limit is checked before a node is built or a level entered. Evaluates nothing itself.

use std::ops::Range;

use super::function::FUNCTIONS;
use super::tree::{Operator, Tree};
use super::{DEEPEST, Fault, LARGEST, LONGEST};
use crate::nearest::nearest;

/// Named constants.
const CONSTANTS: [(&str, f64); 2] = [("pi", std::f64::consts::PI), ("e", std::f64::consts::E)];
/// Functions of two arguments.
const PAIRS: [(&str, Operator); 2] = [("min", Operator::Min), ("max", Operator::Max)];
/// Spellings of other languages, and the spelling here.
const FOREIGN: [(&str, &str); 13] = [
    ("ln", "log(…)"),
    ("log10", "log(…)/log(10)"),
    ("pow", "a^b"),
    ("arctan", "atan(…)"),
    ("gammaln", "lgamma(…)"),
    ("fabs", "abs(…)"),
    ("**", "^"),
    ("−", "-"),
    ("·", "*"),
    ("×", "*"),
    ("²", "^2"),
    ("³", "^3"),
    ("π", "pi"),
];

/// Reads the whole text as one expression.
pub(super) fn parse(text: &str, variables: &[&str]) -> Result<Tree, Fault> {
    if text.len() > LONGEST {
        let message = format!("the expression has {} bytes, more than {LONGEST}", text.len());
        return Err(Fault { span: 0..text.len(), message, help: "write it shorter".to_owned() });
    }
    let mut parser = Parser { text, at: 0, depth: 0, nodes: 0, variables };
    let tree = parser.sum()?;
    parser.space();
    if parser.at == text.len() { Ok(tree) } else { Err(parser.stray()) }
}

struct Parser<'a> {
    text: &'a str,
    /// The next byte to read.
    at: usize,
    depth: usize,
    nodes: usize,
    variables: &'a [&'a str],
}

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Result<Tree, Fault> {
        self.chain(Self::product, &[('+', Operator::Add), ('-', Operator::Subtract)])
    }

    fn product(&mut self) -> Result<Tree, Fault> {
        self.chain(Self::sign, &[('*', Operator::Multiply), ('/', Operator::Divide)])
    }

    /// Left-associative operators of one level of precedence.
    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Result<Tree, Fault>,
        operators: &[(char, Operator)],
    ) -> Result<Tree, Fault> {
        let mut tree = operand(self)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.takes(*sign)) {
            self.count()?;
            tree = tree.binary(*operator, operand(self)?);
        }
        Ok(tree)
    }

    fn sign(&mut self) -> Result<Tree, Fault> {
        if self.takes('-') {
            self.count()?;
            return Ok(self.deeper(Self::sign)?.negate());
        }
        if self.takes('+') { self.deeper(Self::sign) } else { self.power() }
    }

    fn power(&mut self) -> Result<Tree, Fault> {
        let base = self.atom()?;
        if !self.takes('^') {
            return Ok(base);
        }
        self.count()?;
        // The exponent may have a sign, and powers in it come first: 2^-1, 2^3^2 = 2^9.
        Ok(base.binary(Operator::Power, self.deeper(Self::sign)?))
    }

    fn atom(&mut self) -> Result<Tree, Fault> {
        self.count()?;
        if self.takes('(') {
            return self.enclosed(Self::sum);
        }
        match self.rest().chars().next() {
            Some('0'..='9' | '.') => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.name(),
            _ => Err(self.missing("a number, a name or `(`")),
        }
    }

    /// Parses what is between an opening parenthesis, just read, and its closing one.
    fn enclosed<T>(&mut self, inner: fn(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let open = self.at - 1;
        let inside = self.deeper(inner)?;
        if self.takes(')') {
            return Ok(inside);
        }
        if !self.rest().is_empty() {
            return Err(self.stray());
        }
        Err(fault(open..open + 1, "this `(` is not closed", "write `)` where it ends"))
    }

    fn number(&mut self) -> Result<Tree, Fault> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let start = self.at;
        self.at += self.rest().bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        if let Some(power) = self.rest().strip_prefix(['e', 'E']) {
            let sign = usize::from(power.starts_with(['+', '-']));
            // `2e` is 2 and the constant e, with a `*` missing in between.
            if let length @ 1.. = digits(&power[sign..]) {
                self.at += 1 + sign + length;
            }
        }
        let (span, written) = (start..self.at, &self.text[start..self.at]);
        match written.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Tree::Number(value)),
            Ok(_) => Err(fault(span, format!("{written} is too large a number"), "the largest is about 1.8e308")),
            Err(_) => Err(fault(span, format!("`{written}` is not a number"), "write it like 2, 0.5 or 1e-3")),
        }
    }

    fn name(&mut self) -> Result<Tree, Fault> {
        let start = self.at;
        let ends = |c: char| !c.is_alphabetic() && !c.is_ascii_digit() && c != '_';
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
        let (span, name) = (start..self.at, &self.text[start..self.at]);
        let function = FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function);
        let pair = PAIRS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator);
        let constant = CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let variable = self.variables.iter().position(|known| *known == name);
        let value = variable.map(Tree::Variable).or(constant.map(Tree::Number));
        let called = self.takes('(');
        match (value, function, pair) {
            (Some(value), ..) if !called => Ok(value),
            (Some(_), ..) => Err(fault(span, format!("`{name}` is not a function"), format!("write {name}*(…)"))),
            (_, Some(function), _) if called => Ok(self.enclosed(Self::one)?.call(function)),
            (.., Some(operator)) if called => {
                let [a, b] = self.enclosed(Self::two)?;
                Ok(a.binary(operator, b))
            }
            (_, Some(_), _) => Err(fault(span, format!("`{name}` is a function"), format!("write {name}(…)"))),
            (.., Some(_)) => Err(fault(span, format!("`{name}` is a function"), format!("write {name}(…, …)"))),
            _ => Err(self.unknown(span)),
        }
    }

    fn one(&mut self) -> Result<Tree, Fault> {
        let tree = self.sum()?;
        let comma = self.at..self.at + 1;
        if self.takes(',') {
            return Err(fault(comma, "this function takes one number", "only min and max take two"));
        }
        Ok(tree)
    }

    fn two(&mut self) -> Result<[Tree; 2], Fault> {
        let first = self.sum()?;
        if !self.takes(',') {
            return Err(if self.rest().starts_with(')') {
                fault(self.at..self.at + 1, "a second number is missing", "min and max take two: min(a, b)")
            } else {
                self.missing("`,` and a second number")
            });
        }
        let second = self.sum()?;
        let comma = self.at..self.at + 1;
        if self.takes(',') {
            return Err(fault(comma, "min and max take two numbers", "write min(a, min(b, c))"));
        }
        Ok([first, second])
    }

    /// Parses one level deeper, within [`DEEPEST`].
    fn deeper<T>(&mut self, inner: fn(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == DEEPEST {
            let message = format!("nested deeper than {DEEPEST} levels");
            return Err(fault(self.before(), message, "write fewer parentheses, signs or exponents in each other"));
        }
        self.depth += 1;
        let inside = inner(self)?;
        self.depth -= 1;
        Ok(inside)
    }

    /// Counts a node that is about to be built.
    fn count(&mut self) -> Result<(), Fault> {
        if self.nodes == LARGEST {
            let message = format!("more than {LARGEST} numbers, names and operations");
            return Err(fault(self.before(), message, "write it shorter"));
        }
        self.nodes += 1;
        Ok(())
    }

    /// Consumes the next character if it is this one.
    fn takes(&mut self, sign: char) -> bool {
        self.space();
        // `**` is not a product.
        let taken = self.rest().starts_with(sign) && !(sign == '*' && self.rest().starts_with("**"));
        self.at += usize::from(taken);
        taken
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The span of the character read last.
    fn before(&self) -> Range<usize> {
        let length = self.text[..self.at].chars().next_back().map_or(0, char::len_utf8);
        self.at - length..self.at
    }

    /// The span of the next character; empty at the end.
    fn next(&self) -> Range<usize> {
        self.at..self.at + self.rest().chars().next().map_or(0, char::len_utf8)
    }

    /// The fault of something required that is missing here.
    fn missing(&self, wanted: &str) -> Fault {
        let span = self.next();
        let (found, help) = match self.foreign() {
            _ if span.is_empty() => ("the expression ends here".to_owned(), None),
            Some((name, own)) => (format!("`{name}` is not known here"), Some(format!("write {own}"))),
            None => (format!("`{}` cannot stand here", &self.text[span.clone()]), None),
        };
        fault(span, found, help.unwrap_or_else(|| format!("expected {wanted}")))
    }

    /// The fault of an expression that has ended where the text goes on.
    fn stray(&self) -> Fault {
        let span = self.next();
        let found = &self.text[span.clone()];
        if let Some((name, own)) = self.foreign() {
            return fault(self.at..self.at + name.len(), format!("`{name}` is not known here"), format!("write {own}"));
        }
        let help = match found {
            ")" => return fault(span, "this `)` has no matching `(`", "leave it out or write `(` where it begins"),
            "," => return fault(span, "`,` stands only between the two numbers of min and max", "write a point: 0.5"),
            "=" | "<" | ">" | "!" => "there are no assignments and no comparisons, only a value".to_owned(),
            _ if found.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '.' | '_')) => {
                "write `*` between two factors".to_owned()
            }
            _ => "expected + - * / ^ or the end".to_owned(),
        };
        fault(span, format!("`{found}` cannot stand here"), help)
    }

    /// The foreign spelling that comes next, and the spelling here.
    fn foreign(&self) -> Option<(&'static str, &'static str)> {
        FOREIGN.into_iter().find(|(name, _)| !name.is_ascii() && self.rest().starts_with(name)).or_else(|| {
            // `**` is the only foreign operator in ASCII.
            self.rest().starts_with("**").then_some(("**", "^"))
        })
    }

    fn unknown(&self, span: Range<usize>) -> Fault {
        let name = &self.text[span.clone()];
        let functions = || FUNCTIONS.iter().map(|(name, _)| *name).chain(PAIRS.map(|(name, _)| name));
        let values = || self.variables.iter().copied().chain(CONSTANTS.map(|(name, _)| name));
        let foreign = FOREIGN.iter().find(|(other, _)| *other == name).map(|(_, own)| format!("write {own}"));
        let near = || nearest(name, values().chain(functions())).map(|near| format!("did you mean `{near}`?"));
        let known = || {
            let names = |names: Vec<&str>| names.join(", ");
            format!("known: {}; functions {}", names(values().collect()), names(functions().collect()))
        };
        let help = foreign.or_else(near).unwrap_or_else(known);
        fault(span, format!("unknown name `{name}`"), help)
    }
}

fn fault(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { span, message: message.into(), help: help.into() }
}
