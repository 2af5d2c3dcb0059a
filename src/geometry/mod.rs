//! Geometry over any family: pulling back through a chart, connections, geodesics, transport, Fisher-Rao distance, ellipses,
//! exact KL balls, triangles of divergences.
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
pub mod transport;
pub mod triangle;

pub use distance::distance;
pub use place::Place;
