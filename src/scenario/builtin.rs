//! The scenarios and data that come with the program.
//!
//! They are ordinary files in `scenarios/`, which can be copied from there and changed.

/// A scenario that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Its name on the command line.
    pub name: &'static str,
    /// The chapter of the gallery that lists it.
    pub chapter: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

macro_rules! builtin {
    ($chapter:ident, $name:literal) => {
        Builtin { name: $name, chapter: $chapter, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }
    };
}

macro_rules! data {
    ($name:literal) => {
        (concat!("data/", $name, ".csv"), include_str!(concat!("../../scenarios/data/", $name, ".csv")))
    };
}

const LESSON: &str = "The lesson";
const RACES: &str = "Races";
const DATA_SETS: &str = "Data";
const GEOMETRY: &str = "Geometry";
const TRAPS: &str = "Traps";
const POLICIES: &str = "Policies";

/// Every built-in scenario, chapter by chapter, in the order of the gallery.
pub const BUILTIN: &[Builtin] = &[
    builtin!(LESSON, "three-sgds"),
    builtin!(LESSON, "three-charts"),
    builtin!(LESSON, "three-charts-natural"),
    builtin!(LESSON, "steepest"),
    builtin!(LESSON, "first-order"),
    builtin!(LESSON, "ellipse-meaning"),
    builtin!(LESSON, "one-step-home"),
    builtin!(LESSON, "mirror-descent"),
    builtin!(LESSON, "trust-region-step"),
    builtin!(LESSON, "trpo-race"),
    builtin!(LESSON, "three-charts-adam"),
    builtin!(LESSON, "adam-valley"),
    builtin!(LESSON, "adam-valley-turned"),
    builtin!(LESSON, "diagonal-fisher"),
    builtin!(RACES, "five-ways-home"),
    builtin!(RACES, "best-rates"),
    builtin!(RACES, "equal-pace"),
    builtin!(RACES, "every-optimizer"),
    builtin!(RACES, "newton-natural"),
    builtin!(RACES, "second-order"),
    builtin!(RACES, "units"),
    builtin!(RACES, "trust-region-radii"),
    builtin!(RACES, "empirical-fisher"),
    builtin!(RACES, "reverse-kl"),
    builtin!(RACES, "diagonal-fisher-999"),
    builtin!(RACES, "efficiency"),
    builtin!(DATA_SETS, "old-faithful"),
    builtin!(DATA_SETS, "ozone-gamma"),
    builtin!(DATA_SETS, "air-conditioning"),
    builtin!(DATA_SETS, "failures-weibull"),
    builtin!(DATA_SETS, "rivers-log-normal"),
    builtin!(DATA_SETS, "currents-von-mises"),
    builtin!(DATA_SETS, "menarche"),
    builtin!(DATA_SETS, "newcomb-gaussian"),
    builtin!(DATA_SETS, "newcomb-student-t"),
    builtin!(DATA_SETS, "aic-families"),
    builtin!(GEOMETRY, "m-line"),
    builtin!(GEOMETRY, "e-line"),
    builtin!(GEOMETRY, "holonomy"),
    builtin!(GEOMETRY, "langevin"),
    builtin!(GEOMETRY, "langevin-flow"),
    builtin!(GEOMETRY, "cauchy-circle"),
    builtin!(GEOMETRY, "softmax"),
    builtin!(GEOMETRY, "exponentiated-gradient"),
    builtin!(GEOMETRY, "cauchy-invariance"),
    builtin!(GEOMETRY, "correlated-gaussian"),
    builtin!(GEOMETRY, "poisson-pair"),
    builtin!(GEOMETRY, "bernoulli-pair"),
    builtin!(GEOMETRY, "elbo"),
    builtin!(GEOMETRY, "double-well"),
    builtin!(TRAPS, "leaves-the-family"),
    builtin!(TRAPS, "singular-mixture"),
    builtin!(TRAPS, "singular-start"),
    builtin!(TRAPS, "rosenbrock"),
    builtin!(TRAPS, "reward-hill"),
    builtin!(TRAPS, "singular-throw"),
    builtin!(TRAPS, "policy-collapse"),
    builtin!(POLICIES, "kakade-plateau"),
    builtin!(POLICIES, "two-fishers"),
    builtin!(POLICIES, "grid-world"),
    builtin!(POLICIES, "natural-q"),
    builtin!(POLICIES, "regulator"),
    builtin!(POLICIES, "trpo-or-ppo"),
    builtin!(POLICIES, "leaky-clip"),
    builtin!(POLICIES, "box-or-ellipsoid"),
    builtin!(POLICIES, "cap-or-compass"),
    builtin!(POLICIES, "clip-collapse"),
    builtin!(POLICIES, "grpo-arc"),
    builtin!(POLICIES, "which-kl"),
    builtin!(POLICIES, "rlhf-tilt"),
    builtin!(POLICIES, "rank"),
    builtin!(POLICIES, "rank-exp"),
];

/// The data sets, by their path in scenario files.
pub(super) const DATA: &[(&str, &str)] = &[
    data!("faithful"),
    data!("ozone"),
    data!("newcomb"),
    data!("airconditioning"),
    data!("rivers"),
    data!("islay"),
    data!("menarche"),
    data!("laplace-quantiles"),
    data!("langevin"),
];

/// A data set by its path.
pub(super) fn data(path: &str) -> Option<&'static str> {
    DATA.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}
