//! Edits of a scenario as keys make them: each changes the text of the document and the data checked from it alike.
//!
//! How a value is set in a text by its path is the business of `toml_path`; which key makes which edit that of `app`.

use super::{Document, Report, Scenario};
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
                let named = scenario.model.parameters().into_iter().zip(p);
                named.map(|(name, value)| (format!("start.{name}"), number(*value))).collect()
            }
        }
    }
}

impl Document {
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
