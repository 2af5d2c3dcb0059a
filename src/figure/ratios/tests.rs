//! The pane of one policy, against numbers computed elsewhere.

use super::*;
use crate::plot::mark::Mark;
use crate::plot::pane::Words;
use crate::race::World;
use crate::scenario::Document;

const ROOM: Room = Room { columns: 158, rows: 42, bands: 12, finer: 1, fills: true };

fn show(more: &str) -> Show {
    open(&text(more))
}

fn text(more: &str) -> String {
    format!(
        "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"logits\"\n[process]\nkind = \"bandit\"\n\
         rewards = [0.0, 0.5, 1.0]\n[objective]\nkind = \"return\"\n[start]\nprobabilities = [0.9, 0.09, 0.01]\n\
         [run]\nsteps = 3\n[view]\ndelta = 0.01\n\
         [[optimizer]]\nkind = \"trpo\"\nlabel = \"TRPO\"\ndelta = 0.01\n\
         [[optimizer]]\nkind = \"ppo\"\nlabel = \"PPO\"\nlr = 1.0\ninner = \"sgd\"\nepochs = 20\nclip-high = 0.28\n{more}"
    )
}

fn open(text: &str) -> Show {
    let document = Document::from_text("box.toml", std::path::Path::new("."), text);
    Show::new(World::open(&document).expect("a valid scenario"))
}

fn drawn(show: &Show, room: Room) -> PaneFigure {
    let mut memo = Memo::default();
    let _ = pane(show, room, &mut memo);
    memo.parts().for_each(Pending::finish);
    pane(show, room, &mut memo)
}

/// The rows of a table as texts, with the bold ones between stars.
fn rows(table: &Table) -> Vec<String> {
    let word = |span: &crate::plot::pane::Span| match &span.text {
        Words::Text(text) if span.bold => Some(format!("*{text}*")),
        Words::Text(text) => Some(text.clone()),
        Words::Bar(share) => Some(format!("{share:.3}")),
        Words::Sign(crate::plot::mark::Sign::Char(sign, _)) => Some(sign.to_string()),
        _ => None,
    };
    table.rows.iter().map(|row| row.iter().filter_map(word).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_candidates_are_those_of_the_claims() {
    // PPO with a clip of 0.2: its surrogate is linear until then, so its first epoch is that of any clip.
    let (_, table) = drawn(&show(""), ROOM).table.expect("numbers");
    let rows = rows(&table);
    let has = |row: &str| assert!(rows.iter().any(|own| own == row), "{row}: {rows:#?}");
    has("✗ TRPO full step 0.94 *1.43* *2.15* 0.0117 *1.17*");
    has("✓ *TRPO × 0.8* 0.96 *1.33* *1.85* 0.0072 0.72");
    has("• PPO epoch 1 0.99 1.08 1.05 3.5e−4 –");
    assert!(rows.iter().any(|row| row == "Fisher ellipse inf ∞"));
    assert!(rows.iter().any(|row| row.starts_with("KL ball, exact") && row.ends_with("0.0100")));
    assert!(rows.iter().any(|row| row.starts_with("clip 0.2: this policy") && row.ends_with("0.0025")));
    assert!(rows.iter().any(|row| row.starts_with("clip 0.2: any policy") && row.ends_with("0.0204")));
    assert!(rows.iter().any(|row| row.starts_with("clip-higher 0.28") && row.ends_with("0.0273")));
}

#[test]
fn the_epochs_are_those_of_the_claims() {
    let show = show("[[optimizer]]\nkind = \"ppo\"\nlabel = \"clip\"\nlr = 1.0\ninner = \"sgd\"\nepochs = 20\n");
    let old = Old::of(&show).expect("a policy");
    let found: Vec<Try> = tries(&show, &old).into_iter().map(|work| work()).collect();
    let last = found[2].stops.last().expect("epochs");
    assert!((last.kl - 0.013_326_535).abs() < 1e-9, "{}", last.kl);
    for (ratio, expected) in last.ratios.iter().zip([0.938, 1.581, 1.337]) {
        assert!((ratio - expected).abs() < 5e-4, "{ratio}");
    }
    let first = &found[2].stops[0];
    assert!((first.kl - 3.489_997_8e-4).abs() < 1e-10, "{}", first.kl);
    assert_eq!(found[2].line.len(), 21);
}

#[test]
fn every_step_starts_from_the_chosen_racers_policy() {
    let mut show = show("");
    show.seek(2);
    show.choose_racer(1);
    let old = Old::of(&show).expect("a policy");
    let p = show.race.trace(1).at(2).parameters.to_vec();
    assert!((old.policy.p[0] - p[0]).abs() < 1e-15 && (old.policy.p[1] - p[1]).abs() < 1e-15);
    for work in tries(&show, &old) {
        let found = work();
        let [x, y] = found.line[0];
        assert!((x - 1.0).abs() < 1e-12 && (y - 1.0).abs() < 1e-12);
    }
    assert!(drawn(&show, ROOM).detail.ends_with("PPO at step 2"));
}

#[test]
fn while_a_question_waits_there_are_shapes_and_no_steps() {
    let lines = |figure: &PaneFigure| {
        let marks =
            figure.plot.iter().flat_map(|plot| plot.all().flat_map(|layer| layer.marks.clone()).collect::<Vec<_>>());
        let all: Vec<Mark> = marks.collect();
        let racers = all
            .iter()
            .filter(|mark| matches!(mark, Mark::Line(line) if matches!(line.ink, crate::plot::mark::Ink::Racer(_))));
        (racers.count(), all.iter().filter(|mark| matches!(mark, Mark::Area(_))).count())
    };
    let asked = show("[[cue]]\nstep = 0\nask = \"Who leaves the box?\"\nsay = \"Both.\"\n");
    let figure = drawn(&asked, ROOM);
    assert_eq!(lines(&figure), (0, 1));
    let (_, table) = figure.table.expect("numbers");
    assert!(!rows(&table).iter().any(|row| row.contains("epoch") || row.contains("full step")));
    assert_eq!(lines(&drawn(&show(""), ROOM)), (2, 1));
}

#[test]
fn numbers_stand_below_where_there_is_no_room_beside() {
    let narrow = drawn(&show(""), Room { columns: 78, rows: 20, ..ROOM });
    assert!(narrow.table.is_none() && narrow.below.rows.len() == 6, "{}", narrow.below.rows.len());
    assert_eq!(rows(&narrow.below)[5].split(' ').take(3).collect::<Vec<_>>(), ["*PPO", "epoch", "20*"]);
    let tiny = drawn(&show(""), Room { columns: 38, rows: 10, ..ROOM });
    assert!(tiny.table.is_none() && tiny.below.rows.is_empty() && tiny.plot.is_some());
}

#[test]
fn two_arms_have_no_picture() {
    let text = "version = 1\n[model]\npolicy = \"softmax\"\n[process]\nkind = \"bandit\"\nrewards = [0.0, 1.0]\n\
                [objective]\nkind = \"return\"\n[run]\nsteps = 1\n[[optimizer]]\nkind = \"trpo\"\n";
    let document = Document::from_text("two.toml", std::path::Path::new("."), text);
    let show = Show::new(World::open(&document).expect("a valid scenario"));
    let figure = drawn(&show, ROOM);
    assert!(figure.plot.is_none() && figure.table.is_some());
}

#[test]
fn epochs_are_drawn_by_their_kl_up_to_what_a_trust_region_may_spend() {
    // Found by a program of its own: plain ascent in logits, exact expectations.
    const KL: [(usize, f64); 3] = [(1, 3.489_997_8e-4), (20, 0.013_326_535), (200, 0.100_216_68)];
    let plain = text("").replace("epochs = 20\nclip-high = 0.28", "epochs = 200");
    let figure = drawn(&open(&plain), ROOM);
    let inset = figure.inset.expect("a pane of epochs");
    let plot = inset.plot.expect("a picture");
    assert_eq!((inset.name.as_str(), plot.x.name.as_str()), ("Epochs", "epoch"));
    let marks: Vec<&Mark> = plot.layers.iter().flat_map(|layer| &layer.marks).collect();
    let lines: Vec<_> = marks.iter().filter_map(|m| if let Mark::Line(line) = m { Some(line) } else { None }).collect();
    let [level, curve] = lines[..] else { panic!("a radius and a curve: {}", lines.len()) };
    assert!(level.points.iter().all(|point| point[1] == 0.01), "{level:?}");
    assert_eq!(curve.points.len(), 201);
    for (epoch, kl) in KL {
        let [at, found] = curve.points[epoch];
        assert!(at == epoch as f64 && (found / kl - 1.0).abs() < 1e-7, "{at} {found}");
    }
    let said = |mark: &&&Mark| matches!(mark, Mark::Label(label) if label.text == "TRPO may spend 0.01");
    assert_eq!(marks.iter().filter(said).count(), 1);
    // Without a step of epochs there is nothing to draw, and in few rows there is no room.
    let mut alone = show("");
    alone.on[1] = false;
    assert!(drawn(&alone, ROOM).inset.is_none());
    assert!(drawn(&show(""), Room { rows: 20, ..ROOM }).inset.is_none());
}
