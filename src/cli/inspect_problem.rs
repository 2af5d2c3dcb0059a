//! `geodescent inspect SCENARIO`: loss, gradient and Fisher matrix of a scenario's problem at a point, in as many coordinates
//! as it has.
//!
//! What needs a family of two parameters (connection, curvature, geodesics) is said of a family, not here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use nalgebra::DMatrix;
use serde::Serialize;

use super::inspect_other::{dash, missing};
use super::{Failure, out};
use crate::export::json::{self, Named};
use crate::family::ChartId;
use crate::format;
use crate::math::linear::length;
use crate::problem::{Portrait, Problem, Site};
use crate::race::{Runner, World};
use crate::registry::{Known, nearest, number};
use crate::scenario::diagnostic::quote;
use crate::text::Safe;

/// The most rows of a matrix that a table has.
const ROWS: usize = 6;
/// The most rows of a matrix whose eigenvalues are found while the user waits.
const SPECTRUM: usize = 512;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The chart; by default that of the racer.
    pub chart: Option<&'a str>,
    /// Parameters of the point that are not those of the start.
    pub at: Option<&'a str>,
    /// Those of a second point.
    pub to: Option<&'a str>,
    /// The racer, by its label; by default the first.
    pub racer: Option<&'a str>,
    /// Its step; by default the start.
    pub step: Option<usize>,
}

/// The problem at a point, as JSON.
#[derive(Serialize)]
struct Report<'a> {
    family: &'a str,
    objective: &'a str,
    chart: &'a str,
    dimension: usize,
    parameters: Named<'a, String>,
    coordinates: &'a [f64],
    loss: f64,
    gradient: &'a [f64],
    grad_norm: f64,
    natural_norm: f64,
    natural_gradient: Option<&'a [f64]>,
    fisher: Vec<Vec<f64>>,
    fisher_inverse: Option<Vec<Vec<f64>>>,
    /// Of the Fisher matrix, the smallest first; of a large one none.
    eigenvalues: Option<&'a [f64]>,
    #[serde(flatten)]
    portrait: Option<Shown>,
    /// The Wasserstein metric, of problems that have one.
    wasserstein: Option<Vec<Vec<f64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<To<'a>>,
    /// Why a number is null, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    absent: BTreeMap<&'static str, &'static str>,
}

/// What a policy does in its process.
#[derive(Serialize)]
struct Shown {
    state_distribution: Option<Vec<f64>>,
    value: Option<Vec<f64>>,
    advantage: Option<Vec<Vec<f64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variance: Option<f64>,
}

impl From<Portrait> for Shown {
    fn from(Portrait { state_distribution, value, advantage, variance }: Portrait) -> Self {
        Self { state_distribution, value, advantage, variance }
    }
}

#[derive(Serialize)]
struct To<'a> {
    parameters: Named<'a, String>,
    loss: f64,
    kl: f64,
    reverse_kl: f64,
    fisher_rao_distance: Option<f64>,
    wasserstein_distance: Option<f64>,
}

/// Writes what a scenario's problem is at a point to standard output.
///
/// # Errors
/// If a chart or a parameter is unknown, a point is outside the space, or standard output fails.
pub fn run(world: &World, asked: Asked<'_>, as_json: bool) -> Result<(), Failure> {
    let racer = racer(world, asked.racer)?;
    let spec = &world.scenario.racers[racer];
    let chart = asked.chart.map_or(Ok(spec.chart), |name| self::chart(world, name))?;
    let problem = world.problem(chart);
    let names = problem.parameters();
    let site = match asked.step {
        Some(step) => stood(world, racer, step, chart)?,
        None => problem.start(&point(world, &*problem, asked.at.unwrap_or_default())?),
    };
    let to = asked.to.map(|text| point(world, &*problem, text)).transpose()?;
    let fisher = site.metric().dense();
    let eigenvalues = eigenvalues(&fisher);
    let mut natural = vec![f64::NAN; problem.dimension()];
    let solved = site.metric().solve(0.0, site.gradient(), &mut natural).is_ok();
    let transport = problem.wasserstein(site.parameters());
    let distance = to.as_ref().map(|q| problem.wasserstein_distance(site.parameters(), q));
    let reasons = [
        ("natural_gradient", (!solved).then(|| missing(&fisher))),
        ("wasserstein", transport.as_ref().err().copied()),
        ("wasserstein_distance", distance.and_then(Result::err)),
    ];
    let report = Report {
        family: world.scenario.model.name(),
        objective: world.scenario.objective.kind.name,
        chart: world.chart_name(chart),
        dimension: problem.dimension(),
        parameters: Named(&names, site.parameters()),
        coordinates: site.x(),
        loss: site.loss(),
        gradient: site.gradient(),
        grad_norm: length(site.gradient()),
        natural_norm: site.natural_norm(),
        natural_gradient: solved.then_some(&natural),
        fisher: rows(&fisher),
        fisher_inverse: site.fisher_inverse().map(|inverse| rows(&inverse)),
        eigenvalues: eigenvalues.as_deref(),
        portrait: site.portrait().map(Shown::from),
        wasserstein: transport.ok().as_ref().map(rows),
        to: to.as_ref().map(|q| To {
            parameters: Named(&names, q),
            loss: problem.loss(q),
            kl: problem.kl(site.parameters(), q),
            reverse_kl: problem.kl(q, site.parameters()),
            fisher_rao_distance: problem.distance(site.parameters(), q),
            wasserstein_distance: distance.and_then(Result::ok),
        }),
        absent: reasons.into_iter().filter_map(|(name, why)| Some((name, why?))).collect(),
    };
    if as_json {
        return Ok(json::line(&report, &mut out())?);
    }
    let mut out = out();
    out.write_all(report.table(&fisher, &problem.coordinates()).as_bytes())?;
    Ok(out.flush()?)
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}

/// The eigenvalues of a matrix, the smallest first; `None` of one that is too large.
fn eigenvalues(matrix: &DMatrix<f64>) -> Option<Vec<f64>> {
    if matrix.nrows() > SPECTRUM || matrix.iter().any(|entry| !entry.is_finite()) {
        return None;
    }
    let mut eigenvalues: Vec<f64> = matrix.clone().symmetric_eigenvalues().iter().copied().collect();
    eigenvalues.sort_by(f64::total_cmp);
    Some(eigenvalues)
}

/// The racer with that label, by default the first.
fn racer(world: &World, label: Option<&str>) -> Result<usize, Failure> {
    let racers = &world.scenario.racers;
    let Some(label) = label else { return Ok(0) };
    racers.iter().position(|racer| racer.label == label).ok_or_else(|| {
        let known: Vec<String> = racers.iter().map(|racer| quote(&racer.label)).collect();
        Failure::Wrong(format!("error: no racer has the label {}. Known: {}", quote(label), known.join(", ")))
    })
}

/// A racer that has made so many steps.
fn run_to(world: &World, racer: usize, step: usize) -> Result<Runner, Failure> {
    let wrong = |message: String| Err(Failure::Wrong(format!("error: {message}")));
    if step > world.scenario.steps {
        return wrong(format!("--step {step}: the race has {} steps", world.scenario.steps));
    }
    let mut runner = Runner::new(world, racer);
    runner.extend(step);
    let last = runner.trace().last_alive();
    if step > last {
        let why = runner.trace().ending.as_ref().map_or("its path ends there".to_owned(), ToString::to_string);
        let label = Safe::line(&world.scenario.racers[racer].label).into_string();
        return wrong(format!("--step {step}: {label} stands at step {last} for the last time: {why}"));
    }
    Ok(runner)
}

/// The problem where a racer stands at a step; in its own chart the coordinates are exact.
fn stood(world: &World, racer: usize, step: usize, chart: ChartId) -> Result<Box<dyn Site>, Failure> {
    let runner = run_to(world, racer, step)?;
    let own = if chart == world.scenario.racers[racer].chart { runner.site(step) } else { None };
    Ok(own.unwrap_or_else(|| world.problem(chart).start(&runner.parameters(step))))
}

/// The chart of that name.
fn chart(world: &World, name: &str) -> Result<ChartId, Failure> {
    let mut charts = world.family.info().chart_ids();
    charts.find(|chart| world.chart_name(*chart) == name).ok_or_else(|| {
        let known: Vec<&str> = world.family.info().chart_ids().map(|chart| world.chart_name(chart)).collect();
        Failure::Wrong(format!("error: unknown chart {}. Known: {}", quote(name), known.join(", ")))
    })
}

/// Reads `intercept=0,age=0.5`: what is not named is as at the scenario's start.
fn point(world: &World, problem: &dyn Problem, text: &str) -> Result<Vec<f64>, Failure> {
    let wrong = |message: String| Failure::Wrong(format!("error: {message}"));
    let names = problem.parameters();
    let mut values = world.scenario.start.clone();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim();
        let place = names.iter().position(|known| known == name).ok_or_else(|| {
            let near = nearest(name, names.iter().map(|name| Known::from(name.as_str())));
            let hint = near.map_or(String::new(), |near| format!("; did you mean {}?", quote(near)));
            wrong(format!("unknown parameter {}{hint}", quote(name)))
        })?;
        values[place] = number(value)
            .ok_or_else(|| wrong(format!("{} = {} is not a finite number", Safe::line(name), quote(value))))?;
    }
    match problem.locate(&values) {
        Ok(_) => Ok(values),
        Err(outside) => Err(wrong(format!("{} is outside: {outside}", quote(text)))),
    }
}

impl Report<'_> {
    fn dash(&self, name: &str) -> String {
        dash(&self.absent, name)
    }

    /// For reading: of a large matrix only its eigenvalues.
    fn table(&self, fisher: &DMatrix<f64>, axes: &[String]) -> String {
        let shown = |x: f64| if x.is_finite() { format::rounded(x, 6) } else { "–".to_owned() };
        let list = |values: &[f64]| {
            let some: Vec<String> = values.iter().take(ROWS).map(|x| shown(*x)).collect();
            some.join(", ") + if values.len() > ROWS { ", …" } else { "" }
        };
        let named = |Named(names, values): &Named<'_, String>| {
            let pairs: Vec<String> = names
                .iter()
                .zip(*values)
                .take(ROWS)
                .map(|(name, x)| format!("{} = {}", Safe::line(name), shown(*x)))
                .collect();
            pairs.join(", ") + if values.len() > ROWS { ", …" } else { "" }
        };
        let mut text = format!("{}, {} in {}\n", self.family, self.objective, self.chart);
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<15} {value}");
        };
        line("dimension", &self.dimension.to_string());
        line("parameters", &named(&self.parameters));
        line("coordinates", &named(&Named(axes, self.coordinates)));
        line("loss", &shown(self.loss));
        line("gradient", &list(self.gradient));
        line("its length", &shown(self.grad_norm));
        line("natural norm", &shown(self.natural_norm));
        line("F⁻¹ gradient", &self.natural_gradient.map_or_else(|| self.dash("natural_gradient"), list));
        for (i, row) in fisher.row_iter().enumerate().filter(|_| self.dimension <= ROWS) {
            line(if i == 0 { "Fisher matrix" } else { "" }, &list(&row.iter().copied().collect::<Vec<_>>()));
        }
        let ends = self.eigenvalues.and_then(|all| Some([*all.first()?, *all.last()?]));
        let [least, most] = ends.unwrap_or([f64::NAN; 2]);
        line("eigenvalues", &format!("{} to {}", shown(least), shown(most)));
        line("their ratio", &shown(most / least));
        if self.wasserstein.is_none() {
            line("Wasserstein", &self.dash("wasserstein"));
        }
        for (i, row) in self.wasserstein.iter().flatten().enumerate() {
            line(if i == 0 { "Wasserstein" } else { "" }, &list(row));
        }
        if let Some(Shown { state_distribution, value, variance, .. }) = &self.portrait {
            let of = |values: &Option<Vec<f64>>| values.as_ref().map_or("–".to_owned(), |values| list(values));
            line("states", &of(state_distribution));
            line("values", &of(value));
            variance.iter().for_each(|variance| line("variance", &shown(*variance)));
        }
        if let Some(to) = &self.to {
            line("to", &named(&to.parameters));
            line("loss there", &shown(to.loss));
            line("KL(at ‖ to)", &format!("{} nats", shown(to.kl)));
            line("KL(to ‖ at)", &format!("{} nats", shown(to.reverse_kl)));
            line("distance", &to.fisher_rao_distance.map_or("–".to_owned(), shown));
            line("W₂", &to.wasserstein_distance.map_or_else(|| self.dash("wasserstein_distance"), shown));
        }
        text
    }
}
