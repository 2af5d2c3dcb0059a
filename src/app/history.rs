//! The log of a show's edits: every version of its document with the world built from it, for undo and redo.
//!
//! How a document is edited is the business of `scenario`; which key makes which edit that of `edit`.

use crate::race::World;
use crate::scenario::Document;

/// The maximum number of versions. The first one, as opened, is always among them.
const VERSIONS: usize = 1000;

/// A version of the document.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its text.
    pub document: Document,
    /// What is built from it: going back builds and reads nothing again.
    pub world: World,
    /// The edit that led to it, in a few words; empty for the first.
    pub words: String,
}

/// The versions of a document, of which one is current.
#[derive(Debug)]
pub struct History {
    versions: Vec<Version>,
    current: usize,
}

impl History {
    /// The history of a document that has just been opened.
    #[must_use]
    pub fn new(document: Document, world: World) -> Self {
        Self { versions: vec![Version { document, world, words: String::new() }], current: 0 }
    }

    /// The current version.
    #[must_use]
    pub fn current(&self) -> &Version {
        &self.versions[self.current]
    }

    /// The document as it was opened.
    #[must_use]
    pub fn opened(&self) -> &Version {
        &self.versions[0]
    }

    /// Whether the current document differs from the one that was opened.
    #[must_use]
    pub fn edited(&self) -> bool {
        self.current().document.text() != self.opened().document.text()
    }

    /// Appends a version and makes it the current one. Versions that were undone are dropped.
    pub fn push(&mut self, version: Version) {
        self.versions.truncate(self.current + 1);
        if self.versions.len() == VERSIONS {
            self.versions.remove(1);
        }
        self.versions.push(version);
        self.current = self.versions.len() - 1;
    }

    /// Goes back by one version. Returns the words of the edit that was undone; `None` if there is none.
    pub fn undo(&mut self) -> Option<&str> {
        let undone = self.current;
        self.current = undone.checked_sub(1)?;
        Some(&self.versions[undone].words)
    }

    /// Goes forward by one version. Returns the words of the edit that was redone; `None` if there is none.
    pub fn redo(&mut self) -> Option<&str> {
        let next = self.versions.get(self.current + 1)?;
        self.current += 1;
        Some(&next.words)
    }
}
