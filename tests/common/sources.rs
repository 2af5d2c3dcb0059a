//! The program's own source files, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// Adds the Rust files of a folder and of all folders in it.
pub fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
