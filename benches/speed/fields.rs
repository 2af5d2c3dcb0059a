//! 200×120 fields of every objective on every family, fully refined.

use std::hint::black_box;
use std::path::Path;

use geodescent::family::{ChartId, FAMILIES, FamilyInfo};
use geodescent::math::Vec2;
use geodescent::plot::{Field, Frame};
use geodescent::race::World;
use geodescent::scenario::Document;

use crate::{cpu, median, say};

/// The budget for a field, µs.
const TARGET: &str = "100000";
/// The approximate cost of one logarithm per point, µs.
const POINT: f64 = 0.01;
/// The seconds after which a field is abandoned.
const MOST: f64 = 3.0;
/// The data of a likelihood.
const ROWS: usize = 200;

/// A scenario with one racer on a family, at its example; `objective` is its kind, followed by the keys that kind
/// needs.
pub fn scenario(info: &FamilyInfo, objective: &str) -> World {
    let fixed = match info.name {
        "student-t" => "df = 4.0",
        "bivariate-gaussian" => "covariance = [[1.0, 0.5], [0.5, 2.0]]",
        "gaussian-mixture" => "weight = 0.4\nsd = 1.0",
        "logistic-regression" => "design = [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5]",
        _ => "",
    };
    let [[a, b], [x, y]] = [info.parameters.map(str::to_owned), info.example.map(|x| format!("{x:?}"))];
    let point = format!("{a} = {x}\n{b} = {y}");
    let target =
        if objective.contains("kl") { format!("\ntarget = {{ {a} = {x}, {b} = {y} }}") } else { String::new() };
    let drawn = if objective.contains("nll") {
        format!("\nsample = {{ size = {ROWS}, from = {{ {a} = {x}, {b} = {y} }} }}")
    } else {
        String::new()
    };
    let text = format!(
        "version = 1\ntitle = \"field\"\n[model]\nfamily = \"{}\"\n{fixed}\n[objective]\n{objective}{target}{drawn}\n[start]\n{point}\n\
         [run]\nsteps = 1\nseed = 7\n[[optimizer]]\nkind = \"sgd\"\nlr = 0.1\n",
        info.name
    );
    World::open(&Document::from_text("field", Path::new("."), &text))
        .unwrap_or_else(|report| panic!("{report:?}\n{text}"))
}

/// A frame around the example, within the family.
fn frame(world: &World, info: &FamilyInfo) -> Frame {
    let p = info.example;
    let side = |k: usize| {
        let (mut low, mut high) = (p, p);
        (low[k], high[k]) = (p[k] - 2.0, p[k] + 2.0);
        let inside = |q: [f64; 2]| world.family.contains(q.into());
        if inside(low) && inside(high) { [low[k], high[k]] } else { [0.2 * p[k], 1.6 * p[k]] }
    };
    Frame { x: side(0), y: side(1), columns: 100, rows: 60 }
}

fn measure(name: &str, world: &World, chart: ChartId, frame: Frame) {
    let plane = world.drawn(chart);
    let mut points = Vec::new();
    let mut done = true;
    let mut fill = || {
        let start = cpu();
        let values = |xs: &[Vec2], out: &mut [f64]| {
            plane.losses(xs, &mut points, out);
            if cpu() - start < MOST { Ok(()) } else { Err(()) }
        };
        let field = Field::refined(frame, !plane.objective.cheap(), values, |_| Ok(()));
        done = field.is_ok();
        black_box(field.map_or(0, |field| field.values().len()));
    };
    let once = median(1, 1, &mut fill);
    // A slow field is not measured again.
    let time = if once > 50_000.0 { once } else { median(5, 1, fill) };
    let name = if done { name.to_owned() } else { format!("given up: {name}") };
    say(&name, time, TARGET, POINT * 24_000.0);
}

/// Every field, with its cost as a multiple of one logarithm per point.
pub fn all() {
    let rewards = ["exp(-x^2)", "exp(-2*(x-2)^2) + 0.6*exp(-(x+2)^2/4)", "sin(3*x)"];
    for info in FAMILIES {
        let mut kinds: Vec<String> =
            ["forward-kl", "reverse-kl", "nll"].map(|kind| format!("kind = \"{kind}\"")).into();
        let [a, b] = info.parameters;
        kinds.push(format!("kind = \"expression\"\nloss = \"(1-{a})^2 + 100*({b}-0.5-{a}^2)^2\""));
        let observed = scenario(info, &kinds[0]).family.support().width();
        if observed == 1 {
            kinds.extend(rewards.map(|reward| format!("kind = \"expected-reward\"\nreward = \"{reward}\"")));
        }
        for kind in kinds {
            let world = scenario(info, &kind);
            let words = kind.replace("kind = ", "").replace("\nreward =", "").replace("\nloss =", "").replace('"', "");
            measure(&format!("{}, {words}", info.name), &world, ChartId::CANONICAL, frame(&world, info));
        }
    }
    for (name, x, y) in [
        ("menarche", [-30.0, 0.0], [0.0, 2.5]),
        ("old-faithful", [40.0, 70.0], [60.0, 95.0]),
        ("reward-hill", [-4.0, 4.0], [-3.0, 1.0]),
        ("newcomb-student-t", [20.0, 35.0], [2.0, 15.0]),
        ("rosenbrock", [-1.8, 1.8], [0.2, 3.2]),
    ] {
        let world = World::open(&Document::builtin(name).expect("a built-in scenario")).expect("a valid scenario");
        measure(&format!("scenario {name}"), &world, world.scenario.view.chart, Frame { x, y, columns: 100, rows: 60 });
    }
}
