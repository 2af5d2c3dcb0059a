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

/// Keys that are not an optimizer's own.
pub const SHARED: &[Field] = &[SCHEDULE, OFFSET, KL_CAP, BASELINE];

impl OptimizerInfo {
    /// Those of [`SHARED`] that this optimizer has: a schedule changes a learning rate, a cap shortens steps that have no
    /// radius of their own, and who computes no step has neither. And the key of presets, if there are any of it.
    #[must_use]
    pub fn shared(&self) -> Vec<Field> {
        let has = |field: &&Field| match field.name {
            name if name == SCHEDULE.name || name == OFFSET.name => self.rate.is_some_and(|rate| rate.power == 1),
            name if name == KL_CAP.name => self.capped,
            _ => self.path.is_none(),
        };
        SHARED.iter().filter(has).copied().chain(self.preset_field()).collect()
    }
}
