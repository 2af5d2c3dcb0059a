//! The registry of measures, read by scenario files, lists and docs.
//!
//! Computes nothing: measures are evaluated on a race in the module `measure`.

use crate::family::FAMILIES;
use crate::problem::quantities::{self, MEASURED};
use crate::registry::{Field, Kind, Known, More, Preset, Range, Settings};

/// What a measure determines in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The step from which a quantity stays below a tolerance.
    StepsTo,
    /// A quantity at the last step.
    Final,
    /// A quantity at a step.
    At,
    /// The largest value of a quantity.
    Peak,
    /// The smallest value of a quantity.
    Valley,
    /// The step at which the racer ends early.
    EndsAt,
    /// Fisher-Rao length of the path.
    PathLength,
    /// Fisher-Rao distance from the start to the end.
    GeodesicLength,
    /// The largest Fisher-Rao distance between paths at the same step.
    Gap,
    /// The order at which that gap vanishes as steps get smaller.
    GapOrder,
    /// The direction of a step, or the angle between the steps of two racers.
    Angle,
    /// The largest distance from the chord, divided by its length, in a chart.
    ChordDeviation,
    /// The largest Fisher-Rao distance from the geodesic.
    OffGeodesic,
    /// One racer's value divided by another's.
    Ratio,
    /// The KL of a step divided by its target.
    RealisedKl,
    /// The largest KL of a step.
    KlStepMax,
    /// Akaike's information criterion.
    Aic,
    /// The angle by which parallel transport around a square turns vectors.
    Holonomy,
    /// The same divided by the square's Fisher area.
    HolonomyPerArea,
    /// How far the Levi-Civita symbols are from half the skewness tensor in the natural chart.
    LeviCivitaGap,
    /// A divergence from the old to the new point of a step.
    Divergence,
    /// The order to which two divergences agree.
    DivergenceOrder,
    /// How far a ball reaches in a parameter.
    BallReach,
    /// The worst error of the self-check along the path.
    SelfCheck,
    /// Whether a quantity lies beyond a bound, 1 or 0: of an ensemble the share of its members.
    Share,
    /// The squared error of a parameter over its Cramér-Rao bound: of an ensemble the mean squared error over it.
    Efficiency,
    /// When the flow that small rates follow has fallen to a loss.
    FlowTime,
}

/// The number of racers a measure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// One.
    One,
    /// One or two.
    OneOrTwo,
    /// Two.
    Two,
    /// Two or more.
    Several,
}

impl Count {
    /// Whether this many racers are allowed.
    #[must_use]
    pub const fn allows(self, racers: usize) -> bool {
        match self {
            Self::One => racers == 1,
            Self::OneOrTwo => racers == 1 || racers == 2,
            Self::Two => racers == 2,
            Self::Several => racers >= 2,
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::One => "one racer",
            Self::OneOrTwo => "one or two racers",
            Self::Two => "two racers",
            Self::Several => "two or more racers",
        }
    }
}

/// A row of [`MEASURES`].
#[derive(Debug)]
pub struct MeasureInfo {
    /// The question.
    pub question: Question,
    /// The name in scenario files.
    pub name: &'static str,
    /// What it is called elsewhere.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// The number of racers it is about.
    pub racers: Count,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A `[[measure]]` of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its row.
    pub info: &'static MeasureInfo,
    /// Its settings.
    pub settings: Settings,
    /// The racers it is about: indices into the scenario's list, as many as the row requires.
    pub racers: Vec<usize>,
    /// The text to show, with placeholders `{racer}`, `{racers}`, `{value}`, `{expect}`; `None` for the default.
    pub say: Option<String>,
    /// The expected value, if any.
    pub expect: Option<Expect>,
}

/// The expectation that makes a measure a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expect {
    /// The expected value.
    pub value: f64,
    /// The largest allowed deviation; not negative.
    pub within: f64,
}

impl Question {
    /// Whether it is about the geometry of a family of two parameters.
    #[must_use]
    pub const fn of_family(self) -> bool {
        match self {
            Self::StepsTo
            | Self::Final
            | Self::At
            | Self::Peak
            | Self::Valley
            | Self::EndsAt
            | Self::Ratio
            | Self::RealisedKl
            | Self::KlStepMax
            | Self::Share
            | Self::Efficiency
            | Self::FlowTime
            | Self::Aic => false,
            Self::PathLength
            | Self::GeodesicLength
            | Self::Gap
            | Self::GapOrder
            | Self::Angle
            | Self::ChordDeviation
            | Self::OffGeodesic
            | Self::Holonomy
            | Self::HolonomyPerArea
            | Self::LeviCivitaGap
            | Self::Divergence
            | Self::DivergenceOrder
            | Self::BallReach
            | Self::SelfCheck => true,
        }
    }
}

impl Measure {
    /// The number of Fisher-Rao distances it takes in a race of `steps` steps; 0 if that does not grow with the race.
    #[must_use]
    pub fn distances(&self, steps: usize) -> usize {
        let pairs = self.racers.len() * self.racers.len().saturating_sub(1) / 2;
        // A quantity evaluated in every row.
        let rows = |field: &Field| {
            if quantities::find(self.settings.choice(field)).is_some_and(|row| row.searched) { steps } else { 0 }
        };
        match self.info.question {
            Question::PathLength => steps,
            Question::Gap => steps.saturating_mul(pairs),
            Question::GapOrder => {
                let halvings = u32::try_from(self.settings.integer(&HALVINGS)).unwrap_or(u32::MAX);
                steps.saturating_mul(pairs).saturating_mul(2_usize.saturating_pow(halvings.saturating_add(1)))
            }
            Question::StepsTo => rows(&BELOW),
            Question::Peak | Question::Valley => rows(&REQUIRED),
            Question::Ratio if self.settings.choice(&OF) == "path-length" => steps.saturating_mul(2),
            Question::Ratio if self.settings.choice(&OF) == "steps-to" => rows(&BELOW).saturating_mul(2),
            _ => 0,
        }
    }
}

impl PartialEq for MeasureInfo {
    fn eq(&self, other: &Self) -> bool {
        self.question == other.question
    }
}

/// The placeholders of `say`.
pub const BLANKS: [&str; 4] = ["racer", "racers", "value", "expect"];

/// The quantity that must become small.
pub const BELOW: Field = Field::choice(
    "quantity",
    &["excess", "loss", "kl", "distance", "grad-norm", "natural-norm", "fisher-step", "kl-step"],
    "the quantity: excess is the loss above the optimum's, kl is KL(optimum ‖ p), distance is Fisher-Rao",
);
/// How small it must be.
pub const TOLERANCE: Field = Field::number("tolerance", 1e-6, Range::POSITIVE, "how small it must be");
/// Whether the first step below the tolerance counts.
pub const FIRST: Field = Field::flag("first", "the first step below the tolerance, whether or not it stays there");
/// The quantity.
pub const QUANTITY: Field = Field::new(
    "quantity",
    Kind::Named(MEASURED, More::Parameters),
    Preset::Choice(MEASURED[0]),
    "the quantity; or a parameter by name",
);
/// The quantity, without a default.
pub const REQUIRED: Field = Field::new(
    "quantity",
    Kind::Named(MEASURED, More::Parameters),
    Preset::Required,
    "the quantity, as in `final`; or a parameter by name",
);
/// The number of a step, 0 for the start.
pub const STEP: Field =
    Field::new("step", Kind::Integer(0, 1_000_000), Preset::Required, "step number, 0 for the start").or(&["at"]);
/// The number of a step, from 1.
pub const MADE: Field = Field::integer("step", 1, 1, 1_000_000, "step number, 1 for the first");
/// A chart.
pub const CHART: Field =
    Field::new("chart", Kind::Named(&["own"], More::Charts), Preset::Choice("own"), "the chart; own is the racer's");
/// Where a line from the start ends.
pub const TO: Field = Field::choice("to", &["end", "optimum"], "where the line from the start ends");
/// How many times the rate is halved.
pub const HALVINGS: Field =
    Field::integer("halvings", 4, 2, 12, "how many times the rate is halved and the steps doubled");
/// How many times a step is halved.
pub const SHORTER: Field = Field::integer("halvings", 4, 1, 12, "how many times the step is halved");
/// How far apart two distributions are.
pub const APART: Field =
    Field::choice("distance", &["fisher-rao", "wasserstein"], "what is measured: Fisher-Rao distance or W₂");
/// What a ratio is taken of.
pub const OF: Field = Field::choice("what", &["steps-to", "final", "path-length"], "what is divided");
/// The step whose point is used.
pub const POINT: Field = Field::integer("step", 0, 0, 1_000_000, "step number, 0 for the start");
/// The side of a square.
pub const SIDE: Field = Field::required(
    "side",
    Range::POSITIVE,
    "side of the square in the parameters whose lower left corner is the point",
);
/// Divergences that agree with half the squared distance to second order.
const FORMS: &[&str] = &["kl", "reverse-kl", "jeffreys", "quadratic", "distance"];
/// The divergence.
pub const FORM: Field = Field::choice(
    "form",
    FORMS,
    "kl is KL(old ‖ new), jeffreys half of both KLs, quadratic ½ΔᵀFΔ in the racer's chart, distance half the squared Fisher-Rao distance",
);
/// The divergence it is compared with.
pub const AGAINST: Field =
    Field::new("against", Kind::Choice(FORMS), Preset::Choice("quadratic"), "what it is compared with, as in `form`");
/// A ball.
pub const BALL: Field = Field::choice(
    "ball",
    &["kl", "reverse-kl", "quadratic", "fisher-rao", "wasserstein"],
    "what is at most δ between the centre p and q: KL(p ‖ q), KL(q ‖ p), ½ΔᵀFΔ in the chart, half the squared distance, half W₂²",
);
/// The radius of a ball, as a divergence.
pub const RADIUS: Field = Field::required("delta", Range::POSITIVE, "δ: the radius of the ball, nats");
/// The parameter.
pub const PARAMETER: Field =
    Field::new("parameter", Kind::Named(&[], More::Parameters), Preset::Required, "which parameter, by name");
/// The end of its range.
pub const END: Field = Field::choice("end", &["high", "low"], "its largest or its smallest value in the ball");
/// What closed forms are compared with.
pub const MEANS: Field =
    Field::choice("means", &["all", "quadrature", "differences"], "what closed forms are compared with");
/// The family that is fitted to the data.
pub const FAMILY: Field = Field::choice(
    "family",
    &FITTED,
    "own is the racer's, where its loss was least; any other is fitted to the same data by maximum likelihood",
);
/// The scenario's own family, and every one there is.
const FITTED: [&str; FAMILIES.len() + 1] = {
    let (mut names, mut at) = (["own"; FAMILIES.len() + 1], 0);
    while at < FAMILIES.len() {
        names[at + 1] = FAMILIES[at].name;
        at += 1;
    }
    names
};
/// The quantity of which a share is taken, as measures or the columns of a trace name it.
pub const ANY: Field = Field::new(
    "quantity",
    Kind::Named(&NAMED, More::Parameters),
    Preset::Required,
    "the quantity, as in `final`; a column of the trace; or a parameter by name",
);
/// What measures may ask for, and the columns of traces.
const NAMED: [&str; MEASURED.len() + 5] = {
    let columns = ["grad_norm", "natural_norm", "euclid_step", "fisher_step", "kl_step"];
    let (mut names, mut at) = ([""; MEASURED.len() + 5], 0);
    while at < names.len() {
        names[at] = if at < MEASURED.len() { MEASURED[at] } else { columns[at - MEASURED.len()] };
        at += 1;
    }
    names
};
/// The bound that must be exceeded.
pub const ABOVE: Field =
    Field::new("above", Kind::Number(Range::FINITE), Preset::Unset, "counts where the quantity is above this");
/// The bound below which it must be.
pub const UNDER: Field =
    Field::new("below", Kind::Number(Range::FINITE), Preset::Unset, "counts where the quantity is below this");
/// The step at which it must.
pub const WHEN: Field =
    Field::new("at", Kind::Integer(0, 1_000_000), Preset::Unset, "step number, 0 for the start; default: the last");
/// The loss to which a flow falls.
pub const FALLS: Field = Field::required("below", Range::FINITE, "the loss to which the flow falls");
/// The target KL of a step.
pub const DELTA: Field =
    Field::required("delta", Range::POSITIVE, "δ: the target KL of the step, nats").or(&["max-kl", "radius"]);

const fn row(
    question: Question,
    name: &'static str,
    racers: Count,
    fields: &'static [Field],
    doc: &'static str,
) -> MeasureInfo {
    MeasureInfo { question, name, synonyms: &[], doc, racers, fields }
}

impl MeasureInfo {
    /// The row with its synonyms.
    const fn or(self, synonyms: &'static [&'static str]) -> Self {
        Self { synonyms, ..self }
    }
}

impl From<&'static MeasureInfo> for Known<'static> {
    fn from(info: &'static MeasureInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

/// Every measure, in the order lists show them.
#[rustfmt::skip]
pub const MEASURES: &[MeasureInfo] = &[
    row(Question::StepsTo, "steps-to", Count::One, &[BELOW, TOLERANCE, FIRST],
        "the first step from which a quantity stays below a tolerance until the race ends").or(&["iterations-to", "convergence", "steps"]),
    row(Question::Final, "final", Count::One, &[QUANTITY], "a quantity at the last step").or(&["last", "end"]),
    row(Question::At, "at", Count::One, &[STEP, QUANTITY], "a quantity at a step"),
    row(Question::Peak, "peak", Count::One, &[REQUIRED], "the largest value of a quantity along the path").or(&["max", "maximum"]),
    row(Question::Valley, "valley", Count::One, &[REQUIRED], "the smallest value of a quantity along the path").or(&["min", "minimum"]),
    row(Question::EndsAt, "ends-at", Count::One, &[],
        "the step at which the racer ends early: left-family, not-finite, not-integrated or singular"),
    row(Question::PathLength, "path-length", Count::One, &[], "the Fisher-Rao length of the path, summed over its steps").or(&["arc-length"]),
    row(Question::GeodesicLength, "geodesic-length", Count::One, &[TO],
        "the Fisher-Rao distance from the start to the end, or to the optimum").or(&["distance"]),
    row(Question::Gap, "gap", Count::Several, &[APART],
        "the largest distance between the paths at the same step").or(&["invariance"]),
    row(Question::GapOrder, "gap-order", Count::Several, &[HALVINGS, APART],
        "the order to which the gap shrinks: log2 of its last ratio as rates are halved and steps doubled"),
    row(Question::Angle, "angle", Count::OneOrTwo, &[MADE],
        "direction of a step in degrees, in an orthonormal frame of F, from the first parameter on; of two racers, the angle between them"),
    row(Question::ChordDeviation, "chord-deviation", Count::One, &[CHART, TO],
        "the largest distance of the path from its chord, divided by the chord's length, in a chart"),
    row(Question::OffGeodesic, "off-geodesic", Count::One, &[TO],
        "the largest Fisher-Rao distance of the path from the geodesic to its end or to the optimum"),
    row(Question::Ratio, "ratio", Count::Two, &[OF, BELOW, TOLERANCE],
        "the first racer's value divided by the second's"),
    row(Question::RealisedKl, "realised-kl", Count::One, &[DELTA, MADE],
        "KL(old ‖ new) of a step divided by its target δ"),
    row(Question::KlStepMax, "kl-step-max", Count::One, &[], "the largest KL(old ‖ new) of a step"),
    row(Question::Aic, "aic", Count::One, &[FAMILY],
        "2k + 2n·nll, with k parameters and n data (Akaike 1973), of the racer's family or of another; only with nll"),
    row(Question::Holonomy, "holonomy", Count::One, &[SIDE, POINT],
        "radians by which parallel transport once around a square turns a vector, positive from the first parameter on"),
    row(Question::HolonomyPerArea, "holonomy-per-area", Count::One, &[SIDE, POINT],
        "the same angle divided by the square's Fisher area: the mean Gaussian curvature in it (Gauss & Bonnet)"),
    row(Question::LeviCivitaGap, "levi-civita-gap", Count::One, &[POINT],
        "the largest difference of Γᵢⱼ,ₖ from ½Tᵢⱼₖ in the natural chart, relative to the lengths of its axes (Amari & Nagaoka 2000, eq. 2.54)"),
    row(Question::Divergence, "divergence", Count::One, &[FORM, MADE],
        "how far apart a step's two points are, in nats: all forms agree to second order"),
    row(Question::DivergenceOrder, "divergence-order", Count::One,
        &[FORM, AGAINST, MADE, SHORTER],
        "the order to which two forms agree: log2 of the last ratio of their differences as the step is halved"),
    row(Question::BallReach, "ball-reach", Count::One,
        &[BALL, RADIUS, PARAMETER, END, CHART, POINT],
        "the largest or smallest value of a parameter in a ball around a point, as far as rays of the chart stay in the family"),
    row(Question::SelfCheck, "self-check", Count::One, &[MEANS],
        "the worst relative error of closed forms against quadrature and differences at up to 61 points of the path"),
    row(Question::Share, "share", Count::One, &[ANY, ABOVE, UNDER, WHEN],
        "the share of an ensemble's members of which a quantity is above or below a bound, 1 or 0 of one race").or(&["fraction"]),
    row(Question::Efficiency, "efficiency", Count::One, &[PARAMETER],
        "the mean squared error of a parameter of nll on a drawn sample, over its Cramér-Rao bound"),
    row(Question::FlowTime, "flow-time", Count::One, &[FALLS],
        "when the flow x′ = −g (sgd) or x′ = −F⁻¹g (natural-gradient) from the start, the limit of small rates, has fallen to a loss: steps times rate"),
];
