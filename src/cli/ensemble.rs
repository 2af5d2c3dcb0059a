//! Ensembles on the command line: `run` of a scenario with several seeds, a part of it, and `merge`.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Failure;
use super::output::Output;
use crate::export::ensemble::{self, Head};
use crate::export::part::{self, Part, Shard};
use crate::measure::members;
use crate::race::World;
use crate::race::ensemble::{Ensemble, Run};
use crate::scenario::diagnostic::quote;

/// How an ensemble is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What became of each racer's members, and the measures
    Table,
    /// The losses of the members still running: one row per optimizer and step
    Csv,
    /// The members and the measures as one object
    Json,
}

/// Which part of an ensemble is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    Part(Shard),
    /// What the scheduler says.
    Auto,
}

/// A part on the command line: `2/8` or `auto`.
pub fn which(text: &str) -> Result<Which, String> {
    if text == "auto" {
        return Ok(Which::Auto);
    }
    let shard = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match shard {
        Some((number, of)) if (1..=of).contains(&number) => Ok(Which::Part(Shard { number, of })),
        Some((number, of)) => Err(format!("{number}/{of} is no part of {of}: write 1/{of} to {of}/{of}")),
        None => Err(format!("{} is no part: write 2/8 for the second of eight, or auto", quote(text))),
    }
}

/// Runs the members of seeds on all cores.
pub fn run(world: &World, seeds: &[u64]) -> Vec<Run> {
    let mut jobs = members::start(world, seeds);
    let mut runs = Vec::with_capacity(seeds.len());
    while jobs.iter().any(|job| !job.finished()) {
        for job in &mut jobs {
            runs.extend(job.wait(Duration::from_millis(20)));
        }
    }
    runs.sort_by_key(|run| run.seed);
    runs
}

/// Runs one part and writes it to a file, whole or not at all. A file that has this part already is left alone.
pub fn part(world: &World, shard: Shard, output: &Output<'_>) -> Result<(), Failure> {
    let (head, race) = (Head::new(world), part::fingerprint(world));
    if let Output::File(path) = output
        && let Ok(bytes) = std::fs::read(path)
        && let Ok(there) = Part::read(&bytes)
        && (there.race, there.shard, &there.head) == (race, shard, &head)
    {
        noted(&format!("note: {} has part {shard} already", quote(&path.to_string_lossy())));
        return Ok(());
    }
    let runs = run(world, &shard.seeds(head.seed, head.seeds));
    output.write(&Part { head, race, shard, runs }.bytes())
}

/// Says something beside the result.
pub fn noted(line: &str) {
    // A closed standard error does not matter.
    let _ = super::lines(line, &mut io::stderr().lock());
}

/// Prints an ensemble, in the format that was asked for.
pub fn print(head: &Head, ensemble: &Ensemble, format: Format, members: bool) -> Result<(), Failure> {
    let mut out: Box<dyn Write> = match format {
        Format::Table => Box::new(super::out()),
        Format::Csv | Format::Json => Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
    };
    match format {
        Format::Table if !members => ensemble::table(head, ensemble, &mut out)?,
        Format::Csv if !members => ensemble::csv(head, ensemble, &mut out)?,
        Format::Json => ensemble::json(head, ensemble, &mut out)?,
        Format::Table | Format::Csv => ensemble::members(head, ensemble, &mut out)?,
    }
    Ok(())
}

/// Fails if a verdict on the ensemble does not hold, and names those that do not.
pub fn judge(head: &Head, ensemble: &Ensemble) -> Result<(), Failure> {
    let broken: Vec<String> = head
        .measures
        .iter()
        .enumerate()
        .filter_map(|(place, asked)| {
            let mean = ensemble.measured(place).map(|summary| summary.mean);
            asked.broken(mean).map(|words| format!("error: measure.{place} does not hold: {words}"))
        })
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::Broken(broken.join("\n"))) }
}

/// Print the whole that the parts of an ensemble make up
#[derive(Debug, Args)]
pub struct Merge {
    /// The parts, in any order: files that `run --shard` wrote
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// A row per optimizer and member, where it ended
    #[arg(long)]
    members: bool,
    /// Exit with 3 if a verdict of the scenario's measures does not hold
    #[arg(long)]
    strict: bool,
}

impl Merge {
    /// Runs the command.
    pub fn run(&self) -> Result<(), Failure> {
        let parts = self.parts.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let (head, ensemble) = part::merge(parts).map_err(|reason| Failure::Wrong(format!("error: {reason}")))?;
        print(&head, &ensemble, self.format, self.members)?;
        if self.strict { judge(&head, &ensemble) } else { Ok(()) }
    }
}

fn read(path: &PathBuf) -> Result<(String, Part), Failure> {
    let name = quote(&path.to_string_lossy());
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::Io(io::Error::new(error.kind(), format!("cannot read {name}: {error}"))))?;
    let part = Part::read(&bytes).map_err(|reason| {
        Failure::Wrong(format!("error: {name}: {reason}\nhelp: parts are written by run SCENARIO --shard 1/8 -o FILE"))
    })?;
    Ok((name, part))
}

/// The part that the variables of a scheduler name, and which scheduler it is.
pub fn automatic(variable: impl Fn(&str) -> Option<OsString>) -> Result<(Shard, &'static str), Failure> {
    let number = |name: &str| variable(name).and_then(|text| text.to_str()?.trim().parse::<u64>().ok());
    let slurm = |name: &str| number(&format!("SLURM_ARRAY_TASK_{name}"));
    if let Some(task) = slurm("ID") {
        let (least, most, count) = (slurm("MIN").unwrap_or(task), slurm("MAX").unwrap_or(task), slurm("COUNT"));
        return array(task, (least, most), slurm("STEP"), count).map(|shard| (shard, "a Slurm array")).map_err(wrong);
    }
    // Kubernetes counts from 0 and has no variable of its own for the number of completions.
    if let Some(index) = number("JOB_COMPLETION_INDEX") {
        let names = ["JOB_COMPLETIONS", "COMPLETIONS"];
        let Some(of) = names.iter().find_map(|name| number(name)) else {
            return Err(wrong(
                "JOB_COMPLETION_INDEX is set, but nothing says how many there are: set JOB_COMPLETIONS in the job's env",
            ));
        };
        return shard(index + 1, of).map(|shard| (shard, "a Kubernetes indexed job"));
    }
    if let Some((number, of)) = number("CI_NODE_INDEX").zip(number("CI_NODE_TOTAL")) {
        return shard(number, of).map(|shard| (shard, "parallel GitLab jobs"));
    }
    Err(wrong("--shard auto finds no Slurm array, Kubernetes indexed job or parallel GitLab job: write --shard 2/8"))
}

fn wrong(words: impl std::fmt::Display) -> Failure {
    Failure::Wrong(format!("error: {words}"))
}

fn shard(number: u64, of: u64) -> Result<Shard, Failure> {
    if (1..=of).contains(&number) {
        Ok(Shard { number, of })
    } else {
        Err(wrong(format!("there is no part {number} of {of}")))
    }
}

/// The place of a task among `least`, `least + step`, … `most`.
fn array(task: u64, (least, most): (u64, u64), step: Option<u64>, count: Option<u64>) -> Result<Shard, String> {
    let step = step.unwrap_or(1).max(1);
    let of = (most.saturating_sub(least)) / step + 1;
    let even =
        task >= least && (task - least).is_multiple_of(step) && (most.saturating_sub(least)).is_multiple_of(step);
    if !even || task > most || count.is_some_and(|count| count != of) {
        return Err(format!(
            "the array {least}-{most} of Slurm has holes: write it as 1-8 or 0-14:2, or name the part by --shard"
        ));
    }
    Ok(Shard { number: (task - least) / step + 1, of })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Result<Shard, String> {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        match automatic(value) {
            Ok((shard, _)) => Ok(shard),
            Err(Failure::Wrong(words)) => Err(words),
            Err(_) => Err(String::new()),
        }
    }

    #[test]
    fn a_part_is_read_off_the_variables_of_schedulers() {
        let slurm = |id, min, max, step, count| {
            found(&[
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_MAX", max),
                ("SLURM_ARRAY_TASK_STEP", step),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ])
        };
        assert_eq!(slurm("3", "1", "8", "1", "8"), Ok(Shard { number: 3, of: 8 }));
        assert_eq!(slurm("0", "0", "7", "1", "8"), Ok(Shard { number: 1, of: 8 }));
        assert_eq!(slurm("6", "0", "14", "2", "8"), Ok(Shard { number: 4, of: 8 }));
        // 1,3,7: the step is none of them.
        assert!(slurm("3", "1", "7", "1", "3").is_err_and(|words| words.contains("holes")));
        assert!(slurm("3", "0", "14", "2", "8").is_err_and(|words| words.contains("holes")));
        let kubernetes = [("JOB_COMPLETION_INDEX", "4"), ("JOB_COMPLETIONS", "5")];
        assert_eq!(found(&kubernetes), Ok(Shard { number: 5, of: 5 }));
        assert!(found(&kubernetes[..1]).is_err_and(|words| words.contains("JOB_COMPLETIONS")));
        assert_eq!(found(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "4")]), Ok(Shard { number: 2, of: 4 }));
        assert!(found(&[]).is_err_and(|words| words.contains("--shard 2/8")));
    }

    #[test]
    fn parts_are_numbered_from_one() {
        assert_eq!(which("2/8"), Ok(Which::Part(Shard { number: 2, of: 8 })));
        assert_eq!(which("auto"), Ok(Which::Auto));
        for (text, named) in [("5/4", "5/4"), ("0/4", "0/4"), ("1:4", "1:4"), ("-1/4", "-1/4"), ("", "")] {
            assert!(which(text).is_err_and(|words| words.contains(named)), "{text}");
        }
    }
}
