//! `geodescent render`: the screen, or one pane of it, at one step, as text or as a picture.
//!
//! Flags and scenario alone decide every byte: the environment and the terminal are not looked at.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ratatui::layout::Rect;

use super::look::Drawn;
use super::output::Output;
use super::{Edits, Failure, SLICE, document, remark};
use crate::app::{App, Show};
use crate::export;
use crate::plot::palette::Palette;
use crate::plot::svg;
use crate::registry::{nearest, number, whole};
use crate::screen::{self, Cache, Part};
use crate::terminal;

/// Draw one step as a picture.
#[derive(Debug, Args)]
pub struct Render {
    /// A scenario: a file, the name of a built-in one, or - for standard input
    scenario: OsString,
    /// The step to draw, as the show comes to it; by default the last, with every answer given
    #[arg(long, value_name = "N", value_parser = step, allow_hyphen_values = true)]
    step: Option<usize>,
    #[arg(long, value_name = "NAME", value_parser = part, help = format!("Draw only this pane: {}", parts()))]
    pane: Option<Part>,
    /// The output format; by default what the file's name ends in, else text
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How wide an SVG is on paper, in mm, cm or in; of a figure (--pane with svg) 84mm by default
    #[arg(long, value_name = "LENGTH", value_parser = millimetres, allow_hyphen_values = true)]
    width: Option<f64>,
    /// Greys in place of colours, in SVG and PNG
    #[arg(long)]
    grey: bool,
    #[command(flatten)]
    drawn: Drawn,
    #[command(flatten)]
    edits: Edits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Characters without colours
    Text,
    /// Characters with the escape sequences of their colours
    Ansi,
    /// Text as text; of a pane, a figure with true curves
    Svg,
    /// Pixels, 20 by 40 a cell
    Png,
}

impl Render {
    /// Runs the command.
    pub fn run(&self) -> Result<(), Failure> {
        let output = Output::of(self.output.as_ref());
        let format = self.format(&output)?;
        self.fits(format)?;
        output.takes(format == Format::Png)?;
        let document = document(&self.scenario, &self.edits)?;
        let show = Show::open(document)?;
        remark(&show.world.scenario)?;
        let last = show.world.scenario.steps;
        let step = self.step.unwrap_or(last);
        if step > last {
            return Err(Failure::Wrong(format!("error: there is no step {step}: this race ends at step {last}")));
        }
        let mut app = App::show(show, self.drawn.style());
        app.notice = None;
        finish(&mut app, step, self.step.is_none());
        if let (Some(part), Some(show)) = (self.pane, app.shown()) {
            part.prepare(show)
                .map_err(|reason| Failure::Wrong(format!("error: no pane `{}` here: {reason}", part.name())))?;
            while app.work(SLICE) {}
        }
        output.write(&self.draw(&app, format))
    }

    /// Fails if an option has no meaning for a format.
    fn fits(&self, format: Format) -> Result<(), Failure> {
        let wrong = |option: &str, formats: &str| {
            Err(Failure::Wrong(format!("error: `{option}` has no meaning here: it is for --format {formats}")))
        };
        match format {
            Format::Svg => Ok(()),
            _ if self.width.is_some() => wrong("--width", "svg"),
            Format::Text | Format::Ansi if self.grey => wrong("--grey", "svg or png"),
            Format::Text | Format::Ansi | Format::Png => Ok(()),
        }
    }

    /// The bytes of the picture of an app that has been finished.
    fn draw(&self, app: &App, format: Format) -> Vec<u8> {
        let palette = Palette { grey: self.grey, ..self.drawn.palette() };
        let (columns, rows) = self.drawn.page();
        let area = Rect::new(0, 0, columns, rows);
        let mut cache = Cache::default();
        let cells = match (self.pane, app.current()) {
            (Some(part), Some(show)) => {
                let width = self.width.unwrap_or(svg::SIZE[0]);
                let size = match self.drawn.size {
                    Some(shape) => svg::shaped(width, shape),
                    None => [width, width * svg::SIZE[1] / svg::SIZE[0]],
                };
                let figure = || screen::figure(show, part, &mut Cache::default(), size, app.style.theme);
                if let Some(figure) = (format == Format::Svg).then(figure).flatten() {
                    return palette.paint(&figure).into_bytes();
                }
                screen::still_part(show, part, app.style, &mut cache, area)
            }
            _ => screen::still(app, &mut cache, area),
        };
        let title = app.current().map_or("", |show| show.world.scenario.title.as_str());
        match format {
            Format::Text => terminal::text(&cells).into_bytes(),
            Format::Ansi => terminal::ansi(&cells),
            Format::Svg => export::screen::svg(&cells, palette, title, self.width).into_bytes(),
            Format::Png => export::screen::png(&cells, palette).unwrap_or_default(),
        }
    }

    /// The format that was asked for, by name or by the ending of the file's name.
    fn format(&self, output: &Output<'_>) -> Result<Format, Failure> {
        match (self.format, output.ending()) {
            (Some(format), _) => Ok(format),
            (None, None) => Ok(Format::Text),
            (None, Some(ending)) => {
                let ending = ending.to_string_lossy().to_lowercase();
                let named = Format::from_str(if ending == "txt" { "text" } else { &ending }, false);
                named.map_err(|_| {
                    let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
                    let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
                    let shown = crate::scenario::diagnostic::quote(&ending);
                    Failure::Wrong(format!(
                        "error: {shown} is not the ending of a format\nhelp: add --format with one of {}",
                        names.join(", ")
                    ))
                })
            }
        }
    }
}

/// Runs the race, goes to a step, or its last stop, and computes whatever the app would compute between two keys.
fn finish(app: &mut App, step: usize, conclude: bool) {
    while app.work(SLICE) {}
    if let Some(show) = app.shown() {
        show.seek(step);
        if conclude {
            show.conclude();
        }
    }
    // The playhead has revealed more: what depends on it is still to be computed.
    while app.work(SLICE) {}
}

/// A length in millimetres.
fn millimetres(text: &str) -> Result<f64, String> {
    let units = [("mm", 1.0), ("cm", 10.0), ("in", 25.4)];
    let read = |(unit, scale): (&str, f64)| Some(number(text.strip_suffix(unit)?)? * scale);
    let length = units.into_iter().find_map(read).filter(|length| (10.0..=2000.0).contains(length));
    length.ok_or_else(|| "write a length from 10mm to 2000mm, such as 84mm, 8.4cm or 3.3in".to_owned())
}

/// A step.
fn step(text: &str) -> Result<usize, String> {
    whole(text).and_then(|step| usize::try_from(step).ok()).ok_or_else(|| "write a whole number from 0 on".to_owned())
}

/// A pane by its name.
fn part(name: &str) -> Result<Part, String> {
    let names = Part::ALL.iter().map(|part| part.name());
    Part::ALL.into_iter().find(|part| part.name() == name).ok_or_else(|| match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the panes are {}", parts()),
    })
}

/// The names of all panes.
fn parts() -> String {
    Part::ALL.map(Part::name).join(", ")
}
