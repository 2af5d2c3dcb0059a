//! Numerics: small vectors and matrices, sparse least squares, special functions, quadrature, Chebyshev series, root finding.
//!
//! Written by hand where libraries have the function but not its cancellation-free differences, or work of a bounded
//! amount. Knows nothing of distributions, charts or optimizers.

pub mod adaptive;
pub mod bessel;
pub mod chebyshev;
pub mod cubic;
pub mod fronts;
pub mod incomplete;
pub mod linear;
pub mod quadrature;
pub mod root;
pub mod special;
mod stirling;

pub use cubic::Cubic;

/// Two coordinates or parameters, or the components of a vector or covector.
pub type Vec2 = nalgebra::Vector2<f64>;
/// A 2×2 matrix; symmetric if it is a metric.
pub type Mat2 = nalgebra::Matrix2<f64>;
