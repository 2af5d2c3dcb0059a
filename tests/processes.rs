//! Processes as scenarios write them: lists and files say the same, maps become the moves they show, and a start is written as
//! it is read.

use std::fs;
use std::path::Path;

use geodescent::problem::process::{Finite, Process};
use geodescent::scenario::{Document, Edit, Model, Scenario};

fn scenario(model: &str, process: &str, objective: &str, rest: &str) -> String {
    format!(
        "version = 1\n[model]\n{model}\n[process]\n{process}\n[objective]\nkind = \"return\"\n{objective}\n{rest}\n[run]\nsteps = 3\n[[optimizer]]\nkind = \"sgd\"\n"
    )
}

fn check(folder: &Path, text: &str) -> Result<Scenario, String> {
    Document::from_text("process.toml", folder, text).check().map_err(|report| report.to_string())
}

fn finite(scenario: &Scenario) -> &Finite {
    let Model::Policy(_, agent) = &scenario.model else { panic!("a policy") };
    let Process::Finite(process) = &*agent.process else { panic!("a finite process") };
    process
}

const NAMES: &str = "kind = \"table\"\nstates = [\"work\", \"rest\"]\nactions = [\"go\", \"wait\"]\n";
const DISCOUNTED: &str = "criterion = \"discounted\"\ndiscount = 0.9";

#[test]
fn files_say_what_lists_say_and_faults_name_their_line() {
    let folder = std::env::temp_dir().join(format!("geodescent-processes-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let moves = "state,action,next,p\nwork,go,work,0.25\nwork,go,rest,0.75\nwork,wait,work,1\nrest,go,work,1\nrest,wait,rest,1\n";
    fs::write(folder.join("moves.csv"), moves).expect("a file");
    fs::write(folder.join("pays.csv"), "state,action,reward\nwork,go,2.5\nrest,wait,-1\n").expect("a file");
    let files = format!("{NAMES}transitions = {{ csv = \"moves.csv\" }}\nrewards = {{ csv = \"pays.csv\" }}");
    let lists =
        format!("{NAMES}transitions = [[[0.25, 0.75], [1, 0]], [[1, 0], [0, 1]]]\nrewards = [[2.5, 0], [0, -1]]");
    let of = |process: &str| check(&folder, &scenario("policy = \"softmax\"", process, DISCOUNTED, ""));
    let (by_file, by_list) = (of(&files).expect("right"), of(&lists).expect("right"));
    assert_eq!(finite(&by_file), finite(&by_list));
    assert_eq!(finite(&by_list).transitions[0], [(0, 0.25), (1, 0.75)]);
    for (wrong, words) in [
        (moves.replace("rest,go,work,1", "rest,go,wrok,1"), ["moves.csv:5", "`wrok`", "`work`"]),
        (format!("{moves}rest,wait,rest,0\n"), ["moves.csv:7", "stands twice", "rest"]),
        (moves.replace("work,go,work,0.25", "work,go,work,1.25"), ["moves.csv:2", "1.25", "transitions"]),
        (moves.replace("work,wait,work,1\n", ""), ["transitions", "wait in work", "sum to 0"]),
        (moves.replace("action,next", "act,next"), ["action", "moves.csv", "process.toml:8"]),
    ] {
        fs::write(folder.join("moves.csv"), &wrong).expect("a file");
        let report = of(&files).expect_err(&wrong);
        assert!(words.iter().all(|word| report.contains(word)), "{words:?}\n{report}");
    }
    fs::remove_dir_all(&folder).expect("its end");
}

#[test]
fn a_map_becomes_the_moves_it_shows() {
    let process =
        "kind = \"grid-world\"\nmap = \"\"\"\n\nS.#\nXGS\n\"\"\"\nslip = 0.2\nstep = -0.5\ngoal = 2\npit = -3";
    let read = check(Path::new("."), &scenario("policy = \"softmax\"", process, DISCOUNTED, "")).expect("right");
    let grid = finite(&read);
    assert_eq!(grid.states, ["r1c1", "r1c2", "r2c1", "r2c2", "r2c3"]);
    assert_eq!(grid.start, [0.5, 0.0, 0.0, 0.0, 0.5]);
    // Down from the start: the pit, or with half the slip each the neighbour and the edge.
    let (down, pay) = (&grid.transitions[grid.pair(0, 2)], grid.rewards[grid.pair(0, 2)]);
    assert_eq!(down, &[(2, 0.8), (0, 0.1), (1, 0.1)]);
    assert!((pay - (-0.5 - 0.8 * 3.0)).abs() < 1e-15);
    // Whatever is done in the goal leads to a start and pays nothing.
    for action in 0..4 {
        let pair = grid.pair(3, action);
        assert_eq!((&grid.transitions[pair][..], grid.rewards[pair]), (&[(0, 0.5), (4, 0.5)][..], 0.0));
    }
    for row in &grid.transitions {
        assert!((row.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-15);
    }
}

#[test]
fn a_start_that_is_edited_is_read_as_it_was_meant() {
    let features = "policy = \"softmax\"\nfeatures = [[1, 0], [0, 1], [1, 1], [2, 0]]";
    let average = "criterion = \"average\"";
    for (model, process, objective, start) in [
        ("policy = \"softmax\"", "kind = \"bandit\"\nrewards = [1, 0, 0.5]", "", vec![0.2, 0.5]),
        ("policy = \"softmax\"", "kind = \"two-state\"", average, vec![0.1, 0.7]),
        (features, "kind = \"two-state\"", average, vec![-1.5, 1e-7]),
        ("policy = \"linear-gaussian\"", "kind = \"linear-quadratic\"", average, vec![0.25, 0.5]),
    ] {
        let document = Document::from_text("start.toml", Path::new("."), &scenario(model, process, objective, ""));
        let read = document.check().unwrap_or_else(|report| panic!("{report}"));
        let edits = [Edit::Start(start.clone())];
        let edited =
            document.edited(&read, &edits).expect("a text").check().unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(edited.start, start, "{model}");
        assert_eq!(read.edited(&edits), Ok(edited), "{model}");
    }
}

#[test]
fn a_state_whose_name_has_dots_is_edited_by_its_name_in_quotes() {
    let process = "kind = \"table\"\nstates = [\"s.1\", \"s 2\"]\nactions = [\"go\", \"wait\"]\ntransitions = [[[0, 1], [1, 0]], [[1, 0], [0, 1]]]\nrewards = [[1, 0], [0, 2]]";
    let text = scenario("policy = \"softmax\"", process, DISCOUNTED, "[start]\n\"s.1\" = [0.5, 0.5]");
    let document = Document::from_text("start.toml", Path::new("."), &text);
    let start = |document: &Document| document.check().unwrap_or_else(|report| panic!("{report}")).start;
    for path in ["start.\"s.1\"", "start.'s.1'", " start . \"s\\u002E1\" "] {
        let edited = document.edit(path, "[0.25, 0.75]").expect("a text");
        assert_eq!(start(&edited), [0.25, 0.5], "{path}");
        assert_eq!(edited.number_at(&format!("{path}.1")), Ok(0.75), "{path}");
    }
    assert_eq!(start(&document.edit("start.s 2", "[0.125, 0.875]").expect("a text")), [0.5, 0.125]);
    let read = document.check().expect("a scenario");
    let edited = document.edited(&read, &[Edit::Start(vec![0.75, 0.25])]).expect("a text");
    assert_eq!(start(&edited), [0.75, 0.25], "{}", edited.text());
    for path in ["start.\"s.1", "start.\"s.1\"x", "start..s", "start.\"\"", ""] {
        let report = document.edit(path, "[0.25, 0.75]").expect_err(path).to_string();
        assert!(report.contains("is not a path to a value") && report.contains("quote"), "{path}: {report}");
        assert!(document.number_at(path).is_err(), "{path}");
    }
}
