//! Where the members of one racer's ensemble, the chosen one's where that is on, stand at the playhead: a dot a seed.

use crate::app::Seen;
use crate::figure::standing::subject;
use crate::math::Vec2;
use crate::plot::mark::{Ink, Mark, Point};

/// The dots; none if the race has one member, or is drawn on a plane that its members do not know.
#[must_use]
pub fn dots(show: &Seen<'_>) -> Option<Mark> {
    let cloud = show.cloud().filter(|_| show.world.plane().is_none() && show.on[subject(show)])?;
    let (chart, now) = (show.world.family.chart(show.chart), show.now());
    let at = |(_, member): (u64, &crate::race::ensemble::Member)| -> Option<Point> {
        let [first, second] = member.at(now)?.point.map(f64::from);
        let x = chart.to_coordinates(Vec2::new(first, second));
        x.iter().all(|x| x.is_finite()).then_some([x[0], x[1]])
    };
    let points: Vec<Point> = cloud.ensemble().members(subject(show)).filter_map(at).collect();
    (!points.is_empty()).then(|| Mark::Dots(points, Ink::Past(subject(show))))
}
