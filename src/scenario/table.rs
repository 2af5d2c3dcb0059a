//! Columns of numbers from a CSV file beside the scenario, or from the data that came with the program.
//!
//! Knows cells and lines, not losses. A fault names the CSV file and its line, the header being line 1; a file or a column
//! that is not there is a fault of the scenario's line. No path leads out of the scenario's folder.

use std::path::{Component, Path};

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::builtin;
use super::diagnostic::{Excerpt, Place, Problem, listed, quote};
use super::document::{Content, Home, neighbour, read_regular, reason};
use super::reader::Entry;
use crate::family::Support;
use crate::registry::nearest;

/// Most bytes of a CSV file.
const LARGEST: u64 = 16 * 1024 * 1024;
/// Most rows of numbers: as many as may be drawn.
const ROWS: usize = super::check_data::DRAWS as usize;
/// Most cells of one line. A cell costs more memory than its bytes.
const COLUMNS: usize = 1000;
/// Most bytes of one line.
const LINE: usize = 64 * 1024;
/// Most faults of one file that are told.
const FAULTS: usize = 5;

type Named<'a> = (&'a str, Entry<'a>);

/// The numbers of `columns` of the file `csv`, row by row; faults are reported. With `support` each row is an observation.
pub(super) fn columns(csv: &Named<'_>, columns: &[Named<'_>], support: Option<Support>) -> Option<Vec<f64>> {
    let bytes = match csv.1.sink.document.home() {
        Home::Embedded => embedded(csv)?.to_vec(),
        Home::Folder(folder) => read(csv, folder)?,
    };
    if let Some(line) = too_wide(&bytes) {
        let most = format!("more than {COLUMNS} cells or {LINE} bytes");
        csv.1.report(format!("line {line} of {} has {most}", quote(csv.0)), None);
        return None;
    }
    let mut reader =
        ReaderBuilder::new().flexible(true).has_headers(false).trim(Trim::All).from_reader(bytes.as_slice());
    let mut record = ByteRecord::new();
    if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
        csv.1.report(format!("{} is empty: a header line and numbers are expected", quote(csv.0)), None);
        return None;
    }
    let header: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    let places: Vec<Option<usize>> = columns.iter().map(|column| place_of(column, &header)).collect();
    let at = places.into_iter().collect::<Option<Vec<usize>>>()?;
    let file = CsvFile { csv, bytes: &bytes, width: header.len(), at, support };
    file.numbers(&mut reader)
}

/// The first line, from 1, that has too many cells or is too long: it would be kept as a whole, several times.
fn too_wide(bytes: &[u8]) -> Option<usize> {
    let wide = |line: &[u8]| line.len() > LINE || line.split(|byte| *byte == b',').nth(COLUMNS).is_some();
    bytes.split(|byte| *byte == b'\n').position(wide).map(|line| line + 1)
}

/// The place of a column in the header.
fn place_of(column: &Named<'_>, header: &[String]) -> Option<usize> {
    let mut found = header.iter().enumerate().filter(|(_, name)| *name == column.0).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at),
        (Some(_), Some(_)) => {
            column.1.report(format!("the header names the column {} twice", quote(column.0)), None);
            None
        }
        (None, _) => {
            let names = || header.iter().map(String::as_str).take(20);
            let help = match nearest(column.0, names()) {
                Some(near) => format!("help: did you mean {}?", quote(near)),
                None => format!("the columns are {}", listed(names())),
            };
            column.1.report(format!("there is no column {}", quote(column.0)), Some(help));
            None
        }
    }
}

/// A CSV file while its rows are read.
struct CsvFile<'a> {
    csv: &'a Named<'a>,
    bytes: &'a [u8],
    width: usize,
    at: Vec<usize>,
    support: Option<Support>,
}

impl CsvFile<'_> {
    fn numbers(&self, reader: &mut csv::Reader<&[u8]>) -> Option<Vec<f64>> {
        let mut record = ByteRecord::new();
        let mut values = Vec::new();
        let mut faults = 0;
        // Line and byte up to which line feeds were counted.
        let mut counted = (1, 0);
        while faults < FAULTS {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.csv.1.report(format!("cannot read {}: {error}", quote(self.csv.0)), None);
                    return None;
                }
            }
            let start = self.start_of(record.position().map_or(0, csv::Position::byte));
            counted = (counted.0 + count(&self.bytes[counted.1..start]), start);
            if values.len() >= ROWS * self.at.len() {
                let message = format!("{} has more than {ROWS} rows", quote(self.csv.0));
                self.csv.1.report(message, Some("help: keep a part of them".to_owned()));
                return None;
            }
            for (place, &at) in self.at.iter().enumerate() {
                match self.number(&record, place, at) {
                    Ok(value) => values.push(value),
                    Err((message, help)) => {
                        faults += 1;
                        self.report((counted.0, at), start, message, help);
                        // A row that is too short would be told once a column.
                        break;
                    }
                }
            }
        }
        if faults == 0 && values.is_empty() {
            self.csv.1.report(format!("{} has a header and no rows", quote(self.csv.0)), None);
        }
        (faults == 0 && !values.is_empty()).then_some(values)
    }

    /// Where a record really begins: the reader counts empty lines before it to it.
    fn start_of(&self, byte: u64) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let blank = self.bytes[byte..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        byte + blank
    }

    fn number(&self, record: &ByteRecord, place: usize, at: usize) -> Result<f64, (String, Option<String>)> {
        if record.len() != self.width {
            return Err((format!("the row has {} cells, the header {}", record.len(), self.width), None));
        }
        let cell = String::from_utf8_lossy(record.get(at).unwrap_or_default());
        let value: f64 = match cell.parse() {
            Ok(value) => value,
            Err(_) if cell.is_empty() => return Err(("the cell is empty: a number is expected".to_owned(), None)),
            Err(_) => return Err((format!("{} is no number", quote(&cell)), None)),
        };
        if !value.is_finite() {
            return Err((format!("{} is not a finite number", quote(&cell)), None));
        }
        match self.support {
            Some(support) if !support.admits(place, value) => Err((
                format!("{value} is outside of the family's support"),
                Some(format!("expected {}", support.wanted())),
            )),
            _ => Ok(value),
        }
    }

    fn report(&self, (line, at): (usize, usize), start: usize, message: String, help: Option<String>) {
        let rest = &self.bytes[start..];
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()).min(4096);
        let shown = String::from_utf8_lossy(&rest[..end]).into_owned();
        let shown = shown.trim_end_matches('\r');
        let before: usize = shown.split(',').take(at).map(|cell| cell.len() + 1).sum();
        let marked = shown.get(before..).and_then(|rest| rest.split(',').next()).unwrap_or_default();
        let column = shown.get(..before).map_or(0, |lead| lead.chars().count()) + 1;
        let document = self.csv.1.sink.document;
        let name = match document.folder() {
            Some(folder) if folder != Path::new(".") => folder.join(self.csv.0).to_string_lossy().into_owned(),
            _ => self.csv.0.to_owned(),
        };
        let mut problem = Problem::new(Place::File { name, line, column }, message);
        problem.excerpt = Some(Excerpt::new(shown, before, before + marked.len()));
        problem.help.extend(help);
        self.csv.1.sink.add(&self.csv.1.span(), problem);
    }
}

fn count(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

fn embedded(csv: &Named<'_>) -> Option<&'static [u8]> {
    let found = builtin::data(csv.0);
    if found.is_none() {
        let help = format!("known: {}", listed(builtin::DATA.iter().map(|(name, _)| *name)));
        csv.1.report(format!("no data set {} came with the program", quote(csv.0)), Some(help));
    }
    found.map(str::as_bytes)
}

/// Reads a file of the scenario's folder, after looking that it is one and is in there.
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
        Ok(Content::TooBig) => refuse(format!("{} is bigger than 16 MiB", quote(csv.0)), None),
        Ok(Content::Bytes(bytes)) => Some(bytes),
        Ok(Content::NoFile) => refuse(format!("{} is no regular file", quote(csv.0)), None),
        Err(error) => refuse(format!("cannot read {}: {}", quote(csv.0), reason(&error)), None),
    }
}
