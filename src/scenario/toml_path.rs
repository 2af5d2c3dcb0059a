//! Changes one value of a TOML text by path, keeping comments and layout.
//!
//! Knows paths and lines, not scenarios: the checkers decide whether the change makes sense.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Key, Table, Value};

use crate::registry::number;

/// What is wrong with a path, and help.
type Refusal = (String, String);

/// The keys of a path, which dots separate; `None` if they are none. One that has dots itself stands in quotes, as in TOML.
fn keys(path: &str) -> Option<Vec<String>> {
    let (mut keys, mut rest) = (Vec::new(), Some(path));
    while let Some(text) = rest {
        let (key, after) =
            split_path(text, |letter| letter == '.').map_or((text, None), |(key, rest)| (key, Some(rest)));
        let key = key.trim();
        let key = if key.starts_with(QUOTES) { key.parse::<Key>().ok()?.get().to_owned() } else { key.to_owned() };
        keys.push(Some(key).filter(|key| !key.is_empty())?);
        rest = after;
    }
    Some(keys)
}

/// A key as it stands in a path.
pub(super) fn quoted(key: &str) -> String {
    Key::new(key).to_string()
}

const QUOTES: [char; 2] = ['"', '\''];

/// Splits a text after a path: at the first character that stops it and does not stand in quotes, which is left out.
///
/// ```
/// use geodescent::scenario::split_path;
///
/// let set = split_path("start.\"a = b\".0=0.25", |letter| letter == '=');
/// assert_eq!(set, Some(("start.\"a = b\".0", "0.25")));
/// ```
#[must_use]
pub fn split_path(text: &str, stops: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    // Quotes within a key that does not begin with one are letters of it.
    let (mut open, mut fresh, mut escaped) = (None, true, false);
    for (at, letter) in text.char_indices() {
        match open {
            _ if escaped => escaped = false,
            Some('"') if letter == '\\' => escaped = true,
            Some(quote) if quote == letter => open = None,
            None if stops(letter) => return Some((&text[..at], &text[at + letter.len_utf8()..])),
            None if fresh && QUOTES.contains(&letter) => open = Some(letter),
            Some(_) | None => {}
        }
        fresh = open.is_none() && (letter == '.' || (fresh && letter.is_whitespace()));
    }
    None
}

/// Sets the value at `path`.
pub(super) fn set(tree: &mut DocumentMut, path: &str, value: &str) -> Result<(), Refusal> {
    let Some(keys) = keys(path).filter(|keys| keys.len() <= 8) else {
        let help = "help: separate keys with dots, and quote one that has dots: run.steps, start.\"s.1\".0".to_owned();
        return Err((format!("`{path}` is not a path to a value"), help));
    };
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    // The whole text must be a TOML value: `A race` and `1 # one` are text.
    let value = value.trim().parse::<Value>().unwrap_or_else(|_| loose(value));
    let whole = || value.as_integer().or_else(|| value.as_float().filter(|x| x.fract() == 0.0).map(|x| x as i64));
    if let (["run", "steps"], Some(steps)) = (&keys[..], whole()) {
        shorten(tree, steps);
    }
    descend(tree.as_item_mut(), &keys, value, "")
}

/// The number at a path, and whether it is a whole one.
pub(super) fn number_at(text: &str, path: &str) -> Result<(f64, bool), String> {
    let tree: DocumentMut = text.parse().map_err(|_| "the scenario is not TOML".to_owned())?;
    let mut item = tree.as_item();
    for key in &keys(path).ok_or_else(|| format!("`{path}` is not a path to a value"))? {
        let next = match key.parse::<usize>() {
            Ok(index) => item.get(index).or_else(|| item.get(key)),
            Err(_) => item.get(key),
        };
        item = next.ok_or_else(|| format!("there is no {path}: {key} is not there"))?;
    }
    let whole = item.as_integer();
    let value = whole.map(|whole| whole as f64).or_else(|| item.as_float());
    value.map(|value| (value, whole.is_some())).ok_or_else(|| format!("{path} is not a number"))
}

/// A number that TOML would write differently (`.1`, `5.`, a minus as the program prints it), or else text.
fn loose(text: &str) -> Value {
    let numeric = text.trim().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '\u{2212}'));
    let whole = || text.trim().replace('\u{2212}', "-").parse::<i64>().ok();
    match number(text).filter(|_| numeric) {
        Some(value) => whole().map_or_else(|| Value::from(value), Value::from),
        None => Value::from(text),
    }
}

/// Drops the cues beyond the end of a shortened race, which would otherwise be errors.
fn shorten(tree: &mut DocumentMut, steps: i64) {
    if let Some(cues) = tree.get_mut("cue").and_then(Item::as_array_of_tables_mut) {
        let step = |cue: &Table| cue.get("step").and_then(Item::as_integer);
        cues.retain(|cue| step(cue).is_none_or(|step| step <= steps.max(0)));
    }
}

fn descend(item: &mut Item, keys: &[&str], value: Value, above: &str) -> Result<(), Refusal> {
    let [key, rest @ ..] = keys else {
        put(item, value);
        return Ok(());
    };
    let here = if above.is_empty() { (*key).to_owned() } else { format!("{above}.{key}") };
    match item {
        Item::Table(table) => {
            let next = table.entry(key).or_insert_with(|| fresh(rest));
            descend(next, rest, value, &here)
        }
        Item::Value(Value::InlineTable(_) | Value::Array(_)) => {
            let Item::Value(old) = item else { return Ok(()) };
            descend_value(old, keys, value, above)
        }
        Item::ArrayOfTables(tables) => {
            let index = place(key, tables.len(), above)?;
            if index == tables.len() {
                tables.push(Table::new());
            }
            match (tables.get_mut(index), rest) {
                (Some(table), [first, rest @ ..]) => {
                    let next = table.entry(first).or_insert_with(|| fresh(rest));
                    descend(next, rest, value, &format!("{here}.{first}"))
                }
                _ => Err((format!("`{here}` is a table"), format!("help: name one of its keys: {here}.KEY"))),
            }
        }
        Item::None => {
            *item = fresh(keys);
            descend(item, keys, value, above)
        }
        Item::Value(_) => Err(dead_end(above, key)),
    }
}

fn descend_value(old: &mut Value, keys: &[&str], value: Value, above: &str) -> Result<(), Refusal> {
    let [key, rest @ ..] = keys else {
        let decor = old.decor().clone();
        *old = value;
        *old.decor_mut() = decor;
        return Ok(());
    };
    let here = if above.is_empty() { (*key).to_owned() } else { format!("{above}.{key}") };
    let next = match old {
        Value::InlineTable(table) => table.entry(*key).or_insert_with(|| fresh_value(rest)),
        Value::Array(array) => {
            let index = place(key, array.len(), above)?;
            if index == array.len() {
                array.push(fresh_value(rest));
            }
            match array.get_mut(index) {
                Some(next) => next,
                None => return Err(dead_end(above, key)),
            }
        }
        _ => return Err(dead_end(above, key)),
    };
    descend_value(next, rest, value, &here)
}

/// What to create for a missing key, so that the rest of the path exists: a list if an index follows, else a table.
fn fresh(rest: &[&str]) -> Item {
    match rest {
        [] => Item::Value(Value::from(false)),
        [first, _, ..] if is_index(first) => Item::ArrayOfTables(ArrayOfTables::new()),
        [first, ..] if is_index(first) => Item::Value(Value::Array(Array::new())),
        _ => Item::Table(Table::new()),
    }
}

fn fresh_value(rest: &[&str]) -> Value {
    match rest {
        [] => Value::from(false),
        [first, ..] if is_index(first) => Value::Array(Array::new()),
        _ => Value::InlineTable(InlineTable::new()),
    }
}

fn is_index(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

fn place(key: &str, length: usize, above: &str) -> Result<usize, Refusal> {
    key.parse().ok().filter(|index| *index <= length).ok_or_else(|| {
        let wanted =
            if length == 0 { "0".to_owned() } else { format!("0 to {}, or {length} for a new one", length - 1) };
        let entries = if length == 1 { "1 entry" } else { &format!("{length} entries") };
        (format!("`{above}` has {entries}: there is no `{key}`"), format!("help: give a number: {wanted}"))
    })
}

fn dead_end(above: &str, key: &str) -> Refusal {
    (format!("`{above}` is a single value: it has no `{key}`"), String::new())
}

/// Replaces a value and keeps the spaces and the comment around it.
fn put(item: &mut Item, mut value: Value) {
    if let Item::Value(old) = item {
        *value.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(value);
}

/// For each line of `new` its line in the file: lines before and after the change keep those of `old`.
///
/// If the number of lines is unchanged, the changed ones keep their numbers as well.
pub(super) fn carry_lines(old: &str, new: &str, known: &[Option<usize>]) -> Vec<Option<usize>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let number = |line: usize| if known.is_empty() { Some(line) } else { known.get(line).copied().flatten() };
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let room = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    (0..after.len())
        .map(|line| {
            if line < head || before.len() == after.len() {
                number(line)
            } else if line >= after.len() - tail {
                number(line + before.len() - after.len())
            } else {
                None
            }
        })
        .collect()
}
