//! The screen as a function of the state: one file a pane, layout, theme. No I/O, no clock, no terminal.

pub mod layout;
pub mod style;
pub mod theme;

pub use style::{Marker, Style};
pub use theme::{Depth, Ground, Role, Theme};
