//! Every number that a title, note or caption takes from its race is a measure of the same scenario.

mod common;

use geodescent::race::World;
use geodescent::scenario::{BUILTIN, Document, Scenario};

/// Numbers that no race produces, by scenario: points, rates, radii, tolerances, data, years, citations, names.
const GIVEN: &[(&str, &[&str])] = &[
    ("reward-hill", &["60"]),
    ("exponentiated-gradient", &["1.5", "2"]),
    ("diagonal-fisher", &["0.9", "1e-3"]),
    ("empirical-fisher", &["0.1", "0.02", "0.01"]),
    ("adam-valley", &["1", "100", "200"]),
    ("adam-valley-turned", &["45", "200"]),
    ("poisson-pair", &["1"]),
    ("bernoulli-pair", &["1"]),
    ("singular-start", &["1", "0.01", "2", "0.005"]),
    // u is half of what the two means are apart: 16.55 and 17.45 of measures.
    ("singular-throw", &["1", "0.001", "0.005", "17"]),
    ("diagonal-fisher-999", &["0.999", "1e-3", "0.9"]),
    ("menarche", &["3918", "1966", "1"]),
    ("old-faithful", &["16", "272", "1990"]),
    ("ozone-gamma", &["1973", "1983", "116"]),
    ("air-conditioning", &["1", "24", "1963"]),
    ("failures-weibull", &["1", "24", "1963", "3"]),
    ("rivers-log-normal", &["141", "1977"]),
    // The mean direction in degrees is the measured one, 0.31 rad.
    ("currents-von-mises", &["18", "1974"]),
    ("newcomb-gaussian", &["66", "1882", "1977", "64", "44", "2"]),
    ("newcomb-student-t", &["66"]),
    ("three-sgds", &["1e-6"]),
    ("second-order", &["0.2"]),
    ("mirror-descent", &["2015"]),
    ("trust-region-step", &["0.1"]),
    ("trust-region-radii", &["0.001", "0.01", "0.5"]),
    ("holonomy", &["1", "2"]),
    ("m-line", &["0", "1", "3"]),
    ("newton-natural", &["1"]),
    ("ellipse-meaning", &["0", "1", "0.5", "0.1", "0.001"]),
    ("best-rates", &["0.5", "0.4"]),
    ("every-optimizer", &["1e-4"]),
    ("aic-families", &["2", "1973"]),
    ("efficiency", &["1998", "1.15"]),
    ("elbo", &["2023"]),
    ("double-well", &["0.1"]),
    // What other starts than its own give: policy_claims.rs has them.
    ("kakade-plateau", &["2001", "2", "1.9", "20000", "0.071", "7.3e9", "0.1", "12000", "0.14", "320", "0.2", "2.6"]),
    ("two-fishers", &["17", "11", "16", "2", "1.9", "24", "58"]),
    ("grid-world", &["2001", "2008", "1", "11"]),
    ("natural-q", &["2014"]),
    ("regulator", &["0.9", "0.5", "0.3", "0.05"]),
    ("trpo-or-ppo", &["20", "0.2", "2019", "2020", "1", "10", "100"]),
    ("leaky-clip", &["0.2", "0.96", "2025", "200", "10", "100"]),
    // −½ ln 0.96 is 0.0204.
    ("box-or-ellipsoid", &["0.2", "0.96", "0.0204", "20"]),
    ("cap-or-compass", &["0.9", "2000", "100", "0.01", "10"]),
    ("clip-collapse", &["2019", "1", "0.9", "32", "100"]),
    ("grpo-arc", &["1", "2", "2025", "92", "0.99", "394", "2164"]),
    ("which-kl", &["1", "2025", "0.3", "0.1534", "0.2321", "0.6145"]),
    ("rlhf-tilt", &["0.1", "0.3"]),
    ("rank", &["32", "2017"]),
    ("rank-exp", &["2017", "32"]),
];

/// The numbers in a text, as they are written and without their signs. Digits of a name (`p1`) are none.
fn numbers(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let is = |i: usize, c: char| chars.get(i) == Some(&c);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        while digit(at) {
            at += 1;
        }
        if at == start {
            at += 1;
            continue;
        }
        if is(at, '.') && digit(at + 1) {
            at += 1;
            while digit(at) {
                at += 1;
            }
        }
        let sign = usize::from(is(at + 1, '-'));
        if is(at, 'e') && digit(at + 1 + sign) {
            at += 1 + sign;
            while digit(at) {
                at += 1;
            }
        }
        if start == 0 || !chars[start - 1].is_alphanumeric() {
            found.push(chars[start..at].iter().collect());
        }
    }
    found
}

/// Whether a value, rounded to the digits of a written number, is that number.
fn rounds_to(value: f64, written: &str) -> bool {
    let (digits, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let exponent: i32 = exponent.parse().expect("an exponent");
    let unit = 10.0_f64.powi(exponent - i32::try_from(decimals).expect("few decimals"));
    let number: f64 = written.parse().expect("a number");
    (value.abs() - number).abs() <= 0.5 * unit * (1.0 + 1e-9)
}

fn texts(scenario: &Scenario) -> impl Iterator<Item = &str> {
    let own = [scenario.title.as_str(), scenario.notes.as_str()];
    let cues = scenario.cues.iter();
    own.into_iter()
        .chain(cues.flat_map(|cue| [&cue.say, &cue.note].map(String::as_str).into_iter().chain(cue.ask.as_deref())))
}

#[test]
fn every_number_of_a_caption_that_the_race_produces_stands_in_a_measure() {
    let mut missing = Vec::new();
    for builtin in BUILTIN {
        let document = Document::builtin(builtin.name).expect("a scenario");
        let scenario = document.check().expect("a valid one");
        let given = GIVEN.iter().find(|(name, _)| *name == builtin.name).map_or(&[][..], |(_, numbers)| *numbers);
        let written: Vec<String> = texts(&scenario).flat_map(numbers).collect();
        for number in given {
            assert!(written.iter().any(|written| written == number), "{}: no {number} is written there", builtin.name);
        }
        let told: Vec<&String> = written.iter().filter(|written| !given.contains(&written.as_str())).collect();
        if told.is_empty() {
            continue;
        }
        let world = World::new(scenario);
        let values: Vec<f64> = common::measured(&world).into_iter().flatten().collect();
        for number in told {
            if !values.iter().any(|value| rounds_to(*value, number)) {
                missing.push(format!("{}: {number}", builtin.name));
            }
        }
    }
    assert!(missing.is_empty(), "in no measure:\n{}", missing.join("\n"));
}

/// What the gallery shows in a line at 120 columns.
#[test]
fn every_note_begins_with_a_sentence_that_fits_a_line_of_the_gallery() {
    for builtin in BUILTIN {
        let scenario = Document::builtin(builtin.name).and_then(|document| document.check().ok()).expect("a scenario");
        let notes = scenario.notes.split_whitespace().collect::<Vec<_>>().join(" ");
        let end = notes.find(['.', '?', '!']).expect("a sentence");
        let whole = notes.match_indices(['.', '?', '!']).map(|(at, _)| at).find(|at| notes[at + 1..].starts_with(' '));
        let line = &notes[..=whole.unwrap_or(end)];
        assert!(line.chars().count() <= 48, "{}: {line}", builtin.name);
    }
}

#[test]
fn numbers_are_read_as_they_are_written() {
    assert_eq!(numbers("p1 to 0.55 and −44, 2e-6 (x²), step 3."), ["0.55", "44", "2e-6", "3"]);
    assert!(rounds_to(0.5544, "0.55") && !rounds_to(0.5551, "0.55"));
    assert!(rounds_to(9.220_7e-9, "9.2e-9") && !rounds_to(9.27e-9, "9.2e-9") && rounds_to(-66.0, "66"));
}
