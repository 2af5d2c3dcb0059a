//! The racers that are drawn, and where they stand.

use crate::app::Show;
use crate::math::Vec2;

/// The racers that are drawn.
pub fn shown(show: &Show) -> impl Iterator<Item = usize> + '_ {
    (0..show.world.scenario.racers.len()).filter(|racer| show.on.get(*racer).copied().unwrap_or(true))
}

/// The racer of whom panes of a single one tell: the chosen one or, while that is off, the first that is drawn.
#[must_use]
pub fn subject(show: &Show) -> usize {
    let on = |racer: &usize| shown(show).any(|other| other == *racer);
    Some(show.chosen).filter(on).or_else(|| shown(show).next()).unwrap_or(show.chosen)
}

/// The racers that are drawn, and where each of them stands.
pub fn standing(show: &Show) -> impl Iterator<Item = (usize, Vec2)> + '_ {
    let step = show.now();
    shown(show).map(move |racer| (racer, show.race.trace(racer).at(step).p()))
}
