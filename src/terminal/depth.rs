//! How many colours the terminal shows and what it can do beyond writing, from what the environment says. Pure: the
//! environment comes in as a value.

use crate::view::Depth;

/// The variables that tell what a terminal can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `TERM`
    pub term: String,
    /// `COLORTERM`
    pub colorterm: String,
    /// `NO_COLOR`, where it is set and not empty.
    pub no_color: bool,
    /// The locale that decides on characters: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
    pub locale: String,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn here() -> Self {
        let text = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        Self {
            term: text("TERM").unwrap_or_default(),
            colorterm: text("COLORTERM").unwrap_or_default(),
            no_color: set("NO_COLOR").is_some(),
            locale: set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default(),
        }
    }

    /// Whether the terminal can do nothing but write lines.
    #[must_use]
    pub fn dumb(&self) -> bool {
        self.term == "dumb" || (self.term.is_empty() && cfg!(unix))
    }

    /// Whether characters beyond ASCII arrive: only a locale that says otherwise is believed, since most containers and
    /// many remote sessions say nothing at all and still have a UTF-8 terminal.
    #[must_use]
    pub fn utf8(&self) -> bool {
        let locale = self.locale.to_lowercase();
        let named = locale.contains('.');
        !named || locale.contains("utf-8") || locale.contains("utf8")
    }
}

/// The colours to use: what was asked for, else what the environment promises, never more.
#[must_use]
pub fn depth(asked: Option<Depth>, environment: &Environment) -> Depth {
    let term = environment.term.as_str();
    let named = |names: &[&str]| names.iter().any(|name| term.contains(name));
    match asked {
        Some(depth) => depth,
        None if environment.no_color || environment.dumb() => Depth::None,
        None if named(&["vt100", "vt102", "vt220", "mono"]) => Depth::None,
        // GNU screen passes no RGB on, whatever the outer terminal has promised.
        None if term.starts_with("screen") => Depth::Ansi256,
        None if matches!(environment.colorterm.as_str(), "truecolor" | "24bit") => Depth::True,
        None if named(&["direct", "truecolor", "kitty", "alacritty", "wezterm", "ghostty", "foot"]) => Depth::True,
        None if named(&["256color"]) => Depth::Ansi256,
        None if cfg!(windows) => Depth::True,
        // The Linux console, plain xterm and whatever else: the sixteen that every one has.
        None => Depth::Ansi16,
    }
}

/// What a terminal can do that saves bytes. Where it is not known to be able, it is taken not to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Erased cells get the ground of the pen, not the terminal's own ("background colour erase").
    pub erases_with_ground: bool,
    /// Repeats the last character on `CSI n b`.
    pub repeats: bool,
}

/// Names of terminals that repeat characters. The plain name of xterm is not among them: many call themselves so.
const REPEATING: [&str; 8] =
    ["xterm-kitty", "alacritty", "foot", "wezterm", "xterm-ghostty", "ghostty", "tmux", "mlterm"];

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
        erases_with_ground: !environment.dumb() && !named(&["screen", "linux", "vt100", "vt102", "vt220", "mono"]),
        repeats: named(&REPEATING),
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
            ("vt100", "", Depth::None),
            ("dumb", "truecolor", Depth::None),
            ("xterm-kitty", "", Depth::True),
        ] {
            assert_eq!(depth(None, &environment(term, colorterm)), expected, "{term} {colorterm}");
        }
    }

    #[test]
    fn only_what_is_known_is_made_use_of() {
        for (term, erases_with_ground, repeats) in [
            ("xterm-256color", true, false),
            ("xterm-kitty", true, true),
            ("foot-extra", true, true),
            ("tmux-256color", true, true),
            ("screen", false, false),
            ("screen-256color", false, false),
            ("screen.xterm-256color", false, false),
            ("linux", false, false),
            ("vt100", false, false),
            ("dumb", false, false),
        ] {
            let expected = Capabilities { erases_with_ground, repeats };
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
        assert!(locale("").utf8() && locale("C").utf8() && locale("de_DE.UTF-8").utf8() && locale("C.utf8").utf8());
        assert!(!locale("de_DE.ISO-8859-1").utf8());
    }
}
