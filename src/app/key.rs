//! Keys as the program names them: `space`, `→`, `Shift+→`, `Tab`, `[`, `?`. Parsing and printing round-trip.
//!
//! Independent of any terminal: `terminal` turns input bytes into a [`Key`].

use std::fmt;
use std::str::FromStr;

/// What was pressed, without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character as typed, Shift already applied.
    Char(char),
    /// ←
    Left,
    /// →
    Right,
    /// ↑
    Up,
    /// ↓
    Down,
    /// Home
    Home,
    /// End
    End,
    /// Page up
    PageUp,
    /// Page down
    PageDown,
    /// Tab
    Tab,
    /// Enter
    Enter,
    /// Esc
    Esc,
    /// Backspace
    Backspace,
    /// Delete
    Delete,
    /// Insert
    Insert,
    /// A function key
    F(u8),
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// With Shift; never set for a character.
    pub shift: bool,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

/// The keys that have names.
const NAMES: [(Code, &str); 15] = [
    (Code::Char(' '), "space"),
    (Code::Left, "←"),
    (Code::Right, "→"),
    (Code::Up, "↑"),
    (Code::Down, "↓"),
    (Code::Home, "Home"),
    (Code::End, "End"),
    (Code::PageUp, "PageUp"),
    (Code::PageDown, "PageDown"),
    (Code::Tab, "Tab"),
    (Code::Enter, "Enter"),
    (Code::Esc, "Esc"),
    (Code::Backspace, "Backspace"),
    (Code::Delete, "Delete"),
    (Code::Insert, "Insert"),
];

/// Names that are read but never written, for keyboards without arrows on their caps.
const ALIASES: [(Code, &str); 4] =
    [(Code::Left, "Left"), (Code::Right, "Right"), (Code::Up, "Up"), (Code::Down, "Down")];

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, shift: false, ctrl: false, alt: false }
    }

    /// A character.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A key with Shift.
    #[must_use]
    pub const fn shift(code: Code) -> Self {
        Self { code, shift: true, ctrl: false, alt: false }
    }

    /// A character with Ctrl.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), shift: false, ctrl: true, alt: false }
    }

    /// The canonical form of each key: Shift is part of a character, and Ctrl makes no difference between `c` and `C`.
    #[must_use]
    pub fn normal(mut self) -> Self {
        if let Code::Char(c) = self.code {
            self.shift = false;
            if self.ctrl {
                self.code = Code::Char(c.to_ascii_lowercase());
            }
        }
        self
    }

    /// The character that this key types, if it types one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        match (NAMES.iter().find(|(code, _)| *code == self.code), self.code) {
            (Some((_, name)), _) => f.write_str(name),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, Code::F(n)) => write!(f, "F{n}"),
            (None, _) => Ok(()),
        }
    }
}

/// A text that is not the name of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoKey(String);

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a key: write it as in `space`, `x`, `→`, `Shift+Tab`, `Ctrl+x` or `F5`", self.0)
    }
}

impl std::error::Error for NoKey {}

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let mut key = Self::char(' ');
        let mut rest = text;
        loop {
            // "+" itself is a key, so a prefix counts only if something follows it.
            if let Some(after) = after(rest, "Ctrl+") {
                (key.ctrl, rest) = (true, after);
            } else if let Some(after) = after(rest, "Alt+") {
                (key.alt, rest) = (true, after);
            } else if let Some(after) = after(rest, "Shift+") {
                (key.shift, rest) = (true, after);
            } else {
                break;
            }
        }
        key.code = code(rest).ok_or_else(|| NoKey(text.to_owned()))?;
        Ok(key.normal())
    }
}

fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix).filter(|rest| !rest.is_empty())
}

fn code(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.clone().next())
        && !NAMES.iter().any(|(_, known)| *known == name)
    {
        return (!c.is_control() && !c.is_whitespace()).then_some(Code::Char(c));
    }
    let named = NAMES.iter().chain(&ALIASES).find(|(_, known)| known.eq_ignore_ascii_case(name));
    let function = || {
        let number = name.strip_prefix(['F', 'f'])?.parse().ok()?;
        (1..=24).contains(&number).then_some(Code::F(number))
    };
    named.map(|(code, _)| *code).or_else(function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_key_are_inverse() {
        let mut keys: Vec<Key> = NAMES.iter().map(|(code, _)| Key::plain(*code)).collect();
        keys.extend(['+', '?', '[', 'F', 'é', '<', '-'].map(Key::char));
        keys.extend([Key::shift(Code::Tab), Key::shift(Code::Right), Key::ctrl('c'), Key::ctrl('+')]);
        keys.push(Key::plain(Code::F(5)));
        for key in keys {
            assert_eq!(key.to_string().parse(), Ok(key), "{key}");
        }
    }

    #[test]
    fn nonsense_is_no_key() {
        for text in ["", "xx", "F99", "Hyper+x", "\u{1b}", "Ctrl+"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }
}
