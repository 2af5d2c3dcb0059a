//! The state of the program: what is shown, of which race, at which step; and how keys change it.
//!
//! Knows no terminal, no clock and no colours. `update` takes an action and gives back an effect; only the terminal room
//! carries effects out.

pub mod show;
pub mod timeline;

pub use show::{Point, Quantity, Show, Window};
pub use timeline::Timeline;
