//! Keys that change the scenario: each is an edit of the document, and the race is run again from it.
//!
//! TOML and ranges are handled elsewhere: the document edits its text, the checker decides what is valid.

use std::path::PathBuf;

use super::{Action, Show, Timeline};
use crate::format::label;
use crate::math::Vec2;
use crate::race::World;
use crate::registry::Kind;
use crate::registry::field::three_digits;
use crate::scenario::{Document, Report, Scenario};

pub(super) const NO_DOCUMENT: &str = "this scenario has no document to edit";

impl Show {
    /// Opens a document.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn open(document: Document) -> Result<Self, Report> {
        let mut show = Self::new(World::open(&document)?);
        show.document = Some(document);
        Ok(show)
    }

    /// Multiplies the first field of the chosen racer: its learning rate or its radius. The document is edited by
    /// [`Show::settle`], once for any number of presses. Returns what to tell the user.
    ///
    /// # Errors
    /// If the optimizer has no such number or the new one is out of its range.
    pub fn scale_rate(&mut self, by: f64) -> Result<Option<String>, String> {
        let chosen = self.chosen;
        let racer = self.world.scenario.racers.get(chosen).ok_or("there is no racer")?;
        let field = racer.kind.fields.first().ok_or("this optimizer has no learning rate")?;
        let Kind::Number(range) = field.kind else { return Err("this optimizer has no learning rate".to_owned()) };
        let from = self.pressed.unwrap_or_else(|| racer.settings.number(field));
        let value = three_digits(from * by);
        if !range.contains(value) {
            return Err(format!("{} must be {range}", field.name));
        }
        self.document.as_ref().ok_or(NO_DOCUMENT)?;
        if self.pressed.replace(value).is_none() {
            self.rerun_to(self.destination());
        }
        let label = |x: f64| label(three_digits(x));
        Ok(Some(format!(
            "{} {} → {}, {}",
            field.name,
            label(from),
            label(value),
            self.world.scenario.racers[chosen].label
        )))
    }

    /// Applies what keys have changed: call before reading document, scenario or race.
    ///
    /// # Errors
    /// If the checker objects; then nothing has changed.
    pub fn settle(&mut self) -> Result<(), String> {
        let edited = self.pressed.take().map_or(Ok(()), |value| {
            let (chosen, racer) = (self.chosen, &self.world.scenario.racers[self.chosen]);
            self.change(&[(format!("optimizer.{chosen}.{}", racer.kind.fields[0].name), value)])
        });
        self.catch_up();
        edited
    }

    /// Starts the race where the chosen racer is now. Returns what to tell the user.
    ///
    /// # Errors
    /// If that is not a point to start from.
    pub fn start_here(&mut self) -> Result<Option<String>, String> {
        self.start_at(self.race.trace(self.chosen).at(self.timeline.step()).p())
    }

    /// Starts the race at a point, with the playhead there. Returns what to tell the user.
    ///
    /// # Errors
    /// If that is not a point of the family.
    pub fn start_at(&mut self, point: Vec2) -> Result<Option<String>, String> {
        if let Some(violation) = self.world.family.violation(point) {
            return Err(format!("outside the family: {} {}", violation.quantity, violation.broken));
        }
        let names = self.world.family.info().parameters;
        let edits = [0, 1].map(|i| (format!("start.{}", names[i]), point[i]));
        self.change(&edits)?;
        self.timeline.pause();
        self.seek(0);
        let [x, y] = [0, 1].map(|i| format!("{} {}", names[i], label(three_digits(point[i]))));
        Ok(Some(format!("start {x}, {y}")))
    }

    /// Edits the document and checks it; nothing changes if the checker objects.
    pub(super) fn change(&mut self, edits: &[(String, f64)]) -> Result<(), String> {
        let document = self.document.clone().ok_or(NO_DOCUMENT)?;
        let edited = edits.iter().try_fold(document, |document, (path, value)| document.edit(path, &number(*value)));
        let edited = edited.map_err(|report| report.brief())?;
        self.show(edited.check().map_err(|report| report.brief())?);
        self.untuned = None;
        let before = self.document.replace(edited);
        self.first = self.first.take().or(before);
        Ok(())
    }

    /// Another scenario in place of this one: what is seen stays, and its race is run by [`Show::settle`].
    fn show(&mut self, scenario: Scenario) {
        let step = self.destination();
        self.world = self.world.edited(scenario);
        if self.timeline.last() != self.world.scenario.steps {
            self.timeline = Timeline::new(self.world.scenario.steps, self.world.scenario.view.speed);
        }
        self.rerun_to(step);
    }

    /// Whether keys have changed the document.
    #[must_use]
    pub const fn edited(&self) -> bool {
        self.first.is_some()
    }

    /// Restores the document as it was opened or, if its last edit applied the rates of a search, as it was before
    /// that, at the start. Nothing is revealed; the view stays. Returns what to tell the user.
    ///
    /// # Errors
    /// If the document is no longer right: a file that it names has changed.
    pub fn restart(&mut self) -> Result<Option<String>, String> {
        let mut told = None;
        if let Some(earlier) = self.untuned.clone().or_else(|| self.first.clone()) {
            self.show(earlier.check().map_err(|report| report.brief())?);
            let opened = self.first.take();
            if self.untuned.take().is_some() {
                self.first = opened.filter(|opened| opened.text() != earlier.text());
                let again = format!("; {} again: as opened", Action::Restart.key());
                told = Some(format!("the rates are as before{}", if self.edited() { &again } else { "" }));
            }
            self.document = Some(earlier);
        }
        self.timeline.rewind();
        self.seek(0);
        Ok(told)
    }

    /// The document as edited and a new name beside its own; `None` if there is no document.
    #[must_use]
    pub fn written(&self) -> Option<(PathBuf, String)> {
        let document = self.document.as_ref()?;
        Some((document.copy_path(), document.text().to_owned()))
    }
}

/// A number in TOML: with a point or an exponent, exact when read back.
fn number(value: f64) -> String {
    format!("{value:?}")
}
