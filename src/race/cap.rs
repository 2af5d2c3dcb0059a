//! `kl-cap`: a step is halved until KL(old ‖ new) is small enough.
//!
//! The optimizer's state is unaffected; its next gradient is that at the point where the shorter step ends.

use crate::optimizer::{Motion, Optimizer};
use crate::problem::{Failure, Local, Outside};

/// The number of halvings after which no step is made: the last candidate is 2⁻⁶⁰ of the step.
const HALVINGS: i32 = 60;

/// Shortens the step that was made from `here` to `next`, with room for a copy of it, until KL(here ‖ next) ≤ `kl`, without
/// slack. A candidate outside the space is refused; a step that failed for another reason stays as it is.
pub(super) fn shorten(
    optimizer: &dyn Optimizer,
    here: &Local<'_>,
    made: Result<Motion, Failure>,
    kl: f64,
    [next, whole]: [&mut Vec<f64>; 2],
) -> Result<Motion, Failure> {
    let mut candidate = match made {
        Ok(Motion::Moved) => Ok(()),
        Err(Failure::Outside(outside)) => Err(outside),
        other => return other,
    };
    whole.clone_from(next);
    for halving in 0..=HALVINGS {
        if halving > 0 {
            let share = 0.5_f64.powi(halving);
            candidate = match (optimizer.shorter(here, share, next), candidate) {
                (Some(found), _) => found,
                (None, Ok(())) => {
                    straight(here.x(), whole, share, next);
                    Ok(())
                }
                // There is no end to which the way could be halved.
                (None, Err(outside)) => return Err(Failure::Outside(outside)),
            };
        }
        if candidate.is_ok() && !next.iter().all(|x| x.is_finite()) {
            // No shorter one would be; the race says so.
            return Ok(Motion::Moved);
        }
        if candidate.is_ok() && fits(here, next, kl) {
            return Ok(Motion::Moved);
        }
    }
    Ok(Motion::NoStep)
}

/// The point at `share` of the way from `x` to `end`.
fn straight(x: &[f64], end: &[f64], share: f64, out: &mut [f64]) {
    for ((out, x), end) in out.iter_mut().zip(x).zip(end) {
        *out = x + (end - x) * share;
    }
}

fn fits(here: &Local<'_>, next: &[f64], kl: f64) -> bool {
    let outside: Option<Outside> = here.site.problem().violation(next);
    outside.is_none() && here.site.kl_to(next) <= kl
}
