//! `geodescent list`: the registries as text.
//!
//! All names, descriptions and defaults come from the rows.

use std::io::{self, Write};

use clap::ValueEnum;

use crate::family::FAMILIES;
use crate::objective::OBJECTIVES;
use crate::optimizer::{OPTIMIZERS, OptimizerInfo, PRESETS, SHARED};
use crate::problem::policy::POLICIES;
use crate::problem::process::PROCESSES;
use crate::problem::quantities::QUANTITIES;
use crate::problem::value::VALUES;
use crate::registry::{Field, Preset};
use crate::scenario::names::OVERLAYS;
use crate::scenario::{BUILTIN, Document, MEASURES};
use crate::screen::Part;

/// A registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Families of distributions
    Families,
    /// The charts of each family
    Charts,
    /// Policies and value functions
    Policies,
    /// The processes in which they live, with their fields and defaults
    Processes,
    /// Optimizers with their fields and defaults
    Optimizers,
    /// Defaults of libraries for optimizers
    Presets,
    /// Objectives
    Objectives,
    /// Overlays of the landscape
    Overlays,
    /// Numbers of a step
    Quantities,
    /// Panes that `render` draws alone
    Panes,
    /// Measures of a run
    Measures,
    /// Built-in scenarios
    Scenarios,
}

/// Writes one registry, or all of them under headings.
///
/// # Errors
/// If standard output fails.
pub fn run(what: Option<What>) -> io::Result<()> {
    let mut out = super::out();
    match what {
        Some(what) => write(what, &mut out)?,
        None => {
            for (i, what) in What::value_variants().iter().enumerate() {
                let name = what.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned());
                writeln!(out, "{}{name}:", if i == 0 { "" } else { "\n" })?;
                write(*what, &mut out)?;
            }
        }
    }
    out.flush()
}

fn write(what: What, out: &mut dyn Write) -> io::Result<()> {
    let width = 1 + FAMILIES.iter().map(|family| family.name.len()).max().unwrap_or(0);
    match what {
        What::Families => FAMILIES.iter().try_for_each(|family| {
            let fixed = family.fixed.iter().map(|field| field.name);
            let names: Vec<&str> = family.parameters.into_iter().chain(fixed).collect();
            writeln!(out, "{:<width$} {}: {}", family.name, names.join(", "), family.doc)
        }),
        What::Charts => charts(width, out),
        What::Policies => policies(out),
        What::Processes => PROCESSES.iter().try_for_each(|process| {
            writeln!(out, "{:<17} {}", process.name, process.doc)?;
            process.fields.iter().try_for_each(|field| writeln!(out, "{:17} {}", "", describe(field)))
        }),
        What::Optimizers => OPTIMIZERS
            .iter()
            .try_for_each(|optimizer| {
                writeln!(out, "{:<17} {}", optimizer.name, optimizer.doc)?;
                writeln!(out, "{:17} {}  ({})", "", optimizer.equation, optimizer.source)?;
                optimizer.fields.iter().try_for_each(|field| writeln!(out, "{:17} {}", "", describe(field)))
            })
            .and_then(|()| SHARED.iter().try_for_each(|row| shared(&row.field, out))),
        What::Presets => PRESETS.iter().try_for_each(|row| {
            let value = |(name, value): &(&str, Preset)| {
                format!("{name} {}", value.setting().map_or(String::new(), |value| value.to_string()))
            };
            let values: Vec<String> = row.values.iter().map(value).collect();
            writeln!(out, "{:<5} as = {:<15} {}", row.kind.name, format!("{:?}", row.name), values.join(", "))?;
            writeln!(out, "{:26} it {}  ({})", "", row.beyond, row.source)
        }),
        What::Objectives => OBJECTIVES.iter().try_for_each(|objective| {
            writeln!(out, "{:<16} {:<22} {}", objective.name, objective.formula, objective.doc)
        }),
        What::Overlays => OVERLAYS.iter().try_for_each(|row| writeln!(out, "{:<16} {}", row.name, row.doc)),
        What::Quantities => QUANTITIES.iter().try_for_each(|row| {
            let unit = row.unit.map_or(String::new(), |unit| format!(", {unit}"));
            writeln!(out, "{:<14} {}{unit}", row.name, row.doc)
        }),
        What::Panes => Part::ALL.iter().try_for_each(|part| writeln!(out, "{}", part.name())),
        What::Measures => MEASURES.iter().try_for_each(|measure| {
            writeln!(out, "{:<18} {} ({})", measure.name, measure.doc, measure.racers.words())?;
            measure.fields.iter().try_for_each(|field| writeln!(out, "{:18} {}", "", describe(field)))
        }),
        What::Scenarios => BUILTIN.iter().try_for_each(|row| {
            let title = Document::of_builtin(row).check().map(|scenario| scenario.title).unwrap_or_default();
            writeln!(out, "{:<24} {title}", row.name)
        }),
    }
}

/// The charts of families, policies and value functions.
fn charts(width: usize, out: &mut dyn Write) -> io::Result<()> {
    let families =
        FAMILIES.iter().flat_map(|family| family.charts.iter().map(|chart| (family.name, chart.name, chart.doc)));
    let policies =
        POLICIES.iter().flat_map(|row| row.charts().into_iter().map(|(_, chart)| (row.name, chart.name, chart.doc)));
    let values =
        VALUES.iter().flat_map(|row| row.charts().into_iter().map(|(_, chart)| (row.name, chart.name, chart.doc)));
    let mut all = families.chain(policies).chain(values);
    all.try_for_each(|(of, name, doc)| writeln!(out, "{of:<width$} {name:<24} {doc}"))
}

/// Policies and value functions.
fn policies(out: &mut dyn Write) -> io::Result<()> {
    let policies = POLICIES.iter().map(|row| (row.name, row.formula, row.doc, row.fields));
    let values = VALUES.iter().map(|row| (row.name, row.formula, row.doc, row.fields));
    policies.chain(values).try_for_each(|(name, formula, doc, fields)| {
        writeln!(out, "{name:<17} {doc}")?;
        writeln!(out, "{:17} {formula}", "")?;
        fields.iter().try_for_each(|field| writeln!(out, "{:17} {}", "", describe(field)))
    })
}

/// A key that optimizers share, with those that do not have it.
fn shared(field: &Field, out: &mut dyn Write) -> io::Result<()> {
    let lacks = |info: &&&OptimizerInfo| info.shared().iter().all(|own| own.name != field.name);
    let without: Vec<&str> = OPTIMIZERS.iter().filter(lacks).map(|info| info.name).collect();
    writeln!(out, "{:<17} {} (not {})", "of all", describe(field), without.join(", "))
}

/// A field as one line: `momentum: a number ≥ 0, default 0.0: fraction of the last step that is retained`.
#[must_use]
pub fn describe(field: &Field) -> String {
    let default = match field.default.setting() {
        Some(value) => format!(", default {value}"),
        None if field.is_required() => ", required".to_owned(),
        None => String::new(),
    };
    format!("{}: {}{default}: {}", field.name, field.kind, field.doc)
}
