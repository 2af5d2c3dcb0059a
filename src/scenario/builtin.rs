//! The scenarios and data that come with the program.
//!
//! They are files like any other, in `scenarios/`, and can be copied from there and changed.

/// A scenario that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

macro_rules! builtin {
    ($name:literal) => {
        Builtin { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }
    };
}

macro_rules! data {
    ($name:literal) => {
        (concat!("data/", $name, ".csv"), include_str!(concat!("../../scenarios/data/", $name, ".csv")))
    };
}

/// Every built-in scenario, in the order of the gallery; the first is the default.
pub const BUILTIN: &[Builtin] = &[
    builtin!("three-charts"),
    builtin!("three-charts-natural"),
    builtin!("three-charts-adam"),
    builtin!("trpo-race"),
    builtin!("five-ways-home"),
    builtin!("reward-hill"),
    builtin!("leaves-the-family"),
    builtin!("rosenbrock"),
    builtin!("reverse-kl"),
    builtin!("softmax"),
    builtin!("exponentiated-gradient"),
    builtin!("correlated-gaussian"),
    builtin!("diagonal-fisher"),
    builtin!("diagonal-fisher-999"),
    builtin!("empirical-fisher"),
    builtin!("adam-valley"),
    builtin!("adam-valley-turned"),
    builtin!("units"),
    builtin!("poisson-pair"),
    builtin!("bernoulli-pair"),
    builtin!("singular-mixture"),
    builtin!("singular-start"),
    builtin!("singular-throw"),
    builtin!("menarche"),
    builtin!("old-faithful"),
    builtin!("ozone-gamma"),
    builtin!("air-conditioning"),
    builtin!("failures-weibull"),
    builtin!("rivers-log-normal"),
    builtin!("currents-von-mises"),
    builtin!("newcomb-gaussian"),
    builtin!("newcomb-student-t"),
    builtin!("three-sgds"),
    builtin!("first-order"),
    builtin!("second-order"),
    builtin!("mirror-descent"),
    builtin!("trust-region-step"),
    builtin!("trust-region-radii"),
    builtin!("ellipse-meaning"),
    builtin!("holonomy"),
    builtin!("m-line"),
    builtin!("e-line"),
    builtin!("cauchy-circle"),
    builtin!("one-step-home"),
    builtin!("newton-natural"),
    builtin!("cauchy-invariance"),
    builtin!("best-rates"),
    builtin!("equal-pace"),
    builtin!("every-optimizer"),
    builtin!("aic-gaussian"),
    builtin!("aic-laplace"),
    builtin!("aic-logistic"),
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
];

/// A data set by its path.
pub(super) fn data(path: &str) -> Option<&'static str> {
    DATA.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}
