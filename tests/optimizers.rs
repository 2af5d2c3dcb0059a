//! Optimizers against arithmetic done by hand and against what defines them.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nalgebra::DMatrix;

use geodescent::objective::Draw;
use geodescent::optimizer::{self, Motion, OPTIMIZERS, Optimizer};
use geodescent::problem::{Capability, Failure, Lengths, Local, Metric, Outside, Problem, Site};
use geodescent::race::{Runner, World};
use geodescent::registry::{Setting, Settings};
use geodescent::scenario::{Document, Racer};

/// ½ xᵀ A x with the metric A: the natural gradient of rate 1 is home in one step.
#[derive(Debug, Clone)]
struct Quadratic {
    a: DMatrix<f64>,
    /// How often the metric was asked for as a matrix.
    formed: Arc<AtomicUsize>,
}

/// A point of it.
#[derive(Debug)]
struct At {
    problem: Quadratic,
    x: Vec<f64>,
    gradient: OnceCell<Vec<f64>>,
    spent: Cell<usize>,
}

impl Quadratic {
    fn new(entries: [f64; 9]) -> Self {
        Self::of(DMatrix::from_row_slice(3, 3, &entries))
    }

    fn of(a: DMatrix<f64>) -> Self {
        Self { a, formed: Arc::default() }
    }

    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; x.len()];
        self.a.times(x, &mut gradient);
        gradient
    }

    fn value(&self, x: &[f64]) -> f64 {
        0.5 * x.iter().zip(self.gradient(x)).map(|(x, g)| x * g).sum::<f64>()
    }
}

impl Metric for Quadratic {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        self.a.times(v, out);
    }

    fn diagonal(&self, out: &mut [f64]) {
        Metric::diagonal(&self.a, out);
    }

    fn dense(&self) -> DMatrix<f64> {
        self.formed.fetch_add(1, Ordering::Relaxed);
        self.a.clone()
    }
}

impl Problem for Quadratic {
    fn dimension(&self) -> usize {
        self.a.nrows()
    }

    fn coordinates(&self) -> Vec<String> {
        (0..self.dimension()).map(|i| format!("x{i}")).collect()
    }

    fn parameters(&self) -> Vec<String> {
        self.coordinates()
    }

    fn loss(&self, x: &[f64]) -> f64 {
        self.value(x)
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        self.value(&p.iter().zip(q).map(|(a, b)| b - a).collect::<Vec<_>>())
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        Some(vec![0.0; self.dimension()])
    }

    fn lacks(&self, _: Capability) -> Option<&'static str> {
        Some("this one")
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        Ok(parameters.to_vec())
    }

    fn violation(&self, _: &[f64]) -> Option<Outside> {
        None
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        self.at(parameters)
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        Box::new(At { problem: self.clone(), x: x.to_vec(), gradient: OnceCell::new(), spent: Cell::new(0) })
    }
}

impl Site for At {
    fn problem(&self) -> &dyn Problem {
        &self.problem
    }

    fn x(&self) -> &[f64] {
        &self.x
    }

    fn parameters(&self) -> &[f64] {
        &self.x
    }

    fn loss(&self) -> f64 {
        self.problem.value(&self.x)
    }

    fn gradient(&self) -> &[f64] {
        self.gradient.get_or_init(|| self.problem.gradient(&self.x))
    }

    fn batch_gradient(&self, _: Draw, _: &mut [f64]) -> bool {
        false
    }

    fn metric(&self) -> &dyn Metric {
        &self.problem
    }

    fn natural_norm(&self) -> f64 {
        (2.0 * self.loss()).sqrt()
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        let (kl, delta) = (self.kl_to(x), self.x.iter().zip(x).map(|(old, new)| (new - old).powi(2)).sum::<f64>());
        self.x.copy_from_slice(x);
        self.gradient.take();
        Lengths { euclid: delta.sqrt(), fisher: (2.0 * kl).sqrt(), kl }
    }

    fn kl_to(&self, x: &[f64]) -> f64 {
        self.problem.kl(&self.x, x)
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        self.problem.value(x)
    }

    fn hessian(&self) -> DMatrix<f64> {
        self.problem.a.clone()
    }

    fn christoffel(&self, _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn sampled_fisher(&self, _: Draw, _: usize) -> Box<dyn Metric> {
        Box::new(self.problem.a.clone())
    }

    fn account(&self) -> &Cell<usize> {
        &self.spent
    }
}

fn build(kind: &str, settings: &[(&str, f64)]) -> Box<dyn Optimizer> {
    let info = optimizer::find(kind).expect("a known kind");
    let mut all = Settings::defaults(info.fields);
    for (name, value) in settings {
        let field = info.fields.iter().find(|field| field.name == *name).expect("a known field");
        all.set(field, Setting::Number(*value));
    }
    (info.build)(&all, 3)
}

fn step(optimizer: &mut dyn Optimizer, problem: &Quadratic, x: [f64; 3]) -> ([f64; 3], Result<Motion, Failure>) {
    let mut next = [f64::NAN; 3];
    let site = problem.at(&x);
    let motion =
        optimizer.step(&Local { site: &*site, gradient: site.gradient(), draw: DRAW, schedule: 1.0 }, &mut next);
    (next, motion)
}

const DRAW: Draw = Draw { seed: 0, step: 0 };
const A: [f64; 9] = [4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0];

#[test]
fn the_natural_gradient_of_rate_one_is_newton_on_a_quadratic() {
    let problem = Quadratic::new(A);
    let (next, motion) = step(&mut *build("natural-gradient", &[("lr", 1.0)]), &problem, [1.0, -2.0, 3.0]);
    assert_eq!(motion, Ok(Motion::Moved));
    assert!(next.iter().all(|x| x.abs() < 1e-14), "{next:?}");
}

#[test]
fn a_matrix_without_an_inverse_gives_no_step() {
    let problem = Quadratic::new([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    for kind in ["natural-gradient", "trpo"] {
        let (_, motion) = step(&mut *build(kind, &[]), &problem, [1.0, 2.0, 3.0]);
        let Err(Failure::Singular { matrix: "F", defect }) = motion else { panic!("{kind}: {motion:?}") };
        assert_eq!((defect.row, defect.pivot), (1, 0.0), "never a silent pseudo-inverse");
        let (damped, motion) = step(&mut *build(kind, &[("damping", 0.5)]), &problem, [1.0, 2.0, 3.0]);
        assert!(motion == Ok(Motion::Moved) && damped.iter().all(|x| x.is_finite()), "{kind}");
    }
}

#[test]
fn newton_goes_to_the_stationary_point_also_where_that_is_a_saddle() {
    for entries in [A, [4.0, 1.0, 0.5, 1.0, -3.0, 0.2, 0.5, 0.2, 2.0], [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]] {
        let problem = Quadratic::new(entries);
        let (next, motion) = step(&mut *build("newton", &[]), &problem, [1.0, -2.0, 3.0]);
        assert_eq!(motion, Ok(Motion::Moved));
        assert!(next.iter().all(|x| x.abs() < 1e-14), "{next:?}");
    }
    let flat = Quadratic::new([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    let (_, motion) = step(&mut *build("newton", &[]), &flat, [1.0, -2.0, 3.0]);
    assert!(matches!(motion, Err(Failure::Singular { matrix: "H", .. })), "{motion:?}");
    let (next, motion) = step(&mut *build("newton", &[("damping", 1.0)]), &flat, [1.0, -2.0, 3.0]);
    // (H + I)⁻¹ H x leaves (H + I)⁻¹ x: here (x₁ 2 − x₂, x₂ 2 − x₁)/3 and x₃/2.
    assert_eq!(motion, Ok(Motion::Moved));
    for (next, expected) in next.iter().zip([4.0 / 3.0, -5.0 / 3.0, 1.5]) {
        assert!((next - expected).abs() < 1e-14, "{next}, not {expected}");
    }
}

#[test]
fn what_a_problem_lacks_ends_in_no_number() {
    // This one has no geodesics and no dual charts. (The scenario checker refuses what a scenario lacks before that.)
    let problem = Quadratic::new(A);
    for kind in ["geodesic", "mirror-descent"] {
        let (next, motion) = step(&mut *build(kind, &[]), &problem, [1.0, -2.0, 3.0]);
        assert!(motion == Ok(Motion::Moved) && next.iter().all(|x| x.is_nan()), "{kind}");
    }
}

#[test]
fn a_trust_region_step_has_the_kl_it_was_given() {
    // Here the quadratic model is exact, so the first candidate is taken and its KL is δ.
    let problem = Quadratic::new(A);
    let x = [1.0, -2.0, 3.0];
    let (next, motion) = step(&mut *build("trpo", &[("delta", 0.03)]), &problem, x);
    assert_eq!(motion, Ok(Motion::Moved));
    assert!((problem.kl(&x, &next) / 0.03 - 1.0).abs() < 1e-9);
    // And its direction is the natural one: straight home.
    for i in 0..3 {
        assert!(((next[i] - x[i]) / x[i] - (next[0] - x[0]) / x[0]).abs() < 1e-9);
    }
}

#[test]
fn a_trust_region_without_a_better_point_stays() {
    let problem = Quadratic::new(A);
    let (_, motion) = step(&mut *build("trpo", &[]), &problem, [0.0; 3]);
    assert_eq!(motion, Ok(Motion::NoStep));
}

#[test]
fn adam_begins_with_a_step_of_its_rate_in_every_coordinate() {
    // Kingma & Ba 2015, §2.1: with m̂ = g and √v̂ = |g| the first step is ±lr.
    let problem = Quadratic::new(A);
    let x = [1.0, -2.0, 3.0];
    let signs = problem.gradient(&x).into_iter().map(f64::signum).collect::<Vec<_>>();
    let (next, _) = step(&mut *build("adam", &[("lr", 0.1), ("eps", 0.0)]), &problem, x);
    for i in 0..3 {
        assert!((next[i] - (x[i] - 0.1 * signs[i])).abs() < 1e-15);
    }
}

#[test]
fn momentum_sums_a_geometric_series_of_gradients() {
    // A constant gradient (zero metric is not looked at): after n steps b = g (1 − mⁿ)/(1 − m).
    let problem = Quadratic::new(A);
    let mut optimizer = build("sgd", &[("lr", 1.0), ("momentum", 0.5)]);
    let (x, g) = ([0.0; 3], [1.0, -2.0, 0.5]);
    let mut next = [0.0; 3];
    for n in 1..6 {
        let site = problem.at(&x);
        let local = Local { site: &*site, gradient: &g, draw: DRAW, schedule: 1.0 };
        assert_eq!(optimizer.step(&local, &mut next), Ok(Motion::Moved));
        for i in 0..3 {
            assert!((next[i] + g[i] * (1.0 - 0.5_f64.powi(n)) / 0.5).abs() < 1e-15);
        }
    }
}

#[test]
fn no_matrix_is_formed_unless_it_is_asked_for() {
    let world = World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid one");
    let n = 64;
    for (kind, per_step) in [("adam", 0), ("sgd", 0), ("rmsprop", 0), ("adagrad", 0), ("natural-gradient", 1)] {
        let info = optimizer::find(kind).expect("a known kind");
        let first = &world.scenario.racers[0];
        let racer = Racer { kind: info, settings: Settings::defaults(info.fields), ..first.clone() };
        let problem = Quadratic::of(DMatrix::from_fn(n, n, |i, j| if i == j { 2.0 + i as f64 } else { 0.01 }));
        let formed = Arc::clone(&problem.formed);
        let start = vec![1.0; n];
        let mut runner = Runner::over(Arc::new(problem), &world, &racer, (&start, 11));
        runner.extend(10);
        assert_eq!(formed.load(Ordering::Relaxed), 10 * per_step, "{kind}");
        // The norm of a recorded row is computed when it is read.
        let norm = runner.natural_norm(10);
        let loss = runner.trace().rows.at(10).loss;
        assert!((norm / (2.0 * loss).sqrt() - 1.0).abs() < 1e-12, "{kind}: {norm}");
    }
}

#[test]
fn the_registry_is_whole() {
    for (i, info) in OPTIMIZERS.iter().enumerate() {
        assert!(OPTIMIZERS.iter().skip(i + 1).all(|other| other.name != info.name), "{} twice", info.name);
        assert!(!info.fields.is_empty() && !info.doc.is_empty() && !info.source.is_empty(), "{}", info.name);
        for field in info.fields {
            // A path is given or there is none.
            let given = info.path.is_some_and(|path| path.name == field.name);
            let Some(default) = field.default.setting().filter(|_| !given) else {
                let runs = given || !field.is_required();
                assert!(runs, "{} {}: every optimizer runs with its defaults", info.name, field.name);
                continue;
            };
            assert!(
                field.read(&default.to_string()).is_ok(),
                "{} {}: its default is out of range",
                info.name,
                field.name
            );
        }
    }
}
