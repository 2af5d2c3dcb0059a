//! From a document to a checked scenario: syntax first, then every table, with all errors reported at once.
//!
//! Each table has its own checker beside this file; this one ties them together.

use toml::de::DeTable;

use super::diagnostic::{Place, Problem, Report};
use super::document::Document;
use super::reader::Section;
use super::schema::objective::SAMPLE;
use super::schema::{NOTES, OBJECTIVE, ROOT, TITLE, VERSION};
use super::sink::Sink;
use super::{
    Goal, Racer, Scenario, check_cue, check_measure, check_model, check_objective, check_race, check_start, check_view,
    syntax, useful,
};
use crate::objective::returns::EPISODES;
use crate::optimizer::natural_gradient;
use crate::registry::{Field, Kind, Setting};

impl Document {
    /// Checks everything.
    ///
    /// # Errors
    /// Everything that is wrong, in line order.
    pub fn check(&self) -> Result<Scenario, Report> {
        self.measure()?;
        check(self).map_err(|report| {
            // An error in an edit names it already.
            let told = report.problems().iter().all(|problem| matches!(problem.place, Place::Edit(_)));
            let changed: Vec<String> = self.edits.iter().map(|edit| format!("{}={}", edit.path, edit.value)).collect();
            if changed.is_empty() || (told && changed.len() == 1) {
                return report;
            }
            report.note(format!("with {}", changed.join(", ")))
        })
    }

    /// Title and notes for a list, with nothing else checked. `None` if they cannot be read.
    #[must_use]
    pub fn headline(&self) -> Option<(String, String)> {
        self.measure().ok()?;
        headline(self)
    }
}

/// The scenario of a document.
fn check(document: &Document) -> Result<Scenario, Report> {
    let mut sink = Sink::new(document);
    let (root, errors) = DeTable::parse_recoverable(document.text());
    if !errors.is_empty() {
        return Err(syntax::report(sink, &errors));
    }
    sink.find_edits(root.get_ref());
    sink.refuse_unsafe(root.get_ref());
    let scenario = scenario(&sink, root.get_ref());
    match (sink.report_all(), scenario) {
        (None, Some(scenario)) => Ok(scenario),
        (Some(report), _) => Err(report),
        // A checker that returns `None` has reported why; this guards against one that forgets.
        (None, None) => Err(Report::one(Problem::new(
            document.place(0, 1),
            "the scenario cannot be built, but no error was found in it: please report this",
        ))),
    }
}

/// Whether a race draws anything at random: its data, the batches of its steps, or a Fisher matrix.
fn random(root: &DeTable<'_>, racers: &[Racer], objective: &Goal) -> bool {
    let table = root.get(OBJECTIVE.name).and_then(|value| value.get_ref().as_table());
    let sample = table.is_some_and(|table| table.contains_key(SAMPLE.name));
    let batch = |field: &Field| matches!(field.kind, Kind::Batch(_)) && objective.settings.get(field).is_some();
    let sampled = |(_, setting)| matches!(setting, Setting::Choice(natural_gradient::SAMPLED));
    let episodes = |field: &Field| field.name == EPISODES.name && objective.settings.get(field).is_some();
    sample
        || objective.kind.fields.iter().any(episodes)
        || objective.kind.fields.iter().any(batch)
        || racers.iter().any(|racer| racer.settings.iter().any(sampled))
}

fn scenario(sink: &Sink<'_>, root: &DeTable<'_>) -> Option<Scenario> {
    let table = root;
    let root = Section::new(sink, "the scenario", root, 0..0).only(ROOT, "key");
    version(&root);
    let (title, notes) = (title(sink, &root), notes(&root));
    let model = check_model::model(&root);
    let start = check_start::start(&root, model.as_ref());
    let run = check_race::run(&root);
    let racers = check_race::racers(&root, model.as_ref());
    let objective = check_objective::objective(&root, model.as_ref(), run.seed);
    if let (Some(racers), Some(steps)) = (&racers, &run.steps) {
        let densities =
            model.as_ref().zip(objective.as_ref()).map_or(0, |(model, objective)| model.densities(objective));
        check_race::ceiling(steps, racers.len(), densities);
    }
    if let (Some(racers), Some(model), Some(objective)) = (&racers, &model, &objective) {
        check_race::capabilities(&root, racers, model, objective);
    }
    if let Some(racers) = &racers {
        check_race::conditions(&root, racers, objective.as_ref(), run.pace);
    }
    let view = check_view::view(&root, model.as_ref());
    let steps = run.steps.as_ref().map(|steps| steps.value);
    let measures = check_measure::measures(&root, model.as_ref(), racers.as_deref(), steps);
    let (model_ref, racers_ref, measures_ref) = (model.as_ref(), racers.as_deref(), measures.as_deref());
    let panes = model_ref.zip(racers_ref).map(|(model, racers)| useful(&model.spec, racers, run.seeds.unwrap_or(1)));
    let panes = panes.unwrap_or_default();
    let known = check_cue::Known { model: model_ref, racers: racers_ref, measures: measures_ref, steps, panes };
    let cues = check_cue::cues(&root, &known, view.as_ref());
    let (objective, racers, start) = (objective?, racers?, start?);
    Some(Scenario {
        random: random(table, &racers, &objective),
        title: title?,
        notes: notes?,
        model: model?.spec,
        objective,
        start,
        steps: steps?,
        seed: run.seed?,
        seeds: run.seeds?,
        pace: run.pace?,
        racers,
        view: view?,
        cues: cues?,
        measures: measures?,
        remarks: sink.remarks(),
    })
}

/// Title and notes of a document, with nothing else checked; `None` if they cannot be read.
fn headline(document: &Document) -> Option<(String, String)> {
    let sink = Sink::new(document);
    let root = DeTable::parse(document.text()).ok()?;
    sink.refuse_unsafe(root.get_ref());
    let section = Section::new(&sink, "the scenario", root.get_ref(), 0..0).only(ROOT, "key");
    let found = title(&sink, &section).zip(notes(&section));
    found.filter(|_| sink.report_all().is_none())
}

fn title(sink: &Sink<'_>, root: &Section<'_>) -> Option<String> {
    root.get(TITLE.name)
        .map_or_else(|| Some(sink.document.name().into_string()), |entry| Some(entry.text()?.to_owned()))
}

fn notes(root: &Section<'_>) -> Option<String> {
    root.get(NOTES.name).map_or(Some(String::new()), |entry| Some(fold(entry.text()?)))
}

fn version(root: &Section<'_>) {
    if let Some(version) = root.entry(&VERSION)
        && let Some(number) = version.integer(0, u64::MAX)
        && number != 1
    {
        let help = "help: this program reads version = 1".to_owned();
        version.report(format!("`version` = {number} is not supported"), Some(help));
    }
}

/// Joins lines into one paragraph.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
