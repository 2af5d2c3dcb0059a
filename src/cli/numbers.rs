//! `geodescent check --numbers`: the errors of the closed forms along a race, as a table.
//!
//! Lays out the findings of the self-check; computes nothing.

use std::ffi::OsString;
use std::io::{self, Write};

use super::Failure;
use crate::race::{Race, World};
use crate::selfcheck::{Finding, Path, Spot};
use crate::text::Safe;

/// Checks scenarios one by one and writes a table for each to standard output.
///
/// # Errors
/// If a closed form does not hold, or standard output fails.
pub fn run(worlds: &[(&OsString, World)]) -> Result<(), Failure> {
    let mut out = super::out();
    let mut broken = Vec::new();
    for (name, world) in worlds {
        let name = Safe::line(&name.to_string_lossy()).to_string();
        let path = Path::of(world, &Race::run(world));
        write(&name, world, &path, &mut out)?;
        if !path.holds() {
            broken.push(name);
        }
    }
    out.flush()?;
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::Numbers(format!("error: a closed form does not hold in {}", broken.join(", "))))
}

fn write(name: &str, world: &World, path: &Path, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{name}: {} points of {}", path.points, world.family.info().name)?;
    writeln!(out, "  {:<22} {:<12} {:>8} {:>8}  where", "quantity", "by", "worst", "allowed")?;
    for (finding, spot) in &path.worst {
        let Finding { error, allowed, .. } = finding;
        let (quantity, means) = finding.quantity.about();
        let (by, place) = (means.name(finding.discrete), place(world, spot));
        let verdict = match (finding.conclusive, finding.holds()) {
            (false, _) => "  cannot be checked here",
            (true, true) => "",
            (true, false) => "  DOES NOT HOLD",
        };
        writeln!(out, "  {quantity:<22} {by:<12} {error:>8.1e} {allowed:>8.1e}  {place}{verdict}")?;
    }
    if path.inconclusive > 0 {
        writeln!(out, "  {} checks left out: their own error is not small against their tolerance", path.inconclusive)?;
    }
    Ok(())
}

fn place(world: &World, spot: &Spot) -> String {
    match spot {
        Spot::Start => "start".to_owned(),
        Spot::Optimum => "optimum".to_owned(),
        Spot::Row(racer, step) => format!("{}, step {step}", world.scenario.racers[*racer].label),
    }
}
