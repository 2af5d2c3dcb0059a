//! Walks a parsed scenario: tables and values that know their position and report their own errors.
//!
//! Knows TOML and positions, not scenarios: the checkers know which keys exist and what they mean. A reading method
//! that finds an error reports it to the [`Sink`] and returns `None`.

use std::ops::Range as Span;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{quote, suggestion};
use super::document::Document;
use super::sink::Sink;
use crate::registry::{Known, Range, nearest, number};
use crate::text::Safe;

/// 2^53: every whole number up to here is a float.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A table with its title and position.
#[derive(Clone)]
pub(super) struct Section<'a> {
    pub(super) sink: &'a Sink<'a>,
    /// Its name in messages: `[run]`, `target`.
    pub(super) title: String,
    table: &'a DeTable<'a>,
    span: Span<usize>,
    known: Vec<Known<'static>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(sink: &'a Sink<'a>, title: impl Into<String>, table: &'a DeTable<'a>, span: Span<usize>) -> Self {
        Self { sink, title: title.into(), table, span, known: Vec::new() }
    }

    /// Sets the known keys, and reports all others. `noun` is what a key of this table is called.
    pub(super) fn only<K: Into<Known<'static>>>(self, known: impl IntoIterator<Item = K>, noun: &str) -> Self {
        self.only_besides(known, &[], noun)
    }

    /// The same, but for keys that the caller reports.
    pub(super) fn only_besides<K: Into<Known<'static>>>(
        mut self,
        known: impl IntoIterator<Item = K>,
        besides: &[&str],
        noun: &str,
    ) -> Self {
        self.known = known.into_iter().map(Into::into).collect();
        for (key, value) in self.table {
            let name = key.get_ref().as_ref();
            if !self.knows(name) && !besides.contains(&name) {
                let noun = if is_tables(value.get_ref()) { "table" } else { noun };
                let message = format!("unknown {noun} {} in {}", quote(name), self.title);
                let known = || self.known.iter().copied();
                let names = || known().map(|known| known.name).collect::<Vec<_>>().join(", ");
                let help = suggestion(name, known()).unwrap_or_else(|| format!("known: {}", names()));
                self.sink.report(&key.span(), message, Some(help));
            }
        }
        self
    }

    fn knows(&self, name: &str) -> bool {
        self.known.iter().any(|known| known.name == name)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        let (key, value) = self.table.get_key_value(key)?;
        Some(Entry { sink: self.sink, name: key.get_ref().as_ref(), key: key.span(), value })
    }

    /// The value of a required key.
    pub(super) fn need(&self, key: &str, wanted: &str) -> Option<Entry<'a>> {
        let found = self.get(key);
        if found.is_none() && !self.misspelt(key) {
            let help = format!("help: {wanted}");
            self.sink.report(&self.span, format!("`{key}` is missing in {}", self.title), Some(help));
        }
        found
    }

    /// Whether an unknown key of the table is most likely this one misspelt: then it is not reported as missing as
    /// well.
    pub(super) fn misspelt(&self, key: &str) -> bool {
        let mut unknown = self.table.keys().map(|found| found.get_ref().as_ref()).filter(|name| !self.knows(name));
        unknown.any(|name| nearest(name, self.known.iter().copied()) == Some(key))
    }

    /// Reports an error in the table as a whole.
    pub(super) fn report(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.report(&self.span, message, help);
    }
}

fn is_tables(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(_) => true,
        DeValue::Array(items) => items.iter().next().is_some_and(|item| item.get_ref().is_table()),
        _ => false,
    }
}

/// A value with its key and position.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) sink: &'a Sink<'a>,
    pub(super) name: &'a str,
    key: Span<usize>,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Entry<'a> {
    /// Reports an error in the value.
    pub(super) fn report(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.report(&self.span(), message, help);
    }

    /// The document that it is read from.
    pub(super) fn document(&self) -> &'a Document {
        self.sink.document
    }

    /// Reports an error in a part of a text: `part` is a byte range of what [`Entry::text`] returned.
    pub(super) fn report_inside(&self, part: &Span<usize>, message: impl Into<String>, help: Option<String>) {
        let span = self.value.span();
        let raw = self.sink.document.text().get(span.clone()).unwrap_or_default();
        let place = |byte: usize| span.start + place_in_quotes(raw, self.value.get_ref().as_str().unwrap_or(""), byte);
        self.sink.report(&(place(part.start)..place(part.end)), message, help);
    }

    /// The span of the value; for a `[table]` that of its key.
    pub(super) fn span(&self) -> Span<usize> {
        if self.value.get_ref().is_table() && self.value.span().start < self.key.start {
            self.key.clone()
        } else {
            self.value.span()
        }
    }

    /// The span of the key.
    pub(super) fn key_span(&self) -> Span<usize> {
        self.key.clone()
    }

    fn wrong(&self, wanted: &str) {
        let found = kind(self.value.get_ref());
        let quoted = self.value.get_ref().as_str().is_some_and(|text| number(text).is_some());
        let help = if quoted && wanted.ends_with("number") {
            Some("help: remove the quotes".to_owned())
        } else if wanted == "a table" && is_tables(self.value.get_ref()) {
            Some(format!("help: write [{}], once", self.name))
        } else {
            None
        };
        self.report(format!("`{}` must be {wanted}, not {found}", self.name), help);
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.value.get_ref().as_str();
        if text.is_none() {
            self.wrong("text in quotes");
        }
        text
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong("true or false");
        }
        flag
    }

    /// A finite number, written as a float or an integer.
    pub(super) fn number(&self) -> Option<f64> {
        let value = match self.value.get_ref() {
            DeValue::Float(float) => float.as_str().parse().unwrap_or(f64::NAN),
            // An integer beyond 2^53 is rounded, as its text would be.
            DeValue::Integer(integer) => {
                i128::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::INFINITY, |whole| whole as f64)
            }
            _ => {
                self.wrong("a number");
                return None;
            }
        };
        if !value.is_finite() {
            self.report(format!("`{}` = {} is not a finite number", self.name, self.shown()), None);
            return None;
        }
        Some(value)
    }

    pub(super) fn number_in(&self, range: Range) -> Option<f64> {
        let value = self.number()?;
        if !range.contains(value) {
            self.report(format!("`{}` = {} is out of range: it must be {range}", self.name, self.shown()), None);
            return None;
        }
        Some(value)
    }

    /// A whole number from `low` to `high`.
    pub(super) fn integer(&self, low: u64, high: u64) -> Option<u64> {
        let wanted = if high == u64::MAX { format!("≥ {low}") } else { format!("from {low} to {high}") };
        let value = match self.value.get_ref() {
            DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix()).ok(),
            // 1e2 and 100.0 are the whole number 100. Beyond 2^53 a float does not determine it.
            DeValue::Float(float) => match float.as_str().replace('_', "").parse::<f64>() {
                Ok(value) if value.fract() == 0.0 && value.abs() <= MOST_EXACT => Some(value as i128),
                _ => {
                    self.report(format!("`{}` = {} must be a whole number", self.name, self.shown()), None);
                    return None;
                }
            },
            _ => {
                self.wrong("a whole number");
                return None;
            }
        };
        let inside = value.and_then(|value| u64::try_from(value).ok()).filter(|value| (low..=high).contains(value));
        if inside.is_none() {
            self.report(format!("`{}` = {} is out of range: it must be {wanted}", self.name, self.shown()), None);
        }
        inside
    }

    /// The value as written in the file, cut.
    fn shown(&self) -> String {
        let text = self.sink.document.text().get(self.value.span()).unwrap_or_default();
        Safe::clipped(text, 40).into_string()
    }

    /// The items of a list.
    pub(super) fn list(&self) -> Option<Vec<Entry<'a>>> {
        let Some(items) = self.value.get_ref().as_array() else {
            self.wrong("a list");
            return None;
        };
        let entry = |value: &'a Spanned<DeValue<'a>>| Entry { value, key: value.span(), ..self.clone() };
        Some(items.iter().map(entry).collect())
    }

    /// The value as a table; `title` is its name in messages.
    pub(super) fn section(&self, title: impl Into<String>) -> Option<Section<'a>> {
        let Some(table) = self.value.get_ref().as_table() else {
            self.wrong("a table");
            return None;
        };
        Some(Section::new(self.sink, title, table, self.value.span()))
    }

    /// The tables of `[[name]]`.
    pub(super) fn sections(&self) -> Option<Vec<Section<'a>>> {
        let title = format!("[[{}]]", self.name);
        if !self.is_list() {
            self.wrong(&format!("a list of tables, {title}"));
            return None;
        }
        // Items that are not tables are reported one by one and left out.
        Some(self.list()?.iter().filter_map(|item| item.section(title.clone())).collect())
    }

    /// One of several names: its index among them. `noun` is what such a name is called.
    pub(super) fn word<K: Into<Known<'static>>>(
        &self,
        names: impl IntoIterator<Item = K>,
        noun: &str,
    ) -> Option<usize> {
        let word = self.text()?;
        let names: Vec<Known<'static>> = names.into_iter().map(Into::into).collect();
        let found = names.iter().position(|known| known.name == word);
        if found.is_none() {
            let known = || names.iter().map(|known| known.name).collect::<Vec<_>>().join(", ");
            let help = suggestion(word, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
                [] => "none are known yet".to_owned(),
                _ => format!("known: {}", known()),
            });
            self.report(format!("unknown {noun} {}", quote(word)), Some(help));
        }
        found
    }
}

/// The position of byte `byte` of a text in its raw form in the file, which has quotes and escapes.
fn place_in_quotes(raw: &str, text: &str, byte: usize) -> usize {
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let escapes = raw.starts_with('"');
    let mut at = quotes.min(raw.len());
    if quotes == 3 {
        // A line break after the opening quotes is not part of the text.
        at += ["\r\n", "\n"].iter().find(|end| raw[at..].starts_with(**end)).map_or(0, |end| end.len());
    }
    for c in text.get(..byte).unwrap_or(text).chars() {
        let rest = raw.get(at..).unwrap_or_default();
        at += match rest.as_bytes() {
            [b'\\', b'u', ..] if escapes => 6,
            [b'\\', b'U', ..] if escapes => 10,
            [b'\\', b'x', ..] if escapes => 4,
            [b'\\', _, ..] if escapes => 2,
            _ => c.len_utf8(),
        };
    }
    at
}

const fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number that is not whole",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
