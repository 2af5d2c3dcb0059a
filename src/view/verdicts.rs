//! What the scenario's measures say of the whole race, laid over the screen: a line each, with a mark for each verdict.
//!
//! Computes nothing: what is not answered yet is shown as such.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Cell};

use super::help::{centred, clear};
use super::style::{frame, inner};
use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::Show;
use crate::export::table::mark;
use crate::measure::{Answer, answer};

/// The widest box.
const WIDEST: u16 = 110;

/// Draws the box over `area`.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let lines = lines(show, style);
    let longest = lines.iter().map(|line| width(&line.1)).max().unwrap_or(0);
    let wide = longest.saturating_add(6).clamp(40, WIDEST).min(area.width.saturating_sub(2));
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height.saturating_sub(2));
    let place = centred(area, wide, tall);
    clear(style, place, buf);
    frame(buf, place, style, true, "Measures", "of the whole race", "");
    let inside = inner(place).intersection(buf.area);
    let rows = usize::from(inside.height);
    let shown = if lines.len() > rows { rows.saturating_sub(1) } else { lines.len() };
    for (y, (mark, text, cell)) in (0..inside.height).zip(lines.iter().take(shown)) {
        write(buf, inside, 1, y, mark, *cell);
        write(buf, inside, 3, y, &clip(text, inside.width.saturating_sub(4)), *cell);
    }
    if shown < lines.len() {
        let more = format!("+ {} more", lines.len() - shown);
        write(buf, inside, 3, inside.height.saturating_sub(1), &more, style.role(Role::Dim));
    }
}

/// Mark, text and look of each line.
fn lines(show: &Show, style: Style) -> Vec<(String, String, Cell)> {
    let (scenario, answers) = (&show.scenario, show.answers());
    if scenario.measures.is_empty() {
        return vec![(String::new(), "this scenario asks for no measures".to_owned(), style.role(Role::Dim))];
    }
    let line = |(place, measure)| match answers.get(place) {
        Some(answer) => (marked(answer, style), style.plain(&answer.text), look(answer, style)),
        None => {
            let asked: &crate::scenario::Measure = measure;
            let text = format!("{}, {}", asked.info.name, answer::labels(scenario, asked));
            (style.plain("…"), style.plain(&text), style.role(Role::Dim))
        }
    };
    scenario.measures.iter().enumerate().map(line).collect()
}

fn marked(answer: &Answer, style: Style) -> String {
    match answer.holds {
        _ if !style.ascii() => mark(answer).to_string(),
        Some(true) => "+".to_owned(),
        Some(false) => "x".to_owned(),
        None => "-".to_owned(),
    }
}

/// What does not hold is to be seen first.
fn look(answer: &Answer, style: Style) -> Cell {
    match answer.holds {
        Some(false) => style.role(Role::Accent).add_modifier(Modifier::BOLD),
        _ => style.role(Role::Text),
    }
}
