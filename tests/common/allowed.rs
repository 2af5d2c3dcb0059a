//! What may go to a terminal, as a list of what is allowed: everything else is a fault.
//!
//! Written from the Unicode tables (`Cc`, `Cf`, `Zl`, `Zp`, `Default_Ignorable_Code_Point`) and ECMA-48, not from the
//! program: it must not agree with the program by construction.

/// What may be sent where.
struct Rules {
    /// Modes that may be set, and those that may be reset.
    set: &'static [&'static str],
    reset: &'static [&'static str],
    /// From the first byte of the program to its last: with the question after a frame, and with what is cut off and
    /// cancelled when the program has to go.
    life: bool,
}

/// A frame holds itself together, and nothing else.
const FRAME: Rules = Rules { set: &["2026"], reset: &["2026"], life: false };
/// What the program sets, and what `reset` undoes besides.
const LIFE: Rules = Rules {
    set: &["1049", "25", "1000", "1006", "2004", "2026"],
    reset: &["1049", "25", "1000", "1006", "2026", "1002", "1003", "1004", "1005", "1015", "2004", "1", "7", "12"],
    life: true,
};

/// What the bytes of a frame may be: printable text, CR LF, BS, and the few sequences that place the cursor, set colours,
/// erase, repeat and hold a frame together. Gives back the first fault with its place.
pub fn screen(bytes: &[u8]) -> Result<(), String> {
    check(bytes, &FRAME)
}

/// What a program may send from its start to its end. Where it is `usual`, modes that most programs set are no fault: a
/// naive program is to fail at its row's own point.
pub fn session(bytes: &[u8], usual: bool) -> Result<(), String> {
    check(bytes, &Rules { set: if usual { LIFE.reset } else { LIFE.set }, ..LIFE })
}

/// What the terminal is asked before the first picture, and nowhere else: its ground, where its cursor is after a circle and
/// after a line that is to be repeated. Only as a whole.
const PROBES: [&[u8]; 3] =
    [b"\x1b]11;?\x1b\\", "\x1b[2;1H\u{25cb}\u{28ff}\x1b[6n".as_bytes(), "\x1b[3;1H\u{2500}\x1b[3b\x1b[6n".as_bytes()];

fn check(bytes: &[u8], rules: &Rules) -> Result<(), String> {
    let mut at = 0;
    let mut probes = Vec::from(PROBES);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(probe) = probes.iter().position(|probe| rules.life && rest.starts_with(probe)) {
            // Each once.
            at += probes.swap_remove(probe).len();
            continue;
        }
        let length = match rest {
            [0x1b, ..] => sequence(rest, rules),
            [b'\r', b'\n', ..] => Some(2),
            // One to the left, as the cursor goes down a column.
            [0x08 | b' '..=b'~', ..] => Some(1),
            // A cancelled sequence; and lines that a shell or the end of the program sends.
            [0x18 | b'\r' | b'\n', ..] if rules.life => Some(1),
            _ => character(rest, rules),
        };
        at += length.ok_or_else(|| format!("at byte {at}: {}", shown(&String::from_utf8_lossy(rest))))?;
    }
    Ok(())
}

/// The length of one printable character beyond ASCII; of what is left of one that was cut off because the program had to
/// go.
fn character(bytes: &[u8], rules: &Rules) -> Option<usize> {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let whole = bytes.get(..length).filter(|whole| !whole.contains(&0x18) && !whole.contains(&0x1b));
    match whole {
        None if rules.life => Some(1 + bytes[1..].iter().take_while(|byte| matches!(byte, 0x80..=0xbf)).count()),
        None => None,
        Some(whole) => std::str::from_utf8(whole).ok()?.chars().all(printable).then_some(length),
    }
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

/// The length of an allowed escape sequence at the start of the bytes; one that is cut off or cancelled (0x18) counts as
/// nothing where that may be.
fn sequence(bytes: &[u8], rules: &Rules) -> Option<usize> {
    match bytes.get(1) {
        Some(b'[') => {}
        None | Some(0x18) if rules.life => return Some(1),
        // The keypad back to numbers.
        Some(b'>') if rules.life => return Some(2),
        _ => return None,
    }
    let Some(end) = bytes[2..].iter().position(|byte| !(0x20..=0x3f).contains(byte)).map(|end| end + 2) else {
        return rules.life.then_some(bytes.len());
    };
    let body = std::str::from_utf8(&bytes[2..end]).ok()?;
    let mode = |known: &[&str]| body.strip_prefix('?').is_some_and(|mode| known.contains(&mode));
    let small = body.split(';').all(|number| number.is_empty() || number.parse::<u16>().is_ok());
    let at_most = |most| small && body.split(';').count() <= most;
    let fine = match bytes[end] {
        // CUU CUD CUF CUB, CHA VPA, ED EL, ECH REP.
        b'A'..=b'D' | b'G' | b'd' | b'J' | b'K' | b'X' | b'b' => at_most(1),
        b'H' => at_most(2),
        b'm' => at_most(16),
        b'h' => mode(rules.set),
        b'l' => mode(rules.reset),
        // The question after a frame; the scroll region back to none.
        b'n' => rules.life && body == "5",
        b'r' => rules.life && body.is_empty(),
        0x18 => rules.life,
        _ => false,
    };
    fine.then_some(end + 1)
}

/// The beginning of a text, fit to be shown in a failure.
fn shown(text: &str) -> String {
    text.chars().take(24).flat_map(char::escape_default).collect()
}
