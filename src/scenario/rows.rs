//! Registries as a scenario names their rows, and what follows for the keys of a table that names one.

use super::measures::MEASURES;
use super::names::{OVERLAYS, Pane};
use crate::family::FAMILIES;
use crate::optimizer::OPTIMIZERS;
use crate::registry::{Field, Kind, Known, Row, Rows};

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

/// The registry whose rows decide on the further keys of a table with these keys.
pub(super) fn decisive(keys: &[Field]) -> Option<(Field, Rows)> {
    keys.iter().filter(|field| field.is_required()).find_map(|field| match field.kind {
        Kind::Name(rows) => Some((*field, rows)),
        _ => None,
    })
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
