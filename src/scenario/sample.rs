//! A sample in place of data: what it is drawn from, so that it can be drawn again with another seed.

use std::sync::Arc;

use crate::family::{Family, FamilyInfo};
use crate::math::Vec2;
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::registry::Settings;

/// What a sample is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The family.
    pub family: &'static FamilyInfo,
    /// What is fixed of it.
    pub settings: Settings,
    /// Where in the family, in canonical parameters.
    pub from: [f64; 2],
    /// The number of observations.
    pub size: u64,
}

impl Sample {
    /// The family.
    #[must_use]
    pub fn source(&self) -> Arc<dyn Family> {
        (self.family.build)(&self.settings)
    }

    /// The observations, deterministic in the seed.
    ///
    /// # Errors
    /// The first row, counted from 1, with a number that an f64 cannot represent inside the support, and that number.
    pub fn draw(&self, seed: u64) -> Result<Vec<f64>, (u64, f64)> {
        let family = self.source();
        let support = family.support();
        let mut rng = stream_for(Purpose::Sample, Draw { seed, step: 0 });
        let mut row = vec![0.0; family.width()];
        let mut values = Vec::new();
        for place in 1..=self.size {
            family.sample(Vec2::from(self.from), &mut rng, &mut row);
            if let Some((_, x)) = row.iter().enumerate().find(|(i, x)| !support.admits(*i, **x)) {
                return Err((place, *x));
            }
            values.extend(&row);
        }
        Ok(values)
    }
}
