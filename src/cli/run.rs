//! `geodescent run`: a race without a screen, failing with `--strict` if a verdict does not hold.
//!
//! Formats come from `export`, answers from `measure`.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ensemble::{self, Which};
use super::look::size;
use super::output::Output;
use super::{Edits, Failure, document, remark};
use crate::export;
use crate::export::ensemble::Head;
use crate::export::part::Shard;
use crate::measure::{self, Answer};
use crate::race::Race;
use crate::race::World;
use crate::race::ensemble::Ensemble;

/// Run the race without a screen; the trace goes to standard output.
#[derive(Debug, Args)]
pub struct Run {
    /// A scenario: a file, the name of a built-in one, or - for standard input
    scenario: OsString,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Print all parameters and coordinates, also where a point has more than 64
    #[arg(long)]
    all_coordinates: bool,
    /// Exit with 3 if a verdict of the scenario's measures does not hold
    #[arg(long)]
    strict: bool,
    /// Of an ensemble: a row per optimizer and member, where it ended
    #[arg(long)]
    members: bool,
    /// Of an ensemble: run only the second of eight parts, or that which the scheduler says
    #[arg(long, value_name = "2/8|auto", value_parser = ensemble::which, allow_hyphen_values = true, requires = "output")]
    shard: Option<Which>,
    /// Where the part is written; `merge` prints the whole
    #[arg(short, long, value_name = "FILE", requires = "shard")]
    output: Option<PathBuf>,
    #[command(flatten)]
    edits: Edits,
    #[command(flatten)]
    size: Size,
}

/// Accepted so that the same options work with every command.
#[derive(Debug, Args)]
struct Size {
    /// Accepted for uniformity; a trace does not depend on the screen
    #[arg(long, value_name = "COLUMNSxROWS", value_parser = size)]
    size: Option<(u16, u16)>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The result of each racer, and the measures
    Table,
    /// One row per optimizer and step
    Csv,
    /// The same and the measures as one object
    Json,
}

impl Run {
    /// Runs the command.
    pub fn run(&self) -> Result<(), Failure> {
        let world = World::open(&document(&self.scenario, &self.edits)?)?;
        remark(&world.scenario)?;
        if let Some(which) = self.shard {
            return self.part(&world, which);
        }
        if self.members || world.scenario.seeds > 1 {
            return self.ensemble(&world);
        }
        let race = Race::run(&world);
        let most = if self.all_coordinates { usize::MAX } else { export::csv::MOST };
        // CSV does not show the answers, but `--strict` needs them.
        let asked = self.strict || !matches!(self.format, Format::Csv);
        let answers = if asked { measure::answers(&world, &race) } else { Vec::new() };
        let mut out: Box<dyn Write> = match self.format {
            Format::Table => Box::new(super::out()),
            Format::Csv | Format::Json => Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
        };
        match self.format {
            Format::Table => {
                export::table::write(&world, &race, &mut out)?;
                export::table::measures(&answers, &mut out)?;
            }
            Format::Csv => export::csv::write(&world, &race, most, &mut out)?,
            Format::Json => export::json::write(&world, &race, &answers, most, &mut out)?,
        }
        out.flush()?;
        if matches!(self.format, Format::Csv) {
            // The trace is complete: a closed standard error does not matter.
            let _ = export::csv::reasons(&world, &race, &mut super::legible(io::stderr()));
        }
        if self.strict { judge(&world, &answers) } else { Ok(()) }
    }
}

impl Run {
    /// One part of an ensemble, into a file.
    fn part(&self, world: &World, which: Which) -> Result<(), Failure> {
        let output = Output::of(self.output.as_ref());
        output.takes(true)?;
        let shard = match which {
            Which::Part(shard) => shard,
            Which::Auto => {
                let (shard, scheduler) = ensemble::automatic(|name| std::env::var_os(name))?;
                ensemble::noted(&format!("note: part {shard} of {scheduler}"));
                shard
            }
        };
        ensemble::part(world, shard, &output)
    }

    /// All members.
    fn ensemble(&self, world: &World) -> Result<(), Failure> {
        let head = Head::new(world);
        let runs = ensemble::run(world, &Shard::WHOLE.seeds(head.seed, head.seeds));
        let found: Ensemble = runs.into_iter().collect();
        let format = match self.format {
            Format::Table => ensemble::Format::Table,
            Format::Csv => ensemble::Format::Csv,
            Format::Json => ensemble::Format::Json,
        };
        ensemble::print(&head, &found, format, self.members)?;
        if self.strict { ensemble::judge(&head, &found) } else { Ok(()) }
    }
}

/// Fails if a verdict does not hold, and names those that do not.
fn judge(world: &World, answers: &[Answer]) -> Result<(), Failure> {
    let broken: Vec<String> = world
        .scenario
        .measures
        .iter()
        .zip(answers)
        .enumerate()
        .filter(|(_, (_, answer))| answer.holds == Some(false))
        .filter_map(|(place, (measure, answer))| {
            let expect = measure.expect?;
            let value = answer.value.map_or("no value".to_owned(), export::shortest);
            let (name, labels) = (measure.info.name, measure::answer::labels(world, measure));
            Some(format!(
                "error: measure.{place} does not hold: {name} of {labels} is {value}, expected {} within {}",
                export::shortest(expect.value),
                export::shortest(expect.within)
            ))
        })
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::Broken(broken.join("\n"))) }
}
