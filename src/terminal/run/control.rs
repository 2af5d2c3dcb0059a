//! What has come in is carried out: keys, clicks, sizes, stops. The loop decides when.

use std::io;
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

use super::super::events::{self, Pointer};
use super::super::keys::Input;
use super::super::{Event, guard, signals, tty, write_new};
use super::{Cause, Hand, Loop};
use crate::app::{Click, Effect, Key};
use crate::screen;

/// How long inputs are carried out before a frame is drawn, so that a flood is still seen to do something. Edits are
/// applied once per frame: the longer this is, the fewer documents a flood of edits checks.
const DRAIN: Duration = Duration::from_millis(30);

impl Loop {
    /// Carries out what has come in. Sizes are not read one by one, but once, before the next frame.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        let end = Instant::now() + DRAIN;
        loop {
            while let Some(input) = self.inputs.pop_front() {
                self.input(input)?;
                if self.quit || Instant::now() >= end {
                    return Ok(());
                }
            }
            match self.events.try_recv() {
                Ok(event) => self.take(event)?,
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Takes what the terminal sent for [`Self::drain`]; carries out everything else.
    pub(super) fn take(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Inputs(inputs) => self.inputs.extend(inputs),
            Event::Resized => self.storm.resized(Instant::now()),
            Event::Written(buffer) => self.outlet.written(buffer),
            Event::Continued => return self.continued(),
            Event::Suspend => return self.suspend(),
            Event::Gone => signals::hung_up(),
            // All it had to do was to wake the loop.
            Event::News => {}
        }
        Ok(())
    }

    fn input(&mut self, input: Input) -> io::Result<()> {
        match input {
            // All it had to do was to wake the loop.
            Input::Answer => Ok(()),
            Input::Ground(_) | Input::Cursor(..) => {
                if self.probe.heard(input) {
                    self.learn();
                }
                Ok(())
            }
            Input::Key(event) => events::key(event).map_or(Ok(()), |key| self.press(key)),
            Input::Mouse(event) => events::pointer(event).map_or(Ok(()), |pointer| self.point(pointer)),
            Input::Paste => {
                self.outlet.heard();
                self.click()?;
                let effect = self.app.tell("pasted text is not typed: nothing was done");
                self.carry_out(effect)
            }
        }
    }

    fn press(&mut self, key: Key) -> io::Result<()> {
        self.outlet.heard();
        self.click()?;
        let ground = self.app.style.theme.ground;
        let area = self.area();
        screen::fit(&mut self.app, area);
        let effect = self.app.press(key);
        if self.app.style.theme.ground != ground {
            self.ground = Some(self.app.style.theme.ground);
        }
        self.carry_out(effect)
    }

    fn point(&mut self, pointer: Pointer) -> io::Result<()> {
        self.outlet.heard();
        let effect = match pointer {
            Pointer::Press(column, row) if self.picture.laid().grabs((column, row)) => {
                self.hand = Hand::End;
                Effect::None
            }
            Pointer::Press(column, row) => {
                self.clicked = Some((column, row));
                Effect::None
            }
            Pointer::Release(column, row) => match std::mem::take(&mut self.hand) {
                Hand::Empty => Effect::None,
                Hand::End => match self.picture.laid().hit((column, row)) {
                    Some(Click::Point(point)) => self.app.click(Click::End(point)),
                    _ => Effect::None,
                },
            },
            Pointer::WheelUp => self.wheel(true)?,
            Pointer::WheelDown => self.wheel(false)?,
        };
        self.carry_out(effect)
    }

    fn wheel(&mut self, up: bool) -> io::Result<Effect> {
        self.click()?;
        let area = self.area();
        screen::fit(&mut self.app, area);
        Ok(self.app.wheel(up))
    }

    /// Carries out the pending click, if there is one.
    pub(super) fn click(&mut self) -> io::Result<()> {
        let hit = self.clicked.take().and_then(|at| self.picture.laid().hit(at));
        let effect = hit.map_or(Effect::None, |click| self.app.click(click));
        self.carry_out(effect)
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::None => {}
            Effect::Redraw => self.touch(Cause::Key),
            Effect::Quit => self.quit = true,
            Effect::Suspend => return self.suspend(),
            Effect::Repaint => self.lose(),
            Effect::Write { path, text } => {
                let outcome = write_new(&path, &text);
                self.app.tell(outcome);
                self.touch(Cause::Key);
            }
            Effect::Picture => {
                let area = self.area();
                if let Some(outcome) = self.picture.save(&self.app, area) {
                    self.app.tell(outcome);
                    self.touch(Cause::Key);
                }
            }
        }
        Ok(())
    }

    /// Returns the terminal to the shell until the program is continued.
    fn suspend(&mut self) -> io::Result<()> {
        if !tty::can_stop() {
            self.app.tell("there is no shell to come back from");
            self.touch(Cause::Key);
            return Ok(());
        }
        drop(guard::give_back());
        self.expected = true;
        tty::stop()?;
        self.guard.enter()?;
        self.come_back();
        Ok(())
    }

    /// The program was continued; if it had not stopped itself, the shell has had the terminal without notice.
    fn continued(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.expected) {
            self.guard.enter()?;
            self.come_back();
        }
        Ok(())
    }

    /// Another program has had the terminal: its state is unknown, and the time in between does not count.
    fn come_back(&mut self) {
        self.clock = None;
        self.outlet.forget();
        self.lose();
    }
}
