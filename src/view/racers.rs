//! The table of racers: number, glyph, label and, as space allows, loss, KL of the last step, distance to the optimum.
//!
//! A racer that is no longer running shows its state in place of its numbers.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::style::{frame, inner, put};
use super::text::{clip, width, write, write_right};
use super::{Canvas, Role, Style};
use crate::app::Show;
use crate::figure::optimum_distance;
use crate::format;
use crate::geometry::distance;
use crate::race::{Ending, Row, Status, Trace};
use crate::scenario::Pane;

/// The width of a column of numbers with the gap before it.
const COLUMN: u16 = 9;
/// The number of rows from which on a heading is worth one of them.
const HEADED: u16 = 4;
/// The width reserved for labels before any number is shown.
const SHORTEST: u16 = 8;

/// What was last drawn of each racer: the step of its numbers, or that it had ended.
#[derive(Debug, Default)]
pub struct Kept {
    area: Rect,
    steps: Vec<Option<usize>>,
}

impl Kept {
    fn of(show: &Show, area: Rect) -> Self {
        let now = show.timeline.step();
        let step = |trace: &Trace| trace.ended_by(now).is_none().then(|| now.min(trace.last_alive()));
        Self { area, steps: show.race.traces().map(step).collect() }
    }
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    draw_kept(show, style, &mut Kept::default(), area, buf);
}

/// Advances the pane as it was last drawn; `false` if more has changed than numbers.
pub fn move_on(show: &Show, style: Style, kept: &mut Kept, area: Rect, blank: &Cell, canvas: &mut Canvas) -> bool {
    let before = std::mem::replace(kept, Kept::of(show, area));
    let both = before.steps.iter().zip(&kept.steps);
    let same = both.clone().all(|(a, b)| a.is_some() == b.is_some()) && before.steps.len() == kept.steps.len();
    if before.area != area || !same {
        return false;
    }
    let inside = inner(area).intersection(canvas.buffer().area);
    let columns = columns(show, inside);
    let (rows, first, shown) = listed(show, inside);
    for (racer, (a, b)) in both.enumerate().skip(first).take(shown).filter(|(_, (a, b))| a != b) {
        let Some(step) = b.filter(|_| a != b) else { continue };
        let line = Rect { y: rows.y + (racer - first) as u16, height: 1, ..rows };
        let left = end(line, columns, 0).saturating_sub(COLUMN - 1);
        let right = end(line, columns, columns.saturating_sub(1));
        if columns > 0 {
            canvas.clear(Rect { x: line.x + left, width: right - left, ..line }, blank);
            draw_numbers(show, style, (racer, step), columns, line, canvas.buffer_mut());
        }
    }
    true
}

/// Where labels begin, inside the frame: after number, glyph and gaps.
fn label(show: &Show) -> u16 {
    if show.world.scenario.racers.len() > 9 { 6 } else { 5 }
}

/// The rows for racers, and which are listed: the first and how many.
fn listed(show: &Show, inside: Rect) -> (Rect, usize, usize) {
    let racers = show.world.scenario.racers.len();
    let height = usize::from(inside.height);
    let heading = u16::from(height > racers || (height < racers && inside.height >= HEADED)).min(inside.height);
    let rows = Rect { y: inside.y + heading, height: inside.height - heading, ..inside };
    let (first, shown) = window(racers, show.chosen, usize::from(rows.height));
    (rows, first, shown)
}

fn draw_numbers(show: &Show, style: Style, (racer, step): (usize, usize), columns: u16, line: Rect, buf: &mut Buffer) {
    let on = show.on.get(racer).copied().unwrap_or(true);
    let cell = style.role(if on { Role::Text } else { Role::Dim });
    let row = show.race.trace(racer).at(step);
    for column in 0..columns {
        let number = style.plain(&written(show, &row, column));
        write_right(buf, line, end(line, columns, column), 0, &number, cell);
    }
}

/// Draws the pane and records what was drawn.
pub fn draw_kept(show: &Show, style: Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    *kept = Kept::of(show, area);
    frame(buf, area, style, show.focus_now() == Pane::Racers, "Racers", "", "");
    let inside = inner(area).intersection(buf.area);
    if inside.is_empty() {
        return;
    }
    let racers = &show.world.scenario.racers;
    let columns = columns(show, inside);
    let (rows, first, shown) = listed(show, inside);
    if rows.height < inside.height {
        draw_heading(show, style, columns, inside, buf);
    }
    for (y, racer) in (first..first + shown).enumerate() {
        draw_racer(show, style, racer, columns, Rect { y: rows.y + y as u16, height: 1, ..rows }, buf);
    }
    if shown < racers.len() {
        let more = format!("+ {} more", racers.len() - shown);
        write(buf, rows, label(show), rows.height - 1, &more, style.role(Role::Dim));
    }
}

/// How many columns of numbers fit beside the longest label.
fn columns(show: &Show, inside: Rect) -> u16 {
    let room = inside.width.saturating_sub(label(show) + 2);
    let longest = show.world.scenario.racers.iter().map(|racer| width(&racer.label)).max().unwrap_or(0);
    let least = longest.min(room.saturating_sub(COLUMN)).max(SHORTEST);
    (room.saturating_sub(least) / COLUMN).min(3)
}

/// The racers that are listed: the first and how many. Where not all fit, one row is kept to say how many do not.
fn window(racers: usize, chosen: usize, rows: usize) -> (usize, usize) {
    if racers <= rows {
        return (0, racers);
    }
    let shown = rows.saturating_sub(1);
    ((chosen + 1).saturating_sub(shown).min(racers - shown), shown)
}

fn draw_heading(show: &Show, style: Style, columns: u16, inside: Rect, buf: &mut Buffer) {
    let dim = style.role(Role::Dim);
    write(buf, inside, label(show), 0, "racer", dim);
    let closed = distance::is_closed(&*show.world.family);
    let names = ["loss", "KL step", if closed { "to opt." } else { "√(2 KL)" }];
    for (column, name) in (0..columns).zip(names) {
        write_right(buf, inside, end(inside, columns, column), 0, name, dim);
    }
}

/// The end of a column of numbers.
fn end(inside: Rect, columns: u16, column: u16) -> u16 {
    inside.width.saturating_sub(2 + COLUMN * (columns - 1 - column))
}

fn draw_racer(show: &Show, style: Style, racer: usize, columns: u16, line: Rect, buf: &mut Buffer) {
    let theme = style.theme;
    let (chosen, on) = (racer == show.chosen, show.on.get(racer).copied().unwrap_or(true));
    let trace = show.race.trace(racer);
    let ending = trace.ended_by(show.timeline.step());
    if chosen {
        let margin = if style.ascii() { '>' } else { '▌' };
        put(buf, line.x, line.y, margin, theme.racer(racer, false));
    }
    let start = label(show);
    write_right(buf, line, start - 3, 0, &(racer + 1).to_string(), style.role(Role::Dim));
    let glyph = if ending.is_some() { style.dead() } else { style.glyph(racer) };
    let mark = if on { style.racer_bold(racer) } else { style.role(Role::Dim) };
    if line.width > start - 2 {
        put(buf, line.x + start - 2, line.y, glyph, mark);
    }
    let mut name = style.role(if ending.is_some() || !on { Role::Dim } else { Role::Text });
    if chosen {
        name = name.add_modifier(Modifier::BOLD);
    }
    let words = style.plain(&show.world.scenario.racers[racer].label);
    let most = line.width.saturating_sub(start + 2 + COLUMN * columns);
    match ending {
        Some(ending) => {
            let x = write(buf, line, start, 0, &clip(&words, line.width.saturating_sub(start)), name);
            let room = line.width.saturating_sub(x + 2);
            let tale = style.plain(&tale(ending, room));
            write_right(buf, line, line.width.saturating_sub(1), 0, &tale, theme.racer(racer, false));
        }
        None => {
            write(buf, line, start, 0, &clip(&words, most), name);
            draw_numbers(show, style, (racer, show.timeline.step()), columns, line, buf);
        }
    }
}

/// The text of a row in a column.
fn written(show: &Show, row: &Row, column: u16) -> String {
    match column {
        0 => format::value(row.loss),
        1 if row.status == Status::NoStep => "no step".to_owned(),
        1 => format::value(row.kl_step),
        _ => format::value(optimum_distance(&show.world, row.parameters).unwrap_or(f64::NAN)),
    }
}

/// Why a racer has no numbers, in the longest form that fits.
fn tale(ending: &Ending, room: u16) -> String {
    let (long, short) = match ending.status {
        Status::LeftFamily => ("left family at step", "left at step"),
        Status::Singular => ("singular at step", "singular at"),
        Status::NotIntegrated => ("not integrated at step", "not integrated at"),
        Status::NotFinite | Status::Running | Status::NoStep => ("not finite at step", "not finite at"),
    };
    [
        format!("{long} {}: {}", ending.step, ending.reason),
        format!("{short} {}", ending.step),
        format!("step {}", ending.step),
    ]
    .into_iter()
    .find(|text| width(text) <= room)
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_racer_stays_in_view() {
        for (racers, rows) in (0..12).flat_map(|racers| (0..14).map(move |rows| (racers, rows))) {
            for chosen in 0..racers {
                let (first, shown) = window(racers, chosen, rows);
                assert!(first + shown <= racers && shown <= rows);
                assert!(shown == 0 || (first..first + shown).contains(&chosen), "{racers} {rows} {chosen}");
            }
        }
        assert_eq!(window(7, 0, 4), (0, 3));
    }

    #[test]
    fn an_ending_is_told_as_room_allows() {
        let ending = Ending { step: 11, status: Status::LeftFamily, reason: "variance ≤ 0".to_owned() };
        assert_eq!(tale(&ending, 40), "left family at step 11: variance ≤ 0");
        assert_eq!(tale(&ending, 20), "left at step 11");
        assert_eq!(tale(&ending, 2), "");
        let singular = Ending { step: 3, status: Status::Singular, reason: "diagonal entry 1 of F is 0.0".to_owned() };
        assert_eq!(tale(&singular, 60), "singular at step 3: diagonal entry 1 of F is 0.0");
        assert_eq!(tale(&singular, 20), "singular at 3");
    }
}
