//! The plane on which more than two parameters are drawn: which one, what lies in it, and what the title says of it.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

mod common;

use std::fs;

use common::stage::STYLE;
use geodescent::app::{App, Show};
use geodescent::race::World;
use geodescent::scenario::{Document, Plane};
use geodescent::screen::{self, Cache};
use geodescent::work::Progress;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const CSV: &str = "age,dose,sex,ill
0.841,2.0,-2.0,1
0.909,1.755,0.1,0
0.141,1.081,2.2,1
-0.757,0.141,-0.7,1
-0.959,-0.832,1.4,0
-0.279,-1.602,-1.5,0
0.657,-1.98,0.6,1
0.989,-1.873,2.7,0
0.412,-1.307,-0.2,1
";

const RACE: &str = "version = 1
[model]
family = \"logistic-regression\"
design = { csv = \"d.csv\", columns = [\"age\", \"dose\", \"sex\"] }
[objective]
kind = \"nll\"
data = { csv = \"d.csv\", columns = [\"age\", \"dose\", \"sex\", \"ill\"] }
[start]
intercept = 0.1
age = -0.2
dose = 0.3
sex = 0.4
[run]
steps = 6
[[optimizer]]
kind = \"natural-gradient\"
lr = 0.1
[[optimizer]]
kind = \"sgd\"
lr = 0.1
";

const START: [f64; 4] = [0.1, -0.2, 0.3, 0.4];

/// The race, and the folder of its data.
fn document(plane: &str) -> (tempfile::TempDir, Document) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.csv"), CSV).unwrap();
    let view = if plane.is_empty() { String::new() } else { format!("[view]\nplane = {plane}\n") };
    let document = Document::from_text("plane.toml", folder.path(), &format!("{RACE}{view}"));
    (folder, document)
}

fn open(plane: &str) -> Result<World, String> {
    let (_folder, document) = document(plane);
    World::open(&document).map_err(|report| report.to_string())
}

fn world(plane: &str) -> World {
    open(plane).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn the_plane_of_the_paths_holds_them_where_they_have_two_dimensions() {
    let (world, race) = world("").raced(&Progress::default()).expect("nobody cancels it");
    let plane = world.plane().expect("more than two parameters");
    assert!(plane.share() > 0.99 && plane.share() <= 1.0 + 1e-12, "{}", plane.share());
    // The loss that is drawn is that on the plane.
    let p = race.trace(0).rows.at(6).p();
    let lifted = world.lift(p);
    let whole = race.runner(0).problem().loss(&lifted);
    assert!((world.objective.value(p) / whole - 1.0).abs() < 1e-12);
    assert!(
        (world.family.kl(world.start(), p) / race.runner(0).problem().kl(&world.lift(world.start()), &lifted) - 1.0)
            .abs()
            < 1e-9
    );
}

#[test]
fn on_a_plane_of_coordinates_a_point_has_these_two_parameters() {
    let (world, race) = world("{ kind = \"coordinates\", of = [\"sex\", \"age\"] }")
        .raced(&Progress::default())
        .expect("nobody cancels it");
    assert_eq!(world.scenario.view.plane, Plane::Coordinates([3, 1]));
    assert_eq!(world.start().as_slice(), [START[3], START[1]]);
    assert_eq!(world.family.chart(world.scenario.view.chart).info().axes, ["sex", "age"]);
    let (mut inside, mut total) = (0.0, 0.0);
    for trace in race.traces() {
        for row in trace.rows.iter() {
            assert_eq!(row.p().as_slice(), [row.parameters[3], row.parameters[1]]);
            let moved: Vec<f64> = row.parameters.iter().zip(START).map(|(x, start)| (x - start).powi(2)).collect();
            inside += moved[3] + moved[1];
            total += moved.iter().sum::<f64>();
        }
    }
    let share = world.plane().unwrap().share();
    assert!((share - inside / total).abs() < 1e-12 && share < 0.99, "{share}");
    // What is not drawn stays as at the start, and the loss is that of the whole model there.
    let p = race.trace(0).rows.at(6).p();
    let lifted = world.lift(p);
    assert_eq!(lifted, [START[0], p[1], START[2], p[0]]);
    let whole = race.runner(0).problem().loss(&lifted);
    assert!((world.objective.value(p) / whole - 1.0).abs() < 1e-12);
}

#[test]
fn a_random_plane_is_orthonormal_and_a_function_of_its_seed() {
    let axes = |seed: u64| {
        let (world, race) = world(&format!("{{ kind = \"random\", seed = {seed} }}"))
            .raced(&Progress::default())
            .expect("nobody cancels it");
        let plane = world.plane().unwrap();
        let [first, second] = plane.axes().clone();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for (size, expected) in [(dot(&first, &first), 1.0), (dot(&second, &second), 1.0), (dot(&first, &second), 0.0)]
        {
            assert!((size - expected).abs() < 1e-12, "{size}");
        }
        assert!(plane.share() > 0.0 && plane.share() < 1.0);
        assert_eq!(world.start().as_slice(), [0.0, 0.0]);
        assert_eq!(plane.lift(world.start()), START);
        assert_eq!(race.trace(0).rows.at(6).p(), plane.project(race.trace(0).rows.at(6).parameters));
        [first, second]
    };
    assert_eq!(axes(1), axes(1));
    assert_ne!(axes(1), axes(2));
}

#[test]
fn a_plane_that_cannot_be_is_told_with_what_to_write_instead() {
    for (plane, message, help) in [
        ("{ kind = \"coordinate\" }", "unknown plane `coordinate`", "did you mean `coordinates`?"),
        ("{ kind = \"coordinates\" }", "`of` is missing", "name the two parameters"),
        ("{ kind = \"coordinates\", of = [\"age\"] }", "two parameters, not 1", "of = ["),
        ("{ kind = \"coordinates\", of = [\"age\", \"dosse\"] }", "unknown parameter `dosse`", "did you mean `dose`?"),
        ("{ kind = \"coordinates\", of = [\"age\", \"age\"] }", "the same parameter twice", "known: intercept, age"),
        ("{ kind = \"paths\", seed = 1 }", "`seed` is not a key of paths, but of random", "known: kind"),
        ("{ seed = 1 }", "`kind` is missing", "say which plane"),
        ("\"paths\"", "`plane` must be a table", ""),
    ] {
        let told = open(plane).expect_err(plane);
        assert!(told.contains(message) && told.contains(help) && told.contains("plane.toml:22:"), "{plane}\n{told}");
        assert_eq!(told.matches("error:").count(), 1, "{told}");
    }
    let two = Document::builtin("three-charts").unwrap().edit("view.plane.kind", "paths").unwrap();
    let told = two.check().expect_err("two parameters").to_string();
    assert!(told.contains("more than two parameters") && told.contains("help: remove `plane`"), "{told}");
}

#[test]
fn the_title_says_which_plane_it_is_and_how_much_lies_in_it() {
    for (plane, says) in [
        ("", "principal plane: 9"),
        ("{ kind = \"coordinates\", of = [\"sex\", \"age\"] }", "sex × age: "),
        ("{ kind = \"random\", seed = 3 }", "random plane: "),
    ] {
        for (width, height) in [(200, 60), (120, 36), (80, 24)] {
            let (_folder, document) = document(plane);
            let show = Show::open(document).unwrap();
            let area = Rect::new(0, 0, width, height);
            let (mut app, mut buf) = (App::show(show, STYLE), Buffer::empty(area));
            // The plane is that of paths which a job finds.
            while app.work(1 << 16) {}
            screen::draw(&app, &mut Cache::default(), area, &mut buf);
            let row = |y| (0..width).map(|x| buf[(x, y)].symbol()).collect::<String>();
            let title = (0..height).map(row).find(|row| row.contains("Landscape")).expect("a landscape");
            assert!(title.contains(says) && title.contains(" %"), "{width}×{height}: {title}");
        }
    }
}
