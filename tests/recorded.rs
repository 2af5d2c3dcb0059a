//! Paths from elsewhere: every number of their rows is that of any racer at the same points.

use std::fmt::Write as _;
use std::fs;

use geodescent::problem::quantities::columns;
use geodescent::race::{Quantity, Race, Reading, Status, World};
use geodescent::scenario::Document;

const HEAD: &str = "version = 1
[model]
family = \"gaussian\"
[objective]
kind = \"forward-kl\"
target = { mean = 2.0, sd = 0.7 }
[start]
mean = -1.5
sd = 2.5
[run]
steps = 20
";

fn open(path: &str, tail: &str) -> Result<World, String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("path.csv"), path).expect("a file");
    World::open(&Document::from_text("recorded.toml", folder.path(), &format!("{HEAD}{tail}")))
        .map_err(|report| report.to_string())
}

const RECORDED: &str = "[[optimizer]]\nkind = \"recorded\"\ntrace = { csv = \"path.csv\" }\n";

#[test]
fn a_recorded_path_has_the_numbers_of_the_racer_that_left_it() {
    for chart in ["mean-sd", "mean-log-sd", "natural"] {
        let racer = format!("[[optimizer]]\nkind = \"adam\"\nlr = 0.05\nchart = \"{chart}\"\n");
        let own = Race::run(&open("", &racer).expect("a scenario"));
        // The columns in another order, as somebody else may write them.
        let mut path = "sd,mean\n".to_owned();
        for row in own.trace(0).rows.iter() {
            let _ = writeln!(path, "{:?},{:?}", row.parameters[1], row.parameters[0]);
        }
        let again = Race::run(&open(&path, &format!("{RECORDED}chart = \"{chart}\"\n")).expect("a scenario"));
        let [one, other] = [&own, &again].map(|race| Reading::new(race.runner(0)));
        assert_eq!(one.trace().rows.len(), other.trace().rows.len());
        for step in 0..=20 {
            for (name, info) in columns() {
                let [a, b] = [&one, &other].map(|reading| reading.at(Quantity::Listed(info), step));
                // In a chart a point is read back from its parameters, right to the last digits of its coordinates.
                assert!(
                    a.is_nan() && b.is_nan() || (a - b).abs() < 1e-12 * a.abs().max(1.0),
                    "{chart} {step} {name}: {a}, {b}"
                );
            }
        }
    }
}

#[test]
fn a_recorded_path_starts_and_ends_where_its_file_does() {
    for rows in [1, 5, 40] {
        let mut path = "mean,sd\n".to_owned();
        path.extend((0..rows).map(|i| format!("{i}.5,1.0\n")));
        let sgd = "[[optimizer]]\nkind = \"sgd\"\n";
        let race = Race::run(&open(&path, &format!("{RECORDED}{sgd}")).expect("a scenario"));
        let trace = race.trace(0);
        assert_eq!((trace.rows.len(), &trace.ending), (rows, &None));
        assert_eq!(trace.rows.at(0).parameters, [0.5, 1.0]);
        assert_eq!(trace.rows.at(rows - 1).parameters, [rows as f64 - 0.5, 1.0]);
        assert_eq!((race.trace(1).rows.len(), race.reached()), (21, 20));
    }
}

#[test]
fn a_recorded_point_outside_of_the_family_is_the_end() {
    for chart in ["mean-sd", "mean-log-sd"] {
        let path = "mean,sd\n0.0,1.0\n0.5,1.0\n1.0,-1.0\n2.0,1.0\n";
        let race = Race::run(&open(path, &format!("{RECORDED}chart = \"{chart}\"\n")).expect("a scenario"));
        let trace = race.trace(0);
        let ending = trace.ending.as_ref().expect("an end");
        assert_eq!((ending.step, ending.status, ending.reason.as_str()), (2, Status::LeftFamily, "sd ≤ 0"));
        assert_eq!(trace.rows.len(), 3);
    }
}

#[test]
fn a_recorded_path_is_neither_paced_nor_tuned() {
    let path = "mean,sd\n0.0,1.0\n0.5,1.0\n";
    let text = HEAD.replace("steps = 20", "steps = 20\npace = \"equal-kl\"");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("path.csv"), path).expect("a file");
    let document = Document::from_text("recorded.toml", folder.path(), &format!("{text}{RECORDED}"));
    let world = World::open(&document).expect("a scenario");
    assert_eq!(Race::run(&world).trace(0).rows.at(1).parameters, [0.5, 1.0]);
    assert!(world.scenario.racers[0].kind.rate.is_none());
}

#[test]
fn a_file_with_other_columns_is_refused() {
    for (path, words) in [
        ("mean,sd,loss\n0.0,1.0,0.1\n", "has a further column `loss`"),
        ("mean\n0.0\n", "no column `sd`"),
        ("mean,sd\n0.0,-1.0\n", "the first point of `trace` is outside"),
        ("mean,sd\n", "has a header but no rows"),
        ("mean,sd\n0.0,x\n", "path.csv:2"),
    ] {
        let said = open(path, RECORDED).expect_err(words);
        assert!(said.contains(words), "{said}");
    }
    let said = open("mean,sd\n0.0,1.0\n", "[[optimizer]]\nkind = \"recorded\"\n").expect_err("no trace");
    assert!(said.contains("`trace` is missing"), "{said}");
}
