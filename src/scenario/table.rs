//! Columns of numbers from a CSV file beside the scenario, or from the built-in data.
//!
//! Rows and quotes are parsed by `cells`, numbers by `dialect`. An error names the CSV file and its line, counted from
//! 1; a missing file or column is an error at the scenario's line. No path leads out of the scenario's folder. No row
//! is dropped unless `na` says so.

use std::ops::Range;
use std::path::{Component, Path};

use unicode_normalization::UnicodeNormalization;

use super::builtin;
use super::cells::{Cell, Fault, Rows, line_of};
use super::diagnostic::{Excerpt, Place, Problem, listed, quote};
use super::dialect::Dialect;
use super::document::Home;
use super::reader::Entry;
use super::schema::sample::LARGEST as LARGEST_SAMPLE;
use super::source::{Content, neighbour, read_regular, reason};
use crate::family::Support;
use crate::registry::nearest;
use crate::text::is_unsafe;

/// The maximum size of a CSV file in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// The maximum number of rows: as many as may be drawn.
const ROWS: usize = LARGEST_SAMPLE as usize;
/// The maximum number of errors reported per file.
const FAULTS: usize = 5;

pub(super) type Named<'a> = (&'a str, Entry<'a>);

/// The numbers of `columns` of the file `csv`, row by row; errors are reported. With `support`, each row must be an
/// observation.
pub(super) fn columns(
    csv: &Named<'_>,
    columns: &[Named<'_>],
    dialect: &Dialect,
    support: Option<Support>,
) -> Option<Vec<f64>> {
    read_columns(csv, columns, dialect, (support, false))
}

/// The same of a file that has no other columns.
pub(super) fn all_columns(csv: &Named<'_>, columns: &[Named<'_>], dialect: &Dialect) -> Option<Vec<f64>> {
    read_columns(csv, columns, dialect, (None, true))
}

fn read_columns(
    csv: &Named<'_>,
    columns: &[Named<'_>],
    dialect: &Dialect,
    (support, all): (Option<Support>, bool),
) -> Option<Vec<f64>> {
    let bytes = content(csv)?;
    let text = decode(csv, &bytes)?;
    let file = CsvFile { csv, text, dialect };
    let mut rows = Rows::new(text, dialect.separator, dialect.skip);
    let header = file.header(&mut rows)?;
    let places: Vec<Option<usize>> = columns.iter().map(|column| file.place_of(column, &header)).collect();
    let at = places.into_iter().collect::<Option<Vec<usize>>>()?;
    if let Some(other) = header.iter().enumerate().find(|(place, _)| all && !at.contains(place)).map(|(_, name)| name) {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        return file.refuse(
            format!("{} has a further column {}", quote(csv.0), quote(other)),
            Some(format!("expected the columns {names} and no others")),
        );
    }
    Reading { file, width: header.len(), at, support, values: Vec::new(), rows: 0, left_out: 0 }.numbers(rows)
}

/// The bytes of a file.
pub(super) fn content(csv: &Named<'_>) -> Option<Vec<u8>> {
    match csv.1.sink.document.home() {
        Home::Embedded => embedded(csv).map(<[u8]>::to_vec),
        Home::Folder(folder) => read(csv, folder),
    }
}

/// The text of a file; an error is reported if it is not UTF-8.
pub(super) fn decode<'a>(csv: &Named<'_>, bytes: &'a [u8]) -> Option<&'a str> {
    let marks: [(&[u8], &str); 4] = [
        (&[0xff, 0xfe, 0, 0], "UTF-32"),
        (&[0, 0, 0xfe, 0xff], "UTF-32"),
        (&[0xff, 0xfe], "UTF-16"),
        (&[0xfe, 0xff], "UTF-16"),
    ];
    let fault = |at: usize, message: String, help: &str| {
        let lossy = String::from_utf8_lossy(&bytes[..at.min(bytes.len())]);
        let (line, span) = line_of(&lossy, lossy.len());
        let place = Place::File { name: path_of(csv), line, column: lossy[span.start..].chars().count() + 1 };
        csv.1.sink.add(&csv.1.span(), Problem::new(place, message).help(help));
        None
    };
    let help = "help: save it as UTF-8";
    if let Some((_, name)) = marks.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return fault(0, format!("{} is {name}", quote(csv.0)), help);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let message = format!("{} has a NUL byte: it is UTF-16 without a byte order mark, or not text", quote(csv.0));
        return fault(at, message, help);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            let message = format!("byte 0x{:02x} of {} is not UTF-8", bytes[at], quote(csv.0));
            fault(at, message, "help: save it as UTF-8; most likely it is Latin-1 or Windows-1252 now")
        }
    }
}

/// The name of the file in messages.
fn path_of(csv: &Named<'_>) -> String {
    match csv.1.sink.document.folder() {
        Some(folder) if folder != Path::new(".") => folder.join(csv.0).to_string_lossy().into_owned(),
        _ => csv.0.to_owned(),
    }
}

/// A CSV file and its dialect.
#[derive(Clone, Copy)]
pub(super) struct CsvFile<'a> {
    pub(super) csv: &'a Named<'a>,
    pub(super) text: &'a str,
    pub(super) dialect: &'a Dialect,
}

impl CsvFile<'_> {
    /// Reports an error at a byte range of the file.
    pub(super) fn report(&self, span: &Range<usize>, message: String, help: Option<String>) {
        let (line, bytes) = line_of(self.text, span.start);
        let shown: String = self.text[bytes.clone()].chars().take(4096).collect();
        let lead = self.text.get(bytes.start..span.start).unwrap_or_default();
        let place = Place::File { name: path_of(self.csv), line, column: lead.chars().count() + 1 };
        let mut problem = Problem::new(place, message);
        problem.excerpt = Some(Excerpt::new(&shown, span.start - bytes.start, span.end.max(span.start) - bytes.start));
        problem.help.extend(help);
        self.csv.1.sink.add(&self.csv.1.span(), problem);
    }

    /// Reports an error in the file as a whole, at the scenario's line.
    pub(super) fn refuse<T>(&self, message: String, help: Option<String>) -> Option<T> {
        self.csv.1.report(message, help);
        None
    }

    pub(super) fn header(&self, rows: &mut Rows<'_>) -> Option<Vec<String>> {
        let cells = match rows.next() {
            Some(Ok(cells)) => cells,
            Some(Err(Fault { span, message, help })) => {
                self.report(&span, message, help);
                return None;
            }
            None if self.dialect.skip > 0 && !self.text.is_empty() => {
                let message =
                    format!("{} ends within the {} lines that `skip` skips", quote(self.csv.0), self.dialect.skip);
                return self.refuse(message, None);
            }
            None => {
                return self
                    .refuse(format!("{} is empty: expected a header line and numbers", quote(self.csv.0)), None);
            }
        };
        if let [only] = cells.as_slice()
            && only.span.is_empty()
        {
            let help = "help: remove the line, or write skip = 1 for a line before the header".to_owned();
            self.report(&only.span, "the line is blank: expected the header".to_owned(), Some(help));
            return None;
        }
        Some(cells.into_iter().map(|cell| cell.text.into_owned()).collect())
    }

    /// The index of a column in the header.
    pub(super) fn place_of(&self, column: &Named<'_>, header: &[String]) -> Option<usize> {
        let mut found = header.iter().enumerate().filter(|(_, name)| *name == column.0).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(at), None) => Some(at),
            (Some(_), Some(_)) => {
                column.1.report(format!("the header names the column {} twice", quote(column.0)), None);
                None
            }
            (None, _) => {
                let message = format!("no column {} in {}", quote(column.0), quote(self.csv.0));
                column.1.report(message, Some(self.why_missing(column.0, header)));
                None
            }
        }
    }

    /// Why a column was most likely not found.
    fn why_missing(&self, column: &str, header: &[String]) -> String {
        let names = || header.iter().map(String::as_str).take(20);
        let first = header.first().map_or("", String::as_str);
        if let Some(alike) = header.iter().find(|name| looks(name) == looks(column)) {
            return told_apart(alike);
        }
        if first.starts_with(['#', '%']) {
            let comments =
                self.text.lines().skip(self.dialect.skip).take_while(|line| line.starts_with(['#', '%'])).count();
            let skip = self.dialect.skip + comments.max(1);
            return format!("help: the header is read from a comment: write skip = {skip} to skip the lines before it");
        }
        if header.len() == 1
            && let Some(separator) = [';', '\t', '|', ','].into_iter().find(|c| first.contains(*c))
        {
            let shown = separator.escape_default();
            return format!(
                "help: the header has only one cell; the file seems to be separated by `{shown}`: write separator = \"{shown}\""
            );
        }
        if !header.is_empty() && header.iter().all(|name| self.dialect.number(name).is_ok()) {
            return "help: the first line holds numbers: add a line with the column names above it".to_owned();
        }
        match nearest(column, names()) {
            Some(near) => format!("help: did you mean {}?", quote(near)),
            None => format!("the columns are {}", listed(names())),
        }
    }
}

/// A name reduced to what is visible of it.
fn looks(name: &str) -> String {
    let visible = name.chars().filter(|c| !is_unsafe(*c)).map(|c| if c.is_whitespace() { ' ' } else { c });
    visible.nfkc().collect::<String>().trim().to_owned()
}

/// How to write a name of the header that only looks like the requested one.
fn told_apart(name: &str) -> String {
    if let Some(c) = name.chars().find(|c| is_unsafe(*c)) {
        return format!(
            "help: the header has that name with the invisible character U+{:04X} in it: remove it there",
            c as u32
        );
    }
    let escaped: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_ascii() => c.to_string(),
            c => format!("\\U{:08X}", c as u32),
        })
        .collect();
    let form = if name.nfd().eq(name.chars()) {
        "accents as separate characters (Unicode NFD)"
    } else {
        "other characters that look alike"
    };
    format!("help: the header writes that name with {form}: write column = \"{escaped}\"")
}

/// The state of reading a CSV file.
struct Reading<'a> {
    file: CsvFile<'a>,
    width: usize,
    at: Vec<usize>,
    support: Option<Support>,
    values: Vec<f64>,
    rows: usize,
    left_out: usize,
}

impl Reading<'_> {
    fn numbers(mut self, mut rows: Rows<'_>) -> Option<Vec<f64>> {
        let mut faults = 0;
        while faults < FAULTS {
            let fault = match rows.next() {
                None => break,
                Some(Ok(_)) if self.rows == ROWS => {
                    let message = format!("{} has more than {ROWS} rows", quote(self.file.csv.0));
                    return self.file.refuse(message, Some("help: keep only a part of them".to_owned()));
                }
                Some(Ok(cells)) => self.row(&cells).err(),
                Some(Err(fault)) => {
                    // After an unclosed quote the rest is meaningless.
                    faults = FAULTS;
                    Some(fault)
                }
            };
            self.rows += 1;
            if let Some(Fault { span, message, help }) = fault {
                faults += 1;
                self.file.report(&span, message, help);
            }
        }
        if faults > 0 {
            return None;
        }
        let (name, total) = (quote(self.file.csv.0), self.rows);
        if total == 0 {
            return self.file.refuse(format!("{name} has a header but no rows"), None);
        }
        if self.left_out == total {
            return self.file.refuse(format!("{name}: `na` leaves out all of its {total} rows"), None);
        }
        if self.left_out > 0 {
            self.file.csv.1.sink.remark(format!("{name}: {} of {total} rows left out, as `na` says", self.left_out));
        }
        Some(self.values)
    }

    /// Reads one row. It is left out as a whole if a cell in use has no value.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Fault> {
        let dialect = self.file.dialect;
        let blank = cells.len() == 1 && cells[0].span.is_empty();
        if cells.len() != self.width || (blank && !dialect.missing("")) {
            return Err(self.ragged(cells, blank));
        }
        let used = || self.at.iter().filter_map(|&at| cells.get(at));
        if used().any(|cell| dialect.missing(&cell.text)) {
            self.left_out += 1;
            return Ok(());
        }
        let mut numbers = Vec::with_capacity(self.at.len());
        for (place, cell) in used().enumerate() {
            let fault = |(message, help)| Fault { span: cell.span.clone(), message, help };
            let value = dialect.number(&cell.text).map_err(fault)?;
            if let Some(support) = self.support.filter(|support| !support.admits(self.place_in(place), value)) {
                let help = Some(format!("expected {}", support.wanted()));
                return Err(fault((format!("{value} is outside the family's support"), help)));
            }
            numbers.push(value);
        }
        self.values.extend(numbers);
        Ok(())
    }

    /// The place in an observation: a label is the last, however many columns come before.
    fn place_in(&self, column: usize) -> usize {
        let width = self.support.map_or(1, Support::width);
        if column + 1 == self.at.len() { width - 1 } else { column.min(width.saturating_sub(2)) }
    }

    /// The error in a row whose number of cells differs from the header's.
    fn ragged(&self, cells: &[Cell<'_>], blank: bool) -> Fault {
        let (first, last) = (&cells[0], &cells[cells.len() - 1]);
        if blank {
            let more = if self.width == 1 { "; for a missing value write na = [\"\"]" } else { "" };
            let help = Some(format!("help: remove the line{more}"));
            return Fault { span: first.span.clone(), message: "the line is blank".to_owned(), help };
        }
        let message = format!("the row has {} cells, the header {}", cells.len(), self.width);
        let surplus = cells.len() > self.width;
        let help = if first.text.starts_with('#') {
            Some("help: comments are allowed only before the header, as lines skipped by `skip`")
        } else if surplus && last.text.is_empty() {
            Some("help: the row ends with a separator that the header does not have")
        } else if surplus && self.file.dialect.separator == b',' {
            Some(
                "help: a comma within a number? For decimal commas write separator = \";\" and decimal = \",\"; a cell with a comma needs quotes",
            )
        } else {
            None
        };
        Fault { span: first.span.start..last.span.end, message, help: help.map(str::to_owned) }
    }
}

fn embedded(csv: &Named<'_>) -> Option<&'static [u8]> {
    let found = builtin::data(csv.0);
    if found.is_none() {
        let help = format!("known: {}", listed(builtin::DATA.iter().map(|(name, _)| *name)));
        csv.1.report(format!("no built-in data set is called {}", quote(csv.0)), Some(help));
    }
    found.map(str::as_bytes)
}

/// Reads a regular file in the scenario's folder; anything else, or a path out of the folder, is an error.
fn read(csv: &Named<'_>, folder: &Path) -> Option<Vec<u8>> {
    let refuse = |message: String, help: Option<String>| {
        csv.1.report(message, help);
        None
    };
    let relative = Path::new(csv.0);
    if csv.0.is_empty() || !relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        let help = "help: put the file beside the scenario".to_owned();
        return refuse(format!("{} leads out of the scenario's folder", quote(csv.0)), Some(help));
    }
    let path = folder.join(relative);
    let whole = match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) if path.starts_with(&folder) => path,
        (Ok(_), Ok(_)) => return refuse(format!("{} links out of the scenario's folder", quote(csv.0)), None),
        (Err(error), _) | (_, Err(error)) => {
            let help = neighbour(&path, "csv").map(|near| format!("help: did you mean {}?", quote(&near)));
            return refuse(format!("cannot read {}: {}", quote(csv.0), reason(&error)), help);
        }
    };
    match read_regular(&whole, LARGEST) {
        Ok(Content::TooBig) => refuse(format!("{} is larger than 16 MiB", quote(csv.0)), None),
        Ok(Content::Bytes(bytes)) => Some(bytes),
        Ok(Content::NoFile) => refuse(format!("{} is not a regular file", quote(csv.0)), None),
        Err(error) => refuse(format!("cannot read {}: {}", quote(csv.0), reason(&error)), None),
    }
}
