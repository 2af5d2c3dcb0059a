//! A linear system with a quadratic cost and Gaussian noise.

/// x′ = a x + b u + noise·N(0, 1); a move pays −(q x² + r u²).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearQuadratic {
    /// How much of the state stays.
    pub a: f64,
    /// The effect of an action.
    pub b: f64,
    /// The cost of the state.
    pub q: f64,
    /// The cost of an action.
    pub r: f64,
    /// The standard deviation of the noise.
    pub noise: f64,
}
