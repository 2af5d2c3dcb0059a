//! Numbers: small vectors and matrices, special functions, quadrature, finite checks.
//!
//! Thin skins over libraries. Knows nothing of distributions, charts or optimizers.

pub mod adaptive;
pub mod bessel;
pub mod chebyshev;
pub mod cubic;
pub mod incomplete;
pub mod linear;
pub mod quadrature;
pub mod root;
pub mod special;

pub use cubic::Cubic;

/// A pair of coordinates, parameters or components of a covector.
pub type Vec2 = nalgebra::Vector2<f64>;
/// A two by two matrix; symmetric wherever it is a metric.
pub type Mat2 = nalgebra::Matrix2<f64>;
