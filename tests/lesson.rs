//! The lesson as its scenarios tell it, stop by stop, in docs/lesson.md; and that every cue shows what it names.
//!
//! `GEODESCENT_WRITE_DOCS=1 cargo test --test lesson` writes the document anew.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::stage::{finish, opened, press, show};
use geodescent::app::key::Code;
use geodescent::app::{App, Key, Layer, Show};
use geodescent::measure::answers;
use geodescent::scenario::{BUILTIN, Builtin, Cue, Document, Open, Overlay, Pane, Zoom};
use geodescent::screen::{Cache, Part, still, still_part};
use geodescent::terminal;
use ratatui::layout::Rect;

const SCREEN: Rect = Rect::new(0, 0, 120, 36);

/// A claim of the lesson: as it is usually told, what is true, who says so, and the scenarios that show it.
struct Claim {
    told: &'static str,
    truth: &'static str,
    source: &'static str,
    scenarios: &'static [&'static str],
}

const CLAIMS: &[Claim] = &[
    Claim {
        told: "Gradient descent follows the slope of the loss: one loss, one path.",
        truth: "The gradient's components depend on the coordinates, and so do the path, the speed and the number of steps. A \
            smaller rate does not help.",
        source: "Amari, Natural gradient works efficiently in learning, Neural Computation 10 (1998), §2",
        scenarios: &["three-sgds"],
    },
    Claim {
        told: "The natural gradient does not depend on the parameterisation.",
        truth: "Its direction and its flow do not. A finite step does, to second order: halve the rate, and the gap halves.",
        source: "Song, Song & Ermon, Accelerating natural gradient with higher-order invariance, ICML 2018; Martens, New \
            insights and perspectives on the natural gradient method, JMLR 21 (2020)",
        scenarios: &["three-charts-natural", "first-order"],
    },
    Claim {
        told: "The natural gradient is the direction of steepest descent in KL divergence.",
        truth: "In the limit of small steps. Of steps with a finite KL the lowest lies elsewhere, and the ellipse is only a \
            picture of the ball.",
        source: "Amari 1998, theorem 1",
        scenarios: &["steepest"],
    },
    Claim {
        told: "KL divergence is ½ εᵀFε.",
        truth: "Up to a term of third order. The mean of both KLs agrees with half the squared Fisher-Rao distance up to \
            fourth order.",
        source: "Amari & Nagaoka, Methods of information geometry (2000), §3.2",
        scenarios: &["ellipse-meaning"],
    },
    Claim {
        told: "A trust region keeps a policy from collapsing.",
        truth: "TRPO's line search bounds the KL of every step; a natural step alone does not, it costs 0.55 to 1.68 times \
            what it was aimed at. The bound limits the speed of a policy, and by itself says nothing of where it ends.",
        source: "Schulman et al., Trust region policy optimization, ICML 2015; Mei et al., Understanding the effect of \
            stochasticity in policy optimization, NeurIPS 2021",
        scenarios: &["policy-collapse", "trust-region-step", "trpo-race"],
    },
    Claim {
        told: "The natural gradient follows geodesics, the shortest paths.",
        truth: "Its flow is straight for another connection: the m-line for likelihood, the e-line for reverse KL. The \
            shortest path is the Fisher-Rao geodesic, and neither is that. Vectors carried around a square come back turned.",
        source: "Fujiwara & Amari, Gradient systems in view of information geometry, Physica D 80 (1995)",
        scenarios: &["m-line", "e-line", "holonomy"],
    },
    Claim {
        told: "Adam is a natural gradient with a diagonal empirical Fisher matrix.",
        truth: "Adam divides by the root of averaged squared gradients: neither the scale nor the orientation is that of F, \
            and its path depends on the chart. A diagonal, even the true one, ignores correlation.",
        source: "Kunstner, Hennig & Balles, Limitations of the empirical Fisher approximation for natural gradient descent, \
            NeurIPS 2019",
        scenarios: &["three-charts-adam", "correlated-gaussian", "diagonal-fisher"],
    },
    Claim {
        told: "The natural gradient is faster; it is only too expensive.",
        truth: "How much faster depends on the rates that are compared. At its best rate in a good chart SGD comes close, and \
            at others it wins. What F costs: d² numbers, and d³ operations to solve with it.",
        source: "Martens 2020, §8 and §14",
        scenarios: &["best-rates", "equal-pace"],
    },
];

fn builtin(name: &str) -> Document {
    Document::builtin(name).unwrap_or_else(|| panic!("{name} is built in"))
}

/// A place where the show stops.
fn stop(app: &App) -> (usize, Option<usize>, bool) {
    (show(app).timeline.step(), show(app).cue_place(), show(app).question().is_some())
}

/// Calls a function at every stop of a show that is walked through with PageDown.
fn walk(app: &mut App, mut at: impl FnMut(&mut App)) {
    loop {
        at(app);
        let before = stop(app);
        press(app, Key::plain(Code::PageDown));
        if stop(app) == before {
            return;
        }
    }
}

/// What a cue changes, in words.
fn changes(show: &Show, cue: &Cue, answer: bool) -> Vec<String> {
    let names = |overlays: &[Overlay]| {
        let name = |overlay: &Overlay| {
            geodescent::scenario::names::OVERLAYS.iter().find(|row| row.overlay == *overlay).map_or("", |row| row.name)
        };
        overlays.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let mut told = Vec::new();
    let question = !answer || cue.ask.is_none();
    if question {
        told.extend(cue.chart.map(|chart| format!("chart {}", show.world.family.chart(chart).info().name)));
        told.extend(cue.charts.map(|on| if on { "all charts side by side" } else { "the panes again" }.to_owned()));
        told.extend(cue.delta.map(|delta| format!("δ {delta}")));
        told.extend(cue.zoom.map(|zoom| match zoom {
            Zoom::Fit => "everything in view".to_owned(),
            Zoom::Rectangle(part) => format!("in view {:?} × {:?}", part.x, part.y),
        }));
        told.extend(cue.fill.map(|on| if on { "it fills the screen" } else { "all panes" }.to_owned()));
        told.extend(cue.focus.map(|pane| format!("focus on {}", pane.name())));
        told.extend(cue.speed.map(|speed| format!("{speed} steps a second")));
    }
    if answer || cue.ask.is_none() {
        let labels = |racers: &Vec<usize>| {
            let label = |racer: &usize| show.world.scenario.racers[*racer].label.clone();
            format!("shown: {}", racers.iter().map(label).collect::<Vec<_>>().join("; "))
        };
        told.extend(cue.racers.as_ref().map(labels));
        told.extend((!cue.show.is_empty()).then(|| format!("on: {}", names(&cue.show))));
        told.extend((!cue.hide.is_empty()).then(|| format!("off: {}", names(&cue.hide))));
        told.extend(cue.open.map(|open| format!("opens {}", open.name())));
        told.extend(cue.pick.as_ref().map(|path| format!("[ ] change {path}")));
    }
    told
}

/// A pane's rows as text, without its frame.
fn rows(app: &App, pane: Pane, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let cells = still_part(show(app), Part::Pane(pane), app.style, &mut Cache::default(), area);
    let text = terminal::text(&cells);
    let inside: Vec<&str> = text.lines().skip(1).take(usize::from(height) - 2).collect();
    let line = |line: &&str| line.trim_matches(['│', '┃', '▌', ' ']).trim_end().to_owned();
    inside.iter().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn transcript(name: &str, text: &mut String) {
    let mut app = opened(builtin(name));
    let _ = writeln!(text, "### {} (`geodescent {name}`)\n", show(&app).world.scenario.title);
    walk(&mut app, |app| {
        let (step, _, asked) = stop(app);
        let show = show(app);
        let Some(cue) = (if asked { show.question() } else { show.cue() }) else { return };
        let words = if asked { cue.ask.clone().unwrap_or_default() } else { cue.say.clone() };
        let mark = if asked { "**?** " } else { "" };
        // Behind the last cue nothing is said and nothing changes.
        let past = !asked && cue.step < step;
        let told = if past { Vec::new() } else { changes(show, cue, !asked) };
        let _ = if past {
            writeln!(text, "Step {step}: the end of the race.")
        } else {
            writeln!(text, "Step {step}. {mark}*{words}*")
        };
        if !told.is_empty() {
            let _ = writeln!(text, "({})", told.join(" · "));
        }
        if !asked {
            let height = u16::try_from(show.world.scenario.racers.len()).expect("few racers") + 3;
            let _ = writeln!(text, "\n```text\n{}\n```", rows(app, Pane::Racers, 76, height));
        }
        text.push('\n');
    });
    let show = show(&app);
    let verdicts = answers(&show.world, &show.race);
    let kept = verdicts.iter().filter(|answer| answer.holds == Some(true)).count();
    let judged = verdicts.iter().filter(|answer| answer.holds.is_some()).count();
    if judged > 0 {
        let _ = writeln!(text, "Verdicts: {kept} of {judged} hold.\n");
        for answer in verdicts.iter().take(VERDICTS) {
            let _ = writeln!(text, "- {}", answer.text);
        }
        if verdicts.len() > VERDICTS {
            let _ = writeln!(text, "- … and {} more: `geodescent run {name}`", verdicts.len() - VERDICTS);
        }
        text.push('\n');
    }
}

/// How many verdicts of a scenario are listed.
const VERDICTS: usize = 12;

fn lesson() -> String {
    let mut text = "# The lesson, stop by stop\n\n<!-- Generated from the scenarios: GEODESCENT_WRITE_DOCS=1 cargo test --test lesson -->\n\n\
        Eight claims as they are usually told, what is true of them, and what the screen shows: captions, what each changes, and\n\
        the racers' numbers beside it. `?` is a question; space, `n` or PageDown answers it.\n\n"
        .to_owned();
    for (number, claim) in CLAIMS.iter().enumerate() {
        let _ = writeln!(text, "## {}. {}\n\n{} ({})\n", number + 1, claim.told, claim.truth, claim.source);
        claim.scenarios.iter().for_each(|name| transcript(name, &mut text));
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

#[test]
fn the_transcript_of_the_lesson_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lesson.md");
    let wanted = lesson();
    if std::env::var_os("GEODESCENT_WRITE_DOCS").is_some() {
        fs::write(&path, &wanted).expect("docs can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/lesson.md is stale: GEODESCENT_WRITE_DOCS=1 cargo test --test lesson");
}

/// Whether the screen would look different without an overlay.
fn seen(app: &mut App, overlay: Overlay) -> bool {
    let with = still(app, &mut Cache::default(), SCREEN);
    let toggle = |app: &mut App, on: bool| {
        app.shown().expect("a show").set_overlay(overlay, on);
        finish(app);
    };
    toggle(app, false);
    let without = still(app, &mut Cache::default(), SCREEN);
    toggle(app, true);
    with != without
}

/// At 120×36 a cue shows the overlays that it turns on, the pane that it focuses and the box that it opens.
#[test]
fn what_a_cue_names_is_on_screen() {
    let mut missing = Vec::new();
    for Builtin { name, .. } in BUILTIN {
        let mut app = opened(builtin(name));
        walk(&mut app, |app| {
            let (step, place, asked) = stop(app);
            let Some(cue) = place.and_then(|place| show(app).world.scenario.cues.get(place)).cloned() else { return };
            let mut fail = |what: String| missing.push(format!("{name} at step {step}: {what}"));
            let focus = show(app).focus_now();
            if cue.focus.is_some_and(|pane| pane != focus) {
                fail(format!("focus is on {}", focus.name()));
            }
            if asked {
                return;
            }
            for overlay in &cue.show {
                if !seen(app, *overlay) {
                    fail(format!("the overlay {overlay:?} changes nothing"));
                }
            }
            let open = match cue.open {
                Some(Open::Measures) => app.layers.has(&Layer::Measures),
                Some(Open::Numbers) => show(app).focus_now() == Pane::Numbers,
                Some(Open::Nothing) | None => true,
            };
            if !open {
                fail(format!("{:?} is not open", cue.open));
            }
            if cue.pick.is_some() && cue.pick != show(app).picked() {
                fail(format!("[ ] do not change {:?}", cue.pick));
            }
            if cue.charts.is_some_and(|on| on != show(app).charts.is_some()) {
                fail("charts".to_owned());
            }
            let text = terminal::text(&still(app, &mut Cache::default(), SCREEN));
            let said = cue.say.split_whitespace().collect::<Vec<_>>().join(" ");
            if !said.is_empty() && !text.contains(&said) {
                fail(format!("its caption is cut: {said}"));
            }
        });
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
