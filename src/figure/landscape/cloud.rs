//! Where the members of the chosen racer's ensemble stand at the playhead: a dot a seed.

use crate::app::Seen;
use crate::math::Vec2;
use crate::plot::mark::{Ink, Mark, Point};

/// The dots; none if the race has one member, or is drawn on a plane that its members do not know.
#[must_use]
pub fn dots(show: &Seen<'_>) -> Option<Mark> {
    let cloud = show.cloud().filter(|_| show.world.plane().is_none() && show.on[show.chosen])?;
    let (chart, now) = (show.world.family.chart(show.chart), show.now());
    let at = |(_, member): (u64, &crate::race::ensemble::Member)| -> Option<Point> {
        let [first, second] = member.at(now)?.point.map(f64::from);
        let x = chart.to_coordinates(Vec2::new(first, second));
        x.iter().all(|x| x.is_finite()).then_some([x[0], x[1]])
    };
    let points: Vec<Point> = cloud.ensemble().members(show.chosen).filter_map(at).collect();
    (!points.is_empty()).then(|| Mark::Dots(points, Ink::Past(show.chosen)))
}
