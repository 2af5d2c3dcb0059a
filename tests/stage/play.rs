//! Carries a script out: one program, one terminal, one folder, and an answer whether everything was as expected.
//!
//! Knows no row: what is played is a script that a seed has been chosen for.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use unicode_width::UnicodeWidthChar;

use crate::allowed;
use crate::driver::{Answers, CLEAR, Seen, Session, Usage, count, group_of, rfind, send, usage, waits_in};
use crate::script::{Dice, Expect, Line, Step};

/// What every case shares.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The program.
    pub program: PathBuf,
    /// How much longer than promised may everything take.
    pub slack: f64,
    /// How long to wait for what has no limit of its own.
    pub patience: Duration,
    /// A case that takes longer is over.
    pub watchdog: Duration,
    /// Whether it is the naive program, which may send the modes that all of its kind send.
    pub naive: bool,
}

/// Something measured, and what was promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Of what.
    pub name: &'static str,
    /// In milliseconds, KiB or as a count.
    pub value: f64,
    /// The most that it may be.
    pub limit: f64,
    /// The unit.
    pub unit: &'static str,
}

/// How a case ended.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Why it failed.
    pub failure: Option<String>,
    /// Whether it failed before the program was on screen.
    pub early: bool,
    /// What was measured.
    pub figures: Vec<Figure>,
}

/// A case while it is played.
struct Case<'a> {
    stage: &'a Stage,
    folder: &'a Path,
    dice: Dice,
    session: Option<Session>,
    env: Vec<(String, Option<String>)>,
    size: (u16, u16),
    answers: Answers,
    began: Instant,
    /// The last key, signal, hangup.
    touched: Instant,
    resized: Instant,
    mark: Mark,
    remembered: Vec<String>,
    /// What the program had used when it was last seen.
    last: Usage,
    prompts: usize,
    figures: Vec<Figure>,
}

#[derive(Default)]
struct Mark {
    bytes: usize,
    usage: Usage,
}

/// Plays a script in a folder of its own.
pub fn play(stage: &Stage, lines: &[Line], folder: &Path, seed: u64) -> Outcome {
    let now = Instant::now();
    let mut case = Case {
        stage,
        folder,
        dice: Dice(seed ^ 0x5eed),
        session: None,
        env: Vec::new(),
        size: (120, 36),
        answers: Answers::Prompt,
        began: now,
        touched: now,
        resized: now,
        mark: Mark::default(),
        remembered: Vec::new(),
        last: Usage::default(),
        prompts: 0,
        figures: Vec::new(),
    };
    for line in lines {
        if let Err(why) = case.step(&line.step) {
            let failure = format!("line {}, {}: {why}{}", line.number, line.text, case.scene());
            let early = line.step == Step::Expect(Expect::Frame);
            return Outcome { failure: Some(failure), early, figures: case.figures };
        }
    }
    Outcome { failure: None, early: false, figures: case.figures }
}

type Done = Result<(), String>;

fn io(done: std::io::Result<()>) -> Done {
    done.map_err(|error| format!("the terminal did not take it: {error}"))
}

fn sure(holds: bool, otherwise: impl FnOnce() -> String) -> Done {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Case<'_> {
    fn session(&self) -> Result<&Session, String> {
        self.session.as_ref().ok_or_else(|| "nothing was started".to_owned())
    }

    /// How long there is still to wait.
    fn patience(&self) -> Duration {
        self.stage.patience.min(self.stage.watchdog.saturating_sub(self.began.elapsed()))
    }

    fn pid(&self) -> Result<u32, String> {
        let session = self.session()?;
        session.running(&self.stage.program).ok_or_else(|| "the program does not run".to_owned())
    }

    /// Screen and wait channels, for the one who has to find out why.
    fn scene(&self) -> String {
        let Some(session) = &self.session else { return String::new() };
        let waits = session.running(&self.stage.program).map(|pid| format!("\n  waits in {}", waits_in(pid)));
        let text = session.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown = lines.iter().rev().take(6).rev().map(|line| format!("\n  | {}", line.trim_end()));
        waits.unwrap_or_default() + &shown.collect::<String>()
    }

    fn step(&mut self, step: &Step) -> Done {
        sure(self.began.elapsed() < self.stage.watchdog, || "the watchdog ended it".to_owned())?;
        match step {
            Step::Size(cols, rows) => return self.resize((*cols, *rows)),
            Step::Env(name, value) => self.env.push((name.clone(), Some(value.clone()))),
            Step::Unset(name) => self.env.push((name.clone(), None)),
            Step::Prepare(command) => return self.prepare(command),
            Step::Answers(answers) => {
                self.answers = *answers;
                if let Some(session) = &self.session {
                    session.answers(*answers);
                }
            }
            Step::Start(words) => return self.start(words),
            Step::Shell(command) => return self.begin(["sh", "-c", command].map(OsString::from).into()),
            Step::Bash => return self.bash(),
            Step::Type(bytes) => return self.press(bytes),
            Step::Flood(text, times) => return self.press(&text.repeat(*times)),
            Step::Paste(what) => return self.paste(what),
            Step::Wait(time) => thread::sleep(*time),
            Step::Stall(time) => {
                self.session()?.stall(true);
                if let Some(time) = time {
                    thread::sleep(*time);
                    self.session()?.stall(false);
                }
            }
            Step::Lose(answers) => self.session()?.lose(*answers),
            Step::Flow => self.session()?.stall(false),
            Step::Storm(sizes, within) => return self.storm(*sizes, *within),
            Step::Signal(name) => return self.signal(name),
            Step::Hangup => {
                self.note();
                if let Ok(pid) = self.pid() {
                    self.mark.usage = usage(pid).unwrap_or_default();
                }
                self.session.as_mut().ok_or("nothing was started")?.hang_up();
                self.touched = Instant::now();
            }
            Step::Suspend => return self.suspend(),
            Step::Resume => return self.resume(),
            Step::Save(file) => {
                let log = self.session()?.look(|seen| seen.log.clone());
                std::fs::write(self.folder.join(file), log).map_err(|error| error.to_string())?;
            }
            Step::Mark => {
                self.note();
                self.mark = Mark { bytes: self.session()?.look(|seen| seen.log.len()), usage: self.last };
            }
            Step::Remember => self.remembered = self.session()?.look(Seen::looks),
            Step::Expect(expect) => return self.expect(expect),
        }
        Ok(())
    }

    /// Looks at the program's use of the machine.
    fn note(&mut self) {
        if let Some(now) = self.pid().ok().and_then(usage) {
            self.last = now;
        }
    }

    fn prepare(&self, command: &str) -> Done {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", command]).current_dir(self.folder).env("SCENARIOS", scenarios());
        let output = shell.output().map_err(|error| error.to_string())?;
        sure(output.status.success(), || String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn start(&mut self, words: &[u8]) -> Done {
        let words = words.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let words = words.map(|word| OsString::from_vec(word.to_vec()));
        self.begin(std::iter::once(self.stage.program.clone().into_os_string()).chain(words).collect())
    }

    fn begin(&mut self, words: Vec<OsString>) -> Done {
        let mut command = CommandBuilder::from_argv(words);
        command.cwd(self.folder);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", self.folder);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("P", &self.stage.program);
        command.env("SCENARIOS", scenarios());
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        let session = Session::start(command, self.size, self.answers).map_err(|error| error.to_string())?;
        self.session = Some(session);
        self.touched = Instant::now();
        Ok(())
    }

    fn bash(&mut self) -> Done {
        self.env.push(("PS1".to_owned(), Some("ready> ".to_owned())));
        self.begin(["bash", "--norc", "--noprofile", "-i"].map(OsString::from).into())?;
        self.wait_for("the prompt", |seen| seen.text().contains("ready> "))
    }

    fn press(&mut self, bytes: &[u8]) -> Done {
        io(self.session()?.press(bytes, self.patience()))?;
        self.touched = Instant::now();
        Ok(())
    }

    /// As a terminal does it: between marks where the program has asked for them.
    fn paste(&mut self, what: &str) -> Done {
        let text = match what.parse() {
            Ok(length) => b"the quick brown fox jumps ".iter().copied().cycle().take(length).collect(),
            Err(_) => std::fs::read(self.folder.join(what)).map_err(|error| error.to_string())?,
        };
        let marked = self.session()?.look(|seen| seen.parser.screen().bracketed_paste());
        let marks: (&[u8], &[u8]) = if marked { (b"\x1b[200~", b"\x1b[201~") } else { (b"", b"") };
        self.press(&[marks.0, &text, marks.1].concat())
    }

    fn resize(&mut self, size: (u16, u16)) -> Done {
        self.size = size;
        self.resized = Instant::now();
        self.session.as_ref().map_or(Ok(()), |session| io(session.resize(size)))
    }

    fn storm(&mut self, sizes: usize, within: Duration) -> Done {
        let last = self.size;
        for _ in 1..sizes {
            // Never the same twice: nobody is told of such a size, and the edge would seem to rest.
            let (cols, rows) = (40 + self.dice.below(120) as u16, 10 + self.dice.below(39) as u16);
            let rows = rows + u16::from((cols, rows) == self.size);
            self.resize((cols, rows))?;
            thread::sleep(within / u32::try_from(sizes).unwrap_or(1));
        }
        self.resize(last)
    }

    fn signal(&mut self, name: &str) -> Done {
        let pid = self.pid()?;
        // Whoever continues a program (a shell's `fg`) continues all of its group.
        let sent = if name == "CONT" { send_group(name, pid) } else { send(name, pid) };
        self.touched = Instant::now();
        sure(sent, || "nobody took the signal".to_owned())
    }

    fn suspend(&mut self) -> Done {
        self.press(b"\x1a")?;
        self.prompt()?;
        self.prompts += 1;
        let n = self.prompts;
        let ask = format!("stty -a | grep -qw -e -icanon -e -echo && echo bad$((40+{n})) || echo good$((40+{n}))\r");
        self.press(ask.as_bytes())?;
        let (good, bad) = (format!("good{}", 40 + n), format!("bad{}", 40 + n));
        self.wait_for("stty's answer", |seen| seen.text().contains(&good) || seen.text().contains(&bad))?;
        let session = self.session()?;
        sure(session.text().contains(&good), || "stty says that the terminal is raw".to_owned())?;
        let left = session.look(|seen| {
            seen.parser.screen().hide_cursor() || rfind(&seen.log, b"\x1b[?1000h") > rfind(&seen.log, b"\x1b[?1000l")
        });
        sure(!left, || "mouse or hidden cursor are left to the shell".to_owned())
    }

    /// Nothing is typed before it: the shell drops what comes while it takes the terminal back.
    fn prompt(&self) -> Done {
        self.wait_for("the shell's prompt", |seen| {
            let screen = seen.parser.screen();
            !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
        })
    }

    fn resume(&mut self) -> Done {
        self.press(b"fg\r")?;
        self.wait_for("the show again", |seen| {
            seen.parser.screen().alternate_screen() && seen.text().contains("geodescent")
        })
    }

    fn wait_for(&self, what: &str, holds: impl Fn(&Seen) -> bool) -> Done {
        sure(self.session()?.until(self.patience(), holds), || format!("never happened: {what}"))
    }

    fn figure(&mut self, name: &'static str, value: f64, limit: f64, unit: &'static str) -> Done {
        self.figures.push(Figure { name, value, limit, unit });
        sure(value <= limit, || format!("{name} is {value:.0} {unit}, at most {limit:.0} promised"))
    }

    /// A time that has slack.
    fn lasted(&mut self, name: &'static str, time: Duration, limit: Duration) -> Done {
        let limit = limit.mul_f64(self.stage.slack);
        self.figure(name, time.as_secs_f64() * 1e3, limit.as_secs_f64() * 1e3, "ms")
    }

    fn ended(&mut self, patience: Duration) -> Result<portable_pty::ExitStatus, String> {
        let start = Instant::now();
        loop {
            // Looked at before it is collected: a process that has ended still tells what it has used.
            self.note();
            let session = self.session.as_mut().ok_or("nothing was started")?;
            if let Some(status) = session.ended(Duration::from_millis(5)) {
                return Ok(status);
            }
            sure(start.elapsed() < patience, || "it never ended".to_owned())?;
        }
    }

    fn expect(&mut self, expect: &Expect) -> Done {
        match expect {
            Expect::Frame => self.frame(),
            Expect::Restored => self.restored(),
            Expect::Exit(_) | Expect::Failure | Expect::Ended => self.exit(expect),
            Expect::Quit(limit) => self.quit(*limit),
            Expect::Prompt => self.prompt(),
            Expect::Text(text) => self.wait_for(text, |seen| seen.text().contains(text.as_str())),
            Expect::NoText(text) => {
                let shown = self.session()?.text();
                sure(!shown.contains(text.as_str()), || "it is on screen".to_owned())
            }
            Expect::Settled => {
                let (session, patience) = (self.session()?, self.patience());
                sure(session.settle(Duration::from_millis(200), patience), || "never quiet".to_owned())
            }
            Expect::Stopped(stopped) => {
                let start = Instant::now();
                while usage(self.pid()?).is_some_and(|usage| (usage.state == 'T') != *stopped) {
                    sure(start.elapsed() < self.patience(), || "it is not".to_owned())?;
                    thread::sleep(Duration::from_millis(5));
                }
                Ok(())
            }
            Expect::Narrow => self.narrow(),
            Expect::Same | Expect::Changed => self.compare(*expect == Expect::Same),
            Expect::File(name, words) => {
                let text = self.read(name)?;
                let fine = if words.is_empty() { text.is_empty() } else { text.contains(words.as_str()) };
                sure(fine, || format!("it says: {}", text.chars().take(300).collect::<String>()))
            }
            Expect::Clean(name) => {
                let text = self.read(name)?;
                allowed::lines(text.as_bytes())
            }
            measured => self.measure(measured),
        }
    }

    fn measure(&mut self, expect: &Expect) -> Done {
        self.note();
        match expect {
            Expect::Cpu(limit) => self.lasted("CPU", self.last.cpu.saturating_sub(self.mark.usage.cpu), *limit),
            Expect::Growth(limit) => {
                let grown = self.last.rss.saturating_sub(self.mark.usage.rss);
                self.figure("memory", grown as f64, *limit as f64, "KiB more")
            }
            Expect::Memory(limit) => self.figure("memory", self.last.peak as f64, *limit as f64, "KiB"),
            Expect::SameResources => {
                let (now, then) = (self.last, self.mark.usage);
                let same = (now.threads, now.files) == (then.threads, then.files);
                sure(same, || format!("{then:?} became {now:?}"))
            }
            bytes => self.bytes(bytes),
        }
    }

    fn bytes(&mut self, expect: &Expect) -> Done {
        let (log, cleared) = self.session()?.look(|seen| (seen.log.clone(), seen.cleared));
        let since = &log[self.mark.bytes.min(log.len())..];
        match expect {
            Expect::Bytes(limit) => self.figure("sent", since.len() as f64, *limit as f64, "bytes"),
            Expect::BytesAbove(least) => sure(since.len() > *least, || format!("only {} bytes were sent", since.len())),
            Expect::Clears(limit) => self.figure("repaints", count(since, CLEAR) as f64, *limit as f64, "times"),
            Expect::Right(limit) => {
                let late = cleared.and_then(|cleared| cleared.checked_duration_since(self.resized));
                let late = late.ok_or("no repaint after the last size")?;
                self.lasted("right", late, *limit)
            }
            Expect::Allowed => allowed::session(&log, self.stage.naive),
            Expect::Ascii => sure(log.is_ascii(), || "there are bytes beyond 0x7f".to_owned()),
            Expect::NoEscape => sure(!log.contains(&0x1b), || "there are escape sequences".to_owned()),
            Expect::Never(what) => sure(rfind(&log, what).is_none(), || "it was sent".to_owned()),
            _ => Ok(()),
        }
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let bytes = std::fs::read(self.folder.join(name)).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn frame(&self) -> Done {
        let patience = self.stage.watchdog.saturating_sub(self.began.elapsed());
        let shown = |seen: &Seen| seen.parser.screen().alternate_screen() && seen.text().contains("geodescent");
        sure(self.session()?.until(patience, shown), || "the show never came".to_owned())
    }

    fn restored(&self) -> Done {
        let session = self.session()?;
        let left = session.leftovers();
        sure(left.is_empty(), || format!("left behind: {}", left.join(", ")))?;
        let orphans: Vec<u32> = session.members();
        sure(orphans.is_empty(), || format!("{orphans:?} are left running"))
    }

    fn exit(&mut self, expect: &Expect) -> Done {
        let status = self.ended(self.patience())?;
        match expect {
            Expect::Exit(code) => {
                let fine = status.signal().is_none() && status.exit_code() == *code;
                sure(fine, || format!("it ended with {status:?}"))
            }
            Expect::Failure => {
                sure(status.signal().is_none() && !status.success(), || format!("it ended with {status:?}"))
            }
            _ => Ok(()),
        }
    }

    fn quit(&mut self, limit: Duration) -> Done {
        let patience = self.patience().max(limit.mul_f64(self.stage.slack));
        let since = self.touched;
        self.ended(patience)?;
        let gone = self.session()?.gone.unwrap_or_else(Instant::now);
        self.lasted("gone after", gone.saturating_duration_since(since), limit)
    }

    fn narrow(&self) -> Done {
        let text = self.session()?.text();
        let wide = text.chars().find(|c| c.width_cjk() != c.width());
        sure(wide.is_none(), || format!("{wide:?} may be one cell wide or two"))
    }

    fn compare(&self, same: bool) -> Done {
        let (session, patience) = (self.session()?, self.patience());
        let fine = session.until(patience, |seen| (seen.looks() == self.remembered) == same);
        sure(fine, || {
            let now = session.look(Seen::looks);
            let row = now.iter().zip(&self.remembered).position(|(now, then)| now != then);
            let text = session.text();
            format!("the screens differ first in row {row:?}: {:?}", row.and_then(|row| text.lines().nth(row)))
        })
    }
}

/// A signal to the group that a process belongs to.
fn send_group(name: &str, pid: u32) -> bool {
    let group = format!("-{}", group_of(pid).unwrap_or(pid));
    let kill = std::process::Command::new("kill").args(["-s", name, "--", &group]).output();
    kill.is_ok_and(|output| output.status.success())
}

/// Where the scenarios of the repository are.
fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}
