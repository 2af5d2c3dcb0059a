//! The command line: one function per command. Exit codes: 0 success, 1 the run failed, 2 wrong usage or an invalid
//! scenario, 3 a verdict does not hold (`run --strict`).
//!
//! Results go to standard output, errors to standard error.

mod ensemble;
mod inspect;
mod inspect_other;
mod inspect_problem;
mod list;
mod look;
mod numbers;
mod output;
mod record;
mod render;
mod run;
mod tune;

use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::app::look::Glyphs;
use crate::app::{self, App, Autoplay, Captions, Entry};
use crate::export;
use crate::measure;
use crate::race::World;
use crate::registry::nearest;
use crate::scenario::diagnostic::quote;
use crate::scenario::json_schema::json_schema;
use crate::scenario::{BUILTIN, Document, Report, Scenario, split_path};
use crate::terminal::{self, Environment, Options};
use crate::text::{AsciiWriter, Safe};
use look::{Look, PAGE};

/// The budget of one slice of a race, in steps.
const SLICE: usize = 1 << 16;

/// What the exit codes mean.
const EXITS: &str = "\
Exit codes: 0 done; 1 the run failed, for example because a file cannot be written or a closed form does not hold;
2 wrong usage or an invalid scenario; 3 a verdict does not hold (`run --strict`).";

/// Watch optimizers race on families of probability distributions.
#[derive(Debug, Parser)]
#[command(name = "geodescent", version, args_conflicts_with_subcommands = true, args_override_self = true, after_help = EXITS)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    show: Show,
}

/// The live view.
#[derive(Debug, Args)]
struct Show {
    /// A scenario: a file, the name of a built-in one, or - for standard input; without it, the gallery
    scenario: Option<OsString>,
    #[command(flatten)]
    edits: Edits,
    #[command(flatten)]
    look: Look,
    /// Captions in a bar of their own, for halls; P makes them larger still
    #[arg(long)]
    lecture: bool,
    /// Play the show from its start without a key; the first key takes over
    #[arg(long, requires = "scenario")]
    autoplay: bool,
    /// Leave when the show is over
    #[arg(long, requires = "autoplay")]
    once: bool,
    /// With --autoplay, how long to wait at a cue that holds, before an answer, and at the end
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "3",
        value_parser = record::seconds,
        allow_hyphen_values = true,
        requires = "autoplay"
    )]
    hold: Duration,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the race without a screen; the trace goes to standard output
    Run(run::Run),
    /// Print the whole that the parts of an ensemble make up
    Merge(ensemble::Merge),
    /// Draw the screen or one pane at one step: text, ANSI, SVG or PNG
    Render(render::Render),
    /// Record the whole show as an asciicast
    Record(record::Record),
    /// Validate scenarios; silent if all are valid
    Check {
        /// Also check every closed form along the whole race against quadrature and differences, and print the errors
        #[arg(long)]
        numbers: bool,
        /// Scenario files, or names of built-in ones
        #[arg(required = true)]
        scenarios: Vec<OsString>,
    },
    /// Find, for each racer, the rate that reaches the optimum in the fewest steps, to three digits
    Tune(tune::Tune),
    /// Show the geometry at a point, and between two points
    Inspect(inspect::Inspect),
    /// Print the JSON Schema of the scenario file, with which editors check and complete it
    Schema,
    /// Show what was found out about this terminal, and what follows from it
    Doctor,
    /// Repair a terminal that another program left in a bad state
    Reset,
    /// List families, charts, optimizers, objectives, overlays, panes, measures, scenarios
    List {
        /// List only these
        #[arg(value_enum)]
        what: Option<list::What>,
    },
}

/// Changes to a scenario from the command line.
#[derive(Debug, Args)]
struct Edits {
    /// Change the scenario: --set optimizer.0.lr=0.1 (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The seed of every random draw
    #[arg(long, allow_hyphen_values = true, value_name = "N")]
    seed: Option<String>,
    /// The number of steps
    #[arg(long, allow_hyphen_values = true, value_name = "N")]
    steps: Option<String>,
}

/// Why a command ended without doing its work.
#[derive(Debug)]
enum Failure {
    /// Wrong usage or an invalid scenario: exit code 2.
    Wrong(String),
    /// Reading or writing failed: exit code 1.
    Io(io::Error),
    /// A closed form does not hold: exit code 1.
    Numbers(String),
    /// A verdict does not hold: exit code 3.
    Broken(String),
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Wrong(report.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs the program with its arguments and returns its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(message) = stranger(&arguments) {
        return complain(&message, 2);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let done = match cli.command {
        None => show(&cli.show),
        Some(Command::Run(run)) => run.run(),
        Some(Command::Merge(merge)) => merge.run(),
        Some(Command::Render(render)) => render.run(),
        Some(Command::Record(record)) => record.run(),
        Some(Command::Check { scenarios, numbers }) => check(&scenarios, numbers),
        Some(Command::Tune(tune)) => tune.run(),
        Some(Command::Inspect(inspect)) => inspect.run(),
        Some(Command::Schema) => schema().map_err(Failure::from),
        Some(Command::Doctor) => lines(&terminal::doctor(), &mut out()).map_err(Failure::from),
        Some(Command::Reset) => terminal::reset().map_err(Failure::from),
        Some(Command::List { what }) => list::run(what).map_err(Failure::from),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough: `geodescent run … | head` is not an error.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Io(error)) => complain(&format!("error: {error}"), 1),
        Err(Failure::Numbers(message)) => complain(&message, 1),
        Err(Failure::Wrong(message)) => complain(&message, 2),
        Err(Failure::Broken(message)) => complain(&message, 3),
    }
}

/// The error for a first argument that is neither a command nor a scenario, if it resembles a command or more words
/// follow it.
///
/// The parser would take it for a scenario and complain about the next word.
fn stranger(arguments: &[OsString]) -> Option<String> {
    let word = arguments.get(1)?.to_str().filter(|word| !word.starts_with('-'))?;
    let command = Cli::command();
    let names = || command.get_subcommands().map(clap::Command::get_name).chain(["help"]);
    let scenario = || BUILTIN.iter().any(|row| row.name == word) || Path::new(word).exists();
    if word.is_empty() || names().any(|name| name == word) || scenario() {
        return None;
    }
    let shown = quote(word);
    let follows = arguments.get(2).is_some_and(|next| !next.to_string_lossy().starts_with('-'));
    let scenario_is_near = nearest(word, BUILTIN.iter().map(|row| row.name)).is_some();
    let help = match nearest(word, names()) {
        Some(near) if follows || !scenario_is_near => format!("did you mean `{near}`?"),
        None if follows => format!("the commands are {}", names().collect::<Vec<_>>().join(", ")),
        _ => return None,
    };
    Some(format!("error: unknown command {shown}\nhelp: {help}"))
}

/// Prints help and version to standard output, wrong usage to standard error.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        complain(&error.to_string(), 2)
    } else {
        let mut out = out();
        let _ = write!(out, "{error}").and_then(|()| out.flush());
        ExitCode::SUCCESS
    }
}

/// Prints a message to standard error. Failing to write it is ignored.
fn complain(message: &str, code: u8) -> ExitCode {
    let _ = lines(message, &mut legible(io::stderr()));
    ExitCode::from(code)
}

/// Standard output for text; data formats are always UTF-8 and bypass it.
fn out() -> impl Write {
    BufWriter::new(legible(io::stdout()))
}

/// A stream restricted to the characters that its terminal or locale can show.
fn legible(stream: impl Write + IsTerminal + 'static) -> Box<dyn Write> {
    let here = Environment::here();
    let console = stream.is_terminal() && here.glyphs() == Glyphs::Console;
    if console || !here.utf8() { Box::new(AsciiWriter::new(stream)) } else { Box::new(stream) }
}

/// Writes a text line by line through the sanitiser, since it may contain arguments and the environment.
fn lines(text: &str, out: &mut dyn Write) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(out, "{}", Safe::new(line)))?;
    out.flush()
}

impl Edits {
    fn apply(&self, mut document: Document) -> Result<Document, Failure> {
        for edit in &self.set {
            let (path, value) = split(edit)?;
            document = document.edit(path, value)?;
        }
        if let Some(seed) = &self.seed {
            document = document.edit_as("run.seed", seed, format!("--seed {seed}"))?;
        }
        if let Some(steps) = &self.steps {
            document = document.edit_as("run.steps", steps, format!("--steps {steps}"))?;
        }
        Ok(document)
    }
}

/// Splits `PATH=VALUE`.
fn split(edit: &str) -> Result<(&str, &str), Failure> {
    split_path(edit, |letter| letter == '=').ok_or_else(|| {
        Failure::Wrong(format!(
            "error: `--set {}` has no `=`: write PATH=VALUE, such as optimizer.0.lr=0.1",
            Safe::line(edit)
        ))
    })
}

/// Prints the scenario's remarks to standard error.
fn remark(scenario: &Scenario) -> io::Result<()> {
    scenario.remarks.iter().try_for_each(|remark| lines(&format!("note: {remark}"), &mut io::stderr().lock()))
}

fn document(name: &OsStr, edits: &Edits) -> Result<Document, Failure> {
    edits.apply(Document::find(name)?)
}

fn show(show: &Show) -> Result<(), Failure> {
    let options = show.look.options();
    let app = match &show.scenario {
        Some(name) => {
            App::show(app::Show::open(document(name, &show.edits)?)?, show.look.style()).with_shelf(Entry::builtins)
        }
        None => App::gallery(Entry::builtins(), show.look.style()),
    };
    let app = if show.lecture { app.captioned(Captions::Bar) } else { app };
    if io::stdout().is_terminal() && !Environment::here().dumb() {
        let autoplay = show.autoplay.then(|| Autoplay::new(show.hold, show.once));
        let app = if let Some(autoplay) = autoplay { app.played(autoplay) } else { app };
        return Ok(terminal::show(app, &options)?);
    }
    last_frame(app, &options)
}

/// Without a terminal: the last frame as plain text, and the results.
fn last_frame(mut app: App, options: &Options) -> Result<(), Failure> {
    while app.work(SLICE) {}
    if let Some(show) = app.shown() {
        show.seek(show.world.scenario.steps);
        show.conclude();
    }
    let mut out = out();
    out.write_all(terminal::plain(&app, options.size.unwrap_or(PAGE)).as_bytes())?;
    if let Some(show) = app.shown() {
        writeln!(out)?;
        export::table::write(&show.world, &show.race, &mut out)?;
        export::table::measures(&measure::answers(&show.world, &show.race), &mut out)?;
    }
    Ok(out.flush()?)
}

/// Prints the JSON Schema of the scenario file.
fn schema() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout());
    writeln!(out, "{:#}", json_schema())?;
    out.flush()
}

fn check(names: &[OsString], numbers: bool) -> Result<(), Failure> {
    let mut worlds = Vec::new();
    let mut reports = Vec::new();
    for name in names {
        match Document::find(name).and_then(|document| document.check()) {
            Ok(scenario) if numbers => worlds.push((name, World::new(scenario))),
            Ok(_) => {}
            Err(report) => reports.push(report.to_string()),
        }
    }
    if !reports.is_empty() {
        return Err(Failure::Wrong(reports.join("\n")));
    }
    if numbers { numbers::run(&worlds) } else { Ok(()) }
}
