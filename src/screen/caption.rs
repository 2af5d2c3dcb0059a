//! The bar of captions above the keys, for halls: in rows of text or, where they fit, in large letters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use super::style::{blank, put};
use super::text::{width, wrap, write, write_right};
use super::{Glyphs, Role, Style};
use crate::app::{Action, Captions, Show};
use crate::text::ascii;

/// Where the text begins.
const START: u16 = 4;
/// The columns and rows of a large letter.
const LETTER: (u16, u16) = (4, 4);

/// Draws the caption of a show.
pub fn draw(show: &Show, captions: Captions, style: Style, area: Rect, buf: &mut Buffer) {
    blank(buf, area, style);
    if area.is_empty() {
        return;
    }
    let asked = show.question().and_then(|cue| cue.ask.as_deref());
    let words = style.plain(asked.or_else(|| show.cue().map(|cue| cue.say.as_str())).unwrap_or(""));
    let drawn = captions == Captions::Large && draw_large(&words, style, area, buf);
    if !drawn {
        if style.theme.fills() {
            buf.set_style(area, ratatui::style::Style::new().bg(style.theme.color(Role::Bar)));
        }
        draw_text(&words, asked.is_some(), style, area, buf);
    }
    let edge = if style.ascii() { '|' } else { '▌' };
    if !words.is_empty() {
        (area.top()..area.bottom()).for_each(|y| put(buf, area.x, y, edge, style.role(Role::Accent)));
    }
    draw_place(show, style, area, buf);
}

/// The text in as many rows as there are, in their middle.
fn draw_text(words: &str, asked: bool, style: Style, area: Rect, buf: &mut Buffer) {
    let bold = |role| style.role(role).add_modifier(Modifier::BOLD);
    let lines = wrap(words, area.width.saturating_sub(START + PLACE + 2));
    let rows = usize::from(area.height);
    let first = (area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(area.height))) / 2;
    let mut end = (START, first);
    for (line, y) in lines.iter().take(rows).zip(first..) {
        end = (write(buf, area, START, y, line, bold(Role::Text)), y);
    }
    if asked {
        let x = write(buf, area, end.0 + 3, end.1, &Action::NextCue.key(), bold(Role::Accent));
        write(buf, area, x + 1, end.1, "shows it", style.role(Role::Text));
    }
}

/// The text in large letters; `false` if it does not fit or the screen has no such characters.
fn draw_large(words: &str, style: Style, area: Rect, buf: &mut Buffer) -> bool {
    // The letters are those of ASCII.
    let words = ascii(words);
    let room = area.width.saturating_sub(START + PLACE + 2);
    let fits = u16::try_from(words.chars().count()).is_ok_and(|count| count.saturating_mul(LETTER.0) <= room);
    if !fits || style.ascii() || style.glyphs == Glyphs::Narrow || area.height < LETTER.1 {
        return false;
    }
    let place = Rect { x: area.x + START, y: area.y + (area.height - LETTER.1) / 2, width: room, height: LETTER.1 };
    let mut letters = BigText::builder();
    letters.pixel_size(PixelSize::Quadrant).style(style.role(Role::Text)).lines([words.as_ref().into()]);
    letters.build().render(place, buf);
    true
}

/// The columns of `cue 12 of 34`.
const PLACE: u16 = 14;

/// Which cue it is of how many, and where it stands among them.
fn draw_place(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let (count, place) = (show.world.scenario.cues.len(), show.cue_place());
    let Some(place) = place else { return };
    let end = area.width.saturating_sub(1);
    write_right(buf, area, end, 0, &format!("cue {} of {count}", place + 1), style.role(Role::Dim));
    let [passed, here, ahead] = if style.ascii() { ["=", "|", "o"] } else { ["━", "┃", "•"] };
    if area.height < 2 || width(ahead) * 2 * u16::try_from(count).unwrap_or(u16::MAX) > end.min(PLACE * 2) {
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
