//! The output of frames: it connects the writer's thread, the pace that the link allows, the question after frames
//! and the count of traffic. What is in a frame is not its business.

use std::io;
use std::time::{Duration, Instant};

use super::guard;
use super::keys::QUESTION;
use super::link::{self, Link};
use super::meter::Meter;
use super::writer::Writer;
use crate::app::Traffic;

/// How often the traffic is reported.
const REPORT: Duration = Duration::from_secs(1);

/// What kind of frame is sent.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// It repaints everything.
    pub full: bool,
    /// It only shows the traffic, and is not counted itself.
    pub readout: bool,
}

/// The output of frames.
#[derive(Debug)]
pub struct Outlet {
    writer: Writer,
    link: Link,
    meter: Meter,
    /// When the traffic was last reported, as long as there is any.
    reported: Option<Instant>,
}

impl Outlet {
    /// An outlet to a link of which nothing is known; `frugal` to send few bytes.
    pub fn new(writer: Writer, frugal: bool) -> Self {
        let link = Link::new(frugal.then_some(link::FRUGAL));
        Self { writer, link, meter: Meter::default(), reported: None }
    }

    /// Whether a frame may be sent now, `awaited` if the user has pressed a key for it. If not, the future moment at which
    /// to look again if nothing happens before, and the next answer becomes an event. Repeats the question if its answer is
    /// overdue: without anything to send, nobody calls this, and no byte is spent.
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

    /// The buffer for the next frame; `None` while the last one is still being written.
    pub fn buffer(&mut self) -> Option<Vec<u8>> {
        self.writer.buffer()
    }

    /// Sends a frame, followed by the question where the link asks; nothing if the frame is empty.
    pub fn send(&mut self, mut frame: Vec<u8>, kind: Kind, now: Instant) -> io::Result<()> {
        if !frame.is_empty() {
            let asks = self.link.asks(kind.full, frame.len());
            if asks {
                frame.extend_from_slice(QUESTION);
            }
            self.link.sent(&mut guard::questions(), frame.len(), asks, now);
            if !kind.readout {
                self.meter.add(frame.len(), now);
                self.reported = self.reported.or(Some(now));
            }
        }
        self.writer.send(frame)
    }

    /// Sends the questions that precede the first picture.
    pub fn probe(&mut self, questions: Vec<u8>, now: Instant) -> io::Result<()> {
        self.send(questions, Kind { full: true, readout: true }, now)
    }

    /// Whether an answer is outstanding; the next one is then an event.
    pub fn waits(&mut self) -> bool {
        self.listen(true);
        guard::questions().waiting()
    }

    /// Repeats the question: its answer may have got lost.
    fn ask_again(&mut self) {
        if let Some(mut out) = self.writer.buffer() {
            out.extend_from_slice(QUESTION);
            // If this fails, the writer's thread has ended, and that ends the program.
            let _ = self.writer.send(out);
        }
    }

    /// A frame has been written; takes its buffer.
    pub fn written(&mut self, buffer: Vec<u8>) {
        self.writer.written(buffer);
    }

    /// A key has arrived.
    pub const fn heard(&mut self) {
        self.link.heard();
    }

    /// Forgets what was in flight.
    pub fn forget(&mut self) {
        self.listen(false);
        self.link.forget(&mut guard::questions());
    }

    /// When the next report of the traffic is due, while there is any.
    pub fn reports_at(&self) -> Option<Instant> {
        self.reported.map(|told| told + REPORT)
    }

    /// The traffic, if a report is due.
    pub fn report(&mut self, now: Instant) -> Option<Traffic> {
        if self.reports_at().is_some_and(|at| now < at) {
            return None;
        }
        self.listen(false);
        let traffic = self.meter.read(self.link.round_trip(), now);
        self.reported = (traffic.frames > 0).then_some(now);
        Some(traffic)
    }

    /// The traffic is no longer shown.
    pub const fn stop_reports(&mut self) {
        self.reported = None;
    }
}
