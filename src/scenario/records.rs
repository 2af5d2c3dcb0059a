//! CSV files whose rows are the rows of a table of a process: plain numbers, or words and a number.
//!
//! Rows and quotes are parsed by `cells`, numbers by `dialect`; which words are right is known where the table is built.

use super::cells::{Cell, Fault, Rows};
use super::check_columns::file;
use super::diagnostic::quote;
use super::reader::Entry;
use super::table::{CsvFile, Named, content, decode};
use crate::registry::{Nested, Record};

/// The maximum number of rows: one for every pair of states and every action, at their most.
const ROWS: usize = 1 << 20;
/// The maximum number of errors reported per file.
const FAULTS: usize = 5;

/// What `read` makes of the file that a table `{ csv = .. }` names.
fn opened<T>(entry: &Entry<'_>, read: impl FnOnce(CsvFile<'_>) -> Option<T>) -> Option<T> {
    let (csv, _, dialect) = file(entry, &[])?;
    let bytes = content(&csv)?;
    let text = decode(&csv, &bytes)?;
    read(CsvFile { csv: &csv, text, dialect: &dialect })
}

/// Visits the rows that `na` does not leave out; all errors are reported, up to a limit.
fn walk(file: &CsvFile<'_>, mut rows: Rows<'_>, mut visit: impl FnMut(&[Cell<'_>]) -> Result<(), Fault>) -> Option<()> {
    let (mut faults, mut count) = (0, 0);
    while faults < FAULTS {
        let fault = match rows.next() {
            None => break,
            Some(Ok(_)) if count == ROWS => {
                return file.refuse(format!("{} has too many rows", quote(file.csv.0)), None);
            }
            Some(Ok(cells)) if cells.iter().any(|cell| file.dialect.missing(&cell.text)) => None,
            Some(Ok(cells)) => visit(&cells).err(),
            Some(Err(fault)) => {
                // After an unclosed quote the rest is meaningless.
                faults = FAULTS;
                Some(fault)
            }
        };
        count += 1;
        if let Some(Fault { span, message, help }) = fault {
            faults += 1;
            file.report(&span, message, help);
        }
    }
    (faults == 0).then_some(())
}

fn ragged(cells: &[Cell<'_>], width: usize) -> Fault {
    let span = cells[0].span.start..cells[cells.len() - 1].span.end;
    if cells.len() == 1 && cells[0].span.is_empty() {
        return Fault { span, message: "the line is blank".to_owned(), help: Some("help: remove the line".to_owned()) };
    }
    Fault { span, message: format!("the row has {} cells, the first {width}", cells.len()), help: None }
}

/// The number in a cell.
fn number(file: &CsvFile<'_>, cell: &Cell<'_>) -> Result<f64, Fault> {
    file.dialect.number(&cell.text).map_err(|(message, help)| Fault { span: cell.span.clone(), message, help })
}

/// Where the rows of numbers begin: a first row that has another word than a number names the columns.
fn first_row<'a>(file: &CsvFile<'a>) -> Rows<'a> {
    let all = || Rows::new(file.text, file.dialect.separator, file.dialect.skip);
    let mut rows = all();
    match rows.next() {
        Some(Ok(cells)) if cells.iter().any(|cell| file.dialect.number(&cell.text).is_err()) => rows,
        _ => all(),
    }
}

/// Rows of numbers, whatever their columns are called.
pub(super) fn rows(entry: &Entry<'_>) -> Option<Nested> {
    opened(entry, |file| {
        let mut all: Vec<Nested> = Vec::new();
        let mut width = None;
        walk(&file, first_row(&file), |cells| {
            if cells.len() != *width.get_or_insert(cells.len()) {
                return Err(ragged(cells, width.unwrap_or(0)));
            }
            let row: Result<Vec<Nested>, Fault> =
                cells.iter().map(|cell| number(&file, cell).map(Nested::Number)).collect();
            all.push(Nested::List(row?));
            Ok(())
        })?;
        Some(Nested::List(all))
    })
}

/// Rows of these columns by name, words and last a number.
pub(super) fn named(entry: &Entry<'_>, columns: &[&str]) -> Option<Vec<Record>> {
    opened(entry, |file| {
        let mut rows = Rows::new(file.text, file.dialect.separator, file.dialect.skip);
        let header = file.header(&mut rows)?;
        let named: Vec<Named<'_>> = columns.iter().map(|name| (*name, file.csv.1.clone())).collect();
        let places: Vec<Option<usize>> = named.iter().map(|column| file.place_of(column, &header)).collect();
        let places: Vec<usize> = places.into_iter().collect::<Option<_>>()?;
        if let Some((_, other)) = header.iter().enumerate().find(|(at, _)| !places.contains(at)) {
            let message = format!("{} has a further column {}", quote(file.csv.0), quote(other));
            return file.refuse(message, Some(format!("expected the columns {} and no others", columns.join(", "))));
        }
        let mut all = Vec::new();
        walk(&file, rows, |cells| {
            if cells.len() != header.len() {
                return Err(ragged(cells, header.len()));
            }
            let (last, words) = places.split_last().unwrap_or((&0, &[]));
            let words = words.iter().map(|at| cells[*at].text.as_ref().into()).collect();
            all.push(Record { words, value: number(&file, &cells[*last])? });
            Ok(())
        })?;
        Some(all)
    })
}

/// Reports an error in a row of a file that was read without one, counted from 0 below the header.
pub(super) fn report(entry: &Entry<'_>, row: usize, message: String, help: Option<String>) {
    opened(entry, |file| {
        let mut count = 0;
        let mut found = None;
        walk(&file, first_row(&file), |cells| {
            if count == row {
                found = Some(cells[0].span.start..cells[cells.len() - 1].span.end);
            }
            count += 1;
            Ok(())
        });
        match found {
            Some(span) => file.report(&span, message, help),
            None => entry.report(message, help),
        }
        Some(())
    });
}
