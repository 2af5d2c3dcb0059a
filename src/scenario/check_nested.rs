//! Numbers in nested lists or in a file of rows, distributions, lists of texts, and faults of tables reported at their places.
//!
//! What the numbers mean, and whether a table is right, is known where the registry rows are.

use super::check_columns::{file, filled};
use super::reader::{Entry, Section};
use super::records;
use crate::problem::process::finite::{SUM, distribution_fault};
use crate::registry::{Fault, File, Nested, Setting, Spot, intern};

/// Numbers in lists nested so deep, or from a file.
pub(super) fn nested(entry: &Entry<'_>, depth: usize, form: File) -> Option<Setting> {
    match (entry.is_table(), form) {
        (true, File::Rows) => records::rows(entry).map(|rows| Setting::Nested(rows.into())),
        (true, File::Named(columns)) => records::named(entry, columns).map(|rows| Setting::Records(rows.into())),
        _ => lists(entry, depth).map(|all| Setting::Nested(all.into())),
    }
}

fn lists(entry: &Entry<'_>, depth: usize) -> Option<Nested> {
    if depth == 0 {
        return entry.number().map(Nested::Number);
    }
    let items: Vec<Option<Nested>> = filled(entry)?.iter().map(|item| lists(item, depth - 1)).collect();
    items.into_iter().collect::<Option<_>>().map(Nested::List)
}

/// Texts, as many as two bounds allow.
pub(super) fn texts(entry: &Entry<'_>, [least, most]: [usize; 2]) -> Option<Setting> {
    let items = entry.list()?;
    if !(least..=most).contains(&items.len()) {
        let message = format!("`{}` has {} texts, not {least} to {most}", entry.name, items.len());
        entry.report(message, None);
        return None;
    }
    let texts: Vec<Option<&'static str>> = items.iter().map(|item| item.text().map(intern)).collect();
    texts.into_iter().collect::<Option<_>>().map(Setting::Texts)
}

/// Reports what is wrong with the settings of a table; a fault in none of its fields at `whole`.
pub(super) fn report(section: &Section<'_>, whole: &Entry<'_>, fault: &Fault) {
    let entry = section.get(fault.field).unwrap_or_else(|| whole.clone());
    let (message, help) = (fault.message.clone(), Some(fault.help.clone()).filter(|help| !help.is_empty()));
    match &fault.spot {
        Spot::Part(part) => entry.report_inside(part, message, help),
        Spot::Row(row) if entry.is_table() => records::report(&entry, *row, message, help),
        Spot::Item(path) if entry.is_table() && !path.is_empty() && file(&entry, &[]).is_some() => {
            records::report(&entry, path[0], message, help);
        }
        Spot::Item(path) => item(entry, path).report(message, help),
        Spot::Row(_) | Spot::Whole => entry.report(message, help),
    }
}

/// The item to which a path of indices leads, as far as there are lists.
fn item<'a>(entry: Entry<'a>, path: &[usize]) -> Entry<'a> {
    let [first, rest @ ..] = path else { return entry };
    let next = if entry.is_list() { entry.list().and_then(|items| items.get(*first).cloned()) } else { None };
    match next {
        Some(next) => item(next, rest),
        None => entry,
    }
}

/// A list of so many numbers.
pub(super) fn numbers(entry: &Entry<'_>, count: usize, each: &str) -> Option<Vec<f64>> {
    let Some(Setting::Nested(list)) = nested(entry, 1, File::No) else { return None };
    let numbers = list.numbers()?;
    if numbers.len() != count {
        let message = format!("`{}` has {} numbers, not {count}: one for each {each}", entry.name, numbers.len());
        entry.report(message, None);
        return None;
    }
    Some(numbers)
}

/// A distribution of positive probabilities, without the last, which is 1 − the others.
pub(super) fn distribution(entry: &Entry<'_>, actions: usize) -> Option<Vec<f64>> {
    let mut row = numbers(entry, actions, "action")?;
    let help = Some("help: write probabilities > 0 whose sum is 1".to_owned());
    if let Some((place, why)) = distribution_fault(&row) {
        let item = place.and_then(|at| entry.list()?.get(at).cloned()).unwrap_or_else(|| entry.clone());
        item.report(format!("`{}`: {why}", entry.name), help);
        return None;
    }
    let last = row.pop()?;
    let rest = 1.0 - row.iter().sum::<f64>();
    if row.iter().any(|p| *p <= 0.0) || last <= 0.0 || rest <= 0.0 {
        let message = format!(
            "`{}` has a probability of 0, and a softmax has none: the last counts as 1 − the others",
            entry.name
        );
        entry.report(message, help);
        return None;
    }
    debug_assert!((last - rest).abs() <= 2.0 * SUM);
    Some(row)
}
