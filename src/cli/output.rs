//! Where a command's result goes: standard output, or a file that is written whole or not at all.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::export::file;
use crate::text::Safe;

/// What `-o` names.
#[derive(Debug)]
pub enum Output<'a> {
    /// Nothing was asked for.
    Unsaid,
    /// `-o -`
    Stdout,
    /// A file; one that is there is replaced.
    File(&'a Path),
}

impl<'a> Output<'a> {
    /// What an argument names.
    pub fn of(argument: Option<&'a PathBuf>) -> Self {
        match argument {
            None => Self::Unsaid,
            Some(path) if path.as_os_str() == "-" => Self::Stdout,
            Some(path) => Self::File(path),
        }
    }

    /// The ending of the file's name.
    pub fn ending(&self) -> Option<&'a OsStr> {
        match self {
            Self::File(path) => path.extension(),
            Self::Unsaid | Self::Stdout => None,
        }
    }

    /// Fails if `binary` bytes would go to a terminal that nobody has named. Called before anything is computed.
    pub fn takes(&self, binary: bool) -> Result<(), Failure> {
        match self {
            Self::Unsaid if binary && io::stdout().is_terminal() => Err(Failure::Wrong(
                "error: standard output is a terminal, which cannot show these bytes\n\
                 help: name a file with -o FILE, or write -o - to send them anyway"
                    .to_owned(),
            )),
            Self::Unsaid | Self::Stdout | Self::File(_) => Ok(()),
        }
    }

    /// Writes the bytes.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Unsaid | Self::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                Ok(out.flush()?)
            }
            Self::File(path) => file::replace(path, bytes).map_err(|error| {
                let name = Safe::line(&path.to_string_lossy());
                Failure::Io(io::Error::new(error.kind(), format!("cannot write {name}: {error}")))
            }),
        }
    }
}
