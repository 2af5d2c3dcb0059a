//! A file is whole or not there, whatever fails.

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
    assert_eq!(told, ["a-edited.toml", "a-edited-2.toml", "a-edited-3.toml"].map(|name| format!("written to {name}")));
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
