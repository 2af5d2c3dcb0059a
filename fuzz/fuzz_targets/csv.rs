//! The first byte selects the family of the numbers.
#![no_main]
#[path = "../../tests/properties/check.rs"]
mod check;

use std::sync::LazyLock;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let [family, table @ ..] = bytes {
        drop(check::csv(table, FOLDER.path(), usize::from(*family)));
    }
});
