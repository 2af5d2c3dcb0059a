//! Sampled gradients and Fisher matrices are right on average: within 4 standard errors over 10,000 draws.

use geodescent::objective::Draw;
use geodescent::problem::Site;
use geodescent::problem::policy::{Agent, Baseline, Criterion, Return, Samples};

use crate::{CRITERIA, bandit, batches, linear, somewhere, table, tabular};

const DRAWS: usize = 10_000;

/// Holds the mean of what a draw gives against a value, entry by entry.
fn unbiased(what: &str, wanted: &[f64], mut of: impl FnMut(Draw) -> Vec<f64>) {
    let (mut sum, mut squares) = (vec![0.0; wanted.len()], vec![0.0; wanted.len()]);
    for step in 0..DRAWS {
        let found = of(Draw { seed: 5, step });
        for (i, x) in found.into_iter().enumerate() {
            sum[i] += x;
            squares[i] += x * x;
        }
    }
    let n = DRAWS as f64;
    for (i, wanted) in wanted.iter().enumerate() {
        let mean = sum[i] / n;
        let error = ((squares[i] / n - mean * mean).max(0.0) / n).sqrt();
        assert!((mean - wanted).abs() < 4.0 * error + 1e-12, "{what}, entry {i}: {mean} ± {error}, not {wanted}");
    }
}

fn gradient(site: &dyn Site, draw: Draw) -> Vec<f64> {
    let mut gradient = vec![0.0; site.x().len()];
    assert!(site.batch_gradient(draw, &mut gradient), "a sample");
    gradient
}

fn agents() -> Vec<(Agent, Criterion)> {
    let mut agents = vec![(linear(), Criterion::Average), (tabular(bandit(&[1.0, 0.4, -0.3], 0.5)), Criterion::Bandit)];
    agents.extend(CRITERIA.map(|criterion| (tabular(table(3, 2, 41)), criterion)));
    agents
}

#[test]
fn batches_give_the_gradient_on_average() {
    for (agent, criterion) in agents() {
        for baseline in [Baseline::None, Baseline::Value] {
            for (place, chart) in agent.charts().iter().enumerate() {
                let problem = agent.within(&batches(criterion, 4, baseline), place);
                let site = problem.start(&somewhere(&agent));
                let what = format!("{} {criterion:?} {baseline:?}", chart.name);
                unbiased(&what, site.gradient(), |draw| gradient(&*site, draw));
            }
        }
    }
}

#[test]
fn sampled_fisher_matrices_are_right_on_average() {
    for (agent, criterion) in agents() {
        for place in 0..agent.charts().len() {
            let problem = agent.within(&batches(criterion, 6, Baseline::None), place);
            let site = problem.start(&somewhere(&agent));
            let fisher = site.metric().dense();
            let what = format!("{} {criterion:?}", agent.charts()[place].name);
            unbiased(&what, fisher.as_slice(), |draw| site.sampled_fisher(draw, 1).dense().as_slice().to_vec());
            unbiased(&what, fisher.as_slice(), |draw| site.empirical_fisher(draw).dense().as_slice().to_vec());
        }
    }
}

#[test]
fn long_episodes_give_the_gradient_on_average() {
    // With γ = 0.5 what 30 moves leave out is 1e-9 of the whole.
    let goal =
        Return { criterion: Criterion::Discounted(0.5), samples: Some(Samples::Episodes(1, 30)), ..Return::default() };
    let agent = tabular(table(3, 2, 51));
    for baseline in [Baseline::None, Baseline::Value] {
        let problem = agent.within(&Return { baseline, ..goal.clone() }, 1);
        let site = problem.start(&somewhere(&agent));
        unbiased("episodes", site.gradient(), |draw| gradient(&*site, draw));
    }
}
