//! The bar of captions above the keys, for halls: in rows of text or, where they fit, in large letters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use super::style::put;
use super::text::{width, wrap, write, write_right};
use super::{Glyphs, Marker, Role, Style};
use crate::app::{Action, Captions, Show};
use crate::plot::Recall;
use crate::plot::cells::Page;
use crate::text::ascii;

/// Where the text begins.
const START: u16 = 4;
/// What the last row has beside a caption: its edge, a gap, how to go on, help and exit.
const BESIDE: u16 = 36;

/// The bar as it was drawn last, and how many rows it takes.
#[derive(Debug, Default)]
pub struct Memo {
    rows: Recall<(u64, Captions, Rect), u16>,
    drawn: Option<Said>,
    page: Page,
}

/// Everything that the bar shows and depends on.
#[derive(Debug, PartialEq)]
struct Said {
    words: String,
    asked: bool,
    /// The index of the cue, and how many there are.
    cue: Option<usize>,
    cues: usize,
    captions: Captions,
    style: Style,
}

impl Memo {
    /// The rows that captions take above the keys.
    pub fn rows(&mut self, show: &Show, captions: Captions, area: Rect) -> u16 {
        *self.rows.of((show.world.revision(), captions, area), |_| rows(show, captions, area))
    }

    /// The caption of a show.
    pub fn draw(&mut self, show: &Show, captions: Captions, style: Style, area: Rect) -> &Page {
        let asked = show.question().and_then(|cue| cue.ask.as_deref());
        let words = style.plain(asked.or_else(|| show.cue().map(|cue| cue.say.as_str())).unwrap_or("")).into_owned();
        let (asked, cue, cues) = (asked.is_some(), show.cue_place(), show.world.scenario.cues.len());
        let said = Said { words, asked, cue, cues, captions, style };
        let stays = self.page.turn(area);
        if !stays || self.drawn.as_ref() != Some(&said) {
            self.page.clear(style, area);
            said.draw(area, self.page.buffer());
            self.drawn = Some(said);
        }
        &self.page
    }
}

/// The rows that captions take above the keys.
///
/// They depend on all of a show's cues: panes that grew and shrank from cue to cue would jump.
#[must_use]
pub fn rows(show: &Show, captions: Captions, area: Rect) -> u16 {
    match captions {
        Captions::Line => line_rows(show, area.width),
        Captions::Bar if area.height < 30 => 2,
        Captions::Bar => 3,
        // One, two or three lines of letters, and the row of the place.
        Captions::Large => match area.height {
            56.. => 13,
            36.. => 9,
            _ => 5,
        },
    }
}

/// The most rows of a caption: more would leave too little of the panes.
const MOST: usize = 3;

/// No rows if everything that is said fits beside the keys, else as many as its longest text, within limits.
fn line_rows(show: &Show, across: u16) -> u16 {
    let said = || show.world.scenario.cues.iter().flat_map(|cue| cue.ask.iter().chain([&cue.say]));
    if said().all(|words| width(words).saturating_add(BESIDE) <= across) {
        return 0;
    }
    let rows = said().map(|words| wrap(words, across.saturating_sub(3)).len()).max().unwrap_or(0);
    u16::try_from(rows.min(MOST)).unwrap_or(0)
}

/// `cue 2 of 7`.
#[must_use]
pub fn place(show: &Show) -> Option<String> {
    Some(placed(show.cue_place()?, show.world.scenario.cues.len()))
}

fn placed(place: usize, count: usize) -> String {
    format!("cue {} of {count}", place + 1)
}

impl Said {
    /// Draws it over blanks.
    fn draw(&self, area: Rect, buf: &mut Buffer) {
        let Self { words, asked, captions, style, .. } = self;
        let style = *style;
        let edge = if style.ascii() { '|' } else { '▌' };
        if !words.is_empty() {
            (area.top()..area.bottom()).for_each(|y| put(buf, area.x, y, edge, style.role(Role::Accent)));
        }
        if *captions == Captions::Line {
            // How to go on stands among the keys below.
            let lines = wrap(words, area.width.saturating_sub(3));
            return write_lines(
                &lines,
                style,
                Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area },
                buf,
            );
        }
        let large = *captions == Captions::Large && draw_large(words, style, area, buf);
        let beside = if large {
            Some((START, 0))
        } else {
            if style.theme.fills() {
                buf.set_style(area, ratatui::style::Style::new().bg(style.theme.color(Role::Bar)));
            }
            draw_text(words, style, area, buf)
        };
        if *asked {
            // Where there is no room beside the question, it takes the place of the marks of the cues.
            let corner = (area.width.saturating_sub(PLACE), area.height - 1);
            draw_answer(style, area, beside.unwrap_or(corner), buf);
        }
        // Large letters reach to the edge.
        let marked = !large && (beside.is_some() || !asked);
        if let Some(cue) = self.cue {
            draw_place(cue, self.cues, marked, style, area, buf);
        }
    }
}

fn write_lines(lines: &[String], style: Style, area: Rect, buf: &mut Buffer) {
    let text = style.role(Role::Text).add_modifier(Modifier::BOLD);
    for (line, y) in lines.iter().zip(0..area.height) {
        write(buf, area, 0, y, line, text);
    }
}

/// The text in as many rows as there are, in their middle. Returns where what answers it can follow.
fn draw_text(words: &str, style: Style, area: Rect, buf: &mut Buffer) -> Option<(u16, u16)> {
    let room = area.width.saturating_sub(START + PLACE + 2);
    let lines = wrap(words, room);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let first = (area.height - rows) / 2;
    let inside = Rect { x: area.x + START, y: area.y + first, width: room, height: rows };
    write_lines(&lines, style, inside, buf);
    let end = START + lines.get(usize::from(rows).checked_sub(1)?).map_or(0, |line| width(line));
    (end + 3 + PLACE <= START + room).then_some((end + 3, first + rows - 1))
}

/// The key that answers a question.
fn draw_answer(style: Style, area: Rect, (x, y): (u16, u16), buf: &mut Buffer) {
    let x = write(buf, area, x, y, &Action::NextCue.key(), style.role(Role::Accent).add_modifier(Modifier::BOLD));
    write(buf, area, x + 1, y, "shows it", style.role(Role::Text));
}

/// The large letters that a terminal's characters allow, with their rows: the largest first. All are four columns wide.
fn letters(style: Style) -> &'static [(PixelSize, u16)] {
    match (style.marker, style.glyphs) {
        (Marker::Ascii, _) | (_, Glyphs::Narrow) => &[],
        // A font that has octants has been asked for.
        (Marker::Octant, Glyphs::Any) => &[(PixelSize::Quadrant, 4), (PixelSize::Octant, 2)],
        _ => &[(PixelSize::Quadrant, 4)],
    }
}

/// The columns of a large letter.
const LETTER: u16 = 4;

/// The text in lines of large letters below the row of the place; `false` if it does not fit or the screen has no such
/// characters.
fn draw_large(words: &str, style: Style, area: Rect, buf: &mut Buffer) -> bool {
    // The letters are those of ASCII.
    let words = ascii(words);
    let inside =
        Rect { x: area.x + START, y: area.y + 1, width: area.width.saturating_sub(START + 1), height: area.height - 1 };
    let lines = wrap(&words, inside.width / LETTER);
    let whole = words.split_whitespace().eq(lines.iter().flat_map(|line| line.split_whitespace()));
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let size = letters(style).iter().find(|(_, rows)| count.saturating_mul(*rows) <= inside.height);
    let Some((size, rows)) = size.filter(|_| whole) else { return false };
    let spare = inside.height - count * rows;
    let place = Rect { y: inside.y + spare / 2, height: count * rows, ..inside };
    let mut letters = BigText::builder();
    letters
        .pixel_size(*size)
        .style(style.role(Role::Text))
        .lines(lines.into_iter().map(Into::into).collect::<Vec<_>>());
    letters.build().render(place, buf);
    true
}

/// The columns of `cue 12 of 34`.
const PLACE: u16 = 14;

/// Which cue it is of how many, and, if there is room, marks of where it stands among them.
fn draw_place(place: usize, count: usize, marked: bool, style: Style, area: Rect, buf: &mut Buffer) {
    let end = area.width.saturating_sub(1);
    write_right(buf, area, end, 0, &placed(place, count), style.role(Role::Dim));
    let [passed, here, ahead] = if style.ascii() { ["=", "|", "o"] } else { ["━", "┃", "•"] };
    if !marked || area.height < 2 || width(ahead) * 2 * u16::try_from(count).unwrap_or(u16::MAX) > end.min(PLACE * 2) {
        return;
    }
    let mut x = end + 1 - 2 * u16::try_from(count).unwrap_or(0);
    for cue in 0..count {
        let (mark, role) = match cue.cmp(&place) {
            std::cmp::Ordering::Less => (passed, Role::Text),
            std::cmp::Ordering::Equal => (here, Role::Accent),
            std::cmp::Ordering::Greater => (ahead, Role::Dim),
        };
        x = write(buf, area, x, area.height - 1, mark, style.role(role)) + 1;
    }
}
