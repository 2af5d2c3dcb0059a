//! The screen as a function of the state: layout, header, footer, boxes, and panes as cells. No I/O, no clock, no
//! terminal; what a pane shows is the business of `figure`.

pub mod cache;
mod caption;
mod compose;
mod drawing;
pub mod footer;
pub mod gallery;
pub mod header;
pub mod help;
pub mod laid;
pub mod landscape;
mod layers;
pub mod layout;
mod menu;
pub mod reading;
mod readout;
mod still;

pub use crate::plot::{border, style, text, theme};
pub use cache::Cache;
pub use compose::{draw, redraw};
pub use drawing::Drawing;
pub use laid::Laid;
pub use layers::{fit, fitted};
pub use still::{Part, figure, focused, still, still_part};
pub use style::{Glyphs, Marker, Style};
pub use theme::{Depth, Ground, Role, Theme};
