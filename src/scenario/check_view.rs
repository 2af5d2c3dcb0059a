//! `[view]`: what is shown, not what is computed.
//!
//! Panes and overlays are drawn by `figure`; this module knows only their names.

use super::check_model::{Model, chart};
use super::names::{self, Overlay};
use super::reader::{Entry, Section};
use super::schema::plane::{OF, SEED, Span};
use super::schema::view::{CHART, DELTA, LOG, OVERLAYS, PLANE, SPEED, TIME, X, Y};
use super::schema::{self, VIEW};
use super::{Plane, View};
use crate::family::ChartId;
use crate::registry::More;

pub(super) fn view(root: &Section<'_>, model: Option<&Model>) -> Option<View> {
    let Some(entry) = root.get(VIEW.name) else { return model?.chart.map(View::of) };
    let section = entry.section("[view]")?.only(schema::view::KEYS, "key");
    let chart = chart(&section, &CHART, model);
    let x = section.optional(&X, range);
    let y = section.optional(&Y, range);
    let overlays = section.optional(&OVERLAYS, overlays);
    let (speed, delta) = (section.number(&SPEED), section.number(&DELTA));
    let log_time = section.settings(&[TIME]).map(|found| found.choice(&TIME) == LOG);
    let named = section.get(CHART.name).is_some() && model.is_some_and(|model| model.own.is_none());
    let plane_in = if named { chart? } else { ChartId::CANONICAL };
    let plane = section.optional(&PLANE, |entry| plane(entry, model, plane_in));
    let plane = plane?.unwrap_or_default();
    Some(View {
        chart: chart?,
        x: x?,
        y: y?,
        overlays: overlays?,
        speed: speed?,
        delta: delta?,
        plane,
        plane_in,
        log_time: log_time?,
    })
}

/// `{ kind = "coordinates", of = ["..", ".."] }` and its like.
fn plane(entry: &Entry<'_>, model: Option<&Model>, plane_in: ChartId) -> Option<Plane> {
    let (section, place) = entry.section("`plane`")?.row(schema::plane::KEYS)?;
    let names = model?.names(More::Parameters);
    let names_there = if plane_in == ChartId::CANONICAL { names.clone() } else { model?.coordinates(plane_in) };
    if names.len() <= 2 {
        let help = "help: remove `plane`".to_owned();
        entry.report("`plane` is for models of more than two parameters: two are drawn as they are", Some(help));
        return None;
    }
    match schema::plane::ALL[place].0 {
        Span::Paths => Some(Plane::Paths),
        Span::Random => section.integer(&SEED).map(Plane::Random),
        Span::Coordinates => coordinates(&section.entry(&OF)?, &names_there).map(Plane::Coordinates),
    }
}

/// Two different parameters.
fn coordinates(entry: &Entry<'_>, names: &[&'static str]) -> Option<[usize; 2]> {
    let items = entry.list()?;
    let [first, second] = items.as_slice() else {
        entry.report(format!("`of` must be two parameters, not {}", items.len()), Some(format!("help: {}", OF.doc)));
        return None;
    };
    let [first, other] = [first, second].map(|item| item.word(names.iter().copied(), "parameter"));
    let places = [first?, other?];
    if places[0] == places[1] {
        second.report("`of` names the same parameter twice", Some(format!("known: {}", names.join(", "))));
        return None;
    }
    Some(places)
}

pub(super) fn range(entry: &Entry<'_>) -> Option<[f64; 2]> {
    let help = || Some(format!("help: write {} = [from, to]", entry.name));
    let items = entry.list()?;
    let [low, high] = items.as_slice() else {
        entry.report(format!("`{}` must be two numbers, not {}", entry.name, items.len()), help());
        return None;
    };
    let (low, high) = (low.number(), high.number());
    let (low, high) = (low?, high?);
    if low >= high {
        entry.report(format!("`{}` = [{low}, {high}] runs backwards", entry.name), help());
        return None;
    }
    if !(high - low).is_finite() {
        entry.report(format!("`{}` = [{low}, {high}] is too wide: its length overflows", entry.name), help());
        return None;
    }
    Some([low, high])
}

pub(super) fn overlays(entry: &Entry<'_>) -> Option<Vec<Overlay>> {
    let found: Vec<_> = entry.list()?.iter().map(|item| item.word(names::OVERLAYS, "overlay")).collect();
    found.into_iter().map(|place| Some(names::OVERLAYS[place?].overlay)).collect()
}
