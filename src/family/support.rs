//! Which observations a family has, and which pairs of numbers are not points of it.

/// Why a pair of numbers is not a point of a family: `quantity` is `broken` and must be `wanted`.
///
/// `sd` `≤ 0` `> 0` reads "sd ≤ 0" on screen and "sd must be > 0" in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The parameter, the coordinate or the combination of them that is out of range.
    pub quantity: &'static str,
    /// What it is, as a predicate.
    pub broken: &'static str,
    /// What it must be.
    pub wanted: &'static str,
}

impl Violation {
    /// `quantity` is not above zero.
    #[must_use]
    pub const fn not_positive(quantity: &'static str) -> Self {
        Self { quantity, broken: "≤ 0", wanted: "> 0" }
    }

    /// `quantity` is infinite or not a number.
    #[must_use]
    pub const fn not_finite(quantity: &'static str) -> Self {
        Self { quantity, broken: "is not finite", wanted: "a finite number" }
    }
}

/// The largest count, 2⁵³: doubles above it no longer resolve single counts.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The support of a family's distributions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// All real numbers.
    Real,
    /// The numbers above zero.
    Positive,
    /// The open interval from 0 to 1.
    Unit,
    /// Angles in radians: any finite number, modulo 2π.
    Circle,
    /// The outcomes 1, 2, ..., n.
    Outcomes(u32),
    /// Pairs of real numbers.
    Plane,
    /// Pairs of counts 0, 1, 2, ...
    CountPairs,
    /// Pairs of 0 and 1.
    BitPairs,
    /// A covariate, which is a real number, and a label, 0 or 1.
    Labelled,
}

impl Support {
    /// The number of components of an observation, 1 or 2.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::Real | Self::Positive | Self::Circle | Self::Unit | Self::Outcomes(_) => 1,
            Self::Plane | Self::CountPairs | Self::BitPairs | Self::Labelled => 2,
        }
    }

    /// Why the observations are not one real variable, whose distributions a distribution function describes; `None` if
    /// they are.
    ///
    /// A circle has no first point: ∂ᵢP would depend on where it is cut, and mass that crosses the cut would be carried
    /// all the way round.
    #[must_use]
    pub const fn unordered(self) -> Option<&'static str> {
        match self {
            Self::Real | Self::Positive | Self::Unit => None,
            Self::Circle => Some("the observations are angles, which have no distribution function"),
            Self::Outcomes(_) => Some("the observations are discrete outcomes"),
            Self::Plane | Self::CountPairs | Self::BitPairs | Self::Labelled => Some("the observations are pairs"),
        }
    }

    /// Whether `x` is a possible observation; its length must be [`Support::width`].
    #[must_use]
    pub fn contains(self, x: &[f64]) -> bool {
        x.len() == self.width() && x.iter().enumerate().all(|(i, x)| self.admits(i, *x))
    }

    /// Whether `x` is a valid component `i` of an observation.
    #[must_use]
    pub fn admits(self, i: usize, x: f64) -> bool {
        let bit = || x == 0.0 || x == 1.0;
        match self {
            Self::Real | Self::Circle | Self::Plane => x.is_finite(),
            Self::Positive => x.is_finite() && x > 0.0,
            Self::Unit => x > 0.0 && x < 1.0,
            Self::Outcomes(n) => x >= 1.0 && x <= f64::from(n) && x.fract() == 0.0,
            Self::CountPairs => (0.0..=MOST).contains(&x) && x.fract() == 0.0,
            Self::BitPairs => bit(),
            Self::Labelled => {
                if i == 0 {
                    x.is_finite()
                } else {
                    bit()
                }
            }
        }
    }

    /// A description of an observation: "a number > 0".
    #[must_use]
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Real => "a finite number",
            Self::Positive => "a number > 0",
            Self::Unit => "a number between 0 and 1",
            Self::Circle => "an angle in radians, a finite number",
            Self::Outcomes(_) => "an outcome: 1, 2 or 3",
            Self::Plane => "two finite numbers",
            Self::CountPairs => "two counts: 0, 1, 2, ...",
            Self::BitPairs => "two numbers that are 0 or 1",
            Self::Labelled => "a finite number and a label, 0 or 1",
        }
    }
}
