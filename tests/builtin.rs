//! The built-in scenarios: all of them are valid, and their races do what their notes say.

use std::path::Path;

use geodescent::race::{Race, Status, World};
use geodescent::scenario::measures::{QUANTITY, Question};
use geodescent::scenario::{BUILTIN, Cue, Document};
use geodescent::text::first_unsafe;

fn scenario(name: &str) -> World {
    let document = Document::builtin(name).expect("a built-in scenario");
    World::open(&document).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn every_built_in_scenario_is_right_and_has_title_notes_and_captions() {
    for builtin in BUILTIN {
        let world = scenario(builtin.name);
        assert!(!world.scenario.title.is_empty() && world.scenario.notes.len() > 80, "{}", builtin.name);
        assert_eq!(first_unsafe(&world.scenario.notes), None, "{}", builtin.name);
        assert!(world.scenario.cues.iter().any(Cue::stops), "{} holds nowhere", builtin.name);
        for cue in &world.scenario.cues {
            for words in std::iter::once(&cue.say).chain(&cue.ask) {
                assert!((1..=66).contains(&words.chars().count()), "{}: {words}", builtin.name);
            }
        }
    }
}

#[test]
fn every_built_in_scenario_reads_the_same_from_its_file() {
    for builtin in BUILTIN {
        let path = format!("scenarios/{}.toml", builtin.name);
        let document = Document::open(Path::new(&path)).unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(document.text(), builtin.text);
        let from_file = World::open(&document).unwrap_or_else(|report| panic!("{report}"));
        let built_in = scenario(builtin.name);
        assert_eq!(from_file.objective.data(), built_in.objective.data(), "{}", builtin.name);
    }
}

#[test]
fn every_racer_descends_and_only_those_that_are_meant_to_leave() {
    for builtin in BUILTIN {
        let world = scenario(builtin.name);
        let race = Race::run(&world);
        for (place, (racer, trace)) in world.scenario.racers.iter().zip(race.traces()).enumerate() {
            let mut asked = world.scenario.measures.iter().filter(|measure| measure.racers == [place]);
            let leaves = asked.clone().any(|measure| measure.info.question == Question::EndsAt);
            assert_eq!(trace.ending.is_some(), leaves, "{}, {}: {:?}", builtin.name, racer.label, trace.ending);
            if leaves {
                continue;
            }
            let (first, last) = (trace.at(0).loss, trace.at(world.scenario.steps).loss);
            // One that ends worse than it began is asked for that loss.
            let worse = asked.any(|measure| {
                measure.info.question == Question::Final && measure.settings.choice(&QUANTITY) == "loss"
            });
            assert!((last < first) != worse, "{}, {}: {first} to {last}", builtin.name, racer.label);
        }
    }
}

#[test]
fn three_charts_show_three_ways_and_trpo_first() {
    let world = scenario("three-charts");
    let labels: Vec<&str> = world.scenario.racers.iter().map(|racer| racer.label.as_str()).collect();
    assert_eq!(
        labels,
        ["SGD (mean, sd)", "SGD (mean, log sd)", "SGD (mean, variance)", "natural gradient", "Adam", "TRPO"]
    );
    let race = Race::run(&world);
    let at = |racer: usize, step: usize| race.trace(racer).at(step).loss;
    assert!((0..5).all(|racer| at(5, 40) < at(racer, 40)), "TRPO is first");
    assert!(at(3, 150) < 1e-3 && at(4, 150) < 1e-3, "the natural gradient and Adam have arrived");
}

#[test]
fn the_variance_goes_below_zero_at_the_cue_that_says_so() {
    let world = scenario("leaves-the-family");
    let race = Race::run(&world);
    let ending = race.trace(0).ending.as_ref().expect("an ending");
    assert_eq!((ending.status, ending.reason.as_str()), (Status::LeftFamily, "variance ≤ 0"));
    assert!(world.scenario.cues.iter().any(|cue| cue.step == ending.step && cue.hold));
}

#[test]
fn heavy_tails_are_narrower_and_further_right_than_the_gaussian_on_the_same_data() {
    let optimum = |name| scenario(name).objective.optimum().expect("a maximum-likelihood point");
    let (gaussian, student) = (optimum("newcomb-gaussian"), optimum("newcomb-student-t"));
    assert!(student[0] > gaussian[0] && student[1] * 3.0_f64.sqrt() < gaussian[1], "{gaussian} {student}");
    let hours = optimum("air-conditioning");
    assert!((hours[0] - 1.0).abs() < 0.1, "{hours}");
}

/// `glm(cbind(Menarche, Total - Menarche) ~ Age, binomial)` of R on the same data, as its documentation prints it.
#[test]
fn the_optimum_of_the_logistic_regression_is_that_of_r() {
    let optimum = scenario("menarche").objective.optimum().expect("a maximum-likelihood point");
    assert!((optimum[0] + 21.22639).abs() < 2e-5 && (optimum[1] - 1.63197).abs() < 2e-5, "{optimum}");
    let world = scenario("menarche");
    let race = Race::run(&world);
    let end = |racer: usize| (race.trace(racer).at(120).p() - optimum).norm();
    assert!(end(4) < 1e-9 && end(1) < 1.0 && end(0) > 20.0, "{} {} {}", end(4), end(1), end(0));
}
