//! The sequences that the program may send; whatever else arrives at the terminal is a fault.
//!
//! A parser of its own, byte by byte: what an emulator would forgive must be seen here.

/// Modes that may be set and reset; the others of the list only reset, by `reset` and on the way out.
const SET: [&str; 6] = ["1049", "25", "1000", "1006", "2004", "2026"];
const RESET: [&str; 14] =
    ["1049", "25", "1000", "1006", "2026", "1002", "1003", "1004", "1005", "1015", "2004", "1", "7", "12"];

/// The first thing in the bytes that may not be there, with its place. Where it is `usual`, modes that most programs set
/// are no fault: a naive program is to fail at its row's own point.
pub fn first_forbidden(bytes: &[u8], usual: bool) -> Option<String> {
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            0x1b => sequence(&bytes[at..], usual),
            // A cancelled sequence, a move by one to the left, line ends; no bell, no shift to another character set.
            0x18 | 0x08 | b'\r' | b'\n' | b' '..=b'~' => Some(1),
            _ => character(&bytes[at..]),
        };
        match length {
            Some(length) => at += length,
            None => {
                let shown = &bytes[at..bytes.len().min(at + 24)];
                return Some(format!("byte {at}: {:?}", String::from_utf8_lossy(shown)));
            }
        }
    }
    None
}

/// The length of one allowed escape sequence. One that is cut off at the end or cancelled (0x18) counts as nothing.
fn sequence(bytes: &[u8], usual: bool) -> Option<usize> {
    match bytes.get(1) {
        None | Some(0x18) => return Some(1),
        Some(b'>') => return Some(2),
        Some(b'[') => {}
        Some(_) => return None,
    }
    let end = bytes[2..].iter().position(|byte| !(0x20..=0x3f).contains(byte));
    let Some(end) = end.map(|end| end + 2) else { return Some(bytes.len()) };
    let parameters = std::str::from_utf8(&bytes[2..end]).ok()?;
    let plain = parameters.bytes().all(|byte| byte.is_ascii_digit() || byte == b';');
    let mode = |known: &[&str]| parameters.strip_prefix('?').is_some_and(|mode| known.contains(&mode));
    let fine = match bytes[end] {
        // Moves, clears, erases, repeats, colours, the question after a frame, the scroll region back to none.
        b'H' | b'A'..=b'D' | b'G' | b'd' | b'J' | b'K' | b'X' | b'b' | b'm' => plain,
        b'n' => parameters == "5",
        b'r' => parameters.is_empty(),
        b'h' => mode(&SET) || (usual && mode(&RESET)),
        b'l' => mode(&RESET),
        0x18 => true,
        _ => false,
    };
    fine.then_some(end + 1)
}

/// The length of one harmless character beyond ASCII.
fn character(bytes: &[u8]) -> Option<usize> {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let Some(bytes) = bytes.get(..length) else { return Some(bytes.len()) };
    // A character that was cut off because the program had to go.
    if bytes.contains(&0x18) || bytes.contains(&0x1b) {
        return Some(1);
    }
    let c = std::str::from_utf8(bytes).ok()?.chars().next()?;
    let hidden = matches!(c, '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
    (!hidden).then_some(length)
}

/// What must hold before it is believed.
pub fn check_itself() -> Result<(), String> {
    let fine = ["plain\r\n", "\x1b[2;3H\x1b[38;2;1;2;3mé\x1b[0m\x1b[5C\x1b[2J\x1b[5n\x1b[?1049h\x1b[?2004l\x18"];
    let bad = [
        "\x1b]0;title\x07",
        "\x07",
        "\x1b]52;c;aGk=\x1b\\",
        "\x1bPq\x1b\\",
        "\x1b[6n",
        "\x1b[>1u",
        "\x1b[?1003h",
        "a\u{202e}b",
        "a\u{9b}31m",
        "\x1b(0",
        "\x1bc",
        "\x1b[5i",
        "\u{200b}",
        "\x1b[?1004h",
        "\x0e",
    ];
    let wrong = fine.iter().find(|text| first_forbidden(text.as_bytes(), false).is_some());
    let missed = bad.iter().find(|text| first_forbidden(text.as_bytes(), false).is_none());
    match (wrong, missed) {
        (None, None) => Ok(()),
        found => Err(format!("the allow-list is wrong about {found:?}")),
    }
}
