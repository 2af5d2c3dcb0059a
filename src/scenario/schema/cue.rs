//! `[[cue]]`.

use super::{Field, Kind, More, Open, Range, Rows, Text, View, optional, overlays, panes, required};

/// Its step.
pub const STEP: Field =
    required("step", Kind::Integer(0, u64::MAX), "give the step of the cue on the timeline, at most that of `[run]`");
/// The caption.
pub const SAY: Field = optional("say", Kind::Text(Text::Line), "the caption");
const NAMES: Kind = Kind::Names(Rows { noun: "overlay", all: overlays });
/// Overlays that it turns on.
pub const SHOW: Field = optional("show", NAMES, "overlays that it turns on");
/// Overlays that it turns off.
pub const HIDE: Field = optional("hide", NAMES, "overlays that it turns off");
/// The pane that it focuses.
pub const FOCUS: Field = optional("focus", Kind::Name(Rows { noun: "pane", all: panes }), "the pane that it focuses");
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
/// The number that the keys of rates change.
pub const PICK: Field = optional(
    "pick",
    Kind::Text(Text::Line),
    "the path of the number that `[ ]` change from here on, such as start.j.0 or objective.beta",
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
    &[STEP, SAY, NOTE, ASK, HOLD, SHOW, HIDE, FOCUS, FILL, CHART, CHARTS, RACERS, DELTA, SPEED, ZOOM, OPEN, PICK];

fn fillers() -> Vec<super::Row> {
    let none = super::row(super::NONE, "all panes", []);
    panes().into_iter().chain(std::iter::once(none)).collect()
}

fn boxes() -> Vec<super::Row> {
    Open::ALL.iter().map(|open| super::row(open.name(), "", [])).collect()
}
