//! Keys that many optimizers have in common, and which of them an optimizer has.

use super::{OFFSET, OptimizerInfo, SCHEDULE};
use crate::registry::{Field, Kind, Preset, Range};

/// The largest KL(old ‖ new) of a step.
pub const KL_CAP: Field = Field::new(
    "kl-cap",
    Kind::Number(Range::POSITIVE),
    Preset::Unset,
    "a step is halved, at most 60 times, until KL(old ‖ new) is at most this, nats; default: no cap",
)
.or(&["max-kl", "kl-limit", "trust-radius"]);

/// What is subtracted from rewards, in place of the objective's.
pub const BASELINE: Field = Field::new(
    "baseline",
    Kind::Choice(&["none", "mean", "value"]),
    Preset::Unset,
    "what is subtracted from the rewards that it sees; default: that of `[objective]`",
)
.or(&["control-variate"]);

/// A row of [`SHARED`].
#[derive(Debug)]
pub struct SharedField {
    /// The key.
    pub field: Field,
    /// Whether an optimizer has it.
    pub has: fn(&OptimizerInfo) -> bool,
}

/// Keys that are not an optimizer's own: a schedule changes a learning rate, a cap shortens steps that have no radius of
/// their own, and who computes no step sees no rewards.
pub const SHARED: &[SharedField] = &[
    SharedField { field: SCHEDULE, has: scheduled },
    SharedField { field: OFFSET, has: scheduled },
    SharedField { field: KL_CAP, has: |info| info.capped },
    SharedField { field: BASELINE, has: |info| info.path.is_none() },
];

fn scheduled(info: &OptimizerInfo) -> bool {
    info.rate.is_some_and(|rate| rate.power == 1)
}

impl OptimizerInfo {
    /// Those of [`SHARED`] that this optimizer has, and the key of presets, if there are any of it.
    #[must_use]
    pub fn shared(&self) -> Vec<Field> {
        let own = SHARED.iter().filter(|row| (row.has)(self)).map(|row| row.field);
        own.chain(self.preset_field()).collect()
    }
}
