//! Keys that change the scenario: each is an edit of the document, and the race is run again from it.

use std::path::PathBuf;

use super::Show;
use crate::math::Vec2;
use crate::race::Race;
use crate::registry::{Kind, Setting};
use crate::scenario::Scenario;

impl Show {
    /// Multiplies the first field of the chosen racer: its learning rate or its radius.
    ///
    /// # Errors
    /// Where the optimizer has no such number or the new one is out of its range.
    pub fn scale_rate(&mut self, by: f64) -> Result<(), String> {
        let chosen = self.chosen;
        let racer = self.scenario.racers.get(chosen).ok_or("there is no racer")?;
        let field = racer.kind.fields.first().ok_or("this optimizer has no learning rate")?;
        let Kind::Number(range) = field.kind else { return Err("this optimizer has no learning rate".to_owned()) };
        let value = short(racer.settings.number(field) * by);
        if !range.contains(value) {
            return Err(format!("{} must be {range}", field.name));
        }
        self.change(&[(format!("optimizer.{chosen}.{}", field.name), value)], |scenario| {
            if let Some(racer) = scenario.racers.get_mut(chosen) {
                racer.settings.set(field, Setting::Number(value));
            }
        })
    }

    /// Starts the race where the chosen racer is now.
    ///
    /// # Errors
    /// Where that is no point to start from.
    pub fn start_here(&mut self) -> Result<(), String> {
        self.start_at(self.race.trace(self.chosen).at(self.timeline.step()).parameters)
    }

    /// Starts the race at a point, with the playhead there.
    ///
    /// # Errors
    /// Where that is no point of the family.
    pub fn start_at(&mut self, point: Vec2) -> Result<(), String> {
        if let Some(violation) = self.scenario.family.violation(point) {
            return Err(format!("no point of the family: {} {}", violation.quantity, violation.broken));
        }
        let names = self.scenario.family.info().parameters;
        let edits = [0, 1].map(|i| (format!("start.{}", names[i]), point[i]));
        self.timeline.pause();
        self.timeline.seek(0);
        self.change(&edits, |scenario| scenario.start = point)
    }

    fn change(&mut self, _edits: &[(String, f64)], change: impl FnOnce(&mut Scenario)) -> Result<(), String> {
        let mut scenario = self.scenario.clone();
        change(&mut scenario);
        self.take(scenario);
        Ok(())
    }

    /// Another scenario in place of this one: the race is run again, what is seen stays.
    fn take(&mut self, scenario: Scenario) {
        let step = self.timeline.step();
        self.race = Race::new(&scenario);
        self.scenario = scenario;
        self.seek(step);
    }

    /// As it was opened.
    ///
    /// # Errors
    /// None yet.
    pub fn restart(&mut self) -> Result<(), String> {
        self.timeline.pause();
        self.seek(0);
        Ok(())
    }

    /// The document as edited, and a name for its file; none where there is no document.
    #[must_use]
    pub fn written(&self) -> Option<(PathBuf, String)> {
        None
    }
}

/// Three digits are all that a key's number needs, in the file and on screen.
fn short(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}
