//! Marks in data coordinates and how they become cells.
//!
//! Knows no race and no key. A [`Frame`] maps data to dots; [`Dots`] gathers braille dots with their owners.

pub mod contour;
pub mod dots;
pub mod field;
pub mod levels;
pub mod number;
pub mod quadrant;
pub mod scale;
pub mod stroke;
pub mod ticks;

pub use dots::Dots;
pub use field::Field;
pub use scale::Frame;
