//! `[[measure]]`: what to measure in a run, for which racers, and what is expected.
//!
//! Knows no measure by name: keys, ranges and racers are read off the rows of the registry.

use super::Racer;
use super::check_model::{Model, setting, word_of};
use super::diagnostic::{listed, quote, suggestion};
use super::measures::{Asked, BLANKS, Expect, MEASURES, Measure, MeasureInfo, More};
use super::reader::{Entry, Section};
use crate::geometry::distance::is_closed;
use crate::registry::{Known, Preset, Range, Setting, Settings};

/// The maximum number of measures: more than anybody reads at the end of a run.
const MOST: usize = 256;
/// The maximum number of Fisher-Rao distances in a measure if each costs a search for a geodesic.
const SEARCHED: usize = 5000;
/// Keys of every measure, beside its own fields.
const COMMON: [&str; 5] = ["of", "racer", "racers", "say", "expect"];

pub(super) fn measures(
    root: &Section<'_>,
    model: Option<&Model>,
    racers: Option<&[Racer]>,
    steps: Option<usize>,
) -> Option<Vec<Measure>> {
    let Some(entry) = root.get("measure") else { return Some(Vec::new()) };
    let tables = entry.sections()?;
    if tables.len() > MOST {
        tables[MOST].report(format!("`measure`: {} tables, at most {MOST} are allowed", tables.len()), None);
        return None;
    }
    let found: Vec<Option<Measure>> = tables
        .into_iter()
        .map(|table| {
            let place = table.clone();
            measure(table, model, racers).filter(|found| affordable(&place, found, model, steps))
        })
        .collect();
    found.into_iter().collect()
}

fn measure(section: Section<'_>, model: Option<&Model>, racers: Option<&[Racer]>) -> Option<Measure> {
    let of = match section.get("of") {
        Some(entry) => entry,
        None => section
            .clone()
            .only(every_key(), "key")
            .need("of", &format!("name the measure: {}", listed(MEASURES.iter().map(|info| info.name))))?,
    };
    let info = &MEASURES[of.word(MEASURES, "measure")?];
    if info.question.of_family() && model.is_some_and(|model| model.columns.is_some()) {
        let message =
            format!("{} is about the geometry of a family of two parameters, and this model has more", info.name);
        of.report(message, Some("help: ask for steps-to, final, at, peak, valley, ends-at or ratio".to_owned()));
        return None;
    }
    let own = info.fields.iter().map(|asked| Known::from(&asked.field));
    let section = section.only(COMMON.map(Known::from).into_iter().chain(own), "key");
    let settings = settings(&section, info, model);
    let asked = asked(&section, info, racers);
    let say = section.get("say").map_or(Some(None), |entry| template(&entry).map(Some));
    let expect = section.get("expect").map_or(Some(None), |entry| expect(&entry).map(Some));
    Some(Measure { info, settings: settings?, racers: asked?, say: say?, expect: expect? })
}

/// Whether a measure's Fisher-Rao distances can be computed while the user waits. Without a closed form each is a
/// search.
fn affordable(section: &Section<'_>, measure: &Measure, model: Option<&Model>, steps: Option<usize>) -> bool {
    let (Some(model), Some(steps)) = (model, steps) else { return true };
    let distances = measure.distances(steps);
    if distances <= SEARCHED || (model.columns.is_none() && is_closed(&*model.family)) {
        return true;
    }
    let (name, family) = (measure.info.name, model.info.name);
    section.report(
        format!("{name} needs {distances} Fisher-Rao distances in {family}, which has no closed form; at most {SEARCHED} are allowed"),
        Some("help: make the race shorter, or measure another quantity, such as kl".to_owned()),
    );
    false
}

/// Every key of any measure.
fn every_key() -> impl Iterator<Item = Known<'static>> {
    let own = MEASURES.iter().flat_map(|info| info.fields).map(|asked| Known::from(&asked.field));
    COMMON.map(Known::from).into_iter().chain(own)
}

fn settings(section: &Section<'_>, info: &'static MeasureInfo, model: Option<&Model>) -> Option<Settings> {
    let mut settings = Settings::default();
    let mut complete = true;
    for asked in info.fields {
        let entry = match asked.field.default {
            Preset::Required => section.need(asked.field.name, asked.field.doc),
            _ => section.get(asked.field.name),
        };
        let value = match entry {
            Some(entry) => value(&entry, asked, model),
            None => asked.field.default.setting(),
        };
        match value {
            Some(value) => settings.set(&asked.field, value),
            None => complete = false,
        }
    }
    complete.then_some(settings)
}

fn value(entry: &Entry<'_>, asked: &Asked, model: Option<&Model>) -> Option<Setting> {
    let more: Vec<&'static str> = match (asked.more, model) {
        (More::Nothing, _) => return setting(entry, &asked.field),
        // The model is invalid, which is reported already; its names are unknown.
        (_, None) => return entry.text().and(None),
        (More::Parameters, Some(model)) => model.parameters(),
        (More::Charts, Some(model)) => model.info.charts.iter().map(|chart| chart.name).collect(),
    };
    word_of(entry, &asked.field, &more)
}

/// The racers that are named, as indices into the scenario's list.
fn asked(section: &Section<'_>, info: &MeasureInfo, racers: Option<&[Racer]>) -> Option<Vec<usize>> {
    let entries = match (section.get("racer"), section.get("racers")) {
        (Some(_), Some(both)) => {
            both.report("`racer` and `racers` exclude each other", Some("help: keep one of them".to_owned()));
            return None;
        }
        (Some(one), None) => vec![one],
        (None, Some(list)) => list.list()?,
        (None, None) => {
            let key = if info.racers.allows(1) { "racer" } else { "racers" };
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

fn racer(entry: &Entry<'_>, racers: Option<&[Racer]>) -> Option<usize> {
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
    let section = entry.section("`expect`")?.only(["value", "within"], "key");
    let value = section.need("value", "expect = { value = .., within = .. }").and_then(|entry| entry.number());
    let within = section.get("within").map_or(Some(0.0), |entry| entry.number_in(Range::NON_NEGATIVE));
    Some(Expect { value: value?, within: within? })
}
