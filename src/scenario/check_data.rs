//! Observations, given in the scenario, read from columns of a CSV file, or drawn.
//!
//! Losses on the data are computed in `objective`.

use super::check_columns::{file, filled};
use super::check_model::{Model, point};
use super::reader::{Entry, Section};
use super::schema;
use super::schema::csv::{COLUMN, COLUMNS};
use super::schema::sample::{FAMILY, FROM, SIZE};
use super::table::{self, Named};
use super::{Model as Spec, Sample};
use crate::family::{FAMILIES, FamilyInfo, Support};
use crate::registry::{Field, Kind, Setting, Settings};

/// `data = [..]` or `data = { csv = .., column = .. }`; for pairs `[[.., ..], ..]` and `columns = [.., ..]`. At least one
/// observation, all inside the family's support; row by row.
pub(super) fn observations(entry: &Entry<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    if let Some(columns) = model.and_then(Model::columns) {
        return labelled(entry, columns);
    }
    let support = model.and_then(|model| model.own.as_ref()).map(|own| own.family.support());
    if entry.is_table() {
        return from_csv(entry, support);
    }
    let pairs = support.is_some_and(|support| support.width() == 2);
    if !entry.is_list() {
        let (what, help) = if pairs {
            ("pairs", "data = [[1.2, 0.4], [0.8, 2.0]] or data = { csv = \"file.csv\", columns = [\"x1\", \"x2\"] }")
        } else {
            ("numbers", "data = [1.2, 0.4] or data = { csv = \"file.csv\", column = \"name\" }")
        };
        entry.report(format!("`data` must be a list of {what} or a table"), Some(format!("help: write {help}")));
        return None;
    }
    let items = filled(entry)?;
    let rows: Vec<Option<Vec<f64>>> = items.iter().map(|item| observation(item, pairs, model)).collect();
    Some(rows.into_iter().collect::<Option<Vec<_>>>()?.concat())
}

/// `data = { csv = .., columns = [.., "label"] }` for a design of these columns: its columns and last the labels, 0 or 1.
fn labelled(entry: &Entry<'_>, design: &[&'static str]) -> Option<Vec<f64>> {
    let wanted = || {
        let names: Vec<String> = design.iter().map(|name| format!("\"{name}\"")).collect();
        Some(format!("help: write data = {{ csv = \"file.csv\", columns = [{}, \"LABEL\"] }}", names.join(", ")))
    };
    if !entry.is_table() {
        entry.report("`data` must name the design's columns and, last, that of the labels", wanted());
        return None;
    }
    let (csv, named, dialect) = file(entry, &[COLUMNS])?;
    let same = named.len() == design.len() + 1 && named.iter().zip(design).all(|((name, _), own)| name == own);
    if !same {
        entry.report("`columns` of `data` must be the design's and, last, that of the labels", wanted());
        return None;
    }
    table::columns(&csv, &named, &dialect, Some(Support::Labelled))
}

/// `{ csv = .. }` with a column for every canonical parameter and no others; a row a step.
pub(super) fn path(entry: &Entry<'_>, model: &Model) -> Option<Setting> {
    let names = model.spec.parameters();
    if !entry.is_table() {
        let help = "help: write trace = { csv = \"path.csv\" }".to_owned();
        entry.report(format!("`{}` must be a table", entry.name), Some(help));
        return None;
    }
    let (csv, _, dialect) = file(entry, &[])?;
    let columns: Vec<Named<'_>> = names.iter().map(|name| (*name, csv.1.clone())).collect();
    let values = table::all_columns(&csv, &columns, &dialect)?;
    Some(Setting::Table(names.into(), values.into()))
}

/// `{ csv = .., column = .. }`, for pairs `{ csv = .., columns = [.., ..] }`; of an unknown family either.
fn from_csv(entry: &Entry<'_>, support: Option<Support>) -> Option<Vec<f64>> {
    let keys: &[Field] = match support.map(Support::width) {
        Some(2) => &[COLUMNS],
        Some(_) => &[COLUMN],
        None => &[COLUMN, COLUMNS],
    };
    let (csv, columns, dialect) = file(entry, keys)?;
    if support.is_some_and(|support| support.width() != columns.len()) {
        let list = entry.section("")?.get(COLUMNS.name)?;
        let help = "help: write columns = [\"x1\", \"x2\"]".to_owned();
        list.report(format!("`columns` names {} columns, not two", columns.len()), Some(help));
        return None;
    }
    table::columns(&csv, &columns, &dialect, support)
}

/// One observation of `data = [..]`.
fn observation(item: &Entry<'_>, pair: bool, model: Option<&Model>) -> Option<Vec<f64>> {
    let row = if pair {
        let numbers = item.is_list().then(|| item.list()).flatten().filter(|numbers| numbers.len() == 2);
        let Some(numbers) = numbers else {
            item.report("`data`: each row must be a list of two numbers", Some("help: write [1.2, 0.4]".to_owned()));
            return None;
        };
        numbers.iter().map(Entry::number).collect::<Option<Vec<f64>>>()?
    } else {
        vec![item.number()?]
    };
    if let Some(own) = model.and_then(|model| model.own.as_ref())
        && !own.family.support().contains(&row)
    {
        let shown = row.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("`data`: {shown} is outside the support of {}", own.info.name);
        item.report(message, Some(format!("expected {}", own.family.support().wanted())));
        return None;
    }
    Some(row)
}

/// `sample = { size = .., from = { .. }, family = .., <fixed fields of that family> }`.
pub(super) fn draw(entry: &Entry<'_>, model: Option<&Model>, seed: Option<u64>) -> Option<(Sample, Vec<f64>)> {
    if model.is_some_and(|model| model.columns().is_some()) {
        entry.report("a model of several columns is fitted to `data`, not to a sample", None);
        return None;
    }
    let section = entry.section("`sample`")?;
    let named = section.get(FAMILY.name);
    let info = match (&named, FAMILY.kind) {
        (Some(family), Kind::Name(rows)) => Some(FAMILIES[family.row(rows)?]),
        _ => model.and_then(|model| model.own.as_ref()).map(|own| own.info),
    };
    let fields = info.map_or(&[] as &[_], |info| info.fixed);
    let section = section.only(&[schema::sample::KEYS, fields].concat(), "key");
    let size = section.integer(&SIZE);
    let from = section.entry(&FROM).and_then(|from| from.section("`from`"));
    let (info, model) = (info?, model?);
    let own = model.own.as_ref()?;
    let settings = fixed(&section, named.is_some(), info, model)?;
    let source = (info.build)(&settings);
    let from = point(from?, info, source.as_ref())?.into();
    let support = own.family.support();
    if source.support() != support {
        let place = named.unwrap_or_else(|| entry.clone());
        let message = format!("{} and {} have different supports", info.name, own.info.name);
        place.report(message, Some(format!("expected a family whose observations are {}", support.wanted())));
        return None;
    }
    let size = size?;
    let sample = Sample { family: info, settings, from, size };
    match sample.draw(seed?) {
        Ok(values) => Some((sample, values)),
        Err((row, x)) => {
            let name = info.name;
            let message =
                format!("`sample`: draw {row} of {size} from {name} is {x:?} as an f64, which is outside its support");
            let help = format!("expected a point where all draws are {}: less mass near the ends", support.wanted());
            entry.report(message, Some(help));
            None
        }
    }
}

/// What is fixed of the family that is drawn from: what the sample says, or what the model does if it says nothing.
fn fixed(section: &Section<'_>, named: bool, info: &'static FamilyInfo, model: &Model) -> Option<Settings> {
    let fixes = info.fixed.iter().any(|field| section.get(field.name).is_some());
    match &model.spec {
        Spec::Family(own) if !named && !fixes => Some(own.settings.clone()),
        _ => section.settings(info.fixed),
    }
}
