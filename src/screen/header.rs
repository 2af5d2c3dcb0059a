//! The first row: the program's name, the scenario's title, and on the right the playhead's step and speed.
//!
//! Captions are in the footer.

use std::ops::Range;

use super::layout::Class;
use super::text::width;
use super::{Role, Style};
use crate::app::Show;
use crate::figure::words::{Line, bold, dim, text};
use crate::format;
use crate::plot::mark::Ink;
use crate::plot::pane::Span;
use crate::scenario::View;

/// The name that stands first on every screen.
const NAME: &str = "geodescent";

/// The name and a title; nothing to the right of `end`.
#[must_use]
pub fn title(title: &str, end: u16) -> [Span; 2] {
    let after = 1 + width(NAME) + 2;
    let name = bold(1, NAME).ink(Ink::Role(Role::Accent)).most(end.saturating_sub(1));
    [name, bold(after, title).most(end.saturating_sub(after))]
}

/// The state of playback.
fn state(show: &Show, style: Style) -> String {
    let timeline = &show.timeline;
    if let Some((what, done, total)) = show.progress() {
        return format!("{what} {done}/{total}");
    }
    if !timeline.playing() {
        return "paused".to_owned();
    }
    // The pace at 1× matters only if the race sets its own.
    let own = show.world.scenario.view.speed != View::SPEED;
    let rate = if own { format!(" {}/s", format::label(timeline.rate())) } else { String::new() };
    style.plain(&format!("▸ {}×{rate}", format::label(timeline.speed()))).into_owned()
}

fn step(show: &Show) -> String {
    format!("{}/{}", show.timeline.step(), show.timeline.last())
}

/// The columns of the timeline.
fn bar_cells(class: Class, columns: u16) -> Option<u16> {
    match (class, columns) {
        (Class::Wide, 140..) => Some(24),
        (Class::Wide, _) => Some(14),
        _ => None,
    }
}

/// The seed if it matters and fits.
fn seed(show: &Show, class: Class, end: u16) -> Option<Span> {
    let shown = class == Class::Wide && show.world.scenario.random;
    shown.then(|| dim(end, format!("seed {}", show.world.scenario.seed)).right())
}

/// The header of a scenario in so many columns, and those in which the timeline stands, if it has room.
#[must_use]
pub fn line(show: &Show, style: Style, class: Class, columns: u16) -> (Line, Option<Range<u16>>) {
    let (mut end, state, step) = (columns.saturating_sub(1), state(show, style), step(show));
    let seed = seed(show, class, end);
    end = end.saturating_sub(seed.as_ref().map_or(0, |seed| seed.wide() + 3));
    let step = bold(end, step).right();
    end = end.saturating_sub(step.wide());
    let time = bar_cells(class, columns)
        .filter(|cells| *cells < end)
        .map(|cells| end.saturating_sub(cells + 1)..end.saturating_sub(1));
    end = time.as_ref().map_or(end, |time| time.start).saturating_sub(2);
    let state = text(end, state).right();
    let mut line = title(&show.world.scenario.title, end.saturating_sub(state.wide() + 2)).to_vec();
    line.push(state);
    line.extend(time.iter().flat_map(|time| bar(show, style, time.clone())));
    line.extend([step].into_iter().chain(seed));
    (line, time)
}

/// The timeline: heavy behind the playhead, cues as dots.
fn bar(show: &Show, style: Style, columns: Range<u16>) -> Vec<Span> {
    let cell = |step: usize| usize::from(show.timeline.cell(step, columns.len() as u16));
    let now = cell(show.timeline.step());
    let [done, ahead, cue, head] = if style.ascii() { ['=', '-', 'o', '|'] } else { ['━', '─', '•', '┃'] };
    let role = |x: usize, ahead: Role| if x < now { Role::Text } else { ahead };
    let mut cells: Vec<_> =
        (0..columns.len()).map(|x| (if x < now { done } else { ahead }, role(x, Role::Faint), false)).collect();
    for mark in &show.world.scenario.cues {
        let x = cell(mark.step);
        cells[x] = (cue, role(x, Role::Dim), false);
    }
    cells[now] = (head, Role::Accent, true);
    let mut column = columns.start;
    let alike = cells.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2));
    let span = |cells: &[(char, Role, bool)]| {
        let (_, role, bold) = cells[0];
        let words: String = cells.iter().map(|(glyph, ..)| *glyph).collect();
        let span = Span { bold, ..text(column, words).ink(Ink::Role(role)) };
        column += cells.len() as u16;
        span
    };
    alike.map(span).collect()
}
