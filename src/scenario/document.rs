//! The text of a scenario with where it came from: opened, edited, written back, and handed to the checker.
//!
//! Does not know what a scenario may say (the checkers do). Edits keep comments and layout, and remember which lines of
//! the file they left alone, so that a later fault still names the line that its reader sees.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::builtin::{BUILTIN, Builtin};
use super::diagnostic::{Excerpt, Place, Problem, Report, quote, suggestion};
use super::{Scenario, check, edit};
use crate::registry::nearest;
use crate::text::Safe;

/// Most bytes of a scenario file.
///
/// What a scenario *says* is bounded to [`SUBSTANCE`]. The file may be much longer, so that a mistake after megabytes of
/// comments is still told with its line rather than with a complaint about size.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Most bytes in lines that are not comments: far more than a scenario needs, little enough to parse in a moment.
const SUBSTANCE: usize = 256 * 1024;

/// Most lines, empty ones and comments counted: each costs memory whatever is in it.
const LINES: usize = 256 * 1024;

/// Where the files that a scenario names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// A folder on disk.
    Folder(PathBuf),
    /// The data that came with the program.
    Embedded,
}

/// A change that was made to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) path: String,
    pub(super) value: String,
}

impl Edit {
    pub(super) fn place(&self) -> Place {
        Place::Edit(format!("--set {}={}", self.path, self.value))
    }
}

/// The text of a scenario and where it came from.
#[derive(Debug, Clone)]
pub struct Document {
    /// A path as it was given, or a built-in name: any bytes that the system allows.
    name: OsString,
    home: Home,
    text: String,
    pub(super) edits: Vec<Edit>,
    /// For each line of the text its line in the file, both from 0; empty where nothing was edited.
    lines: Vec<Option<usize>>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it cannot be read, is no regular file (a pipe would wait for ever), is too big or is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Report> {
        let name = path.to_string_lossy().into_owned();
        let whole = |message: String| Report::one(Problem::new(Place::Whole(name.clone()), message));
        let bytes = match read_regular(path, LARGEST).map_err(|error| unreadable(path, &name, &error))? {
            Content::Bytes(bytes) => bytes,
            Content::TooBig => {
                return Err(whole(format!("{} is bigger than 8 MiB, the most a scenario may be", quote(&name))));
            }
            Content::NoFile => {
                let kind = if path.is_dir() { "is a folder" } else { "is no regular file" };
                return Err(whole(format!("{} {kind}, not a scenario file", quote(&name))));
            }
        };
        let text = decode(bytes, &name)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.as_os_str().to_owned();
        Ok(Self { name, home: Home::Folder(folder.to_owned()), text, edits: Vec::new(), lines: Vec::new() })
    }

    /// A text that is in no file; files that it names are looked for in `folder`.
    #[must_use]
    pub fn from_text(name: &str, folder: &Path, text: &str) -> Self {
        let home = Home::Folder(folder.to_owned());
        Self { name: name.into(), home, text: text.to_owned(), edits: Vec::new(), lines: Vec::new() }
    }

    /// The built-in scenario of that name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        BUILTIN.iter().find(|builtin| builtin.name == name).map(Self::of_builtin)
    }

    /// A row of [`BUILTIN`].
    #[must_use]
    pub fn of_builtin(builtin: &Builtin) -> Self {
        Self {
            name: builtin.name.into(),
            home: Home::Embedded,
            text: builtin.text.to_owned(),
            edits: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// A file of that path, or else the built-in scenario of that name.
    ///
    /// # Errors
    /// As [`Document::open`], or where there is neither.
    pub fn find(name_or_path: &OsStr) -> Result<Self, Report> {
        let path = Path::new(name_or_path);
        if path.is_file() {
            return Self::open(path);
        }
        if let Some(builtin) = name_or_path.to_str().and_then(Self::builtin) {
            return Ok(builtin);
        }
        let looks_like_path = path.extension().is_some() || path.components().count() > 1;
        if looks_like_path || path.exists() {
            return Self::open(path);
        }
        let names = || BUILTIN.iter().map(|builtin| builtin.name);
        let name = name_or_path.to_string_lossy();
        let message = format!("no file and no built-in scenario is called {}", quote(&name));
        let mut problem = Problem::new(Place::Whole(name.to_string()), message);
        problem.help.extend(suggestion(&name, names()));
        Err(Report::one(problem.help(format!("built-in scenarios: {}", names().collect::<Vec<_>>().join(", ")))))
    }

    /// What to call the document: a path as it was given, or a built-in name. Made safe to print.
    #[must_use]
    pub fn name(&self) -> Safe {
        Safe::new(&self.name.to_string_lossy())
    }

    /// Where an edited copy goes.
    #[must_use]
    pub fn copy_path(&self) -> PathBuf {
        self.sibling("-edited.toml")
    }

    /// Where something made of the document goes: beside it, under its name with another ending; of a built-in one into the
    /// current folder.
    #[must_use]
    pub fn sibling(&self, ending: &str) -> PathBuf {
        let mut name = Path::new(&self.name).file_stem().unwrap_or_default().to_owned();
        name.push(ending);
        self.folder().unwrap_or(Path::new(".")).join(name)
    }

    /// The text, with all edits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folder that paths in the text start from; none for a built-in scenario.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.home {
            Home::Folder(folder) => Some(folder),
            Home::Embedded => None,
        }
    }

    pub(super) const fn home(&self) -> &Home {
        &self.home
    }

    /// The document with one value changed: `optimizer.0.lr`, `0.1`.
    ///
    /// `value` is a TOML value; what is none is text. Keys and tables that are missing are made. Whether the scenario
    /// may say so is found by [`Document::check`].
    ///
    /// # Errors
    /// Where the text is no TOML, or the path leads through something that is neither table nor list.
    pub fn edit(&self, path: &str, value: &str) -> Result<Self, Report> {
        self.measure()?;
        let edit = Edit { path: path.to_owned(), value: value.to_owned() };
        if path.len() + value.len() > SUBSTANCE {
            return Err(Report::one(Problem::new(edit.place(), "the value is longer than 256 KiB")));
        }
        let mut tree: toml_edit::DocumentMut = match self.text.parse() {
            Ok(tree) => tree,
            // The checker tells syntax errors better; it cannot agree with this parser that there are none.
            Err(error) => {
                let told = self.check().err();
                return Err(told.unwrap_or_else(|| Report::one(Problem::new(edit.place(), error.message()))));
            }
        };
        edit::set(&mut tree, path, value).map_err(|(message, help)| {
            let problem = Problem::new(edit.place(), message);
            Report::one(if help.is_empty() { problem } else { problem.help(help) })
        })?;
        let text = tree.to_string();
        let lines = edit::carry_lines(&self.text, &text, &self.lines);
        let mut edits = self.edits.clone();
        edits.retain(|earlier| earlier.path != path);
        edits.push(edit);
        Ok(Self { name: self.name.clone(), home: self.home.clone(), text, edits, lines })
    }

    /// Title and notes, of a document that is not checked otherwise: for a list. None where they cannot be read.
    #[must_use]
    pub fn headline(&self) -> Option<(String, String)> {
        self.measure().ok()?;
        check::headline(self)
    }

    /// Checks everything and builds the scenario.
    ///
    /// # Errors
    /// All that is wrong, in the order of its lines.
    pub fn check(&self) -> Result<Scenario, Report> {
        self.check_with(None)
    }

    /// The same of a document that differs from that of a scenario in its `[[optimizer]]` tables only: the family and the loss
    /// are that scenario's own, which may have cost a search or a file.
    ///
    /// # Errors
    /// All that is wrong, in the order of its lines.
    pub fn check_racers(&self, of: &Scenario) -> Result<Scenario, Report> {
        self.check_with(Some(of))
    }

    fn check_with(&self, known: Option<&Scenario>) -> Result<Scenario, Report> {
        self.measure()?;
        check::check(self, known).map_err(|report| {
            let changed: Vec<String> = self.edits.iter().map(|edit| format!("{}={}", edit.path, edit.value)).collect();
            if changed.is_empty() { report } else { report.note(format!("with {}", changed.join(", "))) }
        })
    }

    /// Refuses a text that says too much, at the line where it gets too much: parsing would cost a hundred times its size.
    fn measure(&self) -> Result<(), Report> {
        if self.text.len() <= SUBSTANCE {
            return Ok(());
        }
        let mut sum = 0;
        for (number, line) in self.text.split('\n').enumerate() {
            if number == LINES {
                let place = self.place(number, 1);
                return Err(Report::one(Problem::new(place, format!("the scenario has more than {LINES} lines"))));
            }
            if line.trim_start().starts_with('#') {
                continue;
            }
            sum += line.len();
            if sum > SUBSTANCE {
                let mut problem = Problem::new(
                    self.place(number, 1),
                    "the scenario says more than 256 KiB up to this line, comments not counted",
                )
                .help("help: long lists of data belong into a CSV file: data = { csv = \"…\", column = \"…\" }");
                problem.excerpt = Some(Excerpt::new(line, 0, 1));
                return Err(Report::one(problem));
            }
        }
        Ok(())
    }

    /// The place of a line (from 0) of the text and a column (from 1).
    pub(super) fn place(&self, line: usize, column: usize) -> Place {
        let number = if self.edits.is_empty() { Some(line) } else { self.lines.get(line).copied().flatten() };
        match (number, self.edits.last()) {
            (None, Some(edit)) => edit.place(),
            (number, _) => {
                Place::File { name: self.name.to_string_lossy().into_owned(), line: number.unwrap_or(line) + 1, column }
            }
        }
    }
}

fn unreadable(path: &Path, name: &str, error: &std::io::Error) -> Report {
    let problem =
        Problem::new(Place::Whole(name.to_owned()), format!("cannot read {}: {}", quote(name), reason(error)));
    let near = if error.kind() == ErrorKind::NotFound { neighbour(path, "toml") } else { None };
    Report::one(match near {
        Some(near) => problem.help(format!("help: did you mean {}?", quote(&near))),
        None => problem,
    })
}

/// What a path leads to.
pub(super) enum Content {
    /// A regular file with these bytes.
    Bytes(Vec<u8>),
    /// A regular file of more bytes than asked for; they were not read.
    TooBig,
    /// A folder, a pipe, a device, a socket.
    NoFile,
}

/// Reads a regular file of at most `most` bytes, without waiting for anything else that a path may lead to.
pub(super) fn read_regular(path: &Path, most: u64) -> std::io::Result<Content> {
    // Looked at before it is opened, since opening alone does something to some devices, and again afterwards, since it
    // may have become another in between; and opened so that not even a pipe without a writer makes anybody wait.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(Content::NoFile);
    }
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32);
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Content::NoFile);
    }
    let mut bytes = Vec::new();
    if metadata.len() <= most {
        file.take(most + 1).read_to_end(&mut bytes)?;
    }
    let big = metadata.len() > most || bytes.len() as u64 > most;
    Ok(if big { Content::TooBig } else { Content::Bytes(bytes) })
}

/// The system's reason in our words where we have them.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// A file beside `path` with nearly its name.
pub(super) fn neighbour(path: &Path, extension: &str) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .take(1000)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|found| found == extension))
        .collect();
    nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Report> {
    let place = |line, column| Place::File { name: name.to_owned(), line, column };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let problem = Problem::new(place(1, 1), "the file is UTF-16").help("help: save it as UTF-8");
        return Err(Report::one(problem));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let line = bytes[..good].split(|byte| *byte == b'\n').count() - 1;
            let start = bytes[..good].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let end = bytes[good..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| good + at);
            let shown = String::from_utf8_lossy(&bytes[start..end]);
            let column = String::from_utf8_lossy(&bytes[start..good]).chars().count() + 1;
            let mut problem = Problem::new(place(line + 1, column), format!("byte 0x{:02x} is not UTF-8", bytes[good]))
                .help("help: save the file as UTF-8");
            problem.excerpt = Some(Excerpt::new(&shown, good - start, good - start + 1));
            Err(Report::one(problem))
        }
    }
}
