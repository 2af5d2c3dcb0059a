//! The first row: the program's name, the scenario's title, and on the right where and how fast the playhead is.
//!
//! What the caption says is the footer's business.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::layout::Class;
use super::style::put;
use super::text::{clip, width, write, write_right};
use super::{Role, Style};
use crate::app::Show;
use crate::plot::number;

/// The name that stands first on every screen.
const NAME: &str = "geodescent";

/// Draws the name and a title; gives back nothing to the right of `end`.
pub fn draw_title(title: &str, style: Style, end: u16, area: Rect, buf: &mut Buffer) {
    let bold = |role| style.role(role).add_modifier(Modifier::BOLD);
    let area = Rect { width: area.width.min(end), ..area };
    let x = write(buf, area, 1, 0, NAME, bold(Role::Accent)) + 2;
    write(buf, area, x, 0, &clip(&style.plain(title), area.width.saturating_sub(x)), bold(Role::Text));
}

/// Draws the header of a scenario.
pub fn draw(show: &Show, style: Style, class: Class, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let timeline = &show.timeline;
    let mut end = area.width.saturating_sub(1);
    if class == Class::Wide {
        let seed = format!("seed {}", show.scenario.seed);
        write_right(buf, area, end, 0, &seed, style.role(Role::Dim));
        end = end.saturating_sub(width(&seed) + 3);
    }
    let step = format!("{}/{}", timeline.step(), timeline.last());
    write_right(buf, area, end, 0, &step, style.role(Role::Text).add_modifier(Modifier::BOLD));
    end = end.saturating_sub(width(&step));
    let cells = match (class, area.width) {
        (Class::Wide, 140..) => 24,
        (Class::Wide, _) => 14,
        _ => 0,
    };
    if cells > 0 {
        end = end.saturating_sub(cells + 1);
        bar(show, style, Rect { x: area.x + end, width: cells, ..area }, buf);
    }
    let state = match (timeline.playing(), style.ascii()) {
        (false, _) => "paused".to_owned(),
        (true, false) => format!("▸ {}×", number::label(timeline.speed())),
        (true, true) => format!("> {}x", number::label(timeline.speed())),
    };
    end = end.saturating_sub(2);
    write_right(buf, area, end, 0, &state, style.role(Role::Text));
    draw_title(&show.scenario.title, style, end.saturating_sub(width(&state) + 2), area, buf);
}

/// The timeline: what is behind the playhead heavy, cues as dots.
fn bar(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let (step, last) = (show.timeline.step(), show.timeline.last().max(1));
    let cell = |step: usize| {
        let share = step.min(last) as f64 / last as f64;
        (share * f64::from(area.width.saturating_sub(1))).round() as u16
    };
    let now = cell(step);
    let [done, ahead, cue, head] = if style.ascii() { ['=', '-', 'o', '|'] } else { ['━', '─', '•', '┃'] };
    for x in 0..area.width {
        let (glyph, role) = if x < now { (done, Role::Text) } else { (ahead, Role::Faint) };
        put(buf, area.x + x, area.y, glyph, style.role(role));
    }
    for mark in &show.scenario.cues {
        let x = cell(mark.step);
        put(buf, area.x + x, area.y, cue, style.role(if x < now { Role::Text } else { Role::Dim }));
    }
    put(buf, area.x + now, area.y, head, style.role(Role::Accent).add_modifier(Modifier::BOLD));
}
