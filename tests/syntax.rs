//! Common mistakes in TOML and names from other programs: the message says what to write instead.

use std::path::Path;

use geodescent::family::FAMILIES;
use geodescent::scenario::Document;

const BASE: &str = "version = 1\ntitle = \"t\"\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"forward-kl\"\n\
    target = { mean = 2.0, sd = 0.7 }\n[start]\nmean = -1.5\nsd = 2.5\n[run]\nsteps = 2\n[[optimizer]]\nkind = \"sgd\"\nlr = 0.05\n";

fn check(text: &str) -> Result<(), String> {
    Document::from_text("s.toml", Path::new("."), text).check().map(drop).map_err(|report| report.to_string())
}

fn with(old: &str, new: &str) -> String {
    assert!(BASE.contains(old), "{old}");
    BASE.replacen(old, new, 1)
}

#[test]
fn what_was_meant_is_said_at_its_line() {
    for (old, new, words) in [
        ("lr = 0.05", "lr = .05", "s.toml:15:6|write 0.05"),
        ("lr = 0.05", "lr = -.5e1", "write -0.5e1"),
        ("lr = 0.05", "lr = 5.", "write 5.0"),
        ("lr = 0.05", "lr = 007", "write 7"),
        ("lr = 0.05", "lr = 0,1", "s.toml:15:7|with a point"),
        ("lr = 0.05", "lr = 1,000", "thousands without commas"),
        ("lr = 0.05", "lr = 5 %", "without units"),
        ("lr = 0.05", "lr = 1/20", "fractions"),
        ("lr = 0.05", "lr = \u{2212}0.05", "write -0.05"),
        ("lr = 0.05", "lr: 0.1", "write lr = 0.1"),
        ("lr = 0.05", "lr 0.1", "write lr = 0.1"),
        ("lr = 0.05", "lr == 0.1", "one `=`"),
        ("lr = 0.05", "lr =", "write a value"),
        ("lr = 0.05", "lr = 0.05,", "remove the comma"),
        ("lr = 0.05", "lr = \"0.05\"", "remove the quotes"),
        ("lr = 0.05", "nesterov = True", "write true"),
        ("lr = 0.05", "nesterov = FALSE", "write false"),
        ("lr = 0.05", "label = None", "omit the key"),
        ("kind = \"sgd\"", "kind = sgd", "write \"sgd\", in quotes"),
        ("kind = \"sgd\"", "kind = \u{201c}sgd\u{201d}", "straight quotes"),
        ("kind = \"sgd\"", "kind = \"sgd", "the quote that opened it"),
        ("steps = 2", "steps = 2.5", "s.toml:12:9|`steps` = 2.5 must be a whole number"),
        ("[model]", "[[model]]", "write [model], once"),
        ("[[optimizer]]", "[optimizer]", "[[optimizer]]"),
        ("[[optimizer]]", "[Optimizer]", "did you mean `optimizer`"),
        (
            "[[optimizer]]",
            "[optimizer]\nkind = \"adam\"\n[optimizer]",
            "s.toml:15:2|write [[optimizer]] for each of them",
        ),
        ("[[optimizer]]", "[cue]\nstep = 1\n[cue]\nstep = 2\n[[optimizer]]", "write [[cue]] for each of them"),
        ("[run]", "[model]", "`model` appears a second time"),
    ] {
        let report = check(&with(old, new)).expect_err(new);
        for word in words.split('|') {
            assert!(report.contains(word), "{new} does not say {word}: {report}");
        }
        assert!(!report.contains("mantissa, ") && !report.contains("expected nothing"), "{report}");
    }
    let twice = check(&with("[[optimizer]]", "[optimizer]\nkind = \"adam\"\n[optimizer]")).expect_err("twice");
    assert_eq!(twice.matches("error:").count(), 1, "{twice}");
}

#[test]
fn other_ways_to_write_the_same_are_read() {
    for (old, new) in [
        ("steps = 2", "steps = 1e2"),
        ("steps = 2", "steps = 1e+2"),
        ("steps = 2", "steps = 100.0"),
        ("steps = 2", "steps = 1_000"),
        ("kind = \"sgd\"", "kind = 'sgd'"),
        ("lr = 0.05", "\tlr\t=\t5e-2\t# a comment"),
        ("lr = 0.05", "lr = +0.05"),
    ] {
        assert_eq!(check(&with(old, new)), Ok(()), "{new}");
    }
    let text = Document::from_text("s.toml", Path::new("."), &with("steps = 2", "steps = 1e2"));
    assert_eq!(text.check().expect("a scenario").steps, 100);
    for wrong in ["1e99", "-1e2", "1.5e0", "2e6"] {
        assert!(check(&with("steps = 2", &format!("steps = {wrong}"))).is_err(), "{wrong}");
    }
}

#[test]
fn a_formula_of_512_bytes_is_read_whether_it_is_a_loss_or_a_reward() {
    let formula = |variable: &str, length: usize| {
        let mut text = format!("{variable}*{variable}");
        while text.len() < length {
            text.push(' ');
        }
        text
    };
    for length in [256, 257, 400, 512, 513] {
        for (kind, key, variable) in [("expression", "loss", "mean"), ("expected-reward", "reward", "x")] {
            let objective = format!("kind = \"{kind}\"\n{key} = \"{}\"", formula(variable, length));
            let text = BASE.replacen("kind = \"forward-kl\"\ntarget = { mean = 2.0, sd = 0.7 }", &objective, 1);
            assert_eq!(check(&text).is_ok(), length <= 512, "{key} of {length} bytes: {:?}", check(&text));
        }
    }
}

#[test]
fn of_two_probabilities_the_one_that_is_too_large_is_blamed() {
    let text = |p1: f64, p2: f64| {
        with("family = \"gaussian\"", "family = \"categorical\"")
            .replace("target = { mean = 2.0, sd = 0.7 }", "target = { p1 = 0.2, p2 = 0.3 }")
            .replace("mean = -1.5\nsd = 2.5", &format!("p1 = {p1:?}\np2 = {p2:?}"))
    };
    for (p1, p2, line) in
        [(1.2, 0.1, 9), (0.1, 1.2, 10), (0.95, 0.3, 9), (0.3, 0.95, 10), (-0.1, 0.5, 9), (0.5, -0.1, 10)]
    {
        let report = check(&text(p1, p2)).expect_err("outside of the simplex");
        assert!(report.contains(&format!("s.toml:{line}:")), "{p1} {p2}: {report}");
    }
}

#[test]
fn names_of_other_programs_are_understood_and_not_accepted() {
    for (old, new, name) in [
        ("\"gaussian\"", "\"normal\"", "gaussian"),
        ("\"gaussian\"", "\"Wald\"", "inverse-gaussian"),
        ("\"forward-kl\"", "\"kl\"", "forward-kl"),
        ("\"sgd\"", "\"gradient descent\"", "sgd"),
        ("lr = 0.05", "learning_rate = 0.05", "lr"),
        ("lr = 0.05", "eta = 0.05", "lr"),
        ("lr = 0.05", "chart = \"log-sd\"", "mean-log-sd"),
        ("mean = -1.5", "mu = -1.5", "mean"),
        ("sd = 2.5", "sigma = 2.5", "sd"),
        ("steps = 2", "iterations = 2", "steps"),
        ("[[optimizer]]", "[view]\noverlays = [\"ellipses\"]\n[[optimizer]]", "fisher-ellipses"),
        ("[[optimizer]]", "[[measure]]\nof = \"iterations-to\"\nracer = \"sgd\"\n[[optimizer]]", "steps-to"),
        ("lr = 0.05", "kind2 = 1", "kind"),
    ] {
        let report = check(&with(old, new)).expect_err(new);
        assert!(report.contains(&format!("did you mean `{name}`?")), "{new}: {report}");
    }
}

#[test]
fn no_synonym_is_a_name_of_something_else_in_the_same_family() {
    for info in FAMILIES {
        let charts = || info.charts.iter().map(|chart| chart.name);
        for (name, synonyms) in info.synonyms {
            let known = info.name == *name || info.parameters.contains(name) || charts().any(|chart| chart == *name);
            assert!(known, "{}: {name} has synonyms and is nothing", info.name);
            let names: Vec<&str> = if info.parameters.contains(name) {
                info.parameters.to_vec()
            } else if charts().any(|chart| chart == *name) {
                charts().collect()
            } else {
                FAMILIES.iter().map(|info| info.name).collect()
            };
            for synonym in *synonyms {
                assert!(!names.contains(synonym), "{}: {synonym} is a name itself", info.name);
            }
        }
    }
}

#[test]
fn mirror_descent_on_a_family_without_dual_charts_says_which_chart_is_missing() {
    let text = "version = 1\n[model]\nfamily = \"gumbel\"\n[objective]\nkind = \"nll\"\ndata = [1.0, 2.0]\n\
        [start]\nlocation = 0.0\nscale = 1.0\n[run]\nsteps = 4\n[[optimizer]]\nkind = \"mirror-descent\"\n";
    let report = check(text).expect_err("no expectation chart");
    assert!(report.contains("an expectation chart beside the natural one"), "{report}");
}
