//! The program from outside: output, errors, exit codes.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn geodescent(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_geodescent"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A folder of its own for a test, with some files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (file, text) in files {
        std::fs::write(folder.join(file), text).expect("a file");
    }
    folder
}

fn scenario(family: &str, objective: &str, start: &str, run: &str) -> String {
    format!(
        "version = 1\ntitle = \"A race\"\n[model]\nfamily = \"{family}\"\n[objective]\n{objective}\n[start]\n{start}\n\
         [run]\n{run}\n[[optimizer]]\nkind = \"sgd\"\n"
    )
}

#[test]
fn the_same_scenario_gives_the_same_bytes() {
    for format in ["csv", "json", "table"] {
        for name in ["three-charts", "old-faithful"] {
            let once = geodescent(&["run", name, "--format", format]);
            assert_eq!(once.status.code(), Some(0), "{}", err(&once));
            assert!(once.stdout.len() > 200);
            for size in ["200x60", "80x24", "1x1"] {
                let again = geodescent(&["run", name, "--format", format, "--size", size]);
                assert!(again.stdout == once.stdout, "{name} {format} at {size}");
            }
        }
    }
}

#[test]
fn csv_has_the_columns_of_the_contract_and_a_row_a_step() {
    let output = geodescent(&["run", "three-charts", "--format", "csv", "--steps", "3"]);
    let text = out(&output);
    let mut lines = text.lines();
    let head =
        "optimizer,step,status,loss,grad_norm,natural_norm,euclid_step,fisher_step,kl_step,mean,sd,coord1,coord2";
    assert_eq!(lines.next(), Some(head));
    assert_eq!(lines.count() % 4, 0);
    // The start has no step behind it.
    assert!(text.lines().nth(1).is_some_and(|line| line.contains(",0,running,") && line.contains(",,,,")), "{text}");
}

#[test]
fn a_racer_that_ends_early_says_why_in_json_and_beside_csv() {
    // At sd 1 the slope along sd is 1/sd − (0.001² + 0²)/sd³, about 1: a rate of 10 leads to −9.
    let text = scenario(
        "gaussian",
        "kind = \"forward-kl\"\ntarget = { mean = 0.0, sd = 0.001 }",
        "mean = 0.0\nsd = 1.0",
        "steps = 3",
    );
    let text = format!("{text}\n[[optimizer]]\nkind = \"sgd\"\nlr = 10.0\n");
    let folder = folder("reason", &[("left.toml", &text)]);
    let file = folder.join("left.toml").to_string_lossy().into_owned();
    let csv = geodescent(&["run", &file, "--format", "csv"]);
    assert_eq!((csv.status.code(), err(&csv).as_str()), (Some(0), "sgd#2: left-family at step 1: sd ≤ 0\n"));
    let json: serde_json::Value = serde_json::from_str(&out(&geodescent(&["run", &file, "--format", "json"]))).unwrap();
    let reasons = |racer: usize| -> Vec<serde_json::Value> {
        let rows = json["optimizers"][racer]["rows"].as_array().unwrap();
        rows.iter().map(|row| row.get("reason").cloned().unwrap_or_default()).collect()
    };
    assert_eq!(reasons(1), [serde_json::Value::Null, "sd ≤ 0".into()]);
    assert!(reasons(0).iter().all(serde_json::Value::is_null) && reasons(0).len() == 4);
}

#[test]
fn edits_from_the_command_line_change_the_race() {
    let plain = geodescent(&["run", "three-charts", "--format", "json", "--steps", "5"]);
    let faster =
        geodescent(&["run", "three-charts", "--format", "json", "--steps", "5", "--set", "optimizer.0.lr=0.5"]);
    let (plain, faster): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&out(&plain)).expect("JSON"), serde_json::from_str(&out(&faster)).expect("JSON"));
    assert_ne!(plain["optimizers"][0], faster["optimizers"][0]);
    assert_eq!(plain["optimizers"][1], faster["optimizers"][1], "one racer's rate never changes another's rows");
    assert_eq!(plain["measures"], serde_json::json!([]));
}

/// Opposite directions: two geodesics are equally short, so there is a distance but not the geodesic.
#[test]
fn inspect_says_why_a_quantity_has_no_number() {
    let to = ["--to", "mean=3.141592653589793,concentration=1"];
    let run = |format: &str| {
        let at = ["inspect", "von-mises", "--at", "mean=0,concentration=1"];
        let output = geodescent(&[&at[..], &to, &["--format", format]].concat());
        String::from_utf8(output.stdout).expect("text")
    };
    let report: serde_json::Value = serde_json::from_str(&run("json")).expect("JSON");
    assert!(report["to"]["fisher_rao_distance"].is_f64() && report["to"]["geodesic"].is_null(), "{report}");
    let circle = "the observations are angles, which have no distribution function";
    let absent = serde_json::json!({
        "geodesic": "two geodesics are equally short", "wasserstein": circle, "wasserstein_distance": circle
    });
    assert_eq!(report["absent"], absent);
    assert!(report["wasserstein"].is_null() && report["to"]["wasserstein_distance"].is_null(), "{report}");
    assert!(run("table").contains("two geodesics are equally short") && run("table").contains(circle));
}

#[test]
fn inspect_agrees_with_the_definition() {
    let output =
        geodescent(&["inspect", "gaussian", "--at", "mean=0,sd=2", "--to", "mean=-1,sd=2", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(value["fisher"], serde_json::json!([[0.25, 0.0], [0.0, 0.5]]));
    assert_eq!(value["fisher_inverse"][0][0], 4.0);
    // Equal variances: both divergences are Δ²/(2 sd²).
    assert_eq!(value["to"]["kl"], 0.125);
    assert_eq!(value["to"]["reverse_kl"], 0.125);
    // Γ of the sd from the mean twice is 1/(2 sd); the way has eleven points.
    assert_eq!(value["christoffel"][1][0][0], 0.25);
    assert_eq!(value["gaussian_curvature"], -0.5);
    assert_eq!(value["to"]["geodesic"].as_array().map(Vec::len), Some(11));
    // Transport is Euclidean in (mean, sd).
    assert_eq!(value["wasserstein"], serde_json::json!([[1.0, 0.0], [0.0, 1.0]]));
    assert_eq!(value["to"]["wasserstein_distance"], 1.0);
    let output =
        geodescent(&["inspect", "gaussian", "--at", "mean=0,sd=2", "--chart", "mean-log-sd", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(value["wasserstein"], serde_json::json!([[1.0, 0.0], [0.0, 4.0]]), "in the chart: sd² along log sd");
    // Of a scenario as well, if it has one.
    let of = |scenario: &str, to: &str| -> serde_json::Value {
        let output = geodescent(&["inspect", scenario, "--to", to, "--format", "json"]);
        serde_json::from_str(&out(&output)).expect("JSON")
    };
    let value = of("reverse-kl", "mean=2,sd=1");
    assert_eq!(value["wasserstein"], serde_json::json!([[1.0, 0.0], [0.0, 1.0]]));
    assert_eq!(value["to"]["wasserstein_distance"], 2.0);
    let value = of("softmax", "p1=0.3");
    assert!(value["wasserstein"].is_null() && value["to"]["wasserstein_distance"].is_null(), "{value}");
}

#[test]
fn without_a_terminal_the_view_prints_its_last_frame_and_the_results() {
    let output = geodescent(&["three-charts", "--size", "80x24"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("Landscape") && text.contains("natural gradient") && text.contains("200/200"), "{text}");
    assert!(text.contains("path length"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    use std::io::Read;
    let mut child = Command::new(env!("CARGO_BIN_EXE_geodescent"))
        .args(["run", "three-charts", "--format", "csv", "--steps", "20000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 100];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a line");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(err(&output), "");
}

/// Runs `check` on a scenario that has one mistake and gives back the message.
fn mistake(name: &str, text: &str, files: &[(&str, &str)]) -> String {
    let folder = folder(name, files);
    std::fs::write(folder.join("race.toml"), text).expect("a file");
    let path = folder.join("race.toml");
    let output = geodescent(&["check", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2), "{name}: {}", err(&output));
    assert_eq!(out(&output), "");
    err(&output)
}

/// A name, a scenario, files beside it, and the words that its message must have.
type Case<'a> = (&'a str, String, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn every_mistake_gets_a_place_and_a_way_out() {
    let kl = "kind = \"forward-kl\"\ntarget = { mean = 2.0, sd = 0.7 }";
    let start = "mean = 0.0\nsd = 1.0";
    let steps = "steps = 5";
    let csv = |column: &str| format!("kind = \"nll\"\ndata = {{ csv = \"data.csv\", column = \"{column}\" }}");
    let data = [("data.csv", "time,wait\n1.5,2\nsoon,3\n")];
    let simplex = "kind = \"forward-kl\"\ntarget = { p1 = 0.2, p2 = 0.3 }";
    let cases: &[Case<'_>] = &[
        ("misspelt", scenario("gausian", kl, start, steps), &[], &["race.toml:4", "gausian", "gaussian"]),
        ("outside", scenario("gaussian", kl, "mean = 0.0\nsd = -1.0", steps), &[], &["race.toml:10", "sd", "> 0"]),
        ("simplex", scenario("categorical", simplex, "p1 = 0.7\np2 = 0.3", steps), &[], &["race.toml", "p1"]),
        ("nan", scenario("gaussian", kl, "mean = nan\nsd = 1.0", steps), &[], &["race.toml:9", "mean"]),
        ("missing-csv", scenario("gaussian", &csv("time"), start, steps), &[], &["race.toml:7", "data.csv"]),
        ("missing-column", scenario("gaussian", &csv("tme"), start, steps), &data, &["tme", "time"]),
        ("no-number", scenario("gaussian", &csv("time"), start, steps), &data, &["data.csv:3", "soon"]),
        ("negative-steps", scenario("gaussian", kl, start, "steps = -1"), &[], &["race.toml:12", "steps"]),
        ("many-steps", scenario("gaussian", kl, start, "steps = 1000000000000"), &[], &["steps", "1000000"]),
    ];
    for (name, text, files, words) in cases {
        let message = mistake(name, text, files);
        for word in *words {
            assert!(message.contains(word), "{name}: no `{word}` in\n{message}");
        }
    }
}

#[test]
fn wrong_use_is_exit_code_2() {
    for arguments in [
        &["inspect", "gausian", "--at", "mean=0,sd=1"][..],
        &["inspect", "gaussian", "--at", "mean=0,sd=0"],
        &["inspect", "gaussian", "--at", "mean=0"],
        &["inspect", "gaussian", "--at", "mean=0,sd=1", "--chart", "natrual"],
        &["inspect", "student-t", "--at", "location=0,scale=1"],
        &["run", "three-chart"],
        &["run", "three-charts", "--set", "optimizer.0.lr"],
        &["run", "three-charts", "--set", "optimizer.9.lr=1"],
        &["run", "three-charts", "--steps", "-1"],
        &["check", "no-such-file.toml"],
        &["run", "three-charts", "--format", "xml"],
    ] {
        let output = geodescent(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(out(&output), "", "{arguments:?}");
        assert!(err(&output).len() > 20, "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn check_is_silent_when_all_hold_and_lists_show_every_name() {
    let output = geodescent(&["check", "three-charts", "softmax"]);
    assert_eq!((output.status.code(), out(&output), err(&output)), (Some(0), String::new(), String::new()));
    let list = out(&geodescent(&["list"]));
    for name in
        ["gumbel", "location-scale-squared", "natural-gradient", "cg-iterations", "reverse-kl", "kl-ball", "softmax"]
    {
        assert!(list.contains(name), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_utf_8_opens() {
    use std::os::unix::ffi::OsStrExt;

    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.toml");
    let folder = folder("no-utf-8", &[]);
    let run = |command: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_geodescent"));
        program.arg(command).arg(name).current_dir(&folder).stdin(Stdio::null()).output().expect("the program starts")
    };
    let text = scenario(
        "gaussian",
        "kind = \"forward-kl\"\ntarget = { mean = 1.0, sd = 1.0 }",
        "mean = 0.0\nsd = 1.0",
        "steps = 3",
    );
    // Some systems have no such files.
    if std::fs::write(folder.join(name), &text).is_err() {
        return;
    }
    for command in ["run", "check"] {
        let output = run(command);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", err(&output));
    }
    std::fs::write(folder.join(name), text.replace("gaussian", "gausian")).expect("a file");
    let output = run("check");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("caf\u{fffd}.toml:4:"), "{}", err(&output));
}

/// A disk without room is told, whatever is written; nothing claims to have gone well.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_with_exit_code_1_and_says_so() {
    for arguments in [
        &["run", "three-charts", "--format", "csv"][..],
        &["run", "three-charts", "--format", "json"],
        &["run", "three-charts", "--format", "table"],
        &["three-charts", "--size", "80x24"],
        &["inspect", "gaussian", "--at", "mean=0,sd=2"],
        &["list"],
        &["doctor"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let mut program = Command::new(env!("CARGO_BIN_EXE_geodescent"));
        let output = program.args(arguments).stdin(Stdio::null()).stdout(full).output().expect("the program starts");
        let told = err(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains("No space left") && told.lines().count() == 1, "{arguments:?}: {told}");
    }
}

/// A file from a stranger says what is computed and shown. Where something is written is for the command line alone.
#[test]
fn a_scenario_names_no_output_file() {
    let plain = scenario(
        "gaussian",
        "kind = \"forward-kl\"\ntarget = { mean = 1.0, sd = 1.0 }",
        "mean = 0.0\nsd = 1.0",
        "steps = 3",
    );
    for (i, key) in ["output", "out", "file", "export", "save", "write", "path", "log"].iter().enumerate() {
        for table in ["", "[run]\n", "[view]\n", "[objective]\n", "[model]\n"] {
            let named = format!("{key} = \"stolen.txt\"\n");
            let text = match plain.split_once(table).filter(|_| !table.is_empty()) {
                Some((head, tail)) => format!("{head}{table}{named}{tail}"),
                None if table.is_empty() => format!("{named}{plain}"),
                None => format!("{plain}{table}{named}"),
            };
            let message = mistake(&format!("output-{i}"), &text, &[]);
            assert!(message.contains(key), "{message}");
        }
        let folder = folder(&format!("output-{i}"), &[]);
        assert!(!folder.join("stolen.txt").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_variable_of_the_environment_forges_no_line() {
    let doctor = |term: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_geodescent"));
        let program = program.arg("doctor").env("TERM", term).env("COLORTERM", term).env("LC_ALL", term);
        out(&program.stdin(Stdio::null()).output().expect("the program starts"))
    };
    let plain = doctor("xterm");
    for forged in ["xterm\nlive view        yes", "xterm\r\nTERM  x", "a\u{85}b", "a\u{2028}b", "\u{1b}[1A\u{1b}[2K"] {
        let told = doctor(forged);
        assert_eq!(told.lines().count(), plain.lines().count(), "{told}");
        assert!(!told.lines().any(|line| line.chars().any(char::is_control)), "{told}");
    }
}

/// The program starts no other one, sets no window title, and reads arguments of any bytes: no line of it could.
#[test]
fn the_source_has_no_way_to_what_it_must_never_do() {
    fn look(folder: &std::path::Path, files: &mut usize) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                look(&path, files);
                continue;
            }
            // The only OSC sequence that is ever sent asks for the background colour; it sets nothing.
            let text = std::fs::read_to_string(&path).expect("a text").replace(r"\x1b]11;?\x1b\\", "");
            *files += 1;
            for never in ["process::Command", "Command::new(", "SetTitle", "env::args(", "\\x1b]"] {
                let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
                assert!(!text[..tests].contains(never), "{} has {never}", path.to_string_lossy());
            }
        }
    }
    let mut files = 0;
    look(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files > 100, "{files}");
}

/// The program with a text on its standard input.
fn piped(arguments: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_geodescent"))
        .args(arguments)
        .current_dir(folder("piped", &[("data.csv", "time\n1.5\n2.5\n")]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the program reads");
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_mistyped_command_finds_the_command_and_a_scenario_its_name() {
    for (arguments, words, not) in [
        (&["chekc", "x.toml"][..], "did you mean `check`?", "[SCENARIO]"),
        (&["chekc", "x.toml", "--numbers"], "did you mean `check`?", "unexpected"),
        (&["lst"], "did you mean `list`?", "scenario"),
        (&["inspct", "gaussian", "--at", "mean=0,sd=1"], "did you mean `inspect`?", "[SCENARIO]"),
        (&["completions", "bash"], "unknown command `completions`", "[SCENARIO]"),
        (&["run", "three-chart"], "did you mean `three-charts`?", "rosenbrock"),
        (&["check", "zebra"], "the nearest are", "three-charts-natural, three-charts-adam"),
        (&["list", "familes"], "families", "[SCENARIO]"),
        (&["run", "three-charts", "--format", "cvs"], "csv", "[SCENARIO]"),
    ] {
        let output = geodescent(arguments);
        let text = err(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(words) && !text.contains(not), "{arguments:?}: {text}");
        assert!(text.lines().all(|line| line.len() < 200), "{text}");
    }
}

#[test]
fn numbers_of_the_command_line_are_read_as_people_write_them() {
    let last = |arguments: &[&str]| {
        let output = geodescent(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        out(&output)
    };
    let run = |more: &[&str]| last(&[&["run", "rosenbrock", "--format", "csv", "--steps", "3"], more].concat());
    let tenth = run(&["--set", "optimizer.0.lr=0.1"]);
    for same in [".1", "+0.1", "1e-1", "+.1", "0.10"] {
        assert_eq!(run(&["--set", &format!("optimizer.0.lr={same}")]), tenth, "{same}");
    }
    assert_eq!(run(&["--set", "run.steps=.5e1", "--steps", "2"]), run(&["--steps", "2"]));
    assert_eq!(run(&["--steps", "1e1"]), run(&["--steps", "10"]));
    assert_eq!(run(&["--set", "start.mean=\u{2212}1"]), run(&["--set", "start.mean=-1"]));
    let inspect = |at: &str| last(&["inspect", "gaussian", "--at", at, "--format", "json"]);
    assert_eq!(inspect("mean=\u{2212}1,sd=2"), inspect("mean=-1,sd=2"));
    assert_eq!(inspect("mean=-1, sd=+2e0"), inspect("mean=-1,sd=2"));
}

#[test]
fn a_wrong_number_is_told_once_in_the_words_of_its_writer_with_the_range() {
    for (arguments, words) in [
        (&["--seed", "-1"][..], ["--seed -1", "must be \u{2265} 0"]),
        (&["--steps", "-5"], ["--steps -5", "from 0 to 1000000"]),
        (&["--steps=-5"], ["--steps -5", "from 0 to 1000000"]),
        (&["--steps", "2.5"], ["--steps 2.5", "whole number"]),
        (&["--seed", "many"], ["--seed many", "whole number"]),
        (&["--set", "run.steps=-5"], ["--set run.steps=-5", "from 0 to 1000000"]),
    ] {
        let output = geodescent(&[&["run", "three-charts"], arguments].concat());
        let text = err(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        for word in words {
            assert!(text.contains(word), "{arguments:?} does not say {word}: {text}");
        }
        assert!(!text.contains("note:"), "told twice: {text}");
    }
}

#[test]
fn of_an_option_given_twice_the_last_counts_and_set_is_repeatable() {
    let run = |more: &[&str]| out(&geodescent(&[&["run", "three-charts"], more].concat()));
    assert_eq!(run(&["--steps", "7", "--format", "csv", "--steps", "3", "--seed", "1", "--seed", "2"]), {
        run(&["--steps", "3", "--format", "csv", "--seed", "2"])
    });
    let both = run(&["--set", "start.mean=1", "--set", "run.steps=4", "--format", "csv"]);
    assert_eq!(both, run(&["--set", "start.mean=1", "--steps", "4", "--format", "csv"]));
    assert!(both.contains(",4,running,") && !both.contains(",5,running,"));
}

#[test]
fn standard_input_is_a_scenario_whose_files_are_in_the_working_directory() {
    let text = scenario(
        "gaussian",
        "kind = \"nll\"\ndata = { csv = \"data.csv\", column = \"time\" }",
        "mean = 0\nsd = 1",
        "steps = 2",
    );
    let mut places = vec!["-"];
    if cfg!(target_os = "linux") {
        places.extend(["/dev/stdin", "/dev/fd/0"]);
    }
    for place in places {
        for arguments in [&["check", place][..], &["run", place, "--format", "csv"], &["tune", place], &[place]] {
            let output = piped(arguments, &text);
            assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        }
    }
    let wrong = piped(&["check", "-"], &text.replace("sd = 1", "sd = -1"));
    assert!(err(&wrong).contains("stdin:10:"), "{}", err(&wrong));
    assert!(err(&piped(&["check", "-"], "")).contains("is empty"));
}

#[cfg(target_os = "linux")]
#[test]
fn process_substitution_is_read() {
    let script = format!("'{}' check <(cat scenarios/rosenbrock.toml)", env!("CARGO_BIN_EXE_geodescent"));
    let Ok(output) = Command::new("bash").args(["-c", &script]).output() else { return };
    assert!(output.status.success(), "{}", err(&output));
}

#[test]
fn the_exit_codes_stand_in_the_help() {
    let help = out(&geodescent(&["--help"]));
    assert!(help.contains("Exit codes: 0 done") && help.contains("run --strict"), "{help}");
}

#[test]
fn rows_that_na_leaves_out_are_said_wherever_results_are_written() {
    let data = "kind = \"nll\"\ndata = { csv = \"gaps.csv\", column = \"x\", na = [\"NA\"] }";
    let text = scenario("gaussian", data, "mean = 0\nsd = 1", "steps = 2");
    let folder = folder("gaps", &[("gaps.csv", "x\n1.5\nNA\n2.5\n"), ("gaps.toml", &text)]);
    let path = folder.join("gaps.toml").to_str().expect("UTF-8").to_owned();
    for format in ["table", "csv", "json"] {
        let output = geodescent(&["run", &path, "--format", format]);
        assert!(err(&output).contains("`gaps.csv`: 1 of 3 rows left out"), "{}", err(&output));
    }
    assert!(out(&geodescent(&[&path])).contains("1 of 3 rows left out"));
    assert_eq!(err(&geodescent(&["check", &path])), "");
}

#[test]
fn the_schema_is_json_with_every_optimizer() {
    let output = geodescent(&["schema"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let schema: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let kinds = schema["properties"]["optimizer"]["items"]["oneOf"].as_array().expect("alternatives");
    assert_eq!(kinds.len(), geodescent::optimizer::OPTIMIZERS.len());
    let steps = &schema["properties"]["run"]["properties"]["steps"];
    assert_eq!((&steps["minimum"], &steps["maximum"]), (&0.into(), &1_000_000.into()));
}
