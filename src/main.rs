//! Opens a scenario in the terminal.

use std::process::ExitCode;

use geodescent::app::{App, Show};
use geodescent::scenario::sample;
use geodescent::terminal::{self, Options};
use geodescent::view::{Depth, Ground, Marker, Style, Theme};

fn main() -> ExitCode {
    let theme = Theme { ground: Ground::Dark, depth: Depth::True };
    let style = Style { theme, marker: Marker::Braille, bold: false };
    let app = App::show(Show::new(sample::three_charts()), style);
    match terminal::show(app, &Options::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "geodescent: {error}");
            ExitCode::from(1)
        }
    }
}
