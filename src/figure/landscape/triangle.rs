//! A bandit of three arms on its simplex: an equilateral triangle with a corner an arm.
//!
//! The landscape is drawn as any other, in a chart of its own (`Family::drawn_in`): the first arm at the lower right, the
//! second above, the third at the lower left, a side of length 1.

use crate::app::Seen;
use crate::figure::landscape::bounds::Bounds;
use crate::figure::standing::subject;
use crate::format;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::mark::{Ink, Label, Line, Mark, Place, Point, Role};
use crate::plot::text::width;
use crate::plot::theme::glyph;
use crate::problem::Outcome;
use crate::problem::process::Finite;

/// √3/2.
const HEIGHT: f64 = 0.866_025_403_784_438_6;
/// The corners by arm.
const CORNERS: [Point; 3] = [[1.0, 0.0], [0.5, HEIGHT], [0.0, 0.0]];
/// Dots that are kept free: on both sides together, above and below together, and above.
const SIDES: f64 = 24.0;
const ENDS: f64 = 10.0;
const ABOVE: f64 = 2.0;
/// Below this width labels have no shares of seeds.
const WIDE: usize = 60;
/// How many columns of a label may be moved inward.
const INWARD: usize = 30;

/// The bandit, if the picture is its simplex.
#[must_use]
pub fn bandit<'a>(show: &'a Seen<'_>) -> Option<&'a Finite> {
    let family = &show.world.family;
    let own = show.world.scenario.process().filter(|process| process.bandit && process.actions.len() == 3)?;
    // Only a chart that is drawn in another one leads to where it is not itself listed.
    (show.chart.index() >= family.info().charts.len()).then_some(own)
}

/// What is in view with the whole triangle in a picture of so many cells: equilateral in dots.
#[must_use]
pub fn bounds(columns: u16, rows: u16) -> Bounds {
    let (wide, tall) = (2.0 * f64::from(columns), 4.0 * f64::from(rows));
    let side = (wide - SIDES).min((tall - ENDS) / HEIGHT).max(8.0);
    let left = 0.5 * (wide - side);
    let foot = ABOVE + side * HEIGHT;
    let low = Vec2::new(-left / side, (foot - tall) / side);
    Bounds { low, high: low + Vec2::new(wide, tall) / side }
}

/// The edges.
#[must_use]
pub fn edges() -> Mark {
    let around = CORNERS.into_iter().chain([CORNERS[0]]).collect();
    Mark::Line(Line::thin(around, Ink::Role(Role::Dim)))
}

/// What each arm pays, at its corner, and the share of the chosen racer's seeds that have settled on it.
#[must_use]
pub fn corners(show: &Seen<'_>, process: &Finite, frame: &Frame) -> Vec<Mark> {
    let settled = if frame.columns < WIDE { None } else { settled(show) };
    let each = CORNERS.iter().enumerate().filter_map(|(arm, corner)| {
        let (column, row) = frame.cell(corner[0], corner[1])?;
        let mut text = format!("{} pays {}", process.actions[arm], format::label(process.rewards[arm]));
        if let Some((shares, glyph)) = settled.map(|shares| (shares, glyph(subject(show)))) {
            text = format!("{text}, {glyph} {}", percent(shares[arm]));
        }
        let long = usize::from(width(&text));
        let middle = |(column, row): (usize, usize)| frame.data(column as f64 + 0.5, row as f64 + 0.5);
        let anchors = if arm == 1 {
            // Right of the top, where there is nothing.
            [3, 2].map(|gap| middle((column + gap + long / 2, row))).to_vec()
        } else {
            let inward = |by: usize| if arm == 0 { column.saturating_sub(by) } else { column + by };
            (0..INWARD).flat_map(|by| [row + 1, row + 2].map(|row| middle((inward(by), row)))).collect()
        };
        Some(Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::Text) }))
    });
    each.collect()
}

/// Which shares of the chosen racer's seeds give each arm nearly everything at the playhead; `None` if it has one member, or is
/// not shown.
fn settled(show: &Seen<'_>) -> Option<[f64; 3]> {
    let cloud = show.cloud().filter(|_| show.on[subject(show)])?;
    let now = show.now();
    let members = cloud.ensemble().members(subject(show));
    let points: Vec<[f64; 2]> = members.filter_map(|(_, member)| Some(member.at(now)?.point.map(f64::from))).collect();
    let of = |arm: usize| {
        let p = |[first, second]: [f64; 2]| [first, second, 1.0 - first - second][arm];
        points.iter().filter(|point| p(**point) > Outcome::SETTLED).count() as f64 / points.len() as f64
    };
    (!points.is_empty()).then(|| [0, 1, 2].map(of))
}

/// A share in percent; what is not nothing is not told as nothing.
fn percent(share: f64) -> String {
    match share {
        ..=0.0 => "0 %".to_owned(),
        ..0.005 => "< 1 %".to_owned(),
        0.995..1.0 => "> 99 %".to_owned(),
        _ => format!("{:.0} %", 100.0 * share),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_none_and_all_are_told_as_such() {
        let shares = [0.0, 0.0004, 0.09, 0.478, 0.9996, 1.0];
        assert_eq!(shares.map(percent), ["0 %", "< 1 %", "9 %", "48 %", "> 99 %", "100 %"]);
    }
}
