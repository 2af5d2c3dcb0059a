//! Losses against their definitions: gradients against differences, optima against closed forms, batches against counting.

use std::sync::Arc;

use geodescent::family::{FAMILIES, Family};
use geodescent::math::Vec2;
use geodescent::objective::divergence::{Direction, Divergence};
use geodescent::objective::likelihood::Likelihood;
use geodescent::objective::{Data, Draw, Objective};
use geodescent::registry::{Setting, Settings};

fn families() -> Vec<Arc<dyn Family>> {
    let build = |info: &&'static geodescent::family::FamilyInfo| {
        let mut settings = Settings::defaults(info.fixed);
        for field in info.fixed {
            settings.set(field, Setting::Number(3.0));
        }
        (info.build)(&settings)
    };
    FAMILIES.iter().map(build).collect()
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
        let sample = (0..50).map(|_| family.sample(target, &mut rng)).collect();
        let objective = Likelihood::new(Arc::clone(&family), Data::new(sample, None), p);
        assert_near(objective.gradient(p), differences(&objective, p), 1e-6, &format!("{name} nll"));
    }
}

#[test]
fn sufficient_statistics_say_what_the_sum_over_the_data_says() {
    for family in families() {
        let Some(sufficient) = family.sufficient() else { continue };
        let p = example(&*family);
        let mut rng = geodescent::objective::data::stream(5, 0, 0);
        let data: Vec<f64> = (0..40).map(|_| family.sample(p, &mut rng)).collect();
        let statistics = sufficient.statistics(&data);
        let q = p * 0.9;
        let n = data.len() as f64;
        let sum: f64 = data.iter().map(|x| -family.log_density(q, &[*x])).sum();
        assert!((sufficient.nll(q, statistics) - sum / n).abs() < 1e-12, "{}", family.info().name);
        let scores: Vec2 = data.iter().map(|x| -family.score(q, &[*x])).sum();
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
        let sample = (0..200).map(|_| family.sample(p, &mut rng)).collect();
        let objective = Likelihood::new(Arc::clone(&family), Data::new(sample, None), p * 0.9);
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
