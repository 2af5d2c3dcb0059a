//! Ensembles: members do not depend on each other, quantiles are the members', and parts make up the whole byte for byte.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::world;
use geodescent::race::Race;
use geodescent::race::ensemble::{Ensemble, Run, Summary, quantile};
use geodescent::scenario::Document;

const COLLAPSE: &str = r#"
version = 1
title = "collapse"
[model]
policy = "softmax"
chart = "logits"
[process]
kind = "bandit"
rewards = [1.0, 0.9, 0.1]
[objective]
kind = "return"
batch = 1
[run]
steps = 12
seed = 7
seeds = 37
[[optimizer]]
kind = "sgd"
lr = 10.0
[[optimizer]]
kind = "natural-gradient"
lr = 0.1
kl-cap = 0.01
[[measure]]
of = "share"
racer = "sgd"
quantity = "p(arm 2)"
above = 0.99
[[measure]]
of = "final"
racer = "sgd"
"#;

fn folder(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("scenario.toml"), COLLAPSE).unwrap_or_else(|error| panic!("{name}: {error}"));
    folder
}

fn geodescent(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_geodescent"));
    command.current_dir(folder).args(arguments);
    for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "CI_NODE_INDEX"] {
        command.env_remove(name);
    }
    command.output().expect("the program")
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = geodescent(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_member_is_the_race_of_its_seed_alone() {
    let ensemble = world(COLLAPSE);
    for seed in [7, 20, 43] {
        let member = Run::of(seed, &Race::run(&ensemble.seeded(seed)), Vec::new());
        let alone = world(&COLLAPSE.replace("seeds = 37", "").replace("seed = 7", &format!("seed = {seed}")));
        let race = Race::run(&alone);
        for (racer, member) in member.racers.iter().enumerate() {
            let rows = &race.trace(racer).rows;
            let losses: Vec<f64> = rows.iter().map(|row| row.loss).collect();
            assert_eq!(member.losses, losses, "{seed} {racer}");
        }
    }
}

#[test]
fn a_drawn_sample_is_drawn_anew_for_each_seed() {
    let text = "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"nll\"\nsample = { size = 9, from = { mean = 1.0, sd = 2.0 } }\n[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 2\nseed = 3\nseeds = 5\n[[optimizer]]\nkind = \"sgd\"\n";
    let ensemble = world(text);
    let data = |world: &geodescent::race::World| world.objective.data().map(|data| data.values().to_vec());
    for seed in 3..8 {
        let document =
            Document::from_text("s.toml", Path::new("."), &text.replace("seed = 3", &format!("seed = {seed}")));
        let alone = geodescent::race::World::open(&document).expect("a valid scenario");
        assert_eq!(data(&ensemble.seeded(seed)), data(&alone), "{seed}");
    }
    assert_ne!(data(&ensemble), data(&ensemble.seeded(4)));
}

#[test]
fn quantiles_lie_between_order_statistics() {
    // Hyndman & Fan 1996, type 7, by hand.
    let sorted = [1.0, 2.0, 4.0, 8.0];
    for (share, wanted) in [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.75, 5.0), (0.95, 7.4), (1.0, 8.0)] {
        // A rounding of the share times the gap between two values.
        assert!((quantile(&sorted, share) - wanted).abs() < 1e-14, "{share}");
    }
    assert_eq!(quantile(&[3.0], 0.95), 3.0);
    let summary = Summary::of(vec![8.0, 1.0, 4.0, 2.0]).expect("values");
    assert_eq!((summary.members, summary.mean, summary.quantiles[2]), (4, 3.75, 3.0));
    assert_eq!(Summary::of(Vec::new()), None);
}

#[test]
fn runs_may_arrive_in_any_order() {
    let ensemble = world(COLLAPSE);
    let run = |seed| Run::of(seed, &Race::run(&ensemble.seeded(seed)), vec![Some(seed as f64)]);
    let forwards: Ensemble = (7..17).map(run).collect();
    let backwards: Ensemble = (7..17).rev().map(run).collect();
    // Not the runs themselves: a member that has not moved has no largest KL, and NaN equals nothing.
    let seeds =
        |ensemble: &Ensemble| ensemble.runs().iter().map(|run| (run.seed, run.values.clone())).collect::<Vec<_>>();
    assert_eq!(seeds(&forwards), seeds(&backwards));
    assert_eq!(forwards.losses(0, 12), backwards.losses(0, 12));
}

#[test]
fn sixteen_parts_merged_are_the_whole_byte_for_byte() {
    let folder = folder("parts");
    let path = folder.path();
    let names: Vec<String> = (1..=16).map(|part| format!("part-{part}")).collect();
    for (i, name) in names.iter().enumerate() {
        let shard = format!("{}/16", i + 1);
        assert!(printed(path, &["run", "scenario.toml", "--shard", &shard, "-o", name]).is_empty());
    }
    let backwards: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    for format in [&["--format", "csv"][..], &["--format", "json"], &["--format", "csv", "--members"], &[]] {
        let whole = printed(path, &[&["run", "scenario.toml"], format].concat());
        let merged = printed(path, &[&["merge"][..], &backwards, format].concat());
        assert!(!whole.is_empty() && merged == whole, "{format:?}");
    }
    // An existing part is left alone.
    let before = fs::metadata(path.join("part-3")).and_then(|data| data.modified()).expect("a file");
    let again = geodescent(path, &["run", "scenario.toml", "--shard", "3/16", "-o", "part-3"]);
    assert!(again.status.success() && String::from_utf8_lossy(&again.stderr).contains("has part 3/16 already"));
    assert_eq!(fs::metadata(path.join("part-3")).and_then(|data| data.modified()).ok(), Some(before));
}

#[test]
fn gaps_overlaps_and_parts_of_other_races_are_refused_by_name() {
    let folder = folder("refused");
    let path = folder.path();
    for (shard, name) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c")] {
        printed(path, &["run", "scenario.toml", "--shard", shard, "-o", name]);
    }
    printed(path, &["run", "scenario.toml", "--shard", "2/3", "-o", "b2"]);
    printed(path, &["run", "scenario.toml", "--set", "optimizer.0.lr=9.0", "--shard", "3/3", "-o", "other"]);
    fs::write(path.join("cut"), &fs::read(path.join("c")).expect("a part")[..200]).expect("a file");
    fs::write(path.join("text"), "no part").expect("a file");
    for (parts, words) in [
        (&["a", "c"][..], &["2/3"][..]),
        (&["a", "b", "b2", "c"], &["b2", "2/3"]),
        (&["a", "b", "other"], &["other", "another race"]),
        (&["a", "b", "cut"], &["cut", "cut short"]),
        (&["text"], &["text", "--shard"]),
        (&["absent"], &["absent"]),
    ] {
        let output = geodescent(path, &[&["merge"], parts].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{parts:?}");
        assert!(words.iter().all(|word| said.contains(word)), "{parts:?}: {said}");
    }
}

#[test]
fn the_variables_of_a_slurm_array_name_the_part() {
    let folder = folder("slurm");
    let whole = printed(folder.path(), &["run", "scenario.toml", "--format", "csv"]);
    for task in 0..4 {
        let output = Command::new(env!("CARGO_BIN_EXE_geodescent"))
            .current_dir(folder.path())
            .args(["run", "scenario.toml", "--shard", "auto", "-o", &format!("task{task}")])
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .envs([("SLURM_ARRAY_TASK_MIN", "0"), ("SLURM_ARRAY_TASK_MAX", "3"), ("SLURM_ARRAY_TASK_STEP", "1")])
            .env("SLURM_ARRAY_TASK_COUNT", "4")
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains(&format!("part {}/4 of a Slurm array", task + 1)), "{said}");
    }
    let merged = printed(folder.path(), &["merge", "task0", "task1", "task2", "task3", "--format", "csv"]);
    assert_eq!(merged, whole);
}

#[test]
fn a_share_is_that_of_all_members() {
    let folder = folder("share");
    let rows = printed(folder.path(), &["run", "scenario.toml", "--format", "csv", "--members"]);
    let members: Vec<&str> = rows.lines().filter(|line| line.starts_with("sgd,")).collect();
    assert_eq!(members.len(), 37);
    let wrong = members.iter().filter(|line| line.split(',').nth(6).and_then(|p| p.parse::<f64>().ok()) > Some(0.99));
    let wanted = wrong.count() as f64 / 37.0;
    let json: serde_json::Value =
        serde_json::from_str(&printed(folder.path(), &["run", "scenario.toml", "--format", "json"])).expect("JSON");
    let share = &json["measures"][0];
    assert!((share["value"].as_f64().expect("a share") - wanted).abs() < 1e-12, "{share} {wanted}");
    assert_eq!((share["members"].as_u64(), json["seeds"].as_u64()), (Some(37), Some(37)));
    let losses = json["optimizers"][0]["members"].as_array().map(Vec::len);
    assert_eq!(losses, Some(37));
}
