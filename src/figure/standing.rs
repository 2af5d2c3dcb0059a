//! The racers that are drawn, and where they stand.

use crate::app::Show;
use crate::math::Vec2;

/// The racers that are drawn.
pub fn shown(show: &Show) -> impl Iterator<Item = usize> + '_ {
    (0..show.world.scenario.racers.len()).filter(|racer| show.on.get(*racer).copied().unwrap_or(true))
}

/// The racers that are drawn, and where each of them stands.
pub fn standing(show: &Show) -> impl Iterator<Item = (usize, Vec2)> + '_ {
    let step = show.now();
    shown(show).map(move |racer| (racer, show.race.trace(racer).at(step).p()))
}
