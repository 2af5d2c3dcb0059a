//! The loop: wait, drain, change, draw, work. Paused means blocked: no tick, no byte, no wake-up.
//!
//! What an input does is not its business (`control`), nor what the cells show (`view`).

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
use crate::screen;
use crate::work;

/// Events that may be queued; a sender with more is blocked. Everything that one read returns is one event.
const QUEUE: usize = 64;
/// How long one slice of work may keep a key waiting.
const SLICE: Duration = Duration::from_millis(3);
/// The minimum time between two frames that only show more of what jobs have found, or how far they are.
const PROGRESS: Duration = Duration::from_millis(200);
/// How long the first picture waits for the terminal's answers: longer than any terminal on the same machine takes, and
/// shorter than anyone notices. The next picture shows what comes later.
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
    let bell = sender.clone();
    // If the queue is full the loop is awake.
    work::on_news(move || drop(bell.try_send(Event::News)));
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
        heard: Instant::now(),
        clock: None,
        clicked: None,
        hand: Hand::Empty,
        expected: false,
        quit: false,
    };
    interface.run()
}

/// Why the picture may differ from what is shown, least urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The read-out of the traffic, which does not count itself.
    ReadOut,
    /// Time has passed, or a computation has finished.
    Time,
    /// A key was pressed: the user is waiting.
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
    /// Inputs that are not carried out yet.
    inputs: VecDeque<Input>,
    probe: Probe,
    /// The background that was asked for or found; then a later answer of the terminal does not count.
    ground: Option<Ground>,
    /// The size that was asked for instead of the terminal's.
    size: Option<(u16, u16)>,
    /// The minimum time between two frames.
    frame: Duration,
    /// Why a frame has to be drawn; `None` if what is shown is up to date.
    changed: Option<Cause>,
    /// Whether there may be something to compute between frames.
    unfinished: bool,
    /// When what jobs have found was last looked at.
    heard: Instant,
    /// Up to when time has passed for the app, while it plays.
    clock: Option<Instant>,
    /// Where the mouse was pressed last, if that is not carried out yet. Nobody can aim twice between two pictures.
    clicked: Option<(u16, u16)>,
    /// What the mouse holds while its button is down.
    hand: Hand,
    /// The program has stopped itself: the SIGCONT to come needs no answer.
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

/// The time until a moment, never zero: a moment that has passed without anything to do must not become a busy wait.
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
            self.quit |= self.app.over();
            self.hear();
            self.read_out();
        }
        Ok(())
    }

    /// Asks the terminal what has to be known of it, and waits for the answers a little. Meanwhile it runs short races,
    /// which would change the first picture.
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

    /// Applies what the terminal has answered.
    fn learn(&mut self) {
        let found = self.probe.found();
        self.screen.repeats(found.repeats == Some(true));
        let style = &mut self.app.style;
        if found.glyphs == Some(Glyphs::Narrow) && style.glyphs != Glyphs::Narrow {
            style.glyphs = Glyphs::Narrow;
            if !found.braille || !style.glyphs.markers().contains(&style.marker) {
                style.marker = Marker::Ascii;
            }
            // What has been drawn so far is in the wrong columns.
            self.lose();
        }
        // Only once: a key may choose another one afterwards.
        if let Some(ground) = found.ground().filter(|_| self.ground.is_none()) {
            self.app.style.theme.ground = ground;
            self.ground = Some(ground);
        }
        self.touch(Cause::Key);
    }

    /// Waits for the next event, but no longer than until the next thing to do.
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

    /// When there is something to do even if no event comes.
    fn next(&mut self, now: Instant) -> Wait {
        if self.unfinished || !self.inputs.is_empty() {
            return Wait::No;
        }
        let news = work::news().then(|| self.heard + PROGRESS);
        let wait = Wait::Forever.or(self.storm.due()).or(self.outlet.reports_at()).or(news);
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
        // While no frame can be sent, time stands still in the app: a slow link shows fewer frames, but no jumps.
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
        screen::fitted(&mut self.app, self.picture.laid().last);
        let readout = self.changed.take() == Some(Cause::ReadOut);
        self.outlet.send(out, Kind { full, readout }, now)
    }

    /// Updates the read-out of the traffic once a second, until nothing is sent any more.
    fn read_out(&mut self) {
        if self.app.traffic.is_none() {
            return self.outlet.stop_reports();
        }
        let traffic = self.outlet.report(Instant::now());
        if traffic.is_some() && traffic != self.app.traffic {
            self.app.traffic = traffic;
            self.changed = self.changed.max(Some(Cause::ReadOut));
        }
    }

    /// Computes a slice of the race, short enough for a key to wait, and takes what jobs have found for the app.
    fn work(&mut self) {
        if !self.unfinished {
            return;
        }
        let until = Instant::now() + SLICE;
        let (before, progress) = (self.app.unfinished(), self.app.progress());
        let mut more = before;
        while more && Instant::now() < until {
            more = self.app.work(STEPS);
            if self.app.resting() {
                break;
            }
        }
        // Jobs say when they have found something.
        self.unfinished = more && !self.app.resting();
        if (before && !more) || self.app.waiting() || progress != self.app.progress() {
            self.changed = self.changed.max(Some(Cause::Time));
        }
    }

    /// Looks at what jobs have found: at once when the last of them has ended, until then a few times a second.
    fn hear(&mut self) {
        let now = Instant::now();
        if !work::news() || (!work::idle() && now - self.heard < PROGRESS) {
            return;
        }
        work::heard();
        self.heard = now;
        self.unfinished = true;
        // A frame may have taken everything already.
        if self.picture.unfinished() || self.app.progress().is_some() {
            self.changed = self.changed.max(Some(Cause::Time));
        }
    }
}
