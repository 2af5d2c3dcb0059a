//! Panes of policies: what they say is what the policies are, at any size and whatever keys are pressed.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

mod common;

use std::path::Path;

use common::dice::Dice;
use common::stage::STYLE;
use geodescent::app::{ACTIONS, App, Click, Key, Screen, Show};
use geodescent::figure::{self, Memo};
use geodescent::plot::look::{Depth, Marker};
use geodescent::plot::mark::{Ink, Label, Mark, Role, Sign};
use geodescent::plot::pane::{Span, Words};
use geodescent::plot::{PaneFigure, Room};
use geodescent::scenario::{Document, Pane};
use geodescent::screen::{self, Cache, Style};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const ARMS: &str =
    "policy = \"softmax\"\n[process]\nkind = \"bandit\"\nrewards = [1.0, 0.9, 0.1]\n[objective]\nkind = \"return\"\n";
const TWO_STATES: &str = "policy = \"softmax\"\nchart = \"log-odds\"\n[process]\nkind = \"two-state\"\n[objective]\nkind = \"return\"\ncriterion = \"average\"\n";
const GRID: &str = "policy = \"softmax\"\nchart = \"logits\"\n[process]\nkind = \"grid-world\"\nmap = \"\"\"\nS..\n.#G\n..X\n\"\"\"\nslip = 0.2\n[objective]\nkind = \"return\"\ncriterion = \"average\"\n";
const LINEAR: &str = "policy = \"linear-gaussian\"\n[process]\nkind = \"linear-quadratic\"\n[objective]\nkind = \"return\"\ncriterion = \"average\"\n";
const ONE: &str =
    "policy = \"softmax\"\n[process]\nkind = \"bandit\"\nrewards = [1.0, 0.5]\n[objective]\nkind = \"return\"\n";
const VALUE: &str = "value = \"linear\"\nfeatures = [[1.0, 0.0], [0.0, 1.0]]\n[process]\nkind = \"table\"\nstates = [\"a\", \"b\"]\nactions = [\"go\"]\ntransitions = [[[0.5, 0.5]], [[0.5, 0.5]]]\nrewards = [[1.0], [0.0]]\n[objective]\nkind = \"bellman-residual\"\ndiscount = 0.9\n";

const RACERS: &str =
    "[[optimizer]]\nkind = \"sgd\"\nlr = 0.02\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.1\ndamping = 1e-6\n";

fn open(model: &str) -> Show {
    race(model, &format!("steps = 12\nseed = 7\n{RACERS}"))
}

fn race(model: &str, run: &str) -> Show {
    let text = format!("version = 1\n[model]\n{model}[run]\n{run}");
    Show::open(Document::from_text("policy.toml", Path::new("."), &text)).unwrap_or_else(|report| panic!("{report}"))
}

fn at(model: &str, step: usize) -> Show {
    sought(open(model), step)
}

fn sought(mut show: Show, step: usize) -> Show {
    show.race.extend(step);
    show.timeline.seek(step);
    show
}

fn pane(show: &Show, pane: Pane, (columns, rows): (u16, u16)) -> PaneFigure {
    figure::pane(show, pane, Room { columns, rows, bands: 12, finer: 1, fills: true }, &mut Memo::default())
}

fn spans(figure: &PaneFigure) -> Vec<&Span> {
    figure.table.as_ref().map(|(_, table)| table.rows.iter().flatten().collect()).unwrap_or_default()
}

fn bars(figure: &PaneFigure) -> Vec<f64> {
    let share = |span: &&Span| if let Words::Bar(share) = span.text { Some(share) } else { None };
    spans(figure).iter().filter_map(share).collect()
}

fn labels(figure: &PaneFigure) -> Vec<&Label> {
    let marks = figure.plot.as_ref().unwrap().all().flat_map(|layer| &layer.marks);
    marks.filter_map(|mark| if let Mark::Label(label) = mark { Some(label) } else { None }).collect()
}

fn marks(figure: &PaneFigure) -> impl Iterator<Item = &Mark> {
    figure.plot.as_ref().unwrap().all().flat_map(|layer| &layer.marks)
}

#[test]
fn bars_are_the_probabilities() {
    let show = at(ARMS, 5);
    let figure = pane(&show, Pane::Policy, (62, 8));
    let own: Vec<f64> = (0..2).flat_map(|racer| show.race.runner(racer).site(5).unwrap().policy().unwrap()).collect();
    assert_eq!(bars(&figure), own);
    let written: Vec<String> = own.iter().map(|p| format!("{p:.3}")).collect();
    let numbers = spans(&figure).into_iter().filter_map(|span| match &span.text {
        Words::Text(text) if written.contains(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(numbers.collect::<Vec<_>>(), written);
    // Too narrow for all racers: the chosen one.
    assert_eq!(bars(&pane(&show, Pane::Policy, (30, 8))), own[..3]);
}

#[test]
fn bars_of_many_arms_end_at_a_smaller_probability() {
    let rewards: Vec<String> = (0..64).map(|arm| format!("{}", f64::from(arm % 7) / 7.0)).collect();
    let arms = ARMS.replace("1.0, 0.9, 0.1", &rewards.join(", "));
    let model = arms.replace("\n[process]", "\nchart = \"logits\"\n[process]");
    let show = at(&model, 5);
    let figure = pane(&show, Pane::Policy, (40, 70));
    let policy = show.race.runner(0).site(5).unwrap().policy().unwrap();
    // Each of 64 is about 1/64.
    let ends: Vec<f64> = policy.iter().map(|p| p / 0.05).collect();
    assert_eq!((bars(&figure), figure.detail.as_str()), (ends, "π(arm) to 0.05: sgd"));
}

#[test]
fn advantages_have_a_heading_where_they_have_a_column() {
    let show = at(TWO_STATES, 5);
    for columns in 20..52 {
        let rows = told(&pane(&show, Pane::Policy, (columns, 8)));
        let column = rows.iter().any(|row| row.starts_with("stay") && row.contains('+'));
        assert!(column || !rows[0].contains("advantage"), "{columns} {rows:#?}");
    }
}

#[test]
fn a_map_of_a_racer_that_has_ended_says_of_which_step_it_is() {
    // In probabilities a long step leaves the simplex at once, and the policy of step 0 is the last.
    let model = GRID.replace("logits", "probabilities");
    let run = "steps = 12\n[[optimizer]]\nkind = \"sgd\"\nlr = 1e6\nlabel = \"far\"\n";
    let show = sought(race(&model, run), 5);
    assert!(pane(&show, Pane::Policy, (90, 3)).detail.starts_with("far, its last: step 0: value filled"));
}

#[test]
fn visits_stand_under_the_actions_of_their_state() {
    let show = at(TWO_STATES, 5);
    let figure = pane(&show, Pane::Policy, (62, 6));
    let found = bars(&figure);
    assert_eq!(found.len(), 2 * (4 + 2));
    for racer in 0..2 {
        // Staying in i and in j: of a chain of two states each is left as often as it is entered.
        let [i, _, j, _] = show.race.runner(racer).site(5).unwrap().policy().unwrap()[..] else { panic!() };
        let visits = [(1.0 - j) / (2.0 - i - j), (1.0 - i) / (2.0 - i - j)];
        for (place, share) in visits.into_iter().enumerate() {
            let bar = found[8 + 2 * racer + place];
            assert!((bar - (1.0 + share.log10() / 6.0)).abs() < 1e-12, "{bar} {share}");
            let written = format!("{share:.4}");
            let said =
                spans(&figure).into_iter().any(|span| matches!(&span.text, Words::Text(text) if *text == written));
            assert!(said, "{written}");
        }
    }
    // A row less is too few for those of both racers.
    assert_eq!(bars(&pane(&show, Pane::Policy, (62, 5))).len(), 2 * 4);
}

#[test]
fn the_arrow_of_a_state_is_its_likeliest_move() {
    let show = at(GRID, 8);
    let policy = show.race.runner(0).site(8).unwrap().policy().unwrap();
    // The goal and the pit, states 4 and 7, have no arrows; the others stand in reading order.
    let arrow = |state: usize| {
        let own = &policy[4 * state..4 * state + 4];
        let best = (0..4).fold(0, |best, at| if own[at] > own[best] { at } else { best });
        ['↑', '→', '↓', '←'][best]
    };
    let mut expected: Vec<(u16, char)> =
        [(0, 0), (1, 1), (2, 2), (0, 3), (0, 5), (1, 6)].map(|(c, s)| (c, arrow(s))).to_vec();
    expected.sort_unstable();
    // Also where a ray has room for less than a dot.
    for [wide, tall] in [[11, 5], [8, 4], [5, 3], [5, 2], [3, 1]] {
        let figure = pane(&show, Pane::Policy, (3 * wide, 3 * tall));
        let heads = spans(&figure).into_iter().filter_map(|span| match span.text {
            Words::Sign(Sign::Char(arrow, Ink::Racer(0))) => Some((span.column / wide, arrow)),
            _ => None,
        });
        let mut found: Vec<(u16, char)> = heads.collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{wide}×{tall}");
    }
}

#[test]
fn no_arrow_claims_a_move_where_several_are_as_likely() {
    let signs = |step: usize| -> Vec<char> {
        let figure = pane(&at(GRID, step), Pane::Policy, (9, 3));
        let said = spans(&figure).into_iter().filter_map(|span| match span.text {
            Words::Sign(Sign::Char(sign, _)) => Some(sign),
            _ => None,
        });
        said.collect()
    };
    // All moves are as likely at the start, in each of the six states that are neither goal nor pit.
    assert_eq!(signs(0), ['·'; 6]);
    assert!(signs(8).iter().all(|sign| "↑→↓←".contains(*sign)) && signs(8).len() == 6);
    let narrow = pane(&at(GRID, 0), Pane::Policy, (40, 3)).detail;
    assert_eq!(narrow, "sgd: · none likeliest");
    let title = |step: usize| pane(&at(GRID, step), Pane::Policy, (90, 3)).detail;
    assert!(title(0).ends_with("· where none is") && !title(8).contains('·'), "{} {}", title(0), title(8));
}

/// The texts of a table, row by row.
fn told(figure: &PaneFigure) -> Vec<String> {
    let rows = &figure.table.as_ref().unwrap().1.rows;
    let words = |span: &Span| if let Words::Text(text) = &span.text { Some(text.clone()) } else { None };
    rows.iter().map(|row| row.iter().filter_map(words).collect::<Vec<_>>().join(" ")).collect()
}

/// Numbers of a dense solve in NumPy: V = (I − γP)⁻¹r, d = (1 − γ)(I − γPᵀ)⁻¹ of the start, and the steps by hand.
#[test]
fn states_are_told_of_beside_a_map() {
    let mut app = App::show(sought(Show::open(Document::builtin("grid-world").unwrap()).unwrap(), 20), STYLE);
    let step = |app: &App| {
        let Screen::Show(show) = &app.screen else { panic!() };
        told(&pane(show, Pane::Policy, (88, 41)))[31..].to_vec()
    };
    let has = |rows: &[String], words: &[&str]| {
        let all = |row: &String| words.iter().all(|word| row.contains(word));
        assert!(rows.iter().any(all), "{words:?} {rows:#?}");
    };
    // The question of step 20 is answered.
    let _ = app.press(Key::char('n'));
    let rows = step(&app);
    has(&rows, &["State r1c1", "d 0.2095", "V 0.4449"]);
    for words in [["r1c1", "→ right", "+0.00418"], ["r1c3", "↓ down", "+0.00276"], ["r2c4", "→ right", "+0.00043"]]
    {
        has(&rows, &words);
    }
    has(&rows, &["r1c1 0.209", "r1c2 0.158", "r1c3 0.119"]);
    has(&rows, &["r1c1 0.457", "r1c2 0.201", "r2c1 0.200"]);
    // A click tells of another state, r3c3, and a second one of the first again.
    let Screen::Show(show) = &app.screen else { panic!() };
    let room = Room { columns: 88, rows: 41, bands: 12, finer: 1, fills: true };
    let places = figure::policy::places(show, room);
    let (_, state) = *places.iter().find(|(place, _)| *place == [22, 10, 11, 5]).unwrap();
    // 40 states less a goal and three pits.
    assert_eq!(places.len(), 36);
    let (mut cache, area) = (Cache::default(), Rect::new(0, 0, 160, 45));
    screen::draw(&app, &mut cache, area, &mut Buffer::empty(area));
    // Below the header and inside the frame.
    let click = cache.laid().hit((1 + 22 + 5, 2 + 10 + 2)).unwrap();
    assert_eq!(click, Click::State(state));
    let _ = app.click(click);
    let rows = step(&app);
    has(&rows, &["State r3c3", "d 0.0058", "V 0.6024"]);
    for words in [
        ["up", "0.575", "+0.0114"],
        ["right", "0", "−1.0738"],
        ["down", "0.185", "−0.0092"],
        ["left", "0.240", "−0.0201"],
    ] {
        has(&rows, &words);
    }
    let _ = app.click(Click::State(state));
    has(&step(&app), &["State r1c1"]);
}

#[test]
fn corners_say_what_their_arms_pay() {
    let figure = pane(&at(ARMS, 3), Pane::Landscape, (94, 30));
    let texts: Vec<&str> = labels(&figure).iter().map(|label| label.text.as_str()).collect();
    for corner in ["arm 1 pays 1", "arm 2 pays 0.9", "arm 3 pays 0.1"] {
        assert!(texts.contains(&corner), "{texts:?}");
    }
    let plot = figure.plot.as_ref().unwrap();
    let frame = plot.frame(94, 30);
    let side = |[a, b]: [[f64; 2]; 2]| {
        let [a, b] = [a, b].map(|[x, y]| frame.dot(x, y));
        (a[0] - b[0]).hypot(a[1] - b[1])
    };
    let [one, two, three] = [[1.0, 0.0], [0.5, 0.75_f64.sqrt()], [0.0, 0.0]];
    let sides = [[one, two], [two, three], [three, one]].map(side);
    assert!(sides.iter().all(|side| (side / sides[0] - 1.0).abs() < 1e-9), "{sides:?}");
    assert_eq!((figure.detail.as_str(), plot.x.name.as_str()), ("simplex of three arms", ""));
}

#[test]
fn the_border_of_stability_is_drawn_and_named() {
    let show = at(LINEAR, 0);
    let mut memo = Memo::default();
    let room = Room { columns: 90, rows: 30, bands: 12, finer: 1, fills: true };
    // The field, with which the hatch comes, is a job; a coarse one hatches too much.
    drop(figure::pane(&show, Pane::Landscape, room, &mut memo));
    memo.finish();
    let figure = figure::pane(&show, Pane::Landscape, room, &mut memo);
    let texts: Vec<&str> = labels(&figure).iter().map(|label| label.text.as_str()).collect();
    assert!(["outside", "|a−b·gain| ≥ 1", "best: gain 0.7, sd 0"].iter().all(|text| texts.contains(text)), "{texts:?}");
    let marks = || marks(&figure);
    let arrow = marks().find_map(|mark| match mark {
        Mark::Sign(at, Sign::Char('↓', _)) => Some(*at),
        _ => None,
    });
    let [low, high] = figure.plot.as_ref().unwrap().x.range;
    assert!((arrow.unwrap()[0] - 0.7).abs() <= 0.5 * (high - low) / 90.0 + 1e-9, "{arrow:?}");
    let borders: Vec<f64> = marks()
        .filter_map(|mark| match mark {
            Mark::Line(line) if line.ink == Ink::Role(Role::Text) => Some(line.points[0][0]),
            _ => None,
        })
        .collect();
    assert!(borders.iter().zip([-0.3, 1.7]).all(|(found, gain)| (found - gain).abs() < 1e-12), "{borders:?}");
    let hatched = marks().filter_map(|mark| match mark {
        Mark::Sign([gain, _], Sign::Char('/', _)) => Some(*gain),
        _ => None,
    });
    let hatched: Vec<f64> = hatched.collect();
    assert!(hatched.len() > 20 && hatched.iter().all(|gain| !(-0.3..1.7).contains(gain)), "{hatched:?}");
}

#[test]
fn a_racer_that_leaves_ends_where_its_step_led() {
    // At gain 0 and sd 1, with a = 0.7 and b = q = noise = 1, the cost is V = (1 + sd²)/(1 − (a − gain)²).
    let slope = [-2.8 / 0.51_f64.powi(2), 2.0 / 0.51];
    for (lr, inside) in [(0.2, true), (0.25, false)] {
        let view = "[view]\nx = [-1.0, 2.5]\ny = [0.01, 2.0]\n";
        let show = race(LINEAR, &format!("steps = 3\n{view}[[optimizer]]\nkind = \"sgd\"\nlr = {lr}\n"));
        let show = sought(show, 2);
        let left = [-lr * slope[0], 1.0 - lr * slope[1]];
        let figure = pane(&show, Pane::Landscape, (90, 30));
        let dead: Vec<[f64; 2]> = marks(&figure)
            .filter_map(|mark| if let Mark::Sign(at, Sign::Dead(0)) = mark { Some(*at) } else { None })
            .collect();
        let [at] = dead[..] else { panic!("{dead:?}") };
        if inside {
            assert!((0..2).all(|i| (at[i] - left[i]).abs() < 1e-9), "{at:?} {left:?}");
        } else {
            let [low, high] = figure.plot.as_ref().unwrap().x.range;
            assert!((at[0] - (high - 0.5 * (high - low) / 90.0)).abs() < 1e-9, "{at:?}");
            // On the straight way there.
            let share = (high - 0.0) / left[0];
            assert!((at[1] - (1.0 + share * (left[1] - 1.0))).abs() < 1e-9, "{at:?}");
        }
        let racers = pane(&show, Pane::Racers, (62, 6));
        let told = format!("left at step 1: gain {:.2}", left[0]);
        let said = spans(&racers).into_iter().any(|span| matches!(&span.text, Words::Text(text) if *text == told));
        assert!(said, "{told}");
    }
}

#[test]
fn tiles_say_what_a_goal_and_a_pit_pay() {
    let model = GRID.replace("slip = 0.2", "goal = 2.5");
    let figure = pane(&at(&model, 3), Pane::Policy, (40, 20));
    let named = |name: &str| spans(&figure).iter().any(|span| matches!(&span.text, Words::Text(text) if text == name));
    assert!(named(" start") && named(" +2.5") && named(" −1"));
}

#[test]
fn decades_of_time_stand_on_a_path_whose_time_is_logarithmic() {
    let racers = "[[optimizer]]\nkind = \"sgd\"\nlr = 1.0\n[view]\nx = [-6.0, 12.0]\ny = [-4.0, 12.0]\ntime = ";
    let show = |time: &str| sought(race(TWO_STATES, &format!("steps = 3000\n{racers}\"{time}\"\n")), 3000);
    let told = |show: &Show| -> Vec<(String, [f64; 2])> {
        let figure = pane(show, Pane::Landscape, (120, 40));
        let all = labels(&figure).into_iter().filter(|label| label.text.starts_with("t "));
        all.map(|label| (label.text.clone(), label.anchors[0])).collect()
    };
    let log = show("log");
    let found = told(&log);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["t 10", "t 100", "t 1e3"]);
    for ((_, at), step) in found.iter().zip([10, 100, 1000]) {
        let p = log.race.runner(0).parameters(step).into_owned();
        assert!((0..2).all(|i| (at[i] - (p[i] / (1.0 - p[i])).ln()).abs() < 1e-6), "{at:?} {p:?}");
    }
    assert!(told(&show("linear")).is_empty());
}

#[test]
fn a_trace_says_how_far_the_return_is_from_the_best() {
    assert_eq!(pane(&at(ARMS, 5), Pane::Traces, (60, 8)).detail, "best − J, log");
    assert_eq!(pane(&at(LINEAR, 5), Pane::Traces, (60, 8)).detail, "cost above 1, log");
    let mut show = at(ARMS, 5);
    show.world.scenario.view.log_time = true;
    let figure = pane(&show, Pane::Traces, (60, 8));
    let axis = &figure.plot.as_ref().unwrap().x;
    assert!(axis.log && axis.name == "step, log" && axis.ticks[0].at == 1.0, "{axis:?}");
}

#[test]
fn axes_of_log_odds_are_labelled_in_probabilities() {
    let figure = pane(&at(TWO_STATES, 5), Pane::Landscape, (90, 30));
    let axis = &figure.plot.as_ref().unwrap().x;
    assert_eq!(axis.name, "π(stay|i)");
    assert!(axis.ticks.len() > 1, "{axis:?}");
    for tick in &axis.ticks {
        let Ok(p) = tick.label.replace('−', "-").parse::<f64>() else { continue };
        assert!((tick.at - (p / (1.0 - p)).ln()).abs() < 1e-9, "{tick:?}");
    }
}

#[test]
fn one_parameter_has_no_landscape_and_says_so() {
    let figure = pane(&at(ONE, 3), Pane::Landscape, (60, 20));
    assert!(figure.plot.is_none());
    assert!(matches!(&spans(&figure)[0].text, Words::Text(text) if text.starts_with("One parameter")));
}

#[test]
fn no_key_is_too_much_for_a_policy() {
    let keys: Vec<Key> = ACTIONS.iter().flat_map(|row| row.keys.iter().copied()).collect();
    let sizes = [(160, 45), (80, 24), (120, 36), (38, 11), (200, 60)];
    let plain = Style { marker: Marker::Ascii, ..STYLE };
    let mut looks = [STYLE, plain, STYLE];
    looks[2].theme.depth = Depth::None;
    for (i, model) in [ARMS, TWO_STATES, GRID, LINEAR, ONE, VALUE].into_iter().enumerate() {
        let mut dice = Dice::new(15 + i as u64);
        let mut app = App::show(open(model), looks[i % looks.len()]);
        let mut cache = Cache::default();
        for turn in 0..60 {
            let (width, height) = sizes[(turn / 12) % sizes.len()];
            let area = Rect::new(0, 0, width, height);
            let mut buf = Buffer::empty(area);
            let _ = app.press(*dice.pick(&keys));
            screen::draw(&app, &mut cache, area, &mut buf);
        }
    }
}
