//! Losses against their definitions: gradients against differences, optima against closed forms, batches against counting.

use std::sync::Arc;

use geodescent::expression::Expression;
use geodescent::family::{FAMILIES, Family};
use geodescent::math::Vec2;
use geodescent::objective::divergence::{Direction, Divergence};
use geodescent::objective::formula::Formula;
use geodescent::objective::likelihood::Likelihood;
use geodescent::objective::{Data, Draw, Objective};
use geodescent::registry::Settings;
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
fn gradients_are_the_slopes_of_the_values() {
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
        let mut rng = geodescent::objective::data::stream(3, 0, 0);
        let sample = draws(&*family, target, 50, &mut rng);
        let data = Data::rows_of(family.width(), sample, None);
        let objective = Likelihood::new(Arc::clone(&family), data, p);
        assert_near(objective.gradient(p), differences(&objective, p), 1e-6, &format!("{name} nll"));
    }
}

#[test]
fn sufficient_statistics_say_what_the_sum_over_the_data_says() {
    for family in families() {
        let Some(sufficient) = family.sufficient() else { continue };
        let p = example(&*family);
        let mut rng = geodescent::objective::data::stream(5, 0, 0);
        let data = draws(&*family, p, 40, &mut rng);
        let rows = || data.chunks_exact(family.width());
        let statistics = sufficient.statistics(&data);
        let q = p * 0.9;
        let n = rows().len() as f64;
        let sum: f64 = rows().map(|x| -family.log_density(q, x)).sum();
        assert!(
            (sufficient.nll(q, statistics) + sufficient.rest(&data) - sum / n).abs() < 1e-12,
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
        let mut rng = geodescent::objective::data::stream(11, 0, 0);
        let data = Data::rows_of(family.width(), draws(&*family, p, 200, &mut rng), None);
        let objective = Likelihood::new(Arc::clone(&family), data, p * 0.9);
        let optimum = objective.optimum().unwrap_or_else(|| panic!("{}: no optimum found", family.info().name));
        // Also Laplace's, whose gradient jumps at each datum: with 200 of them it is flat between the two in the middle.
        let fisher = family.fisher(optimum);
        let gradient = objective.gradient(optimum);
        let natural = geodescent::math::linear::solve2(&fisher, &gradient);
        assert!(gradient.dot(&natural) < 1e-13, "{}", family.info().name);
    }
}

#[test]
fn an_epoch_sees_every_row_once_and_a_step_is_a_function_of_its_name() {
    let values: Vec<f64> = (0..10).map(f64::from).collect();
    let data = Data::new(values.clone(), Some(3));
    let draw = |racer: usize, step: usize| data.batch(Draw { seed: 7, racer, step }).expect("a batch");
    for epoch in 0..20 {
        let mut seen: Vec<f64> = (0..3).flat_map(|batch| draw(0, 3 * epoch + batch)).collect();
        assert_eq!(seen.len(), 9);
        seen.sort_by(f64::total_cmp);
        seen.dedup();
        assert_eq!(seen.len(), 9, "a row was drawn twice in epoch {epoch}");
    }
    assert_eq!(draw(0, 17), draw(0, 17));
    assert_ne!(
        (0..6).map(|step| draw(0, step)).collect::<Vec<_>>(),
        (0..6).map(|step| draw(1, step)).collect::<Vec<_>>()
    );
    assert_eq!(Data::new(values, None).batch(Draw { seed: 7, racer: 0, step: 0 }), None);
}

fn formula(loss: &str, family: &dyn Family, start: [f64; 2]) -> Formula {
    let loss = Expression::parse(loss, &family.info().parameters).expect("an expression");
    Formula::new(loss, family, start.into())
}

#[test]
fn a_formula_is_its_value_with_slopes_in_every_family() {
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
fn a_formula_has_an_optimum_where_two_searches_meet_and_else_none() {
    let gaussian = families().into_iter().find(|family| family.info().name == "gaussian").expect("the Gaussian");
    let optimum = |loss: &str, start| formula(loss, &*gaussian, start).optimum();
    for start in [[-1.2, 2.0], [0.48, 1.22], [5.0, 0.1]] {
        let valley = optimum("(1-mean)^2 + 100*(sd-0.5-mean^2)^2", start).expect("the end of the valley");
        assert!((valley - Vec2::new(1.0, 1.5)).norm() < 1e-7, "{valley}");
    }
    let saddle = formula("mean^2 - sd^2", &*gaussian, [0.0, 1.0]);
    assert_eq!(saddle.hessian(Vec2::new(0.0, 1.0)), geodescent::math::Mat2::new(2.0, 0.0, 0.0, -2.0));
    assert_eq!(saddle.optimum(), None, "below every bound");
    assert_eq!(optimum("sd + mean^2", [0.0, 1.0]), None, "on the edge, which is outside");
    assert_eq!(optimum("(mean^2-1)^2 + (sd-1)^2", [-2.0, 1.0]), None, "two minima");
    assert_eq!(optimum("log(-sd)", [0.0, 1.0]), None);
    assert_eq!(optimum("1", [0.0, 1.0]), None, "everywhere");
}
