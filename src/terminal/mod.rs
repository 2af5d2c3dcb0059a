//! The live terminal: the event loop, the clock, signals and raw mode.
//!
//! Families and panes are not its business: it turns bytes into keys, passes them to the app, and sends the cells that
//! have changed. Threads: interface (the caller's), input, writer, signals, hangup. The interface waits for none of them.
#![expect(clippy::disallowed_methods, reason = "the clock is read here")]
#![cfg_attr(not(unix), allow(dead_code, reason = "a console has neither signals nor answers"))]

mod depth;
mod doctor;
mod encode;
mod events;
mod guard;
mod input;
mod keycodes;
mod keys;
mod kind;
mod link;
mod memory;
mod meter;
mod outlet;
mod pen;
mod picture;
mod plain;
mod probe;
mod questions;
mod run;
mod screen;
mod sequences;
mod signals;
mod storm;
mod tty;
mod writer;

use std::io::{self, IsTerminal};
use std::path::Path;

use ratatui::buffer::Buffer;

use crate::app::App;
use crate::scenario::Overlay;
use crate::screen::{Depth, Glyphs, Ground, Marker};

pub use depth::{Capabilities, Environment, capabilities, depth};
pub use doctor::{doctor, reset};
pub use events::{Pointer, key, pointer};
pub use keys::{Input, Reader};
pub use plain::{ansi, plain, text};
pub use screen::Screen as Frames;

/// The largest screen that is drawn: beyond it buffers cost more than anyone can see.
pub const LARGEST: (u16, u16) = (600, 250);

/// How to use the terminal; what is `None` is detected.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The number of colours.
    pub depth: Option<Depth>,
    /// A light or a dark background.
    pub ground: Option<Ground>,
    /// The characters of dots.
    pub marker: Option<Marker>,
    /// Heavy lines.
    pub bold: bool,
    /// A size other than the terminal's.
    pub size: Option<(u16, u16)>,
    /// The maximum number of frames per second.
    pub fps: u16,
    /// Whether to send as few bytes as possible.
    pub low_bandwidth: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { depth: None, ground: None, marker: None, bold: false, size: None, fps: 30, low_bandwidth: false }
    }
}

/// What woke the interface.
#[derive(Debug)]
enum Event {
    /// Keys, mouse reports and answers from one read of the terminal.
    Inputs(Vec<keys::Input>),
    /// The terminal has another size.
    Resized,
    /// A frame has been written; here is its buffer.
    Written(Vec<u8>),
    /// Asked from outside to stop (SIGTSTP).
    Suspend,
    /// Continued after a stop (SIGCONT).
    Continued,
    /// The terminal has disappeared.
    Gone,
    /// A job has found something.
    News,
}

/// Shows the app until the user quits.
///
/// # Errors
/// If there is no terminal, or it cannot be read or written.
pub fn show(mut app: App, options: &Options) -> io::Result<()> {
    if !io::stdin().is_terminal() {
        return Err(io::Error::other("standard input is not a terminal, so there are no keys to read"));
    }
    if !io::stdout().is_terminal() {
        return Err(io::Error::other("standard output is not a terminal"));
    }
    let environment = Environment::here();
    if environment.dumb() {
        return write_plain(&app, options);
    }
    let style = &mut app.style;
    style.theme.depth = depth(options.depth, &environment);
    if options.low_bandwidth {
        style.theme.depth = style.theme.depth.min(Depth::Ansi256);
    }
    style.theme.ground = options.ground.or(environment.ground()).unwrap_or(Ground::Dark);
    style.bold = options.bold;
    (style.marker, style.glyphs) = characters(options.marker, &environment);
    if options.low_bandwidth {
        app.leave_out(Overlay::Heat);
    }
    run::run(app, options)
}

/// The characters to draw with: those asked for, otherwise what the terminal is known to show.
#[must_use]
pub fn characters(asked: Option<Marker>, environment: &Environment) -> (Marker, Glyphs) {
    let glyphs = environment.glyphs();
    match asked {
        None if !environment.utf8() || glyphs == Glyphs::Console => (Marker::Ascii, glyphs),
        None => (Marker::Braille, glyphs),
        // Whoever asks for more than the terminal's name promises has a font with these characters.
        Some(marker) if !glyphs.markers().contains(&marker) => (marker, Glyphs::Any),
        Some(marker) => (marker, glyphs),
    }
}

/// Prints the last frame as lines, on a terminal that cannot do more.
fn write_plain(app: &App, options: &Options) -> io::Result<()> {
    let text = plain(app, options.size.unwrap_or_else(tty::size));
    tty::write_all(text.as_bytes())
}

/// Writes a new file, under a numbered name if the name is taken. Returns a message for the user.
fn write_new(path: &Path, text: &str) -> String {
    crate::export::file::write_numbered(path, text.as_bytes()).unwrap_or_else(|told| told).into_string()
}

/// Limits a size to what can be drawn.
fn clamp((width, height): (u16, u16)) -> (u16, u16) {
    (width.min(LARGEST.0), height.min(LARGEST.1))
}

/// An empty buffer of a size.
fn empty((width, height): (u16, u16)) -> Buffer {
    Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height))
}
