//! Registries as a scenario names their rows, and what follows for the keys of a table that names one.

use super::measures::MEASURES;
use super::names::{OVERLAYS, Pane};
use crate::family::FAMILIES;
use crate::optimizer::OPTIMIZERS;
use crate::problem::policy::POLICIES;
use crate::problem::process::PROCESSES;
use crate::problem::value::VALUES;
use crate::registry::{Field, Kind, Known, Preset, Row, Rows};

pub(super) fn row<T: Into<Known<'static>>>(
    known: T,
    doc: &'static str,
    fields: impl IntoIterator<Item = Field>,
) -> Row {
    Row { known: known.into(), doc, fields: fields.into_iter().collect() }
}

pub(super) fn families() -> Vec<Row> {
    FAMILIES.iter().map(|info| row(*info, info.doc, info.fixed.iter().copied())).collect()
}

pub(super) fn processes() -> Vec<Row> {
    PROCESSES.iter().map(|info| row(*info, info.doc, info.fields.iter().copied())).collect()
}

pub(super) fn policies() -> Vec<Row> {
    POLICIES.iter().map(|info| row(*info, info.doc, info.fields.iter().copied())).collect()
}

pub(super) fn values() -> Vec<Row> {
    VALUES.iter().map(|info| row(*info, info.doc, info.fields.iter().copied())).collect()
}

pub(super) fn optimizers() -> Vec<Row> {
    OPTIMIZERS.iter().map(|info| row(*info, info.doc, info.fields.iter().copied().chain(info.shared()))).collect()
}

pub(super) fn measures() -> Vec<Row> {
    MEASURES.iter().map(|info| row(info, info.doc, info.fields.iter().copied())).collect()
}

pub(super) fn overlays() -> Vec<Row> {
    OVERLAYS.iter().map(|info| row(info, info.doc, [])).collect()
}

pub(super) fn panes() -> Vec<Row> {
    Pane::ALL.iter().map(|pane| row(pane.name(), "", [])).collect()
}

/// The registries whose rows decide on the further keys of a table with these keys: of several, one is named.
pub(super) fn decisive(keys: &[Field]) -> Vec<(Field, Rows)> {
    let decides = |field: &&Field| matches!(field.default, Preset::Required | Preset::Either);
    let rows = |field: &Field| if let Kind::Name(rows) = field.kind { Some((*field, rows)) } else { None };
    keys.iter().filter(decides).filter_map(rows).collect()
}

/// All fields of a table with these keys, whatever its decisive key names, each name once.
pub(super) fn every_field(keys: &[Field]) -> Vec<Field> {
    let own = keys.iter().copied();
    let rows =
        keys.iter().filter_map(|field| if let Kind::Name(rows) = field.kind { Some((rows.all)()) } else { None });
    let mut all: Vec<Field> = Vec::new();
    for field in own.chain(rows.flatten().flat_map(|row| row.fields)) {
        if !all.iter().any(|known| known.name == field.name) {
            all.push(field);
        }
    }
    all
}
