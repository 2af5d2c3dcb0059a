//! Expressions against values computed by hand and finite differences, and the errors of their parser.

use geodescent::expression::{DEEPEST, Expression, FUNCTIONS, LARGEST, LONGEST};
use geodescent::math::Vec2;

const VARIABLES: [&str; 2] = ["mean", "sd"];

fn read(text: &str) -> Expression {
    Expression::parse(text, &VARIABLES).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

fn value(text: &str, at: [f64; 2]) -> f64 {
    read(text).value(&at)
}

#[test]
fn operators_have_the_usual_precedence() {
    let at = [3.0, 2.0];
    for (text, expected) in [
        ("-mean^2", -9.0),
        ("(-mean)^2", 9.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("(2^3)^2", 64.0),
        ("2^-mean^2", 0.001_953_125),
        ("-2^-sd", -0.25),
        ("--mean", 3.0),
        ("1--1", 2.0),
        ("2*-3", -6.0),
        ("+mean - +1", 2.0),
        ("10-4-3", 3.0),
        ("16/4/2", 2.0),
        ("16/4*2", 8.0),
        ("2+3*4^2", 50.0),
        ("1 -\tmean * sd", -5.0),
        ("-mean*sd", -6.0),
        ("mean^2*sd", 18.0),
        ("1e2 + .5 + 2. + 1E-1", 102.6),
        ("2*e", 2.0 * std::f64::consts::E),
        ("2e1*e", 20.0 * std::f64::consts::E),
        ("cos(pi)", -1.0),
        ("min(mean, sd) + 10*max(mean, sd)", 32.0),
        ("log(exp(sd))", 2.0),
        ("sqrt(16) + abs(-3)", 7.0),
        ("lgamma(5)", 24.0_f64.ln()),
        ("4*atan(1)", std::f64::consts::PI),
        ("cosh(1)^2 - sinh(1)^2", 1.0),
        ("tan(sd) - sin(sd)/cos(sd)", 0.0),
        ("tanh(sd) - sinh(sd)/cosh(sd)", 0.0),
        ("(1-mean)^2 + 100*(sd-mean^2)^2", 4.0 + 4900.0),
    ] {
        let found = value(text, at);
        assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{text}: {found}, not {expected}");
    }
}

#[test]
fn values_outside_a_domain_are_not_finite() {
    for text in ["log(-sd)", "sqrt(-sd)", "min(log(-sd), 1)", "min(1, log(-sd))", "max(1, sqrt(-1))", "(-2)^0.5", "0/0"]
    {
        assert!(value(text, [1.0, 1.0]).is_nan(), "{text}");
    }
    for text in ["1/0", "exp(1000)", "-log(0)", "lgamma(-2)", "1e308*10"] {
        assert_eq!(value(text, [1.0, 1.0]), f64::INFINITY, "{text}");
    }
    assert!(read("mean").value(&[]).is_nan(), "a variable that is not there");
}

/// The text, the part of it at fault, and a word of the help.
const FAULTS: &[(&str, &str, &str)] = &[
    ("", "", "a number"),
    ("mena^2 + sd", "mena", "`mean`"),
    ("2*sdd", "sdd", "`sd`"),
    ("srqt(mean)", "srqt", "`sqrt`"),
    ("1 + zebra", "zebra", "known: mean, sd, pi, e; functions abs"),
    ("ln(sd)", "ln", "log(…)"),
    ("pow(mean, 2)", "pow", "a^b"),
    ("mean**2", "**", "^"),
    ("2 × mean", "×", "*"),
    ("mean²", "²", "^2"),
    ("1 − mean", "−", "-"),
    ("2π", "π", "pi"),
    ("π*2", "π", "pi"),
    ("2mean", "m", "`*`"),
    ("2e", "e", "`*`"),
    ("(mean)(sd)", "(", "`*`"),
    ("mean sd", "s", "`*`"),
    ("mean = 2", "=", "no assignment"),
    ("mean < 2", "<", "no comparisons"),
    ("1, 2", ",", "point"),
    ("(1-mean^2 + sd", "(", "`)`"),
    ("1 + (2*(3", "(", "`)`"),
    ("mean)", ")", "leave it out"),
    ("mean +", "", "a number"),
    ("* mean", "*", "a number"),
    ("()", ")", "a number"),
    ("exp", "exp", "exp(…)"),
    ("exp + 1", "exp", "exp(…)"),
    ("max", "max", "max(…, …)"),
    ("mean(3)", "mean", "mean*(…)"),
    ("exp(1, 2)", ",", "min and max"),
    ("min(1)", ")", "min(a, b)"),
    ("min(1, 2, 3)", ",", "min(b, c)"),
    ("1.2.3", "1.2.3", "0.5"),
    (".", ".", "0.5"),
    ("1e400", "1e400", "1.8e308"),
    ("sd; 1", ";", "the end"),
    ("\"sd\"", "\"", "a number"),
    ("sd \u{1b}[2J", "\u{1b}", "the end"),
];

#[test]
fn a_fault_has_its_position_and_says_what_to_write_instead() {
    for (text, blamed, help) in FAULTS {
        let fault = Expression::parse(text, &VARIABLES).expect_err(text);
        assert_eq!(&text[fault.span.clone()], *blamed, "{text}: {fault:?}");
        assert!(fault.help.contains(help), "{text}: {fault:?}");
        assert!(!fault.message.is_empty(), "{text}");
    }
    let at = |text: &str| Expression::parse(text, &VARIABLES).expect_err(text).span.start;
    assert_eq!(at("1 + (2*(3"), 7, "the innermost one");
    assert_eq!(at("mean + "), 7);
}

#[test]
fn only_the_named_variables_are_known() {
    let reward = Expression::parse("exp(-(x-2)^2)", &["x"]).expect("an expression in x");
    assert!((reward.value(&[1.0]) - (-1.0_f64).exp()).abs() < 1e-16);
    assert_eq!(reward.text(), "exp(-(x-2)^2)");
    assert!(Expression::parse("mean", &["x"]).is_err());
}

#[test]
fn limits_apply_before_anything_is_built() {
    let parse = |text: &str| Expression::parse(text, &VARIABLES);
    let padded = |length: usize| format!("1{}", " ".repeat(length - 1));
    assert!(parse(&padded(LONGEST)).is_ok());
    assert!(parse(&padded(LONGEST + 1)).is_err_and(|fault| fault.message.contains("513 bytes")));
    let nested = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("(", ")"), ("sin(", ")"), ("-", ""), ("+", ""), ("2^", "")] {
        assert!(parse(&nested(open, close, DEEPEST)).is_ok(), "{open}");
        let fault = parse(&nested(open, close, DEEPEST + 1)).expect_err(open);
        assert!(fault.message.contains("deeper than 32"), "{fault:?}");
        assert_eq!(fault.span.end, open.len() * (DEEPEST + 1), "{open}: {fault:?}");
    }
    // n numbers have n − 1 operations between them: 128 are 255 nodes.
    let sum = |n: usize| vec!["1"; n].join("+");
    assert_eq!(parse(&sum(LARGEST / 2)).expect("255 nodes").value(&[]), 128.0);
    assert!(parse(&sum(LARGEST / 2 + 1)).is_err_and(|fault| fault.message.contains("more than 256")));
    for bomb in ["(", "-", "2^", "sin("] {
        assert!(parse(&bomb.repeat(1_000_000)).is_err(), "a million of {bomb}");
    }
}

/// Central differences of values and of gradients.
fn differences(expression: &Expression, at: Vec2) -> (Vec2, [Vec2; 2]) {
    let step = |i: usize| Vec2::ith(i, 1e-5);
    let slope = |i: usize| {
        let (up, down) = (at + step(i), at - step(i));
        (expression.value(up.as_slice()) - expression.value(down.as_slice())) / 2e-5
    };
    let bend = |i: usize| {
        let gradient = |p| expression.derivatives(p).gradient;
        (gradient(at + step(i)) - gradient(at - step(i))) / 2e-5
    };
    (Vec2::new(slope(0), slope(1)), [bend(0), bend(1)])
}

fn assert_derivatives(text: &str, at: Vec2) {
    let expression = read(text);
    let dual = expression.derivatives(at);
    assert_eq!(dual.value.to_bits(), expression.value(at.as_slice()).to_bits(), "{text} at {at:?}");
    let (slopes, bends) = differences(&expression, at);
    let hessian = dual.hessian();
    let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-7 * expected.abs().max(1.0);
    assert!((0..2).all(|i| near(dual.gradient[i], slopes[i])), "{text} at {at:?}: {:?}, not {slopes:?}", dual.gradient);
    assert_eq!(hessian[(0, 1)], hessian[(1, 0)]);
    for (i, bend) in bends.iter().enumerate() {
        assert!((0..2).all(|j| near(hessian[(i, j)], bend[j])), "{text} at {at:?}: {hessian}, not {bends:?}");
    }
}

#[test]
fn derivatives_agree_with_finite_differences() {
    let points = [Vec2::new(0.7, 1.3), Vec2::new(-0.4, 0.6), Vec2::new(1.9, 0.35)];
    for at in points {
        for (name, _) in FUNCTIONS {
            assert_derivatives(&format!("{name}(mean*sd + sd^2 + 1)"), at);
            assert_derivatives(&format!("sd*{name}(sd + 0.1) - mean^3"), at);
        }
        for text in [
            "(1-mean)^2 + 100*(sd-mean^2)^2",
            "mean/sd + sd/(2+mean^2)",
            "(mean-3)/(sd*mean+4)^2",
            "mean^7 - sd^-2.5 + 2^mean + mean^1 + mean^0",
            "sd^mean + (sd+mean^2)^(mean*sd) + sd^sd",
            "-(mean*sd) - -mean^4",
            "min(mean, sd) + max(mean*sd, 0.2)",
            "lgamma(mean - 3) + abs(-mean) + lgamma(0.5-sd)",
            "exp(-mean^2/(2*sd^2))/(sd*sqrt(2*pi))",
        ] {
            assert_derivatives(text, at);
        }
    }
}

#[test]
fn conventions_hold_where_there_is_no_derivative() {
    let dual = |text: &str, at: [f64; 2]| read(text).derivatives(at.into());
    assert_eq!(dual("abs(mean)", [0.0, 1.0]).gradient, Vec2::zeros());
    assert_eq!(dual("max(mean, -mean)", [0.0, 1.0]).gradient, Vec2::zeros());
    assert_eq!(dual("min(3*mean, sd)", [1.0, 3.0]).gradient, Vec2::new(1.5, 0.5));
    assert_eq!(dual("max(3*mean, sd)", [1.0, 3.0]).gradient, Vec2::new(1.5, 0.5));
    assert_eq!(dual("min(3*mean, sd)", [1.0, 2.0]).gradient, Vec2::new(0.0, 1.0));
    assert_eq!(dual("mean^2", [0.0, 1.0]).hessian()[(0, 0)], 2.0);
    assert_eq!(dual("mean^1 + mean^0", [0.0, 1.0]).hessian()[(0, 0)], 0.0);
    assert!(dual("sqrt(mean)", [0.0, 1.0]).gradient[0].is_infinite());
    assert!(dual("min(mean, log(-sd))", [1.0, 1.0]).value.is_nan());
    // 0 to a variable power: the value and its derivatives are 0 nearby.
    assert_eq!(dual("mean^sd", [0.0, 3.0]).gradient, Vec2::zeros());
}

#[test]
fn lgamma_satisfies_the_reflection_formula_below_zero() {
    use std::f64::consts::PI;
    let dual = read("lgamma(mean)").derivatives(Vec2::new(-0.5, 1.0));
    // Γ(−½) = −2√π, ψ(−½) = 2 − γ − 2 ln 2, ψ′(−½) = π²/2 + 4: Abramowitz & Stegun 6.1.8, 6.3.3, 6.4.4 and recurrence.
    assert!((dual.value - (2.0 * PI.sqrt()).ln()).abs() < 1e-14);
    assert!((dual.gradient[0] - (2.0 - 0.577_215_664_901_532_9 - 2.0 * 2.0_f64.ln())).abs() < 1e-14);
    assert!((dual.hessian()[(0, 0)] - (0.5 * PI * PI + 4.0)).abs() < 1e-13);
    for x in [-0.1, -1.5, -7.25, -33.3] {
        // Γ(x + 1) = x Γ(x).
        let (here, next) = (value("lgamma(mean)", [x, 0.0]), value("lgamma(mean)", [x + 1.0, 0.0]));
        assert!((next - here - (-x).ln()).abs() < 1e-12 * here.abs().max(1.0), "{x}");
    }
}
