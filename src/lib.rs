//! geodescent: a terminal visualiser for information geometry.
//!
//! A scenario (a document) becomes a race (numbers), a race becomes a picture (marks in data coordinates), a picture
//! becomes a screen (cells). Each arrow is a pure function; the clock, the keyboard and the terminal live outside of all
//! of them. Rooms, in the order in which they may use each other (each only those above it):
#![cfg_attr(test, allow(clippy::float_cmp, reason = "tests compare exact values on purpose"))]

pub mod app;
pub mod cli;
pub mod export;
pub mod family;
pub mod geometry;
pub mod math;
pub mod objective;
pub mod optimizer;
pub mod plot;
pub mod race;
pub mod registry;
pub mod scenario;
pub mod terminal;
pub mod view;
