//! The terminal's colour depth and capabilities, from the environment. Pure: the environment is passed in.

use super::kind::{Kind, kind};
use crate::screen::{Depth, Glyphs, Ground};

/// The variables that describe a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `TERM`
    pub term: String,
    /// Whether `STY` is set: running inside GNU screen, whatever `TERM` says.
    pub in_screen: bool,
    /// `COLORTERM`
    pub colorterm: String,
    /// `NO_COLOR`, if set and not empty.
    pub no_color: bool,
    /// The locale that decides on characters: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
    pub locale: String,
    /// `COLORFGBG`: foreground and background as indices into the 16-colour palette.
    pub colorfgbg: String,
}

impl Environment {
    /// Reads the environment of this process.
    #[must_use]
    pub fn here() -> Self {
        let text = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        Self {
            term: text("TERM").unwrap_or_default(),
            in_screen: set("STY").is_some(),
            colorterm: text("COLORTERM").unwrap_or_default(),
            no_color: set("NO_COLOR").is_some(),
            locale: set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default(),
            colorfgbg: text("COLORFGBG").unwrap_or_default(),
        }
    }

    /// What kind of terminal this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        kind(&self.term, !self.colorterm.is_empty())
    }

    /// Whether the terminal can only write lines. A console of Windows has no `TERM`.
    #[must_use]
    pub fn dumb(&self) -> bool {
        self.kind() == Kind::Dumb && (cfg!(unix) || !self.term.is_empty())
    }

    /// Whether characters beyond ASCII arrive: not if the locale is `C`, `POSIX` or one of another character set. No
    /// locale at all says nothing: most containers and many remote sessions have none and still a UTF-8 terminal.
    #[must_use]
    pub fn utf8(&self) -> bool {
        let locale = self.locale.to_lowercase();
        let (name, modifier) = locale.split_once('@').unwrap_or((&locale, ""));
        match name.split_once('.') {
            Some((_, set)) => set.replace('-', "") == "utf8",
            // `de_DE@euro` is ISO 8859-15.
            None => !matches!(name, "c" | "posix") && modifier != "euro",
        }
    }

    /// The characters that the terminal is known to show.
    #[must_use]
    pub fn glyphs(&self) -> Glyphs {
        if self.kind() == Kind::Console { Glyphs::Console } else { Glyphs::Any }
    }

    /// The background according to `COLORFGBG`: its last number, of which 7 and 9 to 15 are light in every usual palette.
    #[must_use]
    pub fn ground(&self) -> Option<Ground> {
        match self.colorfgbg.rsplit_once(';')?.1.parse().ok()? {
            0..=6 | 8 => Some(Ground::Dark),
            7 | 9..=15 => Some(Ground::Light),
            _ => None,
        }
    }
}

/// The colour depth to use: the one asked for, otherwise no more than the environment promises.
#[must_use]
pub fn depth(asked: Option<Depth>, environment: &Environment) -> Depth {
    let term = environment.term.as_str();
    let named = |names: &[&str]| names.iter().any(|name| term.contains(name));
    match asked {
        Some(depth) => depth,
        None if environment.no_color || environment.dumb() => Depth::None,
        // Consoles have eight colours or none; only the Linux console is known to have the bright ones.
        None if environment.kind() == Kind::Console && !named(&["linux"]) => Depth::None,
        None if named(&["mono", "-m1"]) => Depth::None,
        None if environment.kind() == Kind::Console => Depth::Ansi16,
        // GNU screen does not pass on RGB, whatever the outer terminal supports.
        None if term.starts_with("screen") || environment.in_screen => Depth::Ansi256,
        None if matches!(environment.colorterm.as_str(), "truecolor" | "24bit") => Depth::True,
        None if named(&["direct", "truecolor", "kitty", "alacritty", "wezterm", "ghostty", "foot"]) => Depth::True,
        None if named(&["256color"]) => Depth::Ansi256,
        None if cfg!(windows) => Depth::True,
        // Plain xterm and everything else: the sixteen that all have.
        None => Depth::Ansi16,
    }
}

/// Terminal features that save bytes; assumed absent unless known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Erased cells get the background of the pen, not the terminal's own ("background colour erase").
    pub erases_with_ground: bool,
    /// Repeats the last character on `CSI n b`, whatever it is. No name promises this: programs that show others pass
    /// theirs on, and tmux repeated nothing beyond ASCII before 3.5. So it is asked (`probe`).
    pub repeats: bool,
    /// A quadrant may be written as its complement with the colours exchanged: the same to the eye, not to whoever reads
    /// or copies the characters.
    pub turns: bool,
}

/// What the terminal can do.
#[must_use]
pub fn capabilities(environment: &Environment) -> Capabilities {
    let term = environment.term.as_str();
    let named = |names: &[&str]| {
        names
            .iter()
            .any(|name| term.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.'])))
    };
    Capabilities {
        erases_with_ground: !environment.dumb()
            && !environment.in_screen
            && !named(&["screen", "linux", "vt100", "vt102", "vt220", "mono"]),
        repeats: false,
        turns: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(term: &str, colorterm: &str) -> Environment {
        Environment { term: term.to_owned(), colorterm: colorterm.to_owned(), ..Environment::default() }
    }

    #[test]
    fn never_more_than_promised() {
        for (term, colorterm, expected) in [
            ("xterm-256color", "truecolor", Depth::True),
            ("xterm-256color", "", Depth::Ansi256),
            ("tmux-256color", "", Depth::Ansi256),
            ("tmux-256color", "truecolor", Depth::True),
            ("screen-256color", "truecolor", Depth::Ansi256),
            ("xterm", "", Depth::Ansi16),
            ("linux", "", Depth::Ansi16),
            ("linux", "truecolor", Depth::Ansi16),
            ("vt100", "", Depth::None),
            ("cygwin", "", Depth::None),
            ("dumb", "truecolor", Depth::None),
            ("xterm-kitty", "", Depth::True),
        ] {
            assert_eq!(depth(None, &environment(term, colorterm)), expected, "{term} {colorterm}");
        }
    }

    #[test]
    fn only_what_is_known_is_made_use_of() {
        for (term, erases_with_ground) in [
            ("xterm-256color", true),
            ("xterm-kitty", true),
            ("foot-extra", true),
            ("tmux-256color", true),
            ("screen", false),
            ("screen-256color", false),
            ("screen.xterm-256color", false),
            ("linux", false),
            ("vt100", false),
            ("dumb", false),
        ] {
            let expected = Capabilities { erases_with_ground, repeats: false, turns: true };
            assert_eq!(capabilities(&environment(term, "")), expected, "{term}");
        }
    }

    #[test]
    fn no_color_counts_unless_colours_are_asked_for() {
        let here = Environment { no_color: true, ..environment("xterm-256color", "truecolor") };
        assert_eq!(depth(None, &here), Depth::None);
        assert_eq!(depth(Some(Depth::Ansi256), &here), Depth::Ansi256);
    }

    #[test]
    fn only_a_locale_that_says_so_has_no_utf8() {
        let locale = |text: &str| Environment { locale: text.to_owned(), ..Environment::default() };
        for name in ["", "de_DE.UTF-8", "C.utf8", "C.UTF-8", "en_US", "sr_RS.UTF-8@latin"] {
            assert!(locale(name).utf8(), "{name}");
        }
        for name in ["C", "POSIX", "de_DE.ISO-8859-1", "de_DE@euro", "ja_JP.eucJP", "ru_RU.KOI8-R"] {
            assert!(!locale(name).utf8(), "{name}");
        }
    }

    /// As set by rxvt (`15;0`, `0;default;15`) and Konsole (`0;15`).
    #[test]
    fn the_ground_is_the_last_number_of_colorfgbg() {
        for (told, ground) in [
            ("15;0", Some(Ground::Dark)),
            ("0;15", Some(Ground::Light)),
            ("0;default;15", Some(Ground::Light)),
            ("12;8", Some(Ground::Dark)),
            ("0;7", Some(Ground::Light)),
            ("15;default", None),
            ("", None),
            ("15", None),
            ("0;99", None),
        ] {
            let here = Environment { colorfgbg: told.to_owned(), ..Environment::default() };
            assert_eq!(here.ground(), ground, "{told}");
        }
    }
}
