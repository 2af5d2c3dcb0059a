//! `[[cue]]`: what is said at a step, and what it changes of what is shown.

use super::check_fields::setting;
use super::check_measure::racer;
use super::check_model::Model;
use super::check_view::{overlays, range};
use super::names::{NONE, Open, Overlay, Pane};
use super::reader::{Entry, Section};
use super::schema::CUE;
use super::schema::cue::{
    ASK, CHART, CHARTS, DELTA, FILL, FIT, FOCUS, HIDE, HOLD, KEYS, NOTE, OPEN, PICK, RACERS, SAY, SHOW, SPEED, STEP,
    ZOOM,
};
use super::schema::zoom::{self, X, Y};
use super::{Cue, Measure, Racer, Rectangle, View, Zoom};
use crate::family::ChartId;
use crate::registry::{Field, Kind, Setting};

/// What is known of the rest of the scenario; `None` where it has errors of its own.
pub(super) struct Known<'a> {
    pub(super) model: Option<&'a Model>,
    pub(super) racers: Option<&'a [Racer]>,
    pub(super) measures: Option<&'a [Measure]>,
    pub(super) steps: Option<usize>,
    /// The panes that the race has a use for.
    pub(super) panes: Vec<Pane>,
}

/// The cues, sorted by step.
pub(super) fn cues(root: &Section<'_>, known: &Known<'_>, view: Option<&View>) -> Option<Vec<Cue>> {
    let found: Vec<Option<Cue>> = root.tables(&CUE)?.into_iter().map(|section| cue(section, known, view)).collect();
    let mut cues: Vec<Cue> = found.into_iter().collect::<Option<_>>()?;
    cues.sort_by_key(|cue| cue.step);
    // A rectangle is one in the chart that is drawn by then.
    let mut drawn = view?.chart;
    for cue in &mut cues {
        drawn = cue.chart.unwrap_or(drawn);
        if let Some(Zoom::Rectangle(rectangle)) = &mut cue.zoom {
            rectangle.chart = drawn;
        }
    }
    Some(cues)
}

fn cue(section: Section<'_>, known: &Known<'_>, view: Option<&View>) -> Option<Cue> {
    let section = section.only(KEYS, "key");
    let step = step(&section, known.steps);
    let text = |field: &Field| section.optional(field, |entry| entry.text().map(str::to_owned));
    let (say, note, ask) = (text(&SAY), text(&NOTE), text(&ASK));
    let show = section.optional(&SHOW, overlays);
    let hide = section.optional(&HIDE, |entry| hidden(entry, show.as_ref().and_then(Option::as_deref).unwrap_or(&[])));
    let filled = section.optional(&FILL, |entry| fill(entry, known));
    let focus = section.optional(&FOCUS, |entry| pane(entry, known, filled.flatten().flatten()));
    let chart = section.optional(&CHART, |entry| one_chart(entry, known.model));
    let charts = section.optional(&CHARTS, |entry| charts(entry, known.model));
    let racers = section.optional(&RACERS, |entry| racers(entry, known.racers));
    let (delta, speed) = (number(&section, &DELTA), number(&section, &SPEED));
    let zoom = section.optional(&ZOOM, |entry| zoomed(entry, view));
    let (hold, filled) = (section.flag(&HOLD), filled?);
    let focus = focus?.or(filled.flatten());
    let open = section.optional(&OPEN, |entry| open(entry, known.measures, focus));
    let pick = section.optional(&PICK, picked);
    Some(Cue {
        step: step?,
        say: say?.unwrap_or_default(),
        note: note?.unwrap_or_default(),
        ask: ask?,
        show: show?.unwrap_or_default(),
        hide: hide?.unwrap_or_default(),
        focus,
        fill: filled.map(|pane| pane.is_some()),
        chart: chart?,
        charts: charts?,
        racers: racers?,
        delta: delta?,
        speed: speed?,
        zoom: zoom?,
        open: open?,
        pick: pick?,
        hold: hold?,
    })
}

fn step(section: &Section<'_>, steps: Option<usize>) -> Option<usize> {
    let step = usize::try_from(section.integer(&STEP)?).unwrap_or(usize::MAX);
    match steps {
        Some(last) if step > last => {
            let message = format!("`step` = {step} is beyond the race, which has {last} steps");
            section.get(STEP.name)?.report(message, None);
            None
        }
        _ => Some(step),
    }
}

#[expect(clippy::option_option, reason = "reported, left out and given are three cases")]
fn number(section: &Section<'_>, field: &Field) -> Option<Option<f64>> {
    section.optional(field, |entry| match setting(entry, field) {
        Some(Setting::Number(value)) => Some(value),
        _ => None,
    })
}

/// The overlays that a cue turns off: none that it turns on.
fn hidden(entry: &Entry<'_>, shown: &[Overlay]) -> Option<Vec<Overlay>> {
    let hidden = overlays(entry)?;
    let both: Vec<_> = entry.list()?.into_iter().zip(&hidden).filter(|(_, overlay)| shown.contains(overlay)).collect();
    for (item, _) in &both {
        let message = format!("this cue shows and hides the overlay {}", item.text().unwrap_or_default());
        item.report(message, Some("help: remove it from `show` or from `hide`".to_owned()));
    }
    both.is_empty().then_some(hidden)
}

/// The pane with the focus, which is the one that fills the screen if one does.
fn pane(entry: &Entry<'_>, known: &Known<'_>, filled: Option<Pane>) -> Option<Pane> {
    let pane = useful(entry, known, Pane::ALL[entry.word(Pane::ALL.map(Pane::name), "pane")?])?;
    if let Some(other) = filled.filter(|other| *other != pane) {
        let message =
            format!("`focus` is {}, but the pane that fills the screen has it: {}", pane.name(), other.name());
        entry.report(message, Some("help: remove `focus`".to_owned()));
        return None;
    }
    Some(pane)
}

/// A pane that the race has a use for.
fn useful(entry: &Entry<'_>, known: &Known<'_>, pane: Pane) -> Option<Pane> {
    let readable = known.model.is_some() && known.racers.is_some();
    let Some(wanted) = pane.wants().filter(|_| readable && !known.panes.contains(&pane)) else { return Some(pane) };
    let names: Vec<&str> = known.panes.iter().map(|pane| pane.name()).collect();
    let message = format!("the pane {} needs {wanted}", pane.name());
    entry.report(message, Some(format!("known here: {}", names.join(", "))));
    None
}

/// A pane, or none.
#[expect(clippy::option_option, reason = "an error was reported, no pane, and a pane are three cases")]
fn fill(entry: &Entry<'_>, known: &Known<'_>) -> Option<Option<Pane>> {
    let place = entry.word(Pane::ALL.map(Pane::name).into_iter().chain([NONE]), "pane")?;
    match Pane::ALL.get(place) {
        Some(pane) => useful(entry, known, *pane).map(Some),
        None => Some(None),
    }
}

fn one_chart(entry: &Entry<'_>, model: Option<&Model>) -> Option<ChartId> {
    match model {
        Some(model) => model.chart_at(entry),
        None => entry.text().and(None),
    }
}

/// All charts side by side, of a family that has several.
fn charts(entry: &Entry<'_>, model: Option<&Model>) -> Option<bool> {
    let on = entry.flag()?;
    let single = |model: &Model| model.plain().is_none_or(|own| own.info.charts.len() < 2);
    if let Some(model) = model.filter(|model| on && single(model)) {
        entry.report(format!("{} has one chart here: none stand side by side", model.spec.name()), None);
        return None;
    }
    Some(on)
}

/// The path of a number of this document.
fn picked(entry: &Entry<'_>) -> Option<String> {
    let path = entry.text()?;
    let found = entry.document().number_at(path).map_err(|words| {
        entry.report(words, Some("help: write the path of a number that the file gives: optimizer.0.lr".to_owned()));
    });
    found.ok().map(|_| path.to_owned())
}

/// The racers that are named, as indices into the scenario's list.
fn racers(entry: &Entry<'_>, known: Option<&[Racer]>) -> Option<Vec<usize>> {
    let items = entry.list()?;
    if items.is_empty() {
        entry.report("`racers` is empty: name those that are shown", None);
        return None;
    }
    let places: Vec<Option<usize>> = items.iter().map(|item| racer(item, known)).collect();
    places.into_iter().collect()
}

/// `{ x = [from, to], y = [from, to] }` or `"fit"`.
fn zoomed(entry: &Entry<'_>, view: Option<&View>) -> Option<Zoom> {
    if !entry.is_table() {
        let Kind::TableOr(_, words) = ZOOM.kind else { return None };
        if entry.text()? == FIT {
            return Some(Zoom::Fit);
        }
        let help =
            format!("help: write {} = {{ x = [from, to], y = [from, to] }} or one of: {}", ZOOM.name, words.join(", "));
        entry.report(format!("`{}` must be a table or {FIT}", ZOOM.name), Some(help));
        return None;
    }
    let section = entry.section("`zoom`")?.only(zoom::KEYS, "key");
    let [x, y] = [X, Y].map(|field| section.entry(&field).and_then(|entry| range(&entry)));
    Some(Zoom::Rectangle(Rectangle { chart: view?.chart, x: x?, y: y? }))
}

/// What is opened, if the scenario has it.
fn open(entry: &Entry<'_>, measures: Option<&[Measure]>, focus: Option<Pane>) -> Option<Open> {
    let open = Open::ALL[entry.word(Open::ALL.map(Open::name), "box")?];
    if let Some(other) = focus.filter(|pane| open == Open::Numbers && *pane != Pane::Numbers) {
        let message = format!("a step's numbers take the focus, but this cue gives it to {}", other.name());
        entry.report(message, Some("help: remove `open` or name no other pane".to_owned()));
        return None;
    }
    if open == Open::Measures && measures.is_some_and(<[Measure]>::is_empty) {
        entry.report("this scenario has no measures to open", Some("help: add a [[measure]]".to_owned()));
        return None;
    }
    Some(open)
}
