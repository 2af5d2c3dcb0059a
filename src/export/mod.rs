//! A race as text: table, CSV, JSON; and new files, whole or not at all. Formats are the contract's, to the letter.
//!
//! Writes into any `io::Write`; where that leads is the caller's business.

pub mod csv;
pub mod file;
pub mod json;
pub mod latex;
pub mod table;

/// A number in shortest round-trip form.
#[must_use]
pub fn shortest(x: f64) -> String {
    // Zero has no sign.
    format!("{:?}", x + 0.0)
}
