//! A Gaussian action, linear in the state: its mean as a line of the state for every racer, and one standard deviation
//! about that of the chosen one.

use super::standing;
use crate::app::Show;
use crate::figure::reach::across;
use crate::figure::standing::{shown, subject};
use crate::figure::words::titled;
use crate::plot::mark::{Ink, Layer, Line, Mark, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::theme::glyph;
use crate::plot::ticks::readable;
use crate::plot::{PaneFigure, Room};

/// How many standard deviations of the state are shown.
const REACH: f64 = 2.5;
/// The smallest pane with labels, and the rows between them.
const LABELLED: [u16; 2] = [24, 6];
const SPACING: f64 = 3.0;

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, blank: PaneFigure) -> PaneFigure {
    let variance = show.race.runner(0).site(0).and_then(|site| site.portrait()?.variance);
    let sd = variance.unwrap_or(f64::NAN).sqrt();
    let racers: Vec<(usize, [f64; 2])> = shown(show)
        .filter_map(|racer| {
            let own = show.race.runner(racer).parameters(standing(show, racer)).into_owned();
            Some((racer, [*own.first()?, *own.get(1)?]))
        })
        .filter(|(_, own)| own.iter().all(|x| x.is_finite()))
        .collect();
    let reach = REACH * sd;
    let start = &show.world.scenario.start;
    // Room for the start, which does not move, and for whoever is drawn now.
    let [gain, spread] = [start[0], start[1]];
    let most = racers.iter().map(|(_, [gain, _])| gain.abs() * reach).fold(gain.abs() * reach + spread, f64::max);
    let chosen = racers.iter().find(|(racer, _)| *racer == subject(show));
    let top = 1.08 * chosen.map_or(most, |(_, [gain, sd])| most.max(gain.abs() * reach + sd));
    if !(reach > 0.0 && reach.is_finite() && top > 0.0 && top.is_finite()) {
        return blank;
    }
    let line = |gain: f64, by: f64| vec![[-reach, gain * reach + by], [reach, -gain * reach + by]];
    let mut fill = Vec::new();
    if let Some((_, [gain, sd])) = chosen {
        let [upper, lower] = [line(*gain, *sd), line(*gain, -*sd)];
        fill.push(Mark::Area(upper.iter().chain(lower.iter().rev()).copied().collect()));
    }
    let mean = |(racer, [gain, _]): &(usize, [f64; 2])| Mark::Line(Line::thin(line(*gain, 0.0), Ink::Racer(*racer)));
    let lines = racers.iter().map(mean).collect();
    let cell = 2.0 * reach / f64::from(room.columns);
    let end = |(racer, [gain, _]): &(usize, [f64; 2])| {
        Mark::Sign([reach - 0.5 * cell, -gain * (reach - 0.5 * cell)], Sign::Head(*racer))
    };
    let signs = racers.iter().map(end).collect();
    let labelled = room.columns >= LABELLED[0] && room.rows >= LABELLED[1];
    let up = [-top, top];
    let plot = Plot {
        x: across("state x", [-reach, reach], room.columns).into(),
        y: Axis {
            range: up,
            log: false,
            name: if labelled { "action u".to_owned() } else { String::new() },
            ticks: if labelled { readable(up, room.rows, SPACING, "") } else { Vec::new() },
        }
        .into(),
        labels: if labelled { Labels::Inside } else { Labels::None },
        grid: false,
        equal: false,
        settled: Settled::default(),
        layers: vec![Layer::new(Tier::Ground, fill), Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)],
    };
    let law = "u ~ N(−gain·x, sd²)";
    let whose = chosen.map(|(racer, _)| format!("{} ±1 sd", glyph(*racer)));
    let long = whose.iter().map(|whose| format!("{law}, {whose}"));
    let short = whose.iter().map(|whose| format!("mean u, {whose}"));
    let detail = titled(&blank.name, room.columns, long.chain([law.to_owned()]).chain(short));
    PaneFigure { detail, plot: Some(plot), ..blank }
}
