//! Logistic regression on several columns, against the textbook's sums in 40 digits.
//!
//! The reference numbers are those of a loop over Python decimals, with z = (1, x): L = mean log(1 + e^η) − yη, g = mean
//! (σ(η) − y) z, F = mean σ(1 − σ) z zᵀ, KL(w ‖ v) = mean A(z·v) − A(z·w) − σ(z·w) z·(v − w), A = log(1 + e^η); the steps
//! are the equations of `list optimizers`.
#![allow(clippy::unreadable_literal, reason = "numbers as another program printed them")]

use std::fs;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use geodescent::app::{Action, App, Show};
use geodescent::figure;
use geodescent::plot::Room;
use geodescent::problem::Problem;
use geodescent::problem::regression::{Regression, Table, Weights};
use geodescent::race::{Quantity, Race, Reading, World};
use geodescent::scenario::{Document, Pane};
use geodescent::screen::{self, Cache, Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::work::Progress;

const CSV: &str = "a,b,c,y
0.841,2.0,-2.0,1
0.909,1.755,0.1,0
0.141,1.081,2.2,1
-0.757,0.141,-0.7,1
-0.959,-0.832,1.4,0
-0.279,-1.602,-1.5,0
0.657,-1.98,0.6,1
0.989,-1.873,2.7,0
0.412,-1.307,-0.2,1
-0.544,-0.422,1.9,0
-1.0,0.567,-1.0,0
-0.537,1.417,1.1,1
";

const HEAD: &str = "version = 1
[model]
family = \"logistic-regression\"
design = { csv = \"d.csv\", columns = [\"a\", \"b\", \"c\"] }
[objective]
kind = \"nll\"
data = { csv = \"d.csv\", columns = [\"a\", \"b\", \"c\", \"y\"] }
[start]
intercept = 0.1
a = -0.2
b = 0.3
c = 0.4
[run]
steps = 6
";

fn open(text: &str) -> Result<World, String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("d.csv"), CSV).expect("a file");
    World::open(&Document::from_text("many.toml", folder.path(), text)).map_err(|report| report.to_string())
}

fn with(tail: &str) -> World {
    open(&format!("{HEAD}{tail}")).unwrap_or_else(|report| panic!("{report}"))
}

/// Loss, |g|, natural norm, |Δx|, Fisher length and KL of steps 0, 1 and 6, then the last weights.
type Expected = ([[f64; 6]; 3], [f64; 4]);

const NONE: f64 = f64::NAN;

#[test]
#[expect(clippy::too_many_lines, reason = "reference numbers, one a line")]
fn rows_have_the_numbers_of_forty_digits() {
    let start = [0.758_771_328_262_548_2, 0.315_156_110_856_694_6, 0.500_712_964_167_618_5, NONE, NONE, NONE];
    let cases: [(&str, Expected); 5] = [
        (
            "kind = \"natural-gradient\"\nlr = 0.5",
            (
                [
                    start,
                    [
                        0.6664330002953414,
                        0.1467766331529783,
                        0.2256104719966978,
                        0.5098139405875886,
                        0.2503564820838092,
                        0.03301840827555446,
                    ],
                    [
                        0.6395730745497072,
                        0.00504777292982768,
                        0.008900577321303433,
                        0.02126710207375775,
                        0.00875744859280019,
                        3.814047626099949e-05,
                    ],
                ],
                [0.13264019392586854, 0.615961931276291, 0.32654702426021404, -0.1756061743205313],
            ),
        ),
        (
            "kind = \"adam\"\nlr = 0.1",
            (
                [
                    start,
                    [
                        0.7173461820993088,
                        0.2314283716848969,
                        0.3959183858229596,
                        0.1999999761284259,
                        0.1314157868097563,
                        0.008805169156378039,
                    ],
                    [
                        0.6482839482548123,
                        0.06065630476751303,
                        0.1330001123114558,
                        0.1356285353390479,
                        0.06141095060345367,
                        0.001901124679382656,
                    ],
                ],
                [-0.08100572901953244, 0.37931620743408695, 0.383080720596491, -0.1346215186127203],
            ),
        ),
        (
            "kind = \"adam\"\nlr = 0.1\nchart = \"standardised\"",
            (
                [
                    [0.7587713282625482, 0.2334073520430286, 0.5007129641676185, NONE, NONE, NONE],
                    [
                        0.7229258951608919,
                        0.1905880468301036,
                        0.4110997006257887,
                        0.1999999733207435,
                        0.09945711777063128,
                        0.005027454513922984,
                    ],
                    [
                        0.6516210752156287,
                        0.06668719442812632,
                        0.1582937450378267,
                        0.1259249420377789,
                        0.05384544186589227,
                        0.001443037820454,
                    ],
                ],
                [-0.11883546478102511, 0.41461392170775574, 0.6270666113422543, 0.006719420789946346],
            ),
        ),
        (
            "kind = \"natural-gradient\"\nlr = 0.5\ncorrection = \"midpoint\"",
            (
                [
                    start,
                    [
                        0.6881914535716258,
                        0.2014878047089975,
                        0.3071538088085063,
                        0.3533270801695026,
                        0.1718131954072966,
                        0.0153125590857435,
                    ],
                    [
                        0.6400295049458181,
                        0.01887861454386962,
                        0.03127751793263559,
                        0.04244806458620706,
                        0.01895139038703092,
                        0.0001781479022774688,
                    ],
                ],
                [0.12978502970380368, 0.5737344195388421, 0.32358568850123615, -0.14708464431312146],
            ),
        ),
        (
            "kind = \"natural-gradient\"\nlr = 0.5\ncorrection = \"geodesic\"",
            (
                [
                    start,
                    [
                        0.6696821052294516,
                        0.1564994790441616,
                        0.239470323253834,
                        0.4839271983021417,
                        0.2367083869595453,
                        0.0294069717332448,
                    ],
                    [
                        0.6395732988897403,
                        0.005155753060492064,
                        0.008927692091112934,
                        0.02114203604201062,
                        0.00885956429288919,
                        3.904971333309794e-05,
                    ],
                ],
                [0.13341399200933238, 0.6162566119006033, 0.32714406547445596, -0.17536487354818506],
            ),
        ),
    ];
    for (tail, (rows, last)) in cases {
        let race = Race::run(&with(&format!("[[optimizer]]\n{tail}\n")));
        let runner = race.runner(0);
        let reading = Reading::new(runner);
        for (step, expected) in [0, 1, 6].into_iter().zip(rows) {
            let columns = geodescent::problem::quantities::columns();
            for ((name, info), expected) in columns.zip(expected) {
                let found = reading.at(Quantity::Listed(info), step);
                let same = found.is_nan() && expected.is_nan() || (found / expected - 1.0).abs() < 1e-9;
                assert!(same, "{tail}, step {step}: {name} is {found}, not {expected}");
            }
        }
        // What is reported in weights of standardised columns is in plain ones among the parameters.
        let found = runner.coordinates(6);
        for (found, expected) in found.iter().zip(last) {
            assert!((found - expected).abs() < 1e-9, "{tail}: {found}, not {expected}");
        }
    }
}

#[test]
fn newton_and_fisher_scoring_are_one_and_find_the_optimum() {
    let race =
        Race::run(&with("[[optimizer]]\nkind = \"newton\"\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 1.0\n"));
    let optimum = race.runner(0).problem().optimum().expect("labels that no plane separates");
    let expected = [0.13686135066929866, 0.634498559350169, 0.3303904967816688, -0.1861767123048957];
    for (racer, runner) in race.runners().iter().enumerate() {
        for ((found, expected), optimum) in runner.parameters(6).iter().zip(expected).zip(&optimum) {
            assert!((found - expected).abs() < 1e-12 && (optimum - expected).abs() < 1e-12, "{racer}: {found}");
        }
    }
}

#[test]
fn mirror_descent_moves_the_expectation_by_the_gradient() {
    let race = Race::run(&with("[[optimizer]]\nkind = \"mirror-descent\"\nlr = 0.3\n"));
    let runner = race.runner(0);
    let means = |step: usize| {
        let w = runner.parameters(step);
        let mut means = [0.0; 4];
        let rows: Vec<Vec<f64>> = CSV
            .lines()
            .skip(1)
            .map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect())
            .collect();
        for row in &rows {
            let z = [1.0, row[0], row[1], row[2]];
            let odds: f64 = z.iter().zip(w.iter()).map(|(z, w)| z * w).sum();
            for (mean, z) in means.iter_mut().zip(z) {
                *mean += z / (1.0 + (-odds).exp()) / rows.len() as f64;
            }
        }
        means
    };
    for step in 0..6 {
        let gradient = runner.site(step).expect("a row with numbers").gradient().to_vec();
        for ((after, before), g) in means(step + 1).iter().zip(means(step)).zip(gradient) {
            assert!((after - (before - 0.3 * g)).abs() < 1e-12, "step {step}: {after}");
        }
    }
}

#[test]
fn gradients_metrics_and_divergences_agree_with_differences() {
    let names = ["a", "b", "c"].map(str::to_owned);
    let values: Vec<f64> =
        CSV.lines().skip(1).flat_map(|line| line.split(',').map(|x| x.parse::<f64>().expect("a number"))).collect();
    let design: Vec<f64> = values.chunks_exact(4).flat_map(|row| row[..3].to_vec()).collect();
    let data = geodescent::objective::Data::rows_of(4, values, None);
    let model = std::sync::Arc::new(Regression::new(&names, Table::new(3, design.into()), data));
    for weights in Weights::ALL {
        let problem = model.within(weights);
        let site = problem.start(&[0.4, -0.7, 0.2, 0.9]);
        let x = site.x().to_vec();
        let fisher = site.metric().dense();
        let h = 1e-5;
        let moved = |i: usize, h: f64| {
            let mut x = x.clone();
            x[i] += h;
            x
        };
        for i in 0..4 {
            let slope = (site.loss_at(&moved(i, h)) - site.loss_at(&moved(i, -h))) / (2.0 * h);
            assert!((slope - site.gradient()[i]).abs() < 1e-9, "{weights:?}");
            // KL = ½ ΔᵀFΔ to second order; the third order cancels between both sides.
            let both = site.kl_to(&moved(i, h)) + site.kl_to(&moved(i, -h));
            assert!((both / (h * h) / fisher[(i, i)] - 1.0).abs() < 1e-6, "{weights:?}");
            let mut unit = vec![0.0; 4];
            unit[i] = 1.0;
            let mut column = vec![0.0; 4];
            site.metric().times(&unit, &mut column);
            let mut diagonal = vec![0.0; 4];
            site.metric().diagonal(&mut diagonal);
            assert!((diagonal[i] - fisher[(i, i)]).abs() < 1e-15 && (column[i] - fisher[(i, i)]).abs() < 1e-15);
        }
        // The symbols: minus the acceleration of a geodesic, Γ(v, v) = F⁻¹(½ dF(v) v).
        let v = [0.3, -0.2, 0.5, 0.1];
        let at = |h: f64| problem.at(&x.iter().zip(v).map(|(x, v)| x + h * v).collect::<Vec<_>>()).metric().dense();
        let slope = (at(h) - at(-h)) / (2.0 * h);
        let half = slope * nalgebra::DVector::from_row_slice(&v) * 0.5;
        let mut expected = vec![0.0; 4];
        site.metric().solve(0.0, half.as_slice(), &mut expected).expect("not singular");
        let mut found = vec![0.0; 4];
        site.christoffel(&v, &mut found);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-8), "{weights:?}: {found:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence() {
    let racer = "[[optimizer]]\nkind = \"sgd\"\n";
    let measure = |text: &str| format!("{HEAD}{racer}[[measure]]\nracer = \"sgd\"\n{text}\n");
    for (text, words) in [
        (format!("{HEAD}[[optimizer]]\nkind = \"geodesic\"\n"), "geodesic needs geodesics of the Fisher metric"),
        (format!("{HEAD}{racer}chart = \"natural\"\n"), "known: weights, standardised"),
        (measure("of = \"path-length\""), "a family of two parameters"),
        (measure("of = \"final\"\nquantity = \"d\""), "unknown `quantity`"),
        (HEAD.replace("[\"a\", \"b\", \"c\"] }", "[\"a\", \"a\"] }"), "is named twice"),
        (HEAD.replace("[\"a\", \"b\", \"c\"] }", "[\"a\"] }"), "names 1 columns, not 2 to 63"),
        (HEAD.replace("\"c\", \"y\"", "\"y\""), "the design's and, last, that of the labels"),
        (HEAD.replace("\"c\", \"y\"", "\"c\", \"c\""), "outside the family's support"),
        (HEAD.replace("c = 0.4\n", ""), "`c` is missing"),
        (HEAD.replace("c = 0.4\n", "c = 0.4\nd = 1.0\n"), "unknown parameter"),
        (HEAD.replace("kind = \"nll\"", "kind = \"forward-kl\""), "is fitted to data"),
    ] {
        let said = open(&text).expect_err(words);
        assert!(said.contains(words), "{said}");
    }
    let world = open(&measure("of = \"final\"\nquantity = \"c\"")).expect("a parameter is a quantity");
    assert!(geodescent::measure::answers(&world, &Race::run(&world))[0].value.is_some());
}

#[test]
fn a_design_that_cannot_be_read_is_one_mistake() {
    let racer = "[[optimizer]]\nkind = \"sgd\"\n";
    let said = open(&format!("{HEAD}{racer}").replacen("d.csv", "dd.csv", 1)).expect_err("no such file");
    assert!(said.contains("cannot read `dd.csv`") && said.contains("did you mean `d.csv`?"), "{said}");
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    let both = HEAD.replacen("columns = ", "column = \"a\", columns = ", 1);
    let said = open(&format!("{both}{racer}")).expect_err("two keys for one thing");
    assert!(said.contains("`column` and `columns` exclude each other"), "{said}");
}

/// A scenario with as many columns and rows of noise.
fn noise(columns: usize, rows: usize, steps: usize) -> (tempfile::TempDir, Document) {
    let names: Vec<String> = (0..columns).map(|i| format!("x{i}")).collect();
    let row = |row: usize| {
        let cell = |column: usize| format!("{:.3}", (((row * columns + column) as f64) * 12.9898).sin());
        (0..columns).map(cell).chain([(row % 2).to_string()]).collect::<Vec<_>>().join(",")
    };
    let folder = tempfile::tempdir().expect("a folder");
    let csv = format!("{},y\n{}\n", names.join(","), (0..rows).map(row).collect::<Vec<_>>().join("\n"));
    fs::write(folder.path().join("d.csv"), csv).expect("a file");
    let list = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let start = names.join(" = 0.5\n") + " = 0.5\n";
    let text = format!(
        "version = 1\ntitle = \"noise\"\n[model]\nfamily = \"logistic-regression\"\ndesign = {{ csv = \"d.csv\", columns = [{list}] }}\n\
         [objective]\nkind = \"nll\"\ndata = {{ csv = \"d.csv\", columns = [{list}, \"y\"] }}\n[start]\nintercept = 0.0\n{start}\
         [run]\nsteps = {steps}\n[[optimizer]]\nkind = \"adam\"\n"
    );
    let document = Document::from_text("noise.toml", folder.path(), &text);
    (folder, document)
}

#[test]
fn a_race_on_a_plane_opens_before_it_has_run_and_can_be_cancelled() {
    let style = Style {
        theme: Theme { ground: Ground::Dark, depth: Depth::True },
        marker: Marker::Braille,
        bold: false,
        glyphs: Glyphs::Any,
    };
    let area = Rect::new(0, 0, 120, 36);
    let screen = |app: &App| {
        let mut cells = Buffer::empty(area);
        screen::draw(app, &mut Cache::default(), area, &mut cells);
        (0..120).map(|x| cells[(x, 0)].symbol()).collect::<String>()
    };
    // Longer than anybody waits.
    let (_folder, document) = noise(60, 3000, 20_000);
    let mut app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), style);
    let show = |app: &App| app.current().map(|show| (show.opening(), show.race.reached(), show.timeline.step()));
    assert_eq!(show(&app), Some((true, 0, 0)));
    while app.progress().is_none() {
        app.work(500);
    }
    assert!(app.unfinished() && app.resting() && screen(&app).contains("race "), "{}", screen(&app));
    // The playhead waits.
    app.update(Action::PlayPause);
    app.advance(std::time::Duration::from_millis(500));
    assert_eq!(show(&app), Some((true, 0, 0)));
    app.update(Action::Back);
    assert!(app.notice.as_ref().is_some_and(|notice| notice.contains("cancelled")), "{:?}", app.notice);
    assert_eq!((show(&app), app.unfinished(), app.playing()), (Some((false, 0, 0)), false, false));
    assert!(screen(&app).contains("paused"), "{}", screen(&app));
    app.update(Action::PlayPause);
    assert_eq!(show(&app), Some((true, 0, 0)), "it is run again");
}

#[test]
fn a_race_on_a_plane_is_in_the_end_that_which_runs_at_once() {
    let (_folder, document) = noise(4, 40, 30);
    let mut show = Show::open(document.clone()).expect("a valid scenario");
    while show.work(1000) {}
    let world = World::open(&document).expect("a valid scenario");
    let (world, race) = world.raced(&Progress::default()).expect("nobody cancels it");
    assert_eq!((show.race.reached(), show.race.trace(0).rows.len()), (30, 31));
    let room = Room { columns: 60, rows: 12, bands: 8, finer: 1, fills: true };
    let density = figure::pane(&show, Pane::Density, room, &mut figure::Memo::default());
    assert!(density.plot.is_none() && density.table.is_some(), "why there is no curve is said");
    for step in 0..=30 {
        assert_eq!(show.race.trace(0).at(step).p(), race.trace(0).at(step).p());
    }
    let here = world.lift(world.start());
    assert_eq!(show.world.lift(show.world.start()), here);
}

#[test]
fn a_scenario_is_inspected_in_all_its_coordinates() {
    let (folder, document) = noise(9, 50, 1);
    let file = folder.path().join("noise.toml");
    fs::write(&file, document.text()).expect("a file");
    let run = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_geodescent"));
        command.arg("inspect").arg(&file).args(words).output().expect("a run")
    };
    let words = ["--at", "x3=-1.5", "--to", "intercept=2", "--chart", "standardised", "--format", "json"];
    let report: serde_json::Value = serde_json::from_slice(&run(&words).stdout).expect("JSON");
    let world = World::open(&document).expect("a valid scenario");
    let chart = world.family.info().chart_ids().nth(1).expect("two charts");
    let (problem, mut p) = (world.problem(chart), world.scenario.start.clone());
    p[4] = -1.5;
    let site = problem.start(&p);
    let near = |found: &serde_json::Value, expected: f64| {
        (found.as_f64().expect("a number") - expected).abs() < 1e-12 * expected.abs().max(1.0)
    };
    assert_eq!((report["dimension"].as_u64(), report["chart"].as_str()), (Some(10), Some("standardised")));
    assert!(near(&report["loss"], site.loss()) && near(&report["natural_norm"], site.natural_norm()));
    let fisher = site.metric().dense();
    let mut trace = 0.0;
    for i in 0..10 {
        assert!(near(&report["gradient"][i], site.gradient()[i]));
        assert!((0..10).all(|j| near(&report["fisher"][i][j], fisher[(i, j)])));
        trace += report["eigenvalues"][i].as_f64().expect("a number");
    }
    assert!((trace - fisher.trace()).abs() < 1e-12 * trace && report["eigenvalues"][0].as_f64() > Some(0.0));
    let mut q = world.scenario.start.clone();
    q[0] = 2.0;
    assert!(near(&report["to"]["kl"], problem.kl(&p, &q)) && report["to"]["fisher_rao_distance"].is_null());
    let why = "the observations are not one real variable";
    assert_eq!(report["absent"], serde_json::json!({ "wasserstein": why, "wasserstein_distance": why }));
    let table = String::from_utf8(run(&[]).stdout).expect("text");
    assert!(table.contains(&format!("Wasserstein     – ({why})")), "{table}");
    assert!(table.contains("eigenvalues") && table.lines().all(|line| line.chars().count() < 120), "{table}");
    for (words, told) in [
        (&["--at", "x33=1"][..], "unknown parameter"),
        (&["--at", "x3=one"], "not a finite number"),
        (&["--chart", "natural"], "Known: weights, standardised"),
    ] {
        let output = run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(told), "{said}");
    }
}
