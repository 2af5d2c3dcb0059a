//! The self-check holds for every family, and finds a closed form that is off by one part in a hundred thousand.

mod common;

use std::process::Command;
use std::sync::Arc;

use geodescent::family::{Chart, FAMILIES, Family, FamilyInfo, Support, Violation, find};
use geodescent::geometry::Place;
use geodescent::geometry::connection::Connection;
use geodescent::math::{Cubic, Mat2, Vec2};
use geodescent::objective::divergence::{Direction, Divergence};
use geodescent::race::{Race, World};
use geodescent::registry::Settings;
use geodescent::scenario::Document;
use geodescent::selfcheck::{Expectation, Finding, Path, Quantity, gradient_check, self_check};

fn build(info: &FamilyInfo, fixed: f64) -> Arc<dyn Family> {
    let mut settings = Settings::default();
    for field in info.fixed {
        // A weight must be below one, unlike degrees of freedom.
        let value = field.read(&format!("{fixed:?}")).or_else(|_| field.read(common::fixed_value(field)));
        settings.set(field, value.expect("a setting"));
    }
    (info.build)(&settings)
}

#[test]
fn every_family_holds_at_its_example_and_around_it() {
    for info in FAMILIES {
        for fixed in [0.8, 3.0, 40.0] {
            let family = build(info, fixed);
            let example = Vec2::from(info.example);
            let scaled = [[1.0, 1.0], [0.4, 0.5], [1.3, 0.2]].map(|[a, b]| Vec2::new(a * example[0], b * example[1]));
            for p in scaled.into_iter().filter(|p| family.contains(*p)) {
                for chart in family.charts() {
                    for finding in self_check(&*family, &**chart, p).findings {
                        assert!(finding.holds(), "{} {} at {p:?}: {finding:?}", info.name, chart.info().name);
                    }
                }
            }
            if info.fixed.is_empty() {
                break;
            }
        }
    }
}

/// Extreme points: bad scales, sharp peaks, heavy tails.
#[test]
fn it_holds_at_extreme_points() {
    let points: &[(&str, [f64; 2])] = &[
        ("gaussian", [1e4, 1e-3]),
        ("gamma", [0.05, 300.0]),
        ("gamma", [1e5, 2.0]),
        ("beta", [400.0, 3.0]),
        ("von-mises", [3.1, 1e-3]),
        ("von-mises", [-2.0, 1e6]),
        ("inverse-gaussian", [24.25, 0.3938]),
        ("inverse-gaussian", [0.05, 66.0]),
        ("log-normal", [-4.0, 3.5]),
        ("weibull", [0.32, 153.0]),
        ("weibull", [21.0, 0.07]),
        ("cauchy", [3.0, 1e-6]),
        ("categorical", [1e-7, 0.5]),
    ];
    for (name, p) in points {
        let family = build(find(name).expect("a family"), 0.0);
        for finding in self_check(&*family, family.canonical(), Vec2::from(*p)).findings {
            assert!(finding.holds(), "{name} at {p:?}: {finding:?}");
        }
    }
}

/// Correct closed forms that quadrature in doubles cannot reproduce: mass below the smallest double or next to 1,
/// counts of hundreds, a density that is constant up to rounding.
#[test]
fn a_correct_closed_form_does_not_fail() {
    let points: &[(&str, [f64; 2])] = &[
        ("gamma", [0.01, 1.0]),
        ("gamma", [1e-6, 1.0]),
        ("gamma", [1e8, 1.0]),
        ("weibull", [0.01, 3.0]),
        ("weibull", [1e-4, 1.0]),
        ("beta", [0.1, 0.1]),
        ("beta", [0.01, 50.0]),
        ("poisson-pair", [100.0, 3.0]),
        ("poisson-pair", [1000.0, 2.0]),
        ("poisson-pair", [1e10, 2.0]),
        ("von-mises", [0.5, 1e-8]),
        ("von-mises", [0.5, 1e12]),
        ("gaussian", [1e8, 1e-8]),
        ("inverse-gaussian", [1e8, 1e-8]),
    ];
    for (name, p) in points {
        let family = build(find(name).expect("a family"), 0.0);
        for chart in family.charts() {
            for finding in self_check(&*family, &**chart, Vec2::from(*p)).findings {
                assert!(finding.holds(), "{name} {} at {p:?}: {finding:?}", chart.info().name);
            }
        }
    }
}

/// Four hundred points over all families, over eight decades of every positive parameter.
#[test]
fn no_false_alarm_at_random_points() {
    let mut dice = common::dice::Dice::new(20);
    let mut alarms = Vec::new();
    for info in FAMILIES {
        let family = build(info, 3.0);
        let (mut found, mut conclusive) = (0, 0);
        for _ in 0..23 {
            let p = loop {
                let mut stretch = |x: f64| x * 10_f64.powf(8.0 * (dice.below(1000) as f64 / 1000.0) - 4.0);
                let p = Vec2::new(stretch(info.example[0]), stretch(info.example[1]));
                if family.contains(p) {
                    break p;
                }
            };
            let chart = dice.pick(family.charts());
            for finding in self_check(&*family, &**chart, p).findings {
                if !finding.holds() {
                    alarms.push(format!("{} {} at {p:?}: {finding:?}", info.name, chart.info().name));
                }
                found += 1;
                conclusive += usize::from(finding.conclusive);
            }
        }
        // A check that is never conclusive would raise no alarm either.
        assert!(8 * conclusive > found, "{}: {conclusive} of {found}", info.name);
    }
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn expectations_are_those_of_the_family() {
    let family = build(find("gamma").expect("a family"), 0.0);
    let expectation = Expectation::new(&*family, Vec2::new(2.5, 0.5));
    assert!(
        (expectation.mean(|x| x[0]) - 5.0).abs() < 1e-12 && (expectation.mean(|x| x[0] * x[0]) - 35.0).abs() < 1e-10
    );
}

/// A family of which one closed form is slightly wrong.
#[derive(Debug)]
struct Bent {
    straight: Arc<dyn Family>,
    fault: Quantity,
}

const FAULT: f64 = 2e-6;

impl Bent {
    fn factor(&self, of: Quantity) -> f64 {
        if self.fault == of { 1.0 + FAULT } else { 1.0 }
    }
}

impl Family for Bent {
    fn info(&self) -> &'static FamilyInfo {
        self.straight.info()
    }
    fn charts(&self) -> &[Box<dyn Chart>] {
        self.straight.charts()
    }
    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.straight.violation(p)
    }
    fn support(&self) -> Support {
        self.straight.support()
    }
    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        self.straight.log_density(p, x) + self.factor(Quantity::Mass).ln()
    }
    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let offset = Vec2::repeat(self.factor(Quantity::MeanScore) - 1.0);
        self.straight.score(p, x) * self.factor(Quantity::Score) + offset
    }
    fn fisher(&self, p: Vec2) -> Mat2 {
        self.straight.fisher(p) * self.factor(Quantity::Fisher)
    }
    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        self.straight.fisher_inverse(p).map(|inverse| inverse * self.factor(Quantity::Inverse))
    }
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let connection =
            Connection::levi_civita(&*self.straight, &*self.charts()[0], &Place::of(&*self.charts()[0], p))?;
        Some(connection.symbols().map(|symbols| symbols * self.factor(Quantity::Symbols)))
    }
    fn kink(&self, p: Vec2) -> Option<f64> {
        self.straight.kink(p)
    }
    fn fixed(&self) -> Settings {
        self.straight.fixed()
    }
    fn moments(&self, p: Vec2) -> Option<(Vec2, Mat2)> {
        self.straight.moments(p)
    }
    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        self.straight.fisher_slopes(p).map(|slope| slope * self.factor(Quantity::FisherSlopes))
    }
    fn skewness(&self, p: Vec2) -> Cubic {
        self.straight.skewness(p) * self.factor(Quantity::Skewness)
    }
    fn curvature(&self, p: Vec2) -> f64 {
        self.straight.curvature(p)
    }
    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.straight.kl(p, q) * self.factor(Quantity::Kl)
    }
    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.straight.kl_gradient_first(p, q) * self.factor(Quantity::KlGradients)
    }
    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.straight.kl_gradient_second(p, q)
    }
    fn entropy(&self, p: Vec2) -> f64 {
        self.straight.entropy(p) + self.factor(Quantity::Entropy) - 1.0
    }
    fn sample(&self, p: Vec2, rng: &mut dyn rand::Rng, x: &mut [f64]) {
        self.straight.sample(p, rng, x);
    }
    fn bulk(&self, p: Vec2) -> (f64, f64) {
        self.straight.bulk(p)
    }
}

#[test]
fn a_closed_form_that_is_slightly_wrong_is_found() {
    for info in FAMILIES {
        let name = info.name;
        for fault in Quantity::ALL {
            let straight = build(info, 3.0);
            let p = Vec2::from(info.example);
            // A relative error of zero is zero.
            let zero = match fault {
                Quantity::FisherSlopes => straight.fisher_slopes(p).iter().all(|slope| *slope == Mat2::zeros()),
                Quantity::Skewness => straight.skewness(p).0.iter().all(|entry| entry.abs() < 1e-15),
                Quantity::Symbols => straight.fisher_slopes(p).iter().all(|slope| *slope == Mat2::zeros()),
                _ => false,
            };
            if zero {
                continue;
            }
            let bent: Arc<dyn Family> = Arc::new(Bent { straight, fault });
            let found = self_check(&*bent, &*bent.charts()[0], p).findings;
            let broken = |quantity| found.iter().any(|finding| finding.quantity == quantity && !finding.holds());
            match fault {
                // Not one of the family's closed forms: nothing to perturb.
                Quantity::Jacobian | Quantity::Gradient => {
                    assert!(found.iter().all(Finding::holds), "{name}: {found:?}");
                }
                Quantity::FisherBySlopes => {}
                fault => assert!(broken(fault), "{name} {fault:?}: {found:?}"),
            }
        }
        if !["gaussian", "gamma", "von-mises", "categorical"].contains(&name) {
            continue;
        }
        let straight = build(info, 3.0);
        let example = Vec2::from(straight.info().example);
        let bent: Arc<dyn Family> = Arc::new(Bent { straight, fault: Quantity::KlGradients });
        for (direction, holds) in [(Direction::Forward, true), (Direction::Reverse, false)] {
            let loss = Divergence::new(Arc::clone(&bent), example, direction);
            assert_eq!(gradient_check(&*bent, &loss, example * 0.6).holds(), holds, "{name} {direction:?}");
        }
    }
}

#[test]
fn a_whole_race_holds_and_reports_its_worst_point() {
    let world = World::open(&Document::builtin("three-charts").expect("built in")).expect("it is right");
    let path = Path::of(&world, &Race::run(&world));
    assert!(path.holds(), "{:?}", path.worst);
    assert_eq!(path.worst.len(), Quantity::ALL.len());
    assert!(path.points > 100, "{}", path.points);
}

fn geodescent(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_geodescent")).args(arguments).output().expect("the program runs");
    (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn the_command_line_reports_the_errors() {
    let (code, text) = geodescent(&["check", "--numbers", "softmax", "currents-von-mises"]);
    assert_eq!(code, Some(0), "{text}");
    for (name, _) in Quantity::ALL.map(Quantity::about) {
        assert_eq!(text.matches(&format!("\n  {name} ")).count(), 2, "{name}: {text}");
    }
    assert!(text.contains(" sum ") && text.contains(" quadrature ") && text.contains(" differences "), "{text}");
    let (code, text) = geodescent(&["inspect", "weibull", "--at", "shape=2,scale=3", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let error = json["self_check"]["worst"].as_f64().expect("a number");
    assert!(code == Some(0) && error < 1e-6 && json["self_check"]["quantity"].is_string(), "{text}");
    let (_, text) = geodescent(&["inspect", "weibull", "--at", "shape=2,scale=3"]);
    assert!(text.lines().last().is_some_and(|line| line.starts_with("  self-check")), "{text}");
}
