//! The text of a scenario and its origin, with the edits made to it.
//!
//! What a scenario may say is decided by `check`; how a text is edited is the business of `edit`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::builtin::{BUILTIN, Builtin};
use super::diagnostic::{Excerpt, Place, Problem, Report, listed, quote, suggestion};
use super::source::{Content, decode, is_descriptor, read_regular, reason, unreadable};
use crate::registry::nearest_few;
use crate::text::Safe;

/// The maximum size of a scenario file in bytes.
///
/// Everything but comments is bounded by [`SUBSTANCE`]. The file may be much longer, so that a mistake after megabytes
/// of comments is still reported with its line rather than as a complaint about size.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The maximum number of bytes in lines that are not comments: far more than a scenario needs, yet parsed in a moment.
pub(super) const SUBSTANCE: usize = 256 * 1024;

/// The maximum number of lines, including empty ones and comments: each costs memory whatever it contains.
const LINES: usize = 256 * 1024;

/// Where files named by a scenario are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// A folder on disk.
    Folder(PathBuf),
    /// The data built into the program.
    Embedded,
}

/// A change made to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) value: String,
    /// How the user requested it.
    pub(super) words: String,
}

impl Change {
    pub(super) fn place(&self) -> Place {
        Place::Edit(self.words.clone())
    }
}

/// The text of a scenario and its origin.
#[derive(Debug, Clone)]
pub struct Document {
    /// A path as given, or a built-in name: any bytes that the system allows.
    name: OsString,
    home: Home,
    text: String,
    pub(super) edits: Vec<Change>,
    /// For each line of the text its line in the file, both from 0; empty if nothing was edited.
    pub(super) lines: Vec<Option<usize>>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, is not a regular file (a pipe could block forever), is too large or is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Report> {
        let name = path.to_string_lossy().into_owned();
        let whole = |message: String| Report::one(Problem::new(Place::Whole(name.clone()), message));
        let bytes = match read_regular(path, LARGEST).map_err(|error| unreadable(path, &name, &error))? {
            Content::Bytes(bytes) => bytes,
            Content::TooBig => {
                return Err(whole(format!("{} is larger than 8 MiB, the limit for a scenario", quote(&name))));
            }
            Content::NoFile => {
                let kind = if path.is_dir() { "is a folder" } else { "is not a regular file" };
                return Err(whole(format!("{} {kind}: expected a scenario file", quote(&name))));
            }
        };
        let text = decode(bytes, &name)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.as_os_str().to_owned();
        Ok(Self { name, home: Home::Folder(folder.to_owned()), text, edits: Vec::new(), lines: Vec::new() })
    }

    /// A text without a file; files that it names are looked up in `folder`.
    #[must_use]
    pub fn from_text(name: &str, folder: &Path, text: &str) -> Self {
        let home = Home::Folder(folder.to_owned());
        Self { name: name.into(), home, text: text.to_owned(), edits: Vec::new(), lines: Vec::new() }
    }

    /// The built-in scenario called `name`; `None` if it does not exist.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        BUILTIN.iter().find(|builtin| builtin.name == name).map(Self::of_builtin)
    }

    /// The document of a row of [`BUILTIN`].
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

    /// The file at that path, or else the built-in scenario of that name; `-` is standard input.
    ///
    /// # Errors
    /// As [`Document::open`], or if neither exists.
    pub fn find(name_or_path: &OsStr) -> Result<Self, Report> {
        let path = Path::new(name_or_path);
        if name_or_path == "-" {
            return Self::read(&mut std::io::stdin().lock(), "stdin");
        }
        if is_descriptor(path) {
            return match File::open(path) {
                Ok(mut file) => Self::read(&mut file, &path.to_string_lossy()),
                Err(error) => Err(unreadable(path, &path.to_string_lossy(), &error)),
            };
        }
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
        let message = format!("no file or built-in scenario is called {}", quote(&name));
        let problem = Problem::new(Place::Whole(name.to_string()), message);
        let near = suggestion(&name, names())
            .unwrap_or_else(|| format!("help: the nearest are {}", listed(nearest_few(&name, names()))));
        Err(Report::one(problem.help(near).help("`geodescent list scenarios` lists them all")))
    }

    /// Reads a pipe to its end. Files that the text names are looked up in the working directory.
    fn read(input: &mut dyn Read, name: &str) -> Result<Self, Report> {
        let whole = |message: String| Report::one(Problem::new(Place::Whole(name.to_owned()), message));
        let mut bytes = Vec::new();
        if let Err(error) = input.take(LARGEST + 1).read_to_end(&mut bytes) {
            return Err(whole(format!("cannot read {}: {}", quote(name), reason(&error))));
        }
        if bytes.len() as u64 > LARGEST {
            return Err(whole(format!("{} is larger than 8 MiB, the limit for a scenario", quote(name))));
        }
        if bytes.is_empty() {
            return Err(whole(format!("{} is empty: expected a scenario", quote(name))));
        }
        Ok(Self::from_text(name, Path::new("."), &decode(bytes, name)?))
    }

    /// The document's name: a path as given, or a built-in name. Safe to print.
    #[must_use]
    pub fn name(&self) -> Safe {
        Safe::new(&self.name.to_string_lossy())
    }

    /// The path for an edited copy.
    #[must_use]
    pub fn copy_path(&self) -> PathBuf {
        self.sibling("-edited.toml")
    }

    /// The path for a file derived from the document: beside it, with `ending` in place of its extension; for a
    /// built-in one in the current folder.
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

    /// The folder that paths in the text are relative to; `None` for a built-in scenario.
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

    /// The document with a change made, that makes its text this one.
    pub(super) fn changed(&self, change: Change, text: String, lines: Vec<Option<usize>>) -> Self {
        let mut edits = self.edits.clone();
        edits.retain(|earlier| earlier.path != change.path);
        edits.push(change);
        Self { name: self.name.clone(), home: self.home.clone(), text, edits, lines }
    }

    /// Rejects a text that is too long, at the line where it becomes so: parsing would cost a hundred times its size.
    pub(super) fn measure(&self) -> Result<(), Report> {
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
                    "the scenario exceeds 256 KiB at this line, not counting comments",
                )
                .help("help: long lists of data belong in a CSV file: data = { csv = \"…\", column = \"…\" }");
                problem.excerpt = Some(Excerpt::new(line, 0, 1));
                return Err(Report::one(problem));
            }
        }
        Ok(())
    }

    /// The place of a line of the text (from 0) and a column (from 1).
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
