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
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::text::first_unsafe;

    const TEXT: &[u8] = b"version = 1\ntitle = \"A scenario that was edited\"\n";

    /// A disk on which one operation fails: the N-th byte, the sync, or the move.
    struct Faulty {
        good: usize,
        errno: i32,
    }

    impl Faulty {
        fn fails(&mut self, wanted: usize) -> io::Result<usize> {
            match self.good {
                0 => Err(io::Error::from_raw_os_error(self.errno)),
                left => {
                    let taken = wanted.min(left);
                    self.good -= taken;
                    Ok(taken)
                }
            }
        }
    }

    impl Disk for Faulty {
        /// First a short write up to the fault, then the fault every time.
        fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.fails(bytes.len())?;
            file.write_all(&bytes[..taken])?;
            Ok(taken)
        }

        fn sync(&mut self, file: &File) -> io::Result<()> {
            self.fails(1)?;
            file.sync_all()
        }

        fn place(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.fails(1)?;
            Real.place(file, path)
        }
    }

    /// A disk that takes one byte at a time and is interrupted before each.
    struct Slow {
        interrupted: bool,
    }

    impl Disk for Slow {
        fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted { Err(ErrorKind::Interrupted.into()) } else { file.write(&bytes[..1]) }
        }

        fn sync(&mut self, file: &File) -> io::Result<()> {
            file.sync_all()
        }

        fn place(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            Real.place(file, path)
        }
    }

    /// The contents of a folder: names with file contents, or with the targets of links.
    fn state(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let content = |path: &Path| match path.read_link() {
            Ok(to) => to.to_string_lossy().into_owned().into_bytes(),
            Err(_) => std::fs::read(path).unwrap_or_default(),
        };
        entries.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), content(&path))).collect()
    }

    #[test]
    fn a_new_file_is_whole_and_readable_and_nothing_else_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = write_new(&folder.path().join("a.toml"), TEXT).expect("written");
        assert_eq!(told.as_str(), "written to a.toml");
        assert_eq!(state(folder.path()), BTreeMap::from([("a.toml".to_owned(), TEXT.to_vec())]));
        let mode = folder.path().join("a.toml").metadata().expect("a file").permissions().mode();
        std::fs::write(folder.path().join("b"), "").expect("a file");
        let usual = folder.path().join("b").metadata().expect("a file").permissions().mode();
        assert_eq!(mode, usual);
    }

    #[test]
    fn after_any_failure_the_folder_is_unchanged() {
        for (errno, words) in [(28, "free some space"), (122, "free some space"), (32, "try again"), (5, "try again")] {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("other"), "kept").expect("a file");
            let before = state(folder.path());
            let path = folder.path().join("new\u{202e}\u{1b}]0;.toml");
            // Every byte, the sync and the move; then nothing is left to fail.
            let steps = TEXT.len() + 2;
            for good in 0..steps {
                let told = write_through(&path, TEXT, &mut Faulty { good, errno }).expect_err("a fault");
                assert_eq!(state(folder.path()), before, "error {errno} at {good}: {told}");
                assert!(told.as_str().contains(words) && told.as_str().contains("new�␛]0;.toml"), "{told}");
                assert_eq!(first_unsafe(told.as_str()), None);
            }
            write_through(&path, TEXT, &mut Faulty { good: steps, errno }).expect("no fault is left");
            assert_eq!(std::fs::read(&path).expect("a file"), TEXT);
        }
    }

    #[test]
    fn interruptions_and_short_writes_lose_no_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        write_through(&path, TEXT, &mut Slow { interrupted: false }).expect("written");
        assert_eq!(std::fs::read(&path).expect("a file"), TEXT);
    }

    #[test]
    fn what_is_there_is_never_touched_even_if_it_comes_while_we_write() {
        struct Late<'a>(&'a Path, bool);
        impl Disk for Late<'_> {
            fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
                file.write(bytes)
            }
            fn sync(&mut self, _: &File) -> io::Result<()> {
                if self.1 { symlink("nowhere", self.0) } else { std::fs::write(self.0, "theirs") }
            }
            fn place(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
                Real.place(file, path)
            }
        }
        for link in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("a.toml");
            let told = write_through(&path, TEXT, &mut Late(&path, link)).expect_err("it is there");
            assert!(told.as_str().contains("already exists"), "{told}");
            let theirs: &[u8] = if link { b"nowhere" } else { b"theirs" };
            assert_eq!(state(folder.path()), BTreeMap::from([("a.toml".to_owned(), theirs.to_vec())]));
        }
    }

    #[test]
    fn files_links_devices_and_lost_folders_are_refused_with_a_way_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("old"), "old").expect("a file");
        std::fs::create_dir(at("sub")).expect("a folder");
        symlink("nowhere", at("dangling")).expect("a link");
        symlink("old", at("link")).expect("a link");
        symlink("/dev/full", at("full")).expect("a link");
        let before = state(folder.path());
        for name in ["old", "sub", "dangling", "link", "full"] {
            let told = write_new(&at(name), TEXT).expect_err("it is there");
            assert!(told.as_str().contains(name) && told.as_str().contains("already exists: move"), "{told}");
        }
        let told = write_new(Path::new("/dev/full"), TEXT).expect_err("it is there");
        assert!(told.as_str().contains("already exists"), "{told}");
        let told = write_new(&at("gone/a.toml"), TEXT).expect_err("no folder");
        assert!(told.as_str().contains("folder no longer exists"), "{told}");
        let told = write_new(&at("old/a.toml"), TEXT).expect_err("no folder");
        assert!(told.as_str().contains("folder no longer exists"), "{told}");
        let told = write_new(&at(&"x".repeat(300)), TEXT).expect_err("too long");
        assert!(told.as_str().contains("shorter"), "{told}");
        assert_eq!(state(folder.path()), before);
    }

    #[test]
    fn a_second_file_of_a_name_gets_a_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a-edited.toml");
        let told: Vec<String> = (0..3).map(|_| write_numbered(&path, TEXT).expect("written").into_string()).collect();
        assert_eq!(
            told,
            ["a-edited.toml", "a-edited-2.toml", "a-edited-3.toml"].map(|name| format!("written to {name}"))
        );
        let bare = folder.path().join("step");
        write_numbered(&bare, TEXT).expect("written");
        write_numbered(&bare, TEXT).expect("written");
        assert!(folder.path().join("step-2").is_file());
    }

    #[test]
    fn files_that_belong_together_have_one_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("race-1.svg");
        std::fs::write(folder.path().join("race-1.png"), "").expect("a file");
        let files: [(&str, &[u8]); 2] = [("svg", b"a"), ("png", b"b")];
        let told = [0, 1].map(|_| write_numbered_together(&path, &files).expect("written"));
        assert_eq!(
            told.each_ref().map(Safe::as_str),
            ["written to race-1-2.svg and .png", "written to race-1-3.svg and .png"]
        );
        let names: Vec<String> = state(folder.path()).into_keys().collect();
        assert_eq!(names, ["race-1-2.png", "race-1-2.svg", "race-1-3.png", "race-1-3.svg", "race-1.png"]);
    }

    #[test]
    fn a_named_file_is_replaced_through_links_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("old"), "old").expect("a file");
        std::fs::set_permissions(at("old"), std::fs::Permissions::from_mode(0o640)).expect("permissions");
        symlink("old", at("link")).expect("a link");
        symlink("link", at("second")).expect("a link");
        symlink("new", at("dangling")).expect("a link");
        symlink("loop", at("loop")).expect("a link");
        replace(&at("second"), TEXT).expect("written");
        replace(&at("dangling"), TEXT).expect("written");
        assert_eq!(at("old").metadata().expect("a file").permissions().mode() & 0o777, 0o640);
        assert!(replace(&at("loop"), TEXT).is_err() && replace(folder.path(), TEXT).is_err());
        assert!(replace(&at("gone/new"), TEXT).is_err());
        let link = |to: &str| to.as_bytes().to_vec();
        let wanted = [
            ("old", TEXT.to_vec()),
            ("new", TEXT.to_vec()),
            ("link", link("old")),
            ("second", link("link")),
            ("dangling", link("new")),
            ("loop", link("loop")),
        ];
        assert_eq!(state(folder.path()), wanted.map(|(name, bytes)| (name.to_owned(), bytes)).into());
    }

    #[test]
    fn a_device_is_written_into_and_stays() {
        use std::os::unix::fs::FileTypeExt;
        replace(Path::new("/dev/null"), TEXT).expect("written");
        assert!(Path::new("/dev/null").metadata().expect("a device").file_type().is_char_device());
        if Path::new("/dev/full").exists() {
            assert_eq!(replace(Path::new("/dev/full"), TEXT).expect_err("full").kind(), ErrorKind::StorageFull);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let closed = std::fs::Permissions::from_mode(0o555);
        std::fs::set_permissions(folder.path(), closed).expect("permissions");
        // The superuser may write anywhere: then there is nothing to see.
        if std::fs::write(folder.path().join("probe"), "").is_ok() {
            return;
        }
        let told = write_new(&folder.path().join("a.toml"), TEXT).expect_err("closed");
        assert!(told.as_str().contains("copy the scenario"), "{told}");
        assert!(state(folder.path()).is_empty());
    }
}
