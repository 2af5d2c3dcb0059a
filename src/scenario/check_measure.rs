//! `[[measure]]`: what to measure in a run, for which racers, and what is expected.
//!
//! Knows no measure by name: keys, ranges and racers are read off the rows of the registry.

use super::Racer;
use super::check_fields::setting;
use super::check_model::Model;
use super::diagnostic::{quote, suggestion};
use super::measures::{ABOVE, BLANKS, Expect, MEASURES, Measure, MeasureInfo, Question, UNDER};
use super::reader::{Entry, Section};
use super::schema::expect::{VALUE, WITHIN};
use super::schema::measure::{EXPECT, OF, RACER, RACERS, SAY};
use super::schema::{self, MEASURE};
use crate::geometry::distance::is_closed;
use crate::registry::{Field, Kind, Setting};

/// The maximum number of Fisher-Rao distances in a measure if each costs a search for a geodesic.
const SEARCHED: usize = 5000;

pub(super) fn measures(
    root: &Section<'_>,
    model: Option<&Model>,
    racers: Option<&[Racer]>,
    steps: Option<usize>,
) -> Option<Vec<Measure>> {
    let found: Vec<Option<Measure>> = root
        .tables(&MEASURE)?
        .into_iter()
        .map(|table| {
            let place = table.clone();
            measure(table, model, racers).filter(|found| affordable(&place, found, model, steps))
        })
        .collect();
    found.into_iter().collect()
}

fn measure(section: Section<'_>, model: Option<&Model>, racers: Option<&[Racer]>) -> Option<Measure> {
    let (section, place) = section.row(schema::measure::KEYS)?;
    let info = &MEASURES[place];
    if info.question.of_family() && model.is_some_and(|model| model.plain().is_none()) {
        let message =
            format!("{} is about the geometry of a family of two parameters, and this model is none", info.name);
        let help = "help: ask for steps-to, final, at, peak, valley, ends-at or ratio".to_owned();
        section.entry(&OF)?.report(message, Some(help));
        return None;
    }
    let settings = section.settings_by(info.fields, |entry, field| value(entry, field, model));
    let asked = asked(&section, info, racers);
    let say = section.optional(&SAY, template);
    let expect = section.optional(&EXPECT, expect);
    if info.question == Question::Share && !one_bound(&section) {
        return None;
    }
    if info.question == Question::FlowTime && !flows(&section, racers.zip(asked.as_deref())) {
        return None;
    }
    Some(Measure { info, settings: settings?, racers: asked?, say: say?, expect: expect? })
}

/// Whether a measure's Fisher-Rao distances can be computed while the user waits. Without a closed form each is a
/// search.
fn affordable(section: &Section<'_>, measure: &Measure, model: Option<&Model>, steps: Option<usize>) -> bool {
    let (Some(model), Some(steps)) = (model, steps) else { return true };
    let distances = measure.distances(steps);
    if distances <= SEARCHED || model.plain().is_some_and(|own| is_closed(&*own.family)) {
        return true;
    }
    let (name, family) = (measure.info.name, model.spec.name());
    section.report(
        format!("{name} needs {distances} Fisher-Rao distances in {family}, which has no closed form; at most {SEARCHED} are allowed"),
        Some("help: make the race shorter, or measure another quantity, such as kl".to_owned()),
    );
    false
}

/// The value of a field, which may be a name of the model.
fn value(entry: &Entry<'_>, field: &Field, model: Option<&Model>) -> Option<Setting> {
    match (field.kind, model) {
        (Kind::Named(_, more), Some(model)) => entry.word_of(field, &model.names(more)),
        // The model is to blame, and unknown.
        (Kind::Named(..), None) => entry.text().and(None),
        _ => setting(entry, field),
    }
}

/// Whether a share has one bound; reported if not.
fn one_bound(section: &Section<'_>) -> bool {
    match (section.get(ABOVE.name), section.get(UNDER.name)) {
        (Some(_), None) | (None, Some(_)) => return true,
        (Some(_), Some(below)) => {
            below.report("`above` and `below` exclude each other", Some("help: keep one of them".to_owned()));
        }
        (None, None) => {
            let help = format!("help: write {} = 0.99 or {} = 0.01", ABOVE.name, UNDER.name);
            section.report("a share needs a bound", Some(help));
        }
    }
    false
}

/// Whether all racers follow a flow; reported if not.
fn flows(section: &Section<'_>, asked: Option<(&[Racer], &[usize])>) -> bool {
    let Some((racers, asked)) = asked else { return true };
    let still = asked.iter().map(|place| &racers[*place]).find(|racer| !(racer.kind.flows)(&racer.settings));
    if let Some(racer) = still {
        let message = format!("{} follows no flow: its steps are not its rate times a field", quote(&racer.label));
        let help = "help: ask sgd without momentum, or natural-gradient without a correction and without draws";
        section.report(message, Some(help.to_owned()));
    }
    still.is_none()
}

/// The racers that are named, as indices into the scenario's list.
fn asked(section: &Section<'_>, info: &MeasureInfo, racers: Option<&[Racer]>) -> Option<Vec<usize>> {
    let entries = match (section.get(RACER.name), section.get(RACERS.name)) {
        (Some(_), Some(both)) => {
            both.report("`racer` and `racers` exclude each other", Some("help: keep one of them".to_owned()));
            return None;
        }
        (Some(one), None) => vec![one],
        (None, Some(list)) => list.list()?,
        (None, None) => {
            let key = if info.racers.allows(1) { RACER.name } else { RACERS.name };
            section.need(key, &format!("{} is about {}: give labels", info.name, info.racers.words()));
            return None;
        }
    };
    let places: Vec<Option<usize>> = entries.iter().map(|entry| racer(entry, racers)).collect();
    if !info.racers.allows(entries.len()) {
        let message = format!("{} is about {}, not {}", info.name, info.racers.words(), entries.len());
        match entries.first() {
            Some(entry) => entry.report(message, None),
            None => section.report(message, None),
        }
        return None;
    }
    let places: Vec<usize> = places.into_iter().collect::<Option<_>>()?;
    let twice = (1..places.len()).find(|&i| places[..i].contains(&places[i]));
    if let Some(entry) = twice.and_then(|i| entries.get(i)) {
        entry.report("this racer is named twice", None);
        return None;
    }
    Some(places)
}

pub(super) fn racer(entry: &Entry<'_>, racers: Option<&[Racer]>) -> Option<usize> {
    let label = entry.text()?;
    let racers = racers?;
    let found = racers.iter().position(|racer| racer.label == label);
    if found.is_none() {
        let labels = || racers.iter().map(|racer| racer.label.as_str());
        let known = || format!("known: {}", labels().map(quote).collect::<Vec<_>>().join(", "));
        entry.report(
            format!("no optimizer has the label {}", quote(label)),
            Some(suggestion(label, labels()).unwrap_or_else(known)),
        );
    }
    found
}

/// A text with placeholders in braces.
fn template(entry: &Entry<'_>) -> Option<String> {
    let text = entry.text()?;
    let mut rest = 0;
    let mut right = true;
    while let Some(open) = text[rest..].find('{').map(|at| at + rest) {
        let end = text[open..].find('}').map_or(text.len(), |at| at + open + 1);
        let name = text[open + 1..end].trim_end_matches('}');
        if end == text.len() && !text.ends_with('}') {
            entry.report_inside(&(open..end), "`say`: this `{` is never closed", Some(blanks()));
            right = false;
        } else if !BLANKS.contains(&name) {
            let help = suggestion(name, BLANKS).unwrap_or_else(blanks);
            entry.report_inside(&(open..end), format!("`say`: unknown placeholder {}", quote(name)), Some(help));
            right = false;
        }
        rest = end;
    }
    right.then(|| text.to_owned())
}

fn blanks() -> String {
    format!("known: {}", BLANKS.map(|name| format!("{{{name}}}")).join(", "))
}

fn expect(entry: &Entry<'_>) -> Option<Expect> {
    let section = entry.section("`expect`")?.only(schema::expect::KEYS, "key");
    let (value, within) = (section.number(&VALUE), section.number(&WITHIN));
    Some(Expect { value: value?, within: within? })
}
