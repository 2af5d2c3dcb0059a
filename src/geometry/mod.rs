//! Geometry over any family: pulling back through a chart, Fisher-Rao distance, ellipses, exact KL balls.
//!
//! Knows the formulas of no single family (family) and draws nothing (plot).

pub mod aside;
pub mod ball;
pub mod connection;
pub mod distance;
pub mod ellipse;
pub mod geodesic;
pub mod place;
pub mod reach;

pub use distance::distance;
pub use place::Place;
