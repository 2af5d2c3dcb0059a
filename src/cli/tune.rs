//! `geodescent tune`: every racer at its best rate.
//!
//! The search is in `measure::tune`; here are the table, and the scenario with those rates as edits of its document.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Edits, Failure, document, remark};
use crate::export;
use crate::measure::{Tuned, tune};
use crate::race::World;
use crate::registry::{nearest, number};
use crate::scenario::Document;
use crate::text::Safe;
use crate::work::now;

/// Find, for each racer, the rate that reaches the optimum in the fewest steps, to three digits.
#[derive(Debug, Args)]
pub struct Tune {
    /// A scenario: a file, the name of a built-in one, or - for standard input
    scenario: OsString,
    /// Tune only the racer with this label
    #[arg(long, value_name = "LABEL")]
    racer: Option<String>,
    /// How close to the optimum's loss a racer must get and stay
    #[arg(long, default_value = "1e-6", value_parser = tolerance)]
    tolerance: f64,
    /// Write the scenario with the best rates to a new file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(flatten)]
    edits: Edits,
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number = number(text).filter(|x| *x > 0.0);
    number.ok_or_else(|| "write a number > 0, such as 1e-6".to_owned())
}

impl Tune {
    /// Runs the command.
    pub fn run(&self) -> Result<(), Failure> {
        let document = document(&self.scenario, &self.edits)?;
        let world = World::open(&document)?;
        remark(&world.scenario)?;
        let racers = self.racers(&world)?;
        if world.objective.optimum().is_none() {
            return Err(Failure::Wrong("error: cannot tune: this objective has no known optimum".into()));
        }
        let found = now(|out| tune(&world, &racers, self.tolerance, out));
        let mut out = super::out();
        table(&world, &found, &mut out)?;
        out.flush()?;
        match &self.write {
            Some(path) => write(document, &found, path),
            None => Ok(()),
        }
    }

    fn racers(&self, world: &World) -> Result<Vec<usize>, Failure> {
        let Some(label) = &self.racer else { return Ok((0..world.scenario.racers.len()).collect()) };
        let labels = || world.scenario.racers.iter().map(|racer| racer.label.as_str());
        labels().position(|known| known == label).map(|racer| vec![racer]).ok_or_else(|| {
            let help = match nearest(label, labels()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", labels().collect::<Vec<_>>().join(", ")),
            };
            Failure::Wrong(format!("error: no optimizer has the label `{}`\nhelp: {help}", Safe::line(label)))
        })
    }
}

fn table(world: &World, found: &[Tuned], out: &mut dyn Write) -> io::Result<()> {
    let head = ["optimizer", "field", "in the file", "steps", "best", "steps"].map(str::to_owned);
    let steps = |steps: Option<usize>| steps.map_or("–".to_owned(), |steps| steps.to_string());
    let line = |tuned: &Tuned| {
        let label = Safe::new(&world.scenario.racers[tuned.racer].label).into_string();
        let best = tuned.best.map_or("–".to_owned(), |(rate, _)| format!("{rate}"));
        let own = (format!("{}", tuned.own.0), steps(tuned.own.1));
        [label, tuned.field.name.to_owned(), own.0, own.1, best, steps(tuned.best.map(|(_, steps)| steps))]
    };
    let lines: Vec<[String; 6]> = std::iter::once(head).chain(found.iter().map(line)).collect();
    export::table::columns(&lines, &[0, 1], out)
}

fn write(mut document: Document, found: &[Tuned], path: &Path) -> Result<(), Failure> {
    for tuned in found {
        if let Some((rate, _)) = tuned.best {
            document = document.edit(&tuned.path(), &export::shortest(rate))?;
        }
    }
    document.check()?;
    match export::file::write_new(path, document.text().as_bytes()) {
        Ok(_) => Ok(()),
        Err(told) => Err(Failure::Io(io::Error::other(told.into_string()))),
    }
}
