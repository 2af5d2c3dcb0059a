//! What the members of an ensemble have settled on by the playhead: best, open or wrong, and the largest KL of a step so far.

use super::racers::window;
use super::words::{bold, dim, label, text, titled};
use crate::app::Show;
use crate::app::cloud::Cloud;
use crate::plot::mark::{Ink, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::{PaneFigure, Room};
use crate::problem::Outcome;

/// The columns of the numbers on the right.
const NUMBERS: u16 = 16;
/// The columns before a bar: number and glyph.
const LEAD: u16 = 5;
/// Below this width the bars are left out.
const NARROW: u16 = 34;
/// From this width on the racers' names stand before the bars, and what is left to these then.
const NAMED: u16 = 66;
const LEAST: u16 = 26;
/// The share of wrong members from which it stands out.
const MANY: f64 = 0.2;

/// The members of a racer at a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// How many have arrived.
    pub all: usize,
    /// How many are best, open, wrong, in the order of [`Outcome::ALL`].
    pub outcomes: [usize; 3],
    /// The largest KL of a step, nats; NaN before the first.
    pub largest_kl: f64,
}

impl Count {
    /// Of the members that have arrived.
    #[must_use]
    pub fn of(cloud: &Cloud, racer: usize, step: usize) -> Self {
        let mut count = Self { all: 0, outcomes: [0; 3], largest_kl: f64::NAN };
        for (_, member) in cloud.ensemble().members(racer) {
            let Some(glimpse) = member.at(step) else { continue };
            count.all += 1;
            count.largest_kl = count.largest_kl.max(f64::from(glimpse.largest_kl));
            if let Some(place) = Outcome::ALL.iter().position(|outcome| Some(*outcome) == glimpse.outcome) {
                count.outcomes[place] += 1;
            }
        }
        count
    }

    /// The share of an outcome, by its place in [`Outcome::ALL`]; NaN if there are no members.
    #[must_use]
    pub fn share(&self, place: usize) -> f64 {
        self.outcomes[place] as f64 / self.all as f64
    }

    /// The cells of a bar for each outcome: in proportion, and at least one for any that occurs.
    #[must_use]
    pub fn cells(&self, width: u16) -> [u16; 3] {
        let of = |place: usize| {
            let cells = (self.share(place) * f64::from(width)).round() as u16;
            if self.outcomes[place] > 0 { cells.max(1) } else { 0 }
        };
        let (best, wrong) = (of(0), of(2));
        let rest = width.saturating_sub(best + wrong);
        [best.min(width.saturating_sub(wrong)), rest, wrong]
    }
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room) -> PaneFigure {
    let name = "Outcomes".to_owned();
    let Some(cloud) = show.cloud() else { return PaneFigure { name, ..PaneFigure::default() } };
    let now = show.now();
    let bar = room.columns.saturating_sub(LEAD + NUMBERS + 1);
    let names = if room.columns < NAMED { 0 } else { longest(show).min(bar.saturating_sub(LEAST + 1)) };
    let lead = LEAD + if names > 0 { names + 1 } else { 0 };
    let bar = room.columns.saturating_sub(lead + NUMBERS + 1);
    let mut rows = vec![heading(lead, room)];
    let racers = &show.world.scenario.racers;
    let (first, shown) = window(racers.len(), show.chosen, usize::from(room.rows).saturating_sub(1));
    for (racer, spec) in racers.iter().enumerate().skip(first).take(shown) {
        let count = Count::of(cloud, racer, now);
        let mut row = vec![dim(1, (racer + 1).to_string()), label(3, Sign::Racer(racer), racer)];
        if lead > LEAD {
            row.push(text(LEAD, &spec.label).most(names));
        }
        if room.columns >= NARROW {
            row.extend(bars(&count, racer, lead, bar));
        }
        row.extend(numbers(&count, room));
        if racer == show.chosen {
            row.insert(0, Span { text: Words::Chosen, ..text(0, "").ink(Ink::Racer(racer)) });
        }
        rows.push(row);
    }
    if shown < racers.len() {
        rows.push(vec![dim(LEAD, format!("+ {} more", racers.len() - shown))]);
    }
    let arrived = cloud.ensemble().arrived();
    let share = format!("share of {arrived} seeds");
    let all = [format!("{share} with an action above 0.99"), share, format!("{arrived} seeds")];
    let detail = titled(&name, room.columns, all);
    PaneFigure { name, detail, table: Some((room.columns, Table { rows })), ..PaneFigure::default() }
}

fn longest(show: &Show) -> u16 {
    let widths = show.world.scenario.racers.iter().map(|racer| racer.label.chars().count());
    u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX)
}

fn heading(lead: u16, room: Room) -> Vec<Span> {
    let end = room.columns.saturating_sub(1);
    let mut row = vec![dim(end.saturating_sub(8), "wrong").right(), dim(end, "max KL").right()];
    let room = end.saturating_sub(NUMBERS + lead);
    let words = ["best █  open ·  wrong ╳", "best █  wrong ╳"];
    let fits = words.into_iter().find(|words| words.chars().count() <= usize::from(room));
    row.extend(fits.map(|words| dim(lead, words)));
    row
}

fn bars(count: &Count, racer: usize, lead: u16, width: u16) -> Vec<Span> {
    let [best, open, wrong] = count.cells(width);
    let piece = |column: u16, sign: &str, cells: u16, ink: Ink| {
        (cells > 0).then(|| Span { ink, ..text(column, sign.repeat(usize::from(cells))) })
    };
    [
        piece(lead, "█", best, Ink::Past(racer)),
        piece(lead + best, "·", open, dim(0, "").ink),
        piece(lead + best + open, "╳", wrong, Ink::Racer(racer)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn numbers(count: &Count, room: Room) -> Vec<Span> {
    let end = room.columns.saturating_sub(1);
    let share = count.share(2);
    let words = if share.is_nan() { "–".to_owned() } else { format!("{:.1} %", 100.0 * share) };
    let wrong = if share > MANY { bold(end.saturating_sub(8), &words) } else { text(end.saturating_sub(8), &words) };
    let kl = if count.largest_kl.is_nan() { "–".to_owned() } else { crate::format::value(count.largest_kl) };
    vec![wrong.right(), text(end, &kl).right()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_outcome_has_a_cell_and_a_bar_is_never_longer_than_its_width() {
        for (outcomes, width, wanted) in [
            ([500, 500, 0], 20, [10, 10, 0]),
            ([1, 998, 1], 20, [1, 18, 1]),
            ([999, 0, 1], 10, [9, 0, 1]),
            ([0, 0, 0], 10, [0, 10, 0]),
            ([1, 1, 1], 1, [0, 0, 1]),
        ] {
            let count = Count { all: outcomes.iter().sum(), outcomes, largest_kl: 0.0 };
            assert_eq!(count.cells(width), wanted, "{outcomes:?}");
        }
    }
}
