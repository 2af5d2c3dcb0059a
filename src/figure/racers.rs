//! The table of racers: number, glyph, label with the rate and, as space allows, what their last step has brought.
//!
//! A racer that is no longer running shows its state in place of its numbers.

use std::borrow::Cow;
use std::ops::Range;

use super::arrivals::{Arrivals, Goal};
use super::largest::{self, Largest};
use super::words::{Line, dim, label, text};
use crate::app::Show;
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::{clip_among, width};
use crate::plot::{PaneFigure, Recall, Room};
use crate::problem::quantities::{FISHER_STEP, GRAD_NORM, KL_STEP, LOSS, QuantityInfo, to_optimum};
use crate::race::{Ending, Quantity, Reading, Status};
use crate::scenario::{Model, Racer};

/// The width of a column of numbers with the gap before it, and that gap.
const COLUMN: u16 = 9;
const GAP: u16 = 2;
/// The width of a column of shares, which have two decimals.
const NARROW: u16 = 7;
/// The number of rows from which on a heading is worth one of them.
const HEADED: usize = 4;
/// The width reserved for labels before any number is shown.
const SHORTEST: u16 = 8;
/// From this width on a table that has the room shows all columns.
const WIDE: u16 = 100;
/// How many columns there are in a narrower one.
const FEW: usize = 3;
/// Significant digits of a rate.
const DIGITS: usize = 4;
/// How many columns may not give way to rates.
const FIRM: usize = 2;
/// What is left of labels where a column that the scenario asks for needs room; the loss leaves them less.
const CUT: u16 = 12;
/// Those of the coordinate with which a racer left.
const LEFT: usize = 3;

/// A column of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    Quantity(&'static QuantityInfo),
    /// The return of a policy: minus its loss.
    Return,
    /// The KL of a step over the racer's own radius.
    Share,
    /// The step from which the racer has stayed below a tolerance.
    Arrival(Goal),
    /// The largest KL of a step so far.
    Largest,
}

/// The radius of a racer's steps, if it has one of its own.
#[must_use]
pub fn radius(racer: &Racer) -> Option<f64> {
    let rate = racer.kind.rate.filter(|_| racer.kind.trust_region())?;
    Some(racer.settings.number(rate.field))
}

fn regions(show: &Show) -> bool {
    show.world.scenario.racers.iter().any(|racer| radius(racer).is_some())
}

/// A racer's rate or radius with its name, unless its label has the number.
#[must_use]
pub fn rate(racer: &Racer) -> Option<String> {
    let field = racer.kind.rate?.field;
    let number = format::rounded(racer.settings.number(field), DIGITS);
    let mut words = racer.label.split(|c: char| c.is_whitespace() || ",()=".contains(c));
    let name = if racer.kind.trust_region() { "δ" } else { field.name };
    (!words.any(|word| word == number)).then(|| format!("{name} {number}"))
}

impl Column {
    /// The columns of a race, the most important first: the loss and what the scenario's measures ask for, then in a race with a
    /// trust region what that is about.
    fn of(show: &Show, room: Room) -> Vec<Self> {
        let regions = regions(show);
        let asked = Self::asked(show);
        let distances = show.race.runners().iter().all(|runner| runner.problem().closed_distance());
        let [loss, kl, away, gradient, fisher] =
            [LOSS, KL_STEP, to_optimum(distances), GRAD_NORM, FISHER_STEP].map(Self::Quantity);
        // A linear controller's loss is a cost; the best policy is at the border, at no finite distance.
        let policy = show.world.shortfall().is_some();
        let loss = if show.world.scenario.process().is_some() { Self::Return } else { loss };
        let region = if regions { vec![kl, Self::Share] } else { Vec::new() };
        let rest = [kl, away, gradient, fisher]
            .into_iter()
            .filter(|column| !(region.contains(column) || policy && *column == away));
        let narrow = FEW + usize::from(regions) + asked.len();
        let most = if room.columns < WIDE { narrow } else { usize::MAX };
        [loss].into_iter().chain(asked).chain(region.iter().copied()).chain(rest).take(most).collect()
    }

    /// What the scenario's measures ask for.
    fn asked(show: &Show) -> Vec<Self> {
        let largest = largest::asked(show).then_some(Self::Largest);
        Goal::of(show).map(Self::Arrival).into_iter().chain(largest).collect()
    }

    /// Whether it is about trust regions, and stands before the others.
    fn leads(self, regions: bool) -> bool {
        regions && [Self::Quantity(KL_STEP), Self::Share].contains(&self)
    }

    /// What stands over it, in full and in short.
    fn names(self) -> [Cow<'static, str>; 2] {
        match self {
            Self::Quantity(info) => [info.heading; 2].map(Cow::Borrowed),
            Self::Return => ["return"; 2].map(Cow::Borrowed),
            Self::Share => ["KL/δ"; 2].map(Cow::Borrowed),
            Self::Arrival(goal) => [goal.name(), format!("to {}", format::label(goal.tolerance))].map(Cow::Owned),
            Self::Largest => ["max KL"; 2].map(Cow::Borrowed),
        }
    }

    /// How wide it is under a name.
    fn width(self, name: &str) -> u16 {
        let least = if self == Self::Share { NARROW } else { COLUMN };
        least.max(width(name) + GAP)
    }

    fn written(self, show: &Show, racer: usize, step: usize, read: &Read) -> String {
        let runner = show.race.runner(racer);
        let row = runner.trace().rows.at(step);
        let stands = row.status == Status::NoStep;
        match self {
            Self::Quantity(info) if stands && info == KL_STEP => "no step".to_owned(),
            Self::Quantity(info) => format::value(Reading::new(runner).at(Quantity::Listed(info), step)),
            Self::Return => format::value(-row.loss),
            Self::Share if stands => "–".to_owned(),
            Self::Share => share(row.kl_step, radius(&show.world.scenario.racers[racer])),
            Self::Arrival(_) => read.arrivals.at(racer, step).map_or("–".to_owned(), |step| step.to_string()),
            Self::Largest => format::value(read.largest.at(racer, step)),
        }
    }
}

/// KL over a racer's own radius, with two decimals.
#[must_use]
pub fn share(kl: f64, radius: Option<f64>) -> String {
    radius.map(|radius| kl / radius).filter(|share| share.is_finite()).map_or("–".to_owned(), |x| format!("{x:.2}"))
}

/// A column with its name and its width.
type Named = (Column, Cow<'static, str>, u16);

/// What has been read of the race for columns that tell of its past.
#[derive(Debug, Default)]
pub struct Read {
    pub(super) arrivals: Arrivals,
    largest: Largest,
}

/// What has been read, and the layout of the table as it was last.
#[derive(Debug, Default)]
pub struct Memo {
    pub(super) read: Read,
    layout: Recall<(u64, usize, Room), Layout>,
}

/// The table as it is laid out.
#[derive(Debug)]
struct Layout {
    /// The columns with their names and widths.
    columns: Vec<Named>,
    /// Where labels begin: after number, glyph and gaps.
    label: u16,
    /// The labels of all racers, as far as they fit before numbers.
    names: Vec<String>,
    /// The rates of all racers if they stand behind the labels.
    rates: Option<Vec<Option<String>>>,
    /// Whether there is a heading, and the racers that are listed: the first and how many.
    headed: bool,
    first: usize,
    shown: usize,
    width: u16,
}

impl Layout {
    fn new(show: &Show, room: Room) -> Self {
        let racers = &show.world.scenario.racers;
        let label = if racers.len() > 9 { 6 } else { 5 };
        let (headed, listed) = listed(show, room.rows);
        let (first, shown) = (listed.start, listed.len());
        let free = room.columns.saturating_sub(label + 2);
        let labels = || racers.iter().map(|racer| width(&racer.label));
        let plain = labels().max().unwrap_or(0);
        let rates: Vec<Option<String>> = racers.iter().map(rate).collect();
        let behind = rates.iter().map(|rate| rate.as_ref().map_or(0, |rate| 1 + width(rate)));
        let rated = labels().zip(behind).map(|(label, rate)| label.saturating_add(rate)).max().unwrap_or(0);
        let columns = Column::of(show, room);
        let firm = 1 + Column::asked(show).len();
        let without = fitting(&columns, free, plain.min(labels_beside(&columns[..firm.min(columns.len())], free)));
        let with = fitting(&columns, free, rated);
        let fit = rated <= free && with.len() >= without.len().min(FIRM.max(firm));
        let (mut columns, rates) = if fit { (with, Some(rates)) } else { (without, None) };
        // The loss has been placed first so that it is never left out; what a trust region is about stands before it.
        let regions = regions(show);
        columns.sort_by_key(|(column, ..)| !column.leads(regions));
        let mut layout = Self { columns, label, names: Vec::new(), rates, headed, first, shown, width: room.columns };
        layout.names = (0..racers.len()).map(|racer| name(show, racer, layout.room())).collect();
        layout
    }

    /// The column before which a number ends.
    fn end(&self, column: usize) -> u16 {
        let after: u16 = self.columns[column + 1..].iter().map(|(_, _, width)| width).sum();
        self.width.saturating_sub(2).saturating_sub(after)
    }

    /// The names of the columns for the title, where there is no row for them: each ends over its numbers.
    fn over(&self) -> String {
        let pad = |(_, name, wide): &Named| " ".repeat(usize::from(wide.saturating_sub(width(name)))) + name;
        self.columns.iter().map(pad).collect::<String>().trim_start().to_owned()
    }

    /// The columns for a label.
    fn room(&self) -> u16 {
        let Some((_, _, width)) = self.columns.first() else {
            return self.width.saturating_sub(self.label + 2);
        };
        (self.end(0) + 1).saturating_sub(width + self.label)
    }
}

/// What as many of these columns as may have labels cut leave to them: the first, and further ones that leave some of them.
fn labels_beside(columns: &[Column], free: u16) -> u16 {
    let width = |column: &Column| column.width(&column.names()[1]);
    let after = |count: usize| free.saturating_sub(columns[..count].iter().map(width).sum());
    let cut = (2..=columns.len()).rev().map(after).find(|left| *left >= CUT);
    cut.unwrap_or_else(|| after(columns.len().min(1)).max(SHORTEST))
}

/// The first columns that fit beside `least` columns of labels, with their full names if all of those do.
fn fitting(columns: &[Column], free: u16, least: u16) -> Vec<Named> {
    let room = free.saturating_sub(least);
    let named = |which: usize| -> Vec<Named> {
        let mut used: u16 = 0;
        let named = columns.iter().map(|column| {
            let [long, short] = column.names();
            let name = if which == 0 { long } else { short };
            let width = column.width(&name);
            (*column, name, width)
        });
        let fits = |(_, _, width): &Named| {
            used += width;
            used <= room
        };
        named.take_while(fits).collect()
    };
    let [long, short] = [named(0), named(1)];
    if long.len() == short.len() { long } else { short }
}

/// The racers that are listed: the first and how many. Where not all fit, one row is left to say how many do not.
#[must_use]
pub fn window(racers: usize, chosen: usize, rows: usize) -> (usize, usize) {
    if racers <= rows {
        return (0, racers);
    }
    let shown = rows.saturating_sub(1);
    ((chosen + 1).saturating_sub(shown).min(racers - shown), shown)
}

/// Whether the first of so many rows is a heading, and which racers stand in the next ones.
#[must_use]
pub fn listed(show: &Show, rows: u16) -> (bool, Range<usize>) {
    let (racers, height) = (show.world.scenario.racers.len(), usize::from(rows));
    let headed = height > 0 && (height > racers || (height < racers && height >= HEADED));
    let (first, shown) = window(racers, show.chosen, height - usize::from(headed));
    (headed, first..first + shown)
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let Memo { read, layout } = memo;
    let layout = layout.of((show.world.revision(), show.chosen, room), |_| Layout::new(show, room));
    read.arrivals.follow(show);
    read.largest.follow(show);
    let mut rows = Vec::new();
    if layout.headed {
        rows.push(heading(layout));
    }
    rows.extend((layout.first..layout.first + layout.shown).map(|racer| row(show, racer, layout, read)));
    let more = show.world.scenario.racers.len() - layout.shown;
    if more > 0 {
        rows.resize(usize::from(room.rows).saturating_sub(1), Vec::new());
        rows.push(vec![dim(layout.label, format!("+ {more} more"))]);
    }
    let right = if layout.headed { String::new() } else { layout.over() };
    PaneFigure {
        name: "Racers".to_owned(),
        right,
        table: Some((room.columns, Table { rows })),
        ..PaneFigure::default()
    }
}

/// A racer's label in so many columns.
fn name(show: &Show, racer: usize, most: u16) -> String {
    let labels = || show.world.scenario.racers.iter().map(|racer| racer.label.as_str());
    clip_among(&show.world.scenario.racers[racer].label, labels(), most)
}

fn heading(layout: &Layout) -> Line {
    let name = |(at, (_, name, _)): (usize, &Named)| dim(layout.end(at), name.as_ref()).right();
    let names = layout.columns.iter().enumerate().map(name);
    [dim(layout.label, "racer")].into_iter().chain(names).collect()
}

fn row(show: &Show, racer: usize, layout: &Layout, read: &Read) -> Line {
    let (now, asked) = (show.now(), show.question().is_some());
    let (chosen, on) = (racer == show.chosen, show.on.get(racer).copied().unwrap_or(true));
    let trace = show.race.trace(racer);
    let ending = trace.ended_by(now);
    let ink = |role| Ink::Role(if on { role } else { Role::Dim });
    let mut line = Vec::with_capacity(5 + layout.columns.len());
    if chosen {
        let text = Words::Chosen;
        line.push(Span { column: 0, right: false, most: 1, text, ink: Ink::Racer(racer), bold: false });
    }
    line.push(dim(layout.label - 3, (racer + 1).to_string()).right());
    let sign = if ending.is_some() { Sign::Dead(racer) } else { Sign::Racer(racer) };
    let sign = label(layout.label - 2, sign, racer);
    line.push(if on { sign } else { Span { bold: false, ..sign.ink(Ink::Role(Role::Dim)) } });
    let said = |name: &str, most: u16| Span { bold: chosen, ..text(layout.label, name).most(most) };
    let Some(ending) = ending else {
        let name = &layout.names[racer];
        line.push(said(name, layout.room()).ink(ink(Role::Text)));
        let rate = layout.rates.as_ref().and_then(|rates| rates[racer].as_ref());
        line.extend(rate.map(|rate| dim(layout.label + width(name) + 1, rate)));
        let step = now.min(trace.last_alive());
        for (at, (column, ..)) in layout.columns.iter().enumerate() {
            let number = if asked { "?".to_owned() } else { column.written(show, racer, step, read) };
            line.push(text(layout.end(at), number).right().ink(ink(Role::Text)));
        }
        return line;
    };
    let most = layout.width.saturating_sub(layout.label);
    let name = name(show, racer, most);
    line.push(said(&name, most).ink(Ink::Role(Role::Dim)));
    let after = layout.label + width(&name);
    let policy = matches!(show.world.scenario.model, Model::Policy(..));
    let tale = tale(ending, policy, layout.width.saturating_sub(after + 2));
    let ink = if on { Ink::Racer(racer) } else { Ink::Role(Role::Dim) };
    line.push(text(layout.width.saturating_sub(1), tale).right().ink(ink));
    line
}

/// Why a racer ended, in the longest wording that fits. Of a policy the number says more than a bound such as |a − b·gain| < 1.
fn tale(ending: &Ending, policy: bool, room: u16) -> String {
    let (long, short) = match ending.status {
        Status::LeftFamily => ("left family at step", "left at step"),
        Status::Singular => ("singular at step", "singular at"),
        Status::NotIntegrated => ("not integrated at step", "not integrated at"),
        Status::NotFinite | Status::Running | Status::NoStep => ("not finite at step", "not finite at"),
    };
    let worst = ending.beyond.as_ref().and_then(|beyond| beyond.worst.as_ref());
    let number =
        worst.map(|(name, value)| format!("{short} {}: {name} {}", ending.step, format::rounded(*value, LEFT)));
    let reason = Some(format!("{long} {}: {}", ending.step, ending.reason));
    let first = if policy { [number, reason] } else { [reason, number] };
    let last = [format!("{short} {}", ending.step), format!("step {}", ending.step)];
    first.into_iter().flatten().chain(last).find(|text| width(text) <= room).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::{Beyond, World};
    use crate::scenario::Document;

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

    /// The texts of the table of a built-in scenario, row by row.
    fn table(scenario: &str, step: usize, columns: u16) -> Vec<Vec<String>> {
        let mut show = Show::new(World::open(&Document::builtin(scenario).expect("built in")).expect("valid"));
        show.seek(step);
        while show.work(100_000) {}
        let room = Room { columns, rows: 12, bands: 8, finer: 1, fills: true };
        let figure = pane(&show, room, &mut Memo::default());
        let (_, table) = figure.table.expect("a table");
        let said = |span: Span| if let Words::Text(text) = span.text { Some(text) } else { None };
        table.rows.into_iter().map(|row| row.into_iter().filter_map(said).collect()).collect()
    }

    #[test]
    fn where_a_trust_region_is_in_the_race_its_kl_comes_first() {
        let rows = table("three-charts", 1, 80);
        assert_eq!(rows[0], ["racer", "KL step", "KL/δ", "loss", "to opt."]);
        // The KL of an SGD is nobody's radius.
        assert_eq!((rows[1][4].as_str(), rows[6][1].as_str()), ("–", "TRPO"));
        let [kl, share] = [&rows[6][3], &rows[6][4]].map(|text| text.parse::<f64>().expect("a number"));
        assert!((kl / 0.005 - share).abs() < 0.01, "{kl} {share}");
        assert_eq!(table("first-order", 1, 80)[0][1], "loss");
        // Where not all fit, the loss does.
        assert_eq!(table("three-charts", 1, 46)[0], ["racer", "KL step", "loss"]);
        assert_eq!(table("three-charts", 1, 38)[0], ["racer", "loss"]);
    }

    #[test]
    fn rates_stand_behind_labels_that_lack_them() {
        let rows = table("three-charts", 0, 80);
        assert_eq!((rows[1][2].as_str(), rows[6][2].as_str()), ("lr 0.02", "δ 0.005"));
        // The labels of this race have them.
        assert!(
            table("ellipse-meaning", 0, 90)
                .iter()
                .flatten()
                .all(|text| !text.starts_with("lr") && !text.starts_with("δ "))
        );
        // Two columns of numbers are worth more.
        let narrow = table("three-charts", 0, 47);
        assert!(narrow.iter().flatten().all(|text| text != "lr 0.02" && !text.contains('…')), "{narrow:?}");
    }

    #[test]
    fn steps_to_the_tolerance_of_a_measure_are_a_column() {
        let before = table("three-sgds", 216, 100);
        assert_eq!((before[0][2].as_str(), before[1][4].as_str()), ("steps to 1e−6", "–"));
        let after = table("three-sgds", 260, 100);
        let arrived: Vec<&str> = after[1..4].iter().map(|row| row[4].as_str()).collect();
        assert_eq!(arrived, ["217", "–", "246"]);
        assert_eq!(table("three-sgds", 0, 47)[0][2], "to 1e−6");
        assert_eq!(table("equal-pace", 0, 120)[0][2], "first to 0.01");
    }

    #[test]
    fn what_measures_ask_for_is_seen_in_narrow_tables_too() {
        let rows = table("policy-collapse", 12, 38);
        assert_eq!((rows[0][1..].join(" "), rows[1][4].as_str()), ("loss max KL".to_owned(), "167.425"));
        assert_eq!(table("policy-collapse", 12, 46)[0][1..].join(" "), "loss max KL");
        // Labels give way, but not all of them.
        let rows = table("three-sgds", 302, 38);
        assert_eq!((rows[0][2].as_str(), rows[2][3].as_str()), ("to 1e−6", "302"));
        let rows = table("adam-valley", 0, 38);
        assert!(rows[0][2].starts_with("to "), "{rows:?}");
        assert!(rows[3][1].contains('…') && rows[3][1].chars().count() > usize::from(CUT), "{rows:?}");
        assert_eq!(table("adam-valley", 0, 30)[0].len(), 2);
    }

    #[test]
    fn where_no_row_is_left_for_them_names_of_columns_stand_in_the_title() {
        let show = Show::new(World::open(&Document::builtin("best-rates").expect("built in")).expect("valid"));
        let of = |rows| {
            let room = Room { columns: 38, rows, bands: 8, finer: 1, fills: true };
            pane(&show, room, &mut Memo::default()).right
        };
        assert_eq!([of(7), of(8)], ["loss  to 1e−6", ""]);
    }

    #[test]
    fn a_share_is_that_of_the_racers_own_radius() {
        assert_eq!([share(0.00877, Some(0.01)), share(0.1, None), share(f64::NAN, Some(0.1))], ["0.88", "–", "–"]);
    }

    #[test]
    fn an_ending_is_told_as_room_allows() {
        let ending = Ending { step: 11, status: Status::LeftFamily, reason: "variance ≤ 0".to_owned(), beyond: None };
        assert_eq!(tale(&ending, false, 40), "left family at step 11: variance ≤ 0");
        assert_eq!(tale(&ending, false, 20), "left at step 11");
        assert_eq!(tale(&ending, false, 2), "");
        let beyond = Beyond { at: vec![4.7912, 0.3], worst: Some(("gain".to_owned(), 4.7912)) };
        let reason = "gain with |a − b·gain| ≥ 1".to_owned();
        let left = Ending { step: 1, status: Status::LeftFamily, reason, beyond: Some(beyond) };
        assert_eq!(
            [60, 25, 24].map(|room| tale(&left, true, room)),
            ["left at step 1: gain 4.79", "left at step 1: gain 4.79", "left at step 1"]
        );
        assert_eq!(tale(&left, false, 60), "left family at step 1: gain with |a − b·gain| ≥ 1");
        let singular = Ending {
            step: 3,
            status: Status::Singular,
            reason: "diagonal entry 1 of F is 0.0".to_owned(),
            beyond: None,
        };
        assert_eq!(tale(&singular, false, 60), "singular at step 3: diagonal entry 1 of F is 0.0");
        assert_eq!(tale(&singular, false, 20), "singular at 3");
    }
}
