//! The ellipse pane: its numbers, its contours, and that no glyph or name hides another, in every scenario at every size.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

mod common;

use std::collections::BTreeMap;

use common::stage::STYLE;
use geodescent::app::{App, Point as Pinned, Show};
use geodescent::figure::{self, Memo};
use geodescent::geometry::Place;
use geodescent::plot::mark::{Dash, Ink, Line, Mark, Role, Sign};
use geodescent::plot::pane::{Plot, Words};
use geodescent::plot::{PaneFigure, Room, cells};
use geodescent::scenario::{BUILTIN, Document, Pane};
use geodescent::screen::{self, Cache};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn show(name: &str) -> Show {
    Show::open(Document::builtin(name).unwrap()).unwrap()
}

fn pane(show: &Show, columns: u16, rows: u16) -> PaneFigure {
    let room = Room { columns, rows, bands: 12, finer: 1, fills: true };
    figure::pane(show, Pane::Ellipses, room, &mut Memo::default())
}

fn marks(plot: &Plot) -> impl Iterator<Item = &Mark> {
    plot.all().flat_map(|layer| &layer.marks)
}

fn lines(plot: &Plot) -> impl Iterator<Item = &Line> {
    marks(plot).filter_map(|mark| if let Mark::Line(line) = mark { Some(line) } else { None })
}

/// The rows of the table, with the words of each.
fn told(figure: &PaneFigure) -> Vec<String> {
    let (_, table) = figure.table.as_ref().unwrap();
    let words = |words: &Words| match words {
        Words::Text(text) => text.clone(),
        Words::Sign(sign) => STYLE.sign(*sign).to_string(),
        Words::Fill(_) | Words::Bar(_) | Words::Dots(_) | Words::Hatch | Words::Chosen => String::new(),
    };
    table.rows.iter().map(|row| row.iter().map(|span| words(&span.text)).collect::<Vec<_>>().join(" ")).collect()
}

/// The screen of a show whose ellipse pane fills it, with all that is computed.
fn filled(mut show: Show, width: u16, height: u16) -> Vec<String> {
    show.filled = true;
    show.set_focus(Pane::Ellipses);
    let (area, mut cache) = (Rect::new(0, 0, width, height), Cache::default());
    let (app, mut buf) = (App::show(show, STYLE), Buffer::empty(area));
    screen::draw(&app, &mut cache, area, &mut buf);
    cache.finish();
    screen::draw(&app, &mut cache, area, &mut buf);
    (0..height).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect()).collect()
}

#[test]
fn the_lowest_points_leave_the_rays_as_steps_grow() {
    for (delta, rows) in [
        (0.001, ["2.1591 2° ●", "2.1882 2° ■", "2.1855 1° ■"]),
        (0.1, ["1.3456 25° ●", "1.4027 17° ■", "1.2924 11° ■"]),
    ] {
        let mut show = show("three-charts");
        show.set_delta(delta);
        let told = told(&pane(&show, 118, 34));
        for (row, wanted) in told[1..].iter().zip(rows) {
            assert!(row.ends_with(wanted), "δ {delta}: {row}");
        }
    }
}

#[test]
fn a_share_of_kl_is_that_of_the_racers_own_radius() {
    let mut show = show("three-charts");
    let before = told(&pane(&show, 118, 34));
    let trpo = before.iter().find(|row| row.starts_with("6 ★")).unwrap();
    assert!(trpo.ends_with("0.91"), "{trpo}");
    // The δ of the pane is another one.
    show.set_delta(0.1);
    assert_eq!(told(&pane(&show, 118, 34))[5..], before[5..]);
}

#[test]
fn an_expected_reward_has_its_touching_points_in_the_end() {
    let rows = filled(show("reward-hill"), 120, 36);
    for name in ["Euclidean step", "KL (Fisher)", "KL (exact)"] {
        let row = rows.iter().find(|row| row.contains(name)).unwrap();
        assert!(row.contains("−0.3") && row.contains('°'), "{row}");
    }
    assert!(rows.iter().any(|row| row.contains("contours loss ")));
}

#[test]
fn contours_are_of_the_true_loss_at_round_values() {
    for (columns, most) in [(118, 18), (62, 18), (30, 12)] {
        for delta in [1e-6_f64, 1e-3, 0.1] {
            let mut show = show("three-charts");
            show.set_delta(delta);
            let figure = pane(&show, columns, 34);
            let wide = columns - figure.table.as_ref().map_or(0, |(wide, _)| *wide);
            let plot = figure.plot.unwrap();
            let contours = lines(&plot).filter(|line| line.ink == Ink::Role(Role::Contour));
            let problem = show.world.drawn(show.chart);
            let mut levels: Vec<f64> = Vec::new();
            for line in contours {
                assert_eq!(line.dash, Dash::Sparse);
                let xs: Vec<_> = line.points.iter().map(|point| (*point).into()).collect();
                let mut losses = vec![f64::NAN; xs.len()];
                problem.losses(&xs, &mut Vec::new(), &mut losses);
                let mut sorted = losses.clone();
                sorted.sort_by(f64::total_cmp);
                let level = sorted[sorted.len() / 2];
                // No point is further than a dot and a half, at the border of the family, from where the loss is that of the line.
                let dots = 2.0 * f64::from(wide) / (plot.x.range[1] - plot.x.range[0]);
                for (x, loss) in xs.iter().zip(&losses) {
                    let there = Place::at(problem.chart(), *x);
                    let slope = there.covector(problem.objective.gradient(there.p)).norm();
                    let off = dots * (loss - level).abs() / slope;
                    assert!(off < 1.5, "{columns} {delta}: {off} dots at {loss} about {level}");
                }
                levels.push(level);
            }
            levels.sort_by(f64::total_cmp);
            levels.dedup_by(|a, b| (*a - *b).abs() < 1e-3 * delta.sqrt());
            assert!((3..=most).contains(&levels.len()), "{columns} {delta}: {levels:?}");
        }
    }
}

#[test]
fn shapes_have_their_names_by_width() {
    for (columns, names) in [
        (118, ["equal Euclidean step", "equal KL (Fisher)", "equal KL (exact)"]),
        (62, ["equal Euclidean step", "equal KL, Fisher", "exact"]),
        (30, ["Euclid", "Fisher", "exact"]),
    ] {
        let figure = pane(&show("three-charts"), columns, if columns > 100 { 34 } else { 18 });
        let plot = figure.plot.unwrap();
        for name in names {
            let named = marks(&plot).any(|mark| matches!(mark, Mark::Label(label) if label.text == name));
            assert!(named, "{columns}: {name}");
        }
        // The contours that touch are there where the picture is wide enough to see that they do.
        let lines = lines(&plot).filter(|line| line.ink == Ink::Role(Role::Mark)).count();
        assert_eq!(lines, if columns > 100 { 2 } else { 1 });
    }
}

#[test]
fn no_circle_is_named_that_is_not_there() {
    // Where the sd is 30, a Euclidean step of this length is a dot.
    let figure = pane(&show("newcomb-gaussian"), 46, 13);
    let plot = figure.plot.unwrap();
    let named = |name: &str| marks(&plot).any(|mark| matches!(mark, Mark::Label(label) if label.text.contains(name)));
    assert!(!named("Euclid") && named("Fisher"));
}

#[test]
fn what_is_outside_of_the_family_is_hatched() {
    let mut show = show("three-charts");
    let hatched = |show: &Show| {
        let figure = pane(show, 118, 34);
        let plot = figure.plot.unwrap();
        let stroke = |mark: &&Mark| matches!(mark, Mark::Sign(_, Sign::Char('/', _)));
        let below = |mark: &Mark| matches!(mark, Mark::Sign([_, sd], _) if *sd <= 0.0);
        let strokes: Vec<&Mark> = marks(&plot).filter(stroke).collect();
        assert!(strokes.iter().all(|mark| below(mark)), "an sd is positive");
        let named = marks(&plot).any(|mark| matches!(mark, Mark::Label(label) if label.text == "outside"));
        assert_eq!(named, !strokes.is_empty());
        strokes.len()
    };
    assert_eq!(hatched(&show), 0);
    show.set_delta(1.0);
    assert!(hatched(&show) > 20);
}

#[test]
fn the_border_of_the_family_is_a_line_and_a_figure_is_hatched_with_strokes() {
    let mut show = show("three-charts");
    let outside = |show: &Show, finer: usize| {
        let room = Room { columns: 70, rows: 30, bands: 12, finer, fills: true };
        let plot = figure::pane(show, Pane::Ellipses, room, &mut Memo::default()).plot.expect("a picture");
        let of = |role: Role| {
            let own = lines(&plot).filter(|line| line.ink == Ink::Role(role) && line.dash == Dash::Solid);
            own.map(|line| line.points.clone()).collect::<Vec<_>>()
        };
        (plot.x.range, of(Role::Dim), of(Role::Faint))
    };
    let (_, border, strokes) = outside(&show, 1);
    assert!(border.is_empty() && strokes.is_empty(), "all of it is inside");
    show.set_delta(1.0);
    for finer in [1, 3] {
        let ([from, to], border, strokes) = outside(&show, finer);
        // The half-plane of Gaussians ends at sd 0, from edge to edge.
        let [line] = &border[..] else { panic!("{border:?}") };
        assert!(line.iter().all(|[_, sd]| (0.0..1e-6).contains(sd)), "{line:?}");
        let ends = [line[0][0], line[line.len() - 1][0]];
        let across = (ends[0] - ends[1]).abs();
        assert!((across / (to - from) - 1.0).abs() < 1e-9, "{across} {from} {to}");
        assert_eq!(strokes.is_empty(), finer == 1);
        assert!(strokes.iter().flatten().all(|[_, sd]| *sd < 1e-6), "{strokes:?}");
    }
}

/// A glyph or a name on the picture: its row, its first column, its length.
type Stretch = (usize, usize, usize);

fn apart(a: Stretch, b: Stretch) -> bool {
    a.0 != b.0 || a.1 + a.2 < b.1 || b.1 + b.2 < a.1
}

/// Where the runs of glyphs stand.
fn runs(plot: &Plot, columns: usize, rows: usize, at: &str) -> Vec<(Stretch, Vec<usize>)> {
    let frame = plot.frame(columns, rows);
    let mut found: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for mark in marks(plot) {
        if let Mark::Sign([x, y], Sign::Racer(racer)) = mark {
            let (column, row) = frame.cell(*x, *y).unwrap_or_else(|| panic!("{at}: outside of the picture"));
            found.entry((row, column)).or_default().push(*racer);
        }
    }
    found.into_iter().map(|((row, column), racers)| ((row, column, racers.len()), racers)).collect()
}

fn check(show: &Show, (columns, rows): (u16, u16), at: &str) {
    let mut memo = Memo::default();
    let figure =
        figure::pane(show, Pane::Ellipses, Room { columns, rows, bands: 12, finer: 1, fills: true }, &mut memo);
    let Some(plot) = &figure.plot else { return };
    let wide = columns - figure.table.as_ref().map_or(0, |(wide, _)| *wide);
    let runs = runs(plot, wide.into(), rows.into(), at);
    for (i, (a, racers)) in runs.iter().enumerate() {
        assert!(racers.is_sorted(), "{at}: {racers:?}");
        assert!(a.1 + a.2 <= usize::from(wide), "{at}: {a:?} runs out of the picture");
        for (b, _) in &runs[i + 1..] {
            assert!(apart(*a, *b), "{at}: {runs:?}");
        }
    }
    let rays = lines(plot).filter_map(|line| if let Ink::Racer(racer) = line.ink { Some(racer) } else { None });
    for racer in rays {
        assert!(runs.iter().any(|(_, racers)| racers.contains(&racer)), "{at}: racer {racer} has no glyph");
    }
    // What was drawn: every glyph is there, no label has been written over one, no cross lies under one.
    let area = Rect::new(0, 0, columns + 2, rows + 2);
    let mut buf = Buffer::empty(area);
    cells::draw(&figure, &mut cells::Memo::default(), STYLE, false, area, &mut buf);
    for ((row, column, _), racers) in &runs {
        for (i, racer) in racers.iter().enumerate() {
            let cell = &buf[((column + i + 1) as u16, (row + 1) as u16)];
            assert_eq!(cell.symbol(), STYLE.glyph(*racer).to_string(), "{at}: racer {racer}");
        }
    }
    let frame = plot.frame(wide.into(), rows.into());
    for mark in marks(plot) {
        if let Mark::Sign([x, y], Sign::Lowest) = mark
            && let Some((column, row)) = frame.cell(*x, *y)
        {
            let symbol = buf[(column as u16 + 1, row as u16 + 1)].symbol();
            // The place itself, which may be the lowest, stands over its cross.
            assert!(["×", "○"].contains(&symbol) || show.point == Pinned::Racer, "{at}: {symbol}");
        }
    }
}

/// The insides of the pane at 200×60, 160×45, 120×36 and 80×24, beside others and filling the screen.
const ROOMS: [(u16, u16); 8] = [(78, 27), (62, 18), (46, 13), (30, 12), (198, 56), (158, 41), (118, 32), (78, 20)];

#[test]
fn no_glyph_collides_in_any_scenario_at_any_size() {
    for builtin in BUILTIN {
        let mut show = show(builtin.name);
        for step in [0, 12, 40] {
            show.seek(step);
            show.point = if step == 0 { Pinned::Start } else { Pinned::Racer };
            show.chosen = step % show.on.len();
            for room in ROOMS {
                check(&show, room, &format!("{} step {step} {room:?}", builtin.name));
            }
        }
    }
}

#[test]
fn no_glyph_collides_in_any_chart_and_with_any_radius() {
    for name in ["three-charts", "softmax", "air-conditioning", "trpo-race", "every-optimizer"] {
        let mut show = show(name);
        for chart in show.world.family.info().chart_ids() {
            show.chart = chart;
            for delta in [1e-6, 1e-3, 0.1, 1.0] {
                show.set_delta(delta);
                for room in ROOMS {
                    check(&show, room, &format!("{name} {chart:?} δ {delta} {room:?}"));
                }
            }
        }
    }
}

#[test]
fn the_place_is_in_the_middle_of_its_cell() {
    for name in ["three-charts", "softmax", "ozone-gamma", "singular-mixture"] {
        for (columns, rows) in ROOMS {
            let show = show(name);
            let figure = pane(&show, columns, rows);
            let wide = columns - figure.table.as_ref().map_or(0, |(wide, _)| *wide);
            let plot = figure.plot.unwrap();
            let frame = plot.frame(wide.into(), rows.into());
            let start = marks(&plot).find_map(|mark| match mark {
                Mark::Sign(at, Sign::Start) => Some(*at),
                _ => None,
            });
            let [x, y] = plot.dot(&frame, start.unwrap());
            assert!((x.rem_euclid(2.0) - 1.0).abs() < 1e-3 && (y.rem_euclid(4.0) - 2.0).abs() < 1e-3, "{name} {x} {y}");
        }
    }
}
