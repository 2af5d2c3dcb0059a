//! A program in a pseudo-terminal, and a terminal around it that may be slow, deaf, frozen or gone.
//!
//! Knows bytes, processes and clocks; which program runs and what it should do is the business of those who use it.

use std::fs;
use std::io;
use std::num::NonZeroU16;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use vt100::{MouseProtocolMode, Parser};

/// What the program asks after a frame, and what a terminal says to it.
const QUESTION: &[u8] = b"\x1b[5n";
const ANSWER: &[u8] = b"\x1b[0n";
/// A dark ground.
const GROUND: &[u8] = b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\";
/// What a full repaint begins with.
pub const CLEAR: &[u8] = b"\x1b[2J";
/// How often the reader looks whether it is to stop reading.
const TURN: Duration = Duration::from_millis(10);
/// The largest screen that is emulated: the program draws no larger one, and a larger one costs gigabytes here.
const LARGEST: (u16, u16) = (600, 250);
/// Modes that must be off when a program has ended.
const MODES: [&str; 10] = ["1049", "1000", "1002", "1003", "1006", "1015", "1004", "2004", "2026", "1005"];
/// What is never sent: operating system commands that set something, keyboard protocols.
const NEVER: [&[u8]; 5] = [b"\x1b]0", b"\x1b]2", b"\x1b]4", b"\x1b]5", b"\x1b[>"];
/// Whatever a terminal is asked: its status after a frame, the place of its cursor, the colour of its ground.
const QUESTIONS: [&[u8]; 3] = [QUESTION, b"\x1b[6n", b"\x1b]11;?\x1b\\"];

/// How the terminal answers the question after a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// At once, as terminals do.
    Prompt,
    /// Not at all.
    Never,
    /// That much later.
    Late(Duration),
    /// Two times.
    Twice,
    /// Among other reports that nobody has asked for.
    Junk,
    /// As one does that draws characters of ambiguous width two cells wide.
    Wide,
}

/// Bytes so far, and the screen they make.
pub struct Seen {
    /// The emulated terminal.
    pub parser: Parser,
    /// Every byte that the program sent.
    pub log: Vec<u8>,
    /// When the last of them came.
    pub last: Instant,
    /// When the screen was cleared last.
    pub cleared: Option<Instant>,
    answered: usize,
}

impl Seen {
    /// Shows a part of what was sent.
    fn show(&mut self, part: std::ops::Range<usize>) {
        let Self { parser, log, .. } = self;
        parser.process(log.get(part).unwrap_or_default());
    }

    /// The text on screen.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// What the screen looks like, line by line: characters with their colours. Cells that look the same are the same,
    /// whatever was sent for them: blanks have no foreground, half a block is its other half in exchanged colours.
    pub fn looks(&self) -> Vec<String> {
        let screen = self.parser.screen();
        let (rows, cols) = screen.size();
        let line = |y: u16| (0..cols.get()).filter_map(|x| screen.cell(y, x)).map(look).collect();
        (0..rows.get()).map(line).collect()
    }
}

/// Blocks, each beside what it leaves free.
const HALVES: [[&str; 2]; 7] = [["▘", "▟"], ["▝", "▙"], ["▖", "▜"], ["▗", "▛"], ["▀", "▄"], ["▌", "▐"], ["▚", "▞"]];

fn look(cell: &vt100::Cell) -> String {
    let (text, fg, bg) = (cell.contents(), cell.fgcolor(), cell.bgcolor());
    match HALVES.iter().find(|[_, other]| text == *other) {
        Some([half, _]) => format!("{half}{bg:?}{fg:?}"),
        None if text.trim().is_empty() => format!(" {bg:?}"),
        None => format!("{text}{fg:?}{bg:?}"),
    }
}

/// What the threads around a terminal share.
struct Shared {
    seen: Mutex<Seen>,
    stalled: AtomicBool,
    closed: AtomicBool,
    /// Turns in which nothing came.
    quiet: AtomicUsize,
    answers: Mutex<Answers>,
    /// So many answers to the question after a frame get lost.
    lost: AtomicUsize,
}

/// The program in a terminal.
pub struct Session {
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    keys: Option<Arc<OwnedFd>>,
    child: Box<dyn Child + Send + Sync>,
    status: Option<ExitStatus>,
    /// When the leader was seen to have ended.
    pub gone: Option<Instant>,
    shared: Arc<Shared>,
    reader: Option<JoinHandle<()>>,
    modes: String,
    /// The session's leader: the program itself, or a shell around it.
    pub leader: u32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn positive(n: u16, most: u16) -> NonZeroU16 {
    NonZeroU16::new(n.min(most)).unwrap_or(NonZeroU16::MIN)
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// The last place of some bytes.
pub fn rfind(log: &[u8], what: &[u8]) -> Option<usize> {
    log.windows(what.len()).rposition(|window| window == what)
}

/// How often some bytes occur.
pub fn count(log: &[u8], what: &[u8]) -> usize {
    log.windows(what.len()).filter(|window| *window == what).count()
}

/// A descriptor of our own for the master's side.
#[expect(unsafe_code, reason = "the pty library lends its descriptor as a number only")]
fn own(master: &dyn MasterPty) -> io::Result<OwnedFd> {
    let raw = master.as_raw_fd().ok_or(io::ErrorKind::Unsupported)?;
    // SAFETY: `master` is alive and keeps the descriptor open for the time of this call.
    let owned = unsafe { BorrowedFd::borrow_raw(raw) }.try_clone_to_owned()?;
    let flags = rustix::fs::fcntl_getfl(&owned)?;
    rustix::fs::fcntl_setfl(&owned, flags | rustix::fs::OFlags::NONBLOCK)?;
    Ok(owned)
}

fn ready(fd: &OwnedFd, flags: PollFlags, patience: Duration) -> bool {
    let timeout = Timespec::try_from(patience).ok();
    matches!(poll(&mut [PollFd::new(&fd.as_fd(), flags)], timeout.as_ref()), Ok(1..))
}

/// Writes everything, or as much as is taken until `until`.
fn write(fd: &OwnedFd, mut bytes: &[u8], until: Instant) -> io::Result<()> {
    while !bytes.is_empty() {
        if Instant::now() > until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if ready(fd, PollFlags::OUT, TURN) {
            match rustix::io::write(fd, bytes) {
                Ok(taken) => bytes = &bytes[taken..],
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

fn read(master: &OwnedFd, keys: &Arc<OwnedFd>, shared: &Arc<Shared>) {
    let mut bytes = vec![0; 65536];
    while !shared.closed.load(SeqCst) {
        if shared.stalled.load(SeqCst) {
            thread::sleep(TURN);
        } else if ready(master, PollFlags::IN, TURN) {
            match rustix::io::read(master, &mut bytes) {
                Ok(n @ 1..) => take(&bytes[..n], keys, shared),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                _ => {
                    shared.quiet.fetch_add(1, SeqCst);
                    thread::sleep(TURN);
                }
            }
        } else {
            shared.quiet.fetch_add(1, SeqCst);
        }
    }
}

fn take(bytes: &[u8], keys: &Arc<OwnedFd>, shared: &Arc<Shared>) {
    let mut seen = lock(&shared.seen);
    let mut said: Vec<(&[u8], Vec<u8>)> = Vec::new();
    let mut shown = seen.log.len();
    seen.log.extend_from_slice(bytes);
    // A question may be cut in two by the end of what was read. Where the cursor is matters when it is asked, not later.
    while let Some((end, question)) = next_question(&seen.log, seen.answered) {
        seen.show(shown..end);
        (shown, seen.answered) = (shown.max(end), end);
        let told = tell(question, &seen.parser);
        said.push((question, told));
    }
    let length = seen.log.len();
    seen.show(shown..length);
    seen.answered = seen.answered.max(length.saturating_sub(QUESTIONS[2].len() - 1));
    seen.last = Instant::now();
    if rfind(bytes, CLEAR).is_some() {
        seen.cleared = Some(seen.last);
    }
    drop(seen);
    let answers = *lock(&shared.answers);
    let lost = |question: &[u8]| {
        question == QUESTION && shared.lost.fetch_update(SeqCst, SeqCst, |lost| lost.checked_sub(1)).is_ok()
    };
    said.retain(|(question, _)| !lost(question));
    let bytes: Vec<u8> = said.into_iter().flat_map(|(question, told)| answer(answers, question, told)).collect();
    if !bytes.is_empty() {
        let delay = if let Answers::Late(delay) = answers { delay } else { Duration::ZERO };
        answer_with(bytes, delay, keys);
    }
}

/// The first question from a place on, and where it ends.
fn next_question(log: &[u8], from: usize) -> Option<(usize, &'static [u8])> {
    let ends = QUESTIONS.iter().filter_map(|question| {
        let place = log[from.min(log.len())..].windows(question.len()).position(|window| window == *question)?;
        Some((from + place + question.len(), *question))
    });
    ends.min()
}

/// What a terminal says to a question.
fn tell(question: &[u8], parser: &Parser) -> Vec<u8> {
    let (row, column) = parser.screen().cursor_position();
    match question {
        QUESTION => ANSWER.to_vec(),
        b"\x1b[6n" => format!("\x1b[{};{}R", row + 1, column + 1).into_bytes(),
        _ => GROUND.to_vec(),
    }
}

fn answer(answers: Answers, question: &[u8], told: Vec<u8>) -> Vec<u8> {
    match answers {
        // The naive program asks where its cursor is, and would not come to its row's own point.
        Answers::Never if question != b"\x1b[6n" => Vec::new(),
        // A circle and braille.
        Answers::Wide if told == b"\x1b[2;3R" => b"\x1b[2;4R".to_vec(),
        Answers::Prompt | Answers::Never | Answers::Late(_) | Answers::Wide => told,
        Answers::Twice => told.repeat(2),
        Answers::Junk => [b"\x1b[?62;4;22c\x1b[12;40R\x1b[?2026;2$y", told.as_slice(), b"\x1b[3n"].concat(),
    }
}

fn answer_with(bytes: Vec<u8>, delay: Duration, keys: &Arc<OwnedFd>) {
    // Never in the reader: a program that reads no keys must not keep its own output from being read.
    let keys = Arc::clone(keys);
    thread::spawn(move || {
        thread::sleep(delay);
        let _ = write(&keys, &bytes, Instant::now() + Duration::from_secs(2));
    });
}

impl Session {
    /// Starts a program in a terminal of a size (columns, rows).
    pub fn start(command: CommandBuilder, size: (u16, u16), answers: Answers) -> io::Result<Self> {
        let pair = native_pty_system().openpty(pty_size(size)).map_err(io::Error::other)?;
        let parser = Parser::new(positive(size.1, LARGEST.1), positive(size.0, LARGEST.0), 0);
        let shared = Arc::new(Shared {
            seen: Mutex::new(Seen { parser, log: Vec::new(), last: Instant::now(), cleared: None, answered: 0 }),
            stalled: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            quiet: AtomicUsize::new(0),
            answers: Mutex::new(answers),
            lost: AtomicUsize::new(0),
        });
        let modes = format!("{:?}", pair.master.get_termios());
        let (input, keys) = (own(&*pair.master)?, Arc::new(own(&*pair.master)?));
        let child = pair.slave.spawn_command(command).map_err(io::Error::other)?;
        let leader = child.process_id().unwrap_or(0);
        let (threads, writer) = (Arc::clone(&shared), Arc::clone(&keys));
        let reader = thread::spawn(move || read(&input, &writer, &threads));
        Ok(Self {
            master: Some(pair.master),
            slave: Some(pair.slave),
            keys: Some(keys),
            child,
            status: None,
            gone: None,
            shared,
            reader: Some(reader),
            modes,
            leader,
        })
    }

    /// Looks at what was seen so far.
    pub fn look<T>(&self, at: impl FnOnce(&Seen) -> T) -> T {
        at(&lock(&self.shared.seen))
    }

    /// The text on screen.
    pub fn text(&self) -> String {
        self.look(Seen::text)
    }

    /// Waits for something on screen or in the bytes. Gives back whether it happened.
    pub fn until(&self, patience: Duration, holds: impl Fn(&Seen) -> bool) -> bool {
        let start = Instant::now();
        while !self.look(&holds) {
            if start.elapsed() > patience {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }

    /// Waits until nothing has been sent for `pause`.
    pub fn settle(&self, pause: Duration, patience: Duration) -> bool {
        let start = Instant::now();
        loop {
            if self.look(|seen| seen.last.elapsed() >= pause) && start.elapsed() >= pause {
                return true;
            }
            if start.elapsed() > patience {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Types bytes; comes back when the terminal has taken the last one.
    pub fn press(&self, bytes: &[u8], patience: Duration) -> io::Result<()> {
        let keys = self.keys.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        write(keys, bytes, Instant::now() + patience)
    }

    /// Nobody reads what the program sends, or somebody does again.
    pub fn stall(&self, stalled: bool) {
        self.shared.stalled.store(stalled, SeqCst);
        thread::sleep(2 * TURN);
    }

    /// From now on the terminal answers so.
    pub fn answers(&self, answers: Answers) {
        *lock(&self.shared.answers) = answers;
    }

    /// So many of the next answers get lost.
    pub fn lose(&self, answers: usize) {
        self.shared.lost.store(answers, SeqCst);
    }

    /// Another size (columns, rows), as when a window is dragged.
    pub fn resize(&self, size: (u16, u16)) -> io::Result<()> {
        let (cols, rows) = (positive(size.0, LARGEST.0), positive(size.1, LARGEST.1));
        lock(&self.shared.seen).parser.screen_mut().set_size(rows, cols);
        let master = self.master.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        master.resize(pty_size(size)).map_err(io::Error::other)
    }

    /// The terminal goes away, as when its window is closed or the line is lost.
    pub fn hang_up(&mut self) {
        self.shared.closed.store(true, SeqCst);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        (self.keys, self.master, self.slave) = (None, None, None);
    }

    /// The leader's exit status, once it has ended.
    pub fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
            self.gone = self.status.as_ref().map(|_| Instant::now());
            if self.status.is_none() && start.elapsed() > patience {
                return None;
            }
            if self.status.is_none() {
                thread::sleep(Duration::from_millis(1));
            }
        }
        self.drain();
        self.status.clone()
    }

    /// Waits until what was sent last has been read.
    fn drain(&self) {
        let (start, before) = (Instant::now(), self.shared.quiet.load(SeqCst));
        let reading = self.reader.is_some() && !self.shared.stalled.load(Relaxed);
        while reading && self.shared.quiet.load(SeqCst) < before + 2 && start.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// The modes of the terminal device, as they are and as they were before the program.
    pub fn modes(&self) -> (String, &str) {
        let now = self.master.as_ref().map_or(String::new(), |master| format!("{:?}", master.get_termios()));
        (now, &self.modes)
    }

    /// What is left of the program in the terminal; nothing if all was given back.
    pub fn leftovers(&self) -> Vec<String> {
        self.drain();
        let mut left = self.look(screen_leftovers);
        let (now, before) = self.modes();
        if now != before {
            left.push("the device is not in the modes it was in (raw?)".to_owned());
        }
        left
    }

    /// Processes of the terminal's session but its leader.
    pub fn members(&self) -> Vec<u32> {
        let of_session = |stat: &Stat| stat.session == self.leader && stat.pid != self.leader && stat.state != 'Z';
        processes().into_iter().filter(of_session).map(|stat| stat.pid).collect()
    }

    /// The process that runs `program` in this session: the leader or one below it.
    pub fn running(&self, program: &std::path::Path) -> Option<u32> {
        let program = fs::canonicalize(program).ok()?;
        let runs = |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program);
        std::iter::once(self.leader).chain(self.members()).find(runs)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for pid in self.members() {
            send("KILL", pid);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.hang_up();
    }
}

/// Modes of the screen that are left on, and bytes that must never have been sent.
fn screen_leftovers(seen: &Seen) -> Vec<String> {
    let screen = seen.parser.screen();
    let mut left = Vec::new();
    let mut note = |wrong: bool, what: String| {
        if wrong {
            left.push(what);
        }
    };
    note(screen.alternate_screen(), "the alternate screen".to_owned());
    note(screen.hide_cursor(), "a hidden cursor".to_owned());
    note(screen.mouse_protocol_mode() != MouseProtocolMode::None, "mouse reports".to_owned());
    let plain = screen.fgcolor() == vt100::Color::Default && screen.bgcolor() == vt100::Color::Default;
    let heavy = screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse();
    note(!plain || heavy, "colours or weight".to_owned());
    for mode in MODES {
        let last = |end: &str| rfind(&seen.log, format!("\x1b[?{mode}{end}").as_bytes());
        note(last("h") > last("l"), format!("mode {mode}"));
    }
    for never in NEVER {
        note(rfind(&seen.log, never).is_some(), format!("{:?} was sent", String::from_utf8_lossy(never)));
    }
    left
}

/// A line of `/proc/PID/stat`.
struct Stat {
    pid: u32,
    state: char,
    group: u32,
    session: u32,
    ticks: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may have spaces and brackets in it.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |i: usize| fields.get(i).and_then(|field| field.parse::<u64>().ok());
    Some(Stat {
        pid,
        state: fields.first()?.chars().next()?,
        group: u32::try_from(number(2)?).ok()?,
        session: u32::try_from(number(3)?).ok()?,
        ticks: number(11)? + number(12)?,
    })
}

fn processes() -> Vec<Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?)).collect()
}

/// The group that a process belongs to.
pub fn group_of(pid: u32) -> Option<u32> {
    stat(pid).map(|stat| stat.group)
}

/// Sends a signal by its name. Gives back whether there was somebody to get it.
pub fn send(name: &str, pid: u32) -> bool {
    let kill = std::process::Command::new("kill").args(["-s", name, "--", &pid.to_string()]).output();
    kill.is_ok_and(|output| output.status.success())
}

/// What is known of a process while it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// `T` is stopped, `Z` has ended.
    pub state: char,
    /// Time on a processor.
    pub cpu: Duration,
    /// Memory now and at most, in KiB.
    pub rss: u64,
    /// Memory at most, in KiB.
    pub peak: u64,
    /// Threads.
    pub threads: u64,
    /// Open files.
    pub files: usize,
}

/// Looks at a process; nothing if there is none.
pub fn usage(pid: u32) -> Option<Usage> {
    let (stat, status) = (stat(pid)?, fs::read_to_string(format!("/proc/{pid}/status")).ok()?);
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    // The kernel counts in hundredths of a second, whatever its own clock.
    let cpu = Duration::from_millis(stat.ticks * 10);
    let files = fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
    let (rss, peak, threads) = (number("VmRSS:"), number("VmHWM:"), number("Threads:"));
    Some(Usage { state: stat.state, cpu, rss, peak, threads, files })
}

/// Where a process waits in the kernel: the first thing to know of one that hangs.
pub fn waits_in(pid: u32) -> String {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let name = |path: std::path::PathBuf, file: &str| fs::read_to_string(path.join(file)).unwrap_or_default();
    let tell =
        |path: std::path::PathBuf| format!("{}:{}", name(path.clone(), "comm").trim(), name(path, "wchan").trim());
    tasks.map(|task| tell(task.path())).collect::<Vec<_>>().join(" ")
}
