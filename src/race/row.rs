//! One step of one optimizer in numbers, as a trace records it.

use serde::{Deserialize, Serialize};

use crate::math::Vec2;
use crate::problem::plane::Projection;

/// The state of an optimizer in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It stepped, or this is the start.
    Running,
    /// It found no acceptable step; the row repeats the point.
    NoStep,
    /// The step left the family. The row is the last, and every number in it is NaN.
    LeftFamily,
    /// A number was not finite. The row is the last, and every number in it is NaN, unless it is row 0.
    NotFinite,
    /// An integral, or the integration of a geodesic, did not meet its tolerance. The row is the last, and
    /// every number in it is NaN, unless it is row 0.
    NotIntegrated,
    /// A matrix that must be inverted is numerically singular. The row is the last, and every number in it is NaN.
    Singular,
}

impl Status {
    /// The name in traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NoStep => "no-step",
            Self::LeftFamily => "left-family",
            Self::NotFinite => "not-finite",
            Self::NotIntegrated => "not-integrated",
            Self::Singular => "singular",
        }
    }

    /// Whether a row in this state is its optimizer's last.
    #[must_use]
    pub const fn ends(self) -> bool {
        match self {
            Self::Running | Self::NoStep => false,
            Self::LeftFamily | Self::NotFinite | Self::NotIntegrated | Self::Singular => true,
        }
    }
}

/// One step of one optimizer. In a row that ends the optimizer every number is NaN, except in row 0, which keeps its
/// numbers; in row 0 the three step lengths are NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// How the step went.
    pub status: Status,
    /// The full loss, nats.
    pub loss: f64,
    /// |g| of the full gradient in the optimizer's chart.
    pub grad_norm: f64,
    /// √(gᵀF⁻¹g), the same in every chart; NaN if F is numerically singular, or if the problem leaves it to be computed
    /// when it is read ([`Runner::natural_norm`](super::Runner::natural_norm)).
    pub natural_norm: f64,
    /// |Δx| in the optimizer's chart.
    pub euclid_step: f64,
    /// √(Δxᵀ F(x_old) Δx).
    pub fisher_step: f64,
    /// KL(p_old ‖ p_new), nats.
    pub kl_step: f64,
    /// The canonical parameters; empty if this step's point is not stored ([`super::Rows::every`]).
    pub parameters: &'a [f64],
    /// The coordinates in the optimizer's chart; empty as the parameters.
    pub coordinates: &'a [f64],
    /// Where a point with more than two parameters is drawn.
    pub plane: Option<&'a Projection>,
}

impl Row<'_> {
    /// The point of the family that is drawn: two canonical parameters, or coordinates on the plane; NaN if there are none.
    #[must_use]
    pub fn p(&self) -> Vec2 {
        drawn(self.plane, self.parameters, self.parameters)
    }

    /// The two coordinates in the optimizer's chart, or those on the plane; NaN if there are none.
    #[must_use]
    pub fn x(&self) -> Vec2 {
        drawn(self.plane, self.parameters, self.coordinates)
    }
}

/// Where parameters lie on the plane, if there is one, else the pair of numbers.
pub(super) fn drawn(plane: Option<&Projection>, parameters: &[f64], numbers: &[f64]) -> Vec2 {
    let plane = plane.filter(|_| !parameters.is_empty());
    plane.map_or_else(|| pair(numbers), |plane| plane.project(parameters))
}

fn pair(numbers: &[f64]) -> Vec2 {
    if let [first, second] = numbers { Vec2::new(*first, *second) } else { Vec2::repeat(f64::NAN) }
}
