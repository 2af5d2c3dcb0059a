//! Texts by display width: cut with an ellipsis, wrapped, right-aligned.
//!
//! Positions and colours are up to the caller. Widths are in terminal cells, not characters.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style as Cell;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::style::text;
use crate::text::printable;

/// The width of a text in cells.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(if printable(text) { text.len() } else { text.width() }).unwrap_or(u16::MAX)
}

/// A text in at most `most` cells; what does not fit is replaced by `…`.
#[must_use]
pub fn clip(text: &str, most: u16) -> Cow<'_, str> {
    if width(text) <= most {
        return text.into();
    }
    let mut used = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= usize::from(most)
        })
        .collect();
    kept.truncate(kept.trim_end().len());
    if most > 0 {
        kept.push('…');
    }
    kept.into()
}

/// Below so many cells every letter counts more than blanks about an ellipsis.
const SHORT: u16 = 16;

/// A text in at most `most` cells; what does not fit is left out in the middle, since names often differ at their ends.
#[must_use]
pub fn clip_middle(text: &str, most: u16) -> String {
    if width(text) <= most || most < 8 {
        return clip(text, most).into_owned();
    }
    let gap = if most < SHORT { "…" } else { " … " };
    let room = usize::from(most - width(gap));
    let taken = |chars: &mut dyn Iterator<Item = char>, room: usize| -> Vec<char> {
        let mut used = 0;
        chars
            .take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= room
            })
            .collect()
    };
    let head: String = taken(&mut text.chars(), room.div_ceil(2)).into_iter().collect();
    let tail: String = taken(&mut text.chars().rev(), room / 2).into_iter().rev().collect();
    format!("{}{gap}{}", head.trim_end(), tail.trim_start())
}

/// A text that stands among others in at most `most` cells: what does not fit is left out at its end or, where another would
/// then look the same, in the middle.
///
/// # Examples
/// ```
/// use geodescent::plot::text::clip_among;
///
/// let names = ["natural gradient", "natural gradient, rate 1", "policy gradient"];
/// let clipped = names.map(|name| clip_among(name, names.into_iter(), 14));
/// assert_eq!(clipped, ["natural…adient", "natural…rate 1", "policy gradie…"]);
/// ```
#[must_use]
pub fn clip_among<'a>(text: &str, mut all: impl Iterator<Item = &'a str>, most: u16) -> String {
    let clipped = clip(text, most);
    if all.any(|other| other != text && clip(other, most) == clipped) {
        clip_middle(text, most)
    } else {
        clipped.into_owned()
    }
}

/// A text in lines of at most `most` cells, broken at spaces if possible.
#[must_use]
pub fn wrap(text: &str, most: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line).saturating_add(width(word)) < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(clip(word, most).into_owned()),
        }
    }
    lines
}

/// Writes a text inside `area` from column `x` on, counted from the area's left; returns the column after it.
pub fn write(buf: &mut Buffer, area: Rect, x: u16, y: u16, words: &str, style: Cell) -> u16 {
    let room = area.width.saturating_sub(x);
    if room == 0 || y >= area.height {
        return x;
    }
    let taken = text(buf, area.x.saturating_add(x), area.y.saturating_add(y), words, usize::from(room), style);
    x.saturating_add(u16::try_from(taken).unwrap_or(room))
}

/// Writes a text so that it ends before column `end`; nothing if it would begin left of the area.
pub fn write_right(buf: &mut Buffer, area: Rect, end: u16, y: u16, words: &str, style: Cell) {
    if let Some(x) = end.checked_sub(width(words)) {
        write(buf, area, x, y, words, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_counts_cells_not_characters() {
        assert_eq!(clip("natural gradient", 16), "natural gradient");
        assert_eq!(clip("natural gradient", 9), "natural…");
        assert_eq!(clip("分布の族", 5), "分布…");
        assert_eq!(clip("分布", 1), "…");
        assert_eq!(clip("x", 0), "");
    }

    #[test]
    fn names_that_differ_at_their_ends_stay_apart() {
        let [a, b] = ["natural gradient, polar", "natural gradient, natural"].map(|label| clip_middle(label, 18));
        assert_eq!([a.as_str(), b.as_str()], ["natural … , polar", "natural … natural"]);
        assert_eq!(clip_middle("natural actor-critic", 14), "natural…critic");
        assert!(width(&clip_middle("分布の族分布の族分布の族", 15)) <= 15);
    }

    #[test]
    fn wrapped_lines_fit() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert!(wrap("a verylongword indeed", 6).iter().all(|line| width(line) <= 6));
        assert!(wrap("", 10).is_empty());
    }
}
