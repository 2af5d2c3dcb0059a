//! The keys of a scenario file, table by table: checks, did-you-mean, the JSON Schema and the docs follow from these rows.
//!
//! Fields of families, objectives, optimizers and measures are rows of their own registries, and are found here by them.
//! How a value is read is the business of the checkers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::View;
use super::names::{NONE, Open};
use super::rows::{every_field, families, measures, optimizers, overlays, panes, policies, processes, row, values};
use crate::objective::OBJECTIVES;
use crate::registry::{Field, File, Kind, More, Preset, Range, Row, Rows, Text};

/// A key that may be left out and then has no value.
const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field::new(name, kind, Preset::Unset, doc)
}

/// A key that must be set.
const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field::new(name, kind, Preset::Required, doc)
}

/// A key of which a table has exactly one.
const fn either(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field::new(name, kind, Preset::Either, doc)
}

/// A flag that may be left out and then says nothing.
const fn unset_flag(name: &'static str, doc: &'static str) -> Field {
    optional(name, Kind::Flag, doc)
}

/// A chart of the scenario's family.
const fn chart(doc: &'static str) -> Field {
    optional("chart", Kind::Named(&[], More::Charts), doc).or(&["coordinates", "parametrization", "parametrisation"])
}

/// The version of the format.
pub const VERSION: Field =
    required("version", Kind::Integer(1, 1), "the version of the format: write version = 1 first");
/// What the scenario is called.
pub const TITLE: Field =
    optional("title", Kind::Text(Text::Line), "what header and gallery call it; default: the file's name")
        .or(&["name"]);
/// What it is about.
pub const NOTES: Field =
    optional("notes", Kind::Text(Text::Prose), "a few sentences for the gallery").or(&["description", "about"]);
/// The table of the model.
pub const MODEL: Field = required("model", Kind::Table(model::KEYS), "name the family: [model] family = \"gaussian\"")
    .or(&["family", "distribution", "policy"]);
/// The table of the process in which a policy acts.
pub const PROCESS: Field = optional(
    "process",
    Kind::Table(process::KEYS),
    "the world in which a policy acts, or whose value is learned: [process] kind = \"bandit\"",
)
.or(&["mdp", "environment", "env"]);
/// The table of the objective.
pub const OBJECTIVE: Field =
    required("objective", Kind::Table(objective::KEYS), "say what is minimised: [objective] kind = \"forward-kl\"")
        .or(&["loss", "goal"]);
/// The point where all optimizers start.
pub const START: Field = optional(
    "start",
    Kind::Point,
    "where all optimizers start: of a family every canonical parameter; of a policy see below, by default uniform",
)
.or(&["init", "initial", "origin"]);
/// The table of the run.
pub const RUN: Field =
    required("run", Kind::Table(run::KEYS), "say how long the race is: [run] steps = 200").or(&["race", "training"]);
/// The tables of the optimizers: no more colours and glyphs exist to tell them apart.
pub const OPTIMIZER: Field =
    required("optimizer", Kind::Tables(optimizer::KEYS, 1, 32), "name at least one: [[optimizer]] kind = \"sgd\"")
        .or(&["optimiser", "racer", "method"]);
/// The table of the view.
pub const VIEW: Field = optional("view", Kind::Table(view::KEYS), "what is drawn, and how").or(&["display", "plot"]);
/// The tables of the cues.
pub const CUE: Field =
    optional("cue", Kind::Tables(cue::KEYS, 0, usize::MAX), "a caption on the timeline").or(&["caption", "slide"]);
/// The tables of the measures: more than anybody reads at the end of a run.
pub const MEASURE: Field = optional("measure", Kind::Tables(measure::KEYS, 0, 256), "a number computed from the run")
    .or(&["question", "metric"]);

/// The keys of a scenario.
pub const ROOT: &[Field] =
    &[VERSION, TITLE, NOTES, MODEL, PROCESS, OBJECTIVE, START, RUN, OPTIMIZER, VIEW, CUE, MEASURE];

/// `[model]`.
pub mod model {
    use super::{Field, Kind, chart, either, families, policies, values};

    /// The family, whose fixed fields are further keys.
    pub const FAMILY: Field =
        either("family", Kind::Name(super::Rows { noun: "family", all: families }), "the family of distributions")
            .or(&["distribution", "name", "kind"]);
    /// The policy, in the place of a family.
    pub const POLICY: Field = either(
        "policy",
        Kind::Name(super::Rows { noun: "policy", all: policies }),
        "a policy in the place of a family; it acts in `[process]`",
    );
    /// The value function, in the place of a family.
    pub const VALUE: Field = either(
        "value",
        Kind::Name(super::Rows { noun: "value function", all: values }),
        "a value function in the place of a family, of the only policy in `[process]`",
    );
    /// The chart of optimizers that name none.
    pub const CHART: Field =
        chart("the chart of optimizers that name none, and of the view; default: the canonical one");
    /// The keys of every family.
    pub const KEYS: &[Field] = &[FAMILY, POLICY, VALUE, CHART];
}

/// `[process]`.
pub mod process {
    use super::{Field, Kind, Rows, processes, required};

    /// The kind, whose fields are further keys.
    pub const KIND: Field =
        required("kind", Kind::Name(Rows { noun: "process", all: processes }), "say which process: kind = \"bandit\"");
    /// The keys of every process.
    pub const KEYS: &[Field] = &[KIND];
}

/// `[start]` of policies and value functions; a state's name is a key, too.
pub mod start {
    use super::{Field, File, Kind, Range, optional};

    /// Of a bandit.
    pub const PROBABILITIES: Field = optional(
        "probabilities",
        Kind::Nested(1, File::No),
        "of a bandit: a probability > 0 for each arm, their sum 1; default: all alike",
    );
    /// Of features.
    pub const WEIGHTS: Field =
        optional("weights", Kind::Nested(1, File::No), "of `features`: a weight for each; default: zeros");
    /// Of linear-gaussian.
    pub const GAIN: Field = Field::number("gain", 0.0, Range::FINITE, "of linear-gaussian: actions are around −gain·x");
    /// Of linear-gaussian.
    pub const SD: Field = Field::number("sd", 1.0, Range::POSITIVE, "of linear-gaussian: the spread of actions");
    /// All of them.
    pub const KEYS: &[Field] = &[PROBABILITIES, WEIGHTS, GAIN, SD];
}

/// `[objective]`.
pub mod objective {
    use super::{Field, Kind, Rows, objectives, optional, required};

    /// The kind, whose fields are further keys.
    pub const KIND: Field =
        required("kind", Kind::Name(Rows { noun: "objective", all: objectives }), "say which objective this is");
    /// The other key for observations: they are drawn.
    pub const SAMPLE: Field =
        optional("sample", Kind::Table(super::sample::KEYS), "observations drawn with the seed, in place of `data`")
            .or(&["samples", "draws"]);
    /// The keys of every objective.
    pub const KEYS: &[Field] = &[KIND];
}

/// `sample = { .. }` of an objective.
pub mod sample {
    use super::{Field, Kind, Rows, families, optional, required};

    /// The largest sample.
    pub const LARGEST: u64 = 1_000_000;
    /// How many are drawn.
    pub const SIZE: Field =
        required("size", Kind::Integer(1, LARGEST), "say how many observations are drawn").or(&["n", "count", "rows"]);
    /// Where in the family.
    pub const FROM: Field =
        required("from", Kind::Point, "say what is drawn from: from = { … }, a point of the family")
            .or(&["at", "target"]);
    /// Another family than the model's.
    pub const FAMILY: Field = optional(
        "family",
        Kind::Name(Rows { noun: "family", all: families }),
        "the family that is drawn from, with its fixed fields; default: the model's",
    );
    /// The keys for every family.
    pub const KEYS: &[Field] = &[SIZE, FROM, FAMILY];
}

/// A CSV file, as in `data = { csv = .., column = .. }`.
pub mod csv {
    use super::{Field, Kind, Preset, Text, optional, required};

    /// The file.
    pub const CSV: Field = required("csv", Kind::Text(Text::Line), "name the file, in the scenario's folder");
    /// The column.
    pub const COLUMN: Field = optional("column", Kind::Text(Text::Line), "name the column, of one number a row");
    /// Several columns.
    pub const COLUMNS: Field = optional(
        "columns",
        Kind::Texts(2, 64),
        "name the columns: the two of a pair, those of a design, or a design's and last the labels'",
    );
    /// The separator.
    pub const SEPARATOR: Field = Field::new(
        "separator",
        Kind::Text(Text::Separator),
        Preset::Choice(","),
        "the character between cells: one ASCII character, `\"\\t\"` for a tab; no letter, digit, sign or quote",
    )
    .or(&["sep", "delimiter", "delim", "field-separator"]);
    /// The decimal mark.
    pub const DECIMAL: Field = Field::choice(
        "decimal",
        &[".", ","],
        "the decimal mark, `\".\"` or `\",\"`; it must differ from the separator",
    )
    .or(&["dec", "decimal-separator", "decimal-mark", "decimal-point"]);
    /// The markers of missing values.
    pub const NA: Field = optional(
        "na",
        Kind::Texts(0, usize::MAX),
        "texts for a missing value: a row with one in a column that is read is left out; default: none",
    )
    .or(&["missing", "null", "nan", "na-values", "na-strings", "null-values"]);
    /// The lines before the header.
    pub const SKIP: Field =
        Field::integer("skip", 0, 0, 1_000_000, "number of lines before the header, whatever they contain").or(&[
            "skiprows",
            "skip-rows",
            "skip-lines",
            "comments",
            "header",
        ]);
    /// The keys of any table that names a file.
    pub const KEYS: &[Field] = &[CSV, SEPARATOR, DECIMAL, NA, SKIP];
}

/// `[run]`.
pub mod run {
    use super::{Field, Kind, Range, required};

    /// The number of steps.
    pub const STEPS: Field = required("steps", Kind::Integer(0, 1_000_000), "the number of steps of every optimizer")
        .or(&["iterations", "epochs", "n-steps", "max-iter"]);
    /// The seed.
    pub const SEED: Field =
        Field::integer("seed", 0, 0, u64::MAX, "the seed of every random draw").or(&["random-seed", "random-state"]);
    /// The largest ensemble: a number a member a quantity of them all is still a few megabytes.
    pub const MEMBERS: u64 = 100_000;
    /// The number of seeds.
    pub const SEEDS: Field =
        Field::integer("seeds", 1, 1, MEMBERS, "how many races are run, with the seeds seed, seed + 1, …")
            .or(&["members", "repeats", "n-seeds"]);
    /// The pace at which every step has the same KL.
    pub const EQUAL_KL: &str = "equal-kl";
    /// How step lengths are determined.
    pub const PACE: Field =
        Field::choice("pace", &["own", EQUAL_KL], "equal-kl: every step has the same KL(old ‖ new)");
    /// The KL of a step at equal pace.
    pub const KL: Field = Field::number("kl", 0.001, Range::POSITIVE, "that KL, nats; only with pace = \"equal-kl\"");
    /// Its keys.
    pub const KEYS: &[Field] = &[STEPS, SEED, SEEDS, PACE, KL];
}

/// `[[optimizer]]`.
pub mod optimizer {
    use super::{Field, Kind, Rows, Text, chart, optimizers, optional, required};

    /// The kind, whose fields are further keys.
    pub const KIND: Field =
        required("kind", Kind::Name(Rows { noun: "optimizer", all: optimizers }), "say which optimizer this is").or(&[
            "name",
            "type",
            "optimizer",
        ]);
    /// The chart in which it computes.
    pub const CHART: Field = chart("the chart that it computes in; default: that of `[model]`");
    /// What it is called.
    pub const LABEL: Field =
        optional("label", Kind::Text(Text::Line), "what it is called; default: the kind, with #2, #3 if repeated")
            .or(&["title"]);
    /// The keys of every optimizer.
    pub const KEYS: &[Field] = &[KIND, CHART, LABEL];
}

/// `[view]`.
pub mod view {
    use super::{Field, Kind, Range, Rows, View, chart, optional, overlays};

    /// The chart of the axes.
    pub const CHART: Field = chart("the axes of the landscape; default: the chart of `[model]`");
    /// The horizontal range.
    pub const X: Field = optional("x", Kind::Interval, "range of the first coordinate; default: what the paths need");
    /// The vertical range.
    pub const Y: Field = optional("y", Kind::Interval, "range of the second coordinate");
    /// The overlays that are on.
    pub const OVERLAYS: Field = optional(
        "overlays",
        Kind::Names(Rows { noun: "overlay", all: overlays }),
        "what is drawn over the landscape; default: the overlays that are shown unless told otherwise",
    );
    /// The pace of playback.
    pub const SPEED: Field =
        Field::number("speed", View::SPEED, Range::between(View::SPEEDS), "steps per second at 1×");
    /// The radius δ.
    pub const DELTA: Field = Field::number(
        "delta",
        View::DELTA,
        Range::between(View::DELTAS),
        "δ of the ellipse pane and of balls, nats; `{ }` change it",
    );
    /// The plane on which more than two parameters are drawn.
    pub const PLANE: Field = optional(
        "plane",
        Kind::Table(super::plane::KEYS),
        "the plane through the start on which more than two parameters are drawn; default: { kind = \"paths\" }",
    );
    /// The steps of the trace.
    pub const TIME: Field = Field::choice(
        "time",
        &["linear", LOG],
        "the steps of the trace: evenly spaced, or by their logarithm, for plateaus",
    );
    /// By their logarithm.
    pub const LOG: &str = "log";
    /// Its keys.
    pub const KEYS: &[Field] = &[CHART, X, Y, OVERLAYS, SPEED, DELTA, PLANE, TIME];
}

/// `plane = { .. }` of the view.
pub mod plane {
    use super::{Field, Kind, Rows, planes, required};

    /// The kind, whose fields are further keys.
    pub const KIND: Field =
        required("kind", Kind::Name(Rows { noun: "plane", all: planes }), "say which plane: kind = \"paths\"");
    /// What spans a plane.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Span {
        /// Two parameters.
        Coordinates,
        /// The paths.
        Paths,
        /// Two random directions.
        Random,
    }

    /// Every kind: its name, what it is, its fields.
    pub const ALL: [(Span, &str, &str, &[Field]); 3] = [
        (Span::Coordinates, "coordinates", "two of the parameters, the others as at the start", &[OF]),
        (Span::Paths, "paths", "the first two principal directions of all paths about the start", &[]),
        (Span::Random, "random", "two random directions from the start, at right angles", &[SEED]),
    ];
    /// The parameters that are drawn.
    pub const OF: Field =
        required("of", Kind::Texts(2, 2), "name the two parameters that are drawn: of = [\"..\", \"..\"]");
    /// The seed of a random plane.
    pub const SEED: Field = Field::integer("seed", 1, 0, u64::MAX, "the seed of the plane alone");
    /// The keys of every plane.
    pub const KEYS: &[Field] = &[KIND];
}

/// `[[cue]]`.
pub mod cue {
    use super::{Field, Kind, More, Open, Range, Rows, Text, View, optional, overlays, panes, required};

    /// Its step.
    pub const STEP: Field = required(
        "step",
        Kind::Integer(0, u64::MAX),
        "give the step of the cue on the timeline, at most that of `[run]`",
    );
    /// The caption.
    pub const SAY: Field = optional("say", Kind::Text(Text::Line), "the caption");
    const NAMES: Kind = Kind::Names(Rows { noun: "overlay", all: overlays });
    /// Overlays that it turns on.
    pub const SHOW: Field = optional("show", NAMES, "overlays that it turns on");
    /// Overlays that it turns off.
    pub const HIDE: Field = optional("hide", NAMES, "overlays that it turns off");
    /// The pane that it focuses.
    pub const FOCUS: Field =
        optional("focus", Kind::Name(Rows { noun: "pane", all: panes }), "the pane that it focuses");
    /// Whether playback stops.
    pub const HOLD: Field = Field::flag("hold", "playback stops here");
    /// The speaker's note.
    pub const NOTE: Field = optional("note", Kind::Text(Text::Prose), "a note for the speaker, never on screen");
    /// The pane that fills the screen.
    pub const FILL: Field = optional(
        "fill",
        Kind::Name(Rows { noun: "pane", all: fillers }),
        "the pane that fills the screen, with the focus; `none`: all panes again",
    );
    /// The chart of the axes.
    pub const CHART: Field =
        optional("chart", Kind::Named(&[], More::Charts), "the chart of the axes, from here on").or(&["coordinates"]);
    /// All charts side by side.
    pub const CHARTS: Field = super::unset_flag("charts", "whether all charts stand side by side");
    /// The racers that are drawn.
    pub const RACERS: Field =
        optional("racers", Kind::Texts(1, 32), "the labels of the racers that are shown, and no others");
    /// The radius δ.
    pub const DELTA: Field = optional(
        "delta",
        Kind::Number(Range::between(View::DELTAS)),
        "δ of the ellipse pane and of balls, nats, from here on",
    );
    /// The pace of playback.
    pub const SPEED: Field =
        optional("speed", Kind::Number(Range::between(View::SPEEDS)), "steps per second at 1×, from here on");
    /// What is written for a part in view that fits the race.
    pub const FIT: &str = "fit";
    /// The part of the landscape in view.
    pub const ZOOM: Field = optional(
        "zoom",
        Kind::TableOr(super::zoom::KEYS, &[FIT]),
        "the part of the landscape in view: { x = [from, to], y = [from, to] } in its chart, or \"fit\"",
    );
    /// The box or pane that it opens.
    pub const OPEN: Field = optional(
        "open",
        Kind::Name(Rows { noun: "box", all: boxes }),
        "what it opens: a step's numbers or the answers to the measures; `none` closes both",
    );
    /// The question.
    pub const ASK: Field = optional(
        "ask",
        Kind::Text(Text::Line),
        "a question: playback stops, paths and numbers are hidden until it is answered",
    )
    .or(&["question", "predict"]);
    /// Its keys.
    pub const KEYS: &[Field] =
        &[STEP, SAY, NOTE, ASK, HOLD, SHOW, HIDE, FOCUS, FILL, CHART, CHARTS, RACERS, DELTA, SPEED, ZOOM, OPEN];

    fn fillers() -> Vec<super::Row> {
        let none = super::row(super::NONE, "all panes", []);
        panes().into_iter().chain(std::iter::once(none)).collect()
    }

    fn boxes() -> Vec<super::Row> {
        Open::ALL.iter().map(|open| super::row(open.name(), "", [])).collect()
    }
}

/// `zoom = { .. }` of a cue.
pub mod zoom {
    use super::{Field, Kind, required};

    /// The horizontal range.
    pub const X: Field = required("x", Kind::Interval, "give the range of the first coordinate: x = [from, to]");
    /// The vertical range.
    pub const Y: Field = required("y", Kind::Interval, "give the range of the second coordinate: y = [from, to]");
    /// Its keys.
    pub const KEYS: &[Field] = &[X, Y];
}

/// `[[measure]]`.
pub mod measure {
    use super::{Field, Kind, Rows, Text, measures, optional, required};

    /// The measure, whose fields are further keys.
    pub const OF: Field =
        required("of", Kind::Name(Rows { noun: "measure", all: measures }), "name the measure: of = \"steps-to\"");
    /// The racer that it is about.
    pub const RACER: Field = optional("racer", Kind::Text(Text::Line), "the label of the racer that it is about");
    /// The racers that it is about.
    pub const RACERS: Field = optional("racers", Kind::Texts(1, 32), "their labels, for a measure of several");
    /// The text to show.
    pub const SAY: Field = optional(
        "say",
        Kind::Text(Text::Line),
        "the sentence in which it is reported, with {racer}, {racers}, {value} and {expect}",
    );
    /// What is expected.
    pub const EXPECT: Field =
        optional("expect", Kind::Table(super::expect::KEYS), "makes it a verdict: { value = 246, within = 1 }");
    /// The keys of every measure.
    pub const KEYS: &[Field] = &[OF, RACER, RACERS, SAY, EXPECT];
}

/// `expect = { .. }` of a measure.
pub mod expect {
    use super::{Field, Range, required};
    use crate::registry::Kind;

    /// The value.
    pub const VALUE: Field = required("value", Kind::Number(Range::FINITE), "the expected value");
    /// How far from it is still right.
    pub const WITHIN: Field = Field::number("within", 0.0, Range::NON_NEGATIVE, "how far off it may be");
    /// Its keys.
    pub const KEYS: &[Field] = &[VALUE, WITHIN];
}

/// Observations may be drawn in place of being given.
fn objectives() -> Vec<Row> {
    let fields =
        |field: &Field| std::iter::once(*field).chain(matches!(field.kind, Kind::Data).then_some(objective::SAMPLE));
    OBJECTIVES.iter().map(|info| row(*info, info.doc, info.fields.iter().flat_map(fields))).collect()
}

fn planes() -> Vec<Row> {
    plane::ALL.iter().map(|(_, name, doc, fields)| row(*name, doc, fields.iter().copied())).collect()
}

/// What the text at a key is for, wherever the key stands.
#[must_use]
pub fn text_at(key: &str) -> Text {
    static TEXTS: LazyLock<BTreeMap<&'static str, Text>> = LazyLock::new(|| {
        let mut texts = BTreeMap::new();
        collect(ROOT, &mut texts);
        collect(csv::KEYS, &mut texts);
        texts
    });
    TEXTS.get(key).copied().unwrap_or(Text::Line)
}

fn collect(keys: &[Field], texts: &mut BTreeMap<&'static str, Text>) {
    for field in every_field(keys) {
        match field.kind {
            Kind::Text(text) => drop(texts.insert(field.name, text)),
            Kind::Formula(_) => drop(texts.insert(field.name, Text::Formula)),
            Kind::Table(keys) | Kind::TableOr(keys, _) | Kind::Tables(keys, ..) => collect(keys, texts),
            _ => {}
        }
    }
}
