//! Policies next to certainty, where states are all but never visited, against mpmath with 900 digits (`corners.py`), and the
//! chains of a map against the equations that they solve.

use geodescent::problem::policy::Criterion;
use geodescent::problem::process::Finite;
use geodescent::race::{Race, Status};
use serde_json::Value;

use crate::{CRITERIA, NAMES, common, exact, somewhere, table, tabular};

/// A share of a number: how far it may be off, in every entry by itself.
const DIGITS: f64 = 2e-13;

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn process(told: &Value) -> Finite {
    let count = |key: &str| usize::try_from(told[key].as_u64().expect("a number")).expect("few");
    let bandit = told["bandit"].as_bool().unwrap_or(false);
    let rows = told["transitions"].as_array().expect("a list").iter().flat_map(|row| row.as_array().expect("a list"));
    let likely = |row: &Value| numbers(row).into_iter().enumerate().filter(|(_, p)| *p > 0.0).collect();
    Finite {
        states: NAMES[..count("states")].to_vec(),
        actions: NAMES[..count("actions")].to_vec(),
        transitions: rows.map(|row| if bandit { Vec::new() } else { likely(row) }).collect(),
        rewards: told["rewards"].as_array().expect("a list").iter().flat_map(numbers).collect(),
        start: numbers(&told["start"]),
        noise: 0.0,
        bandit,
        grid: None,
    }
}

#[test]
fn next_to_certainty_every_number_keeps_its_digits() {
    let mut off = Vec::new();
    for case in common::reference("corners.json").as_array().expect("a list") {
        let process = process(&case["process"]);
        let criterion = match case["discount"].as_f64() {
            _ if process.bandit => Criterion::Bandit,
            Some(discount) => Criterion::Discounted(discount),
            None => Criterion::Average,
        };
        let problem = tabular(process).within(&exact(criterion), 1);
        for point in case["points"].as_array().expect("a list") {
            let x = numbers(&point["x"]);
            let site = problem.at(&x);
            let mut close = |found: &[f64], what: &str, share: f64| {
                for (i, (found, wanted)) in found.iter().zip(numbers(&point[what])).enumerate() {
                    let off_by = (found - wanted).abs();
                    if off_by.is_nan() || off_by > share * wanted.abs() {
                        let name = case["name"].as_str().expect("a name");
                        off.push(format!("{name} {criterion:?} at {x:?}: {what}[{i}] {found:e}, not {wanted:e}"));
                    }
                }
            };
            let gain = point["gain"].as_f64().expect("a number");
            assert!((site.loss() + gain).abs() <= 1e-15 * gain.abs().max(1.0), "{x:?}: J {}, not {gain}", -site.loss());
            let seen = site.portrait().expect("a process");
            close(&seen.state_distribution.expect("finitely many"), "visits", DIGITS);
            let (mut natural, gradient) = (vec![0.0; x.len()], site.gradient());
            close(gradient, "gradient", DIGITS);
            site.metric().solve(0.0, gradient, &mut natural).expect("not singular");
            close(&natural, "natural", DIGITS);
            let mut found = vec![0.0; x.len()];
            site.metric().diagonal(&mut found);
            close(&found, "diagonal", DIGITS);
            site.metric().times(&natural, &mut found);
            close(&found, "gradient", DIGITS);
            site.state_action_fisher().solve(0.0, gradient, &mut natural).expect("not singular");
            close(&natural, "state_action", DIGITS);
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
}

/// A map of so many rows and columns without borders, on which a move may slip; from the last state it goes on at the first.
fn torus(side: usize) -> Finite {
    let go = |state: usize, action: usize| {
        let (row, column) = (state / side, state % side);
        match action {
            0 => (row + side - 1) % side * side + column,
            1 => row * side + (column + 1) % side,
            2 => (row + 1) % side * side + column,
            _ => row * side + (column + side - 1) % side,
        }
    };
    let n = side * side;
    let moves = |pair: usize| match (pair / 4, pair % 4) {
        (state, _) if state == n - 1 => vec![(0, 1.0)],
        (state, action) => {
            [(0, 0.75), (1, 0.125), (3, 0.125)].map(|(turn, p)| (go(state, (action + turn) % 4), p)).to_vec()
        }
    };
    let small = table(1, 4, 9);
    Finite {
        states: (0..n).map(|state| &*format!("s{state}").leak()).collect(),
        transitions: (0..4 * n).map(moves).collect(),
        rewards: crate::numbers(10).take(4 * n).collect(),
        start: (0..n).map(|state| if state == 5 { 1.0 } else { 0.0 }).collect(),
        ..small
    }
}

/// V = r + γPV and d = (1 − γ)·start + γdP; in the long run V = r − J + PV, d = dP and Σ dV = 0.
#[test]
fn values_and_visits_solve_their_equations() {
    for process in [torus(3), torus(12), table(8, 3, 4)] {
        for criterion in CRITERIA {
            let agent = tabular(process.clone());
            let site = agent.within(&exact(criterion), 0).start(&somewhere(&agent));
            let (policy, k) = (site.policy().expect("finitely many actions"), process.actions.len());
            let seen = site.portrait().expect("a process");
            let (d, v) = (seen.state_distribution.expect("d"), seen.value.expect("V"));
            let (weight, gain) = match criterion {
                Criterion::Discounted(discount) => (discount, 0.0),
                _ => (1.0, -site.loss()),
            };
            let mut flow: Vec<f64> = process.start.iter().map(|p| (1.0 - weight) * p).collect();
            let mut left: Vec<f64> = v.iter().map(|v| v + gain).collect();
            for (pair, next) in process.transitions.iter().enumerate() {
                let (state, p) = (pair / k, policy[pair]);
                next.iter().for_each(|(to, chance)| flow[*to] += weight * d[state] * p * chance);
                let onward: f64 = next.iter().map(|(to, chance)| chance * v[*to]).sum();
                left[state] -= p * (process.rewards[pair] + weight * onward);
            }
            assert!(left.iter().all(|left| left.abs() < 1e-12), "{criterion:?}: {left:?}");
            assert!(flow.iter().zip(&d).all(|(flow, d)| (flow - d).abs() < 1e-15), "{criterion:?}");
            assert!((d.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{criterion:?}");
            if criterion == Criterion::Average {
                assert!(d.iter().zip(&v).map(|(d, v)| d * v).sum::<f64>().abs() < 1e-12);
            }
        }
    }
}

/// Kakade's two states: the state-action natural gradient is (1, 2) everywhere (Müller, Çaycı & Montúfar 2024), the other one
/// tends to a step of constant length, too, and neither ends before the last double above 0.
#[test]
fn a_racer_goes_on_until_a_probability_underflows() {
    let text = "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"log-odds\"\n[process]\nkind = \"two-state\"\n[objective]\nkind = \"return\"\ncriterion = \"average\"\n[start]\ni = [0.8, 0.2]\nj = [0.1, 0.9]\n[run]\nsteps = 4000\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\n[[optimizer]]\nkind = \"natural-gradient\"\nfisher = \"state-action\"\nlr = 0.1\n";
    let race = Race::run(&common::world(text));
    for (racer, runner) in race.runners().iter().enumerate() {
        let rows = &runner.trace().rows;
        let last = runner.trace().last_alive();
        assert_eq!(rows.at(last + 1).status, Status::LeftFamily, "{racer} after {last}");
        // log 2^-1075, half of the least double: what rounds to 0.
        let end = 1075.0 * std::f64::consts::LN_2;
        let most = runner.coordinates(last).iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        assert!((end - 0.5..end).contains(&most), "{racer}: {most}");
    }
    let [one, two] = [0, 3000].map(|step| race.runners()[1].coordinates(step).into_owned());
    for (axis, rate) in [0.1, 0.2].into_iter().enumerate() {
        let moved = two[axis] - one[axis];
        assert!((moved - 3000.0 * rate).abs() < 1e-10, "{moved} along {axis}");
    }
}
