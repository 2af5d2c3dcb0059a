//! Malicious text: escape sequences, bidirectional overrides, invisible characters, stacks of combining marks. Every
//! payload goes to every place that text can reach, and nothing but what `common::allowed` lists comes out.
//!
//! Random texts, a million frames of them:
//!
//!     PROPTEST_CASES=170000 cargo test --release --test injection -- random --nocapture
#![cfg(unix)]

mod common;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};

use common::allowed;

use common::stage::STYLE;
use geodescent::app::{Action, App, Entry, Key, Show};
use geodescent::export;
use geodescent::measure;
use geodescent::race::{Race, World};
use geodescent::scenario::Document;
use geodescent::screen::{self, Cache};
use geodescent::terminal::{self, Capabilities, Frames};
use geodescent::text::Safe;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What is tried: raw bytes, since paths and files may have any. Those that are harmless to a terminal are told apart.
struct Payload {
    name: &'static str,
    bytes: Vec<u8>,
    harmless: bool,
}

fn nasty(name: &'static str, bytes: impl Into<Vec<u8>>) -> Payload {
    Payload { name, bytes: bytes.into(), harmless: false }
}

fn odd(name: &'static str, text: impl Into<String>) -> Payload {
    Payload { name, bytes: text.into().into_bytes(), harmless: true }
}

fn sequences() -> Vec<Payload> {
    vec![
        nasty("OSC 0 BEL", "\x1b]0;pwn\x07"),
        nasty("OSC 2 ST", "\x1b]2;pwn\x1b\\"),
        nasty("OSC 4 palette", "\x1b]4;1;#ff0000\x07"),
        nasty("OSC 8 link", "\x1b]8;;http://example.com\x1b\\here\x1b]8;;\x1b\\"),
        nasty("OSC 10 query", "\x1b]10;?\x07"),
        nasty("OSC 52 clipboard", "\x1b]52;c;cHduCg==\x07"),
        nasty("OSC 1337 file", "\x1b]1337;File=inline=1:AAAA\x07"),
        nasty("OSC unterminated", "\x1b]0;never ends"),
        nasty("DCS", "\x1bP+q544e\x1b\\"),
        nasty("DCS unterminated", "\x1bPnever ends"),
        nasty("DECRQSS", "\x1bP$qm\x1b\\"),
        nasty("APC", "\x1b_Gf=24;AAAA\x1b\\"),
        nasty("APC unterminated", "\x1b_never ends"),
        nasty("PM", "\x1b^private\x1b\\"),
        nasty("SOS", "\x1bXstring\x1b\\"),
        nasty("CSI 6n", "\x1b[6n"),
        nasty("DA", "\x1b[c"),
        nasty("1049h", "\x1b[?1049h"),
        nasty("2004h", "\x1b[?2004h"),
        nasty("mouse", "\x1b[?1003h\x1b[?1006h"),
        nasty("hide the cursor", "\x1b[?25l"),
        nasty("clear", "\x1b[2J\x1b[H"),
        nasty("colours", "\x1b[31;1m"),
        nasty("scroll region", "\x1b[2;3r"),
        nasty("window", "\x1b[8;200;200t"),
        nasty("title report", "\x1b[21t"),
        nasty("RIS", "\x1bc"),
        nasty("DECSTR", "\x1b[!p"),
        nasty("DECALN", "\x1b#8"),
        nasty("charset", "\x1b(0"),
        nasty("kitty keys", "\x1b[>1u"),
        nasty("kitty picture", "\x1b_Ga=T,f=100;iVBORw0KGgo=\x1b\\"),
        nasty("modify other keys", "\x1b[>4;2m"),
        nasty("ESC alone", "\x1b"),
        nasty("ESC last", "end\x1b"),
        nasty("CSI of a megabyte", format!("\x1b[{}m", "1;".repeat(1 << 19))),
        nasty("C1 CSI", "\u{9b}2J"),
        nasty("C1 OSC", "\u{9d}0;pwn\u{9c}"),
        nasty("C1 DCS", "\u{90}q\u{9c}"),
        nasty("C1 ST NEL IND RI", "\u{9c}\u{85}\u{84}\u{8d}"),
        nasty("C1 APC PM SOS", "\u{9f}a\u{9e}b\u{98}c"),
        nasty("raw 8-bit CSI", b"a\x9b2Jb".to_vec()),
        nasty("raw 8-bit OSC", b"a\x9d0;pwn\x9cb".to_vec()),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn characters() -> Vec<Payload> {
    vec![
        nasty("BEL", "a\x07b"),
        nasty("BS", "password\x08\x08\x08"),
        nasty("CR", "shown\rhidden"),
        nasty("VT", "a\x0bb"),
        nasty("FF", "a\x0cb"),
        nasty("SO SI", "\x0eq\x0f"),
        nasty("DEL", "a\x7fb"),
        nasty("NUL", "a\0b"),
        nasty("CAN SUB", "a\x18b\x1ac"),
        nasty("ENQ", "\x05"),
        nasty("bidi override", "\u{202e}txet\u{202c}"),
        nasty("bidi embedding", "\u{202a}a\u{202b}b"),
        nasty("bidi isolates", "\u{2066}a\u{2067}b\u{2068}c\u{2069}"),
        nasty("bidi marks", "a\u{200e}b\u{200f}c\u{61c}"),
        nasty("ZWSP", "pay\u{200b}pal"),
        nasty("ZWNJ", "a\u{200c}b"),
        nasty("ZWJ", "a\u{200d}b"),
        nasty("WJ", "a\u{2060}b"),
        nasty("BOM", "\u{feff}a\u{feff}"),
        nasty("soft hyphen", "a\u{ad}b"),
        nasty("invisible operators", "a\u{2061}b\u{2063}c"),
        nasty("tag characters", "flag\u{e0061}\u{e0062}\u{e007f}"),
        nasty("language tag", "\u{e0001}"),
        nasty("line separator", "a\u{2028}b"),
        nasty("paragraph separator", "a\u{2029}b"),
        nasty("Hangul filler", "\u{3164}\u{115f}\u{1160}\u{ffa0}"),
        nasty("variation selectors", "❤\u{fe0f}a\u{fe0e}"),
        nasty("more variation selectors", "葛\u{e0100}"),
        nasty("Mongolian", "a\u{180e}b\u{180b}"),
        nasty("grapheme joiner", "a\u{34f}b"),
        nasty("annotation", "\u{fff9}a\u{fffa}b\u{fffb}"),
        nasty("musical format", "\u{1d173}\u{1d17a}"),
        nasty("shorthand format", "\u{1bca0}"),
        nasty("Arabic number signs", "\u{600}12\u{6dd}3"),
        nasty("Kaithi and hieroglyphs", "\u{110bd}a\u{13430}b"),
        nasty("emoji family", "👩\u{200d}👩\u{200d}👧\u{200d}👦"),
        nasty("many families", "👨\u{200d}👩\u{200d}👧".repeat(5000)),
        nasty("lone surrogate", b"a\xed\xa0\x80b".to_vec()),
        nasty("two surrogates", b"\xed\xa0\xbd\xed\xb8\x80".to_vec()),
        nasty("overlong", b"a\xc0\x9b2J".to_vec()),
        nasty("cut short", b"abc\xf0\x9f\x98".to_vec()),
        nasty("latin-1", b"caf\xe9".to_vec()),
        odd("marks", "e\u{301}\u{302}\u{303}"),
        odd("a bomb of marks", "e".to_owned() + &"\u{301}".repeat(1 << 19)),
        odd("nothing but marks", "\u{301}".repeat(3000)),
        odd("enclosing marks", "a\u{20dd}\u{489}".repeat(300)),
        odd("Hangul without end", "\u{1100}".repeat(500) + &"\u{1161}".repeat(500)),
        odd("conjuncts without end", "क\u{94d}".repeat(500)),
        odd("wide", "漢字かな한글".repeat(200)),
        odd("right to left", "שלום עולם العربية"),
        odd("flags", "🇩🇪🇫🇷🇯🇵".repeat(200)),
        odd("skin", "👍🏽".repeat(300)),
        odd("very long", "a".repeat(1 << 20)),
        odd("spaces", "\u{a0}\u{3000}\u{2003} x"),
        odd("quotes", "\"'`\\\"\"\"'''"),
        odd("TOML", "\"\n[evil]\nx = 1\n\""),
        odd("lines", "one\ntwo\nthree"),
        odd("private and none", "\u{e000}\u{10fffd}\u{fffe}\u{ffff}"),
        odd("tab", "a\tb"),
        odd("format string", "%s%n {} {0} $HOME `id`"),
    ]
}

fn payloads() -> Vec<Payload> {
    sequences().into_iter().chain(characters()).collect()
}

impl Payload {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// As an argument or a variable: without NUL, and no longer than the system takes.
    fn argument(&self) -> OsString {
        let bytes: Vec<u8> = self.bytes.iter().copied().filter(|byte| *byte != 0).take(60_000).collect();
        OsStr::from_bytes(&bytes).to_owned()
    }

    /// As the name of a file.
    fn file(&self) -> OsString {
        let bytes: Vec<u8> = self.bytes.iter().copied().filter(|byte| !matches!(byte, 0 | b'/')).take(200).collect();
        OsStr::from_bytes(&bytes).to_owned()
    }
}

/// A TOML string that says exactly this.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_ascii_graphic() || c == ' ' => c.to_string(),
        c => format!("\\U{:08x}", c as u32),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

const REST: &str = "[objective]\nkind = \"forward-kl\"\ntarget = { mean = 2.0, sd = 0.5 }\n[start]\nmean = 0.0\nsd = 1.0\n\
                    [run]\nsteps = 3\n";

/// A scenario that has a text wherever one may stand.
fn with_text(text: &str) -> String {
    let text = quoted(text);
    format!(
        "version = 1\ntitle = {text}\nnotes = {text}\n[model]\nfamily = \"gaussian\"\n{REST}[[optimizer]]\nkind = \"sgd\"\n\
         label = {text}\n[[cue]]\nstep = 0\nsay = {text}\n[[measure]]\nof = \"final\"\nracer = {text}\n"
    )
}

/// Files with the text in one place each where it does not belong.
fn misplaced(payload: &Payload) -> Vec<(&'static str, Vec<u8>)> {
    let text = quoted(&payload.text());
    let base = |title: &str, family: &str, more: &str| {
        format!("version = 1\ntitle = {title}\n[model]\nfamily = {family}\n{REST}[[optimizer]]\nkind = \"sgd\"\n{more}")
            .into_bytes()
    };
    let right = |more: &str| base("\"A race\"", "\"gaussian\"", more);
    let data = |data: &str| {
        format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"nll\"\ndata = {data}\n[start]\nmean = 0.0\n\
             sd = 1.0\n[run]\nsteps = 3\n[[optimizer]]\nkind = \"sgd\"\n"
        )
        .into_bytes()
    };
    let mut raw = b"version = 1\ntitle = \"".to_vec();
    raw.extend_from_slice(&payload.bytes);
    raw.extend_from_slice(b"\nkey = ");
    let mut csv = payload.bytes.clone();
    csv.extend_from_slice(b",y\n1,");
    csv.extend_from_slice(&payload.bytes);
    csv.extend_from_slice(b"\n");
    vec![
        ("texts.toml", with_text(&payload.text()).into_bytes()),
        ("family.toml", base("\"A race\"", &text, "")),
        ("key.toml", right(&format!("{text} = 1\n"))),
        ("table.toml", right(&format!("[{text}]\nx = 1\n"))),
        ("tables.toml", right(&format!("[[{text}]]\nx = {text}\n"))),
        ("kind.toml", right(&format!("[[optimizer]]\nkind = {text}\n"))),
        ("chart.toml", right(&format!("chart = {text}\n"))),
        ("number.toml", right(&format!("lr = {text}\n"))),
        ("overlay.toml", right(&format!("[view]\noverlays = [{text}]\n"))),
        ("path.toml", data(&format!("{{ csv = {text}, column = \"y\" }}"))),
        ("column.toml", data(&format!("{{ csv = \"data.csv\", column = {text} }}"))),
        ("cell.toml", data("{ csv = \"data.csv\", column = \"y\" }")),
        ("raw.toml", raw),
        ("data.csv", csv),
        ("all.toml", payload.bytes.clone()),
    ]
}

/// What came out of somewhere, if it is not allowed.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn lines(&mut self, sink: &str, payload: &str, bytes: &[u8]) {
        if let Err(fault) = allowed::lines(bytes) {
            self.0.push(format!("{payload} in {sink}: {fault}"));
        }
    }

    fn none(&self) {
        assert!(self.0.is_empty(), "{} leaks: {:#?}", self.0.len(), self.0.iter().take(20).collect::<Vec<_>>());
    }
}

/// Draws a screen and looks at its bytes and at its cells.
fn screen(app: &App, (width, height): (u16, u16)) -> Result<(), String> {
    let mut bytes = Vec::new();
    let area = Rect::new(0, 0, width, height);
    let mut cells = Buffer::empty(area);
    screen::draw(app, &mut Cache::default(), area, &mut cells);
    Frames::new((width, height), Capabilities::default()).frame(&mut bytes, &cells.clone().into());
    allowed::screen(&bytes)?;
    match cells.content.iter().find(|cell| cell.symbol().chars().count() > allowed::GRAPHEME) {
        Some(cell) => Err(format!("a cell of {} code points", cell.symbol().chars().count())),
        None => allowed::lines(terminal::plain(app, (width, height)).as_bytes()),
    }
}

/// The scenario of the screens, with a text in every place, past the checker.
fn unchecked(text: &str) -> World {
    let mut world = common::world(&with_text("x"));
    text.clone_into(&mut world.scenario.title);
    text.clone_into(&mut world.scenario.notes);
    text.clone_into(&mut world.scenario.racers[0].label);
    text.clone_into(&mut world.scenario.cues[0].say);
    world.scenario.measures[0].say = Some(format!("{{value}} {text}"));
    world
}

fn gallery_of(text: &str) -> App {
    let entry = || Entry {
        name: text.to_owned(),
        title: text.to_owned(),
        notes: text.to_owned(),
        show: Some(Show::new(unchecked(text))),
        ..Entry::default()
    };
    App::gallery(vec![entry(), entry()], STYLE)
}

/// Every screen that has text from outside in it: with its name.
fn screens(text: &str) -> Vec<(&'static str, App)> {
    let document = || Document::from_text(text, Path::new("."), &with_text(text));
    let mut found = vec![
        ("title, label and caption past the checker", App::show(Show::new(unchecked(text)), STYLE)),
        ("gallery", gallery_of(text)),
    ];
    let quiet = || App::show(Show::new(common::world(&with_text("x"))), STYLE);
    let told = |name, notice: String| {
        let mut app = quiet();
        app.tell(notice);
        (name, app)
    };
    found.push(told("notice", text.to_owned()));
    let mut asked = App::show(Show::new(unchecked(text)), STYLE);
    asked.update(Action::Measures);
    while asked.work(1000) {}
    found.push(("measures", asked));
    match Show::open(document()) {
        Ok(show) => found.push(("title, label and caption", App::show(show, STYLE))),
        Err(report) => found.push(told("the checker's words as a notice", report.brief())),
    }
    let right = Document::from_text("x.toml", Path::new("."), &with_text("x"));
    for (path, value) in [(text, "1"), ("title", text), ("optimizer.0.kind", text), ("optimizer.0.lr", text)] {
        match right.edit(path, value).and_then(Show::open) {
            Ok(show) => found.push(("an edit", App::show(show, STYLE))),
            Err(report) => found.push(told("an edit's refusal as a notice", report.brief())),
        }
    }
    let name: String = text.chars().filter(|c| !matches!(c, '/' | '\0')).take(40).collect();
    let written = export::file::write_new(&Path::new("/no/such/folder").join(name), b"");
    found.push(told("a file's name in a notice", written.map_or_else(Safe::into_string, Safe::into_string)));
    let mut typed = gallery_of("x");
    typed.press(Key::char('/'));
    text.chars().take(200).for_each(|c| drop(typed.press(Key::char(c))));
    found.push(("filter", typed));
    found
}

#[test]
fn no_payload_reaches_a_screen() {
    let mut faults = Faults::default();
    let mut drawn = 0;
    for payload in payloads() {
        for (sink, app) in screens(&payload.text()) {
            for size in [(120, 36), (60, 20), (38, 11)] {
                drawn += 1;
                if let Err(fault) = screen(&app, size) {
                    faults.0.push(format!("{} in {sink}: {fault}", payload.name));
                }
            }
        }
    }
    faults.none();
    assert!(payloads().len() >= 60 && drawn > 2000);
}

#[test]
fn no_payload_reaches_a_result() {
    let mut faults = Faults::default();
    for payload in payloads() {
        let text = payload.text();
        let scenario = unchecked(&text);
        let race = Race::run(&scenario);
        let (mut table, mut csv, mut json) = (Vec::new(), Vec::new(), Vec::new());
        export::table::write(&scenario, &race, &mut table).expect("a table");
        export::csv::write(&scenario, &race, export::csv::MOST, &mut csv).expect("CSV");
        let answers = measure::answers(&scenario, &race);
        export::table::measures(&answers, &mut table).expect("measures");
        export::json::write(&scenario, &race, &answers, export::csv::MOST, &mut json).expect("JSON");
        for (sink, bytes) in [("table", &table), ("CSV", &csv), ("JSON", &json)] {
            faults.lines(sink, payload.name, bytes);
        }
        // JSON has escapes: whoever reads it gets the text itself.
        let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(value["optimizers"][0]["label"], text, "{}", payload.name);
        assert_eq!(csv::Reader::from_reader(&*csv).records().flatten().count(), 4, "{}", payload.name);
    }
    faults.none();
}

fn geodescent(folder: &Path, environment: &[(&str, &OsStr)], arguments: &[&OsStr]) -> (Vec<u8>, Vec<u8>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_geodescent"));
    program.args(arguments).envs(environment.iter().copied()).current_dir(folder).stdin(Stdio::null());
    let output = program.output().expect("the program starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some() && !error.contains("panicked"), "{arguments:?}: {error}");
    (output.stdout, output.stderr)
}

/// Every way in which the program prints text from outside, with the arguments that make it do so.
fn commands(hostile: &OsStr) -> Vec<(&'static str, Vec<OsString>)> {
    let joined = |before: &str, after: &str| {
        let mut text = OsString::from(before);
        text.push(hostile);
        text.push(after);
        text
    };
    let command = |words: &[&str], more: &[OsString]| -> Vec<OsString> {
        words.iter().map(OsString::from).chain(more.iter().cloned()).collect()
    };
    let one = |words: &[&str]| command(words, &[hostile.to_owned()]);
    vec![
        ("a scenario's name", one(&["run"])),
        ("a file's name", command(&["check"], &[joined("", ".toml"), joined("no/", "")])),
        ("the path of an edit", command(&["run", "three-charts", "--set"], &[joined("", "=1")])),
        ("an edit without =", one(&["run", "three-charts", "--set"])),
        ("the value of an edit", command(&["run", "three-charts", "--steps=1", "--set"], &[joined("title=", "")])),
        ("a label as a table", command(&["run", "softmax", "--steps=1", "--set"], &[joined("optimizer.0.label=", "")])),
        ("steps", command(&["run", "three-charts"], &[joined("--steps=", "")])),
        ("a subcommand's argument", one(&["list"])),
        ("a flag", command(&["run", "three-charts"], &[joined("--", "")])),
        ("a format", command(&["run", "three-charts"], &[joined("--format=", "")])),
        ("a size", command(&["three-charts"], &[joined("--size=", "")])),
        ("a family", command(&["inspect"], &[hostile.to_owned(), "--at=mean=0,sd=1".into()])),
        ("a point", command(&["inspect", "gaussian"], &[joined("--at=", "")])),
        ("a parameter", command(&["inspect", "gaussian"], &[joined("--at=mean=", ",sd=1")])),
        ("a chart", command(&["inspect", "gaussian", "--at=mean=0,sd=1"], &[joined("--chart=", "")])),
        (
            "a fixed setting",
            command(&["inspect", "student-t", "--at=location=0,scale=1", "--set"], &[joined("model.df=", "")]),
        ),
    ]
}

#[test]
fn no_payload_is_printed_by_the_program() {
    let mut faults = Faults::default();
    for (number, payload) in payloads().iter().enumerate() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("injection-{number}"));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut names: Vec<OsString> = vec!["check".into()];
        for (name, bytes) in misplaced(payload) {
            std::fs::write(folder.join(name), bytes).expect("a file");
            names.extend((name != "data.csv").then(|| name.into()));
        }
        // A file whose own name is the payload, with a mistake in it; some systems have no such names.
        let mut name = payload.file();
        name.push(".toml");
        if std::fs::write(folder.join(&name), "version = 1\nfamly = 1\n").is_ok() {
            names.push(Path::new(".").join(name).into_os_string());
        }
        let mut look = |sink: &str, environment: &[(&str, &OsStr)], arguments: &[OsString]| {
            let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
            let (out, error) = geodescent(&folder, environment, &arguments);
            faults.lines(&format!("{sink} (output)"), payload.name, &out);
            faults.lines(&format!("{sink} (error)"), payload.name, &error);
        };
        look("files with mistakes", &[], &names);
        look("the last frame", &[], &["texts.toml".into(), "--size=80x24".into()]);
        let hostile = payload.argument();
        let environment: Vec<(&str, &OsStr)> =
            ["TERM", "COLORTERM", "LANG", "LC_ALL", "TMUX", "NO_COLOR"].map(|name| (name, &*hostile)).into();
        look("doctor", &environment, &["doctor".into()]);
        // Each payload meets every command at least once with its kind; all of them would be thousands of processes.
        let commands = commands(&hostile);
        for (sink, arguments) in commands.iter().skip(number % 4).step_by(4) {
            look(sink, &environment, arguments);
        }
        drop(std::fs::remove_dir_all(&folder));
    }
    faults.none();
}

/// A class of characters by its name.
type Class = (&'static str, fn(char) -> bool);

#[test]
fn what_is_harmful_is_seen_by_the_check_and_a_sanitiser_with_a_hole_is_found() {
    for payload in payloads() {
        let text = String::from_utf8(payload.bytes.clone());
        let seen = allowed::lines(&payload.bytes).is_err();
        assert_eq!(seen, !payload.harmless || payload.name == "tab", "{}", payload.name);
        assert!(text.is_err() || allowed::lines(Safe::new(&payload.text()).as_str().as_bytes()).is_ok());
    }
    // Sanitisers that let one class pass.
    let classes: [Class; 6] = [
        ("C0", |c| c < ' '),
        ("C1", |c| matches!(c, '\u{80}'..='\u{9f}')),
        ("bidi", |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
        ("zero-width", |c| matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')),
        ("tags", |c| matches!(c, '\u{e0000}'..='\u{e007f}')),
        ("separators", |c| matches!(c, '\u{2028}' | '\u{2029}')),
    ];
    for (class, passes) in classes {
        let broken = |text: &str| -> String {
            text.chars()
                .map(|c| if passes(c) { c.to_string() } else { Safe::new(&c.to_string()).into_string() })
                .collect()
        };
        let leaks =
            payloads().iter().filter(|payload| allowed::lines(broken(&payload.text()).as_bytes()).is_err()).count();
        assert!(leaks > 0, "{class}");
    }
}

#[test]
fn only_the_listed_sequences_are_allowed_on_a_screen() {
    for right in [
        "\x1b[H",
        "\x1b[3;4H",
        "\x1b[5C",
        "\x1b[0m\x1b[2J",
        "\x1b[38;2;1;2;3;48;5;7m",
        "\x1b[?2026hx\x1b[?2026l",
        "a\r\nb漢e\u{301}",
    ] {
        assert_eq!(allowed::screen(right.as_bytes()), Ok(()), "{right:?}");
    }
    for wrong in [
        "\x1b[6n",
        "\x1b[?25l",
        "\x1b]0;x\x07",
        "\x1b[1;2;3H",
        "\x1b[",
        "\x1b",
        "\n",
        "\r",
        "\t",
        "\u{9b}m",
        "\x1b[4:3m",
        "\x1b[>4m",
        "\u{200d}",
    ] {
        assert!(allowed::screen(wrong.as_bytes()).is_err(), "{wrong:?}");
    }
    assert!(allowed::screen(b"\x9b2J").is_err());
}

#[test]
fn the_list_for_a_whole_session_tells_right_from_wrong() {
    for right in [
        "plain\r\n$ \n",
        "\x1b[2;3H\x1b[0m\x1b[5C\x1b[2J\x1b[5n\x1b[?1049h\x1b[?2004h\x1b[?1002l\x18",
        "\x1b[38;5",
        "\x1b",
        "\x1b]11;?\x1b\\\x1b[2;1H○⣿\x1b[6n\x1b[3;1H─\x1b[3b\x1b[6n\x1b[2J\x1b[5n",
    ] {
        assert_eq!(allowed::session(right.as_bytes(), false), Ok(()), "{right:?}");
    }
    assert_eq!(allowed::session(b"cut \xe6\xbc\x18", false), Ok(()));
    for wrong in [
        "\x1b]0;title\x07",
        "\x07",
        "\x1b]52;c;aGk=\x1b\\",
        "\x1bPq\x1b\\",
        "\x1b[6n",
        "\x1b]11;?\x07",
        "\x1b]11;?\x1b\\\x1b]11;?\x1b\\",
        "\x1b]11;#ffffff\x1b\\",
        "\x1b[2;2H○⣿\x1b[6n",
        "\x1b[>1u",
        "\x1b[?1003h",
        "\x1b[?1004h",
        "a\u{202e}b",
        "a\u{9b}31m",
        "\x1b(0",
        "\x1bc",
        "\x1b[5i",
        "\u{200b}",
        "\x0e",
    ] {
        assert!(allowed::session(wrong.as_bytes(), false).is_err(), "{wrong:?}");
    }
    assert!(allowed::session(b"\x1b[?1003h", true).is_ok() && allowed::session(b"\x1b[6n", true).is_err());
}

/// Text with what makes trouble in it more often than chance would have it.
fn text() -> impl Strategy<Value = String> {
    let trouble: Vec<String> = payloads().iter().map(|payload| payload.text().chars().take(12).collect()).collect();
    let mark = prop::sample::select(vec!['\u{301}', '\u{20dd}', '\u{94d}', '\u{1161}', '\u{200d}', '🏽', '\u{fe0f}']);
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{1,8}",
        prop::sample::select(trouble),
        (any::<char>(), mark, 1..30_usize).prop_map(|(c, mark, n)| format!("{c}{}", mark.to_string().repeat(n))),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_in_every_place_makes_no_frame_that_is_not_allowed(text in text(), path in text()) {
        let mut apps = vec![App::show(Show::new(unchecked(&text)), STYLE), gallery_of(&text)];
        let document = Document::from_text(&path, Path::new("."), &with_text(&text));
        let report = match Show::open(document) {
            Ok(show) => { apps.push(App::show(show, STYLE)); String::new() }
            Err(report) => report.to_string(),
        };
        prop_assert_eq!(allowed::lines(report.as_bytes()), Ok(()));
        let mut told = App::show(Show::new(unchecked(&path)), STYLE);
        told.tell(text.clone());
        apps.push(told);
        for app in &apps {
            for size in [(60, 20), (41, 13)] {
                prop_assert_eq!(screen(app, size), Ok(()));
            }
        }
    }
}
