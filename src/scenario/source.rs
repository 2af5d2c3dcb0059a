//! Reads the file at a path: whole, bounded in size, and without blocking.
//!
//! Knows bytes and files, not scenarios.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::diagnostic::{Excerpt, Place, Problem, Report, quote};
use crate::registry::nearest;

/// Whether a path names an inherited file descriptor, as a shell's `<(…)` does. It already has a writer, so reading it
/// does not block forever.
pub(super) fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

pub(super) fn unreadable(path: &Path, name: &str, error: &std::io::Error) -> Report {
    let problem =
        Problem::new(Place::Whole(name.to_owned()), format!("cannot read {}: {}", quote(name), reason(error)));
    let near = if error.kind() == ErrorKind::NotFound { neighbour(path, "toml") } else { None };
    Report::one(match near {
        Some(near) => problem.help(format!("help: did you mean {}?", quote(&near))),
        None => problem,
    })
}

/// The content at a path.
pub(super) enum Content {
    /// A regular file with these bytes.
    Bytes(Vec<u8>),
    /// A regular file above the size limit; it is not read to its end.
    TooBig,
    /// A folder, a pipe, a device, a socket.
    NoFile,
}

/// Reads a regular file of at most `most` bytes, without blocking on anything else the path may lead to.
pub(super) fn read_regular(path: &Path, most: u64) -> std::io::Result<Content> {
    // Checked before opening, since opening alone affects some devices, and again afterwards, since the path may have
    // been replaced in between; opened non-blocking, so that a pipe without a writer does not block.
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

/// The system's error in plain words, for the common cases.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// A file beside `path` with a similar name.
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

pub(super) fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Report> {
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
