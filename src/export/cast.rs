//! A terminal recording in the format of asciinema: version 2, in which times count from the start, and version 3, in
//! which they count from the event before.
//!
//! Sources: docs.asciinema.org/manual/asciicast/v2 and /v3. There is no date in it: the same show is the same bytes.

use std::fmt::Write;
use std::time::Duration;

use serde_json::Value;

use crate::plot::palette::{Palette, Rgb};

/// The version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The one that every player reads.
    V2,
    /// That of asciinema 3.
    V3,
}

/// A recording, as far as it has got.
#[derive(Debug)]
pub struct Cast {
    version: Version,
    text: String,
    /// The time of the last event, in milliseconds.
    last: u128,
}

impl Cast {
    /// A recording of a terminal of so many columns and rows, in which nothing has happened yet.
    #[must_use]
    pub fn new(version: Version, (columns, rows): (u16, u16), title: &str, palette: Palette) -> Self {
        let names: Vec<String> = palette.sixteen().map(Rgb::hex).to_vec();
        let (ink, page) = (palette.ink.hex(), palette.page.hex());
        let theme = format!(r#"{{"fg":"{ink}","bg":"{page}","palette":"{}"}}"#, names.join(":"));
        let title = Value::from(title);
        let text = match version {
            Version::V2 => format!(
                r#"{{"version":2,"width":{columns},"height":{rows},"title":{title},"env":{{"TERM":"{TERM}"}},"theme":{theme}}}"#
            ),
            Version::V3 => format!(
                r#"{{"version":3,"term":{{"cols":{columns},"rows":{rows},"type":"{TERM}","theme":{theme}}},"title":{title}}}"#
            ),
        };
        Self { version, text: text + "\n", last: 0 }
    }

    /// What the program writes at a time, which is not before that of the last event.
    pub fn output(&mut self, at: Duration, text: &str) {
        self.event(at, "o", text);
    }

    /// A place to jump to.
    pub fn marker(&mut self, at: Duration, label: &str) {
        self.event(at, "m", label);
    }

    fn event(&mut self, at: Duration, code: &str, text: &str) {
        // Rounded once: differences of rounded times add up to them.
        let at = at.as_micros().div_ceil(1000).max(self.last);
        let time = match self.version {
            Version::V2 => at,
            Version::V3 => at - self.last,
        };
        self.last = at;
        let _ = writeln!(self.text, "[{}.{:03},\"{code}\",{}]", time / 1000, time % 1000, Value::from(text));
    }

    /// The file.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The terminal that the bytes are for.
const TERM: &str = "xterm-256color";

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(version: Version) -> Vec<Value> {
        let mut cast = Cast::new(version, (80, 24), "A \"race\"", Palette::LIGHT);
        cast.output(Duration::ZERO, "\u{1b}[2J⣿");
        cast.output(Duration::from_secs(1) / 3, "a");
        cast.marker(Duration::from_secs(1) / 3, "b\\");
        cast.output(Duration::from_secs(2) / 3, "c");
        cast.output(Duration::from_secs(61), "d");
        let text = cast.into_text();
        assert!(text.ends_with("]\n"));
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
    }

    #[test]
    fn times_count_from_the_start_or_from_the_event_before() {
        let events = |version| lines(version).split_off(1);
        let texts = ["\u{1b}[2J⣿", "a", "b\\", "c", "d"];
        let codes = ["o", "o", "m", "o", "o"];
        for (version, times) in
            [(Version::V2, [0.0, 0.334, 0.334, 0.667, 61.0]), (Version::V3, [0.0, 0.334, 0.0, 0.333, 60.333])]
        {
            for (i, event) in events(version).iter().enumerate() {
                assert_eq!(*event, serde_json::json!([times[i], codes[i], texts[i]]));
            }
        }
    }

    #[test]
    fn each_version_has_its_header() {
        let [v2, v3] = [Version::V2, Version::V3].map(|version| lines(version).swap_remove(0));
        assert_eq!((&v2["version"], &v2["width"], &v2["height"]), (&2.into(), &80.into(), &24.into()));
        assert_eq!((&v3["version"], &v3["term"]["cols"], &v3["term"]["rows"]), (&3.into(), &80.into(), &24.into()));
        assert_eq!((&v2["title"], &v3["title"]), (&"A \"race\"".into(), &"A \"race\"".into()));
        assert_eq!(v2["theme"], v3["term"]["theme"]);
        assert_eq!(v2["theme"]["bg"], "#ffffff");
        assert!(v2["theme"]["palette"].as_str().is_some_and(|palette| palette.split(':').count() == 16));
    }
}
