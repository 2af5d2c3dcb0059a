//! Numbers from the columns of a CSV file, or from a list in their place: what a family's fixed fields are, and what
//! observations begin with.
//!
//! CSV files are read by `table`.

use super::diagnostic::quote;
use super::dialect::Dialect;
use super::reader::Entry;
use super::schema::csv::{self, COLUMN, COLUMNS, CSV};
use super::table::{self, Named};
use crate::family::logistic_regression;
use crate::problem::quantities;
use crate::registry::{Field, Setting, intern};

/// The parameter that no column has.
const INTERCEPT: &str = logistic_regression::INFO.parameters[0];
/// The number of columns that a design may name.
const SEVERAL: std::ops::RangeInclusive<usize> = 2..=63;
/// Names of a trace's columns that no column of a design may have.
const TRACE: [&str; 3] = ["optimizer", "step", "status"];

/// A list of numbers, a column of a CSV file, or several.
pub(super) fn columns(entry: &Entry<'_>) -> Option<Setting> {
    if !entry.is_table() || entry.section("")?.get(COLUMNS.name).is_none() {
        return numbers(entry).map(|values| Setting::Numbers(values.into()));
    }
    let (csv, named, dialect) = file(entry, &[COLUMN, COLUMNS])?;
    if !SEVERAL.contains(&named.len()) {
        let help = "help: for one column write column = \"name\"".to_owned();
        entry.report(format!("`columns` names {} columns, not 2 to 63", named.len()), Some(help));
        return None;
    }
    for (i, (name, place)) in named.iter().enumerate() {
        let coordinate = name.strip_prefix("coord").is_some_and(|rest| rest.parse::<usize>().is_ok());
        let taken = TRACE.contains(name) || quantities::columns().any(|(column, _)| column == *name) || coordinate;
        if taken || *name == INTERCEPT {
            let what =
                if taken { "a trace has a column of that name" } else { "that is the parameter without a column" };
            let message = format!("{} cannot be the name of a parameter: {what}", quote(name));
            place.report(message, Some("help: rename the column in the CSV file".to_owned()));
            return None;
        }
        if named[..i].iter().any(|(other, _)| other == name) {
            place.report(format!("the column {} is named twice", quote(name)), None);
            return None;
        }
    }
    let values = table::columns(&csv, &named, &dialect, None)?;
    Some(Setting::Table(named.iter().map(|(name, _)| intern(name)).collect(), values.into()))
}

/// A list of numbers, or a column of a CSV file.
pub(super) fn numbers(entry: &Entry<'_>) -> Option<Vec<f64>> {
    if entry.is_table() {
        let (csv, columns, dialect) = file(entry, &[COLUMN])?;
        return table::columns(&csv, &columns, &dialect, None);
    }
    let values: Vec<Option<f64>> = filled(entry)?.iter().map(Entry::number).collect();
    values.into_iter().collect()
}

/// The items of a list, which must not be empty.
pub(super) fn filled<'a>(entry: &Entry<'a>) -> Option<Vec<Entry<'a>>> {
    let items = entry.list()?;
    if items.is_empty() {
        entry.report(format!("`{}` is empty: at least one is needed", entry.name), None);
        return None;
    }
    Some(items)
}

/// A CSV file, the columns of it that are named, and its dialect.
pub(super) type File<'a> = (Named<'a>, Vec<Named<'a>>, Dialect);

/// `{ csv = .., column = .. }` or `{ csv = .., columns = [.., ..] }`, as far as `keys` has the key.
pub(super) fn file<'a>(entry: &Entry<'a>, keys: &[Field]) -> Option<File<'a>> {
    let section = entry.section(format!("`{}`", entry.name))?.only(&[csv::KEYS, keys].concat(), "key");
    let dialect = Dialect::of(&section);
    let csv = section.entry(&CSV).and_then(|csv| Some((csv.text()?, csv)));
    let given: Vec<Entry<'a>> = keys.iter().filter_map(|key| section.get(key.name)).collect();
    let columns = match (given.as_slice(), keys) {
        ([one], _) if one.name == COLUMN.name => one.text().map(|name| vec![(name, one.clone())]),
        ([several], _) => named(several),
        ([_, other, ..], _) => {
            other.report("`column` and `columns` exclude each other", Some("help: keep one of them".to_owned()));
            None
        }
        ([], [key, ..]) => section.need(key.name, key.doc).and(None),
        ([], []) => Some(Vec::new()),
    };
    Some((csv?, columns?, dialect?))
}

/// The names in a list.
fn named<'a>(list: &Entry<'a>) -> Option<Vec<Named<'a>>> {
    let names: Vec<Option<Named<'a>>> = list.list()?.into_iter().map(|item| Some((item.text()?, item))).collect();
    names.into_iter().collect()
}
