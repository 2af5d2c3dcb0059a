//! Makes external text safe to print and to draw: no control, bidirectional or zero-width characters are left, and no
//! character has an unbounded pile of combining marks.
//!
//! Paths, cells of CSV files, source lines and all other external text go through [`Safe`] before they reach a message,
//! a terminal or a picture. Unsafe text in scenarios is rejected by their checkers.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The maximum number of code points in one grapheme. Real scripts need fewer; the bound keeps a cell, which is sent as
/// a whole, short.
pub const PILE: usize = 8;
/// The maximum length of a text shown in one row: in graphemes for a scenario, in code points for [`Safe::line`].
pub const LONGEST: usize = 256;

/// Text that cannot move the cursor, recolour the screen, reverse a line or hide a character.
///
/// Every unsafe character is replaced by exactly one visible character, so that columns do not shift.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Safe(String);

impl Safe {
    /// Cleans a text. A tab becomes a space, a control character its picture (`␛`), any other unsafe character `�`; a
    /// grapheme of more than [`PILE`] code points is cut and ends with `�`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(clean(text).into_owned())
    }

    /// Cleans a text and cuts it to at most `most` code points, with `…` in place of the rest.
    #[must_use]
    pub fn clipped(text: &str, most: usize) -> Self {
        if text.chars().nth(most).is_none() {
            return Self::new(text);
        }
        let kept: String = text.chars().take(most.saturating_sub(1)).collect();
        Self(Self::new(&kept).0 + "…")
    }

    /// Cleans a text shown in one row, and cuts it to [`LONGEST`] code points.
    #[must_use]
    pub fn line(text: &str) -> Self {
        Self::clipped(text, LONGEST)
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The clean text, owned.
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

/// Whether a text is nothing but printable ASCII: a column a byte, and nothing to clean. Most of what is shown is.
#[must_use]
pub fn printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The result of [`Safe::new`] as text, borrowed if there is nothing to clean.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if printable(text) {
        return Cow::Borrowed(text);
    }
    let visible = match first_unsafe(text) {
        None => Cow::Borrowed(text),
        Some(_) => text.chars().map(|c| if is_unsafe(c) { picture(c) } else { c }).collect(),
    };
    if piles(&visible) { Cow::Owned(level(&visible)) } else { visible }
}

/// Whether any grapheme of a text has more than [`PILE`] code points.
#[must_use]
pub fn piles(text: &str) -> bool {
    // A pile has more bytes than code points, and most texts are too short to have one.
    text.len() > PILE && !text.is_ascii() && text.graphemes(true).any(|seen| seen.chars().nth(PILE).is_some())
}

/// The number of graphemes in a text.
#[must_use]
pub fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).count() }
}

/// Truncates every overlong grapheme. It cannot merge with the next one, since nothing joins `�`.
fn level(text: &str) -> String {
    let mut out = String::new();
    for seen in text.graphemes(true) {
        match seen.char_indices().nth(PILE - 1) {
            Some((end, _)) if seen.chars().nth(PILE).is_some() => out.extend([&seen[..end], "�"]),
            _ => out.push_str(seen),
        }
    }
    out
}

/// Whether a character may affect a terminal or mislead a reader.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || invisible(c)
}

/// The first unsafe character of a text.
#[must_use]
pub fn first_unsafe(text: &str) -> Option<char> {
    text.chars().find(|&c| is_unsafe(c))
}

/// Bidirectional marks, zero-width characters, line separators, tags, annotations, and everything else in category Cf.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// ASCII spellings of the symbols that the program itself uses.
const SPELLED: [(char, &str); 45] = [
    ('−', "-"),
    ('–', "-"),
    ('—', "-"),
    ('…', "..."),
    ('·', "."),
    ('•', "*"),
    ('×', "x"),
    ('±', "+-"),
    ('∓', "-+"),
    ('≤', "<="),
    ('≥', ">="),
    ('≠', "!="),
    ('≈', "~"),
    ('→', "->"),
    ('←', "<-"),
    ('↑', "up"),
    ('↓', "down"),
    ('⇒', "=>"),
    ('◂', "<"),
    ('▸', ">"),
    ('▾', "v"),
    ('∈', "in"),
    ('∞', "inf"),
    ('∇', "grad "),
    ('∂', "d"),
    ('∫', "integral "),
    ('√', "sqrt "),
    ('∛', "cube root of "),
    ('½', "1/2 "),
    ('°', " deg"),
    ('⟨', "<"),
    ('⟩', ">"),
    ('‖', "|"),
    ('⁻', "^-"),
    ('¹', "1"),
    ('²', "^2"),
    ('³', "^3"),
    ('ᵀ', "'"),
    ('⊙', ".*"),
    ('✓', "Y"),
    ('✗', "X"),
    ('✕', "N"),
    ('○', "O"),
    ('◎', "@"),
    ('◇', "E"),
];
/// One-cell ASCII substitutes for symbols whose spelling above is longer.
const ONE_CELL: [(char, char); 16] = [
    ('…', '~'),
    ('±', '+'),
    ('≤', '<'),
    ('≥', '>'),
    ('≠', '#'),
    ('→', '>'),
    ('←', '<'),
    ('↑', '^'),
    ('↓', 'v'),
    ('⇒', '>'),
    ('∞', '8'),
    ('∇', 'g'),
    ('°', '\''),
    ('²', '2'),
    ('³', '3'),
    ('⁻', '-'),
];
/// The Greek letters used in formulas, with their names.
const GREEK: [(char, &str); 24] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "eps"),
    ('η', "eta"),
    ('θ', "theta"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
];

/// A text in ASCII: symbols spelled out, letters of other scripts transliterated, `?` for what has no equivalent.
#[must_use]
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len());
    text.chars().for_each(|c| spell(c, &mut spelled));
    Cow::Owned(spelled)
}

fn spell(c: char, into: &mut String) {
    match SPELLED.iter().chain(&GREEK).find(|(known, _)| *known == c) {
        _ if c.is_ascii() => into.push(c),
        Some((_, words)) => into.push_str(words),
        None => into.push_str(deunicode::deunicode_char(c).unwrap_or("?")),
    }
}

/// A character in one ASCII cell, `?` if it has no equivalent of that width.
#[must_use]
pub fn ascii_cell(c: char) -> char {
    if let Some((_, one)) = ONE_CELL.iter().find(|(known, _)| *known == c) {
        return *one;
    }
    let mut spelled = String::new();
    spell(c, &mut spelled);
    // A Greek letter, whose name is too long, becomes its Latin counterpart.
    [spelled.as_str(), deunicode::deunicode_char(c).unwrap_or_default()].into_iter().find_map(single).unwrap_or('?')
}

/// The only character of a trimmed text; `None` if it has several or none.
fn single(text: &str) -> Option<char> {
    let mut letters = text.trim().chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// Converts text to ASCII, for locales without UTF-8. Columns stay aligned as far as the spaces between them allow.
#[derive(Debug)]
pub struct AsciiWriter<W: Write> {
    out: W,
    /// The bytes of an unfinished line.
    line: Vec<u8>,
}

impl<W: Write> AsciiWriter<W> {
    /// A writer that converts to ASCII and writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(ascii_columns(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for AsciiWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.out.flush()
    }
}

/// A line in ASCII. Where text becomes longer, the next run of spaces is shortened to compensate, down to one space.
fn ascii_columns(line: &str) -> Cow<'_, str> {
    if line.is_ascii() {
        return Cow::Borrowed(line);
    }
    let (mut out, mut excess) = (String::with_capacity(line.len()), 0);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let before = out.len();
        spell(c, &mut out);
        excess += (out.len() - before).saturating_sub(c.width().unwrap_or(0));
        if c == ' ' && excess > 0 && chars.peek() == Some(&' ') {
            out.pop();
            excess -= 1;
        }
    }
    Cow::Owned(out)
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
        assert_eq!(length(Safe::line(&"é\u{301}".repeat(1000)).as_str()), LONGEST / 2 + 1);
    }

    #[test]
    fn piles_are_cut_and_do_not_grow_together_again() {
        let bombs = [
            "e".to_owned() + &"\u{301}".repeat(1 << 20),
            "\u{301}".repeat(1000),
            // Hangul: any number of leading consonants, then vowels, make one character.
            "\u{1100}".repeat(30) + &"\u{1161}".repeat(30) + &"\u{11a8}".repeat(30) + "\u{1161}",
            "👩\u{200d}👩\u{200d}👧\u{200d}👦".repeat(50),
            "क\u{94d}".repeat(300) + "क",
        ];
        for bomb in bombs {
            let safe = Safe::new(&bomb);
            let longest = safe.as_str().graphemes(true).map(|seen| seen.chars().count()).max();
            assert!(longest <= Some(PILE), "{longest:?} in {:?}", bomb.chars().take(9).collect::<String>());
            assert_eq!(Safe::new(safe.as_str()), safe, "clean text is unchanged");
        }
        assert_eq!(Safe::new("e\u{301}\u{302}").as_str(), "e\u{301}\u{302}");
    }
}
