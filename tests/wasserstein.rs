//! The Wasserstein metric, W₂ and its balls against mpmath, by definition (`reference/wasserstein.py`); what follows from the
//! definition; and natural gradients in other metrics than Fisher's.

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use geodescent::app::Show;
use geodescent::family::{FAMILIES, Family, find};
use geodescent::figure;
use geodescent::geometry::Place;
use geodescent::geometry::ball::{self, Ball};
use geodescent::geometry::wasserstein::{Origin, distance, metric};
use geodescent::math::linear::solve2;
use geodescent::math::{Mat2, Vec2};
use geodescent::plot::Room;
use geodescent::plot::pane::{Span, Words};
use geodescent::race::{Worked, World};
use geodescent::registry::Settings;
use geodescent::scenario::{Document, Pane};
use serde_json::Value;

/// The relative tolerance.
const TOLERANCE: f64 = 1e-9;

fn build(row: &Value) -> Arc<dyn Family> {
    let info = find(row["family"].as_str().expect("a name")).expect("a family");
    let mut settings = Settings::default();
    for field in info.fixed {
        settings.set(field, field.read(&row["model"][field.name].to_string()).expect("a setting"));
    }
    (info.build)(&settings)
}

/// Every family, with what it has to have fixed.
fn families() -> impl Iterator<Item = Arc<dyn Family>> {
    FAMILIES.iter().map(|info| {
        let mut settings = Settings::defaults(info.fixed);
        for field in info.fixed {
            settings.set(field, field.read(common::fixed_value(field)).expect("a setting"));
        }
        (info.build)(&settings)
    })
}

fn family(name: &str) -> Arc<dyn Family> {
    (find(name).expect(name).build)(&Settings::default())
}

/// Parameters are text, so that they are exact.
fn point(value: &Value) -> Vec2 {
    let number = |i: usize| value[i].as_str().and_then(|text| text.parse().ok()).expect("a number");
    Vec2::new(number(0), number(1))
}

fn rows() -> Vec<Value> {
    common::reference("wasserstein.json")["points"].as_array().expect("points").clone()
}

fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    std::array::from_fn(|i| value[i].as_f64().expect("a number"))
}

/// The largest entry of a difference, each relative to the diagonal's.
fn off(found: &Mat2, wanted: &Mat2) -> f64 {
    let unit = wanted.diagonal().map(f64::sqrt);
    (0..4)
        .map(|k| (k / 2, k % 2))
        .map(|(i, j)| (found - wanted)[(i, j)].abs() / (unit[i] * unit[j]))
        .fold(0.0, f64::max)
}

#[test]
fn metric_and_distance_are_those_of_the_definition() {
    let mut covered = BTreeSet::new();
    for row in rows() {
        let (family, p, q) = (build(&row), point(&row["at"]), point(&row["to"]));
        covered.insert(family.info().name);
        let [a, b, c] = numbers(&row["metric"]);
        let found = metric(&*family, p).unwrap_or_else(|why| panic!("{row}: {why}"));
        let error = off(&found, &Mat2::new(a, b, b, c));
        assert!(error < TOLERANCE, "{row}: {found} is off by {error:.1e}");
        let [there, back] = [distance(&*family, p, q), distance(&*family, q, p)];
        assert_eq!(there, back, "{row}");
        let wanted = row["distance"].as_f64().expect("a number");
        let error = (there.unwrap_or(f64::NAN) / wanted - 1.0).abs();
        assert!(error < TOLERANCE, "{row}: W₂ {there:?} is off by {error:.1e}");
    }
    let all: BTreeSet<_> =
        families().filter(|family| family.immovable().is_none()).map(|family| family.info().name).collect();
    assert_eq!(covered, all);
}

#[test]
fn balls_end_where_the_definition_says() {
    let mut count = 0;
    for row in rows() {
        let (family, p, ball) = (build(&row), point(&row["at"]), &row["ball"]);
        let Some(delta) = ball["delta"].as_f64() else { continue };
        let place = Place::of(family.canonical(), p);
        let metric = Ball::Wasserstein.metric(&*family, p);
        let angle = ball["angle"].as_f64().expect("a number");
        let end = ball::end(Ball::Wasserstein, &*family, family.canonical(), (&place, &metric), delta, angle);
        let error = (end - Vec2::from(numbers::<2>(&ball["end"]))).norm() / (end - p).norm();
        assert!(error < TOLERANCE, "{row}: {end} is off by {error:.1e}");
        count += 1;
    }
    assert!(count >= 11, "one of every family");
}

/// Series stand for quantiles there: to points far and near.
#[test]
fn distances_from_an_origin_are_those_of_the_definition() {
    for row in rows() {
        let (family, p, q) = (build(&row), point(&row["at"]), point(&row["to"]));
        let origin = Origin::new(&*family, p);
        let wanted = row["distance"].as_f64().expect("a number");
        let found = origin.distance(q).unwrap_or(f64::NAN);
        let error = (found / wanted - 1.0).abs();
        assert!(error < TOLERANCE, "{row}: W₂ {found} is off by {error:.1e}");
        for share in [0.3, 0.01, 1e-3, 1e-4] {
            let near = p + (q - p) * share;
            let [found, wanted] = [origin.distance(near), distance(&*family, p, near)].map(|d| d.unwrap_or(f64::NAN));
            let error = (found / wanted - 1.0).abs();
            assert!(error < TOLERANCE, "{row} at {share}: W₂ {found} is off by {error:.1e}");
        }
    }
}

#[test]
fn families_without_the_metric_say_why() {
    let why = |name: &str| families().find(|family| family.info().name == name).expect(name).immovable();
    assert_eq!(why("cauchy"), Some("E x² is infinite"));
    assert_eq!(why("categorical"), Some("the observations are discrete outcomes"));
    assert_eq!(why("bivariate-gaussian"), Some("the observations are pairs"));
    assert_eq!(why("von-mises"), Some("the observations are angles, which have no distribution function"));
    let student = |df: &str| {
        let info = find("student-t").expect("a family");
        let mut settings = Settings::default();
        settings.set(&info.fixed[0], info.fixed[0].read(df).expect("a number"));
        (info.build)(&settings)
    };
    assert_eq!(student("2").immovable(), Some("E x² is infinite"));
    assert_eq!(student("2.5").immovable(), None);
    for family in families().filter(|family| family.immovable().is_some()) {
        let p = Vec2::from(family.info().example);
        assert!(metric(&*family, p).is_err() && distance(&*family, p, p).is_err());
    }
}

/// What is known without an integral, at parameters where integrals are hard.
#[test]
fn moments_of_transport_hold_at_extreme_parameters() {
    // The scale of a gamma moves x by −x/rate, so that G₂₂ = E x²/rate² and G₁₂ = −½ ∂E x²/∂shape/rate.
    for (k, rate) in [(1e-3, 1.0), (0.01, 1e-4), (0.2, 1e6), (3.0, 2.0), (1e3, 1.0), (1e7, 3.0)] {
        let found = metric(&*family("gamma"), Vec2::new(k, rate)).unwrap_or_else(|why| panic!("{k} {rate}: {why}"));
        let known = [(k + 0.5) / rate.powi(3), k * (k + 1.0) / rate.powi(4)];
        let error = (found[(0, 1)] / -known[0] - 1.0).abs().max((found[(1, 1)] / known[1] - 1.0).abs());
        assert!(error < TOLERANCE, "gamma {k} {rate}: {error:.1e}");
    }
    // (mean, shape) is the direction of a change of scale, that moves x by x itself.
    for p in [[1.0, 1e-4], [1e-3, 5.0], [2.0, 1e5], [1e5, 1.0], [1.0, 1.0]] {
        let p = Vec2::from(p);
        let found = metric(&*family("inverse-gaussian"), p).unwrap_or_else(|why| panic!("{p}: {why}")) * p;
        let (m, l) = (p[0], p[1]);
        let known = Vec2::new(m + 1.5 * m * m / l, -0.5 * m * m * m / (l * l));
        let error = (0..2).map(|i| ((found[i] - known[i]) * p[i] / (m * m + m * m * m / l)).abs()).fold(0.0, f64::max);
        assert!(error < TOLERANCE, "inverse-gaussian {p}: {error:.1e}");
    }
    // 1 − x exchanges the parameters.
    let beta = family("beta");
    for p in [[0.02, 0.05], [0.01, 30.0], [1e4, 2e4], [0.5, 1e5]] {
        let p = Vec2::from(p);
        let [here, there] =
            [p, Vec2::new(p[1], p[0])].map(|p| metric(&*beta, p).unwrap_or_else(|why| panic!("{p}: {why}")));
        let swap = Mat2::new(0.0, 1.0, 1.0, 0.0);
        assert!(off(&(swap * there * swap), &here) < TOLERANCE, "beta {p}");
    }
}

/// Next to a point mass at zero W₂ is √(E x²), whatever is left of that mass: of the gamma whose shape is tiny nearly all lies
/// where no double does.
#[test]
fn mass_at_a_boundary_is_carried_from_there() {
    let gamma = family("gamma");
    for shape in [1e-3, 0.01, 0.1] {
        for other in [0.5, 2.0, 50.0] {
            let found = distance(&*gamma, Vec2::new(shape, 1.0), Vec2::new(other, 1.0)).expect("a distance");
            let (near, far) = ((shape * (shape + 1.0)).sqrt(), (other * (other + 1.0)).sqrt());
            assert!(found <= far && found >= far - near, "{shape} {other}: {found}");
        }
    }
    // Both sides at once, against a distribution in the middle: E (x − ½)² of the corners is ¼.
    let found = distance(&*family("beta"), Vec2::new(0.01, 0.01), Vec2::new(1e4, 1e4)).expect("a distance");
    assert!((found - 0.5).abs() < 0.01, "{found}");
}

#[test]
fn near_points_are_as_far_as_the_metric_says() {
    for family in families().filter(|family| family.immovable().is_none()) {
        let p = Vec2::from(family.info().example);
        let there = metric(&*family, p).expect("a metric");
        for direction in [Vec2::new(1.0, 0.0), Vec2::new(0.3, -1.0), Vec2::new(0.5, 0.7)] {
            // The two sides of p cancel what is of second order; the last is too near for an integral.
            for size in [1e-3, 1e-4, 1e-7] {
                let step = direction * size;
                let found = distance(&*family, p - step, p + step).expect("a distance") / (2.0 * size);
                let wanted = direction.dot(&(there * direction)).sqrt();
                let error = (found / wanted - 1.0).abs();
                assert!(error < 1e-7 + 10.0 * size * size, "{} {size}: {error:.1e}", family.info().name);
            }
        }
    }
}

#[test]
fn distances_obey_the_triangle() {
    for family in families().filter(|family| family.immovable().is_none()) {
        let p = Vec2::from(family.info().example);
        let unit = family.fisher(p).diagonal().map(|f| f.sqrt().recip());
        let corners = [Vec2::zeros(), Vec2::new(0.5, 0.2), Vec2::new(-0.2, 0.6)].map(|by| p + by.component_mul(&unit));
        let side = |i: usize, j: usize| distance(&*family, corners[i], corners[j]).expect("a distance");
        assert!(side(0, 1) <= side(0, 2) + side(2, 1) + 1e-12, "{}", family.info().name);
        assert_eq!(side(0, 0), 0.0);
    }
}

/// The first step of a racer, in parameters to first order: J Δx/lr.
fn direction(name: &str, chart: &str, at: [f64; 2], target: [f64; 2], how: &str) -> Vec2 {
    let info = find(name).expect(name);
    let [a, b] = info.parameters;
    let fixed = info.fixed.iter().map(|field| format!("{} = {}\n", field.name, common::fixed_value(field)));
    let text: String = fixed.collect();
    let world = common::world(&format!(
        "version = 1\n[model]\nfamily = \"{name}\"\n{text}[objective]\nkind = \"forward-kl\"\n\
         target = {{ {a} = {}, {b} = {} }}\n[start]\n{a} = {}\n{b} = {}\n[run]\nsteps = 1\n\
         [[optimizer]]\nkind = \"natural-gradient\"\nlr = 1e-9\nchart = \"{chart}\"\n{how}\n",
        target[0], target[1], at[0], at[1]
    ));
    let race = common::race(&world);
    let trace = race.trace(0);
    assert!(trace.ending.is_none(), "{name} in {chart}: {:?}", trace.ending);
    let p = Vec2::from(at);
    let id = info.chart(chart).expect("a chart");
    let place = Place::of(world.family.chart(id), p);
    place.jacobian * (trace.rows.at(1).x() - place.x) / 1e-9
}

#[test]
fn natural_directions_do_not_depend_on_the_chart() {
    for how in ["metric = \"wasserstein\"", "metric = \"euclid\""] {
        for family in families().filter(|family| family.immovable().is_none()) {
            let info = family.info();
            let p = Vec2::from(info.example);
            let unit = family.fisher(p).diagonal().map(|f| f.sqrt().recip());
            let q = p + Vec2::new(0.3, 0.2).component_mul(&unit);
            let gradient = family.kl_gradient_second(q, p);
            let there = if how.contains("euclid") { Mat2::identity() } else { metric(&*family, p).expect("a metric") };
            let wanted = -solve2(&there, &gradient);
            for chart in info.charts {
                let found = direction(info.name, chart.name, p.into(), q.into(), how);
                // A step of 1e-9 keeps seven digits of the difference.
                let error = (found - wanted).norm() / wanted.norm();
                assert!(error < 1e-5, "{} in {}, {how}: {found} is not {wanted}", info.name, chart.name);
            }
        }
    }
}

/// The flow of KL(p ‖ target) on the natural gradient of W₂ is the law of Langevin dynamics: from N(0, 1) to N(2, ½²) the mean
/// is 2 − 2e⁻⁴ᵗ and the variance ¼ + ¾ e⁻⁸ᵗ.
#[test]
fn the_flow_of_the_reverse_kl_is_the_law_of_langevin_dynamics() {
    let gaussian = family("gaussian");
    let (start, target) = (Vec2::new(0.0, 1.0), Vec2::new(2.0, 0.5));
    let velocity = |p: Vec2| -solve2(&metric(&*gaussian, p).expect("a metric"), &gaussian.kl_gradient_first(p, target));
    let (steps, mut p) = (2000, start);
    let h = 0.5 / f64::from(steps);
    for _ in 0..steps {
        let a = velocity(p);
        let b = velocity(p + a * (0.5 * h));
        let c = velocity(p + b * (0.5 * h));
        let d = velocity(p + c * h);
        p += (a + (b + c) * 2.0 + d) * (h / 6.0);
    }
    let law = Vec2::new(2.0 - 2.0 * (-2.0_f64).exp(), (0.25 + 0.75 * (-4.0_f64).exp()).sqrt());
    assert!((p - law).norm() < 1e-9, "{p} is not {law}");
    assert!((law - Vec2::new(1.729_329_4, 0.513_553_04)).norm() < 1e-7);
}

/// In (mean, sd) the metric is I.
#[test]
fn sgd_in_mean_and_sd_is_the_wasserstein_natural_gradient() {
    let world = common::world(
        "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"reverse-kl\"\ntarget = { mean = 2.0, sd = 0.5 }\n\
         [start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 50\n[[optimizer]]\nkind = \"sgd\"\nlr = 0.02\n\
         [[optimizer]]\nkind = \"natural-gradient\"\nmetric = \"wasserstein\"\nlr = 0.02\n",
    );
    let race = common::race(&world);
    for step in 0..=50 {
        let [sgd, natural] = [0, 1].map(|racer| race.trace(racer).rows.at(step).p());
        assert!((sgd - natural).norm() < 1e-15, "{step}");
    }
}

fn refusal(text: &str) -> String {
    let document = Document::from_text("scenario.toml", std::path::Path::new("."), text);
    World::open(&document).map_or_else(|report| report.to_string(), |_| String::new())
}

#[test]
fn what_has_no_such_metric_is_refused_where_it_is_named() {
    let text = |model: &str, point: &str, rest: &str| {
        format!(
            "version = 1\n[model]\n{model}\n[objective]\nkind = \"forward-kl\"\ntarget = {{ {} }}\n[start]\n{point}\n[run]\nsteps = 2\n\
             [[optimizer]]\nkind = \"natural-gradient\"\n{rest}\n",
            point.replace('\n', ", ")
        )
    };
    let wasserstein = "metric = \"wasserstein\"";
    for (model, point) in [
        ("family = \"cauchy\"", "location = 0.0\nscale = 1.0"),
        ("family = \"student-t\"\ndf = 2.0", "location = 0.0\nscale = 1.0"),
        ("family = \"categorical\"", "p1 = 0.2\np2 = 0.3"),
        ("family = \"von-mises\"", "mean = 0.2\nconcentration = 0.3"),
    ] {
        let report = refusal(&text(model, point, wasserstein));
        let name = model.split('"').nth(1).expect("a name");
        let wanted =
            format!("this `metric` of natural-gradient needs a Wasserstein metric, which {name} does not have");
        assert!(report.contains(&wanted) && report.contains("metric = \"fisher\" or \"euclid\""), "{report}");
        assert!(report.contains("metric = \"wasserstein\"\n"), "the line: {report}");
        assert_eq!(refusal(&text(model, point, "metric = \"euclid\"")), "", "{name}");
    }
    let gaussian = |rest: &str| refusal(&text("family = \"gaussian\"", "mean = 0.0\nsd = 1.0", rest));
    assert!(gaussian(&format!("{wasserstein}\nfisher = \"diagonal\"")).contains("leave one of them out"));
    assert!(gaussian(&format!("{wasserstein}\ncorrection = \"geodesic\"")).contains("write \"midpoint\""));
    assert_eq!(gaussian(&format!("{wasserstein}\nfisher = \"exact\"\ncorrection = \"midpoint\"")), "");
    assert!(gaussian("metric = \"wassertein\"").contains("wasserstein"));
}

/// What the pane of numbers says, line by line.
fn told(show: &Show, columns: u16) -> Vec<String> {
    let room = Room { columns, rows: 30, bands: 8, finer: 1, fills: true };
    let figure = figure::pane(show, Pane::Numbers, room, &mut figure::Memo::default());
    let (_, table) = figure.table.expect("numbers");
    let said = |span: Span| if let Words::Text(text) = span.text { Some(text) } else { None };
    table.rows.into_iter().map(|row| row.into_iter().filter_map(said).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_numbers_of_a_step_show_the_metric_it_follows() {
    let mut show = Show::open(Document::builtin("langevin").expect("built in")).expect("valid");
    let racers = show.world.scenario.racers.len();
    let mut others = 0;
    for (racer, step) in (0..racers).flat_map(|racer| [(racer, 0), (racer, 9)]) {
        show.chosen = racer;
        show.seek(step);
        let worked = Worked::of(&show.world, &show.race, racer, step);
        let Some(other) = worked.other else {
            assert!(told(&show, 60).iter().any(|line| line.starts_with("F = ")));
            continue;
        };
        // Transport of Gaussians is I in (mean, sd); in (mean, log sd) its second entry is sd².
        let log = worked.axes[1] != "sd";
        let wanted = if log { (2.0 * worked.x[1]).exp() } else { 1.0 };
        let metric = other.metric.expect("a metric");
        assert!((metric - Mat2::new(1.0, 0.0, 0.0, wanted)).norm() < 1e-12 * wanted, "{metric}");
        let natural = other.natural.expect("a gradient");
        assert!((metric * natural - worked.gradient).norm() < 1e-12);
        others += 1;
        for columns in [44, 60] {
            let lines = told(&show, columns);
            assert!(lines.iter().any(|line| line.starts_with("G = ") && line.ends_with("wasserstein")), "{lines:?}");
            assert!(!lines.iter().any(|line| line.starts_with("F = ")), "{lines:?}");
        }
    }
    assert!(others > 1, "{others}");
}

#[test]
fn a_scenario_says_why_it_has_no_metric_of_transport() {
    let inspect = |name: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_geodescent"));
        let output = command.args(["inspect", name, "--to", "", "--format", "json"]).output().expect("a run");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let cauchy = inspect("cauchy-circle");
    assert!(cauchy["wasserstein"].is_null() && cauchy["to"]["wasserstein_distance"].is_null());
    assert_eq!(cauchy["absent"]["wasserstein"], "E x² is infinite");
    assert_eq!(cauchy["absent"]["wasserstein_distance"], "E x² is infinite");
    let gaussian = inspect("three-charts");
    assert!(gaussian["wasserstein"].is_array() && gaussian["absent"].is_null(), "{gaussian}");
}
