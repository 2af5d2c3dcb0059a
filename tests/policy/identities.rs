//! Methods that are the same in other clothes (Kakade 2001; Peters & Schaal 2008; Agarwal et al. 2021).

use geodescent::objective::Draw;
use geodescent::problem::policy::{Criterion, Reference, Regulariser, Return};

use crate::{CRITERIA, bandit, every, exact, somewhere, table, tabular};

const DRAW: Draw = Draw { seed: 1, step: 0 };

fn close(found: &[f64], wanted: &[f64], what: &str) {
    let size = wanted.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    for (a, b) in found.iter().zip(wanted) {
        assert!((a - b).abs() < 1e-12 * size, "{what}: {a}, not {b}");
    }
}

#[test]
fn the_critic_of_compatible_features_is_the_natural_gradient() {
    for (what, _, site) in every() {
        let n = site.x().len();
        let (mut critic, mut natural) = (vec![0.0; n], vec![0.0; n]);
        site.compatible(DRAW, &mut critic);
        site.metric().solve(0.0, site.gradient(), &mut natural).expect("not singular");
        let ascent: Vec<f64> = natural.iter().map(|v| -v).collect();
        close(&critic, &ascent, &what);
    }
}

#[test]
fn mirror_descent_is_a_natural_gradient_step_in_logits_and_the_same_in_all_charts() {
    for criterion in CRITERIA {
        let agent = tabular(table(4, 3, 31));
        let start = somewhere(&agent);
        let ends: Vec<Vec<f64>> = (0..3)
            .map(|place| {
                let problem = agent.within(&exact(criterion), place);
                let site = problem.start(&start);
                let mut next = vec![0.0; site.x().len()];
                site.mirror(site.gradient(), 0.05, &mut next).expect("a policy");
                problem.at(&next).parameters().to_vec()
            })
            .collect();
        let problem = agent.within(&exact(criterion), 2);
        let site = problem.start(&start);
        let mut natural = vec![0.0; site.x().len()];
        site.metric().solve(0.0, site.gradient(), &mut natural).expect("not singular");
        let x: Vec<f64> = site.x().iter().zip(&natural).map(|(x, v)| x - 0.05 * v).collect();
        for end in &ends {
            close(end, problem.at(&x).parameters(), "natural gradient in logits");
        }
    }
}

#[test]
fn one_mirror_step_of_rate_one_over_beta_reaches_the_tilt() {
    let reference = Reference { policy: [0.3, 0.25, 0.45].into(), beta: 0.4, regulariser: Regulariser::ReverseKl };
    let goal = Return { criterion: Criterion::Bandit, reference: Some(reference), ..Return::default() };
    let agent = tabular(bandit(&[0.5, -0.6, 0.9], 0.0));
    let problem = agent.within(&goal, 1);
    let site = problem.start(&[0.1, 0.7]);
    let mut next = vec![0.0; 2];
    site.mirror(site.gradient(), 2.5, &mut next).expect("a policy");
    // reference·exp(r/β), normalised (Ziebart 2010; Rafailov et al. 2023, equation 4).
    let weights = [0.3 * (0.5_f64 / 0.4).exp(), 0.25 * (-0.6_f64 / 0.4).exp(), 0.45 * (0.9_f64 / 0.4).exp()];
    let total: f64 = weights.iter().sum();
    close(problem.at(&next).parameters(), &[weights[0] / total, weights[1] / total], "tilt");
    close(&problem.optimum().expect("known"), &[weights[0] / total, weights[1] / total], "optimum");
}

#[test]
fn kakades_two_states_have_his_gradients() {
    // π(stay|i) = 0.8, π(stay|j) = 0.1: Kakade 2001, section 4; Morimura et al. 2008. In log odds the natural gradient of
    // Kakade is A(stay) − A(leave) in both states.
    let process = geodescent::problem::process::Finite {
        states: vec!["i", "j"],
        actions: vec!["stay", "leave"],
        transitions: vec![vec![(0, 1.0)], vec![(1, 1.0)], vec![(1, 1.0)], vec![(0, 1.0)]],
        rewards: vec![1.0, 0.0, 2.0, 0.0],
        start: vec![1.0, 0.0],
        noise: 0.0,
        bandit: false,
        grid: None,
    };
    let agent = tabular(process);
    let problem = agent.within(&exact(Criterion::Average), 1);
    let site = problem.start(&[0.8, 0.1]);
    let (mut kakade, mut morimura) = (vec![0.0; 2], vec![0.0; 2]);
    site.metric().solve(0.0, site.gradient(), &mut kakade).expect("not singular");
    site.state_action_fisher().solve(0.0, site.gradient(), &mut morimura).expect("not singular");
    let ratio = |v: &[f64]| v[1] / v[0];
    assert!((ratio(&kakade) - 16.0 / 17.0).abs() < 1e-12, "{kakade:?}");
    assert!((ratio(&morimura) - 2.0).abs() < 1e-12, "{morimura:?}");
}
