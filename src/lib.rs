//! geodescent: a terminal visualiser for information geometry.
//!
//! A scenario (a document) becomes a race (numbers), a race becomes a picture (marks in data coordinates), a picture
//! becomes a screen (cells). Each step is a pure function; the clock, the keyboard and the terminal live outside all of
//! them. The modules, each of which may use only those above it (`tests/layering.rs` fails on a `use` that points
//! down):
//!
//! - [`text`]: the sanitiser for external text
//! - [`format`](mod@format): numbers for people: table cells, labels, rounded
//! - [`nearest`](mod@nearest): names with their synonyms, and the known name nearest to a misspelt one
//! - [`math`]: special functions, quadrature, small symmetric systems
//! - [`expression`]: formulas in scenarios: parsed once, with value and derivatives anywhere
//! - [`registry`]: the building blocks of registry rows: fields, ranges, defaults, settings
//! - [`family`]: families of distributions: density, sampling, divergence, Fisher matrix, charts, domain
//! - [`geometry`]: over any family: pull-back to charts, connections, geodesics, transport, Fisher-Rao distance,
//!   ellipses, KL balls
//! - [`objective`]: losses on a family: value, gradient, optimum
//! - [`problem`]: a loss in coordinates of any number: gradient, Fisher matrix on demand
//! - [`optimizer`]: one optimizer per file, with its state, equation and source
//! - [`scenario`]: the document: text with positions, edits, checks, diagnostics, built-in scenarios
//! - [`work`]: jobs on a pool of threads, with progress, cancelled when dropped
//! - [`race`]: a scenario's trace, recorded on demand, never rewritten
//! - [`selfcheck`]: closed forms checked against the density, by quadrature and differences
//! - [`measure`]: measures of a run, verdicts, the best rate
//! - [`plot`]: marks in data coordinates, and how they become cells or SVG
//! - [`export`]: a race as table, CSV, JSON or LaTeX
//! - [`app`]: the state, the table of actions, and the effect of each on the state
//! - [`figure`]: one file per pane: state to marks
//! - [`screen`]: layout, header, footer, boxes: figures to a screen
//! - [`terminal`]: the only module with raw mode, the clock and the screen
//! - [`cli`]: the command line, one function per command
#![cfg_attr(test, allow(clippy::float_cmp, reason = "tests compare exact values on purpose"))]

pub mod app;
pub mod cli;
pub mod export;
pub mod expression;
pub mod family;
pub mod figure;
pub mod format;
pub mod geometry;
pub mod math;
pub mod measure;
pub mod nearest;
pub mod objective;
pub mod optimizer;
pub mod plot;
pub mod problem;
pub mod race;
pub mod registry;
pub mod scenario;
pub mod screen;
pub mod selfcheck;
pub mod terminal;
pub mod text;
pub mod work;
