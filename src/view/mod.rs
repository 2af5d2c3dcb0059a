//! The screen as a function of the state: one file a pane, layout, theme. No I/O, no clock, no terminal.

pub mod cache;
pub mod ellipse;
pub mod ink;
pub mod landscape;
pub mod style;
pub mod theme;

pub use cache::Cache;
pub use style::{Marker, Style};
pub use theme::{Depth, Ground, Role, Theme};
