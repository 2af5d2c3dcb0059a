//! What is checked, by which means and to which tolerance, and what came out.

use super::expectation::Expectation;

/// The means by which a quantity is computed the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// An expectation, by quadrature of the density or a sum over discrete observations.
    Expectation,
    /// A derivative, by central differences.
    Differences,
    /// An inverse, by the product that must be the identity.
    Product,
}

impl Means {
    /// The name in tables.
    #[must_use]
    pub const fn name(self, discrete: bool) -> &'static str {
        match self {
            Self::Expectation if discrete => "sum",
            Self::Expectation => "quadrature",
            Self::Differences => "differences",
            Self::Product => "product",
        }
    }
}

/// The quantities that are checked, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// ∫ p = 1.
    Mass,
    /// E score = 0.
    MeanScore,
    /// F = E score scoreᵀ.
    Fisher,
    /// F = −E ∂ score.
    FisherBySlopes,
    /// score = ∂ log p.
    Score,
    /// The derivatives of F.
    FisherSlopes,
    /// T = E score ⊗ score ⊗ score.
    Skewness,
    /// −E log p.
    Entropy,
    /// E log p/q, for a q half a Fisher length away along each axis.
    Kl,
    /// The gradients of the KL divergence in both arguments.
    KlGradients,
    /// ∂parameters/∂coordinates of the chart.
    Jacobian,
    /// F⁻¹ in the chart.
    Inverse,
    /// Γ in the chart, from the derivatives of F there.
    Symbols,
    /// The gradient of the loss.
    Gradient,
}

impl Quantity {
    /// Every quantity, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::Mass,
        Self::MeanScore,
        Self::Fisher,
        Self::FisherBySlopes,
        Self::Score,
        Self::FisherSlopes,
        Self::Skewness,
        Self::Entropy,
        Self::Kl,
        Self::KlGradients,
        Self::Jacobian,
        Self::Inverse,
        Self::Symbols,
        Self::Gradient,
    ];

    /// The name and the means of the check.
    #[must_use]
    pub const fn about(self) -> (&'static str, Means) {
        use Means::{Differences, Expectation, Product};
        match self {
            Self::Mass => ("total mass", Expectation),
            Self::MeanScore => ("mean score", Expectation),
            Self::Fisher => ("Fisher matrix", Expectation),
            Self::FisherBySlopes => ("Fisher matrix, −E ∂²", Differences),
            Self::Score => ("score", Differences),
            Self::FisherSlopes => ("slopes of F", Differences),
            Self::Skewness => ("skewness", Expectation),
            Self::Entropy => ("entropy", Expectation),
            Self::Kl => ("KL divergence", Expectation),
            Self::KlGradients => ("KL gradients", Differences),
            Self::Jacobian => ("chart Jacobian", Differences),
            Self::Inverse => ("inverse of F", Product),
            Self::Symbols => ("Christoffel symbols", Differences),
            Self::Gradient => ("loss gradient", Differences),
        }
    }

    /// The tolerance, as a relative error: 2e-7 for differences, 1e-9 for quadrature and products, 1e-12 for sums.
    /// Except for sums and products it is at least 1e3 times the effect of rounding the observations (1e4 times for
    /// third moments).
    #[must_use]
    pub fn allowed(self, expectation: &Expectation) -> f64 {
        let rounding = if self == Self::Skewness { 1e4 } else { 1e3 } * expectation.blur;
        match self.about().1 {
            Means::Differences => rounding.max(2e-7),
            Means::Product => 1e-9,
            Means::Expectation if expectation.discrete => 1e-12,
            Means::Expectation => rounding.max(1e-9),
        }
    }
}

/// The result of checking one quantity at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What was checked.
    pub quantity: Quantity,
    /// Whether the expectation is a finite sum.
    pub discrete: bool,
    /// The largest relative error; infinite if a value is NaN.
    pub error: f64,
    /// The tolerance.
    pub allowed: f64,
    /// Whether the check is conclusive: its own error is small relative to the tolerance or to the error found.
    pub conclusive: bool,
}

impl Finding {
    /// Whether the closed form agrees, or the check is inconclusive.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.conclusive || self.error <= self.allowed
    }

    /// The error in units of the tolerance; 0 if the check is inconclusive.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.conclusive { self.error / self.allowed } else { 0.0 }
    }
}

/// The findings at one point.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfCheck {
    /// One finding per quantity.
    pub findings: Vec<Finding>,
}

impl SelfCheck {
    /// The conclusive finding with the largest error relative to its tolerance; `None` if none is conclusive.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        self.findings.iter().filter(|finding| finding.conclusive).max_by(|a, b| a.share().total_cmp(&b.share()))
    }
}
