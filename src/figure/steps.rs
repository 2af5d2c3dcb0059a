//! Optimizers by charts, where a race has too many paths to tell them apart: in each cell the steps of a racer to the
//! tolerance, bold, on a fill by their logarithm; as long as it has not arrived its loss, on the fullest fill.
//!
//! Which racer stands where is `scenario::grid`'s, when it arrived `arrivals`'.

use super::arrivals::{Arrivals, Goal};
use super::racers::rate;
use super::words::{Line, bold, dim, label, text};
use crate::app::Show;
use crate::family::ChartInfo;
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::{clip, clip_among, width};
use crate::plot::{PaneFigure, Room};
use crate::race::{Ending, Status};
use crate::scenario::grid::Grid;

/// The fills, of which the last is that of racers that have not arrived, and one is left out before it.
const BANDS: usize = 8;
const ARRIVED: usize = BANDS - 2;
/// The most lines and columns of a cell, and the least columns of one with a glyph.
const TALLEST: usize = 6;
const WIDEST: u16 = 24;
const MARKED: u16 = 13;
/// Columns before the name of a row.
const MARGIN: u16 = 1;
/// From how many columns on a loss has all its digits.
const LONG: u16 = 8;

/// Where the cells are in a room.
struct Layout {
    grid: Grid,
    names: Vec<String>,
    /// Where cells begin.
    left: u16,
    wide: u16,
    tall: usize,
    /// The rows that are seen: the first and how many.
    first: usize,
    seen: usize,
}

impl Layout {
    fn new(show: &Show, room: Room) -> Self {
        let racers = &show.world.scenario.racers;
        let grid = Grid::of(racers);
        let names: Vec<String> = (0..grid.rows.len()).map(|row| grid.name(row, racers)).collect();
        let longest = names.iter().map(|name| width(name)).max().unwrap_or(0);
        let left = (MARGIN + longest + 1).min(room.columns / 3);
        let columns = u16::try_from(grid.charts.len()).unwrap_or(u16::MAX).max(1);
        let wide = (room.columns.saturating_sub(left) / columns).min(WIDEST);
        // The headings above, what it means below.
        let lines = usize::from(room.rows).saturating_sub(2);
        let tall = (lines / grid.rows.len().max(1)).clamp(1, TALLEST);
        let seen = (lines / tall).min(grid.rows.len());
        let chosen = grid.cells().find(|(racer, _)| *racer == show.chosen).map_or(0, |(_, [row, _])| row);
        let first = (chosen + 1).saturating_sub(seen).min(grid.rows.len() - seen);
        Self { grid, names, left, wide, tall, first, seen }
    }

    /// The racers in view with the column and the line at which their cells begin.
    fn cells(&self) -> impl Iterator<Item = (usize, u16, usize)> + '_ {
        let seen = self.grid.cells().filter(|(_, [row, _])| (self.first..self.first + self.seen).contains(row));
        seen.map(|(racer, [row, column])| {
            let column = self.left + self.wide * u16::try_from(column).unwrap_or(u16::MAX);
            (racer, column, 1 + (row - self.first) * self.tall)
        })
    }
}

/// The cells in a room as columns, rows, widths and heights, with their racers.
#[must_use]
pub fn cells(show: &Show, room: Room) -> Vec<([u16; 4], usize)> {
    let layout = Layout::new(show, room);
    let short = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
    layout.cells().map(|(racer, x, y)| ([x, short(y), layout.wide, short(layout.tall)], racer)).collect()
}

/// What a cell says.
enum Said {
    /// The racer has arrived after so many steps.
    Steps(usize),
    /// It is still on its way, with a loss.
    Loss(f64),
    /// It has ended.
    Ended(String),
}

impl Said {
    fn of(show: &Show, racer: usize, arrivals: &Arrivals, room: u16) -> Self {
        let (trace, now) = (show.race.trace(racer), show.timeline.step());
        if let Some(ending) = trace.ended_by(now) {
            return Self::Ended(ended(ending, room));
        }
        let step = now.min(trace.last_alive());
        arrivals.at(racer, step).map_or_else(|| Self::Loss(trace.rows.at(step).loss), Self::Steps)
    }

    /// What lies behind it; `last` is the last step of the race.
    fn back(&self, last: usize) -> Words {
        match self {
            Self::Steps(steps) => Words::Fill([band(*steps, last), BANDS]),
            Self::Loss(_) => Words::Fill([BANDS - 1, BANDS]),
            Self::Ended(_) => Words::Hatch,
        }
    }

    fn span(&self, racer: usize, column: u16, wide: u16) -> Span {
        let centred = |words: &str| column + wide.saturating_sub(width(words)) / 2;
        match self {
            Self::Steps(steps) => bold(centred(&steps.to_string()), steps.to_string()),
            Self::Loss(loss) => {
                let words = if wide < LONG { format::rounded(*loss, 2) } else { format::value(*loss) };
                text(centred(&words), &words)
            }
            Self::Ended(words) => text(centred(words), words).ink(Ink::Racer(racer)),
        }
    }
}

/// The band of so many steps: by their logarithm, whatever the others need.
fn band(steps: usize, last: usize) -> usize {
    let share = (1.0 + steps as f64).ln() / (1.0 + last as f64).ln();
    ((share * ARRIVED as f64) as usize).min(ARRIVED - 1)
}

/// When and why a racer ended, in the longest wording that fits.
fn ended(ending: &Ending, room: u16) -> String {
    let why = match ending.status {
        Status::LeftFamily => "left at",
        Status::Singular => "singular at",
        _ => "ended at",
    };
    let step = ending.step;
    let [long, short] = [format!("✗ {why} {step}"), format!("✗ {step}")];
    let all = [format!(" {long} "), long, format!(" {short} "), short];
    all.into_iter().find(|words| width(words) <= room).unwrap_or("✗".to_owned())
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, arrivals: &mut Arrivals) -> PaneFigure {
    arrivals.follow(show);
    let goal = Goal::of(show).map_or(String::new(), Goal::name);
    let detail = goal.strip_prefix("steps ").unwrap_or(&goal).to_owned();
    let mut figure = PaneFigure { name: "Steps".to_owned(), detail, ..PaneFigure::default() };
    figure.right = format!("{} races", show.world.scenario.racers.len());
    if room.columns == 0 || room.rows < 3 {
        return figure;
    }
    let layout = Layout::new(show, room);
    let mut lines = vec![Line::new(); usize::from(room.rows)];
    lines[0] = headings(show, &layout);
    for row in layout.first..layout.first + layout.seen {
        name(show, &layout, row, &mut lines);
    }
    for cell in layout.cells() {
        fill(show, &layout, cell, arrivals, &mut lines);
    }
    let last = lines.len() - 1;
    lines[last] = vec![dim(MARGIN, meaning(room.columns.saturating_sub(MARGIN)))];
    figure.table = Some((room.columns, Table { rows: lines }));
    figure
}

/// The longest wording of what the marks mean that fits.
fn meaning(room: u16) -> &'static str {
    let all = [
        "bold: steps to the tolerance; plain: the loss now; fill: by the log of the steps",
        "bold: steps; plain: the loss now; fill: log of the steps",
        "bold: steps; plain: the loss now",
    ];
    all.into_iter().find(|words| width(words) <= room).unwrap_or("")
}

/// The names of the charts; where one is too long, that of the second coordinate for charts that are called by both.
fn headings(show: &Show, layout: &Layout) -> Line {
    let info = show.world.family.info();
    let charts = || layout.grid.charts.iter().map(|chart| info.chart_info(*chart));
    let whole = charts().all(|chart| width(chart.name) < layout.wide);
    let short = |chart: &ChartInfo| if chart.name.contains('-') { chart.axes[1] } else { chart.name };
    let mut column = layout.left;
    let heading = |chart: &'static ChartInfo| {
        let name = clip(if whole { chart.name } else { short(chart) }, layout.wide.saturating_sub(1));
        let at = column + layout.wide.saturating_sub(width(&name)) / 2;
        column += layout.wide;
        bold(at, name)
    };
    charts().map(heading).collect()
}

/// The name of a row and, where there is a line for it, the rate.
fn name(show: &Show, layout: &Layout, row: usize, lines: &mut [Line]) {
    let Some(first) = layout.grid.rows[row].iter().flatten().next() else { return };
    let y = 1 + (row - layout.first) * layout.tall + (layout.tall - 1) / 2;
    let chosen = layout.grid.rows[row].contains(&Some(show.chosen));
    let most = layout.left.saturating_sub(MARGIN + 1);
    let all = layout.names.iter().map(String::as_str);
    let name = text(MARGIN, clip_among(&layout.names[row], all, most));
    lines[y].push(Span { bold: chosen, ..name });
    if layout.tall > 1 {
        lines[y + 1].extend(rate(&show.world.scenario.racers[*first]).map(|rate| dim(MARGIN, &rate).most(most)));
    }
}

/// A cell: its fill, the mark of the chosen one, the racer's glyph where there is room, and what it says.
fn fill(show: &Show, layout: &Layout, (racer, x, y): (usize, u16, usize), arrivals: &Arrivals, lines: &mut [Line]) {
    let said = Said::of(show, racer, arrivals, layout.wide);
    let back = text(x, "").most(layout.wide);
    for line in &mut lines[y..y + layout.tall] {
        line.push(Span { text: said.back(show.timeline.last()), ..back.clone() });
        if racer == show.chosen {
            line.push(Span { text: Words::Chosen, ..back.clone() }.ink(Ink::Role(Role::Accent)));
        }
    }
    let middle = &mut lines[y + (layout.tall - 1) / 2];
    middle.push(said.span(racer, x, layout.wide));
    let on = show.on.get(racer).copied().unwrap_or(true);
    if layout.wide >= MARKED && on && !matches!(said, Said::Ended(_)) {
        middle.push(label(x + 2, Sign::Racer(racer), racer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    fn table(step: usize, columns: u16, rows: u16) -> (Show, Vec<Line>) {
        let mut show = Show::new(World::open(&Document::builtin("every-optimizer").expect("built in")).expect("valid"));
        show.seek(step);
        while show.timeline.step() < step {
            show.work(100_000);
        }
        let figure = pane(&show, Room { columns, rows, bands: 8, finer: 1, fills: true }, &mut Arrivals::default());
        let (_, table) = figure.table.expect("a table");
        (show, table.rows)
    }

    /// The words over a fill of a row of cells, and whether they are bold.
    fn numbers(lines: &[Line], name: &str) -> Vec<(String, bool)> {
        let said =
            |span: &Span| if let Words::Text(text) = &span.text { Some((text.clone(), span.bold)) } else { None };
        let rows: Vec<Vec<_>> = lines.iter().map(|line| line.iter().filter_map(said).collect()).collect();
        let row = rows.iter().find(|row| row.first().is_some_and(|(text, _)| text == name)).expect("the row");
        row[1..].to_vec()
    }

    /// Steps until KL stays below 1e-4, computed in Python.
    #[test]
    fn arrivals_are_bold_and_the_rest_are_losses() {
        let (_, lines) = table(100, 90, 22);
        let steps = |name: &str| {
            let found = numbers(&lines, name).into_iter().filter(|(_, bold)| *bold);
            found.map(|(text, _)| text.parse::<usize>().expect("steps")).collect::<Vec<_>>()
        };
        assert_eq!(steps("SGD"), [76, 98, 90]);
        assert_eq!(steps("natural"), [67, 68, 67, 68, 66]);
        assert_eq!(steps("diagonal"), [67, 68, 67]);
        assert_eq!(steps("Adam"), [0; 0]);
        let loss: f64 = numbers(&lines, "diagonal")[3].0.parse().expect("a loss");
        assert!((loss - 0.3662).abs() < 1e-4, "{loss}");
    }

    #[test]
    fn more_steps_are_never_a_lower_band_and_the_fullest_is_nobodys() {
        let bands: Vec<usize> = (0..=3000).map(|steps| band(steps, 3000)).collect();
        assert!(bands.is_sorted() && bands[0] == 0 && bands[3000] == ARRIVED - 1);
        assert!(bands[22] < bands[76] && bands[76] < bands[2499]);
    }

    #[test]
    fn cells_fit_their_pane_and_each_is_one_racers() {
        for (columns, rows) in [(46, 12), (70, 22), (130, 40), (20, 4)] {
            let (show, lines) = table(0, columns, rows);
            let cells = cells(&show, Room { columns, rows, bands: 8, finer: 1, fills: true });
            assert!(lines.len() <= rows.into() && !cells.is_empty());
            for ([x, y, wide, tall], racer) in &cells {
                assert!(x + wide <= columns && y + tall < rows, "{columns}×{rows}: {racer}");
            }
        }
    }

    #[test]
    fn an_ending_is_told_as_room_allows() {
        let ending = Ending { step: 181, status: Status::LeftFamily, reason: "sd ≤ 0".to_owned(), beyond: None };
        let said = [20, 13, 9, 6, 2].map(|room| ended(&ending, room));
        assert_eq!(said, [" ✗ left at 181 ", "✗ left at 181", " ✗ 181 ", "✗ 181", "✗"]);
    }
}
