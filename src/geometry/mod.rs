//! Geometry over any family: pull-back to charts, connections, geodesics, parallel transport, Fisher-Rao distance,
//! ellipses, exact balls and where a function is least within them, triangles of divergences, optimal transport.
//!
//! Not its business: the closed forms of a single family (`family`) and pictures (`plot`).

pub mod ball;
pub mod connection;
pub mod distance;
pub mod distance_to_geodesic;
pub mod ellipse;
pub mod geodesic;
pub mod lowest;
pub mod place;
pub mod reach;
pub mod transport;
pub mod triangle;
pub mod wasserstein;

pub use distance::distance;
pub use place::Place;
