//! Keys that change the scenario: each is an edit of the document, and the race is run again from it.
//!
//! TOML and ranges are handled elsewhere: the document edits its text, the checker decides what is valid.

use std::path::PathBuf;

use super::history::{History, Version};
use super::{Action, Show, Timeline};
use crate::format::label;
use crate::math::Vec2;
use crate::race::World;
use crate::registry::Kind;
use crate::registry::three_digits;
use crate::scenario::{Document, Edit, Report, Scenario};

pub(super) const NO_DOCUMENT: &str = "this scenario has no document to edit";

impl Show {
    /// Opens a document.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn open(document: Document) -> Result<Self, Report> {
        let world = World::open(&document)?;
        let mut show = Self::new(world.clone());
        show.history = Some(History::new(document, world));
        Ok(show)
    }

    /// The text of the scenario, with all edits; `None` for scenarios made in code.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.history.as_ref().map(|history| &history.current().document)
    }

    /// Multiplies the number that was picked, or else the rate of the chosen racer. Returns what to tell the user.
    ///
    /// # Errors
    /// If there is none, or the new one is out of its range.
    pub fn scale(&mut self, by: f64) -> Result<Option<String>, String> {
        match self.picked() {
            Some(path) => self.scale_picked(&path, by),
            None => self.scale_rate(by),
        }
    }

    /// Multiplies the rate of the chosen racer: its learning rate or its radius. The document is edited by
    /// [`Show::settle`], once for any number of presses. Returns what to tell the user.
    ///
    /// # Errors
    /// If the optimizer has no rate or the new one is out of its range.
    pub fn scale_rate(&mut self, by: f64) -> Result<Option<String>, String> {
        let racer = self.world.scenario.racers.get(self.chosen).ok_or("there is no racer")?;
        let rate = racer.kind.rate.ok_or("this optimizer has no learning rate")?;
        let Kind::Number(range) = rate.field.kind else { return Err("this optimizer has no learning rate".to_owned()) };
        let from = self.pressed.unwrap_or_else(|| racer.settings.number(rate.field));
        let value = three_digits(from * by);
        if !range.contains(value) {
            return Err(format!("{} must be {range}", rate.field.name));
        }
        self.document().ok_or(NO_DOCUMENT)?;
        if self.pressed.replace(value).is_none() {
            self.rerun_to(self.destination());
        }
        Ok(Some(undoable(&self.changed_rate(self.chosen, [from, value]))))
    }

    /// `lr 0.02 → 0.025, SGD`.
    fn changed_rate(&self, racer: usize, [from, to]: [f64; 2]) -> String {
        let racer = &self.world.scenario.racers[racer];
        let name = racer.kind.rate.map_or("", |rate| rate.field.name);
        format!("{name} {} → {}, {}", label(three_digits(from)), label(three_digits(to)), racer.label)
    }

    /// Applies what keys have changed: call before reading document, scenario or race.
    ///
    /// # Errors
    /// If the new value contradicts another one; then nothing has changed.
    pub fn settle(&mut self) -> Result<(), String> {
        let edited = self.pressed.take().map_or(Ok(()), |value| {
            let racer = self.chosen;
            let spec = &self.world.scenario.racers[racer];
            let from = spec.kind.rate.map_or(f64::NAN, |rate| spec.settings.number(rate.field));
            let words = self.changed_rate(racer, [from, value]);
            self.change(&[Edit::Rate { racer, value }], words)
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
        let from = self.world.start();
        let told = |value: f64| label(three_digits(value));
        let [x, y] = [0, 1].map(|i| format!("{} {} → {}", names[i], told(from[i]), told(point[i])));
        let words = format!("start {x}, {y}");
        // Normalized as the checker does: an angle is wrapped into its range.
        let start = self.world.family.canonical().to_parameters(point);
        self.change(&[Edit::Start(self.world.lift(start))], words.clone())?;
        self.timeline.pause();
        self.seek(0);
        Ok(Some(undoable(&words)))
    }

    /// Edits the document, in these words; nothing changes if that fails.
    pub(super) fn change(&mut self, edits: &[Edit], words: String) -> Result<(), String> {
        let history = self.history.as_mut().ok_or(NO_DOCUMENT)?;
        // Not of the world that is shown, which may be that of another seed.
        let world = &history.current().world;
        let document = history.current().document.edited(&world.scenario, edits).map_err(|report| report.brief())?;
        let world = world.edited(world.scenario.edited(edits)?);
        history.push(Version { document, world, words });
        self.show_current();
        Ok(())
    }

    /// Goes back by one edit of the document. Returns what to tell the user.
    ///
    /// # Errors
    /// If there is no edit to undo.
    pub fn undo(&mut self) -> Result<Option<String>, String> {
        let undone = self.history.as_mut().and_then(History::undo).ok_or("there is no edit to undo")?;
        let told = format!("undone: {undone} · {} redoes it", Action::Redo.key());
        self.show_current();
        Ok(Some(told))
    }

    /// Goes forward by one edit that was undone. Returns what to tell the user.
    ///
    /// # Errors
    /// If there is no edit to redo.
    pub fn redo(&mut self) -> Result<Option<String>, String> {
        let redone = self.history.as_mut().and_then(History::redo).ok_or("there is no edit to redo")?;
        let told = format!("redone: {redone} · {} undoes it", Action::Undo.key());
        self.show_current();
        Ok(Some(told))
    }

    /// Shows the history's current version: what is seen stays, and its race is run by [`Show::settle`].
    pub(super) fn show_current(&mut self) {
        let Some(history) = &self.history else { return };
        let step = self.destination();
        let world = self.seeded(&history.current().world);
        if !alike(&self.world.scenario, &world.scenario) {
            return self.renew(world, step);
        }
        self.world = world;
        if self.timeline.last() != self.world.scenario.steps {
            self.timeline = Timeline::new(self.world.scenario.steps, self.world.scenario.view.speed);
            self.applied = None;
        }
        self.rerun_to(step);
    }

    /// Shows another scenario in the place of this one, with the same history.
    fn renew(&mut self, world: World, step: usize) {
        let last = world.scenario.racers.len().saturating_sub(1);
        let mut fresh = Self::new(world);
        (fresh.history, fresh.stage.picked) = (self.history.take(), self.stage.picked.clone());
        (fresh.member, fresh.chosen) = (self.member, self.chosen.min(last));
        (fresh.point, fresh.log) = (self.point, self.log);
        *self = fresh;
        self.seek(step);
    }

    /// Whether keys have changed the document.
    #[must_use]
    pub fn edited(&self) -> bool {
        self.history.as_ref().is_some_and(History::edited)
    }

    /// Restores the document as it was opened, at the start. Nothing is revealed; the view stays. Undo takes back the
    /// restoring as it takes back any edit. Returns what to tell the user.
    pub fn restart(&mut self) -> Option<String> {
        let edited = self.edited();
        if let Some(history) = self.history.as_mut().filter(|_| edited) {
            let opened = history.opened().clone();
            history.push(Version { words: "as opened".to_owned(), ..opened });
            self.show_current();
        }
        self.timeline.rewind();
        self.go_to_start();
        edited.then(|| undoable("the scenario is as it was opened"))
    }

    /// The document as edited and a new name beside its own; `None` if there is no document.
    #[must_use]
    pub fn written(&self) -> Option<(PathBuf, String)> {
        let document = self.document()?;
        Some((document.copy_path(), document.text().to_owned()))
    }
}

/// Whether two scenarios have the same racers, cues and view, so that what is seen of one can be seen of the other.
fn alike(one: &Scenario, other: &Scenario) -> bool {
    let racers = |scenario: &Scenario| -> Vec<String> { scenario.racers.iter().map(|r| r.label.clone()).collect() };
    let model = |scenario: &Scenario| (scenario.model.name(), scenario.model.parameters(), scenario.seeds);
    (racers(one), &one.cues, &one.view, &one.title, model(one))
        == (racers(other), &other.cues, &other.view, &other.title, model(other))
}

/// What was done, and the key that takes it back.
fn undoable(words: &str) -> String {
    format!("{words} · {} undoes", Action::Undo.key())
}
