//! Losses against their definitions: gradients against finite differences, optima against closed forms, batches by
//! counting.

use std::sync::Arc;

use geodescent::expression::Expression;
use geodescent::family::{FAMILIES, Family};
use geodescent::math::{Mat2, Vec2};
use geodescent::objective::data::{Purpose, stream_for};
use geodescent::objective::divergence::{Direction, Divergence};
use geodescent::objective::formula::Formula;
use geodescent::objective::likelihood::Likelihood;
use geodescent::objective::reward::{Reward, Treatment};
use geodescent::objective::{Data, Draw, Flaw, Objective};
use geodescent::plot::{Field, Frame};
use geodescent::registry::Settings;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

mod common;

fn families() -> Vec<Arc<dyn Family>> {
    let build = |info: &&'static geodescent::family::FamilyInfo| {
        let mut settings = Settings::defaults(info.fixed);
        for field in info.fixed {
            settings.set(field, field.read(common::fixed_value(field)).expect("a setting"));
        }
        (info.build)(&settings)
    };
    FAMILIES.iter().map(build).collect()
}

/// The families whose observations are single numbers; only these have rewards.
fn single() -> impl Iterator<Item = Arc<dyn Family>> {
    families().into_iter().filter(|family| family.width() == 1)
}

/// A sample, row after row.
fn draws(family: &dyn Family, p: Vec2, size: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut rows = vec![0.0; size * family.width()];
    rows.chunks_exact_mut(family.width()).for_each(|row| family.sample(p, rng, row));
    rows
}

fn example(family: &dyn Family) -> Vec2 {
    let [first, second] = family.info().example;
    Vec2::new(first, second)
}

/// Central differences with a step that balances rounding and curvature.
fn differences(objective: &dyn Objective, p: Vec2) -> Vec2 {
    let slope = |i: usize| {
        let h = 1e-5 * p[i].abs().max(0.1);
        let mut step = Vec2::zeros();
        step[i] = h;
        (objective.value(p + step) - objective.value(p - step)) / (2.0 * h)
    };
    Vec2::new(slope(0), slope(1))
}

fn assert_near(actual: Vec2, expected: Vec2, tolerance: f64, what: &str) {
    let scale = expected.norm().max(0.01);
    assert!((actual - expected).norm() <= tolerance * scale, "{what}: {actual:?}, not {expected:?}");
}

#[test]
fn gradients_agree_with_finite_differences() {
    for family in families() {
        let name = family.info().name;
        let target = example(&*family);
        let p = target * 0.8;
        assert!(family.contains(p), "{name}");
        for direction in [Direction::Forward, Direction::Reverse] {
            let objective = Divergence::new(Arc::clone(&family), target, direction);
            assert_near(objective.gradient(p), differences(&objective, p), 1e-7, &format!("{name} {direction:?}"));
            assert!(objective.gradient(target).norm() < 1e-9, "{name}: the target is stationary");
            assert!(objective.value(p) > 0.0 && objective.value(target).abs() < 1e-14, "{name}");
        }
        let mut rng = stream_for(Purpose::Sample, Draw { seed: 3, step: 0 });
        let sample = draws(&*family, target, 50, &mut rng);
        let data = Data::rows_of(family.width(), sample, None);
        let objective = Likelihood::new(Arc::clone(&family), data, p);
        assert_near(objective.gradient(p), differences(&objective, p), 1e-6, &format!("{name} nll"));
    }
}

/// Central differences of the gradient, with Richardson extrapolation from two steps.
fn bent(objective: &dyn Objective, p: Vec2) -> Mat2 {
    let slope = |i: usize, h: f64| -> Vec2 {
        let mut step = Vec2::zeros();
        step[i] = h * p[i].abs().max(0.1);
        (objective.gradient(p + step) - objective.gradient(p - step)) / (2.0 * step[i])
    };
    let column = |i: usize| (slope(i, 1e-3) * 4.0 - slope(i, 2e-3)) / 3.0;
    Mat2::from_columns(&[column(0), column(1)])
}

fn assert_bends(objective: &dyn Objective, p: Vec2, tolerance: f64, what: &str) {
    let (actual, expected) = (objective.hessian(p), bent(objective, p));
    let scale = expected.norm().max(0.01);
    assert!((actual - expected).norm() <= tolerance * scale, "{what}: {actual}, not {expected}");
    assert!(actual[(0, 1)].to_bits() == actual[(1, 0)].to_bits(), "{what}: not symmetric");
}

fn reward(family: &Arc<dyn Family>, text: &str, batch: Option<usize>) -> Reward {
    let reward = Expression::parse(text, &["x"]).expect("an expression");
    Reward::new(Arc::clone(family), reward, Treatment { batch, ..Treatment::default() }, example(&**family))
}

#[test]
fn hessians_agree_with_finite_differences_of_the_gradients() {
    for family in families() {
        let name = family.info().name;
        let target = example(&*family);
        // The third derivative of Laplace divergences jumps at the target, which affects differences there.
        let last = if name == "laplace" { target * 1.1 } else { target };
        for p in [target * 0.8, Vec2::new(target[0] * 0.9, target[1] * 1.3 - 0.1), last] {
            for direction in [Direction::Forward, Direction::Reverse] {
                let objective = Divergence::new(Arc::clone(&family), target, direction);
                assert_bends(&objective, p, 1e-8, &format!("{name} {direction:?} at {p:?}"));
            }
            // Between two data for the Laplace likelihood, whose gradient jumps at each datum.
            let sample = if name == "laplace" { vec![-7.0, 9.0] } else { vec![1.0, 2.0] };
            let sample = if name == "beta" { vec![0.2, 0.7] } else { sample };
            let width = family.width();
            let pairs = || draws(&*family, target, 4, &mut ChaCha8Rng::seed_from_u64(3));
            let data = Data::rows_of(width, if width > 1 { pairs() } else { sample }, None);
            let objective = Likelihood::new(Arc::clone(&family), data, p);
            assert_bends(&objective, p, 1e-8, &format!("{name} nll at {p:?}"));
        }
        // At the target the Hessian of both divergences is the Fisher matrix.
        for direction in [Direction::Forward, Direction::Reverse] {
            let bend = Divergence::new(Arc::clone(&family), target, direction).hessian(target);
            assert!((bend - family.fisher(target)).norm() < 1e-9 * bend.norm(), "{name} {direction:?}: {bend}");
        }
    }
    // Far apart, where Student's divergence is integrated instead of summed.
    let student = families().into_iter().find(|family| family.info().name == "student-t").expect("the family");
    for (p, q) in [([0.0, 1.0], [3.0, 30.0]), ([0.0, 20.0], [1.0, 0.5]), ([40.0, 1.0], [0.0, 1.0])] {
        let objective = Divergence::new(Arc::clone(&student), q.into(), Direction::Forward);
        assert_bends(&objective, p.into(), 1e-7, "student-t, far");
    }
}

#[test]
fn derivatives_of_rewards_agree_with_finite_differences() {
    for family in single() {
        let name = family.info().name;
        let p = example(&*family) * 0.9;
        for text in ["exp(-(x-0.6)^2)", "abs(x - 0.4)/(1 + x^2)", "max(0, 1 - abs(x-1))", "atan(2*x)"] {
            let objective = reward(&family, text, None);
            let what = format!("{name} {text}");
            // At kinks values are accurate to 1e-12 and gradients to 1e-8, over steps of 1e-5 and 1e-3. If a reward is
            // zero beyond a kink, that kink may be between a panel's last node and its end: then 1e-7.
            let [slope, bend] = match text.split('(').next() {
                Some("max") => [1e-2, 1e-2],
                Some("abs") => [1e-5, 1e-4],
                _ => [1e-7, 1e-7],
            };
            assert_near(objective.gradient(p), differences(&objective, p), slope, &what);
            assert_bends(&objective, p, bend, &what);
        }
    }
}

#[test]
fn expected_rewards_are_the_moments_of_their_families() {
    let mean = |name: &str, text: &str, p: [f64; 2]| {
        let family = families().into_iter().find(|family| family.info().name == name).expect("a family");
        -reward(&family, text, None).value(p.into())
    };
    let near = |actual: f64, expected: f64| {
        assert!((actual - expected).abs() <= 1e-11 * expected.abs(), "{actual:?}, not {expected:?}");
    };
    for [m, s] in [[0.3, 1.2], [-40.0, 0.01], [5.0, 300.0]] {
        near(mean("gaussian", "x^2", [m, s]), m * m + s * s);
        near(mean("gaussian", "x^4", [m, s]), m.powi(4) + 6.0 * m * m * s * s + 3.0 * s.powi(4));
        near(mean("gaussian", "exp(-x^2/2)", [m, s]), (-0.5 * m * m / (1.0 + s * s)).exp() / (1.0 + s * s).sqrt());
        near(mean("laplace", &format!("abs(x - {m:?})"), [m, s]), s);
        near(mean("logistic", "x^2", [m, s]), m * m + s * s * std::f64::consts::PI.powi(2) / 3.0);
        near(mean("cauchy", "1/(1+x^2)", [m, s]), (1.0 + s) / ((1.0 + s).powi(2) + m * m));
    }
    near(mean("gaussian", "max(x, 0)", [0.0, 2.0]), 2.0 / (2.0 * std::f64::consts::PI).sqrt());
    near(mean("student-t", "x^2", [0.0, 2.0]), 12.0);
    for [a, b] in [[0.2, 3.0], [2.5, 0.5], [300.0, 7.0]] {
        near(mean("gamma", "x", [a, b]), a / b);
        near(mean("gamma", "exp(-x)", [a, b]), (b / (b + 1.0)).powf(a));
        near(mean("beta", "x", [a, b]), a / (a + b));
        near(mean("beta", "x^2", [a, b]), a * (a + 1.0) / ((a + b) * (a + b + 1.0)));
    }
    near(mean("categorical", "x^2", [0.5, 0.3]), 0.5 + 4.0 * 0.3 + 9.0 * 0.2);
    for text in ["abs(x)", "x", "x^2"] {
        assert!(!mean("cauchy", text, [0.0, 1.0]).is_finite(), "{text} has no mean");
    }
    assert!(!mean("gaussian", "log(x)", [0.0, 1.0]).is_finite());
}

#[test]
fn a_row_of_a_picture_agrees_with_its_points() {
    for family in single() {
        let name = family.info().name;
        let e = example(&*family);
        for text in ["exp(-(x-0.6)^2)", "max(0, 1 - abs(x-1))", "sin(9*x) + x/(1+x^2)"] {
            let objective = reward(&family, text, None);
            for stretch in [0.2, 1.0, 4.0] {
                let mut row: Vec<Vec2> =
                    (0..80).map(|k| Vec2::new(e[0] * (0.2 + 0.02 * f64::from(k)), e[1] * stretch)).collect();
                family.mask_outside(&mut row);
                let mut out = vec![0.0; row.len()];
                objective.values(&row, &mut out);
                // The expectation itself takes longer than the picture, so only at every sixteenth point.
                for (p, actual) in row.iter().zip(&out).skip(1).step_by(16) {
                    if p[0].is_nan() {
                        assert!(actual.is_nan());
                        continue;
                    }
                    let expected = objective.value(*p);
                    // A picture's tolerance may be met where that of the expectation is not.
                    if expected.is_nan() {
                        assert_eq!(objective.flaw(*p), Some(Flaw::Unresolved), "{name} {text} at {p:?}");
                        continue;
                    }
                    // A picture is accurate to 2e-5 of E |r − c|.
                    let near = (actual - expected).abs() <= 1e-4 * expected.abs().max(0.5);
                    assert!(near, "{name} {text} at {p:?}: {actual}, not {expected}");
                }
            }
        }
    }
}

#[test]
fn a_picture_handles_tails_narrow_peaks_and_missing_means() {
    let row = |name: &str, text: &str, p: [f64; 2]| {
        let family = single().find(|family| family.info().name == name).expect("a family");
        let mut out = [0.0];
        reward(&family, text, None).values(&[p.into()], &mut out);
        -out[0]
    };
    let near = |actual: f64, expected: f64| {
        assert!((actual - expected).abs() <= 5e-5 * expected.abs(), "{actual:?}, not {expected:?}");
    };
    // E 1/(1+x²) and P(|x| < 1) of a Cauchy, moments of a gamma and of a beta distribution whose densities have poles.
    near(row("cauchy", "1/(1+x^2)", [3.0, 20.0]), 21.0 / (21.0_f64.powi(2) + 9.0));
    near(row("gamma", "x", [0.05, 2.0]), 0.025);
    near(row("gamma", "x^3", [2.0, 1.0]), 24.0);
    near(row("beta", "x", [0.3, 0.4]), 0.3 / 0.7);
    // A peak of width 1e-5: ∫ exp(−(x − a)²/w²) p = √π w p(a).
    let needle = std::f64::consts::PI.sqrt() * 1e-5;
    near(row("gaussian", "exp(-((x-0.3)/1e-5)^2)", [0.3, 1.0]), needle / (2.0 * std::f64::consts::PI).sqrt());
    near(row("gaussian", "x^2", [1e4, 0.01]), 1e8 + 1e-4);
    for text in ["x", "x^2", "abs(x)"] {
        assert!(row("cauchy", text, [0.0, 1.0]).is_nan(), "{text}");
    }
    assert!(row("gaussian", "exp(x^2)", [0.0, 1.0]).is_nan() && row("gaussian", "log(x)", [0.0, 1.0]).is_nan());
}

#[test]
fn a_picture_from_few_values_of_a_reward_is_accurate() {
    for name in ["gaussian", "gamma", "beta", "von-mises", "laplace"] {
        let family = single().into_iter().find(|family| family.info().name == name).expect("a family");
        let objective = reward(&family, "exp(-2*(x-2)^2) + 0.6*exp(-(x+2)^2/4)", None);
        let e = example(&*family);
        let [x, y] = [0, 1].map(|k| [e[k] - 0.8 * e[k].abs().max(0.5), e[k] + 0.8 * e[k].abs().max(0.5)]);
        let frame = Frame { x, y: [y[0].max(0.1), y[1]], columns: 50, rows: 30 };
        let mut asked = 0;
        let values = |points: &[Vec2], out: &mut [f64]| {
            asked += points.len();
            objective.values(points, out);
            Ok::<(), std::convert::Infallible>(())
        };
        let Ok(field) = Field::refined(frame, true, values, |_| Ok(()));
        let (total, columns) = (field.values().len(), 2 * frame.columns + 2);
        assert!(asked < total / 3, "{name}: {asked} of {total}");
        let spread =
            field.values().iter().fold(f64::NEG_INFINITY, |most, v| most.max(*v)) - field.least().unwrap_or(0.0);
        for at in (0..total).step_by(17) {
            let [a, b] = field.data((at % columns) as f64, (at / columns) as f64);
            let gap = (field.values()[at] - objective.value(Vec2::new(a, b))).abs();
            assert!(gap <= 1e-3 * spread, "{name} at {a}, {b}: {gap} of {spread}");
        }
    }
}

#[test]
fn the_mean_gradient_of_sampled_actions_is_the_gradient_and_draws_depend_on_the_step() {
    for family in single() {
        let objective = reward(&family, "exp(-(x-0.6)^2)", Some(50_000));
        let p = example(&*family);
        let draw = |step| objective.stochastic_gradient(p, Draw { seed: 3, step }).expect("a batch");
        let exact = objective.gradient(p);
        // |r| ≤ 1, so the standard deviation of each component is below √(F/n).
        for i in 0..2 {
            let deviation = (family.fisher(p)[(i, i)] / 50_000.0).sqrt();
            let gap = (draw(7)[i] - exact[i]).abs();
            assert!(gap < 5.0 * deviation, "{}: {gap} is more than {deviation} times 5", family.info().name);
        }
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(reward(&family, "x", None).stochastic_gradient(p, Draw { seed: 3, step: 0 }).is_none());
    }
}

#[test]
fn sufficient_statistics_agree_with_the_sum_over_the_data() {
    for family in families() {
        let Some(sufficient) = family.sufficient() else { continue };
        let p = example(&*family);
        let mut rng = stream_for(Purpose::Sample, Draw { seed: 5, step: 0 });
        let data = draws(&*family, p, 40, &mut rng);
        let rows = || data.chunks_exact(family.width());
        let statistics = sufficient.statistics(&data);
        let q = p * 0.9;
        let n = rows().len() as f64;
        let sum: f64 = rows().map(|x| -family.log_density(q, x)).sum();
        assert!(
            (sufficient.nll(q, statistics) + sufficient.constant(&data) - sum / n).abs() < 1e-12,
            "{}",
            family.info().name
        );
        let scores: Vec2 = rows().map(|x| -family.score(q, x)).sum();
        assert_near(sufficient.nll_gradient(q, statistics), scores / n, 1e-10, family.info().name);
    }
}

#[test]
fn the_optimum_of_the_gaussian_likelihood_is_mean_and_standard_deviation() {
    let data = vec![1.0, 2.0, 4.0, 9.0];
    let (mean, sd) = (4.0, (9.0_f64 + 4.0 + 0.0 + 25.0).sqrt() / 2.0);
    let family = families().remove(0);
    let objective = Likelihood::new(family, Data::new(data, None), Vec2::new(-20.0, 0.3));
    let optimum = objective.optimum().expect("the search ends at the optimum");
    assert!((optimum - Vec2::new(mean, sd)).norm() < 1e-10, "{optimum:?}");
}

#[test]
fn optima_are_stationary_for_every_family() {
    for family in families() {
        let p = example(&*family);
        let mut rng = stream_for(Purpose::Sample, Draw { seed: 11, step: 0 });
        let data = Data::rows_of(family.width(), draws(&*family, p, 200, &mut rng), None);
        let objective = Likelihood::new(Arc::clone(&family), data, p * 0.9);
        let optimum = objective.optimum().unwrap_or_else(|| panic!("{}: no optimum found", family.info().name));
        // Also Laplace's, whose gradient jumps at each datum: with 200 of them it is flat between the two in the
        // middle.
        let fisher = family.fisher(optimum);
        let gradient = objective.gradient(optimum);
        let natural = geodescent::math::linear::solve2(&fisher, &gradient);
        assert!(gradient.dot(&natural) < 1e-13, "{}", family.info().name);
    }
}

#[test]
fn an_epoch_uses_every_row_once_and_a_batch_depends_on_seed_and_step_only() {
    let values: Vec<f64> = (0..10).map(f64::from).collect();
    let data = Data::new(values.clone(), Some(3));
    let draw = |step: usize| data.batch(Draw { seed: 7, step }).expect("a batch");
    for epoch in 0..20 {
        let mut seen: Vec<f64> = (0..3).flat_map(|batch| draw(3 * epoch + batch)).collect();
        assert_eq!(seen.len(), 9);
        seen.sort_by(f64::total_cmp);
        seen.dedup();
        assert_eq!(seen.len(), 9, "a row was drawn twice in epoch {epoch}");
    }
    assert_eq!(draw(17), draw(17));
    let epoch = |number: usize| (0..3).map(|batch| draw(3 * number + batch)).collect::<Vec<_>>();
    assert_ne!(epoch(0), epoch(1));
    assert_eq!(Data::new(values, None).batch(Draw { seed: 7, step: 0 }), None);
}

fn formula(loss: &str, family: &dyn Family, start: [f64; 2]) -> Formula {
    let loss = Expression::parse(loss, &family.info().parameters).expect("an expression");
    Formula::new(loss, family, start.into())
}

#[test]
fn a_formula_has_its_value_and_gradient_in_every_family() {
    for family in families() {
        let [a, b] = family.info().parameters;
        let loss = formula(&format!("{a}^2*{b} + exp({a} - 2*{b}) + 1/(1 + {b}^2)"), &*family, family.info().example);
        let p = example(&*family);
        let expected = p[0] * p[0] * p[1] + (p[0] - 2.0 * p[1]).exp() + 1.0 / (1.0 + p[1] * p[1]);
        assert!((loss.value(p) - expected).abs() < 1e-14 * expected.abs(), "{}", family.info().name);
        assert_near(loss.gradient(p), differences(&loss, p), 1e-7, family.info().name);
    }
}

#[test]
fn a_formula_has_an_optimum_only_if_two_searches_agree() {
    let gaussian = families().into_iter().find(|family| family.info().name == "gaussian").expect("the Gaussian");
    let optimum = |loss: &str, start| formula(loss, &*gaussian, start).optimum();
    for start in [[-1.2, 2.0], [0.48, 1.22], [5.0, 0.1]] {
        let valley = optimum("(1-mean)^2 + 100*(sd-0.5-mean^2)^2", start).expect("the end of the valley");
        assert!((valley - Vec2::new(1.0, 1.5)).norm() < 1e-7, "{valley}");
    }
    let saddle = formula("mean^2 - sd^2", &*gaussian, [0.0, 1.0]);
    assert_eq!(saddle.hessian(Vec2::new(0.0, 1.0)), Mat2::new(2.0, 0.0, 0.0, -2.0));
    assert_eq!(saddle.optimum(), None, "below every bound");
    assert_eq!(optimum("sd + mean^2", [0.0, 1.0]), None, "on the edge, which is outside");
    assert_eq!(optimum("(mean^2-1)^2 + (sd-1)^2", [-2.0, 1.0]), None, "two minima");
    assert_eq!(optimum("log(-sd)", [0.0, 1.0]), None);
    assert_eq!(optimum("1", [0.0, 1.0]), None, "everywhere");
}
