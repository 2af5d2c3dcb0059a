//! The dialect of a CSV file: its separator, its decimal mark, the markers of missing values, and how numbers are read.
//!
//! Explains why a cell is not a number. Knows neither rows nor columns.

use super::diagnostic::quote;
use super::reader::{Entry, Section};
use super::schema::csv::{DECIMAL, NA, SEPARATOR, SKIP};
use crate::text::is_unsafe;

/// How a CSV file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) separator: u8,
    decimal: u8,
    /// Texts that mark a missing value: a row with one in a column in use is left out.
    na: Vec<String>,
    /// The number of lines before the header.
    pub(super) skip: usize,
}

impl Dialect {
    /// Reads the keys of a table; errors are reported.
    pub(super) fn of(section: &Section<'_>) -> Option<Self> {
        let (given, mark) = (section.get(SEPARATOR.name), section.get(DECIMAL.name));
        let separator = given.as_ref().map_or(Some(b','), separator);
        let decimal = mark.as_ref().map_or(Some(b'.'), decimal);
        let na = section.get(NA.name).map_or(Some(Vec::new()), |entry| na(&entry));
        let skip = section.integer(&SKIP);
        let (separator, decimal) = (separator?, decimal?);
        if separator == decimal {
            let help = if mark.is_some() { "separator = \";\"" } else { "decimal = \",\"" };
            let both = char::from(decimal);
            let message = format!("`separator` and `decimal` are both `{both}`");
            mark.or(given)?.report(message, Some(format!("help: write {help} as well, if the file uses it")));
            return None;
        }
        Some(Self { separator, decimal, na: na?, skip: usize::try_from(skip?).ok()? })
    }

    /// Whether a cell marks a missing value.
    pub(super) fn missing(&self, cell: &str) -> bool {
        self.na.iter().any(|text| text == cell)
    }

    /// The number in a cell, or a message and help if it is not a number.
    pub(super) fn number(&self, cell: &str) -> Result<f64, (String, Option<String>)> {
        let value: Option<f64> = match self.decimal {
            b',' if cell.contains('.') => None,
            b',' => cell.replacen(',', ".", 1).parse().ok(),
            _ => cell.parse().ok(),
        };
        match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(_) => Err((format!("{} is not a finite number", quote(cell)), left_out(cell))),
            None if cell.is_empty() => Err(("the cell is empty: expected a number".to_owned(), left_out(cell))),
            None => Err(self.cause(cell)),
        }
    }

    /// Why a cell is not a number.
    fn cause(&self, cell: &str) -> (String, Option<String>) {
        let shown = quote(cell);
        let digits = cell.chars().any(|c| c.is_ascii_digit());
        let foreign = cell
            .chars()
            .find(|c| !c.is_ascii() && (is_unsafe(*c) || c.is_whitespace() || is_dash(*c) || c.is_numeric()));
        let (what, help) = match foreign {
            Some(c) if is_dash(c) => {
                (format!("its minus is U+{:04X}", c as u32), "write a hyphen `-` instead".to_owned())
            }
            Some(c) if c.is_numeric() => {
                (format!("its digit U+{:04X} is not one of 0 to 9", c as u32), "write the digits 0 to 9".to_owned())
            }
            Some(c) => (format!("it has the invisible character U+{:04X}", c as u32), "remove it".to_owned()),
            None if !digits => return (format!("{shown} is not a number"), left_out(cell)),
            None if self.decimal == b',' && cell.contains('.') => {
                ("it has a point, but `decimal` is `,`".to_owned(), "remove points between thousands".to_owned())
            }
            None if cell.contains(',') => (
                "it has a comma".to_owned(),
                "for a decimal comma write decimal = \",\" and separator = \";\"; remove commas between thousands"
                    .to_owned(),
            ),
            None if cell.contains(['%', '$', '€', '£', '¥']) => {
                ("it has a unit".to_owned(), "write the number alone".to_owned())
            }
            None if cell.trim_start_matches(['-', '+']).starts_with(['0']) && cell.contains(['x', 'X']) => {
                ("it is hexadecimal".to_owned(), "write it in decimal digits".to_owned())
            }
            None if cell.contains([' ', '\'', '_']) && cell.chars().all(|c| !c.is_alphabetic()) => {
                ("its digits are grouped".to_owned(), "write them without gaps".to_owned())
            }
            None => return (format!("{shown} is not a number"), None),
        };
        (format!("{shown} is not a number: {what}"), Some(format!("help: {help}")))
    }
}

/// What to do about a cell that most likely marks a missing value.
fn left_out(cell: &str) -> Option<String> {
    const MISSING: [&str; 14] =
        ["", "na", "n/a", "#n/a", "nan", "null", "nil", "none", "missing", "-", "--", ".", "?", "inf"];
    MISSING
        .contains(&cell.to_lowercase().as_str())
        .then(|| format!("help: to leave such rows out, write na = [\"{cell}\"]"))
}

/// Whether a character looks like the ASCII hyphen-minus but is another.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

fn separator(entry: &Entry<'_>) -> Option<u8> {
    let text = entry.text()?;
    let [byte] = *text.as_bytes() else {
        let help = "help: write separator = \";\", \",\", \"|\", \" \" or \"\\t\"".to_owned();
        entry.report(format!("`separator` must be one ASCII character, not {}", quote(text)), Some(help));
        return None;
    };
    if byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'+' | b'-') || (byte.is_ascii_control() && byte != b'\t')
    {
        entry.report(format!("`separator` cannot be {}: it may occur within a cell", quote(text)), None);
        return None;
    }
    Some(byte)
}

fn decimal(entry: &Entry<'_>) -> Option<u8> {
    match entry.text()? {
        "." => Some(b'.'),
        "," => Some(b','),
        other => {
            entry.report(format!("`decimal` must be \".\" or \",\", not {}", quote(other)), None);
            None
        }
    }
}

fn na(entry: &Entry<'_>) -> Option<Vec<String>> {
    if !entry.is_list() {
        entry.report("`na` must be a list of strings", Some("help: write na = [\"NA\", \"\"]".to_owned()));
        return None;
    }
    let texts = entry
        .list()?
        .iter()
        .map(|item| Some(item.text()?.trim_matches(super::cells::is_blank).to_owned()))
        .collect::<Vec<_>>();
    texts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(decimal: u8) -> Dialect {
        Dialect { separator: b';', decimal, na: Vec::new(), skip: 0 }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, value) in [("1e5", 1e5), ("+1", 1.0), (".5", 0.5), ("5.", 5.0), ("-0.25E-2", -0.0025), ("007", 7.0)]
        {
            assert_eq!(dialect(b'.').number(cell), Ok(value), "{cell}");
        }
        for (cell, value) in [("1,5", 1.5), (",5", 0.5), ("-1,5e2", -150.0), ("3", 3.0)] {
            assert_eq!(dialect(b',').number(cell), Ok(value), "{cell}");
        }
    }

    #[test]
    fn a_cell_that_is_not_a_number_says_why() {
        for (decimal, cell, what, help) in [
            (b'.', "\u{2212}1.5", "U+2212", "hyphen"),
            (b'.', "\u{2013}1.5", "U+2013", "hyphen"),
            (b'.', "1\u{a0}234", "U+00A0", "remove it"),
            (b'.', "1.5\u{200b}", "U+200B", "remove it"),
            (b'.', "\u{feff}1.5", "U+FEFF", "remove it"),
            (b'.', "\u{661}\u{662}", "U+0661", "0 to 9"),
            (b'.', "1,5", "comma", "decimal = \",\""),
            (b'.', "1,234.5", "comma", "thousands"),
            (b'.', "1 234", "grouped", "gaps"),
            (b'.', "1'234", "grouped", "gaps"),
            (b'.', "1_000", "grouped", "gaps"),
            (b'.', "5%", "unit", "alone"),
            (b'.', "$5", "unit", "alone"),
            (b'.', "0x1F", "hexadecimal", "decimal digits"),
            (b'.', "", "empty", "na = [\"\"]"),
            (b'.', "NA", "not a number", "na = [\"NA\"]"),
            (b'.', "inf", "finite", "na = [\"inf\"]"),
            (b'.', "NaN", "finite", "na = [\"NaN\"]"),
            (b'.', "1e999", "finite", ""),
            (b',', "1.5", "point", "thousands"),
            (b',', "1,234,5", "comma", "thousands"),
            (b'.', "soon", "not a number", ""),
        ] {
            let (message, found) = dialect(decimal).number(cell).expect_err(cell);
            let found = found.unwrap_or_default();
            assert!(message.contains(what) && found.contains(help), "{cell}: {message}; {found}");
        }
    }
}
