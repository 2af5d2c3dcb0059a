//! The tables in docs/ are generated from the registries; this fails when one is stale.
//!
//! `GEODESCENT_WRITE_DOCS=1 cargo test --test docs` regenerates them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use geodescent::app::action::{Context, Group, help_lines};
use geodescent::family::FAMILIES;
use geodescent::objective::OBJECTIVES;
use geodescent::optimizer::{OPTIMIZERS, PRESETS, SHARED};
use geodescent::problem::policy::POLICIES;
use geodescent::problem::process::PROCESSES;
use geodescent::problem::quantities::QUANTITIES;
use geodescent::problem::value::VALUES;
use geodescent::registry::{Field, Kind, Preset};
use geodescent::scenario::names::OVERLAYS;
use geodescent::scenario::{BUILTIN, Document, MEASURES, schema};
use geodescent::screen::Part;

const NOTE: &str = "<!-- Generated from the program's tables: GEODESCENT_WRITE_DOCS=1 cargo test --test docs -->\n";

fn fields(fields: &[Field]) -> String {
    let one = |field: &Field| match field.default.setting() {
        Some(value) => format!("`{}` {value}", field.name),
        None if field.is_required() => format!("`{}` (required)", field.name),
        None => format!("`{}` (optional)", field.name),
    };
    fields.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The part on policies, value functions and processes.
fn policies() -> String {
    let mut text = String::new();
    text += "\n## Policies and value functions\n\n| `[model]` | what | fields | charts |\n|---|---|---|---|\n";
    let own = POLICIES.iter().map(|row| ("policy", row.name, row.formula, row.fields, row.charts()));
    let values = VALUES.iter().map(|row| ("value", row.name, row.formula, row.fields, row.charts()));
    for (key, name, formula, keys, charts) in own.chain(values) {
        let charts = charts.into_iter().map(|(with, chart)| match with {
            "" => format!("`{}` ({})", chart.name, chart.doc),
            field => format!("with `{field}`: `{}` ({})", chart.name, chart.doc),
        });
        let charts = charts.collect::<Vec<_>>().join(", ").replace('|', "\\|");
        let formula = formula.replace('|', "\\|");
        let _ = writeln!(text, "| `{key} = \"{name}\"` | {formula} | {} | {charts} |", fields(keys));
    }
    text += "\n## Processes\n\n| kind | what | fields and defaults |\n|---|---|---|\n";
    for process in PROCESSES {
        let _ = writeln!(text, "| `{}` | {} | {} |", process.name, process.doc, fields(process.fields));
    }
    text
}

fn objectives() -> String {
    let mut text = "\n## Objectives\n\n| kind | loss | of | what |\n|---|---|---|---|\n".to_owned();
    for objective in OBJECTIVES {
        let row = (objective.name, objective.formula, objective.of.words(), objective.doc);
        let _ = writeln!(text, "| `{}` | {} | {} | {} |", row.0, row.1, row.2, row.3);
    }
    text
}

fn reference() -> String {
    let mut text = format!("# Names, formulas, defaults\n\n{NOTE}\n## Families and charts\n\n");
    text += "| family | density | parameters | charts |\n|---|---|---|---|\n";
    for family in FAMILIES {
        let charts: Vec<_> = family.charts.iter().map(|chart| format!("`{}` ({})", chart.name, chart.doc)).collect();
        let mut parameters = family.parameters.map(|name| format!("`{name}`")).join(", ");
        if !family.fixed.is_empty() {
            let _ = write!(parameters, "; fixed {}", fields(family.fixed));
        }
        let density = family.density.replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {density} | {parameters} | {} |", family.name, charts.join(", "));
    }
    text += &policies();
    text += &objectives();
    text += "\n## Optimizers\n\n| kind | update | fields and defaults | as in |\n|---|---|---|---|\n";
    for optimizer in OPTIMIZERS {
        let row = (optimizer.name, optimizer.equation, fields(optimizer.fields), optimizer.source);
        let _ = writeln!(text, "| `{}` | {} | {} | {} |", row.0, row.1, row.2, row.3);
    }
    text += "\n## Presets\n\n| `as` | of | fields | what no field expresses: it | file |\n|---|---|---|---|---|\n";
    for row in PRESETS {
        let value = |(name, value): &(&str, Preset)| {
            format!("`{name}` {}", value.setting().map_or(String::new(), |value| value.to_string()))
        };
        let values = row.values.iter().map(value).collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            text,
            "| `{}` | `{}` | {values} | {} | {} |",
            row.name,
            row.kind.name,
            row.beyond.replace('|', "\\|"),
            row.source
        );
    }
    text += "\n## Overlays\n\n| overlay | what | shown unless told otherwise |\n|---|---|---|\n";
    for row in OVERLAYS {
        let _ = writeln!(text, "| `{}` | {} | {} |", row.name, row.doc, if row.shown { "yes" } else { "no" });
    }
    text += "\n## Quantities\n\n| quantity | column | unit | what |\n|---|---|---|---|\n";
    for row in &QUANTITIES {
        let (column, unit) =
            (row.column.map_or(String::new(), |name| format!("`{name}`")), row.unit.unwrap_or_default());
        let _ = writeln!(text, "| `{}` | {column} | {unit} | {} |", row.name, row.doc.replace('|', "\\|"));
    }
    text += "\n## Measures\n\n| measure | of | fields and defaults | what |\n|---|---|---|---|\n";
    for row in MEASURES {
        let _ = writeln!(text, "| `{}` | {} | {} | {} |", row.name, row.racers.words(), fields(row.fields), row.doc);
    }
    let focused = |part: &&Part| matches!(part, Part::Pane(_));
    let (panes, alone): (Vec<_>, Vec<_>) = Part::ALL.iter().partition(focused);
    let names =
        |parts: Vec<&Part>| parts.iter().map(|part| format!("`{}`", part.name())).collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "\n## Panes\n\n{}; with `render --pane` also {}", names(panes), names(alone));
    text += "\n## Built-in scenarios\n\n| name | title | notes |\n|---|---|---|\n";
    for row in BUILTIN {
        let scenario = Document::of_builtin(row).check().unwrap_or_else(|report| panic!("{report}"));
        let _ = writeln!(text, "| `{}` | {} | {} |", row.name, scenario.title, scenario.notes);
    }
    text
}

fn keys() -> String {
    let mut text = format!("# Keys\n\n{NOTE}");
    let parts: [(&[Context], &str); 7] = [
        (&[Context::Show, Context::Everywhere], "With a race on screen"),
        (&[Context::Gallery, Context::Everywhere], "In the gallery"),
        (&[Context::Filter], "While its filter is typed"),
        (&[Context::Menu], "In the menu of overlays"),
        (&[Context::Offer], "When a search has found better rates"),
        (&[Context::Box], "In a box with a long text"),
        (&[Context::Over], "In help, menu and measures"),
    ];
    for (contexts, heading) in parts {
        let _ = writeln!(text, "\n## {heading}\n\n| | keys | action |\n|---|---|---|");
        for group in Group::ALL {
            for line in help_lines(group, contexts) {
                let _ = writeln!(text, "| {} | `{}` | {} |", group.name(), line.keys, line.text);
            }
        }
    }
    text + "\nA click in the landscape moves the start there, a click on another pane focuses it, and a click on a state of a map shows\nits actions in detail; the wheel zooms, and scrolls lists and boxes. With geodesics on, their end `◇` is dragged with the mouse\nor moved with `H J K L`; side by side `◇` is one and the same distribution in all charts, with its coordinates in their titles. Ctrl-C always quits.\n"
}

fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("GEODESCENT_WRITE_DOCS").is_some() {
        fs::write(&path, text).unwrap_or_else(|error| panic!("docs/{name}: {error}"));
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/{name} is stale: GEODESCENT_WRITE_DOCS=1 cargo test --test docs");
}

/// A table of keys. Of registries that reference.md does not list the rows' fields as well.
fn table(keys: &[Field]) -> String {
    let mut text = String::from("| key | value | default | what |\n|---|---|---|---|\n");
    let mut row = |field: &Field, of: &str| {
        let default = match (field.default.setting(), field.is_required()) {
            (Some(value), _) => format!("`{value}`"),
            (None, true) => "required".to_owned(),
            (None, false) if matches!(field.default, Preset::Either) => "one of these".to_owned(),
            (None, false) => String::new(),
        };
        let _ = writeln!(text, "| `{}`{of} | {} | {default} | {} |", field.name, field.kind, field.doc);
    };
    for field in keys {
        row(field, "");
        let Kind::Name(rows) = field.kind else { continue };
        for own in (rows.all)()
            .iter()
            .filter(|_| ["objective", "plane", "process", "policy", "value function"].contains(&rows.noun))
        {
            own.fields.iter().for_each(|field| row(field, &format!(" of `{}`", own.known.name)));
        }
        if rows.noun == "optimizer" {
            SHARED.iter().for_each(|shared| row(&shared.field, " (most kinds)"));
            for kind in OPTIMIZERS {
                kind.preset_field().iter().for_each(|field| row(field, &format!(" of `{}`", kind.name)));
            }
        }
    }
    text
}

/// The tables of keys below this one, each under its heading.
fn tables(keys: &[Field], outer: &str, text: &mut String) {
    let rows =
        keys.iter().filter_map(|field| if let Kind::Name(rows) = field.kind { Some((rows.all)()) } else { None });
    let own: Vec<Field> = rows.flatten().flat_map(|row| row.fields).collect();
    for field in keys.iter().chain(&own) {
        let (keys, name) = match (field.kind, outer) {
            (Kind::Table(keys), "") => (keys, format!("`[{}]`", field.name)),
            (Kind::Table(keys) | Kind::TableOr(keys, _), outer) => {
                (keys, format!("`{} = {{ .. }}` of {outer}", field.name))
            }
            (Kind::Tables(keys, ..), _) => (keys, format!("`[[{}]]`", field.name)),
            _ => continue,
        };
        let _ = write!(text, "\n### {name}\n\n{}", table(keys));
        tables(keys, &name, text);
    }
}

fn all_keys() -> String {
    let mut text = format!("{NOTE}\n### The scenario\n\n{}", table(schema::ROOT));
    tables(schema::ROOT, "", &mut text);
    text += "\n### `[start]` of policies and value functions\n\nOf a process of several states also a list for each state, by its name: `i = [0.8, 0.2]`.\n\n";
    text += &table(schema::start::KEYS);
    let files = [schema::csv::KEYS, &[schema::csv::COLUMN, schema::csv::COLUMNS]].concat();
    text + "\n### A CSV file, `{ csv = .. }`\n\n" + &table(&files)
}

/// Checks the part of a document between its marks.
fn check_part(name: &str, part: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let stored = fs::read_to_string(path).unwrap_or_default();
    let [begin, end] = ["<!-- keys -->\n", "<!-- end of keys -->\n"];
    let (before, rest) = stored.split_once(begin).unwrap_or_else(|| panic!("docs/{name} has no {begin}"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("docs/{name} has no {end}"));
    check(name, &format!("{before}{begin}{part}{end}{after}"));
}

#[test]
fn the_keys_of_a_scenario_are_fresh() {
    check_part("scenarios.md", &all_keys());
    check_part("data.md", &format!("{NOTE}\n{}", table(&schema::csv::KEYS[1..])));
}

#[test]
fn the_reference_is_fresh() {
    check("reference.md", &reference());
}

#[test]
fn the_keys_are_fresh() {
    check("keys.md", &keys());
}
