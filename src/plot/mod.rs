//! From data coordinates to dots and cells: frames, fields, levels, contours, lines.
//!
//! Knows no race and no key. A [`Frame`] maps data to dots; [`Dots`] collects braille dots.

pub mod contour;
pub mod dots;
pub mod field;
pub mod levels;
pub mod quadrant;
pub mod scale;
pub mod stroke;
pub mod ticks;

pub use dots::Dots;
pub use field::Field;
pub use scale::Frame;
