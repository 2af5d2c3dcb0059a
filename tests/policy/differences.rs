//! Derivatives against central differences of what they are derivatives of.

use geodescent::problem::Site;
use geodescent::problem::policy::{Baseline, Criterion};
use nalgebra::DMatrix;

use crate::{CRITERIA, batches, every, exact, linear, somewhere, table, tabular};

/// The central difference of a function along every coordinate.
fn slopes(x: &[f64], h: f64, f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    (0..x.len())
        .map(|i| {
            let at = |step: f64| {
                let mut moved = x.to_vec();
                moved[i] += step;
                f(&moved)
            };
            (at(h) - at(-h)) / (2.0 * h)
        })
        .collect()
}

fn close(found: &[f64], wanted: &[f64], tolerance: f64, what: &str) {
    let size = wanted.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    for (i, (a, b)) in found.iter().zip(wanted).enumerate() {
        assert!((a - b).abs() < tolerance * size, "{what}, entry {i}: {a}, not {b}");
    }
}

#[test]
fn gradients_are_differences_of_the_loss() {
    for (what, problem, site) in every() {
        let wanted = slopes(site.x(), 1e-5, |x| problem.at(x).loss());
        // Central differences of h = 1e-5: h² of a third derivative, and rounding over h.
        close(site.gradient(), &wanted, 1e-7, &what);
        assert!((site.loss_at(site.x()) - site.loss()).abs() < 1e-15 + 1e-14 * site.loss().abs(), "{what}");
    }
}

#[test]
fn the_fisher_matrix_is_the_second_derivative_of_kl_and_the_kl_of_a_small_step() {
    for (what, problem, site) in every() {
        let n = site.x().len();
        let fisher = site.metric().dense();
        for i in 0..n {
            // KL's gradient at a neighbour, by differences: a row of F.
            let row = slopes(site.x(), 1e-5, |x| {
                let mut gradient = vec![0.0; n];
                site.kl_gradient(x, &mut gradient);
                gradient[i]
            });
            close(&row, fisher.row(i).transpose().as_slice(), 1e-7, &what);
        }
        let mut product = vec![0.0; n];
        let v: Vec<f64> = (0..n).map(|i| 1e-5 * (1.0 + i as f64 * 0.37).sin()).collect();
        site.metric().times(&v, &mut product);
        let quadratic: f64 = 0.5 * v.iter().zip(&product).map(|(v, f)| v * f).sum::<f64>();
        let x: Vec<f64> = site.x().iter().zip(&v).map(|(x, v)| x + v).collect();
        assert!((site.kl_to(&x) / quadratic - 1.0).abs() < 1e-3, "{what}: {} {quadratic}", site.kl_to(&x));
        let there = problem.at(&x);
        let by_parameters = problem.kl(site.parameters(), there.parameters());
        assert!((by_parameters / site.kl_to(&x) - 1.0).abs() < 1e-6, "{what}");
        let dense = site.metric().dense();
        let mut diagonal = vec![0.0; n];
        site.metric().diagonal(&mut diagonal);
        close(&diagonal, dense.diagonal().as_slice(), 1e-14, &what);
        close(&product, (&dense * nalgebra::DVector::from_column_slice(&v)).as_slice(), 1e-10, &what);
    }
}

#[test]
fn kl_gradients_are_differences_of_kl() {
    for (what, _, site) in every() {
        let away: Vec<f64> = site.x().iter().enumerate().map(|(i, x)| x * (1.02 + 0.01 * i as f64)).collect();
        let mut gradient = vec![0.0; away.len()];
        site.kl_gradient(&away, &mut gradient);
        close(&gradient, &slopes(&away, 1e-6, |x| site.kl_to(x)), 1e-6, &what);
    }
}

#[test]
fn inverses_are_inverses_and_in_logits_pseudo_inverses() {
    for (what, _, site) in every() {
        let (fisher, inverse) = (site.metric().dense(), site.fisher_inverse().expect("not singular"));
        let again = &fisher * &inverse * &fisher;
        close(again.as_slice(), fisher.as_slice(), 1e-11, &what);
        let other = &inverse * &fisher * &inverse;
        close(other.as_slice(), inverse.as_slice(), 1e-9, &what);
        let product: DMatrix<f64> = &fisher * &inverse;
        close(product.transpose().as_slice(), product.as_slice(), 1e-11, &what);
    }
}

#[test]
fn the_state_action_fisher_matrix_is_that_of_d_times_pi() {
    for criterion in CRITERIA {
        let agent = tabular(table(4, 3, 21));
        for (place, chart) in agent.charts().iter().enumerate() {
            let problem = agent.within(&exact(criterion), place);
            let site = problem.start(&somewhere(&agent));
            let visits = |site: &dyn Site| {
                site.portrait().and_then(|seen| seen.state_distribution).expect("a state distribution")
            };
            let d = visits(&*site);
            let mut wanted = site.metric().dense();
            for (s, chance) in d.iter().enumerate() {
                let slope = nalgebra::DVector::from_vec(slopes(site.x(), 1e-5, |x| visits(&*problem.at(x))[s]));
                wanted += &slope * slope.transpose() / *chance;
            }
            close(site.state_action_fisher().dense().as_slice(), wanted.as_slice(), 1e-7, chart.name);
        }
    }
    let agent = linear();
    for place in 0..2 {
        let problem = agent.within(&exact(Criterion::Average), place);
        let site = problem.start(&somewhere(&agent));
        let variance = |x: &[f64]| problem.at(x).portrait().and_then(|seen| seen.variance).expect("a variance").ln();
        let slope = nalgebra::DVector::from_vec(slopes(site.x(), 1e-5, variance));
        let wanted = site.metric().dense() + &slope * slope.transpose() * 0.5;
        close(site.state_action_fisher().dense().as_slice(), wanted.as_slice(), 1e-7, "linear-quadratic");
    }
}

#[test]
fn a_surrogate_has_the_slope_of_the_return_here_and_its_own_elsewhere() {
    use geodescent::objective::Draw;
    use geodescent::problem::Term;
    let draw = Draw { seed: 3, step: 0 };
    let terms = [Term::Ratio, Term::Clip { low: 0.2, high: 0.3 }, Term::Simple { clip: 0.2 }];
    for (what, problem, site) in every() {
        // Of a linear system only drawn actions.
        let Ok(experience) = site.experience(draw) else { continue };
        let scale = if what.contains("Discounted") { 10.0 } else { 1.0 };
        for term in terms {
            let mut gradient = vec![0.0; site.x().len()];
            experience.surrogate(site.x(), term, &mut gradient).expect("a sum");
            let wanted: Vec<f64> = site.gradient().iter().map(|g| -g / scale).collect();
            close(&gradient, &wanted, 1e-12, &what);
            let away: Vec<f64> = site.x().iter().enumerate().map(|(i, x)| x * (1.1 + 0.03 * i as f64)).collect();
            if problem.violation(&away).is_some() {
                continue;
            }
            experience.surrogate(&away, term, &mut gradient).expect("a sum");
            let value = |x: &[f64]| experience.surrogate(x, term, &mut vec![0.0; x.len()]).expect("a sum");
            close(&gradient, &slopes(&away, 1e-6, value), 1e-5, &what);
        }
    }
    let agent = linear();
    for place in 0..2 {
        let problem = agent.within(&batches(Criterion::Average, 50, Baseline::Value), place);
        let site = problem.start(&somewhere(&agent));
        let experience = site.experience(draw).expect("draws");
        let mut gradient = [0.0; 2];
        experience.surrogate(&[0.5, site.x()[1] + 0.1], Term::Ratio, &mut gradient).expect("a sum");
        let value = |x: &[f64]| experience.surrogate(x, Term::Ratio, &mut [0.0; 2]).expect("a sum");
        close(&gradient, &slopes(&[0.5, site.x()[1] + 0.1], 1e-6, value), 1e-7, "linear-quadratic");
    }
}
