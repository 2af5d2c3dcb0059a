//! TOML syntax errors in plain words: what most likely went wrong, and what to write instead.
//!
//! Reads lines, not scenarios. The parser supplies the position; the cause is guessed from the line alone.

use std::ops::Range;

use super::diagnostic::{Problem, Report, quote};
use super::dialect::is_dash;
use super::schema::ROOT;
use super::sink::Sink;
use crate::registry::{Kind, number};
use crate::text::{Safe, is_unsafe};

/// The maximum number of syntax errors reported: one mistake often causes several.
const ERRORS: usize = 5;

/// The length in bytes of the longest value that is rewritten in a suggestion.
const LONGEST: usize = 40;

/// Help for `5 %` and `1/20`.
const ONE_NUMBER: &str = "write one number, without units, fractions or gaps";

/// Reports what the parser found.
pub(super) fn report(sink: Sink<'_>, errors: &[toml::de::Error]) -> Report {
    let text = sink.document.text();
    let mut seen = Vec::new();
    let mut twice = false;
    for error in errors {
        let span = error.span().unwrap_or_else(|| deep_key(text));
        let line = sink.line(span.start);
        if seen.contains(&line) || seen.len() == ERRORS {
            continue;
        }
        let duplicate = error.message() == "duplicate key";
        let list = duplicate.then(|| list_of_tables(text, &span)).flatten();
        // The keys of a repeated table are repeated as well.
        if duplicate && twice {
            continue;
        }
        twice |= list.is_some();
        seen.push(line);
        let (message, help) = match list {
            Some(name) => {
                (format!("[{name}] appears a second time"), Some(format!("help: write [[{name}]] for each of them")))
            }
            None => words(text, &span, error.message()),
        };
        sink.report(&span, format!("not valid TOML: {message}"), help);
    }
    let place = sink.document.place(0, 1);
    sink.report_all().unwrap_or_else(|| Report::one(Problem::new(place, "not valid TOML")))
}

/// The name in `[name]`, if that table may be repeated.
fn list_of_tables(text: &str, span: &Range<usize>) -> Option<&'static str> {
    let (line, _) = line_at(text, span.start);
    let name = line.trim().strip_prefix('[')?.split(']').next()?.trim();
    ROOT.iter().find(|field| field.name == name && matches!(field.kind, Kind::Tables(..))).map(|field| field.name)
}

fn words(text: &str, span: &Range<usize>, message: &str) -> (String, Option<String>) {
    let unprintable = text.get(span.start..).and_then(|rest| rest.chars().next());
    if let Some(c) = unprintable.filter(|c| is_unsafe(*c) && *c != '\n') {
        return (format!("the control character U+{:04X}", c as u32), None);
    }
    if message == "duplicate key" {
        let key = text.get(span.clone()).unwrap_or_default();
        return (format!("{} appears a second time", quote(key)), None);
    }
    if message.contains("recursion") {
        return ("nested deeper than 80 levels".to_owned(), None);
    }
    let (what, wanted) = message.split_once(", expected ").unwrap_or((message, ""));
    let (line, at) = line_at(text, span.start);
    let hint = meant(line, at, what).map(|hint| format!("help: {hint}"));
    let wanted = match wanted {
        // These expectations of the parser would not help the user.
        "" | "nothing" | "literal string" => None,
        wanted => Some(format!("expected {wanted}")),
    };
    (what.to_owned(), hint.or(wanted))
}

/// The line that contains a byte, and the byte's offset in it.
fn line_at(text: &str, byte: usize) -> (&str, usize) {
    let byte = byte.min(text.len());
    let start = text.as_bytes()[..byte].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (text[start..].lines().next().unwrap_or_default(), byte - start)
}

/// What the author of this line most likely meant.
fn meant(line: &str, at: usize, what: &str) -> Option<String> {
    if line.contains(['“', '”', '„', '‘', '’', '«', '»']) {
        return Some("write straight quotes: \"…\"".to_owned());
    }
    let key = |end: usize| line.get(..end).unwrap_or_default().trim();
    match line.split_once('=') {
        None if line.contains(':') => {
            let (key, value) = line.split_once(':')?;
            return Some(format!("write {} = {}", quoted(key), quoted(value)));
        }
        None => {
            let (key, value) = line.trim().split_once(char::is_whitespace)?;
            return Some(format!("write {} = {}", quoted(key), quoted(value)));
        }
        Some((key, _)) if key.contains(':') && !key.contains(['"', '\'']) => {
            return Some("write `=` between a key and its value".to_owned());
        }
        Some((_, value)) if value.starts_with('=') => return Some("write one `=`".to_owned()),
        Some((key, value)) if value.trim().is_empty() || value.trim().starts_with('#') => {
            return Some(format!("write a value after the `=` of {}", quoted(key)));
        }
        Some(_) => {}
    }
    if what.contains("basic string") || what.contains("literal string") {
        return Some("close the string on the same line, with the quote that opened it".to_owned());
    }
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if let Some(rest) = line.get(at..)?.strip_prefix(',') {
        return Some(if digit(key(at).chars().last()) && digit(rest.chars().next()) {
            "write decimals with a point, and thousands without commas".to_owned()
        } else {
            "remove the comma".to_owned()
        });
    }
    let word = token(line, at);
    let rest = line.split_once(word).map_or("", |(_, rest)| rest.trim());
    if number(word).is_some() && !rest.is_empty() && !rest.starts_with(['#', ',', ']', '}']) {
        return Some(ONE_NUMBER.to_owned());
    }
    value_meant(word)
}

/// The word around a byte of a line.
fn token(line: &str, at: usize) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '[' | ']' | '{' | '}' | ',' | '#' | '"');
    let start = line
        .get(..at)
        .and_then(|lead| lead.rfind(ends))
        .map_or(0, |place| place + line[place..].chars().next().map_or(1, char::len_utf8));
    let rest = line.get(start..).unwrap_or_default();
    &rest[..rest.find(ends).unwrap_or(rest.len())]
}

/// What an invalid value was meant to be.
fn value_meant(word: &str) -> Option<String> {
    let dashed = word.replace(is_dash, "-");
    let (sign, digits) = match dashed.strip_prefix(['-', '+']) {
        Some(rest) => (&dashed[..1], rest),
        None => ("", dashed.as_str()),
    };
    let bare = digits.trim_start_matches('0');
    let lower = word.to_lowercase();
    // A valid value is not the cause, and a very long one is not a slip.
    if word.is_empty() || word.len() > LONGEST || word.parse::<toml_edit::Value>().is_ok() {
        None
    } else if number(&dashed).is_some() && digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        // A number, but not in TOML's notation.
        let whole = if bare.starts_with(|c: char| c.is_ascii_digit()) { bare.to_owned() } else { format!("0{bare}") };
        let full = match whole.split_once('.') {
            Some((before, after)) if !after.starts_with(|c: char| c.is_ascii_digit()) => format!("{before}.0{after}"),
            _ => whole,
        };
        Some(format!("write {sign}{full}"))
    } else if matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "on" | "off") {
        let value = matches!(lower.as_str(), "true" | "yes" | "on");
        Some(format!("write {value}"))
    } else if matches!(lower.as_str(), "none" | "null" | "nil" | "na") {
        Some("omit the key if there is no value".to_owned())
    } else if word.starts_with("//") || word.starts_with(';') {
        Some("a comment begins with `#`".to_owned())
    } else if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        Some(ONE_NUMBER.to_owned())
    } else {
        Some(format!("write \"{word}\", in quotes"))
    }
}

/// A piece of the line for a help text, cleaned and cut.
fn quoted(piece: &str) -> String {
    Safe::clipped(piece.trim(), 60).into_string()
}

/// The parser does not locate a key with too many parts: the first line with that many dots.
fn deep_key(text: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split('\n') {
        let comment = line.trim_start().starts_with('#');
        if !comment && line.matches('.').count() >= 79 {
            return start..start + line.len();
        }
        start += line.len() + 1;
    }
    0..0
}
