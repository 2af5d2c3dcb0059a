//! A race as text: table, CSV, JSON; a step as LaTeX; a screen as a picture;
//! a show as a recording; and files, written whole or not at all.
//!
//! Everything writes to a writer or returns text; the caller chooses the destination.

pub mod cast;
pub mod csv;
pub mod ensemble;
pub mod file;
pub mod json;
pub mod latex;
pub mod part;
pub mod screen;
pub mod table;

/// A number in shortest round-trip form.
#[must_use]
pub fn shortest(x: f64) -> String {
    // Zero has no sign.
    format!("{:?}", x + 0.0)
}
