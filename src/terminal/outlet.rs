//! The output of frames: the writer's thread, the pace that the link allows, the question after each frame, the traffic
//! count.

use std::io;
use std::time::{Duration, Instant};

use super::guard;
use super::keys::QUESTION;
use super::link::{self, Link};
use super::meter::Meter;
use super::writer::Writer;
use crate::app::Traffic;

/// How often the traffic is reported.
const TELL: Duration = Duration::from_secs(1);

/// A frame on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// It repaints everything.
    pub full: bool,
    /// It shows nothing but what was counted, and is not counted itself.
    pub told: bool,
}

/// Where frames leave.
#[derive(Debug)]
pub struct Outlet {
    writer: Writer,
    link: Link,
    meter: Meter,
    /// When it was last told what goes over the link, as long as there is something to tell.
    told: Option<Instant>,
}

impl Outlet {
    /// An outlet of which nothing is known yet; `frugal` if little may go through it.
    pub fn new(writer: Writer, frugal: bool) -> Self {
        let link = Link::new(frugal.then_some(link::FRUGAL));
        Self { writer, link, meter: Meter::default(), told: None }
    }

    /// Whether a frame may be sent now, `awaited` by somebody who pressed a key or not; if not, the moment to come at
    /// which to look again where nothing else happens before; an answer then is an event. An answer that is overdue is
    /// asked for once more: whoever has nothing to send does not come here, and costs no byte.
    pub fn ready(&mut self, now: Instant, awaited: bool) -> Result<(), Option<Instant>> {
        if !self.writer.idle() {
            return Err(None);
        }
        self.listen(false);
        loop {
            if self.link.overdue(&mut guard::questions(), QUESTION.len(), now) {
                self.ask_again();
            }
            let ready = self.link.ready(&mut guard::questions(), now, awaited);
            if !self.writer.idle() {
                return Err(None);
            }
            if ready.is_ok() || !self.listen(true) {
                return ready;
            }
        }
    }

    /// Takes the answers that have come; if there are none, `awaited` says whether the next one is an event. Returns
    /// whether there were any.
    fn listen(&mut self, awaited: bool) -> bool {
        let came = guard::questions().take(awaited);
        let any = !came.is_empty();
        came.into_iter().for_each(|answer| self.link.answered(answer));
        any
    }

    /// The buffer for the next frame; none while the last one is still being written.
    pub fn buffer(&mut self) -> Option<Vec<u8>> {
        self.writer.buffer()
    }

    /// Sends a frame, with the question whether it has been shown; nothing if nothing is in it.
    pub fn send(&mut self, mut frame: Vec<u8>, kind: Kind, now: Instant) -> io::Result<()> {
        if !frame.is_empty() {
            let asks = self.link.asks(kind.full);
            if asks {
                frame.extend_from_slice(QUESTION);
            }
            self.link.sent(&mut guard::questions(), frame.len(), asks, now);
            if !kind.told {
                self.meter.add(frame.len(), now);
                self.told = self.told.or(Some(now));
            }
        }
        self.writer.send(frame)
    }

    /// Asks what has to be known before the first picture.
    pub fn probe(&mut self, questions: Vec<u8>, now: Instant) -> io::Result<()> {
        self.send(questions, Kind { full: true, told: true }, now)
    }

    /// Whether an answer is still to come; the next one is then an event.
    pub fn waits(&mut self) -> bool {
        self.listen(true);
        guard::questions().waiting()
    }

    /// The answer is overdue: it may have got lost.
    fn ask_again(&mut self) {
        if let Some(mut out) = self.writer.buffer() {
            out.extend_from_slice(QUESTION);
            // Fails where the writer's thread has ended, which ends the program by itself.
            let _ = self.writer.send(out);
        }
    }

    /// A frame has been written; its buffer comes back.
    pub fn written(&mut self, buffer: Vec<u8>) {
        self.writer.written(buffer);
    }

    /// A key came.
    pub const fn heard(&mut self) {
        self.link.heard();
    }

    /// What was on its way does not matter any more.
    pub fn forget(&mut self) {
        self.listen(false);
        self.link.forget(&mut guard::questions());
    }

    /// When there is to be told what goes over the link, while anything does.
    pub fn tells_at(&self) -> Option<Instant> {
        self.told.map(|told| told + TELL)
    }

    /// The traffic, if a report is due.
    pub fn tell(&mut self, now: Instant) -> Option<Traffic> {
        if self.tells_at().is_some_and(|at| now < at) {
            return None;
        }
        self.listen(false);
        let traffic = self.meter.read(self.link.round_trip(), now);
        self.told = (traffic.frames > 0).then_some(now);
        Some(traffic)
    }

    /// The traffic is no longer shown.
    pub const fn tell_nobody(&mut self) {
        self.told = None;
    }
}
