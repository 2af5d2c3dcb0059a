//! What `TERM` promises about a terminal. Pure.
//!
//! A name promises only what is true of every terminal that uses it; for the rest, `probe` asks the terminal.

/// What kind of terminal a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A window, or a program that shows another's output in one: it draws any character for which there is a font.
    Emulator,
    /// A console or device with a font of its own, which has ASCII and at most half blocks: none of the 456 fonts of
    /// Debian's `console-setup` has braille or quadrants.
    Console,
    /// It can only write lines: it is not known to move its cursor by ANSI's sequences.
    Dumb,
}

/// Terminals that write lines: those that terminfo calls generic or printers, and those of login daemons.
const DUMB: [&str; 14] = [
    "",
    "unknown",
    "network",
    "dialup",
    "ethernet",
    "arpanet",
    "plugboard",
    "switch",
    "bussplexer",
    "printer",
    "lpr",
    "glasstty",
    "vanilla",
    "net",
];
/// Prefixes of the names of terminals that obey sequences other than ANSI's.
const FOREIGN: [&str; 9] = ["vt50", "vt52", "vt61", "adm", "tvi", "wy", "hp2", "hz", "ibm3"];
/// Prefixes of the names of consoles, even if a `COLORTERM` from elsewhere promises something else.
const CONSOLES: [&str; 12] =
    ["linux", "cygwin", "vt", "cons", "ansi", "pcansi", "scoansi", "sun", "wsvt", "bterm", "hurd", "mach"];
/// Prefixes of the names of emulators.
const EMULATORS: [&str; 28] = [
    "xterm",
    "vte",
    "gnome",
    "konsole",
    "rxvt",
    "urxvt",
    "screen",
    "tmux",
    "alacritty",
    "foot",
    "wezterm",
    "ghostty",
    "kitty",
    "mlterm",
    "st-",
    "stterm",
    "putty",
    "iterm",
    "nsterm",
    "mintty",
    "ms-terminal",
    "contour",
    "terminology",
    "eterm",
    "Eterm",
    "kterm",
    "dvtm",
    "zellij",
];
/// Parts of the names of emulators that are not listed.
const MODERN: [&str; 3] = ["256color", "direct", "truecolor"];

/// The kind of terminal that has this name; `promises` if `COLORTERM` is set.
#[must_use]
pub fn kind(term: &str, promises: bool) -> Kind {
    // GNU screen puts the name of the terminal it runs in after its own.
    let term = term.strip_prefix("screen.").unwrap_or(term);
    let begins = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
    // vt510, vt520 and vt525 are not vt52.
    let vt5 = matches!(term.as_bytes(), [b'v', b't', b'5', _, digit, ..] if digit.is_ascii_digit());
    match term {
        _ if DUMB.contains(&term) || term.starts_with("dumb") => Kind::Dumb,
        _ if begins(&FOREIGN) && !vt5 => Kind::Dumb,
        _ if begins(&CONSOLES) && !term.starts_with("vte") => Kind::Console,
        _ if promises || term == "st" || begins(&EMULATORS) => Kind::Emulator,
        _ if MODERN.iter().any(|part| term.contains(part)) => Kind::Emulator,
        _ => Kind::Console,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names from the terminfo of Debian 12 (`ncurses-base`, `ncurses-term`), and of emulators that bring their own.
    #[test]
    fn only_emulators_are_taken_to_have_every_character() {
        for name in [
            "linux",
            "linux-16color",
            "screen.linux",
            "vt100",
            "vt102",
            "vt220",
            "vt320",
            "vt420",
            "vt510",
            "vt525",
            "cygwin",
            "ansi",
            "pcansi",
            "cons25",
            "scoansi",
            "sun",
            "sun-color",
            "wsvt25",
            "hurd",
            "mach",
            "bterm",
            "jfbterm",
            "att4425",
            "pcvt25",
            "minix",
            "beterm",
        ] {
            assert_eq!(kind(name, false), Kind::Console, "{name}");
        }
        for name in [
            "xterm",
            "xterm-256color",
            "xterm-kitty",
            "xterm-ghostty",
            "vte-256color",
            "rxvt-unicode-256color",
            "tmux",
            "tmux-256color",
            "screen",
            "screen-256color",
            "screen.xterm-256color",
            "konsole",
            "st",
            "st-256color",
            "alacritty",
            "foot-extra",
            "wezterm",
            "mlterm",
            "putty",
            "eterm-color",
            "nsterm",
            "new-direct",
        ] {
            assert_eq!(kind(name, false), Kind::Emulator, "{name}");
        }
        assert_eq!((kind("new", true), kind("new", false)), (Kind::Emulator, Kind::Console));
    }

    #[test]
    fn what_is_not_known_to_obey_gets_lines() {
        for name in ["", "dumb", "dumb-emacs-ansi", "unknown", "network", "dialup", "lpr", "vt52", "wy60", "adm3a"] {
            assert_eq!(kind(name, true), Kind::Dumb, "{name}");
        }
    }
}
