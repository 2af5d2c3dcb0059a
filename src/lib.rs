//! geodescent: a terminal visualiser for information geometry.
//!
//! A scenario (a document) becomes a race (numbers), a race becomes a picture (marks in data coordinates), a picture
//! becomes a screen (cells). Each arrow is a pure function; the clock, the keyboard and the terminal live outside of all
//! of them. The rooms, in the order in which they may use each other (each only those above it; `tests/layering.rs`
//! fails on a `use` that points down):
//!
//! - [`text`]: the one sanitiser for text from outside
//! - [`format`](mod@format): the one way to write a number for people: table cell, label, rounded
//! - [`math`]: special functions, quadrature, small symmetric systems
//! - [`registry`]: what a row of a registry is made of: fields, ranges, defaults, settings, nearest names
//! - [`expression`]: formulas that a scenario writes: read once, value and derivatives anywhere
//! - [`family`]: families of distributions: density, sampling, divergence, Fisher matrix, charts, domain
//! - [`geometry`]: over any family: chart pull-back, connections, geodesics, transport, Fisher-Rao distance, ellipses, KL balls
//! - [`objective`]: losses on a family: value, gradient, optimum
//! - [`optimizer`]: one optimizer a file, with its state, equation and source
//! - [`scenario`]: the document: text with places, edits, checks, diagnostics, built-in scenarios
//! - [`race`]: a scenario's trace, recorded on demand, never rewritten
//! - [`selfcheck`]: closed forms held against the density, by quadrature and differences
//! - [`measure`]: what a run is asked: measures, verdicts, the best rate
//! - [`plot`]: how marks in data coordinates become cells
//! - [`export`]: a race as table, CSV, JSON
//! - [`app`]: the state, the table of actions, what each does to the state
//! - [`view`]: one file a pane: state to cells
//! - [`terminal`]: the only module with raw mode, the clock and the screen
//! - [`cli`]: the command line, one function a command
#![cfg_attr(test, allow(clippy::float_cmp, reason = "tests compare exact values on purpose"))]

pub mod app;
pub mod cli;
pub mod export;
pub mod expression;
pub mod family;
pub mod format;
pub mod geometry;
pub mod math;
pub mod measure;
pub mod objective;
pub mod optimizer;
pub mod plot;
pub mod race;
pub mod registry;
pub mod scenario;
pub mod selfcheck;
pub mod terminal;
pub mod text;
pub mod view;
