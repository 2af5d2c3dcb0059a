//! A show on a screen: how it is drawn, and keys whose work is waited for.

use geodescent::app::{App, Effect, Key, Show};
use geodescent::plot::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::scenario::Document;

/// Dark, in all colours, with braille.
pub const STYLE: Style = Style {
    theme: Theme { ground: Ground::Dark, depth: Depth::True },
    marker: Marker::Braille,
    bold: false,
    glyphs: Glyphs::Any,
};

/// A scenario on screen, with everything computed; a report fails the test.
pub fn opened(document: Document) -> App {
    let show = Show::open(document).unwrap_or_else(|report| panic!("{report}"));
    let mut app = App::show(show, STYLE);
    finish(&mut app);
    app
}

/// Computes everything that the app would compute between two keys.
pub fn finish(app: &mut App) {
    while app.work(10_000) {}
}

/// Presses a key, and waits for everything that it has computed.
pub fn press(app: &mut App, key: Key) -> Effect {
    let effect = app.press(key);
    finish(app);
    app.notice = None;
    effect
}

/// The show on screen.
pub fn show(app: &App) -> &Show {
    app.current().expect("a show")
}
