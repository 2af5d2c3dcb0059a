//! A scrolling text box over the screen: measures, and offered rates.
//!
//! Computes nothing: pending answers are shown as such.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Cell};

use super::border::frame;
use super::help::centred;
use super::style::{blank, inner};
use super::text::{width, wrap, write};
use super::{Role, Style};
use crate::app::action::Action;
use crate::app::{Scroll, Show};
use crate::export::table::mark;
use crate::format::label;
use crate::measure::{Answer, Tuned, answer};
use crate::scenario::Measure;

/// The widest box and the narrowest.
const WIDEST: u16 = 110;
const NARROWEST: u16 = 40;
/// The narrowest that is made so to hide less.
const COLUMN: u16 = 30;
/// The fewest columns of panes beside a box that are worth leaving.
const SLIVER: u16 = 12;
/// The rows that a box may have however low the screen.
const LOWEST: u16 = 6;
/// The space beside the text: a mark before it, and margins.
const BESIDE: u16 = 6;

/// A row of a text: its mark, the words, their look.
type Row<'a> = (&'a str, String, Cell);

/// A text for a box.
#[derive(Debug)]
pub struct Reading {
    /// What it should not hide, by weight; in the middle without any.
    panes: Vec<(Rect, u32)>,
    detail: String,
    lines: Vec<(String, String, Cell)>,
}

impl Reading {
    /// The rates that a search has found, and the question whether to race with them.
    #[must_use]
    pub fn rates(show: &Show, found: &[Tuned], style: Style) -> Self {
        let name = |tuned: &Tuned| show.world.scenario.racers.get(tuned.racer).map_or("", |racer| racer.label.as_str());
        let longest = found.iter().map(|tuned| width(name(tuned))).max().unwrap_or(0);
        let line = |tuned: &Tuned| {
            let pad = " ".repeat(usize::from(longest.saturating_sub(width(name(tuned)))));
            let steps = |steps: Option<usize>| steps.map_or("never".to_owned(), |steps| steps.to_string());
            let (own, before) = tuned.own;
            let change = match tuned.best {
                Some((best, after)) if tuned.better().is_some() => {
                    format!("{} → {}   {} → {after} steps to 1e−6", label(own), label(best), steps(before))
                }
                Some((_, after)) => format!("{} stays   {after} steps to 1e−6", label(own)),
                None => format!("{} stays: no rate gets within 1e−6", label(own)),
            };
            let text = format!("{}{pad}  {} {change}", name(tuned), tuned.field.name);
            (style.glyph(tuned.racer).to_string(), style.plain(&text).into_owned(), style.role(Role::Text))
        };
        let [yes, no] = [Action::Accept, Action::Decline].map(Action::key);
        let detail = format!("race with these? {yes} yes  {no} no");
        Self { panes: Vec::new(), detail, lines: found.iter().map(line).collect() }
    }

    /// The scenario's measures of the whole race, with a mark for each verdict.
    #[must_use]
    pub fn measures(show: &Show, style: Style) -> Self {
        let world = &show.world;
        let said = |text: String| (String::new(), style.plain(&text).into_owned(), style.role(Role::Dim));
        let lines = if world.scenario.measures.is_empty() {
            vec![said("this scenario defines no measures".to_owned())]
        } else if show.withheld() {
            let (seen, last) = (show.timeline.furthest(), show.timeline.last());
            let again = format!("{} again shows them.", Action::Measures.key());
            vec![said(format!("They give the end away: the race is seen to step {seen} of {last}. {again}"))]
        } else {
            let answer = |(place, measure)| line(show, show.answers().get(place), measure, style);
            world.scenario.measures.iter().enumerate().map(answer).collect()
        };
        Self { panes: Vec::new(), detail: "of the whole race".to_owned(), lines }
    }

    /// The same where it hides least of some panes, and scrolls rather than hide much.
    #[must_use]
    pub fn beside(self, panes: Vec<(Rect, u32)>) -> Self {
        Self { panes, ..self }
    }

    /// The rows of a box over `area`, and its rectangle.
    fn laid(&self, title: &str, area: Rect) -> (Rect, Vec<Row<'_>>) {
        let longest = self.lines.iter().map(|line| width(&line.1)).max().unwrap_or(0);
        let longest = longest.max(width(title).saturating_add(width(&self.detail)).saturating_add(BESIDE));
        let wide = longest.saturating_add(BESIDE).clamp(NARROWEST, WIDEST).min(area.width.saturating_sub(2));
        let tall = |rows: &[Row<'_>]| u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
        let Some(body) = self.panes.iter().map(|(pane, _)| *pane).reduce(Rect::union) else {
            let rows = self.rows(wide);
            return (centred(area, wide, tall(&rows).min(area.height.saturating_sub(2))), rows);
        };
        let wide = if wide.saturating_add(SLIVER) > body.width { body.width } else { wide };
        let rows = self.rows(wide);
        let high = tall(&rows).min((body.height * 2 / 5).max(LOWEST)).min(body.height);
        let place = self.least_hidden(body, (wide, high));
        // As wide as a pane, if all of the text fits there: it may hide less.
        let narrow = self.panes.iter().map(|(pane, _)| pane.width).filter(|width| (COLUMN..wide).contains(width));
        let fitted = narrow.filter_map(|width| {
            let rows = self.rows(width);
            let size = (width, tall(&rows));
            (size.1 <= body.height * 3 / 5).then(|| (self.least_hidden(body, size), rows))
        });
        // Of equals `min_by_key` has the first.
        std::iter::once((place, rows)).chain(fitted).min_by_key(|(place, _)| self.hidden(*place)).unwrap_or_default()
    }

    /// The text in rows of a box of a width.
    fn rows(&self, wide: u16) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for (mark, text, cell) in &self.lines {
            for (i, part) in wrap_hanging(text, wide.saturating_sub(BESIDE)).into_iter().enumerate() {
                rows.push((if i == 0 { mark.as_str() } else { "" }, part, *cell));
            }
        }
        rows
    }

    /// How much of the panes a box hides, by their weights.
    fn hidden(&self, place: Rect) -> u32 {
        self.panes.iter().map(|(pane, weight)| pane.intersection(place).area() * weight).sum()
    }

    /// Where a box of a size hides least: of several such places the lowest, and of those the one furthest right.
    fn least_hidden(&self, body: Rect, (width, height): (u16, u16)) -> Rect {
        let sides = |start: u16, spare: u16, edges: Vec<u16>| {
            let inside = move |at: &u16| (start..=start + spare).contains(at);
            let mut all: Vec<u16> = edges.into_iter().filter(inside).chain([start, start + spare]).collect();
            all.sort_unstable();
            all
        };
        let edges = |of: fn(&Rect) -> u16, to: fn(&Rect) -> u16, long: u16| -> Vec<u16> {
            self.panes.iter().flat_map(|(pane, _)| [of(pane), to(pane).saturating_sub(long)]).collect()
        };
        let columns = sides(body.x, body.width - width, edges(|pane| pane.x, |pane| pane.right(), width));
        let rows = sides(body.y, body.height - height, edges(|pane| pane.y, |pane| pane.bottom(), height));
        let places = rows.iter().flat_map(|y| columns.iter().map(move |x| Rect { x: *x, y: *y, width, height }));
        // Of equals `min_by_key` has the first.
        places.rev().min_by_key(|place| self.hidden(*place)).unwrap_or(body)
    }

    /// Draws the box over `area`; returns where, and how far it can be scrolled.
    pub fn draw(&self, title: &str, scroll: Scroll, style: Style, area: Rect, buf: &mut Buffer) -> (Rect, usize) {
        let (place, rows) = self.laid(title, area);
        blank(buf, place, style);
        let shown = usize::from(inner(place).height);
        let last = rows.len().saturating_sub(shown);
        let first = scroll.at.min(last);
        let part = if shown < rows.len() {
            format!(
                "{} {}–{} of {}",
                if style.ascii() { "up/down" } else { "↑↓" },
                first + 1,
                first + shown,
                rows.len()
            )
        } else {
            String::new()
        };
        frame(buf, place, style, true, title, &self.detail, &style.plain(&part));
        let inside = inner(place).intersection(buf.area);
        for (y, (mark, text, cell)) in (0..inside.height).zip(rows.iter().skip(first)) {
            write(buf, inside, 1, y, mark, *cell);
            write(buf, inside, 3, y, text, *cell);
        }
        (place, last)
    }
}

/// A text in lines of at most `most` cells; one that fits keeps its blanks.
fn wrap_hanging(text: &str, most: u16) -> Vec<String> {
    if width(text) <= most { vec![text.to_owned()] } else { wrap(text, most) }
}

/// Mark, text and look of a measure.
fn line(show: &Show, answer: Option<&Answer>, measure: &Measure, style: Style) -> (String, String, Cell) {
    match answer {
        Some(answer) => (marked(answer, style), style.plain(&answer.text).into_owned(), look(answer, style)),
        None => {
            let text = format!("{}, {}", measure.info.name, answer::labels(&show.world, measure));
            (style.plain("…").into_owned(), style.plain(&text).into_owned(), style.role(Role::Dim))
        }
    }
}

fn marked(answer: &Answer, style: Style) -> String {
    match answer.holds {
        _ if !style.ascii() => mark(answer).to_string(),
        Some(true) => "+".to_owned(),
        Some(false) => "x".to_owned(),
        None => "-".to_owned(),
    }
}

/// Failed verdicts come first.
fn look(answer: &Answer, style: Style) -> Cell {
    match answer.holds {
        Some(false) => style.role(Role::Accent).add_modifier(Modifier::BOLD),
        _ => style.role(Role::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_as_narrow_as_a_pane_where_that_hides_less() {
        let line = |text: &str| (String::new(), text.to_owned(), Cell::new());
        let [left, right, below] = [Rect::new(0, 1, 48, 14), Rect::new(48, 1, 32, 14), Rect::new(0, 15, 80, 6)];
        let lines = vec![line("a measure in so many words as do not fit a line of 26"); 3];
        let panes = vec![(left, 4), (right, 1), (below, 4)];
        let reading = |lines| Reading { panes: panes.clone(), detail: String::new(), lines };
        let (own, few) = (reading(lines.clone()), reading(vec![line("short")]));
        let (place, rows) = own.laid("Measures", Rect::new(0, 0, 80, 24));
        // Two lines each: all of it stands over the pane that matters least.
        assert_eq!((place, rows.len()), (Rect { y: right.bottom() - 8, height: 8, ..right }, 6));
        let (place, _) = few.laid("Measures", Rect::new(0, 0, 80, 24));
        assert_eq!(place.intersection(right), place);
        // A long text is not made longer still.
        let (place, _) = reading([lines.clone(), lines].concat()).laid("Measures", Rect::new(0, 0, 80, 24));
        assert!(place.width > 32, "{place:?}");
    }

    #[test]
    fn a_box_stands_where_it_hides_least() {
        let reading = |panes| Reading { panes, detail: String::new(), lines: Vec::new() };
        let [left, right] = [Rect::new(0, 1, 60, 20), Rect::new(60, 1, 40, 20)];
        let body = left.union(right);
        for (weights, x) in [([4, 1], 70), ([1, 4], 30)] {
            let place = reading(vec![(left, weights[0]), (right, weights[1])]).least_hidden(body, (30, 8));
            assert_eq!(place, Rect::new(x, 13, 30, 8), "{weights:?}");
        }
        // Wherever it hides something, the least of what matters.
        let place = reading(vec![(left, 4), (right, 1)]).least_hidden(body, (50, 8));
        assert_eq!(place, Rect::new(50, 13, 50, 8));
    }
}
