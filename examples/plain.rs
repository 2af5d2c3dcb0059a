//! The baseline for measurements: the same picture by standard means, `cargo run --release --example plain [SCENARIO]`.
//!
//! ratatui's own terminal and backend, every frame drawn from scratch at 30 frames per second whether anything moves or
//! not; space plays and q quits. It uses none of geodescent's runtime.
#![expect(clippy::disallowed_methods, reason = "how ratatui's programs usually begin and draw")]

use std::io;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode};

use geodescent::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::app::{App, Code, Key, Show};
use geodescent::race::World;
use geodescent::scenario::Document;
use geodescent::screen::{self, Cache};

const FRAME: Duration = Duration::from_millis(33);

fn main() -> io::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "three-charts".to_owned());
    let world =
        Document::builtin(&name).and_then(|document| World::open(&document).ok()).ok_or(io::ErrorKind::NotFound)?;
    let style = Style {
        theme: Theme { depth: Depth::True, ground: Ground::Dark },
        marker: Marker::Braille,
        bold: false,
        glyphs: Glyphs::Any,
    };
    let mut app = App::show(Show::new(world), style);
    while app.work(10_000) {}
    let (mut cache, mut last) = (Cache::default(), Instant::now());
    ratatui::run(|terminal| {
        loop {
            terminal.draw(|frame| screen::draw(&app, &mut cache, frame.area(), frame.buffer_mut()))?;
            cache.finish();
            while event::poll(FRAME.saturating_sub(last.elapsed()))? {
                match event::read()? {
                    Event::Key(key) if key.code == KeyCode::Char('q') => return Ok(()),
                    Event::Key(key) if key.code == KeyCode::Char(' ') => drop(app.press(Key::plain(Code::Char(' ')))),
                    Event::Key(key) if key.code == KeyCode::Right => drop(app.press(Key::plain(Code::Right))),
                    _ => {}
                }
            }
            app.advance(last.elapsed());
            last = Instant::now();
        }
    })
}
