//! Tables by their rows: which keys a table may have, and the values of its fields, in range or by default.
//!
//! Knows no key by name. What takes more than the table itself (a point of the family, data) is read by the checkers.

use super::check_columns::{columns, numbers};
use super::check_nested::{nested, texts};
use super::reader::{Entry, Section};
use super::rows::{decisive, every_field};
use crate::registry::{Field, Kind, Row, Rows, Setting, Settings, covariance_fault};

impl<'a> Section<'a> {
    /// The value of a field's key; it is reported if it is missing and must not be.
    pub(super) fn entry(&self, field: &Field) -> Option<Entry<'a>> {
        if field.is_required() { self.need(field.name, field.doc) } else { self.get(field.name) }
    }

    /// The value of a field, given or by default; `None` if there is neither, or an error was reported.
    fn value(&self, field: &Field) -> Option<Setting> {
        self.entry(field).map_or_else(|| field.default.setting(), |entry| setting(&entry, field))
    }

    /// The value of a number field.
    pub(super) fn number(&self, field: &Field) -> Option<f64> {
        if let Setting::Number(value) = self.value(field)? { Some(value) } else { None }
    }

    /// The value of a whole-number field.
    pub(super) fn integer(&self, field: &Field) -> Option<u64> {
        if let Setting::Integer(value) = self.value(field)? { Some(value) } else { None }
    }

    /// The value of a flag.
    pub(super) fn flag(&self, field: &Field) -> Option<bool> {
        if let Setting::Flag(value) = self.value(field)? { Some(value) } else { None }
    }

    /// What `read` makes of a key; `Some(None)` if it is left out.
    #[expect(clippy::option_option, reason = "reported, left out and given are three cases")]
    pub(super) fn optional<T>(&self, field: &Field, read: impl FnOnce(&Entry<'a>) -> Option<T>) -> Option<Option<T>> {
        self.get(field.name).map_or(Some(None), |entry| read(&entry).map(Some))
    }

    /// The tables of a field, no more and no fewer than it may have.
    pub(super) fn tables(&self, field: &Field) -> Option<Vec<Self>> {
        let Some(entry) = self.entry(field) else { return (!field.is_required()).then(Vec::new) };
        let Kind::Tables(_, least, most) = field.kind else { return None };
        let tables = entry.sections()?;
        let name = field.name;
        if entry.list().is_none_or(|items| items.len() < least) {
            entry.report(format!("the list `{name}` is empty"), Some(format!("help: {}", field.doc)));
            return None;
        }
        if tables.len() > most {
            tables[most].report(format!("`{name}`: {} tables, at most {most} are allowed", tables.len()), None);
            return None;
        }
        Some(tables)
    }

    /// The values of a table of fields, complete and in range. All errors are reported.
    pub(super) fn settings(&self, fields: &[Field]) -> Option<Settings> {
        self.settings_over(Settings::defaults(fields), fields)
    }

    /// The same, over other defaults.
    pub(super) fn settings_over(&self, defaults: Settings, fields: &[Field]) -> Option<Settings> {
        self.settings_from(defaults, fields, setting)
    }

    /// The same, each value read by `read`.
    pub(super) fn settings_by(
        &self,
        fields: &[Field],
        read: impl Fn(&Entry<'a>, &Field) -> Option<Setting>,
    ) -> Option<Settings> {
        self.settings_from(Settings::defaults(fields), fields, read)
    }

    fn settings_from(
        &self,
        mut settings: Settings,
        fields: &[Field],
        read: impl Fn(&Entry<'a>, &Field) -> Option<Setting>,
    ) -> Option<Settings> {
        let mut complete = true;
        for field in fields {
            match self.entry(field).map(|entry| read(&entry, field)) {
                Some(Some(value)) => settings.set(field, value),
                Some(None) => complete = false,
                None => complete &= !field.is_required(),
            }
        }
        complete.then_some(settings)
    }

    /// The table with the keys of the row that its decisive key names: those of every such table, and the row's fields.
    /// Also the index of the row. All other keys are reported.
    pub(super) fn row(self, keys: &[Field]) -> Option<(Self, usize)> {
        self.row_by(keys).map(|(section, _, place)| (section, place))
    }

    /// The same with the decisive key, of tables that have several of them.
    pub(super) fn row_by(self, keys: &[Field]) -> Option<(Self, &'static str, usize)> {
        let deciding = decisive(keys);
        let every = every_field(keys);
        let given = deciding.iter().filter_map(|(by, rows)| Some((by, *rows, self.get(by.name)?)));
        let given: Vec<(&Field, Rows, Entry<'a>)> = given.collect();
        if let [(first, ..), (other, _, entry), ..] = given.as_slice() {
            let message = format!("`{}` and `{}` exclude each other", first.name, other.name);
            self.sink.report(&entry.key_span(), message, Some("help: keep one of them".to_owned()));
            return None;
        }
        let Some((by, rows, entry)) = given.into_iter().next() else {
            self.only(&every, "key").missing(&deciding);
            return None;
        };
        let Some(place) = entry.row(rows) else {
            self.only(&every, "key");
            return None;
        };
        let rows = (rows.all)();
        let others = deciding.iter().filter(|(other, _)| other.name != by.name);
        let others: Vec<&str> = others.map(|(other, _)| other.name).collect();
        let keys: Vec<Field> = keys.iter().filter(|field| !others.contains(&field.name)).copied().collect();
        let own = [&keys[..], &rows[place].fields].concat();
        let foreign: Vec<&str> = every.iter().map(|field| field.name).collect();
        let section = self.only_besides(&own, &foreign, "key");
        for name in foreign.into_iter().filter(|name| !own.iter().any(|field| field.name == *name)) {
            let Some(entry) = section.get(name) else { continue };
            let has = |row: &Row| row.fields.iter().any(|field| field.name == name);
            let every = deciding.iter().flat_map(|(_, rows)| (rows.all)());
            let others: Vec<&str> = every.filter(has).map(|row| row.known.name).collect();
            let message = format!("`{name}` is not a key of {}, but of {}", rows[place].known.name, others.join(", "));
            let names: Vec<&str> = own.iter().map(|field| field.name).collect();
            section.sink.report(&entry.key_span(), message, Some(format!("known: {}", names.join(", "))));
        }
        Some((section, by.name, place))
    }

    /// Reports that none of the keys stands that decide on the others.
    fn missing(&self, deciding: &[(Field, Rows)]) {
        if let [(by, _)] = deciding {
            self.entry(by);
        } else if let Some((first, _)) =
            deciding.first().filter(|_| !deciding.iter().any(|(by, _)| self.misspelt(by.name)))
        {
            self.need(first.name, first.doc);
        }
    }
}

impl Entry<'_> {
    /// The index of the row that is named.
    pub(super) fn row(&self, rows: Rows) -> Option<usize> {
        self.word((rows.all)().into_iter().map(|row| row.known), rows.noun)
    }

    /// One of a field's own words, or one of `more`.
    pub(super) fn word_of(&self, field: &Field, more: &[&'static str]) -> Option<Setting> {
        let (Kind::Choice(words) | Kind::Named(words, _)) = field.kind else { return None };
        let words: Vec<&'static str> = words.iter().chain(more).copied().collect();
        self.word(words.iter().copied(), &format!("`{}`", field.name)).map(|place| Setting::Choice(words[place]))
    }
}

/// The value of one field.
pub(super) fn setting(entry: &Entry<'_>, field: &Field) -> Option<Setting> {
    match field.kind {
        Kind::Number(range) => entry.number_in(range).map(Setting::Number),
        Kind::Integer(low, high) => entry.integer(low, high).map(Setting::Integer),
        Kind::Flag => entry.flag().map(Setting::Flag),
        Kind::Choice(_) => entry.word_of(field, &[]),
        Kind::Covariance => covariance(entry, field).map(Setting::Covariance),
        Kind::Columns => columns(entry),
        Kind::Numbers => numbers(entry).map(|values| Setting::Numbers(values.into())),
        Kind::Batch(most) => entry.integer(1, most).map(Setting::Integer),
        Kind::Nested(depth, file) => nested(entry, depth, file),
        Kind::Text(_) => entry.text().map(|text| Setting::Text(text.into())),
        Kind::Texts(least, most) => texts(entry, [least, most]),
        // Read by the checkers of the tables that have them.
        Kind::Named(..)
        | Kind::Name(_)
        | Kind::Names(_)
        | Kind::Interval
        | Kind::Table(_)
        | Kind::TableOr(..)
        | Kind::Tables(..)
        | Kind::Path
        | Kind::Point
        | Kind::Data
        | Kind::Formula(_) => None,
    }
}

/// `covariance = [[a, b], [b, c]]`.
fn covariance(entry: &Entry<'_>, field: &Field) -> Option<[[f64; 2]; 2]> {
    let help = || Some(format!("help: write {} = [[1.0, 0.5], [0.5, 2.0]], {}", field.name, field.kind));
    let shape = || entry.report(format!("`{}` must be two rows of two numbers", field.name), help());
    let lists = entry.is_list() && entry.list()?.iter().all(Entry::is_list);
    if !lists {
        shape();
        return None;
    }
    let rows: Vec<Vec<Entry<'_>>> = entry.list()?.iter().filter_map(Entry::list).collect();
    if rows.len() != 2 || rows.iter().any(|row| row.len() != 2) {
        shape();
        return None;
    }
    let mut matrix = [[0.0; 2]; 2];
    for (row, entries) in matrix.iter_mut().zip(&rows) {
        for (slot, entry) in row.iter_mut().zip(entries) {
            *slot = entry.number()?;
        }
    }
    if let Some(fault) = covariance_fault(&matrix) {
        entry.report(format!("`{}` {fault}", field.name), help());
        return None;
    }
    Some(matrix)
}
