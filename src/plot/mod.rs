//! Marks in data coordinates, and how they become cells or SVG: frames, fields, levels, contours, lines, looks.
//!
//! Knows no race and no key. A [`Frame`] maps data to dots; [`Dots`] collects braille dots; a [`PaneFigure`] is a pane
//! as a value, which `cells` and `svg` draw.

pub mod axis;
pub mod border;
pub mod cells;
pub mod contour;
pub mod dots;
pub mod field;
pub mod levels;
pub mod look;
pub mod mark;
pub mod palette;
pub mod pane;
pub mod quadrant;
pub mod recall;
pub mod scale;
pub mod stroke;
pub mod style;
pub mod svg;
pub mod text;
pub mod theme;
pub mod ticks;
mod valley;

pub use dots::Dots;
pub use field::Field;
pub use pane::{PaneFigure, Room};
pub use recall::Recall;
pub use scale::Frame;
