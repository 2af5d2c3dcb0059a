//! Observations, given in the scenario, read from columns of a CSV file, or drawn; and lists of numbers for a family's
//! fixed fields.
//!
//! CSV files are read by `table`; losses on the data are computed in `objective`.

use std::sync::Arc;

use super::check_model::{Model, family_of, point, settings};
use super::diagnostic::quote;
use super::dialect::{self, Dialect};
use super::reader::{Entry, Section};
use super::table::{self, Named};
use crate::family::{Family, FamilyInfo, Support};
use crate::math::Vec2;
use crate::objective::Draw;
use crate::objective::data::{Purpose, stream_for};
use crate::problem::quantities;
use crate::registry::field::intern;
use crate::registry::{Known, Setting};

/// The parameter that no column has.
pub(super) const INTERCEPT: &str = "intercept";
/// The number of columns that a design may name.
const COLUMNS: std::ops::RangeInclusive<usize> = 2..=63;
/// Names of a trace's columns that no column of a design may have.
const TRACE: [&str; 3] = ["optimizer", "step", "status"];

/// The maximum size of a sample.
pub(super) const DRAWS: u64 = 1_000_000;

/// `data = [..]` or `data = { csv = .., column = .. }`; for pairs `[[.., ..], ..]` and `columns = [.., ..]`. At least one
/// observation, all inside the family's support; row by row.
pub(super) fn observations(entry: &Entry<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    if let Some(columns) = model.and_then(|model| model.columns.as_ref()) {
        return labelled(entry, columns);
    }
    let support = model.map(|model| model.family.support());
    if entry.is_table() {
        return from_csv(entry, support.map_or(&["column", "columns"], column_key), support);
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

/// A list of numbers, a column of a CSV file, or several.
pub(super) fn columns(entry: &Entry<'_>) -> Option<Setting> {
    let several = entry.is_table() && entry.section(format!("`{}`", entry.name))?.get("columns").is_some();
    if !several {
        return numbers(entry).map(|values| Setting::Numbers(values.into()));
    }
    let (csv, named, dialect) = file(entry)?;
    if !COLUMNS.contains(&named.len()) {
        let help = "help: for one column write column = \"name\"".to_owned();
        entry.report(format!("`columns` names {} columns, not 2 to 63", named.len()), Some(help));
        return None;
    }
    for (i, (name, place)) in named.iter().enumerate() {
        let coordinate = name.strip_prefix("coord").is_some_and(|rest| rest.parse::<usize>().is_ok());
        let taken = TRACE.contains(name) || quantities::columns().any(|(column, _)| column == *name) || coordinate;
        if taken || *name == INTERCEPT {
            let what =
                if taken { "a trace has a column of that name" } else { "that is the parameter without a column" };
            let message = format!("{} cannot be the name of a parameter: {what}", quote(name));
            place.report(message, Some("help: rename the column in the CSV file".to_owned()));
            return None;
        }
        if named[..i].iter().any(|(other, _)| other == name) {
            place.report(format!("the column {} is named twice", quote(name)), None);
            return None;
        }
    }
    let values = table::columns(&csv, &named, &dialect, None)?;
    Some(Setting::Table(named.iter().map(|(name, _)| intern(name)).collect(), values.into()))
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
    let (csv, named, dialect) = file(entry)?;
    let same = named.len() == design.len() + 1 && named.iter().zip(design).all(|((name, _), own)| name == own);
    if !same {
        entry.report("`columns` of `data` must be the design's and, last, that of the labels", wanted());
        return None;
    }
    table::columns(&csv, &named, &dialect, Some(Support::Labelled))
}

/// `{ csv = .. }` with a column for every canonical parameter and no others; a row a step.
pub(super) fn path(entry: &Entry<'_>, model: &Model) -> Option<Setting> {
    let names = model.parameters();
    if !entry.is_table() {
        let help = "help: write trace = { csv = \"path.csv\" }".to_owned();
        entry.report(format!("`{}` must be a table", entry.name), Some(help));
        return None;
    }
    let keys = std::iter::once(Known::from("csv")).chain(dialect::KEYS);
    let section = entry.section(format!("`{}`", entry.name))?.only(keys, "key");
    let dialect = Dialect::of(&section);
    let csv = section.need("csv", "name the file").and_then(|csv| Some((csv.text()?, csv)))?;
    let columns: Vec<Named<'_>> = names.iter().map(|name| (*name, csv.1.clone())).collect();
    let values = table::all_columns(&csv, &columns, &dialect?)?;
    Some(Setting::Table(names.into(), values.into()))
}

/// A CSV file with several columns.
type Table<'a> = (Named<'a>, Vec<Named<'a>>, Dialect);

/// `{ csv = .., columns = [.., ..] }`.
fn file<'a>(entry: &Entry<'a>) -> Option<Table<'a>> {
    let keys = ["csv", "columns"].map(Known::from).into_iter().chain(dialect::KEYS);
    let section = entry.section(format!("`{}`", entry.name))?.only(keys, "key");
    let dialect = Dialect::of(&section);
    let csv = section.need("csv", "name the file").and_then(|csv| Some((csv.text()?, csv)));
    let list = section.need("columns", "name the columns: columns = [\"a\", \"b\"]")?.list()?;
    let names: Vec<Option<Named<'a>>> = list.into_iter().map(|item| Some((item.text()?, item))).collect();
    Some((csv?, names.into_iter().collect::<Option<Vec<_>>>()?, dialect?))
}

/// A list of numbers, or a column of a CSV file.
pub(super) fn numbers(entry: &Entry<'_>) -> Option<Vec<f64>> {
    if entry.is_table() {
        return from_csv(entry, &["column"], None);
    }
    let values: Vec<Option<f64>> = filled(entry)?.iter().map(Entry::number).collect();
    values.into_iter().collect()
}

/// The items of a list, which must not be empty.
fn filled<'a>(entry: &Entry<'a>) -> Option<Vec<Entry<'a>>> {
    let items = entry.list()?;
    if items.is_empty() {
        entry.report(format!("`{}` is empty: at least one is needed", entry.name), None);
        return None;
    }
    Some(items)
}

/// The key for the columns of an observation.
const fn column_key(support: Support) -> &'static [&'static str] {
    if support.width() == 2 { &["columns"] } else { &["column"] }
}

/// `{ csv = .., column = .. }` or `{ csv = .., columns = [.., ..] }`.
fn from_csv(entry: &Entry<'_>, keys: &'static [&'static str], support: Option<Support>) -> Option<Vec<f64>> {
    let own = std::iter::once("csv").chain(keys.iter().copied()).map(Known::from);
    let section = entry.section(format!("`{}`", entry.name))?.only(own.chain(dialect::KEYS), "key");
    let dialect = Dialect::of(&section);
    let csv = section.need("csv", "name the file").and_then(|csv| Some((csv.text()?, csv)));
    let columns = if keys == ["columns"] {
        section.need("columns", "name the two columns: columns = [\"x1\", \"x2\"]").and_then(|list| two(&list))
    } else {
        let named = section.get("columns").map_or_else(|| section.need("column", "name the column"), Some);
        named.and_then(|column| Some(vec![(column.text()?, column)]))
    };
    table::columns(&csv?, &columns?, &dialect?, support)
}

/// Two column names.
fn two<'a>(list: &Entry<'a>) -> Option<Vec<(&'a str, Entry<'a>)>> {
    let items = list.list()?;
    if items.len() != 2 {
        let help = "help: write columns = [\"x1\", \"x2\"]".to_owned();
        list.report(format!("`columns` names {} columns, not two", items.len()), Some(help));
        return None;
    }
    let names: Vec<Option<_>> = items.into_iter().map(|item| Some((item.text()?, item))).collect();
    names.into_iter().collect()
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
    if let Some(model) = model
        && !model.family.support().contains(&row)
    {
        let shown = row.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("`data`: {shown} is outside the support of {}", model.info.name);
        item.report(message, Some(format!("expected {}", model.family.support().wanted())));
        return None;
    }
    Some(row)
}

/// `sample = { size = .., from = { .. }, family = .., <fixed fields of that family> }`.
pub(super) fn draw(entry: &Entry<'_>, model: Option<&Model>, seed: Option<u64>) -> Option<Vec<f64>> {
    if model.is_some_and(|model| model.columns.is_some()) {
        entry.report("a model of several columns is fitted to `data`, not to a sample", None);
        return None;
    }
    let section = entry.section("`sample`")?;
    let own = section.get("family");
    let info = match &own {
        Some(family) => Some(family_of(family)?),
        None => model.map(|model| model.info),
    };
    let fixed = info.map_or(&[] as &[_], |info| info.fixed);
    let keys = [Known::with("size", &["n", "count", "rows"]), Known::with("from", &["at", "target"]), "family".into()];
    let known = keys.into_iter().chain(fixed.iter().map(Known::from));
    let section = section.only(known, "key");
    let size = section.need("size", "say how many observations are drawn").and_then(|size| size.integer(1, DRAWS));
    let from = section.need("from", "say what is drawn from: from = { … }").and_then(|from| from.section("`from`"));
    let (info, model) = (info?, model?);
    let source = source(&section, own.is_some(), info, model)?;
    let p = point(from?, info, source.as_ref())?;
    let support = model.family.support();
    if source.support() != support {
        let place = own.unwrap_or_else(|| entry.clone());
        let message = format!("{} and {} have different supports", info.name, model.info.name);
        place.report(message, Some(format!("expected a family whose observations are {}", support.wanted())));
        return None;
    }
    let size = size?;
    match sample(source.as_ref(), p, size, seed?) {
        Ok(values) => Some(values),
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

/// The family that is drawn from: the model's, unless the sample names one or sets a fixed field.
fn source(section: &Section<'_>, own: bool, info: &'static FamilyInfo, model: &Model) -> Option<Arc<dyn Family>> {
    let fixes = info.fixed.iter().any(|field| section.get(field.name).is_some());
    if !own && !fixes {
        return Some(Arc::clone(&model.family));
    }
    Some((info.build)(&settings(section, info.fixed)?))
}

/// A sample, deterministic in the seed.
///
/// # Errors
/// The first row, counted from 1, with a number that an f64 cannot represent inside the support, and that number.
fn sample(family: &dyn Family, p: Vec2, size: u64, seed: u64) -> Result<Vec<f64>, (u64, f64)> {
    let support = family.support();
    let mut rng = stream_for(Purpose::Sample, Draw { seed, step: 0 });
    let mut row = vec![0.0; family.width()];
    let mut values = Vec::new();
    for place in 1..=size {
        family.sample(p, &mut rng, &mut row);
        if let Some((_, x)) = row.iter().enumerate().find(|(i, x)| !support.admits(*i, **x)) {
            return Err((place, *x));
        }
        values.extend(&row);
    }
    Ok(values)
}
