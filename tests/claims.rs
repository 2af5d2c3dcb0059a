//! The lesson's numbers: experiments on N(0, 1) → N(2, 0.5) that were computed independently in double precision.
//!
//! Each test checks the table it names. Deterministic runs agree to every printed digit, step counts exactly.

mod common;

use common::told::{of, told, told_with};
use common::{fisher_rao, race, reference, world};
use geodescent::math::Vec2;
use geodescent::race::{Invariance, Row, Trace};

const TITLE: &str = r#"
version = 1
title = "N(0, 1) to N(2, 0.5)"
[model]
family = "gaussian"
[objective]
kind = "forward-kl"
target = { mean = 2.0, sd = 0.5 }
[start]
mean = 0.0
sd = 1.0
"#;

/// One optimizer in several charts of the Gaussian.
fn in_charts(steps: usize, optimizer: &str, charts: &[&str]) -> Vec<Trace> {
    let mut text = format!("{TITLE}[run]\nsteps = {steps}\n");
    for chart in charts {
        text.extend(["[[optimizer]]\n", optimizer, "\nchart = \"", chart, "\"\n"]);
    }
    race(&world(&text)).traces().cloned().collect()
}

const THREE: [&str; 3] = ["mean-sd", "mean-log-sd", "mean-variance"];

/// The first step from which the loss stays below `tolerance`; none where it does not in the race.
fn settles(trace: &Trace, tolerance: f64) -> Option<usize> {
    let above = trace.rows.iter().rposition(|row| row.loss.is_nan() || row.loss >= tolerance);
    above.map_or(Some(0), |step| (step + 1 < trace.rows.len()).then_some(step + 1))
}

/// The largest Fisher-Rao distance between two paths at the same step.
fn gap(a: &Trace, b: &Trace) -> f64 {
    a.rows.iter().zip(b.rows.iter()).map(|(a, b)| fisher_rao(a.p(), b.p())).fold(0.0, f64::max)
}

fn largest_gap(traces: &[Trace]) -> f64 {
    let pairs = [(0, 1), (0, 2), (1, 2)];
    pairs.into_iter().map(|(i, j)| gap(&traces[i], &traces[j])).fold(0.0, f64::max)
}

/// Half a unit of the last digit that the table prints.
fn digits(actual: f64, expected: f64, last: f64) {
    assert!((actual - expected).abs() <= 0.5001 * last, "{actual}, not {expected}");
}

#[test]
fn e01_three_sgds_take_217_302_and_246_steps() {
    let traces = in_charts(4000, "kind = \"sgd\"\nlr = 0.02", &THREE);
    let steps: Vec<_> = traces.iter().map(|trace| settles(trace, 1e-6)).collect();
    assert_eq!(steps, [Some(217), Some(302), Some(246)]);

    let at = |chart: usize, step: usize| traces[chart].rows.at(step).p();
    let tenth = [[0.274_338, 1.309_609], [0.262_316, 1.389_265], [0.333_016, 1.100_379]];
    let fiftieth = [[0.851_274, 1.409_050], [0.781_242, 1.473_415], [1.095_939, 1.159_465]];
    for chart in 0..3 {
        for i in 0..2 {
            digits(at(chart, 10)[i], tenth[chart][i], 1e-6);
            digits(at(chart, 50)[i], fiftieth[chart][i], 1e-6);
        }
    }
    let peak = |trace: &Trace| trace.rows.iter().map(|row| row.parameters[1]).fold(0.0, f64::max);
    let length = |trace: &Trace| -> f64 {
        trace.rows.iter().zip(trace.rows.iter().skip(1)).map(|(a, b)| fisher_rao(a.p(), b.p())).sum()
    };
    for (trace, (top, path)) in traces.iter().zip([(1.4329, 2.8594), (1.5423, 2.9471), (1.1626, 2.7032)]) {
        digits(peak(trace), top, 1e-4);
        digits(length(trace), path, 1e-4);
    }
    digits(gap(&traces[0], &traces[1]), 0.2525, 1e-4);
    digits(gap(&traces[0], &traces[2]), 0.6718, 1e-4);
    digits(gap(&traces[1], &traces[2]), 0.4412, 1e-4);
}

#[test]
fn e01_no_path_is_straight_even_in_its_own_chart_and_the_expectation_chart_never_settles() {
    let traces = in_charts(4000, "kind = \"sgd\"\nlr = 0.02", &THREE);
    for (trace, expected) in traces.iter().zip([0.2926, 0.2939, 0.3477]) {
        let start = trace.rows.at(0).x();
        let chord: Vec2 = trace.rows.at(4000).x() - start;
        let off = |row: Row| (row.x() - start).perp(&chord).abs() / chord.norm_squared();
        digits(trace.rows.iter().map(off).fold(0.0, f64::max), expected, 1e-4);
    }
    let expectation = &in_charts(4000, "kind = \"sgd\"\nlr = 0.02", &["expectation"])[0];
    assert_eq!(settles(expectation, 1e-6), None);
}

#[test]
fn e01_start_directions_differ_by_chart_but_for_sd_and_log_sd() {
    let traces = in_charts(1, "kind = \"sgd\"\nlr = 1e-6", &THREE);
    let natural = in_charts(1, "kind = \"natural-gradient\"\nlr = 1e-6", &THREE);
    // In the frame (dμ, √2 dσ), in which the Fisher matrix at σ = 1 is the identity.
    let angle = |trace: &Trace| {
        let step: Vec2 = trace.rows.at(1).p() - trace.rows.at(0).p();
        (2.0_f64.sqrt() * step[1]).atan2(step[0]).to_degrees()
    };
    for (trace, degrees) in traces.iter().zip([66.48, 66.48, 29.88]) {
        digits(angle(trace), degrees, 0.01);
    }
    for trace in &natural {
        digits(angle(trace), 48.97, 0.01);
    }
}

#[test]
fn e02_natural_gradient_is_invariant_to_first_order_and_gradient_descent_is_not() {
    let expected = [0.105_52, 0.031_400, 0.012_354, 0.005_519_3, 0.002_609_5];
    let mut gaps = Vec::new();
    for (halving, expected) in expected.into_iter().enumerate() {
        let eta = 0.2 / f64::from(1 << halving);
        let steps = (2.0 / eta).round() as usize;
        let traces = in_charts(steps, &format!("kind = \"natural-gradient\"\nlr = {eta}"), &THREE);
        let gap = largest_gap(&traces);
        assert!((gap / expected - 1.0).abs() < 5e-5, "η {eta}: {gap}, not {expected}");
        gaps.push(gap);
    }
    let order = (gaps[3] / gaps[4]).log2();
    digits(order, 1.08, 0.01);
    assert!((1.0..1.2).contains(&order));

    for (eta, expected) in [(0.02, 0.4412), (0.01, 0.4381), (0.005, 0.4366), (0.0025, 0.4359)] {
        let steps = (2.0_f64 / eta).round() as usize;
        let traces = in_charts(steps, &format!("kind = \"sgd\"\nlr = {eta}"), &THREE);
        digits(largest_gap(&traces), expected, 1e-4);
    }
}

/// The gaps that the program shows side by side, against the same table: 0.031400 at η 0.1, of order 1.08 in the limit.
#[test]
fn e02_the_gap_between_charts_is_the_one_that_is_shown() {
    let world = world(
        "version = 1\ntitle = \"e02\"\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"forward-kl\"\n\
         target = { mean = 2.0, sd = 0.5 }\n[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 20\n\
         [[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\nlabel = \"a\"\n\
         [[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\nchart = \"mean-log-sd\"\nlabel = \"b\"\n\
         [[optimizer]]\nkind = \"sgd\"\nlr = 0.02\nchart = \"mean-variance\"\nlabel = \"c\"\n",
    );
    let mut gaps = Invariance::new(&world, 0);
    let mut halved = Invariance::new(&world, 1);
    while !(gaps.reached(20) && halved.reached(40)) {
        gaps.wait(std::time::Duration::from_millis(10));
        halved.wait(std::time::Duration::from_millis(10));
    }
    let charts: Vec<_> = world.family.info().chart_ids().take(3).collect();
    assert_eq!((gaps.charts.as_slice(), gaps.kins.len(), gaps.kins[0].members), (&charts[..], 2, 2));
    let [whole, half] = [gaps.kins[0].largest(20), halved.kins[0].largest(40)].map(Option::unwrap);
    assert!((whole - 0.031_400).abs() < 5e-7 && (half - 0.012_354).abs() < 5e-7, "{whole} {half}");
}

#[test]
fn e02_ten_natural_steps_end_elsewhere_in_every_chart() {
    let charts = ["mean-sd", "mean-log-sd", "mean-variance", "natural", "expectation"];
    let traces = in_charts(10, "kind = \"natural-gradient\"\nlr = 0.1", &charts);
    let last = |trace: &Trace| trace.rows.at(10).p();
    for (trace, sd) in traces.iter().zip([1.240_36, 1.248_39, 1.233_23, 1.221_64, 1.191_60]) {
        digits(last(trace)[1], sd, 1e-5);
    }
    for (trace, mean) in traces.iter().zip([1.302_643, 1.302_643, 1.302_643, 1.341_515, 1.302_643]) {
        digits(last(trace)[0], mean, 1e-6);
    }
}

/// The largest gaps among three charts over T = 2 at rates 0.2, 0.1, ..., 0.0125.
fn gaps_by_rate(optimizer: &str) -> Vec<f64> {
    let gap = |halving: u32| {
        let eta = 0.2 / f64::from(1 << halving);
        let steps = (2.0 / eta).round() as usize;
        largest_gap(&in_charts(steps, &format!("{optimizer}\nlr = {eta}"), &THREE))
    };
    (0..5).map(gap).collect()
}

#[test]
fn e02_corrections_are_of_second_order_and_the_exponential_map_is_exact() {
    let natural = "kind = \"natural-gradient\"\ncorrection = ";
    let rows = [
        ("\"geodesic\"", [0.008_535_9, 0.001_359_2, 3.5654e-4, 9.0532e-5, 2.2725e-5], 1.99),
        ("\"midpoint\"", [0.039_206, 0.008_296_6, 0.001_797_0, 4.1410e-4, 9.9069e-5], 2.06),
    ];
    for (correction, expected, order) in rows {
        let gaps = gaps_by_rate(&format!("{natural}{correction}"));
        for (gap, expected) in gaps.iter().zip(expected) {
            assert!((gap / expected - 1.0).abs() < 5e-5, "{correction}: {gap}, not {expected}");
        }
        digits((gaps[3] / gaps[4]).log2(), order, 0.01);
    }
    for gap in gaps_by_rate("kind = \"geodesic\"") {
        assert!(gap <= 1e-12, "{gap}");
    }
}

/// The losses after each of some steps of rate 1 from N(0, 1).
fn unit_steps(kind: &str, chart: &str, target: [f64; 2], steps: usize) -> Trace {
    let [mean, sd] = target;
    let text = TITLE.replace("mean = 2.0, sd = 0.5", &format!("mean = {mean:?}, sd = {sd:?}"));
    let run = format!("[run]\nsteps = {steps}\n[[optimizer]]\nkind = \"{kind}\"\nlr = 1.0\nchart = \"{chart}\"\n");
    race(&world(&(text + &run))).trace(0).clone()
}

#[test]
fn e06_unit_steps_are_home_at_once_in_the_expectation_chart_alone() {
    let log_sd = [1.822_99, 1.336_04, 0.870_596, 0.458_251, 0.158_209, 0.022_586, 5.0e-4, 2.5e-7];
    let trace = unit_steps("natural-gradient", "mean-log-sd", [2.0, 0.5], 8);
    for (row, expected) in trace.rows.iter().skip(1).zip(log_sd) {
        let tolerance = if expected < 1e-3 { 0.02 } else { 3e-5 };
        assert!((row.loss / expected - 1.0).abs() < tolerance, "{}, not {expected}", row.loss);
    }
    let away = unit_steps("natural-gradient", "natural", [2.0, 0.5], 1);
    assert_eq!(away.ending.as_ref().map(|ending| (ending.step, ending.status.name())), Some((1, "left-family")));
    for kind in ["natural-gradient", "mirror-descent"] {
        assert!(unit_steps(kind, "expectation", [0.3, 1.2], 1).rows.at(1).loss.abs() < 1e-15, "{kind}");
    }
    // In the natural chart the Hessian of this loss is F itself: the natural gradient is Newton's method there.
    let expected = [0.060_484, 0.007_019_7, 1.540e-4, 8.99e-8];
    let [newton, natural] = ["newton", "natural-gradient"].map(|kind| unit_steps(kind, "natural", [0.3, 1.2], 4));
    for ((row, other), expected) in newton.rows.iter().zip(natural.rows.iter()).skip(1).zip(expected) {
        assert!((row.loss / expected - 1.0).abs() < 1e-3, "{}, not {expected}", row.loss);
        assert!((row.p() - other.p()).norm() < 1e-12);
    }
}

#[test]
fn e08_mirror_descent_is_the_natural_gradient_in_the_expectation_chart() {
    let natural = in_charts(40, "kind = \"natural-gradient\"\nlr = 0.1", &["expectation"]);
    for mirror in in_charts(40, "kind = \"mirror-descent\"\nlr = 0.1", &["expectation", "mean-sd", "natural"]) {
        let gap = gap(&natural[0], &mirror);
        assert!(gap < 1e-14, "{gap}");
    }
}

#[test]
fn e08_the_natural_gradient_of_a_softmax_is_exponentiated_gradient() {
    let text = "version = 1\n[model]\nfamily = \"categorical\"\nchart = \"softmax\"\n[objective]\n\
        kind = \"expected-reward\"\nreward = \"x*(4-x)/2\"\n[start]\np1 = 0.6\np2 = 0.1\n[run]\nsteps = 30\n\
        [[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\n";
    let trace = race(&world(text)).trace(0).clone();
    let mut p = [0.6, 0.1, 0.3];
    for row in trace.rows.iter() {
        assert!((row.p() - Vec2::new(p[0], p[1])).norm() < 1e-14, "{:?}, not {p:?}", row.p());
        let rewards = [1.5, 2.0, 1.5];
        let grown: Vec<f64> = p.iter().zip(rewards).map(|(p, r): (&f64, f64)| p * (0.1 * r).exp()).collect();
        let sum: f64 = grown.iter().sum();
        p = [grown[0] / sum, grown[1] / sum, grown[2] / sum];
    }
}

#[test]
fn e26_the_speed_up_on_a_quadratic_is_half_its_condition_number_times_a_logarithm() {
    for (condition, expected) in [(2.0, 7), (5.0, 18), (10.0, 35), (100.0, 346), (1000.0, 3454)] {
        let text = format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"expression\"\n\
             loss = \"(mean^2 + {condition:?}*(sd-10)^2)/2\"\n[start]\nmean = 1.0\nsd = 11.0\n[run]\nsteps = 4000\n\
             [[optimizer]]\nkind = \"sgd\"\nlr = {:?}\n[[optimizer]]\nkind = \"newton\"\n",
            2.0 / (1.0 + condition)
        );
        let race = race(&world(&text));
        let start = race.trace(0).rows.at(0).loss;
        assert_eq!(settles(race.trace(0), 1e-6 * start), Some(expected), "{condition}");
        assert_eq!(settles(race.trace(1), 1e-6 * start), Some(1), "{condition}");
    }
}

#[test]
fn e28_every_optimizer_by_chart() {
    let charts = ["mean-sd", "mean-log-sd", "mean-variance", "natural", "expectation"];
    let never = None;
    let table = [
        ("kind = \"sgd\"\nlr = 0.05", [Some(76), Some(98), Some(90), never, never]),
        ("kind = \"adagrad\"\nlr = 0.3", [Some(38), Some(53), Some(44), never, Some(601)]),
        ("kind = \"adam\"\nlr = 0.05", [Some(130), Some(122), Some(144), Some(1512), never]),
        ("kind = \"natural-gradient\"\nlr = 0.1", [Some(67), Some(68), Some(67), Some(68), Some(66)]),
        (
            "kind = \"natural-gradient\"\nlr = 0.1\nfisher = \"diagonal\"",
            [Some(67), Some(68), Some(67), Some(2499), Some(2407)],
        ),
        // The published table has 32 32 32 26 31: its line search halved, and never went beyond one full natural step.
        // The contract's goes by 0.8 and has no such cap; these numbers are that rule computed a second time in numpy,
        // and the same script with the cap and halving gives the published row.
        ("kind = \"trpo\"\ndelta = 0.01", [Some(27), Some(28), Some(22), Some(31), Some(32)]),
    ];
    for (optimizer, expected) in table {
        let traces = in_charts(3000, optimizer, &charts);
        let steps: Vec<_> = traces.iter().map(|trace| settles(trace, 1e-4)).collect();
        assert_eq!(steps, expected, "{optimizer}");
    }
    // Adam in the expectation chart settles at 140. Once the gradients have died away to rounding, so has √v, and near
    // step 1000 a rounding error over eps throws it out again: in 3000 steps it does not "stay".
    let trace = &in_charts(500, "kind = \"adam\"\nlr = 0.05", &["expectation"])[0];
    assert_eq!(settles(trace, 1e-4), Some(140));
    // And the one that leaves: plain SGD in the expectation chart. The table says at step 175; its oscillation doubles
    // rounding errors every few steps, so the step hangs on the last bit (175, 253, 310 and 322 for four ways to write
    // the gradient).
    let trace = &in_charts(3000, "kind = \"sgd\"\nlr = 0.05", &["expectation"])[0];
    let ending = trace.ending.as_ref().expect("it leaves the family");
    assert_eq!(ending.status.name(), "left-family");
    assert!((150..600).contains(&ending.step), "left at {}", ending.step);
    assert_eq!(settles(trace, 1e-4), None);
}

#[test]
fn a_unit_natural_step_in_the_expectation_chart_is_home() {
    let traces = in_charts(4, "kind = \"natural-gradient\"\nlr = 1.0", &["expectation", "mean-variance", "mean-sd"]);
    let loss = |trace: &Trace| trace.rows.iter().map(|row: Row| row.loss).collect::<Vec<_>>();
    assert!(loss(&traces[0])[1].abs() < 1e-15);
    digits(loss(&traces[1])[1], 0.946_018, 1e-6);
    assert!(loss(&traces[1])[2].abs() < 1e-15);
    for (loss, expected) in loss(&traces[2])[1..].iter().zip([1.176_37, 0.568_290, 0.144_086, 0.007_883_48]) {
        assert!((loss / expected - 1.0).abs() < 1e-5, "{loss}, not {expected}");
    }
}

/// The table's RMSProp was run with α = 0.9 (the default here and in torch is 0.99), and there it ends in a circle as
/// wide as its rate: where that circle touches 1e-4, "stays below" hangs on the last bit. So: where it first gets
/// below, which does not, and that in (mean, sd) it never comes to rest.
#[test]
fn e28_rmsprop_circles_at_the_width_of_its_rate() {
    let charts = ["mean-sd", "mean-log-sd", "mean-variance", "natural", "expectation"];
    let traces = in_charts(3000, "kind = \"rmsprop\"\nlr = 0.01\nalpha = 0.9", &charts);
    let first = |trace: &Trace| trace.rows.iter().position(|row| row.loss < 1e-4);
    assert_eq!(first(&traces[1]), Some(215));
    assert_eq!(settles(&traces[2], 1e-4), Some(216));
    assert!(settles(&traces[3], 1e-4).is_some_and(|step| step.abs_diff(1063) <= 1));
    assert_eq!(first(&traces[4]), None);
    let late = traces[0].rows.iter().skip(2900).map(|row| row.loss).fold(0.0, f64::max);
    assert!(late >= 1e-4, "in (mean, sd) it came to rest at {late}");
}

#[test]
fn e14_the_diagonal_of_f_pays_for_correlation() {
    for (rho, steps) in [(0.5_f64, 10), (0.9, 66), (0.99, 688), (0.999, 6905)] {
        // A start of loss 1, so that a millionth of it is 1e-6.
        let at = (1.0 + rho).sqrt();
        let race = race(&world(&format!(
            "version = 1\ntitle = \"e14\"\n[model]\nfamily = \"bivariate-gaussian\"\n\
             covariance = [[1.0, {rho:?}], [{rho:?}, 1.0]]\n[objective]\nkind = \"forward-kl\"\n\
             target = {{ mean1 = 0.0, mean2 = 0.0 }}\n[start]\nmean1 = {at:?}\nmean2 = {at:?}\n[run]\nsteps = 7000\n\
             [[optimizer]]\nkind = \"natural-gradient\"\nlr = 1.0\nfisher = \"diagonal\"\n\
             [[optimizer]]\nkind = \"natural-gradient\"\nlr = 1.0\n"
        )));
        let found: Vec<_> = race.traces().map(|trace| settles(trace, 1e-6)).collect();
        assert_eq!(found, [Some(steps), Some(1)], "{rho}");
    }
}

/// Half N(m−u, 1) and half N(m+u, 1) from m = ½. The means are (m, u) turned and stretched by √2: a rate of gradient
/// descent counts half there, damping twice.
#[test]
fn e20_a_nearly_singular_f_throws_the_natural_gradient_off_and_damping_holds_it() {
    let table: [(f64, f64, f64, [Option<usize>; 4]); 6] = [
        (0.3, 1e-7, 0.1, [Some(81), Some(67), Some(68), Some(12)]),
        (0.3, 1e-7, 0.01, [Some(135), Some(83), Some(68), Some(11)]),
        (0.3, 1e-7, 0.001, [Some(188), None, Some(68), Some(11)]),
        (1.0, 1e-4, 0.1, [Some(13), Some(32), Some(34), None]),
        (1.0, 1e-4, 0.01, [Some(19), Some(87), Some(35), None]),
        (1.0, 1e-4, 0.001, [Some(25), None, Some(36), None]),
    ];
    for (target, tolerance, start, expected) in table {
        let (low, high) = (0.5 - start, 0.5 + start);
        let race = race(&world(&format!(
            "version = 1\ntitle = \"e20\"\n[model]\nfamily = \"gaussian-mixture\"\nweight = 0.5\nsd = 1.0\n\
             [objective]\nkind = \"forward-kl\"\ntarget = {{ mean1 = -{target:?}, mean2 = {target:?} }}\n\
             [start]\nmean1 = {low:?}\nmean2 = {high:?}\n[run]\nsteps = 300\n\
             [[optimizer]]\nkind = \"sgd\"\nlr = 1.0\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\n\
             [[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\ndamping = 0.005\n\
             [[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.5\ndamping = 0.005\n"
        )));
        for (racer, (trace, steps)) in race.traces().zip(expected).enumerate() {
            // The table has no last column for the far target.
            if racer < 3 || target < 1.0 {
                assert_eq!(settles(trace, tolerance), steps, "target {target}, start {start}, racer {racer}");
            }
        }
    }
}

#[test]
fn e04_kl_is_half_the_squared_distance_to_second_order() {
    let told = told("ellipse-meaning");
    let table = [
        [[0.081_121_2, 1e-7], [0.122_368, 1e-6], [0.1312, 1e-9]],
        [[0.025_352_2, 1e-7], [0.031_580_0, 1e-7], [0.0328, 1e-9]],
        [[0.007_173_66, 1e-8], [0.008_038_96, 1e-8], [0.0082, 1e-9]],
        [[0.001_914_87, 1e-8], [0.002_029_29, 1e-8], [0.002_05, 1e-9]],
        [[4.951_49e-4, 1e-9], [5.098_73e-4, 1e-9], [5.125e-4, 1e-9]],
    ];
    let found = of(&told, "divergence");
    assert_eq!(found.len(), 15);
    for (found, [expected, last]) in found.iter().zip(table.into_iter().flatten()) {
        digits(*found, expected, last);
    }
    let orders = of(&told, "divergence-order");
    assert_eq!(orders.len(), 4);
    for (found, expected) in orders.into_iter().zip([2.96, 2.98, 2.94, 3.94]) {
        digits(found, expected, 0.01);
    }
}

#[test]
fn e04_the_four_balls_part_at_a_half() {
    let found = of(&told("ellipse-meaning"), "ball-reach");
    let tenth = [0.7512, 1.4239, 0.4705, 0.7023, 1.3313, 0.4472, 0.6838, 1.3162, 0.4472, 0.7289, 1.3719, 0.4547];
    let half = [0.5638, 2.5111, 1.3108, 0.3982, 1.7738, 1.0, 0.2929, 1.7071, 1.0, 0.4931, 2.0281, 1.0854];
    assert_eq!(found.len(), 24);
    for (found, expected) in found.iter().zip(tenth.into_iter().chain(half)) {
        digits(*found, expected, 1e-4);
    }
    // What the table says in closed form.
    for (delta, ball) in [(0.1_f64, &found[..12]), (0.5, &found[12..])] {
        for (mean, exact) in [(ball[2], (2.0 * delta).exp_m1().sqrt()), (ball[5], (2.0 * delta).sqrt())] {
            assert!((mean / exact - 1.0).abs() < 1e-9, "{mean}, not {exact}");
        }
    }
}

#[test]
fn e22_transport_around_squares_has_curvature_minus_a_half() {
    let told = told("holonomy");
    let angles = of(&told, "holonomy");
    assert_eq!(angles.len(), 4);
    // The area of the square that is drawn is √2 (1/1 − 1/2).
    let drawn = (-0.125_f64.sqrt(), 1e-12);
    for (angle, (expected, last)) in
        angles.into_iter().zip([drawn, (-0.080_812_2, 1e-7), (-0.023_570_2, 1e-7), (-0.006_428_24, 1e-8)])
    {
        digits(angle, expected, last);
    }
    let shares = of(&told, "holonomy-per-area");
    assert!(shares.len() == 3 && shares.iter().all(|share| (share + 0.5).abs() < 1e-8), "{shares:?}");
    let gaps = of(&told, "levi-civita-gap");
    assert!(gaps.len() == 2 && gaps.iter().all(|gap| *gap < 1e-10), "{gaps:?}");
    let [by_quadrature, by_differences] = of(&told, "self-check")[..] else { panic!("two self-checks") };
    assert!(by_quadrature < 1e-9 && by_differences < 1e-6 && by_quadrature > 0.0 && by_differences > 0.0);
}

/// The flows, in 7000 small steps, to both targets. What is left of the way at their end is as long as the digits say.
#[test]
fn e05_the_flow_of_either_kl_is_straight_in_one_chart_and_no_geodesic() {
    let targets = [("3.0", "1.0"), ("2.0", "0.5")];
    let rows = [
        ("m-line", [[2.718_050_2, 1.802_8, 0.3004], [2.694_360_4, 1.2885, 0.2536]]),
        ("e-line", [[3.000, 1.0, 0.5330], [2.847_113_5, 1.0, 0.4133]]),
    ];
    for (name, expected) in rows {
        for ((mean, sd), [length, peak, off]) in targets.into_iter().zip(expected) {
            let target = [("objective.target.mean", mean), ("objective.target.sd", sd)];
            let told = told_with(name, &[&target[..], &[("run.steps", "7000"), ("optimizer.0.lr", "0.002")]].concat());
            assert!((of(&told, "path-length")[0] - length).abs() < 5e-6, "{name} to {mean}, {sd}: {told:?}");
            digits(of(&told, "peak")[0], peak, 1e-4);
            digits(of(&told, "off-geodesic")[0], off, 1e-4);
            // 2√2 asinh(3/(2√2)); the table prints 2.612401.
            digits(of(&told, "geodesic-length")[0], 2.612_400_5, 1e-7);
            // Its own chart is asked first.
            assert!(of(&told, "chord-deviation")[0] < 1e-12, "{name} to {mean}, {sd}: {told:?}");
        }
        let told = told_with(name, &[("run.steps", "7000"), ("optimizer.0.lr", "0.002")]);
        digits(of(&told, "chord-deviation")[1], if name == "m-line" { 0.115 } else { 0.075 }, 1e-3);
    }
}

/// `rate` of Adam, start (1, 0.6) and curvatures 1 and 100, all turned together.
#[test]
fn e13_adam_loses_its_way_as_the_valley_turns_and_sgd_does_not_notice() {
    for (degrees, adam) in
        [(0.0_f64, 9.220_698e-9), (15.0, 0.002_998_973_2), (30.0, 0.041_666_432), (45.0, 0.050_223_468)]
    {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let covariance = format!(
            "[[{0:?}, {1:?}], [{1:?}, {2:?}]]",
            cos * cos + 0.01 * sin * sin,
            0.99 * sin * cos,
            sin * sin + 0.01 * cos * cos
        );
        let [mean1, mean2] = [cos - 0.6 * sin, sin + 0.6 * cos].map(|at| format!("{at:?}"));
        let edits = [("model.covariance", &*covariance), ("start.mean1", &*mean1), ("start.mean2", &*mean2)];
        let told = told_with("adam-valley", &edits);
        let at = of(&told, "at");
        assert!((at[0] / adam - 1.0).abs() < 1e-6, "{degrees}°: {}, not {adam}", at[0]);
        assert!(at[1] < 1e-12, "{degrees}°: the natural gradient is at {}", at[1]);
        assert_eq!(of(&told, "steps-to"), [366.0], "{degrees}°");
    }
}

/// Normal quantiles at (i − ½)/200; the optima are those of scipy.stats (the table cuts 570.2905 to 570.290).
#[test]
fn e21_on_normal_data_aic_chooses_the_gaussian() {
    let quantiles = reference("normal-quantiles.json")["quantiles"].to_string();
    let told = of(&told_with("aic-families", &[("objective.data", &quantiles)]), "aic");
    for (found, expected) in told.into_iter().zip([570.2905, 574.6937, 590.4496]) {
        digits(found, expected, 1e-4);
    }
}

/// On a plane whose F is the identity, data of variance s² about their mean: the distance d from it goes to
/// d − rate·d/(s² + d²).
#[test]
fn e12_the_empirical_fisher_is_f_only_where_the_model_fits() {
    let settles = |rate: f64, variance: f64| {
        let mut distance = 2.0_f64;
        let far = (0..=5000).filter(|_| {
            let far = 0.5 * distance * distance >= 1e-6;
            distance -= rate * distance / (variance + distance * distance);
            far
        });
        far.count()
    };
    for (sd, rate) in [(1.0_f64, 1.0_f64), (1.0, 0.1), (0.1, 0.01), (3.0, 1.0)] {
        let [low, high] = [1.0 - sd, 1.0 + sd].map(|at| format!("{at:?}"));
        let data = format!("[[{low}, {low}], [{low}, {high}], [{high}, {low}], [{high}, {high}]]");
        let edits = [("objective.data", &*data), ("optimizer.2.lr", &format!("{rate:?}")), ("run.steps", "5000")];
        let expected = settles(rate, sd * sd);
        let steps = of(&told_with("empirical-fisher", &edits), "steps-to");
        assert_eq!(steps[..2], [1.0, expected as f64], "sd {sd}, rate {rate}");
    }
    // Where the data have a tenth of the model's sd, steps are a hundred times too long: rates above 0.02 never settle.
    assert!(of(&told("empirical-fisher"), "steps-to")[2].is_nan());
}

/// Logistic regression has no expectation chart that a user could choose, but a natural one, and so mirror descent. The
/// points solve Σ (σ(a + bx) − target)(1, x) = 0: mpmath's `findroot` at 30 digits.
#[test]
fn mirror_descent_on_logistic_regression_goes_to_the_mean_labels() {
    let ends = |labels: [u8; 4], lr: f64, chart: &str| {
        let rows: Vec<String> = (1..=4).zip(labels).map(|(x, y)| format!("[{x}.0, {y}]")).collect();
        let text = format!(
            "version = 1\ntitle = \"t\"\n[model]\nfamily = \"logistic-regression\"\ndesign = [1.0, 2.0, 3.0, 4.0]\n[objective]\n\
             kind = \"nll\"\ndata = [{}]\n[start]\nintercept = 0.0\nslope = 0.0\n[run]\nsteps = 1\n[[optimizer]]\n\
             kind = \"mirror-descent\"\nlr = {lr}\nchart = \"{chart}\"\n",
            rows.join(", ")
        );
        race(&world(&text)).traces().next().expect("a racer").clone()
    };
    for chart in ["intercept-slope", "standardised"] {
        for (lr, wanted) in [
            (1.0, [-2.270_460_656_400_238, 0.908_184_262_560_095_1]),
            (0.5, [-1.028_673_031_382_096_2, 0.411_469_212_552_838_5]),
        ] {
            let trace = ends([0, 1, 0, 1], lr, chart);
            let row = trace.rows.get(1).expect("a step");
            let end = Vec2::new(row.parameters[0], row.parameters[1]);
            assert!((end - Vec2::from(wanted)).norm() < 1e-12, "{chart} {lr}: {end}");
        }
        // Of separable labels the mean is a corner of the polygon: no member has it.
        assert!(ends([0, 0, 1, 1], 1.0, chart).ending.is_some(), "{chart}");
        assert!(ends([0, 0, 1, 1], 0.99, chart).ending.is_none(), "{chart}");
    }
}
