//! Text from outside, made safe to print and to draw: no control, bidirectional or zero-width characters are left.
//!
//! Not its business: refusing such text (the checker does, with a place). Paths, cells of CSV files, source lines and
//! whatever else comes from outside go through [`Safe`] before they reach a message, a terminal or a picture.

use std::fmt;

/// Text that cannot move the cursor, recolour the screen, reverse a line or hide a character.
///
/// Every character that could is replaced by one visible character, so that columns stay where they were.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Safe(String);

impl Safe {
    /// Cleans a text. A tab becomes a space, a control character its picture (`␛`), anything else unsafe `�`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.chars().map(|c| if is_unsafe(c) { picture(c) } else { c }).collect())
    }

    /// Cleans a text and cuts it to at most `most` characters, with `…` in place of what is cut.
    #[must_use]
    pub fn clipped(text: &str, most: usize) -> Self {
        if text.chars().nth(most).is_none() {
            return Self::new(text);
        }
        let kept: String = text.chars().take(most.saturating_sub(1)).collect();
        Self(Self::new(&kept).0 + "…")
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The clean text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Safe {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether a character may do something else to a terminal or a reader than stand there.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || invisible(c)
}

/// The first unsafe character of a text.
#[must_use]
pub fn first_unsafe(text: &str) -> Option<char> {
    text.chars().find(|&c| is_unsafe(c))
}

/// Bidirectional marks, zero-width characters, line separators, tags, interlinear annotation.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn picture(c: char) -> char {
    match c {
        '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\u{7f}' => '␡',
        _ => '�',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_is_left_and_columns_stay() {
        let nasty = "a\u{1b}[31m\u{7f}\u{9b}2J\u{202e}x\u{200b}y\u{feff}\n\t\u{2066}ü漢\u{e0041}";
        let safe = Safe::new(nasty);
        assert_eq!(first_unsafe(safe.as_str()), None);
        assert_eq!(safe.as_str().chars().count(), nasty.chars().count());
        assert!(safe.as_str().starts_with("a␛[31m␡"));
    }

    #[test]
    fn every_character_comes_out_safe() {
        for c in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert_eq!(first_unsafe(Safe::new(&c.to_string()).as_str()), None, "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn long_text_is_cut_with_a_mark() {
        assert_eq!(Safe::clipped("abcdef", 4).as_str(), "abc…");
        assert_eq!(Safe::clipped("abcd", 4).as_str(), "abcd");
    }
}
