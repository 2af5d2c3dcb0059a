//! Edits of a scenario: of its text by path, or as keys make them, which change the text of the document and the data
//! checked from it alike.
//!
//! Edits keep comments and layout, and track which lines of the file they left alone, so that a later error still names
//! the line the user sees. How a value is set in a text by its path is the business of `toml_path`; which key makes which
//! edit that of `app`.

use super::diagnostic::{Problem, Report};
use super::document::{Change, Document, SUBSTANCE};
use super::{Scenario, toml_path};
use crate::registry::Setting;

/// An edit of a scenario, within the ranges of what it changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The field that sets the length of an optimizer's steps: its learning rate or its radius.
    Rate {
        /// The optimizer, by its index.
        racer: usize,
        /// The new value, in the field's range.
        value: f64,
    },
    /// The start, in canonical parameters of a point of the family.
    Start(Vec<f64>),
}

impl Edit {
    /// The paths it changes in a document, with their values as TOML. Empty for an optimizer without a rate.
    fn values(&self, scenario: &Scenario) -> Vec<(String, String)> {
        // With a point or an exponent, exact when read back.
        let number = |value: f64| format!("{value:?}");
        match self {
            Self::Rate { racer, value } => {
                let rate = scenario.racers.get(*racer).and_then(|racer| racer.kind.rate);
                rate.map(|rate| (format!("optimizer.{racer}.{}", rate.field.name), number(*value)))
                    .into_iter()
                    .collect()
            }
            Self::Start(p) => {
                let written = scenario.model.written(p).into_iter();
                written.map(|(key, value)| (format!("start.{}", toml_path::quoted(key)), value)).collect()
            }
        }
    }
}

impl Document {
    /// The document with one value changed: `optimizer.0.lr`, `0.1`.
    ///
    /// `value` is a TOML value; anything else is taken as text. Missing keys and tables are created. Whether the result is
    /// a valid scenario is determined by [`Document::check`].
    ///
    /// # Errors
    /// If the text is not TOML, or the path leads through something that is neither a table nor a list.
    pub fn edit(&self, path: &str, value: &str) -> Result<Self, Report> {
        self.edit_as(path, value, format!("--set {path}={value}"))
    }

    /// The same, requested in these words, which errors in the value then cite.
    ///
    /// # Errors
    /// As [`Document::edit`].
    pub fn edit_as(&self, path: &str, value: &str, words: String) -> Result<Self, Report> {
        self.measure()?;
        let edit = Change { path: path.to_owned(), value: value.to_owned(), words };
        if path.len() + value.len() > SUBSTANCE {
            return Err(Report::one(Problem::new(edit.place(), "the value is longer than 256 KiB")));
        }
        let mut tree: toml_edit::DocumentMut = match self.text().parse() {
            Ok(tree) => tree,
            // The checker words syntax errors better. If it finds none, this parser's message must do.
            Err(error) => {
                let told = self.check().err();
                return Err(told.unwrap_or_else(|| Report::one(Problem::new(edit.place(), error.message()))));
            }
        };
        toml_path::set(&mut tree, path, value).map_err(|(message, help)| {
            let problem = Problem::new(edit.place(), message);
            Report::one(if help.is_empty() { problem } else { problem.help(help) })
        })?;
        let text = tree.to_string();
        let lines = toml_path::carry_lines(self.text(), &text, &self.lines);
        Ok(self.changed(edit, text, lines))
    }

    /// The number at a path: `optimizer.0.lr`.
    ///
    /// # Errors
    /// In words: there is none.
    pub fn number_at(&self, path: &str) -> Result<f64, String> {
        toml_path::number_at(self.text(), path).map(|(value, _)| value)
    }

    /// Whether it is a whole one.
    #[must_use]
    pub fn whole_at(&self, path: &str) -> bool {
        toml_path::number_at(self.text(), path).is_ok_and(|(_, whole)| whole)
    }

    /// The document of `scenario` with edits made.
    ///
    /// # Errors
    /// If the text cannot be edited, see [`Document::edit`].
    pub fn edited(&self, scenario: &Scenario, edits: &[Edit]) -> Result<Self, Report> {
        let mut values = edits.iter().flat_map(|edit| edit.values(scenario));
        values.try_fold(self.clone(), |document, (path, value)| document.edit(&path, &value))
    }
}

impl Scenario {
    /// The scenario with edits made: that of [`Document::edited`], without checking its text again.
    ///
    /// # Errors
    /// If a setting contradicts another one: which field, and what to write instead.
    pub fn edited(&self, edits: &[Edit]) -> Result<Self, String> {
        let mut scenario = self.clone();
        for edit in edits {
            match edit {
                Edit::Start(p) => scenario.start.clone_from(p),
                Edit::Rate { racer, value } => {
                    let Some(racer) = scenario.racers.get_mut(*racer) else { continue };
                    let Some(rate) = racer.kind.rate else { continue };
                    racer.settings.set(rate.field, Setting::Number(*value));
                    if let Some((field, wanted)) = (racer.kind.conflict)(&racer.settings) {
                        return Err(format!("{field}: {wanted}"));
                    }
                }
            }
        }
        Ok(scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::BUILTIN;

    #[test]
    fn an_edited_scenario_is_that_of_the_edited_document() {
        for builtin in BUILTIN {
            let document = Document::of_builtin(builtin);
            let scenario = document.check().expect("a valid scenario");
            for racer in 0..scenario.racers.len() {
                let edits = [
                    Edit::Rate { racer, value: 0.0125 },
                    Edit::Start(scenario.start.iter().map(|p| p * 1.0625).collect()),
                ];
                let Ok(read) = document.edited(&scenario, &edits).expect("a text").check() else { continue };
                assert_eq!(scenario.edited(&edits), Ok(read), "{} {racer}", builtin.name);
            }
        }
    }
}
