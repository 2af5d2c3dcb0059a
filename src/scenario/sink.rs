//! Where the checkers report: every problem with its position; and checks of every text for length and unsafe
//! characters.
//!
//! Values are read by `reader`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range as Span;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Excerpt, Place, Problem, Report, quote};
use super::document::Document;
use super::schema::text_at;
use crate::registry::Text;
use crate::text::{LONGEST, PILE, first_unsafe, length, piles};

/// The maximum length of the notes in characters: a screenful.
const NOTES: usize = 4096;

/// The maximum number of errors whose places are looked up: more than are printed. The others are only counted.
const PLACED: usize = 200;

/// Collects errors and turns spans into places.
pub(super) struct Sink<'a> {
    pub(super) document: &'a Document,
    /// The byte at which each line begins.
    starts: Vec<usize>,
    /// Spans written by edits, with the index of the edit.
    edited: Vec<(Span<usize>, usize)>,
    faults: RefCell<Vec<(usize, Fault)>>,
    /// Spans rejected already; further errors in them are not reported.
    refused: RefCell<HashSet<Span<usize>>>,
    /// Remarks that are not errors.
    remarks: RefCell<Vec<String>>,
}

/// The maximum length of a text of this kind in characters.
const fn most(kind: Text) -> usize {
    match kind {
        Text::Line | Text::Separator => LONGEST,
        Text::Prose => NOTES,
        // Its parser limits its length.
        Text::Formula => usize::MAX,
    }
}

/// A reported error. Its place is looked up last, since a file may have very many in one long line.
enum Fault {
    /// At this span of the text.
    Here(Span<usize>, String, Option<String>),
    /// In another file.
    Elsewhere(Problem),
}

impl<'a> Sink<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let ends = document.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            document,
            starts: std::iter::once(0).chain(ends).collect(),
            edited: Vec::new(),
            faults: RefCell::default(),
            refused: RefCell::default(),
            remarks: RefCell::default(),
        }
    }

    /// Finds the spans written by the document's edits.
    pub(super) fn find_edits(&mut self, root: &DeTable<'_>) {
        for (number, edit) in self.document.edits.iter().enumerate() {
            let keys: Vec<&str> = edit.path.split('.').map(str::trim).collect();
            self.edited.extend(written(root, &keys).into_iter().map(|span| (span, number)));
        }
    }

    /// Reports an error at a span.
    pub(super) fn report(&self, span: &Span<usize>, message: impl Into<String>, help: Option<String>) {
        self.keep(span, || Fault::Here(span.clone(), message.into(), help));
    }

    /// Reports an error that lies elsewhere (in a data file) but belongs to a span.
    pub(super) fn add(&self, span: &Span<usize>, problem: Problem) {
        self.keep(span, || Fault::Elsewhere(problem));
    }

    /// Adds a remark that is not an error, unless it was added already.
    pub(super) fn remark(&self, text: String) {
        let mut remarks = self.remarks.borrow_mut();
        if !remarks.contains(&text) {
            remarks.push(text);
        }
    }

    /// The remarks so far.
    pub(super) fn remarks(&self) -> Vec<String> {
        self.remarks.borrow().clone()
    }

    fn keep(&self, span: &Span<usize>, fault: impl FnOnce() -> Fault) {
        if !self.refused.borrow().contains(span) {
            self.faults.borrow_mut().push((span.start, fault()));
        }
    }

    /// Reports unsafe characters and excessive length in every key and text of the document; other errors in those are
    /// then not reported.
    pub(super) fn refuse_unsafe(&self, table: &DeTable<'_>) {
        for (key, value) in table {
            self.refuse_text(key.get_ref(), &key.span(), Text::Line);
            self.refuse_value(value, text_at(key.get_ref()));
        }
    }

    fn refuse_value(&self, value: &Spanned<DeValue<'_>>, kind: Text) {
        match value.get_ref() {
            DeValue::String(text) => self.refuse_text(text, &value.span(), kind),
            DeValue::Array(items) => items.iter().for_each(|item| self.refuse_value(item, Text::Line)),
            DeValue::Table(table) => self.refuse_unsafe(table),
            _ => {}
        }
    }

    fn refuse_text(&self, text: &str, span: &Span<usize>, kind: Text) {
        let found = match kind {
            Text::Prose => first_unsafe(&text.replace(['\n', '\r'], " ")),
            Text::Separator if text == "\t" => None,
            _ => first_unsafe(text),
        };
        if let Some(c) = found {
            let kind = if c.is_control() { "control" } else { "invisible" };
            self.report(
                span,
                format!("the {kind} character U+{:04X} in {}", c as u32, quote(text)),
                Some("help: remove it".to_owned()),
            );
            self.refused.borrow_mut().insert(span.clone());
        } else if let Some((message, help)) = excess(text, most(kind)) {
            self.report(span, message, Some(help));
            self.refused.borrow_mut().insert(span.clone());
        }
    }

    /// All errors in text order, if any.
    pub(super) fn report_all(self) -> Option<Report> {
        let mut faults = self.faults.take();
        faults.sort_by_key(|(start, _)| *start);
        let more = faults.len().saturating_sub(PLACED);
        let placed = faults.into_iter().take(PLACED).map(|(_, fault)| self.placed(fault)).collect();
        Report::of(placed).map(|report| report.and_more(more))
    }

    fn placed(&self, fault: Fault) -> Problem {
        match fault {
            Fault::Elsewhere(problem) => problem,
            Fault::Here(span, message, help) => {
                let (place, excerpt) = self.locate(&span);
                let mut problem = Problem::new(place, message);
                problem.excerpt = excerpt;
                problem.help.extend(help);
                problem
            }
        }
    }

    /// The line that contains a byte, counted from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    fn locate(&self, span: &Span<usize>) -> (Place, Option<Excerpt>) {
        let edit = self.edited.iter().find(|(edited, _)| edited.start <= span.start && span.start < edited.end);
        if let Some(edit) = edit.and_then(|(_, number)| self.document.edits.get(*number)) {
            return (edit.place(), None);
        }
        let text = self.document.text();
        let at = span.start.min(text.len());
        let line = self.line(at);
        let start = self.starts[line];
        let shown = text[start..].lines().next().unwrap_or_default();
        let column = text.get(start..at).map_or(0, |lead| lead.chars().count()) + 1;
        let place = self.document.place(line, column);
        // An empty span at 0 stands for the file as a whole.
        let excerpt = matches!(place, Place::File { .. }) && !shown.is_empty() && *span != (0..0);
        let end = span.end.max(at).saturating_sub(start).min(shown.len());
        (place, excerpt.then(|| Excerpt::new(shown, at - start, end)))
    }
}

/// Message and help if a text is too long for the screen, or one of its characters for a cell.
fn excess(text: &str, most: usize) -> Option<(String, String)> {
    if text.len() > most && length(text) > most {
        return Some((format!("{} has more than {most} characters", quote(text)), "help: shorten it".to_owned()));
    }
    piles(text).then(|| {
        let message = format!("one character in {} has more than {PILE} code points", quote(text));
        (message, "help: remove the combining marks".to_owned())
    })
}

/// The spans of the key and the value at the end of a path; empty if the path does not exist.
fn written(root: &DeTable<'_>, keys: &[&str]) -> Vec<Span<usize>> {
    let [first, rest @ ..] = keys else { return Vec::new() };
    let Some((key, mut value)) = root.get_key_value(*first) else { return Vec::new() };
    let mut key_span = key.span();
    for step in rest {
        match value.get_ref() {
            DeValue::Table(table) => match table.get_key_value(*step) {
                Some((key, next)) => (key_span, value) = (key.span(), next),
                None => return Vec::new(),
            },
            DeValue::Array(items) => match step.parse().ok().and_then(|index: usize| items.get(index)) {
                Some(next) => (key_span, value) = (next.span(), next),
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        }
    }
    vec![key_span, value.span()]
}
