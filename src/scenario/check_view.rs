//! `[view]` and `[[cue]]`: what is shown and said, not what is computed.
//!
//! Panes and overlays are drawn by `figure`; this module knows only their names.

use super::check_model::Model;
use super::names::{OVERLAYS, Overlay, Pane};
use super::reader::{Entry, Section};
use super::{Cue, View};

pub(super) fn view(root: &Section<'_>, model: Option<&Model>) -> Option<View> {
    let default = model.and_then(|model| model.chart);
    let Some(entry) = root.get("view") else {
        return Some(View {
            chart: default?,
            x: None,
            y: None,
            overlays: None,
            speed: View::SPEED,
            delta: View::DELTA,
        });
    };
    let section = entry.section("[view]")?.only(["chart", "x", "y", "overlays", "speed", "delta"], "key");
    let chart = match (section.get("chart"), model) {
        (Some(entry), Some(model)) => model.chart(&entry),
        (Some(entry), None) => entry.text().and(None),
        (None, _) => default,
    };
    let x = section.get("x").map_or(Some(None), |entry| range(&entry).map(Some));
    let y = section.get("y").map_or(Some(None), |entry| range(&entry).map(Some));
    let overlays = section.get("overlays").map_or(Some(None), |entry| overlays(&entry).map(Some));
    let speed =
        section.get("speed").map_or(Some(View::SPEED), |entry| within(&entry, View::SPEEDS, "steps per second"));
    let delta = section.get("delta").map_or(Some(View::DELTA), |entry| within(&entry, View::DELTAS, "nats"));
    Some(View { chart: chart?, x: x?, y: y?, overlays: overlays?, speed: speed?, delta: delta? })
}

/// A number from `least` to `most` of a unit.
fn within(entry: &Entry<'_>, [least, most]: [f64; 2], unit: &str) -> Option<f64> {
    let (name, value) = (&entry.name, entry.number()?);
    let inside = (least..=most).contains(&value);
    if !inside {
        entry.report(format!("`{name}` = {value} is out of range: it must be from {least} to {most} {unit}"), None);
    }
    inside.then_some(value)
}

fn range(entry: &Entry<'_>) -> Option<[f64; 2]> {
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

fn overlays(entry: &Entry<'_>) -> Option<Vec<Overlay>> {
    let found: Vec<_> = entry.list()?.iter().map(|item| item.word(OVERLAYS, "overlay")).collect();
    found.into_iter().map(|place| Some(OVERLAYS[place?].overlay)).collect()
}

pub(super) fn cues(root: &Section<'_>, steps: Option<usize>) -> Option<Vec<Cue>> {
    let Some(entry) = root.get("cue") else { return Some(Vec::new()) };
    let found: Vec<Option<Cue>> = entry.sections()?.into_iter().map(|section| cue(section, steps)).collect();
    let mut cues: Vec<Cue> = found.into_iter().collect::<Option<_>>()?;
    cues.sort_by_key(|cue| cue.step);
    Some(cues)
}

fn cue(section: Section<'_>, steps: Option<usize>) -> Option<Cue> {
    let section = section.only(["step", "say", "show", "hide", "focus", "hold"], "key");
    let step = section.need("step", "give the step of the cue on the timeline").and_then(|entry| {
        let step = entry.integer(0, u64::MAX)?;
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        match steps {
            Some(last) if step > last => {
                entry.report(format!("`step` = {step} is beyond the race, which has {last} steps"), None);
                None
            }
            _ => Some(step),
        }
    });
    let say = section.get("say").map_or(Some(String::new()), |entry| entry.text().map(str::to_owned));
    let show = section.get("show").map_or(Some(Vec::new()), |entry| overlays(&entry));
    let hide = section.get("hide").map_or(Some(Vec::new()), |entry| overlays(&entry));
    let names = Pane::ALL.map(Pane::name);
    let focus =
        section.get("focus").map_or(Some(None), |entry| entry.word(names, "pane").map(|place| Some(Pane::ALL[place])));
    let hold = section.get("hold").map_or(Some(false), |entry| entry.flag());
    Some(Cue { step: step?, say: say?, show: show?, hide: hide?, focus: focus?, hold: hold? })
}
