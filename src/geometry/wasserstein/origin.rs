//! W₂ from one distribution to many others: what is known of the one is computed once.

use super::law::Law;
use super::quantiles::Quantiles;
use super::{TOLERANCE, distance, is_closed_distance, with_ends};
use crate::family::Family;
use crate::math::Vec2;

/// Differences of the parameters, in units of 1/√Fᵢᵢ, from which the quantiles' rounding does not show.
const FAR: f64 = 1e-3;

/// A distribution from which W₂ is measured.
pub struct Origin<'a> {
    family: &'a dyn Family,
    p: Vec2,
    /// The distribution where W₂ takes integrals.
    known: Option<(Law<'a>, Quantiles)>,
}

impl<'a> Origin<'a> {
    /// That of the canonical parameters `p`.
    #[must_use]
    pub fn new(family: &'a dyn Family, p: Vec2) -> Self {
        let known = || {
            let law = Law::new(family, p)?;
            let quantiles = Quantiles::new(&law)?;
            Some((law, quantiles))
        };
        Self { family, p, known: if is_closed_distance(family, p) { None } else { known() } }
    }

    /// [`distance`] to `q`.
    ///
    /// # Errors
    /// As [`distance`].
    pub fn distance(&self, q: Vec2) -> Result<f64, &'static str> {
        let quick = self.known.as_ref().and_then(|(law, quantiles)| self.quick(law, quantiles, q));
        quick.map_or_else(|| distance(self.family, self.p, q), Ok)
    }

    /// The same by the nodes of `q`'s pieces; `None` where these are too few or the two are near.
    fn quick(&self, law: &Law<'a>, quantiles: &Quantiles, q: Vec2) -> Option<f64> {
        let unit = self.family.fisher(self.p).diagonal().map(f64::sqrt);
        if (q - self.p).component_mul(&unit).amax() < FAR {
            return None;
        }
        let from = Law::new(self.family, q)?;
        let total = from.carried(TOLERANCE, |tail| quantiles.spot(law, tail))?;
        with_ends(&from, law, total)
    }
}
