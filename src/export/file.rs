//! A file, whole or not at all: written under a temporary name in the same folder, then moved into place.
//!
//! A new file never takes the place of one that is there, nor of a link; what the command line names does, and a link
//! is followed.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::text::Safe;

/// The most characters of a file's name in a message.
const NAME: usize = 60;

/// Writes a file that must not exist yet. Returns the message for the user.
///
/// # Errors
/// What went wrong and what to do about it. Nothing has changed then, and no temporary file is left.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<Safe, Safe> {
    write_through(path, bytes, &mut Real)
}

/// The highest number appended to a name.
const MOST: usize = 999;

/// Writes a file under its name or, if that is taken, under that name with the next free number: `a.toml`, `a-2.toml`.
/// Returns the message for the user.
///
/// # Errors
/// As [`write_new`].
pub fn write_numbered(path: &Path, bytes: &[u8]) -> Result<Safe, Safe> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    write_new(&free(path, &[&extension]), bytes)
}

/// Writes files that differ in their extensions only, as [`write_numbered`] does, all of them with one number. Returns
/// the message for the user.
///
/// # Errors
/// As [`write_new`], of the first file that cannot be written; those before it stay.
pub fn write_numbered_together(path: &Path, files: &[(&str, &[u8])]) -> Result<Safe, Safe> {
    let extensions: Vec<&str> = files.iter().map(|(extension, _)| *extension).collect();
    let path = free(path, &extensions);
    let mut told = Vec::new();
    for (extension, bytes) in files {
        let written = write_new(&path.with_extension(extension), bytes)?.into_string();
        told.push(if told.is_empty() { written } else { format!(".{extension}") });
    }
    Ok(Safe::line(&told.join(" and ")))
}

/// A path, or the first numbered one, at which no file with any of these extensions is.
fn free(path: &Path, extensions: &[&str]) -> PathBuf {
    let taken = |path: &PathBuf| extensions.iter().any(|one| path.with_extension(one).symlink_metadata().is_ok());
    let numbered = (2..=MOST).map(|number| {
        let mut name = path.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{number}"));
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    });
    std::iter::once(path.to_owned()).chain(numbered).find(|path| !taken(path)).unwrap_or_else(|| path.to_owned())
}

/// Writes a file in the place of the one that is there, if any, which stays until the new one is complete. A symbolic
/// link is followed; a device or a pipe is written into.
///
/// # Errors
/// If the file cannot be written. Nothing has changed then, and no temporary file is left; only what has gone into a
/// device or a pipe is gone.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (path, permissions) = match path.metadata() {
        Ok(there) if there.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => return File::options().write(true).open(path)?.write_all(bytes),
        Ok(there) => (path.canonicalize()?, Some(there.permissions())),
        Err(error) if error.kind() == ErrorKind::NotFound => (end_of_links(path)?, None),
        Err(error) => return Err(error),
    };
    let file = written(&path, bytes, &mut Real)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(&path).map_err(|error| error.error)?;
    sync_folder(&path);
    Ok(())
}

/// The most links that lead from one to the next.
const LINKS: usize = 40;

/// What a chain of symbolic links to nothing ends at.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match path.read_link() {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The operations that write a file, so that a test can make each of them fail.
trait Disk {
    /// As [`Write::write`].
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize>;
    /// As [`File::sync_all`].
    fn sync(&mut self, file: &File) -> io::Result<()>;
    /// Moves the file into place, unless something exists there.
    fn place(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()>;
}

struct Real;

impl Disk for Real {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn place(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        file.persist_noclobber(path).map(drop).map_err(|error| error.error)
    }
}

/// A file on a disk, as a writer.
struct Through<'a> {
    file: &'a mut File,
    disk: &'a mut dyn Disk,
}

impl Write for Through<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(self.file, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_through(path: &Path, bytes: &[u8], disk: &mut dyn Disk) -> Result<Safe, Safe> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = Safe::clipped(&name, NAME);
    match attempt(path, bytes, disk) {
        Ok(()) => Ok(Safe::line(&format!("written to {name}"))),
        Err(error) => Err(Safe::line(&complaint(&name, &error))),
    }
}

fn attempt(path: &Path, bytes: &[u8], disk: &mut dyn Disk) -> io::Result<()> {
    // Checked first, so that nothing is written in vain; a file that appears in the meantime is noticed by the move.
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let file = written(path, bytes, disk)?;
    disk.place(file, path)?;
    sync_folder(path);
    Ok(())
}

/// A temporary file beside a path with all the bytes, which are on the disk. If dropped, it is deleted.
fn written(path: &Path, bytes: &[u8], disk: &mut dyn Disk) -> io::Result<NamedTempFile> {
    let mut file = beside(folder_of(path))?;
    let mut writer = Through { file: file.as_file_mut(), disk };
    writer.write_all(bytes)?;
    writer.flush()?;
    disk.sync(file.as_file())?;
    Ok(file)
}

/// The file is whole and in place; syncing its folder is best effort.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    drop(File::open(folder_of(path)).and_then(|folder| folder.sync_all()));
    #[cfg(not(unix))]
    let _ = path;
}

/// A file under a unique name, with the permissions of an ordinary new file.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".geodescent-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// What went wrong, and what to do.
fn complaint(name: &Safe, error: &io::Error) -> String {
    let because = match error.kind() {
        ErrorKind::AlreadyExists => return format!("{name} already exists: move it away, then write again"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full: free some space, then write again".to_owned()
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "its folder cannot be written to: copy the scenario to one that can".to_owned()
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            "its folder no longer exists: create it, then write again".to_owned()
        }
        ErrorKind::InvalidFilename => "the name is too long: give the scenario a shorter one".to_owned(),
        _ => format!("{error}; nothing has changed, try again"),
    };
    format!("cannot write {name}: {because}")
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
