//! Opens a scenario in the terminal.

use std::process::ExitCode;

use geodescent::app::{App, Entry, Show};
use geodescent::scenario::{BUILTIN, Document};
use geodescent::terminal::{self, Options};
use geodescent::view::{Depth, Ground, Marker, Style, Theme};

fn main() -> ExitCode {
    let theme = Theme { ground: Ground::Dark, depth: Depth::True };
    let style = Style { theme, marker: Marker::Braille, bold: false };
    let entry = |document: Document, name: &str| {
        let show = Show::open(document).ok()?;
        let (title, notes) = (show.scenario.title.clone(), show.scenario.notes.clone());
        Some(Entry { name: name.to_owned(), title, notes, show: Some(show) })
    };
    let app = match std::env::args().nth(1) {
        Some(name) => Document::find(&name).and_then(Show::open).map(|show| App::show(show, style)).ok(),
        None => {
            let all = BUILTIN.iter().filter_map(|row| entry(Document::of_builtin(row), row.name)).collect();
            Some(App::gallery(all, style))
        }
    };
    let Some(app) = app else { return ExitCode::from(2) };
    match terminal::show(app, &Options::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "geodescent: {error}");
            ExitCode::from(1)
        }
    }
}
