//! The loop: wait, drain, change, draw, work. Paused means blocked: no tick, no byte, no wake-up.
//!
//! What comes in is carried out by `control`, cells come from the view.

mod control;

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use ratatui::layout::Rect;

use super::guard::Guard;
use super::keys::Input;
use super::outlet::{Kind, Outlet};
use super::picture::Picture;
use super::probe::Probe;
use super::screen::Screen;
use super::storm::Storm;
use super::writer::Writer;
use super::{Environment, Event, Options, capabilities, input, memory, signals, tty};
use crate::app::App;
use crate::app::look::{Glyphs, Ground, Marker};

/// Events that may wait; a sender with more waits itself. What one read brings is one event.
const QUEUE: usize = 64;
/// How long one slice of work may keep a key waiting.
const SLICE: Duration = Duration::from_millis(3);
/// How long the first picture waits for what the terminal was asked: longer than any terminal on this machine takes,
/// and shorter than anyone notices. What comes later is shown by the next picture.
const UNNOTICED: Duration = Duration::from_millis(25);
/// Steps of a race between two looks at the clock.
const STEPS: usize = 500;
/// Frames per second with `--low-bandwidth`.
const FEW: u16 = 8;

/// Shows the app until the user quits.
pub fn run(app: App, options: &Options) -> io::Result<()> {
    memory::share_arena();
    let (sender, events) = sync_channel(QUEUE);
    let guard = Guard::take()?;
    signals::watch(&sender)?;
    input::read(sender.clone())?;
    let writer = Writer::new(sender)?;
    let size = options.size.unwrap_or_else(tty::size);
    let environment = Environment::here();
    let fps = if options.low_bandwidth { options.fps.min(FEW) } else { options.fps };
    let mut interface = Loop {
        app,
        guard,
        events,
        outlet: Outlet::new(writer, options.low_bandwidth),
        storm: Storm::default(),
        screen: Screen::new(size, capabilities(&environment)),
        picture: Picture::default(),
        inputs: VecDeque::new(),
        probe: Probe::new(&environment, tty::size()),
        ground: options.ground,
        size: options.size,
        frame: Duration::from_secs(1) / u32::from(fps.max(1)),
        changed: Some(Cause::Key),
        unfinished: true,
        clock: None,
        clicked: None,
        hand: Hand::Empty,
        expected: false,
        quit: false,
    };
    interface.run()
}

/// Why the picture may differ from what is shown. The greater, the more it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The read-out of the link, which does not count itself.
    ReadOut,
    /// Time, or a computation that has come to its end.
    Time,
    /// A key: the user is waiting for it.
    Key,
}

struct Loop {
    app: App,
    guard: Guard,
    events: Receiver<Event>,
    outlet: Outlet,
    storm: Storm,
    screen: Screen,
    picture: Picture,
    /// What has come in and is not carried out yet.
    inputs: VecDeque<Input>,
    probe: Probe,
    /// The ground that was asked for or found, in place of what the terminal may yet say.
    ground: Option<Ground>,
    /// A size that was asked for, in place of the terminal's.
    size: Option<(u16, u16)>,
    /// The minimum time between two frames.
    frame: Duration,
    /// Why there is a frame to be drawn; none if what is shown is right.
    changed: Option<Cause>,
    /// Races or fields may not be computed to their end.
    unfinished: bool,
    /// When time was last let pass, while the app plays.
    clock: Option<Instant>,
    /// Where the mouse was pressed last, if nothing has been done about it. Between two pictures nobody can aim twice.
    clicked: Option<(u16, u16)>,
    /// What the mouse holds while its button is down.
    hand: Hand,
    /// A stop of our own making is to be followed by a SIGCONT that needs no answer.
    expected: bool,
    quit: bool,
}

/// What the mouse holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Hand {
    #[default]
    Empty,
    /// The end of the geodesics.
    End,
}

/// How long to wait for the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// Not at all.
    No,
    /// Until a moment.
    Until(Instant),
    /// Until something happens.
    Forever,
}

impl Wait {
    /// Whichever is shorter.
    fn or(self, moment: Option<Instant>) -> Self {
        match (self, moment) {
            (Self::No, _) | (_, None) => self,
            (Self::Until(one), Some(other)) => Self::Until(one.min(other)),
            (Self::Forever, Some(moment)) => Self::Until(moment),
        }
    }
}

/// The time until a moment, and never none: a moment that has passed without anything to do must not become a busy
/// wait.
fn left(moment: Instant) -> Duration {
    moment.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

impl Loop {
    fn run(&mut self) -> io::Result<()> {
        self.ask()?;
        while !self.quit {
            self.follow_size();
            self.draw()?;
            self.work();
            self.wait()?;
            self.drain()?;
            self.click()?;
            self.app.settle();
            self.tick();
            self.read_out();
        }
        Ok(())
    }

    /// Asks the terminal what has to be known of it, and waits for that a little. Meanwhile short races are run, after
    /// which the first picture would be another one.
    fn ask(&mut self) -> io::Result<()> {
        let now = Instant::now();
        self.outlet.probe(self.probe.questions(), now)?;
        while self.app.work(STEPS) && now.elapsed() < SLICE {}
        while !self.quit && self.outlet.waits() {
            let Some(left) = UNNOTICED.checked_sub(now.elapsed()) else { break };
            match self.events.recv_timeout(left) {
                Ok(event) => self.take(event)?,
                Err(_) => break,
            }
        }
        self.drain()
    }

    /// The terminal has told something new of itself.
    fn learn(&mut self) {
        let found = self.probe.found();
        self.screen.repeats(found.repeats == Some(true));
        let style = &mut self.app.style;
        if found.glyphs == Some(Glyphs::Narrow) && style.glyphs != Glyphs::Narrow {
            style.glyphs = Glyphs::Narrow;
            if !found.braille || !style.glyphs.markers().contains(&style.marker) {
                style.marker = Marker::Ascii;
            }
            // Whatever has been drawn is not where it should be.
            self.lose();
        }
        // Once: what a key chooses after that stays.
        if let Some(ground) = found.ground().filter(|_| self.ground.is_none()) {
            self.app.style.theme.ground = ground;
            self.ground = Some(ground);
        }
        self.touch(Cause::Key);
    }

    /// Waits for the next event, but not beyond the next thing to do.
    fn wait(&mut self) -> io::Result<()> {
        let event = match self.next(Instant::now()) {
            Wait::No => Ok(None),
            Wait::Until(moment) => match self.events.recv_timeout(left(moment)) {
                Ok(event) => Ok(Some(event)),
                Err(RecvTimeoutError::Timeout) => Ok(None),
                Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe),
            },
            Wait::Forever => self.events.recv().map(Some).map_err(|_| io::ErrorKind::BrokenPipe),
        };
        match event? {
            Some(event) => self.take(event),
            None => Ok(()),
        }
    }

    /// When there is something to do without anything happening.
    fn next(&mut self, now: Instant) -> Wait {
        if self.unfinished || !self.inputs.is_empty() {
            return Wait::No;
        }
        let wait = Wait::Forever.or(self.storm.due()).or(self.outlet.tells_at());
        if self.changed.is_none() && self.clock.is_none() {
            return wait;
        }
        match self.outlet.ready(now, self.awaited()) {
            Ok(()) if self.changed.is_some() && self.storm.due().is_none() => Wait::No,
            Ok(()) if self.changed.is_some() => wait,
            Ok(()) => wait.or(self.clock.map(|clock| clock + self.frame.max(self.app.until_next_step()))),
            Err(moment) => wait.or(moment),
        }
    }

    fn touch(&mut self, cause: Cause) {
        self.changed = self.changed.max(Some(cause));
        self.unfinished = true;
    }

    /// Whether the user is waiting for the next frame.
    fn awaited(&self) -> bool {
        self.changed == Some(Cause::Key)
    }

    fn lose(&mut self) {
        self.screen.lose(self.size.unwrap_or_else(tty::size));
        self.touch(Cause::Key);
    }

    fn follow_size(&mut self) {
        if self.storm.over(Instant::now()) {
            self.lose();
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
        // While frames are on their way time stands still in the app, too: a slow link shows fewer frames, not jumps.
        if now - clock >= self.frame && self.outlet.ready(now, self.awaited()).is_ok() {
            if self.app.advance(now - clock) {
                self.touch(Cause::Time);
            }
            self.clock = Some(now);
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let now = Instant::now();
        if self.changed.is_none() || self.storm.due().is_some() {
            return Ok(());
        }
        if self.outlet.ready(now, self.awaited()).is_err() {
            return Ok(());
        }
        let Some(mut out) = self.outlet.buffer() else { return Ok(()) };
        #[cfg(debug_assertions)]
        super::guard::panic_if_asked("draw");
        let area = self.area();
        let full = self.screen.lost();
        self.screen.frame(&mut out, self.picture.update(&self.app, area));
        let told = self.changed.take() == Some(Cause::ReadOut);
        self.outlet.send(out, Kind { full, told }, now)
    }

    /// Updates the read-out of the link, once a second, until it says that nothing is sent.
    fn read_out(&mut self) {
        if self.app.traffic.is_none() {
            return self.outlet.tell_nobody();
        }
        let told = self.outlet.tell(Instant::now());
        if told.is_some() && told != self.app.traffic {
            self.app.traffic = told;
            self.changed = self.changed.max(Some(Cause::ReadOut));
        }
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
        if (race && !racing) || (field && !drawing) || self.app.waiting() {
            self.changed = self.changed.max(Some(Cause::Time));
        }
    }
}
