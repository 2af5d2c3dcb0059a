//! The first row: the program's name, the scenario's title, and on the right the playhead's step and speed.
//!
//! Captions are in the footer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::layout::Class;
use super::style::put;
use super::text::{clip, width, write, write_right};
use super::{Role, Style};
use crate::app::Show;
use crate::format;
use crate::scenario::View;

/// The name that stands first on every screen.
const NAME: &str = "geodescent";

/// Draws the name and a title; returns nothing to the right of `end`.
pub fn draw_title(title: &str, style: Style, end: u16, area: Rect, buf: &mut Buffer) {
    let bold = |role| style.role(role).add_modifier(Modifier::BOLD);
    let area = Rect { width: area.width.min(end), ..area };
    let x = write(buf, area, 1, 0, NAME, bold(Role::Accent)) + 2;
    write(buf, area, x, 0, &clip(&style.plain(title), area.width.saturating_sub(x)), bold(Role::Text));
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

fn bar_cells(class: Class, area: Rect) -> Option<u16> {
    match (class, area.width) {
        (Class::Wide, 140..) => Some(24),
        (Class::Wide, _) => Some(14),
        _ => None,
    }
}

/// Draws the seed if it matters and fits; returns the column before it.
fn before_seed(show: &Show, style: Style, class: Class, area: Rect, buf: &mut Buffer) -> u16 {
    let end = area.width.saturating_sub(1);
    if class != Class::Wide || !show.world.scenario.random {
        return end;
    }
    let seed = format!("seed {}", show.world.scenario.seed);
    write_right(buf, area, end, 0, &seed, style.role(Role::Dim));
    end.saturating_sub(width(&seed) + 3)
}

/// Draws the step and the timeline before a column; returns where they begin, and where the timeline stands.
fn draw_time(show: &Show, style: Style, class: Class, (end, area): (u16, Rect), buf: &mut Buffer) -> (u16, Rect) {
    let step = step(show);
    write_right(buf, area, end, 0, &step, style.role(Role::Text).add_modifier(Modifier::BOLD));
    let mut end = end.saturating_sub(width(&step));
    let mut line = Rect::default();
    if let Some(cells) = bar_cells(class, area) {
        end = end.saturating_sub(cells + 1);
        line = Rect { x: area.x + end, width: cells, ..area };
        bar(show, style, line, buf);
    }
    (end, line)
}

/// Draws the header of a scenario; returns where the timeline stands.
pub fn draw(show: &Show, style: Style, class: Class, area: Rect, buf: &mut Buffer) -> Rect {
    if area.is_empty() {
        return area;
    }
    let state = state(show, style);
    let end = before_seed(show, style, class, area, buf);
    let (end, line) = draw_time(show, style, class, (end, area), buf);
    let end = end.saturating_sub(2);
    write_right(buf, area, end, 0, &state, style.role(Role::Text));
    draw_title(&show.world.scenario.title, style, end.saturating_sub(width(&state) + 2), area, buf);
    line
}

/// The timeline: heavy behind the playhead, cues as dots.
fn bar(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let cell = |step: usize| show.timeline.cell(step, area.width);
    let now = cell(show.timeline.step());
    let [done, ahead, cue, head] = if style.ascii() { ['=', '-', 'o', '|'] } else { ['━', '─', '•', '┃'] };
    for x in 0..area.width {
        let (glyph, role) = if x < now { (done, Role::Text) } else { (ahead, Role::Faint) };
        put(buf, area.x + x, area.y, glyph, style.role(role));
    }
    for mark in &show.world.scenario.cues {
        let x = cell(mark.step);
        put(buf, area.x + x, area.y, cue, style.role(if x < now { Role::Text } else { Role::Dim }));
    }
    put(buf, area.x + now, area.y, head, style.role(Role::Accent).add_modifier(Modifier::BOLD));
}
