//! A number of the document that `[` and `]` change in the place of a rate, and the line in which it is named: `pick start.j.0`.
//! The same line changes any key: `run.steps 400`.

use super::history::Version;
use super::{Action, App, Effect, Layer, Show};
use crate::format::label;
use crate::race::World;
use crate::registry::{number, three_digits};
use crate::scenario::{Document, split_path};

/// The word that picks a number.
const PICK: &str = "pick";
/// The most letters of a line.
const LETTERS: usize = 400;

impl App {
    /// A letter is typed into the line.
    pub(super) fn type_command(&mut self, letter: char) -> Effect {
        if let Some(typed) = self.layers.command().filter(|typed| typed.len() < LETTERS) {
            typed.push(letter);
        }
        Effect::Redraw
    }

    /// Does what the line says.
    pub(super) fn submit(&mut self) -> Effect {
        let typed = self.layers.command().map(std::mem::take).unwrap_or_default();
        self.layers.close(&Layer::Command(String::new()));
        match split_path(typed.trim(), char::is_whitespace) {
            Some((PICK, path)) => self.edit(|show| show.pick(path.trim())),
            Some((path, value)) => self.edit(|show| show.set(path, value.trim())),
            None if typed.trim() == PICK => self.edit(|show| Ok(Some(show.unpick()))),
            None if typed.trim().is_empty() => Effect::Redraw,
            None => self.tell(format!("write {PICK} optimizer.0.lr for [ ], or a key and its value: run.steps 400")),
        }
    }
}

impl Show {
    /// The path of the number that `[` and `]` change; `None` for the chosen racer's rate.
    #[must_use]
    pub fn picked(&self) -> Option<String> {
        self.stage.picked.after(self.passed())
    }

    /// Has `[` and `]` change the number at a path. Returns what to tell the user.
    ///
    /// # Errors
    /// If there is no number at the path.
    pub fn pick(&mut self, path: &str) -> Result<Option<String>, String> {
        let document = self.document().ok_or(super::edit::NO_DOCUMENT)?;
        let value = document.number_at(path)?;
        self.set_picked(Some(path.to_owned()));
        Ok(Some(format!("[ ] change {path}, now {} · :{PICK} goes back to rates", label(three_digits(value)))))
    }

    fn unpick(&mut self) -> String {
        self.set_picked(None);
        "[ ] change the chosen racer's rate".to_owned()
    }

    /// Multiplies the number that was picked. Returns what to tell the user.
    ///
    /// # Errors
    /// If the scenario is none with the new one; then nothing has changed.
    pub(super) fn scale_picked(&mut self, path: &str, by: f64) -> Result<Option<String>, String> {
        let from = self.document().ok_or(super::edit::NO_DOCUMENT)?.number_at(path)?;
        if from == 0.0 {
            return Err(format!("{path} is 0, which no factor changes: write :{path} and a value"));
        }
        let to = three_digits(from * by);
        // A whole number stays one, and moves.
        let whole = self.document().is_some_and(|document| document.whole_at(path));
        let to = if whole { to.round().max(1.0) + if to.round() == from { by.ln().signum() } else { 0.0 } } else { to };
        let text = if whole { format!("{to:.0}") } else { format!("{to:?}") };
        self.set(path, &text)
    }

    /// Changes a key of the document. Returns what to tell the user.
    ///
    /// # Errors
    /// If the scenario is none with the new value; then nothing has changed.
    pub fn set(&mut self, path: &str, value: &str) -> Result<Option<String>, String> {
        let history = self.history.as_mut().ok_or(super::edit::NO_DOCUMENT)?;
        let before = history.current().document.number_at(path).ok();
        let document = history.current().document.edit(path, value).map_err(|report| report.brief())?;
        let document = balanced(document, path)?;
        let scenario = document.check().map_err(|report| report.brief())?;
        let from = before.map_or(String::new(), |from| format!("{} → ", label(three_digits(from))));
        let to = number(value).map_or_else(|| value.to_owned(), |to| label(three_digits(to)));
        let words = format!("{path} {from}{to}");
        let told = format!("{words} · {} undoes", Action::Undo.key());
        history.push(Version { document, world: World::new(scenario), words });
        self.show_current();
        Ok(Some(told))
    }
}

/// A start whose row of probabilities was changed in one place: its last entry is 1 less the others.
fn balanced(document: Document, path: &str) -> Result<Document, String> {
    let Some((row, place)) = path.rsplit_once('.').filter(|(row, _)| row.starts_with("start.")) else {
        return Ok(document);
    };
    let all: Option<Vec<f64>> = (0..).map_while(|i| document.number_at(&format!("{row}.{i}")).ok().map(Some)).collect();
    let (Some(all), Ok(place)) = (all, place.parse::<usize>()) else { return Ok(document) };
    let Some(last) = all.len().checked_sub(1).filter(|last| place < *last) else { return Ok(document) };
    // Weights and other starts are no probabilities.
    let probable = all.iter().all(|p| (0.0..=1.0).contains(p));
    let rest = 1.0 - all[..last].iter().sum::<f64>();
    if !probable || rest <= 0.0 {
        return Ok(document);
    }
    document.edit(&format!("{row}.{last}"), &format!("{:?}", three_digits(rest))).map_err(|report| report.brief())
}
