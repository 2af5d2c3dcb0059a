//! Expected rewards against mpmath, closed forms and integrals that do not exist: accurate, or reported as missing.
//!
//! `reference/rewards.json` was made with mpmath at 25 digits or more: means by `quad` with breaks at every corner, bump and half
//! wave, or where there is one by the closed form (characteristic and moment generating functions, absolute moments by ₁F₁), or
//! of sin φ as the imaginary part of the integral of exp(iφ) on a line in the complex plane where that decays; slopes as differences of those means over 2e-8. Student's t has df 3, the mixture weight 0.3 and sd 0.5.

use std::path::Path;
use std::sync::Arc;

use geodescent::expression::Expression;
use geodescent::family::{self, Family};
use geodescent::math::Vec2;
use geodescent::objective::reward::{Reward, Treatment};
use geodescent::objective::{Flaw, Objective};
use geodescent::registry::{Setting, Settings};
use geodescent::scenario::Document;

/// The fixed settings of the reference values.
fn fixed(name: &str) -> &'static [(&'static str, f64)] {
    match name {
        "student-t" => &[("df", 3.0)],
        "gaussian-mixture" => &[("weight", 0.3), ("sd", 0.5)],
        _ => &[],
    }
}

fn family(name: &str, fixed: &[(&str, f64)]) -> Arc<dyn Family> {
    let info = family::find(name).expect("a family");
    let mut settings = Settings::defaults(info.fixed);
    for field in info.fixed {
        if let Some((_, value)) = fixed.iter().find(|(name, _)| *name == field.name) {
            settings.set(field, Setting::Number(*value));
        }
    }
    (info.build)(&settings)
}

fn reward(family: Arc<dyn Family>, text: &str, at: Vec2) -> Reward {
    Reward::new(family, Expression::parse(text, &["x"]).expect("an expression"), Treatment::default(), at)
}

/// The largest |r| to which rounding is relative: a mean is as accurate as a double can represent the mean of |r|.
const ROUNDING: f64 = 1e-15;

#[test]
fn expected_rewards_and_their_gradients_agree_with_mpmath() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("reference/rewards.json")).expect("the file is JSON");
    assert!(cases.len() >= 60);
    let number = |value: &serde_json::Value| -> f64 { value.as_str().expect("digits").parse().expect("a number") };
    let mut wrong = Vec::new();
    for case in &cases {
        let (name, text) = (case["family"].as_str().expect("a name"), case["reward"].as_str().expect("a reward"));
        let at = Vec2::new(case["at"][0].as_f64().expect("a number"), case["at"][1].as_f64().expect("a number"));
        let objective = reward(family(name, fixed(name)), text, at);
        let (mean, slopes) = (number(&case["mean"]), [0, 1].map(|i| number(&case["gradient"][i])));
        let (value, gradient) = (-objective.value(at), -objective.gradient(at));
        let far = (gradient - Vec2::from(slopes)).norm();
        let near =
            (value - mean).abs() <= 1e-9 * mean.abs() + ROUNDING && far <= 1e-9 * slopes[0].hypot(slopes[1]) + ROUNDING;
        if !near {
            wrong.push(format!(
                "{name} {text} at {at:?}: {value:e} {gradient:?}, not {mean:e} {slopes:?}; {:?}",
                objective.flaw(at)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn rewards_without_a_mean_report_why() {
    let cases: &[(&str, [f64; 2], &str)] = &[
        ("student-t", [0.3, 1.0], "abs(x)^3"),
        ("student-t", [0.3, 1.0], "x^4"),
        ("cauchy", [0.5, 2.0], "x"),
        ("cauchy", [0.5, 2.0], "abs(x)"),
        ("cauchy", [0.5, 2.0], "exp(x)"),
        ("gaussian", [0.5, 2.0], "1/x"),
        ("gaussian", [0.5, 2.0], "1/abs(x-0.7)"),
        ("gaussian", [0.5, 2.0], "1/(x-0.7)^2"),
        ("gaussian", [0.5, 2.0], "abs(x)^(-1.2)"),
        ("gaussian", [0.0, 1.0], "exp(x^2)"),
        ("gamma", [1.0, 1.0], "1/x"),
        ("gamma", [0.5, 1.0], "exp(1.5*x)"),
        ("laplace", [0.5, 1.0], "exp(x)"),
        ("laplace", [0.5, 2.0], "exp(-x)"),
        ("logistic", [0.5, 1.0], "exp(x)"),
        ("gumbel", [0.5, 1.0], "exp(x)"),
        ("log-normal", [0.0, 0.5], "exp(x)"),
        ("weibull", [0.8, 1.0], "exp(x)"),
        ("weibull", [1.0, 1.5], "exp(x)"),
        ("beta", [1.0, 1.0], "1/x"),
        ("beta", [2.0, 1.0], "1/(1-x)"),
        ("beta", [0.5, 2.0], "x^(-0.6)"),
        ("inverse-gaussian", [1.5, 2.0], "exp(x)"),
        ("von-mises", [0.5, 2.0], "1/x"),
        ("categorical", [0.3, 0.3], "1/(x-2)"),
        // At and beyond the abscissa of convergence, where the exponentials cancel.
        ("gamma", [2.0, 1.0], "exp(x)"),
        ("gamma", [0.3, 1.0], "exp(x)"),
        ("gamma", [2.0, 1.0], "exp(1.2*x)"),
        ("laplace", [0.5, 1.0], "cosh(x)"),
        ("laplace", [0.5, 1.0], "exp(x)+x^3"),
        ("logistic", [0.5, 1.0], "exp(-x)"),
        ("gumbel", [0.5, 1.0], "x*exp(x)"),
        ("gaussian", [0.5, 1.0], "exp(x^2/2)"),
        ("inverse-gaussian", [1.5, 2.0], "x*exp(x*2/(2*1.5^2))"),
        // What oscillates besides does not help.
        ("cauchy", [0.5, 2.0], "x^2 + cos(x)"),
        ("cauchy", [0.5, 2.0], "x^2*cos(x)"),
        ("student-t", [0.3, 1.0], "abs(x)^3 + sin(x)"),
        ("gaussian", [0.5, 1.0], "1/x + sin(1/x)"),
    ];
    let mut wrong = Vec::new();
    for (name, at, text) in cases {
        let at = Vec2::from(*at);
        let objective = reward(family(name, fixed(name)), text, at);
        if !objective.value(at).is_nan() || objective.flaw(at) != Some(Flaw::Diverges) {
            wrong.push(format!("{name} {text}: {} {:?}", objective.value(at), objective.flaw(at)));
        }
    }
    let square = reward(family("student-t", &[("df", 2.0)]), "x^2", Vec2::new(0.0, 1.0));
    assert_eq!(square.flaw(Vec2::new(0.0, 1.0)), Some(Flaw::Diverges));
    let log = reward(family("gaussian", &[]), "log(x)", Vec2::new(2.0, 1.0));
    assert!(matches!(log.flaw(Vec2::new(2.0, 1.0)), Some(Flaw::Undefined(x)) if x < 0.0));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn samples_that_a_double_cannot_hold_are_refused_and_ordinary_ones_are_not() {
    let text = |family: &str, from: &str| {
        format!(
            "version = 1\ntitle = \"t\"\n[model]\nfamily = \"{family}\"\n[objective]\nkind = \"nll\"\n\
             sample = {{ size = 20000, from = {{ {from} }} }}\n[start]\n{}\n[run]\nsteps = 0\n[[optimizer]]\nkind = \"sgd\"\n",
            from.replace(", ", "\n")
        )
    };
    for (family, from, end) in [
        ("beta", "alpha = 0.05, beta = 0.05", Some("1.0")),
        ("gamma", "shape = 0.001, rate = 1.0", Some("0.0")),
        ("weibull", "shape = 0.002, scale = 1.0", Some("")),
        ("log-normal", "mu = 0.0, sigma = 400.0", Some("")),
        ("beta", "alpha = 2.0, beta = 3.0", None),
        ("gamma", "shape = 2.0, rate = 1.0", None),
        ("cauchy", "location = 0.0, scale = 1.0", None),
    ] {
        let checked = Document::from_text("t.toml", Path::new("."), &text(family, from)).check();
        match end {
            None => assert!(checked.is_ok(), "{family} {from}"),
            Some(end) => {
                let words = format!("{}", checked.expect_err("a refusal"));
                assert!(words.contains("outside its support") && words.contains(end), "{family}: {words}");
            }
        }
    }
}

#[test]
fn what_is_not_found_to_its_tolerance_is_not_made_up() {
    // Oscillations that no double resolves, and sums over octaves that fall like 1/k: they diverge, or nearly.
    for (name, text) in [
        ("cauchy", "x/log(2+x^2)"),
        ("cauchy", "abs(x)*(2+sin(x))"),
        ("cauchy", "sin(abs(x-1000000))"),
        ("gaussian", "sin(1e9*x)"),
        ("cauchy", "tan(x)^0.5"),
        ("gaussian", "sin(1/x^4)"),
    ] {
        let at = Vec2::new(0.5, 2.0);
        let objective = reward(family(name, &[]), text, at);
        assert!(objective.value(at).is_nan() && objective.flaw(at).is_some(), "{name} {text}: {}", objective.value(at));
    }
}

/// The search for the optimum passes through distributions whose peak overflows: log-normals with sigma below 1e-308.
#[test]
fn a_distribution_without_a_width_terminates() {
    let reward = reward(family("log-normal", &[]), "log(abs(x-0.197))", Vec2::new(1.37, 0.267));
    let reward = |sigma: f64| reward.value(Vec2::new(1.37, sigma));
    // By mpmath's quad at 30 digits, with a break at the pole.
    assert!((reward(0.267) + 1.316_618_884_089_681_7).abs() < 1e-12);
    let narrow = reward(1e-310);
    assert!(narrow.is_nan() || (narrow + (1.37_f64.exp() - 0.197).ln()).abs() < 1e-9, "{narrow}");
}

/// From both starts the searches end in the broad well of a double well, and the narrow ones are deeper: by the moments of a
/// Gaussian −ELBO is 4(m⁴ + 6m²s² + 3s⁴ − 2m² − 2s² + 1) − ½ log 2πe − log s.
#[test]
fn one_well_of_several_is_no_optimum() {
    let treatment = Treatment { entropy: 1.0, ..Treatment::default() };
    let elbo = |text: &str| {
        let reward = Expression::parse(text, &["x"]).expect("an expression");
        Reward::new(family("gaussian", &[]), reward, treatment, Vec2::new(0.2, 1.0))
    };
    let entropy = |s: f64| 0.5 * (2.0 * std::f64::consts::PI * std::f64::consts::E).ln() + s.ln();
    let double = elbo("-4*(x^2-1)^2");
    let wells = [(0.0, 0.622_210_53), (0.946_194_86, 0.186_829_06), (-0.946_194_86, 0.186_829_06)];
    let depth = wells.map(|(m, s): (f64, f64)| {
        let (m2, s2) = (m * m, s * s);
        let known = 4.0 * (m2 * m2 + 6.0 * m2 * s2 + 3.0 * s2 * s2 - 2.0 * m2 - 2.0 * s2 + 1.0) - entropy(s);
        assert!((double.value(Vec2::new(m, s)) - known).abs() < 1e-12);
        assert!(double.gradient(Vec2::new(m, s)).norm() < 1e-6, "a well");
        known
    });
    assert!(depth[1] < depth[0] && depth[2] < depth[0]);
    assert_eq!(double.optimum(), None);
    // One well: (x − 1)² has its least at mean 1 and sd 1/√2.
    let optimum = elbo("-(x-1)^2").optimum().expect("one");
    assert!((optimum - Vec2::new(1.0, 0.5_f64.sqrt())).norm() < 1e-9, "{optimum}");
}
