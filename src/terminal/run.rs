//! The loop: wait, drain, change, draw, work. Paused means blocked: no tick, no byte, no wake-up.
//!
//! Decides nothing about races or pictures: keys go to the app, cells come from the view.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{Event as Input, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::guard::{self, Guard};
use super::picture::{self, Picture};
use super::screen::Screen;
use super::writer::Writer;
use super::{Environment, Event, Options, capabilities, input, signals, tty};
use crate::app::{Action, App, Effect};

/// Events that may wait; a sender with more waits itself.
const QUEUE: usize = 4096;
/// Events that are carried out before a frame is drawn, so that a flood is still seen to do something.
const DRAIN: usize = 1024;
/// How long one slice of work may keep a key waiting.
const SLICE: Duration = Duration::from_millis(3);
/// Steps of a race between two looks at the clock.
const STEPS: usize = 500;

/// Shows the app until the user quits.
pub fn run(app: App, options: &Options) -> io::Result<()> {
    let (sender, events) = sync_channel(QUEUE);
    let guard = Guard::take()?;
    signals::watch(&sender)?;
    input::read(sender.clone())?;
    let writer = Writer::new(sender)?;
    let size = options.size.unwrap_or_else(tty::size);
    let mut interface = Loop {
        app,
        guard,
        events,
        writer,
        screen: Screen::new(size, capabilities(&Environment::here())),
        picture: Picture::default(),
        size: options.size,
        frame: Duration::from_secs(1) / u32::from(options.fps.max(1)),
        dirty: true,
        unfinished: true,
        clock: None,
        expected: false,
        quit: false,
    };
    interface.run()
}

#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that may be due")]
struct Loop {
    app: App,
    guard: Guard,
    events: Receiver<Event>,
    writer: Writer,
    screen: Screen,
    picture: Picture,
    /// A size that was asked for, in place of the terminal's.
    size: Option<(u16, u16)>,
    frame: Duration,
    /// The picture may differ from what is shown.
    dirty: bool,
    /// There may be work to do.
    unfinished: bool,
    /// When time was last let pass, while the app plays.
    clock: Option<Instant>,
    /// A stop of our own making is to be followed by a SIGCONT that needs no answer.
    expected: bool,
    quit: bool,
}

impl Loop {
    fn run(&mut self) -> io::Result<()> {
        while !self.quit {
            self.draw()?;
            self.work();
            self.wait()?;
            self.drain()?;
            self.app.settle();
            self.tick();
        }
        Ok(())
    }

    /// Waits for the next event, but not beyond the next frame, and not at all while there is something to do.
    fn wait(&mut self) -> io::Result<()> {
        let event = if self.unfinished || (self.dirty && self.writer.idle()) {
            Ok(None)
        } else if let Some(clock) = self.clock {
            match self.events.recv_timeout((clock + self.frame).saturating_duration_since(Instant::now())) {
                Ok(event) => Ok(Some(event)),
                Err(RecvTimeoutError::Timeout) => Ok(None),
                Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe),
            }
        } else {
            self.events.recv().map(Some).map_err(|_| io::ErrorKind::BrokenPipe)
        };
        match event? {
            Some(event) => self.take(event),
            None => Ok(()),
        }
    }

    /// Carries out what has come in meanwhile. Sizes are not looked at one by one: the newest is read once, in `draw`.
    fn drain(&mut self) -> io::Result<()> {
        for _ in 0..DRAIN {
            match self.events.try_recv() {
                Ok(event) if !self.quit => self.take(event)?,
                Ok(_) | Err(TryRecvError::Empty | TryRecvError::Disconnected) => return Ok(()),
            }
        }
        Ok(())
    }

    fn take(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Input(Input::Key(key)) => {
                let effect = input::key(&key).map_or(Effect::None, |key| self.app.press(key));
                self.carry_out(effect)
            }
            Event::Input(Input::Mouse(mouse)) => {
                let effect = self.mouse(mouse);
                self.carry_out(effect)
            }
            Event::Input(Input::Resize(..)) => {
                self.lose();
                Ok(())
            }
            Event::Continued => self.continued(),
            Event::Input(_) => Ok(()),
            Event::Written(buffer) => {
                self.writer.written(buffer);
                Ok(())
            }
            Event::Suspend => self.suspend(),
            Event::Gone => Err(io::Error::other("the terminal is gone")),
        }
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::None => {}
            Effect::Redraw => self.touch(),
            Effect::Quit => self.quit = true,
            Effect::Suspend => return self.suspend(),
            Effect::Write { path, text } => {
                let told = super::write_new(&path, &text);
                self.app.tell(told);
                self.touch();
            }
        }
        Ok(())
    }

    fn touch(&mut self) {
        self.dirty = true;
        self.unfinished = true;
    }

    fn lose(&mut self) {
        self.screen.lose(self.size.unwrap_or_else(tty::size));
        self.touch();
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Effect {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.app.update(Action::ZoomIn),
            MouseEventKind::ScrollDown => self.app.update(Action::ZoomOut),
            MouseEventKind::Down(MouseButton::Left) => {
                let hit = picture::hit(&self.app, self.area(), (mouse.column, mouse.row));
                hit.map_or(Effect::None, |click| self.app.click(click))
            }
            _ => Effect::None,
        }
    }

    fn area(&self) -> Rect {
        let (width, height) = self.screen.size();
        Rect::new(0, 0, width, height)
    }

    /// Lets time pass for the app, a frame's worth at a time.
    fn tick(&mut self) {
        if !self.app.playing() {
            self.clock = None;
            return;
        }
        let now = Instant::now();
        let clock = *self.clock.get_or_insert(now);
        // While a frame is on its way time stands still in the app, too: a slow link shows fewer frames, not jumps.
        if now - clock >= self.frame && self.writer.idle() {
            if self.app.advance(now - clock) {
                self.touch();
            }
            self.clock = Some(now);
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        if !self.dirty {
            return Ok(());
        }
        let Some(mut out) = self.writer.buffer() else { return Ok(()) };
        #[cfg(debug_assertions)]
        panic_if_asked("draw");
        let area = self.area();
        self.screen.frame(&mut out, self.picture.update(&self.app, area));
        self.dirty = false;
        self.writer.send(out)
    }

    /// A slice of the race and of the picture's fields; neither keeps a key waiting.
    fn work(&mut self) {
        if !self.unfinished {
            return;
        }
        let until = Instant::now() + SLICE;
        let (race, field) = (self.app.unfinished(), self.picture.unfinished());
        let mut racing = race;
        while racing && Instant::now() < until {
            racing = self.app.work(STEPS);
        }
        // Only what has been drawn can be made finer.
        let drawing = field && self.picture.work(until);
        self.unfinished = racing || drawing;
        self.dirty |= (race && !racing) || (field && !drawing) || self.app.waiting();
    }

    /// Gives the terminal to the shell until somebody continues the program.
    fn suspend(&mut self) -> io::Result<()> {
        if !tty::can_stop() {
            self.app.tell("there is no shell to come back from");
            self.touch();
            return Ok(());
        }
        drop(guard::give_back());
        self.expected = true;
        tty::stop()?;
        self.guard.enter()?;
        // The time in between has not been watched.
        self.clock = None;
        self.lose();
        Ok(())
    }

    /// Continued after a stop that could not be seen coming: the shell has had the terminal meanwhile.
    fn continued(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.expected) {
            self.guard.enter()?;
            self.clock = None;
            self.lose();
        }
        Ok(())
    }
}

/// For tests of what a panic leaves behind.
#[cfg(debug_assertions)]
pub fn panic_if_asked(place: &str) {
    let asked = std::env::var_os("GEODESCENT_PANIC").is_some_and(|asked| asked == place);
    assert!(!asked, "asked to panic in {place}");
}
