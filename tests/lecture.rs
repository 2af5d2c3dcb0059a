//! Eight hours on stage, without a terminal and with a simulated clock: thirty frames per second, every built-in scenario
//! once an hour, each in another size, every third played from the start, keys at random. Allocated memory, open files and frame
//! time stay where they were after the first hour.
//!
//! `cargo test` plays the whole lecture with shortened shows. All 864,000 frames:
//!
//!     cargo test --release --test lecture -- --ignored --nocapture
#![expect(clippy::disallowed_macros, reason = "a test prints what it has measured")]

mod common;

use std::path::PathBuf;
use std::time::Duration;

use common::allowed;
use common::clock::{milliseconds, percentile, spent};
use common::dice::Dice;

use common::stage::STYLE;
use geodescent::app::{ACTIONS, Action, App, Effect, Entry, Key, Screen, Show};
use geodescent::math::chebyshev;
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{self, Cache};
use geodescent::terminal::{Capabilities, Frames};
use peak_alloc::PeakAlloc;
use ratatui::layout::Rect;

/// Counts what is allocated. Resident memory would hang on what the allocator keeps of the last large picture.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const HOURS: usize = 8;
/// Frames of a whole one.
const HOUR: usize = 108_000;
/// One show in so many begins with a restart, and one in so many is opened from the gallery.
const RESTART: usize = 3;
const CHOSEN: usize = 2;
/// A frame at thirty a second.
const FRAME: Duration = Duration::from_micros(33_333);
/// One key in so many frames: about two a second.
const KEYS: usize = 15;
/// Windows of a lecture: full screen, split, a projector's, one that somebody has dragged to a corner.
const SIZES: [(u16, u16); 8] = [(120, 36), (80, 24), (200, 60), (100, 30), (60, 20), (160, 45), (240, 67), (38, 11)];

/// What is measured once an hour.
#[derive(Debug)]
struct Hour {
    /// Bytes that are allocated.
    live: usize,
    /// The most that was allocated at any time of the hour.
    peak: usize,
    /// Bytes of memory that are resident.
    resident: usize,
    /// Open files.
    files: usize,
    threads: usize,
    /// The 99th of a hundred frames, in microseconds.
    p99: u32,
    /// Room of the buffer that frames are written into.
    buffer: usize,
}

struct Lecture {
    app: App,
    cache: Cache,
    frames: Frames,
    out: Vec<u8>,
    dice: Dice,
    keys: Vec<Key>,
    frames_a_show: usize,
    drawn: usize,
    /// Bytes that are kept for ever, for the test of the test.
    leak: Option<Vec<Vec<u8>>>,
}

fn open(scenario: usize) -> Show {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{}.toml", BUILTIN[scenario].name));
    let document = Document::open(&path).unwrap_or_else(|report| panic!("{report}"));
    Show::open(document).unwrap_or_else(|report| panic!("{report}"))
}

/// The gallery, which reads what is chosen, with one scenario opened from it.
fn from_gallery(scenario: usize) -> App {
    let mut app = App::gallery(Entry::builtins(), STYLE);
    let Screen::Gallery(gallery) = &mut app.screen else { panic!("the gallery is on screen") };
    gallery.pick(scenario);
    app.update(Action::Open);
    app
}

impl Lecture {
    fn new(frames_a_show: usize) -> Self {
        // Searches make these tables when they first need them, once for the program.
        for size in 0..chebyshev::SIZES.len() {
            let _ = chebyshev::nodes(size);
        }
        Self {
            app: from_gallery(0),
            cache: Cache::default(),
            frames: Frames::new(SIZES[0], Capabilities::default()),
            out: Vec::new(),
            dice: Dice::new(0),
            keys: ACTIONS.iter().flat_map(|info| info.keys.iter().copied()).collect(),
            frames_a_show,
            drawn: 0,
            leak: None,
        }
    }

    /// One hour, in which every built-in scenario is shown once.
    fn hour(&mut self, number: usize) -> Hour {
        // The first and the last hour are the same lecture: what differs is only what the hours between have left.
        self.dice = Dice::new((number % (HOURS - 1)) as u64);
        let mut micros = Vec::with_capacity(BUILTIN.len() * self.frames_a_show);
        MEMORY.reset_peak_usage();
        for scenario in 0..BUILTIN.len() {
            self.begin(scenario);
            for _ in 0..self.frames_a_show {
                let start = spent();
                self.frame();
                micros.push(u32::try_from(spent().saturating_sub(start).as_micros()).unwrap_or(u32::MAX));
            }
        }
        micros.sort_unstable();
        let p99 = percentile(&micros, 0.99);
        drop(micros);
        let peak = MEMORY.peak_usage();
        // Looked at in the same place: the same scenario on the same screen.
        self.app = from_gallery(0);
        self.resize(SIZES[0]);
        (0..10).for_each(|_| self.frame());
        let (files, threads) = (entries("/proc/self/fd"), entries("/proc/self/task"));
        Hour {
            live: MEMORY.current_usage(),
            peak,
            resident: resident(),
            files,
            threads,
            p99,
            buffer: self.out.capacity(),
        }
    }

    fn begin(&mut self, scenario: usize) {
        let size = *self.dice.pick(&SIZES);
        self.resize(size);
        let chosen = !scenario.is_multiple_of(CHOSEN);
        self.app = if chosen { from_gallery(scenario) } else { App::show(open(scenario), STYLE) };
        if scenario.is_multiple_of(RESTART) {
            self.app.update(Action::Restart);
            self.app.update(Action::PlayPause);
        }
    }

    fn resize(&mut self, size: (u16, u16)) {
        self.frames.lose(size);
    }

    /// What the loop of the live view does between two frames, in its order.
    fn frame(&mut self) {
        if self.dice.below(KEYS) == 0 {
            let key = *self.dice.pick(&self.keys);
            match self.app.press(key) {
                Effect::Write { text, .. } => assert!(!text.is_empty()),
                Effect::None | Effect::Redraw | Effect::Quit | Effect::Suspend | Effect::Repaint | Effect::Picture => {}
            }
        }
        self.app.settle();
        if self.app.playing() {
            self.app.advance(FRAME);
        }
        if self.app.unfinished() {
            self.app.work(500);
        }
        let (width, height) = self.frames.size();
        let (app, cache) = (&self.app, &mut self.cache);
        self.out.clear();
        self.frames.frame(&mut self.out, screen::redraw(app, cache, Rect::new(0, 0, width, height)));
        self.drawn += 1;
        if self.drawn.is_multiple_of(97) {
            allowed::screen(&self.out).unwrap_or_else(|fault| panic!("frame {}: {fault}", self.drawn));
        }
        if let Some(kept) = &mut self.leak {
            kept.push(vec![1; 8192]);
        }
    }

    /// What is allocated with nothing kept from earlier frames.
    fn bare(&mut self) -> usize {
        self.app = from_gallery(0);
        self.cache = Cache::default();
        self.frames = Frames::new(SIZES[0], Capabilities::default());
        MEMORY.current_usage()
    }

    fn give(&mut self) -> Vec<Hour> {
        let mut hours = vec![self.hour(0)];
        let early = self.bare();
        hours.extend((1..HOURS).map(|number| self.hour(number)));
        let late = self.bare();
        println!("without what is kept from frame to frame: {early} bytes, then {late}");
        assert!(late <= early + LASTING, "beside the cache {early} bytes were allocated, then {late}");
        for (number, hour) in (1..).zip(&hours) {
            println!(
                "hour {number}: {} KiB allocated, at most {}, {} resident, {} files, {} threads, p99 {} of processor time, buffer {} KiB",
                hour.live / 1024,
                hour.peak / 1024,
                hour.resident / 1024,
                hour.files,
                hour.threads,
                milliseconds(hour.p99),
                hour.buffer / 1024
            );
        }
        println!("{} frames", self.drawn);
        hours
    }
}

/// The entries of a folder; 0 where there is none such.
fn entries(folder: &str) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Bytes of memory that are resident; 0 where the system does not say.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

/// What has grown between two hours beyond what may grow.
fn grown(early: &Hour, late: &Hour) -> Vec<String> {
    let mut faults = Vec::new();
    if late.live > early.live + ROOM {
        faults.push(format!("memory grew from {} to {} bytes", early.live, late.live));
    }
    if late.files != early.files || late.threads != early.threads {
        faults.push(format!("files or threads: {early:?}, then {late:?}"));
    }
    // Four bytes of text and thirty of colours for every cell of the largest of the windows.
    if late.buffer > 240 * 67 * 64 {
        faults.push(format!("a frame's buffer has {} bytes", late.buffer));
    }
    faults
}

/// What is allocated at the same place of two hours may differ by this: buffers of the cache keep the room of the largest
/// picture that they held, and some of the largest come late: in the whole lecture 3.2 MB from the first hour to the last, of which
/// 0.5 MB after the fifth. What is never given back is bounded by `LASTING`.
const ROOM: usize = 4 << 20;
/// What is allocated without the cache may differ by this. A byte a frame would be 840 KiB.
const LASTING: usize = 128 << 10;

#[test]
fn a_short_lecture_leaves_nothing_behind_and_a_leak_is_seen() {
    let mut lecture = Lecture::new(6);
    let hours = lecture.give();
    assert_eq!(grown(&hours[0], &hours[7]), [""; 0]);
    let before = lecture.bare();
    lecture.leak = Some(Vec::new());
    lecture.hour(7);
    assert!(lecture.bare() > before + LASTING, "a leak is not seen");
}

#[test]
#[ignore = "eight hours take a while: cargo test --release --test lecture -- --ignored --nocapture"]
fn eight_hours_leave_nothing_behind() {
    let mut lecture = Lecture::new(HOUR.div_ceil(BUILTIN.len()));
    let hours = lecture.give();
    assert!(lecture.drawn >= HOURS * HOUR);
    let (first, last) = (&hours[0], &hours[7]);
    let ratio = f64::from(last.p99) / f64::from(first.p99.max(1));
    println!(
        "hour 8 − hour 1: {} KiB; p99 of hour 8 is {ratio:.3} of hour 1's",
        (last.live as i64 - first.live as i64) / 1024
    );
    assert_eq!(grown(first, last), [""; 0]);
    // The goal is 1.1. Processor time still depends on what neighbours do to the caches and to the clock of the
    // machine, by more than a tenth on a shared one; a frame that gets slower with the hours would not stop at half.
    assert!(ratio <= 1.5, "a frame has become {ratio:.2} times slower");
}
