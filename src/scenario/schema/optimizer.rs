//! `[[optimizer]]`.

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
