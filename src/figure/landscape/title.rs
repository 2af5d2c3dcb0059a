//! What the landscape's title says of the plane on which more than two parameters are drawn.

use crate::app::Seen;
use crate::format;
use crate::plot::text::width;
use crate::scenario::Plane;

/// Which plane it is and how much of the paths' variance about the start lies in it, as long as `room` columns allow;
/// `None` if two parameters are drawn as they are.
pub fn plane(show: &Seen<'_>, room: u16) -> Option<String> {
    let share = show.world.plane()?.share();
    let what = match show.world.scenario.view.plane {
        Plane::Paths => "principal plane".to_owned(),
        Plane::Coordinates(_) => show.world.family.chart(show.chart).info().axes.join(" × "),
        Plane::Random(_) => "random plane".to_owned(),
    };
    if share.is_nan() {
        return Some(what);
    }
    let share = percent(share);
    let all = [
        format!("{what}: {share} of the paths' variance"),
        format!("{what}: {share} of variance"),
        format!("{what}: {share}"),
    ];
    let shortest = format!("{share} of variance");
    Some(all.into_iter().find(|text| width(text) <= room).unwrap_or(shortest))
}

/// A share in percent, rounded down: only all of it is 100 %.
fn percent(share: f64) -> String {
    format!("{} %", format::label((share * 1000.0 + 1e-6).floor() / 10.0))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_all_of_it_is_a_hundred_percent() {
        let shares = [1.0, 1.0 - 1e-12, 0.9999, 0.125, 0.0];
        assert_eq!(shares.map(percent), ["100 %", "100 %", "99.9 %", "12.5 %", "0 %"]);
    }
}
