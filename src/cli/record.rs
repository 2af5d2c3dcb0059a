//! `geodescent record`: the whole show as an asciicast, played without a person.
//!
//! Every frame is finished before it is recorded: how long a machine takes for it is not in the recording.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use ratatui::layout::Rect;

use super::look::Drawn;
use super::output::Output;
use super::{Edits, Failure, SLICE, document, remark};
use crate::app::film::Film;
use crate::app::{App, Show};
use crate::export::cast::{Cast, Version};
use crate::registry::number;
use crate::scenario::Scenario;
use crate::screen::{Cache, still};
use crate::terminal::{Capabilities, Frames};
use crate::text::Safe;

/// Record the whole show for asciinema.
#[derive(Debug, Args)]
pub struct Record {
    /// A scenario: a file, the name of a built-in one, or - for standard input
    scenario: OsString,
    /// The file to write; - is standard output
    #[arg(short, long, value_name = "FILE.cast")]
    output: PathBuf,
    /// Frames per second
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=120))]
    fps: u16,
    /// How long to wait at a cue that holds, before an answer, and at the end
    #[arg(long, value_name = "SECONDS", default_value = "3", value_parser = seconds, allow_hyphen_values = true)]
    hold: Duration,
    /// Write version 3 of the format, which asciinema reads from version 3 on
    #[arg(long)]
    v3: bool,
    #[command(flatten)]
    drawn: Drawn,
    #[command(flatten)]
    edits: Edits,
}

/// The longest show that is recorded, without its holds: of more, a file would be too large for any player.
const LONGEST: f64 = 3600.0;
/// The cursor would wander over the picture.
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
/// Changes nothing: an event at the end of the recording, until which its last picture stays.
const NOTHING: &str = "\x1b[0m";

impl Record {
    /// Runs the command.
    pub fn run(&self) -> Result<(), Failure> {
        let output = Output::of(Some(&self.output));
        let show = Show::open(document(&self.scenario, &self.edits)?)?;
        remark(&show.world.scenario)?;
        bounded(&show.world.scenario)?;
        let mut app = App::show(show, self.drawn.style());
        app.notice = None;
        output.write(self.play(&mut app).as_bytes())
    }

    fn play(&self, app: &mut App) -> String {
        let size = self.drawn.page();
        let version = if self.v3 { Version::V3 } else { Version::V2 };
        let title = app.current().map_or("", |show| &show.world.scenario.title);
        let mut cast = Cast::new(version, size, title, self.drawn.palette());
        // No terminal is known: nothing but what all of them do, in the characters of the picture.
        let mut frames = Frames::new(size, Capabilities::default());
        let (mut cache, area) = (Cache::default(), Rect::new(0, 0, size.0, size.1));
        let mut film = Film::new(self.fps, self.hold);
        let mut bytes = HIDE_CURSOR.to_vec();
        finish(app);
        while let Some(frame) = app.shown().and_then(|show| film.next(show)) {
            finish(app);
            for cue in frame.cues {
                cast.marker(frame.at, &label(app, cue));
            }
            frames.frame(&mut bytes, &still(app, &mut cache, area).into());
            cast.output(frame.at, &String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
        cast.output(film.length(), NOTHING);
        cast.into_text()
    }
}

/// Computes whatever the app would compute between two keys.
fn finish(app: &mut App) {
    while app.work(SLICE) {}
}

/// What a marker says: the cue's caption.
fn label(app: &App, cue: usize) -> String {
    let say = app.current().and_then(|show| show.world.scenario.cues.get(cue)).map_or("", |cue| &cue.say);
    if say.is_empty() { format!("cue {}", cue + 1) } else { Safe::line(say).into_string() }
}

/// Refuses a show that nobody would watch to its end.
fn bounded(scenario: &Scenario) -> Result<(), Failure> {
    let seconds = seconds_of(scenario);
    if seconds <= LONGEST {
        return Ok(());
    }
    Err(Failure::Wrong(format!(
        "error: this show takes {:.1} hours, a recording at most one\n\
         help: raise its speed (--set view.speed={:.0}, and `speed` of its cues) or cut it with --steps",
        seconds / 3600.0,
        (scenario.steps as f64 / LONGEST).ceil()
    )))
}

/// How long a show takes without its holds, at the paces of the scenario and its cues.
fn seconds_of(scenario: &Scenario) -> f64 {
    let (mut seconds, mut from, mut pace) = (0.0, 0, scenario.view.speed);
    for cue in scenario.cues.iter().filter(|cue| cue.speed.is_some()) {
        seconds += (cue.step - from) as f64 / pace;
        (from, pace) = (cue.step, cue.speed.unwrap_or(pace));
    }
    seconds + (scenario.steps - from) as f64 / pace
}

/// A number of seconds.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = number(text).filter(|seconds| (0.0..=3600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write seconds from 0 to 3600, such as 3 or 0.5".to_owned())
}
