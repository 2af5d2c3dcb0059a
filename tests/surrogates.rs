//! What a step learns from rewards of a family's actions, held against identities: derivatives against differences of
//! values, expectations under the new model against the loss there, draws against the gradient of a batch.

mod common;

use std::sync::Arc;

use geodescent::expression::Expression;
use geodescent::family::{Family, find};
use geodescent::math::{Mat2, Vec2};
use geodescent::objective::Draw;
use geodescent::objective::reward::{Baseline, Reward, Treatment};
use geodescent::problem::{InChart, Normalise, Problem, Site, Term};
use geodescent::registry::Settings;

const DRAW: Draw = Draw { seed: 5, step: 3 };
const TERMS: [Term; 3] = [Term::Ratio, Term::Clip { low: 0.2, high: 0.3 }, Term::Simple { clip: 0.2 }];

/// A family with a chart, a reward, a point, and another one near it, all in canonical parameters.
type Case = (&'static str, &'static str, &'static str, [f64; 2], [f64; 2]);

const CASES: [Case; 6] = [
    ("gaussian", "mean-log-sd", "exp(-(x-2)^2)", [0.5, 1.2], [0.7, 1.1]),
    ("gaussian", "mean-sd", "abs(x) - x^2/10", [0.5, 1.2], [0.2, 1.3]),
    ("gamma", "log-shape-log-rate", "log(x) - x/3", [2.5, 1.0], [2.0, 1.1]),
    ("beta", "log-alpha-log-beta", "x*(1-x)", [2.0, 3.0], [2.4, 2.7]),
    ("von-mises", "mean-log-concentration", "cos(x)", [1.0, 0.8], [0.7, 1.0]),
    ("categorical", "softmax", "(x-1)^2 - x/2", [0.4, 0.3], [0.3, 0.45]),
];

fn family(name: &str) -> Arc<dyn Family> {
    let info = find(name).expect("a known family");
    (info.build)(&Settings::defaults(info.fixed))
}

fn problem(name: &str, chart: &str, reward: &str, treatment: Treatment, at: [f64; 2]) -> InChart {
    let family = family(name);
    let reward = Expression::parse(reward, &["x"]).expect("an expression");
    let chart = family.info().chart(chart).expect("a chart");
    let objective = Arc::new(Reward::new(Arc::clone(&family), reward, treatment, at.into()));
    InChart::new(family, objective, chart)
}

fn exact((name, chart, reward, at, _): Case) -> InChart {
    problem(name, chart, reward, Treatment { baseline: Baseline::Mean, ..Treatment::default() }, at)
}

fn close(found: &[f64], wanted: &[f64], tolerance: f64) -> bool {
    let size = wanted.iter().map(|x| x.abs()).fold(0.0, f64::max).max(1e-3);
    found.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= tolerance * size)
}

/// The gradient by central differences of fourth order.
fn differences(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let at = |i: usize, step: f64| {
        let mut x = x.to_vec();
        x[i] += step;
        f(&x)
    };
    let h = 1e-3;
    let one = |i: usize| (8.0 * (at(i, h) - at(i, -h)) - (at(i, 2.0 * h) - at(i, -2.0 * h))) / (12.0 * h);
    (0..x.len()).map(one).collect()
}

#[test]
fn all_surrogates_ascend_the_mean_reward_to_first_order() {
    for case in CASES {
        let problem = exact(case);
        let site = problem.start(&case.3);
        let seen = site.experience(DRAW).expect("an expectation");
        let wanted: Vec<f64> = site.gradient().iter().map(|g| -g).collect();
        for term in TERMS {
            let mut found = [f64::NAN; 2];
            let value = seen.surrogate(site.x(), term, &mut found).expect("an expectation");
            assert!(close(&found, &wanted, 1e-9), "{case:?} {term:?}: {found:?}, not {wanted:?}");
            assert!(value.abs() < 1e-9, "{case:?} {term:?}: E A is {value}");
        }
    }
}

#[test]
fn without_a_clip_the_surrogate_is_the_mean_reward_of_the_new_model_however_far() {
    let far = ("gaussian", "mean-sd", "exp(-(x-2)^2)", [0.5, 0.3], [6.5, 0.2]);
    let wide = ("gaussian", "mean-log-sd", "exp(-(x-2)^2)", [0.5, 0.01], [2.5, 3.0]);
    for case in CASES.into_iter().chain([far, wide]) {
        let (problem, there) = (exact(case), problem_at(case));
        let site = problem.start(&case.3);
        let seen = site.experience(DRAW).expect("an expectation");
        let (x, mut found) = (problem.locate(&case.4).expect("a point"), [f64::NAN; 2]);
        let value = seen.surrogate(&x, Term::Ratio, &mut found).expect("an expectation");
        let wanted: Vec<f64> = there.gradient().iter().map(|g| -g).collect();
        assert!(close(&found, &wanted, 1e-8), "{case:?}: {found:?}, not {wanted:?}");
        let gain = site.loss() - there.loss();
        assert!((value - gain).abs() < 1e-9 * gain.abs().max(1.0), "{case:?}: {value}, not {gain}");
    }
}

fn problem_at(case: Case) -> Box<dyn Site> {
    exact(case).start(&case.4)
}

#[test]
fn gradients_of_surrogates_agree_with_differences() {
    for case in CASES {
        let problem = exact(case);
        let site = problem.start(&case.3);
        let mut seen = site.experience(DRAW).expect("an expectation");
        let x = problem.locate(&case.4).expect("a point");
        for normalised in [false, true] {
            if normalised {
                seen.normalise(Normalise { bessel: false, eps: 1e-3 }).expect("a variance");
            }
            for term in TERMS {
                let value = |x: &[f64]| seen.surrogate(x, term, &mut [0.0; 2]).expect("an expectation");
                let (mut found, wanted) = ([f64::NAN; 2], differences(value, &x));
                seen.ascent(&x, term, &mut found).expect("an expectation");
                // The second derivative jumps where an edge of the clip passes an outcome or an end.
                assert!(close(&found, &wanted, 2e-6), "{case:?} {term:?}: {found:?}, not {wanted:?}");
            }
        }
    }
}

#[test]
fn a_batch_ascends_along_its_stochastic_gradient() {
    for (name, chart, reward, at, there) in CASES {
        for ranked in [false, true] {
            let treatment = Treatment { batch: Some(32), ranked, ..Treatment::default() };
            let problem = problem(name, chart, reward, treatment, at);
            let site = problem.start(&at);
            let seen = site.experience(DRAW).expect("a batch");
            let (mut found, mut wanted) = ([f64::NAN; 2], [f64::NAN; 2]);
            assert!(site.batch_gradient(DRAW, &mut wanted));
            let wanted = wanted.map(|g| -g);
            seen.ascent(site.x(), Term::Clip { low: 0.2, high: 0.2 }, &mut found).expect("a batch");
            assert!(close(&found, &wanted, 1e-12), "{name}: {found:?}, not {wanted:?}");
            let x = problem.locate(&there).expect("a point");
            let value = |x: &[f64]| seen.surrogate(x, Term::Simple { clip: 0.2 }, &mut [0.0; 2]).expect("a batch");
            let wanted = differences(value, &x);
            seen.ascent(&x, Term::Simple { clip: 0.2 }, &mut found).expect("a batch");
            assert!(close(&found, &wanted, 1e-6), "{name}: {found:?}, not {wanted:?}");
        }
    }
}

#[test]
fn advantages_are_divided_by_their_deviation() {
    // r = x has the deviation of x.
    let case = ("gaussian", "mean-sd", "3*x + 7", [0.5, 1.2], [0.0, 1.0]);
    let problem = exact(case);
    let site = problem.start(&case.3);
    let mut seen = site.experience(DRAW).expect("an expectation");
    seen.normalise(Normalise { bessel: true, eps: 0.4 }).expect("a variance");
    let mut found = [f64::NAN; 2];
    seen.ascent(site.x(), Term::Ratio, &mut found).expect("an expectation");
    assert!(close(&found, &[3.0 / 4.0, 0.0], 1e-10), "{found:?}");
    let mut pair = [1.0, 3.0];
    Normalise { bessel: true, eps: 0.0 }.apply(&mut pair);
    assert!((pair[1] - 0.5_f64.sqrt()).abs() < 1e-15 && pair[0] == -pair[1]);
    let mut alone = [7.0];
    Normalise { bessel: true, eps: 0.0 }.apply(&mut alone);
    assert_eq!(alone, [7.0]);
}

#[test]
fn the_slope_of_the_clip_drops_strictly_beyond_its_edges() {
    let clip = Term::Clip { low: 0.25, high: 0.5 };
    assert_eq!(clip.at(1.5, 2.0), [3.0, 2.0]);
    assert_eq!(clip.at(1.5 + 1e-15, 2.0), [3.0, 0.0]);
    assert_eq!(clip.at(0.75, -2.0), [-1.5, -2.0]);
    assert_eq!(clip.at(0.75 - 1e-15, -2.0), [-1.5, 0.0]);
    assert_eq!(clip.at(0.1, 2.0), [0.2, 2.0], "a good action that has become rare is not let go");
    assert_eq!(clip.at(9.0, -2.0), [-18.0, -2.0]);
    for term in TERMS {
        assert_eq!(term.at(1.0, -3.0), [-3.0, -3.0], "{term:?}");
    }
    assert_eq!(Term::Simple { clip: 0.25 }.at(1.25, 2.0)[1], 0.0, "best at 1 + clip");
}

#[test]
fn gradients_of_divergences_agree_with_differences() {
    for case in CASES {
        let problem = exact(case);
        let site = problem.start(&case.3);
        let x = problem.locate(&case.4).expect("a point");
        let mut found = [f64::NAN; 2];
        site.kl_gradient(&x, &mut found);
        let wanted = differences(|x| site.kl_to(x), &x);
        assert!(close(&found, &wanted, 1e-8), "{case:?}: {found:?}, not {wanted:?}");
    }
}

#[test]
fn slopes_of_entropies_agree_with_differences() {
    let names = [
        "gaussian",
        "categorical",
        "gamma",
        "beta",
        "von-mises",
        "inverse-gaussian",
        "log-normal",
        "weibull",
        "laplace",
        "logistic",
        "cauchy",
        "gumbel",
        "student-t",
        "gaussian-mixture",
    ];
    for name in names {
        let info = find(name).expect("a known family");
        let mut settings = Settings::defaults(info.fixed);
        for field in info.fixed {
            settings.set(field, field.read(common::fixed_value(field)).expect("a value"));
        }
        let family = (info.build)(&settings);
        let example = Vec2::from(info.example);
        for p in [example, example * 0.9, Vec2::new(example[0] * 0.8, example[1] * 0.7)] {
            let (gradient, hessian) = family.entropy_slopes(p);
            let point = |x: &[f64]| Vec2::new(x[0], x[1]);
            let wanted = differences(|x| family.entropy(point(x)), p.as_slice());
            assert!(close(gradient.as_slice(), &wanted, 1e-8), "{name} at {p:?}: {gradient}, not {wanted:?}");
            let row = |i: usize| differences(|x| family.entropy_slopes(point(x)).0[i], p.as_slice());
            let wanted = Mat2::new(row(0)[0], row(0)[1], row(1)[0], row(1)[1]);
            assert!((hessian - wanted).norm() <= 1e-7 * wanted.norm().max(1.0), "{name} at {p:?}: {hessian} {wanted}");
        }
    }
}

#[test]
fn an_entropy_is_part_of_the_loss_and_of_its_derivatives() {
    let treatment = Treatment { entropy: 0.7, ..Treatment::default() };
    let problem = problem("gaussian", "mean-sd", "-(x-1)^2/2", treatment, [0.3, 1.4]);
    let p = Vec2::new(0.3, 1.4);
    // −E r = ((m − 1)² + s²)/2; the least loss has s² = τ.
    let loss = 0.5 * (0.49 + 1.96) - 0.7 * family("gaussian").entropy(p);
    assert!((problem.objective.value(p) - loss).abs() < 1e-12);
    let gradient = problem.objective.gradient(p);
    assert!((gradient - Vec2::new(-0.7, 1.4 - 0.7 / 1.4)).norm() < 1e-11, "{gradient}");
    let hessian = problem.objective.hessian(p);
    assert!((hessian - Mat2::new(1.0, 0.0, 0.0, 1.0 + 0.7 / 1.96)).norm() < 1e-10, "{hessian}");
    let optimum = problem.objective.optimum().expect("one minimum");
    assert!((optimum - Vec2::new(1.0, 0.7_f64.sqrt())).norm() < 1e-8, "{optimum}");
    assert!(problem.objective.rewards().is_none(), "no single action has a reward then");
}

#[test]
fn a_path_by_ranks_does_not_change_under_an_increasing_function_of_the_reward() {
    let text = |reward: &str| {
        format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"expected-reward\"\nreward = \"{reward}\"\n\
             batch = 16\nshape = \"rank\"\n[start]\nmean = 0.5\nsd = 1.2\n[run]\nsteps = 40\nseed = 3\n\
             [[optimizer]]\nkind = \"sgd\"\nlr = 0.3\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.3\n\
             [[optimizer]]\nkind = \"ppo\"\nlr = 0.001\n"
        )
    };
    let [plain, raised] = [text("sin(x)"), text("exp(sin(x))")].map(|text| common::race(&common::world(&text)));
    for racer in 0..3 {
        let (a, b) = (&plain.trace(racer).rows, &raised.trace(racer).rows);
        assert_eq!(a.len(), 41, "racer {racer}");
        for step in 0..a.len() {
            assert_eq!(a.at(step).coordinates, b.at(step).coordinates, "racer {racer} step {step}");
        }
    }
}

#[test]
fn a_capped_step_is_a_power_of_two_of_the_whole_one() {
    let text = |more: &str| {
        format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"forward-kl\"\n\
             target = {{ mean = 1.5, sd = 0.6 }}\n[start]\nmean = -1.0\nsd = 2.0\n[run]\nsteps = 1\n\
             [[optimizer]]\nkind = \"sgd\"\nlr = 1.0\n{more}"
        )
    };
    let [whole, short] = [text(""), text("kl-cap = 0.001\n")].map(|text| common::race(&common::world(&text)));
    let step = |race: &geodescent::race::Race| {
        let rows = &race.trace(0).rows;
        (rows.at(1).x() - rows.at(0).x(), rows.at(1).kl_step)
    };
    let ((whole, _), (short, kl)) = (step(&whole), step(&short));
    let share = short.norm() / whole.norm();
    assert!((share.log2() - share.log2().round()).abs() < 1e-9 && share < 1.0, "{share}");
    assert!((short - whole * share).norm() < 1e-12 && kl <= 0.001, "{kl}");
}

#[test]
fn an_optimizers_baseline_wins() {
    // The mean of a constant reward is all of it.
    let text = |kind: &str, baseline: &str| {
        format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"expected-reward\"\nreward = \"3\"\nbatch = 8\n\
             baseline = \"{baseline}\"\n[start]\nmean = 0.5\nsd = 1.2\n[run]\nsteps = 1\nseed = 3\n\
             [[optimizer]]\nkind = \"{kind}\"\nlr = 0.01\n[[optimizer]]\nkind = \"{kind}\"\nlr = 0.01\nlabel = \"mean\"\nbaseline = \"mean\"\n\
             [[optimizer]]\nkind = \"{kind}\"\nlr = 0.01\nlabel = \"none\"\nbaseline = \"none\"\n"
        )
    };
    for kind in ["sgd", "ppo"] {
        for (baseline, still) in [("none", [false, true, false]), ("mean", [true, true, false])] {
            let race = common::race(&common::world(&text(kind, baseline)));
            let stays = [0, 1, 2].map(|racer| race.trace(racer).rows.at(1).euclid_step < 1e-9);
            assert_eq!(stays, still, "{kind} {baseline}");
        }
    }
}
