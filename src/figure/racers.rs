//! The table of racers: number, glyph, label and, as space allows, what their last step has brought.
//!
//! A racer that is no longer running shows its state in place of its numbers.

use super::words::{Line, dim, label, text};
use crate::app::Show;
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::{clip_middle, width};
use crate::plot::{PaneFigure, Room};
use crate::problem::quantities::{FISHER_STEP, GRAD_NORM, KL_STEP, LOSS, QuantityInfo, to_optimum};
use crate::race::{Ending, Quantity, Reading, Status};
use crate::scenario::Racer;

/// The width of a column of numbers with the gap before it, and of a number.
const COLUMN: u16 = 9;
const NUMBER: u16 = 7;
/// The number of rows from which on a heading is worth one of them.
const HEADED: usize = 4;
/// The width reserved for labels before any number is shown.
const SHORTEST: u16 = 8;
/// From this width on a table that has the room shows all columns.
const WIDE: u16 = 100;
/// How many columns there are in a narrower one.
const FEW: usize = 3;

/// A column of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    Quantity(&'static QuantityInfo),
    /// The KL of a step over the racer's own radius.
    Share,
}

/// The radius of a racer's steps, if it has one of its own.
#[must_use]
pub fn radius(racer: &Racer) -> Option<f64> {
    let rate = racer.kind.rate.filter(|_| racer.kind.trust_region)?;
    Some(racer.settings.number(rate.field))
}

impl Column {
    /// The columns of a race, the most important first: what a trust region is about, where that is what it is about.
    fn of(show: &Show, room: Room) -> Vec<Self> {
        let racers = &show.world.scenario.racers;
        let regions = 2 * racers.iter().filter(|racer| radius(racer).is_some()).count() >= racers.len();
        let distances = show.race.runners().iter().all(|runner| runner.problem().closed_distance());
        let [loss, kl, away, gradient, fisher] =
            [LOSS, KL_STEP, to_optimum(distances), GRAD_NORM, FISHER_STEP].map(Self::Quantity);
        let first = if regions { [kl, Self::Share, loss, away] } else { [loss, kl, away, gradient] };
        let rest = [gradient, fisher].into_iter().filter(|column| !first.contains(column));
        let most = if room.columns < WIDE { FEW + usize::from(regions) } else { usize::MAX };
        first.into_iter().chain(rest).take(most).collect()
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Quantity(info) => info.heading,
            Self::Share => "KL/δ",
        }
    }

    fn written(self, show: &Show, racer: usize, step: usize) -> String {
        let runner = show.race.runner(racer);
        let row = runner.trace().rows.at(step);
        let stands = row.status == Status::NoStep;
        match self {
            Self::Quantity(info) if stands && info == KL_STEP => "no step".to_owned(),
            Self::Quantity(info) => format::value(Reading::new(runner).at(Quantity::Listed(info), step)),
            Self::Share if stands => "–".to_owned(),
            Self::Share => share(row.kl_step, radius(&show.world.scenario.racers[racer])),
        }
    }
}

/// KL over a racer's own radius, with two decimals.
#[must_use]
pub fn share(kl: f64, radius: Option<f64>) -> String {
    radius.map(|radius| kl / radius).filter(|share| share.is_finite()).map_or("–".to_owned(), |x| format!("{x:.2}"))
}

/// The table as it is laid out.
struct Layout {
    columns: Vec<Column>,
    /// Where labels begin: after number, glyph and gaps.
    label: u16,
    /// Whether there is a heading, and the racers that are listed: the first and how many.
    headed: bool,
    first: usize,
    shown: usize,
    width: u16,
}

impl Layout {
    fn new(show: &Show, room: Room) -> Self {
        let (racers, height) = (show.world.scenario.racers.len(), usize::from(room.rows));
        let label = if racers > 9 { 6 } else { 5 };
        let headed = height > 0 && (height > racers || (height < racers && height >= HEADED));
        let (first, shown) = window(racers, show.chosen, height - usize::from(headed));
        let free = room.columns.saturating_sub(label + 2);
        let longest = show.world.scenario.racers.iter().map(|racer| width(&racer.label)).max().unwrap_or(0);
        let least = longest.min(free.saturating_sub(COLUMN)).max(SHORTEST);
        let mut columns = Column::of(show, room);
        columns.truncate(usize::from(free.saturating_sub(least) / COLUMN));
        Self { columns, label, headed, first, shown, width: room.columns }
    }

    /// The column before which a number ends.
    fn end(&self, column: usize) -> u16 {
        let after = u16::try_from(self.columns.len() - 1 - column).unwrap_or(u16::MAX);
        self.width.saturating_sub(2).saturating_sub(COLUMN.saturating_mul(after))
    }

    /// The columns for a label.
    fn room(&self) -> u16 {
        if self.columns.is_empty() {
            return self.width.saturating_sub(self.label + 2);
        }
        self.end(0).saturating_sub(NUMBER + 1 + self.label)
    }
}

/// The racers that are listed: the first and how many. Where not all fit, one row is left to say how many do not.
fn window(racers: usize, chosen: usize, rows: usize) -> (usize, usize) {
    if racers <= rows {
        return (0, racers);
    }
    let shown = rows.saturating_sub(1);
    ((chosen + 1).saturating_sub(shown).min(racers - shown), shown)
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room) -> PaneFigure {
    let layout = Layout::new(show, room);
    let mut rows = Vec::new();
    if layout.headed {
        rows.push(heading(&layout));
    }
    rows.extend((layout.first..layout.first + layout.shown).map(|racer| row(show, racer, &layout)));
    let more = show.world.scenario.racers.len() - layout.shown;
    if more > 0 {
        rows.resize(usize::from(room.rows).saturating_sub(1), Vec::new());
        rows.push(vec![dim(layout.label, &format!("+ {more} more"))]);
    }
    PaneFigure { name: "Racers".to_owned(), table: Some((room.columns, Table { rows })), ..PaneFigure::default() }
}

fn heading(layout: &Layout) -> Line {
    let name = |(at, column): (usize, &Column)| dim(layout.end(at), column.name()).right();
    let names = layout.columns.iter().enumerate().map(name);
    [dim(layout.label, "racer")].into_iter().chain(names).collect()
}

fn row(show: &Show, racer: usize, layout: &Layout) -> Line {
    let now = show.now();
    let (chosen, on) = (racer == show.chosen, show.on.get(racer).copied().unwrap_or(true));
    let trace = show.race.trace(racer);
    let ending = trace.ended_by(now);
    let ink = |role| Ink::Role(if on { role } else { Role::Dim });
    let mut line = Vec::new();
    if chosen {
        let text = Words::Chosen;
        line.push(Span { column: 0, right: false, most: 1, text, ink: Ink::Racer(racer), bold: false });
    }
    line.push(dim(layout.label - 3, &(racer + 1).to_string()).right());
    let sign = if ending.is_some() { Sign::Dead(racer) } else { Sign::Racer(racer) };
    let sign = label(layout.label - 2, sign, racer);
    line.push(if on { sign } else { Span { bold: false, ..sign.ink(Ink::Role(Role::Dim)) } });
    let name = &show.world.scenario.racers[racer].label;
    let said = |most: u16| Span { bold: chosen, ..text(layout.label, &clip_middle(name, most)).most(most) };
    let Some(ending) = ending else {
        line.push(said(layout.room()).ink(ink(Role::Text)));
        let step = now.min(trace.last_alive());
        for (at, column) in layout.columns.iter().enumerate() {
            line.push(text(layout.end(at), &column.written(show, racer, step)).right().ink(ink(Role::Text)));
        }
        return line;
    };
    let most = layout.width.saturating_sub(layout.label);
    line.push(said(most).ink(Ink::Role(Role::Dim)));
    let after = layout.label + width(name).min(most);
    let tale = tale(ending, layout.width.saturating_sub(after + 2));
    line.push(text(layout.width.saturating_sub(1), &tale).right().ink(Ink::Racer(racer)));
    line
}

/// Why a racer ended, in the longest wording that fits.
fn tale(ending: &Ending, room: u16) -> String {
    let (long, short) = match ending.status {
        Status::LeftFamily => ("left family at step", "left at step"),
        Status::Singular => ("singular at step", "singular at"),
        Status::NotIntegrated => ("not integrated at step", "not integrated at"),
        Status::NotFinite | Status::Running | Status::NoStep => ("not finite at step", "not finite at"),
    };
    [
        format!("{long} {}: {}", ending.step, ending.reason),
        format!("{short} {}", ending.step),
        format!("step {}", ending.step),
    ]
    .into_iter()
    .find(|text| width(text) <= room)
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_racer_stays_in_view() {
        for (racers, rows) in (0..12).flat_map(|racers| (0..14).map(move |rows| (racers, rows))) {
            for chosen in 0..racers {
                let (first, shown) = window(racers, chosen, rows);
                assert!(first + shown <= racers && shown <= rows);
                assert!(shown == 0 || (first..first + shown).contains(&chosen), "{racers} {rows} {chosen}");
            }
        }
        assert_eq!(window(7, 0, 4), (0, 3));
    }

    #[test]
    fn a_share_is_that_of_the_racers_own_radius() {
        assert_eq!([share(0.00877, Some(0.01)), share(0.1, None), share(f64::NAN, Some(0.1))], ["0.88", "–", "–"]);
    }

    #[test]
    fn an_ending_is_told_as_room_allows() {
        let ending = Ending { step: 11, status: Status::LeftFamily, reason: "variance ≤ 0".to_owned() };
        assert_eq!(tale(&ending, 40), "left family at step 11: variance ≤ 0");
        assert_eq!(tale(&ending, 20), "left at step 11");
        assert_eq!(tale(&ending, 2), "");
        let singular = Ending { step: 3, status: Status::Singular, reason: "diagonal entry 1 of F is 0.0".to_owned() };
        assert_eq!(tale(&singular, 60), "singular at step 3: diagonal entry 1 of F is 0.0");
        assert_eq!(tale(&singular, 20), "singular at 3");
    }
}
