//! What a scenario means: defaults, labels, edits, samples, files beside it, and how many mistakes are reported at
//! once.
#![allow(clippy::float_cmp, reason = "what a file says must arrive digit for digit")]

use std::fs;
use std::path::{Path, PathBuf};

use geodescent::family::ChartId;
use geodescent::objective::Draw;
use geodescent::race::World;
use geodescent::registry::{Field, Kind, Preset, Row, Setting};
use geodescent::scenario::json_schema::json_schema;
use geodescent::scenario::{BUILTIN, Document, Overlay, Pane, Place, Report, schema};
use serde_json::Value;

const BASE: &str = r#"# A lecture's scenario.
version = 1
title = "A race"

[model]
family = "gaussian"
chart = "mean-variance"

[objective]
kind = "forward-kl"
target = { mean = 2.0, sd = 0.7 }   # where it goes

[start]
mean = -1.5
sd = 2.5

[run]
steps = 20
seed = 7

[[optimizer]]
kind = "sgd"
lr = 0.05          # careful

[[optimizer]]
kind = "sgd"
chart = "natural"
"#;

fn document(text: &str) -> Document {
    Document::from_text("talk.toml", Path::new("."), text)
}

fn read(text: &str) -> World {
    World::open(&document(text)).unwrap_or_else(|report| panic!("{report}"))
}

fn refused(text: &str) -> Report {
    document(text).check().expect_err("a fault")
}

fn with(old: &str, new: &str) -> String {
    assert!(BASE.contains(old), "{old}");
    BASE.replace(old, new)
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("geodescent-scenario-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn nll(data: &str) -> String {
    with(
        "kind = \"forward-kl\"\ntarget = { mean = 2.0, sd = 0.7 }   # where it goes",
        &format!("kind = \"nll\"\n{data}"),
    )
}

#[test]
fn charts_labels_and_settings_have_their_defaults() {
    let world = read(BASE);
    let charts: Vec<&str> =
        world.scenario.racers.iter().map(|racer| world.family.info().chart_info(racer.chart).name).collect();
    assert_eq!(charts, ["mean-variance", "natural"]);
    assert_eq!(world.family.info().chart_info(world.scenario.view.chart).name, "mean-variance");
    let labels: Vec<&str> = world.scenario.racers.iter().map(|racer| racer.label.as_str()).collect();
    assert_eq!(labels, ["sgd", "sgd#2"]);
    let lr = &world.scenario.racers[0].kind.fields[0];
    assert_eq!(world.scenario.racers[0].settings.number(lr), 0.05);
    assert_eq!(world.scenario.racers[1].settings.number(lr), 0.01);
    assert_eq!((world.scenario.steps, world.scenario.seed, world.scenario.view.overlays.is_none()), (20, 7, true));
    let canonical = read(&with("chart = \"mean-variance\"\n", ""));
    assert_eq!(
        (canonical.scenario.racers[0].chart, canonical.scenario.view.chart),
        (ChartId::CANONICAL, ChartId::CANONICAL)
    );
}

#[test]
fn default_labels_count_only_unlabelled_optimizers_of_that_kind() {
    let more = "\n[[optimizer]]\nkind = \"sgd\"\nlabel = \"mine\"\n\n[[optimizer]]\nkind = \"adam\"\n\n[[optimizer]]\nkind = \"sgd\"\n";
    let world = read(&format!("{BASE}{more}"));
    let labels: Vec<&str> = world.scenario.racers.iter().map(|racer| racer.label.as_str()).collect();
    assert_eq!(labels, ["sgd", "sgd#2", "mine", "adam", "sgd#3"]);
    let clash = refused(&format!("{BASE}\n[[optimizer]]\nkind = \"adam\"\nlabel = \"sgd#2\"\n"));
    assert!(clash.to_string().contains("talk.toml:31:9"), "{clash}");
}

#[test]
fn view_and_cues_arrive_as_written_and_cues_in_order() {
    let text = format!(
        "{BASE}\n[view]\nchart = \"mean-log-sd\"\nx = [-3, 4.5]\noverlays = [\"paths\", \"kl-ball\"]\n\
         [[cue]]\nstep = 12\nsay = \"Later.\"\nhold = true\nfocus = \"ellipses\"\n[[cue]]\nstep = 3\nshow = [\"heat\"]\n"
    );
    let world = read(&text);
    assert_eq!(world.scenario.view.x, Some([-3.0, 4.5]));
    assert_eq!(world.scenario.view.overlays, Some(vec![Overlay::Paths, Overlay::KlBall]));
    assert_eq!(world.scenario.cues.iter().map(|cue| cue.step).collect::<Vec<_>>(), [3, 12]);
    assert_eq!((world.scenario.cues[1].focus, world.scenario.cues[1].hold), (Some(Pane::Ellipses), true));
    assert_eq!(world.scenario.cues[0].show, [Overlay::Heat]);
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_lines() {
    let text = BASE
        .replace("mean = -1.5", "maen = -1.5")
        .replace("sd = 2.5", "sd = -2.5")
        .replace("steps = 20", "steps = \"20\"")
        .replace("lr = 0.05", "lr = 0")
        .replace("chart = \"natural\"", "chart = \"softmax\"");
    let report = refused(&text);
    let lines: Vec<usize> = report
        .problems()
        .iter()
        .map(|problem| match problem.place {
            Place::File { line, .. } => line,
            _ => 0,
        })
        .collect();
    assert_eq!(lines, [14, 18, 23, 27], "{report}");
    assert!(report.to_string().contains("did you mean `mean`?"), "{report}");
}

#[test]
fn both_parameters_outside_of_the_family_are_both_told() {
    let report = refused(
        &with("target = { mean = 2.0, sd = 0.7 }", "target = { mean = 2.0, sd = -0.7 }").replace("sd = 2.5", "sd = 0"),
    );
    let text = report.to_string();
    assert!(text.contains("sd = -0.7 is outside the gaussian family: sd must be > 0"), "{text}");
    assert!(text.contains("sd = 0 is outside the gaussian family: sd must be > 0"), "{text}");
}

#[test]
fn an_edit_changes_one_value_and_keeps_every_comment() {
    let edited = document(BASE).edit("optimizer.0.lr", "0.1").expect("an edit");
    assert_eq!(edited.text(), BASE.replace("lr = 0.05 ", "lr = 0.1 "));
    let edited = edited.edit("optimizer.0.lr", "0.05").expect("an edit back");
    assert_eq!(edited.text(), BASE);
}

#[test]
fn edits_reach_every_part_and_make_what_is_missing() {
    let edits = [
        ("run.steps", "50"),
        ("start.mean", "0.3"),
        ("objective.target.sd", "0.9"),
        ("view.chart", "mean-log-sd"),
        ("view.x", "[-1, 2]"),
        ("title", "Another race"),
        ("optimizer.1.momentum", "0.9"),
        ("optimizer.1.nesterov", "true"),
        ("optimizer.2.kind", "\"trpo\""),
        ("cue.0.step", "5"),
        ("cue.0.say", "Here."),
        ("notes", "Two words."),
    ];
    let edited = edits.iter().fold(document(BASE), |document, (path, value)| {
        document.edit(path, value).unwrap_or_else(|report| panic!("{report}"))
    });
    let world = World::open(&edited).unwrap_or_else(|report| panic!("{report}\n{}", edited.text()));
    assert_eq!((world.scenario.steps, world.start()[0], world.scenario.title.as_str()), (50, 0.3, "Another race"));
    assert_eq!(world.objective.target().map(|target| target[1]), Some(0.9));
    assert_eq!(world.family.info().chart_info(world.scenario.view.chart).name, "mean-log-sd");
    assert_eq!(world.scenario.racers[1].settings.iter().last(), Some(("nesterov", Setting::Flag(true))));
    assert_eq!(world.scenario.racers[2].label, "trpo");
    assert_eq!((world.scenario.cues[0].step, world.scenario.cues[0].say.as_str()), (5, "Here."));
    assert_eq!(world.scenario.notes, "Two words.");
    // What was edited can be written to a file and says the same there.
    assert_eq!(read(edited.text()).scenario.cues, world.scenario.cues);
}

#[test]
fn a_fault_in_an_edit_names_the_edit_and_not_a_line() {
    for (path, value) in
        [("optimizer.0.lr", "-1"), ("optimizer.0.lrr", "1"), ("view.chart", "softmax"), ("start.sd", "nan")]
    {
        let edited = document(BASE).edit(path, value).expect("an edit");
        let text = edited.check().expect_err("a fault").to_string();
        assert!(text.contains(&format!("--set {path}={value}")), "{text}");
        assert!(!text.contains("talk.toml:"), "{text}");
    }
}

#[test]
fn a_fault_elsewhere_keeps_the_line_of_the_file_after_an_edit() {
    let faulty = with("kind = \"sgd\"\nchart = \"natural\"", "kind = \"sgd\"\nchart = \"natrual\"");
    let edited = document(&faulty).edit("run.steps", "30").and_then(|d| d.edit("model.note", "x")).expect("edits");
    let text = edited.check().expect_err("faults").to_string();
    assert!(text.contains("talk.toml:27:9"), "{text}");
    assert!(text.contains("--set model.note=x"), "{text}");
}

#[test]
fn an_edit_through_a_value_or_past_a_list_is_refused() {
    for path in ["run.steps.more", "optimizer.lr", "optimizer.7.lr", "", "run..steps", "optimizer.0", "title.0"] {
        let text = document(BASE).edit(path, "1").map(|edited| edited.text().to_owned());
        assert!(text.is_err(), "{path}: {text:?}");
    }
}

#[test]
fn batches_and_samples_are_the_same_for_the_same_seed() {
    let text = nll("sample = { size = 50, from = { mean = 2.0, sd = 0.7 } }\nbatch = 8");
    let (one, two) = (read(&text), read(&text));
    let draw = Draw { seed: 7, step: 9 };
    let data = |world: &World| world.objective.data().expect("data").clone();
    assert_eq!(data(&one), data(&two));
    assert_eq!(data(&one).batch(draw), data(&two).batch(draw));
    assert_eq!(data(&one).values().len(), 50);
    let other = read(&text.replace("seed = 7", "seed = 8"));
    assert_ne!(data(&one).values(), data(&other).values());
}

#[test]
fn batches_are_from_one_to_all_rows() {
    for (batch, right) in [("0", false), ("1", true), ("3", true), ("4", false), ("-1", false), ("1.5", false)] {
        let outcome = document(&nll(&format!("data = [1.0, 2, 3.5]\nbatch = {batch}"))).check();
        assert_eq!(outcome.is_ok(), right, "batch = {batch}");
    }
    assert!(
        refused(&nll("data = [1.0]\nsample = { size = 5, from = { mean = 0, sd = 1 } }")).brief().contains("exclude")
    );
    assert!(refused(&nll("batch = 2")).brief().contains("`data` is missing"));
}

#[test]
fn a_column_comes_from_beside_the_scenario_and_faults_name_its_lines() {
    let folder = Folder::new("column");
    folder.write("d/a.csv", "x, y\n1,2\n3,4\n\"5\",6\n");
    let path = folder.write("talk.toml", &nll("data = { csv = \"d/a.csv\", column = \"y\" }"));
    let world =
        Document::open(&path).and_then(|document| World::open(&document)).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(world.objective.data().expect("data").values(), [2.0, 4.0, 6.0]);
    for (text, wanted) in [
        ("x,y\n1,2\n\n\n3,inf\n", "a.csv:5:3"),
        ("x,y\r\n1,2\r\n\r\n3,\r\n", "a.csv:4:3"),
        ("x,y\n1,2\n1,2,3\n", "a.csv:3:"),
        ("x,y\n", "no rows"),
        ("y,y\n1,2\n", "twice"),
        ("x,Y\n1,2\n", "did you mean `Y`?"),
    ] {
        folder.write("d/a.csv", text);
        let report = Document::open(&path).and_then(|document| document.check()).expect_err("a fault").to_string();
        assert!(report.contains(wanted), "{report}");
    }
}

#[test]
fn no_path_leads_out_of_the_scenarios_folder() {
    let folder = Folder::new("escape");
    folder.write("secret.csv", "y\n1\n");
    let outside = folder.0.join("secret.csv");
    for csv in ["../secret.csv", "a/../../secret.csv", "", outside.to_str().expect("a path")] {
        let path = folder.write("in/talk.toml", &nll(&format!("data = {{ csv = \"{csv}\", column = \"y\" }}")));
        let report = Document::open(&path).and_then(|document| document.check()).expect_err("a fault");
        assert!(report.brief().contains("leads out"), "{report}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, folder.0.join("in/link.csv")).expect("a link");
        let path = folder.write("in/talk.toml", &nll("data = { csv = \"link.csv\", column = \"y\" }"));
        let report = Document::open(&path).and_then(|document| document.check()).expect_err("a fault");
        assert!(report.brief().contains("links out"), "{report}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_a_folder_and_a_device_are_refused_without_waiting() {
    let folder = Folder::new("pipe");
    let pipe = folder.0.join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    for path in [pipe.as_path(), folder.0.as_path(), Path::new("/dev/zero")] {
        assert!(Document::open(path).is_err(), "{}", path.to_string_lossy());
    }
    std::fs::rename(&pipe, folder.0.join("pipe.csv")).expect("a new name");
    let path = folder.write("talk.toml", &nll("data = { csv = \"pipe.csv\", column = \"y\" }"));
    let report = Document::open(&path).and_then(|document| document.check()).expect_err("a fault");
    assert!(report.brief().contains("not a regular file"), "{report}");
}

#[test]
fn a_race_that_costs_too_much_is_refused_with_the_number_and_the_field() {
    let many = format!("{}{}", with("steps = 20", "steps = 1000000"), "\n[[optimizer]]\nkind = \"adam\"\n".repeat(3));
    let report = refused(&many);
    assert!(report.brief().contains("5000000") && report.brief().contains("800000 steps"), "{report}");
    assert!(document(&with("steps = 20", "steps = 1000000")).check().is_ok());
    let racers = format!("{BASE}{}", "\n[[optimizer]]\nkind = \"adam\"\n".repeat(31));
    assert!(refused(&racers).brief().contains("at most 32"));
}

#[test]
fn nothing_unsafe_is_accepted_in_any_text() {
    for c in ["\\u001b", "\\t", "\\u202e", "\\u200b", "\\u0085", "\\ufeff"] {
        for text in [
            with("title = \"A race\"", &format!("title = \"A {c}race\"")),
            format!("{BASE}label = \"a{c}\"\n"),
            format!("{BASE}\"la{c}bel\" = \"a\"\n"),
            format!("{BASE}\n[[cue]]\nstep = 1\nsay = \"a{c}\"\n"),
        ] {
            let report = refused(&text);
            assert_eq!(report.problems().len(), 1, "{report}");
            assert!(report.brief().contains("character U+"), "{report}");
        }
    }
}

#[test]
fn long_lines_are_shown_around_the_fault_only() {
    let long = with("lr = 0.05 ", &format!("momentum = 0.{}, ", "1".repeat(5000)));
    let wide = format!("{BASE}\n[view]\noverlays = [{}\"nothing-known\", \"paths\"]\n", "\"paths\", ".repeat(900));
    for text in [long, wide] {
        let report = refused(&text).to_string();
        // What is known is told whole.
        let shown = |line: &&str| !line.contains("known: ");
        assert!(report.lines().filter(shown).all(|line| line.chars().count() < 260), "{report}");
        assert!(report.contains('^') && report.contains('…'), "{report}");
    }
}

#[test]
fn a_thousand_faults_make_a_short_report() {
    let text = format!("{BASE}\n[view]\noverlays = [{}]\n", "\"nothing-known-at-all\",\n".repeat(3000));
    let report = refused(&text).to_string();
    assert!(report.len() < 65536 && report.contains("and 2960 more"), "{} bytes", report.len());
}

#[test]
fn names_of_built_in_scenarios_are_found_and_nearly_right_ones_suggested() {
    assert_eq!(BUILTIN[0].name, "three-sgds");
    assert_eq!(Document::find("three-sgds".as_ref()).expect("a scenario").text(), BUILTIN[0].text);
    let report = Document::find("three_chart".as_ref()).expect_err("no such scenario");
    assert!(report.to_string().contains("did you mean `three-charts`?"), "{report}");
    assert!(Document::find("no/such.toml".as_ref()).expect_err("no such file").brief().contains("no such file"));
}

#[test]
fn a_fault_in_a_formula_has_its_caret_inside_of_the_text() {
    let told = |written: &str| {
        let text = format!(
            "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"expression\"\nloss = {written}\n\
             [start]\nmean = 0\nsd = 1\n[run]\nsteps = 1\n[[optimizer]]\nkind = \"sgd\"\n"
        );
        let document = Document::from_text("formula.toml", Path::new("."), &text);
        document.check().map(drop).map_err(|report| report.to_string())
    };
    assert_eq!(told("\"mean^2 + sd\""), Ok(()));
    // Columns are counted from 1, in characters of the line as it is written.
    for (written, column, marks) in [
        ("\"mean^2 + sdd\"", 18, 3),
        ("'mean^2 + sdd'", 18, 3),
        ("\"\"\"mean^2 + sdd\"\"\"", 20, 3),
        ("\"m\\u0065an^2 + sdd\"", 23, 3),
        ("\"m\\x65an^2 + s\\u0064d\"", 21, 8),
        ("\"mean^2 × sd\"", 16, 1),
        ("\"mean +\"", 15, 1),
    ] {
        let report = told(written).expect_err(written);
        assert!(report.contains(&format!("formula.toml:6:{column}\n")), "{written}: {report}");
        assert!(
            report.contains(&format!(" | {}{}\n", " ".repeat(column - 1), "^".repeat(marks))),
            "{written}: {report}"
        );
    }
    let document = Document::builtin("rosenbrock").expect("a built-in scenario");
    let report =
        document.edit("objective.loss", "mean + sdd").and_then(|edited| edited.check()).expect_err("no such name");
    assert!(
        report.to_string().contains("--set objective.loss=mean + sdd") && report.brief().contains("`sdd`"),
        "{report}"
    );
}

/// Every table of the format, with a document that has it: its path, its keys.
fn tables(document: &Document, path: &str, keys: &[Field], visit: &mut dyn FnMut(&Document, &str, &[Field])) {
    let decides = |field: &&Field| field.is_required() || matches!(field.default, Preset::Either);
    let deciding: Vec<_> = keys
        .iter()
        .filter(decides)
        .filter_map(|field| if let Kind::Name(rows) = field.kind { Some((field.name, (rows.all)())) } else { None })
        .collect();
    let variants = if deciding.is_empty() {
        vec![(document.clone(), keys.to_vec())]
    } else {
        let variant = |by: &str, row: &Row| {
            // Of several keys that decide one stands.
            let others = deciding.iter().map(|(other, _)| *other).filter(|other| *other != by);
            let others: Vec<&str> = others.collect();
            let own: Vec<Field> = keys.iter().filter(|field| !others.contains(&field.name)).copied().collect();
            let text =
                document.text().lines().filter(|line| !others.iter().any(|key| line.starts_with(&format!("{key} = "))));
            let alone =
                if others.is_empty() { document.clone() } else { self::document(&text.collect::<Vec<_>>().join("\n")) };
            (edit(&alone, &format!("{path}{by}"), row.known.name), [&own[..], &row.fields].concat())
        };
        deciding.iter().flat_map(|(by, rows)| rows.iter().map(|row| variant(by, row)).collect::<Vec<_>>()).collect()
    };
    for (document, keys) in variants {
        visit(&document, path, &keys);
        for field in &keys {
            match field.kind {
                Kind::Table(keys) => tables(&document, &format!("{path}{}.", field.name), keys, visit),
                Kind::Tables(keys, ..) => tables(&document, &format!("{path}{}.0.", field.name), keys, visit),
                Kind::Data | Kind::Path => {
                    let path = format!("{path}{}.", field.name);
                    visit(&edit(&document, &format!("{path}csv"), "x.csv"), &path, schema::csv::KEYS);
                }
                _ => {}
            }
        }
    }
}

fn edit(document: &Document, path: &str, value: &str) -> Document {
    document.edit(path, value).unwrap_or_else(|report| panic!("{path}: {report}"))
}

#[test]
fn every_key_of_the_schema_is_known_to_the_checker_and_no_other() {
    let base = document(&BASE.replace("target = { mean = 2.0, sd = 0.7 }   # where it goes\n", ""));
    let (mut keys_seen, mut tables_seen) = (0, 0);
    tables(&base, "", schema::ROOT, &mut |document, path, keys| {
        tables_seen += 1;
        for field in keys {
            // No key is a date.
            let edited = edit(document, &format!("{path}{}", field.name), "1979-05-27");
            let report = edited.check().expect_err(field.name).to_string();
            let unknown = [format!("unknown key `{}`", field.name), format!("`{}` is not a key", field.name)];
            assert!(!unknown.iter().any(|words| report.contains(words)), "{path}{}\n{report}", field.name);
            keys_seen += 1;
        }
        let report = edit(document, &format!("{path}zzzz"), "1").check().expect_err(path).to_string();
        assert!(report.contains("unknown key `zzzz`"), "{path}\n{report}");
    });
    assert!(keys_seen > 250 && tables_seen > 50, "{keys_seen} keys, {tables_seen} tables");
}

#[test]
fn the_json_schema_has_every_key_of_the_built_in_scenarios_and_refuses_all_others() {
    fn at<'a>(schema: &'a Value, item: &toml::Value) -> Vec<&'a Value> {
        let ways = ["oneOf", "anyOf"].iter().filter_map(|way| schema[*way].as_array()).flatten();
        let named = |way: &&Value| {
            let constant = |(key, value): (&String, &Value)| {
                value["const"].is_null() || value["const"].as_str() == item.get(key).and_then(toml::Value::as_str)
            };
            way["properties"].as_object().is_some_and(|keys| keys.iter().all(constant))
        };
        std::iter::once(schema).filter(|own| own["properties"].is_object()).chain(ways.filter(named)).collect()
    }
    fn walk(schema: &Value, value: &toml::Value, path: &str) {
        match value {
            toml::Value::Array(items) => items.iter().for_each(|item| walk(&schema["items"], item, path)),
            toml::Value::Table(table) if !schema["additionalProperties"].is_object() => {
                let ways = at(schema, value);
                assert!(!ways.is_empty(), "{path} has no schema");
                assert!(ways.iter().all(|way| way["additionalProperties"] == false), "{path} is open");
                for (key, value) in table {
                    let own = ways.iter().find_map(|way| way["properties"].get(key));
                    let own = own.unwrap_or_else(|| panic!("{path}.{key} is not in the schema"));
                    walk(own, value, &format!("{path}.{key}"));
                }
            }
            _ => {}
        }
    }
    let schema = json_schema();
    for builtin in BUILTIN {
        walk(&schema, &toml::Value::Table(builtin.text.parse().expect("TOML")), builtin.name);
    }
}
