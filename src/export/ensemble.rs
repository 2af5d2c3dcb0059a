//! An ensemble as a table, CSV or JSON, from what its parts carry: no scenario is needed to print it.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::json::{self, Named};
use super::shortest;
use crate::measure::answer;
use crate::problem::Outcome;
use crate::race::World;
use crate::race::ensemble::{Ensemble, Summary};
use crate::scenario::measures::Expect;
use crate::text::Safe;

/// The number of parameters above which none are written.
const MOST: usize = super::csv::MOST;

/// What the members of an ensemble have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The title of the scenario.
    pub title: String,
    /// The first seed.
    pub seed: u64,
    /// The number of seeds.
    pub seeds: u64,
    /// The racers, in file order.
    pub racers: Vec<Racer>,
    /// The measures, in file order.
    pub measures: Vec<Asked>,
    /// The names of the canonical parameters.
    pub parameters: Vec<String>,
}

/// A racer of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Racer {
    label: String,
    kind: String,
    chart: String,
}

/// A measure of the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    of: String,
    racers: Vec<String>,
    say: Option<String>,
    expect: Option<f64>,
    within: Option<f64>,
}

impl Head {
    /// Of a scenario's world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let scenario = &world.scenario;
        let label = |racer: &usize| scenario.racers[*racer].label.clone();
        Self {
            title: scenario.title.clone(),
            seed: scenario.seed,
            seeds: scenario.seeds as u64,
            racers: scenario
                .racers
                .iter()
                .map(|racer| Racer {
                    label: racer.label.clone(),
                    kind: racer.kind.name.to_owned(),
                    chart: world.chart_name(racer.chart).to_owned(),
                })
                .collect(),
            measures: scenario
                .measures
                .iter()
                .map(|measure| Asked {
                    of: measure.info.name.to_owned(),
                    racers: measure.racers.iter().map(label).collect(),
                    say: measure.say.clone(),
                    expect: measure.expect.map(|expect| expect.value),
                    within: measure.expect.map(|expect| expect.within),
                })
                .collect(),
            parameters: world.parameters(),
        }
    }

    /// The names of the parameters that are written: none, if there are too many.
    fn shown(&self) -> &[String] {
        if self.parameters.len() > MOST { &[] } else { &self.parameters }
    }
}

impl Asked {
    fn expect(&self) -> Option<Expect> {
        self.expect.zip(self.within).map(|(value, within)| Expect { value, within })
    }

    /// Whether a mean is as expected; `None` if nothing is expected.
    #[must_use]
    pub fn holds(&self, mean: Option<f64>) -> Option<bool> {
        self.expect().map(|expect| mean.is_some_and(|mean| (mean - expect.value).abs() <= expect.within))
    }

    fn text(&self, mean: Option<f64>) -> String {
        answer::filled(self.say.as_deref(), &self.of, &self.racers.join(", "), mean, self.expect)
    }

    /// In words: what does not hold.
    #[must_use]
    pub fn broken(&self, mean: Option<f64>) -> Option<String> {
        let expect = self.expect().filter(|_| self.holds(mean) == Some(false))?;
        let value = mean.map_or("no value".to_owned(), shortest);
        let (expected, within) = (shortest(expect.value), shortest(expect.within));
        Some(format!("{} of {} is {value}, expected {expected} within {within}", self.of, self.racers.join(", ")))
    }
}

/// Writes the losses of the members that are still running, step by step.
///
/// # Errors
/// If the writer fails.
pub fn csv(head: &Head, ensemble: &Ensemble, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "optimizer,step,members,mean_loss,q05,q25,q50,q75,q95")?;
    for (place, racer) in head.racers.iter().enumerate() {
        let label = cell(&racer.label);
        for step in 0..=ensemble.last(place) {
            let Some(Summary { members, mean, quantiles }) = ensemble.losses(place, step) else { continue };
            write!(out, "{label},{step},{members},{}", number(mean))?;
            quantiles.iter().try_for_each(|q| write!(out, ",{}", number(*q)))?;
            writeln!(out)?;
        }
    }
    out.flush()
}

/// Writes a row an optimizer a member: where it ended.
///
/// # Errors
/// If the writer fails.
pub fn members(head: &Head, ensemble: &Ensemble, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "optimizer,seed,status,step,loss")?;
    head.shown().iter().try_for_each(|name| write!(out, ",{}", cell(name)))?;
    writeln!(out)?;
    for (place, racer) in head.racers.iter().enumerate() {
        let label = cell(&racer.label);
        for (seed, member) in ensemble.members(place) {
            write!(out, "{label},{seed},{},{},{}", member.status.name(), member.step(), number(member.loss()))?;
            member.parameters.iter().take(head.shown().len()).try_for_each(|p| write!(out, ",{}", number(*p)))?;
            writeln!(out)?;
        }
    }
    out.flush()
}

/// A text as a cell, without what a terminal would act on.
fn cell(text: &str) -> String {
    let text = Safe::new(text).into_string();
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn number(x: f64) -> String {
    if x.is_finite() { shortest(x) } else { String::new() }
}

#[derive(Serialize)]
struct Report<'a> {
    title: &'a str,
    version: u8,
    seed: u64,
    seeds: u64,
    optimizers: Vec<Written<'a>>,
    measures: Vec<Verdict<'a>>,
}

#[derive(Serialize)]
struct Written<'a> {
    label: &'a str,
    kind: &'a str,
    chart: &'a str,
    members: Vec<Last<'a>>,
}

#[derive(Serialize)]
struct Last<'a> {
    seed: u64,
    status: &'a str,
    step: usize,
    loss: f64,
    parameters: Named<'a, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    of: &'a str,
    racer: String,
    value: Option<f64>,
    quantiles: Option<[f64; 5]>,
    members: usize,
    expect: Option<f64>,
    within: Option<f64>,
    holds: Option<bool>,
    text: String,
}

/// Writes the members and the answers to the measures as one object.
///
/// # Errors
/// If the writer fails.
pub fn json(head: &Head, ensemble: &Ensemble, out: &mut dyn Write) -> io::Result<()> {
    let optimizers = head.racers.iter().enumerate().map(|(place, racer)| Written {
        label: &racer.label,
        kind: &racer.kind,
        chart: &racer.chart,
        members: ensemble
            .members(place)
            .map(|(seed, member)| Last {
                seed,
                status: member.status.name(),
                step: member.step(),
                loss: member.loss(),
                parameters: Named(head.shown(), &member.parameters),
                outcome: member.outcome.map(Outcome::name),
            })
            .collect(),
    });
    let measures = head.measures.iter().enumerate().map(|(place, asked)| {
        let summary = ensemble.measured(place);
        let mean = summary.map(|summary| summary.mean);
        Verdict {
            of: &asked.of,
            racer: asked.racers.join(", "),
            value: mean,
            quantiles: summary.map(|summary| summary.quantiles),
            members: summary.map_or(0, |summary| summary.members),
            expect: asked.expect,
            within: asked.within,
            holds: asked.holds(mean),
            text: asked.text(mean),
        }
    });
    let report = Report {
        title: &head.title,
        version: 1,
        seed: head.seed,
        seeds: head.seeds,
        optimizers: optimizers.collect(),
        measures: measures.collect(),
    };
    json::line(&report, out)
}

/// Writes what became of each racer's members, and the answers to the measures, for people.
///
/// # Errors
/// If the writer fails.
pub fn table(head: &Head, ensemble: &Ensemble, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![
        ["optimizer", "running", "mean loss", "median", "5 %", "95 %", "best", "open", "wrong"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (place, racer) in head.racers.iter().enumerate() {
        let last = ensemble.last(place);
        let rounded = |x: f64| crate::format::rounded(x, 5);
        let losses = ensemble.losses(place, last).map_or_else(
            || vec!["0".to_owned(); 1],
            |Summary { members, mean, quantiles }| {
                let numbers = [mean, quantiles[2], quantiles[0], quantiles[4]].map(rounded);
                std::iter::once(members.to_string()).chain(numbers).collect()
            },
        );
        let has = ensemble.members(place).any(|(_, member)| member.outcome.is_some());
        let counts = Outcome::ALL.map(|outcome| ensemble.outcomes(place, outcome).to_string());
        let counts = if has { counts } else { Default::default() };
        rows.push(std::iter::once(Safe::line(&racer.label).to_string()).chain(losses).chain(counts).collect());
    }
    writeln!(out, "{}: {} seeds from {}", Safe::line(&head.title), ensemble.arrived(), head.seed)?;
    aligned(&rows, out)?;
    for (place, asked) in head.measures.iter().enumerate() {
        let mean = ensemble.measured(place).map(|summary| summary.mean);
        let mark = match asked.holds(mean) {
            Some(true) => "✓ ",
            Some(false) => "✗ ",
            None => "  ",
        };
        writeln!(out, "{mark}{}", Safe::line(&asked.text(mean)))?;
    }
    out.flush()
}

/// Columns as wide as their widest cell, the first to the left, the others to the right.
fn aligned(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let widths: Vec<usize> = (0..columns)
        .map(|i| rows.iter().filter_map(|row| row.get(i)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut line = String::new();
        for (i, cell) in row.iter().enumerate() {
            let fill = " ".repeat(widths[i] - width(cell));
            let parts = if i == 0 { ["", cell, &fill] } else { ["  ", &fill, cell] };
            parts.into_iter().for_each(|part| line.push_str(part));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
