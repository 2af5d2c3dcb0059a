//! What may go to a terminal, as a list of what is allowed: everything else is a fault.
//!
//! Written from the Unicode tables (`Cc`, `Cf`, `Zl`, `Zp`, `Default_Ignorable_Code_Point`) and ECMA-48, not from the
//! program: it must not agree with the program by construction.

/// What the bytes of a frame may be: printable text, CR LF, BS, and the few sequences that place the cursor, set colours,
/// erase, repeat and hold a frame together. Gives back the first fault with its place.
pub fn screen(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("no UTF-8 at byte {}", error.valid_up_to()))?;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.len() - rest.len();
        let length = match c {
            '\u{1b}' => sequence(rest).ok_or_else(|| format!("at byte {at}: {}", shown(rest)))?,
            '\r' if rest.starts_with("\r\n") => 2,
            // One to the left, as the cursor goes down a column.
            '\u{8}' => 1,
            c if printable(c) => c.len_utf8(),
            c => return Err(format!("at byte {at}: U+{:04X} in {}", c as u32, shown(rest))),
        };
        rest = &rest[length..];
    }
    Ok(())
}

/// What a message or a result may be: printable text in lines, and tabs where the format has them.
pub fn lines(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("no UTF-8 at byte {}", error.valid_up_to()))?;
    match text.char_indices().find(|(_, c)| !printable(*c) && *c != '\n') {
        Some((at, c)) => Err(format!("at byte {at}: U+{:04X} before {}", c as u32, shown(&text[at..]))),
        None => Ok(()),
    }
}

/// The most code points that one cell may take: a bomb of combining marks would be sent again with every frame.
pub const GRAPHEME: usize = 8;

/// Whether a character stands where it is put and can be seen, or joins the one before it visibly.
pub fn printable(c: char) -> bool {
    !c.is_control() && !format(c) && !ignorable(c) && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// General category Cf, Unicode 16.
fn format(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x180e | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x2064 | 0x2066..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0x110bd | 0x110cd
        | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0001 | 0xe0020..=0xe007f)
}

/// Default_Ignorable_Code_Point, Unicode 16.
fn ignorable(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8 | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// The length of an allowed escape sequence at the start of a text.
fn sequence(text: &str) -> Option<usize> {
    for held in ["\u{1b}[?2026h", "\u{1b}[?2026l"] {
        if text.starts_with(held) {
            return Some(held.len());
        }
    }
    let body = text.strip_prefix("\u{1b}[")?;
    let length = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let last = body[length..].chars().next()?;
    let numbers = body[..length].split(';');
    let small = numbers.clone().all(|number| number.is_empty() || number.parse::<u16>().is_ok());
    let few = match last {
        // CUU CUD CUF CUB, CHA VPA, ED EL, ECH REP.
        'A' | 'B' | 'C' | 'D' | 'G' | 'd' | 'J' | 'K' | 'X' | 'b' => numbers.count() == 1,
        'H' => numbers.count() <= 2,
        'm' => numbers.count() <= 16,
        _ => false,
    };
    (small && few).then_some(2 + length + 1)
}

/// The beginning of a text, fit to be shown in a failure.
fn shown(text: &str) -> String {
    text.chars().take(24).flat_map(char::escape_default).collect()
}
