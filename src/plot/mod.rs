//! Marks in data coordinates and how they become cells.
//!
//! Knows no race and no key. A [`Frame`] maps data to dots; [`Dots`] gathers braille dots with their owners.

pub mod dots;
pub mod number;
pub mod scale;

pub use dots::Dots;
pub use scale::Frame;
