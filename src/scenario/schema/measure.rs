//! `[[measure]]`.

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
