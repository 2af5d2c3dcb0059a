//! Rows of a CSV file, read strictly (RFC 4180): whatever a lenient reader would tolerate is an error.
//!
//! Knows quotes and lines, not numbers or columns. The `csv` crate has no strict mode: it skips blank lines, closes an
//! open quote at the end of the file, reads a quote inside a cell literally, and does not count lines that end with CR
//! alone.

use std::borrow::Cow;
use std::ops::Range;

/// The maximum number of cells in a row. A cell costs more memory than its bytes.
pub(super) const COLUMNS: usize = 1000;
/// The maximum length of a line in bytes.
pub(super) const LINE: usize = 64 * 1024;

/// A violation of the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The bytes to blame.
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// A cell without its quotes and surrounding blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    pub(super) text: Cow<'a, str>,
    /// Its bytes in the file, including quotes.
    pub(super) span: Range<usize>,
}

/// Reads row after row.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
}

impl<'a> Rows<'a> {
    /// The rows of `text` from line `skip` on, counting from 0.
    pub(super) fn new(text: &'a str, separator: u8, skip: usize) -> Self {
        let mut at = 0;
        for _ in 0..skip {
            at = after_line(text, at);
        }
        Self { text, separator, at }
    }

    /// The next row: at least one cell, which is empty if the line is blank. `None` at the end of the file; after an
    /// error the remaining rows are meaningless.
    pub(super) fn next(&mut self) -> Option<Result<Vec<Cell<'a>>, Fault>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(fault) => return Some(Err(fault)),
            }
            if cells.len() > COLUMNS {
                return Some(Err(too_long(cells[0].span.start)));
            }
            match self.byte() {
                Some(byte) if byte == self.separator => self.at += 1,
                _ => break,
            }
        }
        self.at = after_line(self.text, self.at);
        Some(Ok(cells))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn cell(&mut self) -> Result<Cell<'a>, Fault> {
        let start = self.at;
        if self.byte() == Some(b'"') {
            return self.quoted();
        }
        let bytes = self.text.as_bytes();
        let stop = |byte: &u8| *byte == self.separator || matches!(byte, b'\n' | b'\r' | b'"');
        self.at = bytes[start..].iter().position(stop).map_or(bytes.len(), |length| start + length);
        if self.at - start > LINE {
            return Err(too_long(start));
        }
        if self.byte() == Some(b'"') {
            let blank = self.text[start..self.at].trim_matches(is_blank).is_empty();
            let help = if blank {
                "help: remove the blanks before the quote"
            } else {
                "help: put the whole cell in quotes and write \"\" for a quote inside it"
            };
            return Err(fault(self.at..self.at + 1, "a quote in the middle of a cell", help));
        }
        Ok(Cell { text: Cow::Borrowed(self.text[start..self.at].trim_matches(is_blank)), span: start..self.at })
    }

    fn quoted(&mut self) -> Result<Cell<'a>, Fault> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut doubled = false;
        self.at += 1;
        loop {
            let Some(length) = bytes[self.at..].iter().position(|byte| *byte == b'"') else {
                let help = "help: close it, or write \"\" for a quote inside a quoted cell";
                return Err(fault(start..start + 1, "this quote is never closed", help));
            };
            self.at += length + 1;
            if self.byte() != Some(b'"') {
                break;
            }
            doubled = true;
            self.at += 1;
        }
        if self.at - start > LINE {
            return Err(too_long(start));
        }
        match self.byte() {
            None | Some(b'\n' | b'\r') => {}
            Some(byte) if byte == self.separator => {}
            Some(_) => {
                let end = self.at + self.text[self.at..].chars().next().map_or(0, char::len_utf8);
                let help = match &self.text[self.at..end] {
                    c @ (";" | "|" | ",") => {
                        format!("help: if the file is separated by `{c}`, write separator = \"{c}\"")
                    }
                    "\t" => "help: if the file is separated by tabs, write separator = \"\\t\"".to_owned(),
                    _ => "help: write \"\" for a quote inside a quoted cell".to_owned(),
                };
                return Err(fault(self.at..end, "text after the closing quote of a cell", &help));
            }
        }
        let inner = &self.text[start + 1..self.at - 1];
        let text = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
        };
        Ok(Cell { text, span: start..self.at })
    }
}

fn too_long(start: usize) -> Fault {
    let message = format!("the line has more than {COLUMNS} cells or {LINE} bytes");
    Fault { span: start..start + 1, message, help: None }
}

fn fault(span: Range<usize>, message: &str, help: &str) -> Fault {
    Fault { span, message: message.to_owned(), help: Some(help.to_owned()) }
}

/// Whether a character is trimmed from the ends of a cell. Only plain spaces and tabs are: other blanks are not
/// recognizable as such.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// The start of the line after the one that contains `at`. A line ends with LF, CR LF or CR.
fn after_line(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at.min(text.len())..];
    let Some(length) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else { return text.len() };
    at + length + if rest[length..].starts_with(b"\r\n") { 2 } else { 1 }
}

/// The line that contains a byte, counted from 1, and its byte range.
pub(super) fn line_of(text: &str, byte: usize) -> (usize, Range<usize>) {
    let (mut number, mut start) = (1, 0);
    loop {
        let next = after_line(text, start);
        let ended = text.as_bytes()[..next].ends_with(b"\n") || text.as_bytes()[..next].ends_with(b"\r");
        if byte < next || next == start || !ended {
            return (number, start..start + text[start..next].trim_end_matches(['\n', '\r']).len());
        }
        (number, start) = (number + 1, next);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Result<Vec<Vec<String>>, Fault> {
        let mut rows = Rows::new(text, b',', 0);
        std::iter::from_fn(|| rows.next())
            .map(|row| Ok(row?.into_iter().map(|cell| cell.text.into_owned()).collect()))
            .collect()
    }

    #[test]
    fn every_leniency_of_a_csv_reader_is_a_fault_at_its_line() {
        for (text, line, words) in [
            ("x,y\n1,\"2\n3,4\n", 2, "never closed"),
            ("x,y\n1,2\n3,4\"\n5,6\n", 3, "middle"),
            ("x,y\n1,2\n3, \"4\"\n", 3, "middle"),
            ("x,y\n1,\"2\"3\n", 2, "after the closing quote"),
            ("x,y\n1,\"2\" \n", 2, "after the closing quote"),
            ("x\r\r\"1\r", 3, "never closed"),
            ("a\n\"b\nc\"\n\"d", 4, "never closed"),
        ] {
            let fault = all(text).expect_err(text);
            assert_eq!(line_of(text, fault.span.start).0, line, "{text:?}");
            assert!(fault.message.contains(words), "{text:?}: {}", fault.message);
        }
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr_and_blank_ones_are_rows_of_one_empty_cell() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "", "\"x\"\"y\",\" z \""].join(end);
            let rows = all(&text).expect("rows");
            assert_eq!(rows, [vec!["a", "b"], vec!["1", "2"], vec![""], vec!["x\"y", "z"]]);
            let place = text.find('2').expect("a place");
            assert_eq!(line_of(&text, place).0, 2);
            assert_eq!(&text[line_of(&text, place).1], "1,2");
            assert_eq!(all(&(text + end)).expect("rows").len(), 4);
        }
        assert_eq!(line_of("a\n", 2), (2, 2..2));
    }

    proptest! {
        /// The csv crate is the independent reference: what it writes is read back unchanged.
        #[test]
        fn what_is_accepted_reads_as_the_csv_crate_reads_it(
            rows in prop::collection::vec(prop::collection::vec("[a-c1 \"\n,]{1,4}", 2..=2), 1..6)
        ) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).expect("a record");
            }
            let text = String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8");
            let trimmed = |cell: &str| cell.trim_matches(is_blank).to_owned();
            let wanted: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| trimmed(cell)).collect()).collect();
            prop_assert_eq!(all(&text), Ok(wanted));
        }

        #[test]
        fn nothing_is_read_otherwise_than_by_the_csv_crate(text in "[a1\"\n\r, ]{0,12}") {
            let Ok(rows) = all(&text) else { return Ok(()) };
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("a record").iter().map(|cell| cell.trim_matches(is_blank).to_owned()).collect())
                .collect();
            // It skips blank lines, which are rows here.
            let blank = |row: &&Vec<String>| row.len() > 1 || !row[0].is_empty();
            let ours: Vec<&Vec<String>> = rows.iter().filter(blank).collect();
            prop_assert_eq!(ours, theirs.iter().filter(blank).collect::<Vec<_>>());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", skip in 0_usize..5, separator in prop::sample::select(vec![b',', b';', b'\t'])) {
            let mut rows = Rows::new(&text, separator, skip);
            while let Some(Ok(row)) = rows.next() {
                for cell in row {
                    let _ = line_of(&text, cell.span.start);
                }
            }
        }
    }
}
