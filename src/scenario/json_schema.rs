//! The JSON Schema of a scenario (draft 2020-12), with which editors check and complete it.
//!
//! What the schema cannot say (labels that exist, a point outside of its family, a CSV file) is left to the checkers.

use serde_json::{Map, Value, json};

use super::rows::{decisive, every_field};
use super::schema::{MODEL, PROCESS, ROOT, START, csv, model, objective};
use crate::family::{FAMILIES, FamilyInfo};
use crate::problem::policy::POLICIES;
use crate::problem::value::VALUES;
use crate::registry::{Field, File, Kind, More, Preset, Range, Row, Setting, Text};
use crate::text::LONGEST;

/// The largest whole number that every reader of JSON keeps.
const EXACT: u64 = 1 << 53;

/// The JSON Schema of a scenario file.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = table(ROOT);
    let more = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "geodescent scenario, version 1",
        "$defs": {
            (More::Charts.to_string()): of_any_model(More::Charts),
            (More::Parameters.to_string()): of_any_model(More::Parameters),
        },
        "allOf": models(),
    });
    merge(&mut schema, more);
    schema
}

/// A table with these keys; if some of them decide on further keys, one alternative for each row that these may name.
fn table(keys: &[Field]) -> Value {
    let deciding = decisive(keys);
    if deciding.is_empty() {
        return object(keys);
    }
    let alternative = |by: &Field, row: Row| {
        // Of several keys that decide there is one.
        let others =
            |field: &&Field| field.name == by.name || !deciding.iter().any(|(other, _)| other.name == field.name);
        let mut own: Vec<Field> = keys.iter().filter(others).copied().collect();
        own.iter_mut().filter(|field| field.name == by.name).for_each(|field| field.default = Preset::Required);
        let mut schema = object(&[&own[..], &row.fields].concat());
        let name = json!({ "const": row.known.name, "description": row.doc });
        if let Some(slot) = schema.pointer_mut(&format!("/properties/{}", by.name)) {
            *slot = name;
        }
        merge(&mut schema, json!({ "title": row.known.name }));
        schema
    };
    let all = deciding.iter().flat_map(|(by, rows)| (rows.all)().into_iter().map(move |row| alternative(by, row)));
    let mut schema = json!({ "type": "object", "oneOf": all.collect::<Vec<_>>() });
    if let [(by, _)] = deciding.as_slice() {
        merge(&mut schema, json!({ "required": [by.name] }));
    }
    schema
}

/// A table with exactly these keys.
fn object(fields: &[Field]) -> Value {
    let named = |field: &Field| (field.name.to_owned(), described(field));
    let drawn = fields.iter().any(|field| field.name == objective::SAMPLE.name);
    // Observations are given or drawn.
    let given = |field: &&Field| matches!(field.kind, Kind::Data) && drawn;
    let required: Vec<&str> =
        fields.iter().filter(|field| field.is_required() && !given(field)).map(|field| field.name).collect();
    let mut schema = json!({
        "type": "object",
        "properties": fields.iter().map(named).collect::<Map<_, _>>(),
        "required": required,
        "additionalProperties": false,
    });
    if let Some(data) = fields.iter().find(given) {
        merge(&mut schema, one_of(&[data.name, objective::SAMPLE.name]));
    }
    schema
}

/// Exactly one of these keys.
fn one_of(names: &[&str]) -> Value {
    json!({ "oneOf": names.iter().map(|name| json!({ "required": [name] })).collect::<Vec<_>>() })
}

/// The values of a field, with its documentation and its default.
fn described(field: &Field) -> Value {
    let mut schema = values(field.kind);
    merge(&mut schema, json!({ "description": field.doc }));
    if let Some(default) = field.default.setting().as_ref().and_then(plain) {
        merge(&mut schema, json!({ "default": default }));
    }
    schema
}

/// A default as a value of JSON.
fn plain(setting: &Setting) -> Option<Value> {
    match setting {
        Setting::Number(value) => Some(json!(value)),
        Setting::Integer(value) => Some(json!(value)),
        Setting::Flag(value) => Some(json!(value)),
        Setting::Choice(word) => Some(json!(word)),
        Setting::Covariance(_)
        | Setting::Numbers(_)
        | Setting::Table(..)
        | Setting::Point(_)
        | Setting::Formula(_)
        | Setting::Text(_)
        | Setting::Texts(_)
        | Setting::Nested(_)
        | Setting::Records(_) => None,
    }
}

/// The values of a kind.
fn values(kind: Kind) -> Value {
    match kind {
        Kind::Number(range) => number(range),
        Kind::Integer(low, high) => whole(low, high),
        Kind::Batch(high) => whole(1, high),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Named(words, more) => named(words, more),
        Kind::Name(rows) => names((rows.all)()),
        Kind::Names(rows) => list(&names((rows.all)()), 0, usize::MAX),
        Kind::Text(text) => self::text(text),
        Kind::Texts(least, most) => list(&text(Text::Line), least, most),
        Kind::Formula(_) => text(Text::Formula),
        Kind::Interval => list(&finite(), 2, 2),
        Kind::Table(keys) => table(keys),
        Kind::TableOr(keys, words) => json!({ "anyOf": [table(keys), { "enum": words }] }),
        Kind::Tables(keys, least, most) => list(&table(keys), least, most),
        Kind::Covariance => list(&list(&finite(), 2, 2), 2, 2),
        // Of a family numbers by name, of a policy also a list a state.
        Kind::Point => json!({ "type": "object", "additionalProperties": { "anyOf": [finite(), nested(1)] } }),
        Kind::Nested(depth, File::No) => nested(depth),
        Kind::Nested(depth, _) => json!({ "anyOf": [nested(depth), file(&[])] }),
        Kind::Path => file(&[]),
        Kind::Numbers => json!({ "anyOf": [list(&finite(), 1, usize::MAX), file(&[csv::COLUMN])] }),
        Kind::Columns => json!({ "anyOf": [list(&finite(), 1, usize::MAX), file(&[csv::COLUMN, csv::COLUMNS])] }),
        Kind::Data => json!({ "anyOf": [
            list(&finite(), 1, usize::MAX),
            list(&list(&finite(), 2, 2), 1, usize::MAX),
            file(&[csv::COLUMN, csv::COLUMNS]),
        ] }),
    }
}

/// Numbers in lists nested so deep.
fn nested(depth: usize) -> Value {
    (0..depth).fold(finite(), |items, _| list(&items, 1, usize::MAX))
}

fn finite() -> Value {
    json!({ "type": "number" })
}

fn number(range: Range) -> Value {
    let mut schema = finite();
    let [low, high] = range.ends();
    for ((end, excluded), names) in [(low, ["minimum", "exclusiveMinimum"]), (high, ["maximum", "exclusiveMaximum"])] {
        if end.is_finite() {
            merge(&mut schema, json!({ (names[usize::from(excluded)]): end }));
        }
    }
    schema
}

fn whole(low: u64, high: u64) -> Value {
    let mut schema = json!({ "type": "integer", "minimum": low });
    if high <= EXACT {
        merge(&mut schema, json!({ "maximum": high }));
    }
    schema
}

fn text(text: Text) -> Value {
    match text {
        Text::Line => json!({ "type": "string", "maxLength": LONGEST }),
        Text::Separator => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        Text::Prose | Text::Formula => json!({ "type": "string" }),
    }
}

fn list(items: &Value, least: usize, most: usize) -> Value {
    let mut schema = json!({ "type": "array", "items": items, "minItems": least });
    if most < usize::MAX {
        merge(&mut schema, json!({ "maxItems": most }));
    }
    schema
}

/// One of these rows by name.
fn names(rows: Vec<Row>) -> Value {
    let one = |row: Row| json!({ "const": row.known.name, "description": row.doc });
    json!({ "oneOf": rows.into_iter().map(one).collect::<Vec<_>>() })
}

/// These words, and names of a model.
fn named(words: &[&str], more: More) -> Value {
    json!({ "anyOf": [{ "enum": words }, { "$ref": format!("#/$defs/{more}") }] })
}

/// Names of a model that is not known here: those of any, and whatever columns, states and actions are called.
fn of_any_model(more: More) -> Value {
    let mut all: Vec<&str> = match more {
        More::Parameters => FAMILIES.iter().flat_map(|info| info.parameters).collect(),
        More::Charts => named_models().into_iter().flat_map(|(_, _, charts)| charts).collect(),
    };
    all.sort_unstable();
    all.dedup();
    json!({ "anyOf": [{ "enum": all }, { "type": "string" }] })
}

/// Every model that a scenario may name: the key, the name, the charts.
fn named_models() -> Vec<(Field, &'static str, Vec<&'static str>)> {
    let families = FAMILIES.iter().map(|info| (model::FAMILY, info.name, charts(info)));
    let policies = POLICIES
        .iter()
        .map(|info| (model::POLICY, info.name, info.charts().iter().map(|(_, chart)| chart.name).collect()));
    let values = VALUES
        .iter()
        .map(|info| (model::VALUE, info.name, info.charts().iter().map(|(_, chart)| chart.name).collect()));
    families.chain(policies).chain(values).collect()
}

fn charts(info: &FamilyInfo) -> Vec<&'static str> {
    info.charts.iter().map(|chart| chart.name).collect()
}

/// A table that names a CSV file, and columns of it by one of these keys.
fn file(columns: &[Field]) -> Value {
    let mut schema = object(&[csv::KEYS, columns].concat());
    if !columns.is_empty() {
        let names: Vec<&str> = columns.iter().map(|field| field.name).collect();
        merge(&mut schema, one_of(&names));
    }
    schema
}

/// What each model leaves of the keys and names of other tables.
fn models() -> Vec<Value> {
    let policies = |(key, name, charts): (Field, &'static str, Vec<&'static str>)| {
        let wanted = json!({ (key.name): { "const": name } });
        let then = json!({ "required": [PROCESS.name], "properties": narrowed(ROOT, &charts, None) });
        if_model(&key, &wanted, &then)
    };
    let others = named_models().into_iter().filter(|(key, ..)| key.name != model::FAMILY.name).map(policies);
    FAMILIES.iter().map(|info| of_family(info)).chain(others).collect()
}

fn if_model(key: &Field, wanted: &Value, then: &Value) -> Value {
    json!({
        "if": { "properties": { (MODEL.name): { "properties": wanted, "required": [key.name] } } },
        "then": then,
    })
}

/// What a family leaves of the names that other tables use; a design of several columns brings names of its own.
fn of_family(info: &'static FamilyInfo) -> Value {
    let mut wanted = json!({ (model::FAMILY.name): { "const": info.name } });
    for field in info.fixed.iter().filter(|field| matches!(field.kind, Kind::Columns)) {
        let own = json!({ "not": { "type": "object", "required": [csv::COLUMNS.name] } });
        merge(&mut wanted, json!({ (field.name): own }));
    }
    let mut properties = narrowed(ROOT, &charts(info), Some(&point(info)));
    properties.insert(PROCESS.name.to_owned(), json!(false));
    if_model(&model::FAMILY, &wanted, &json!({ "required": [START.name], "properties": properties }))
}

/// The keys of a table whose values depend on the model, with what is left of these.
fn narrowed(keys: &[Field], charts: &[&'static str], point: Option<&Value>) -> Map<String, Value> {
    let one = |field: Field| {
        let schema = match field.kind {
            Kind::Point => point?.clone(),
            Kind::Named(words, More::Charts) => json!({ "enum": ([words, charts].concat()) }),
            Kind::Table(keys) if !names_a_family(keys) => inside(&narrowed(keys, charts, point))?,
            Kind::Tables(keys, ..) => json!({ "items": inside(&narrowed(keys, charts, point))? }),
            _ => return None,
        };
        Some((field.name.to_owned(), schema))
    };
    every_field(keys).into_iter().filter_map(one).collect()
}

/// Whether a table may name a family other than the model's.
fn names_a_family(keys: &[Field]) -> bool {
    keys.iter().any(|field| field.name == model::FAMILY.name && matches!(field.default, Preset::Unset))
}

fn inside(properties: &Map<String, Value>) -> Option<Value> {
    (!properties.is_empty()).then(|| json!({ "properties": properties }))
}

/// A point by the family's canonical parameters.
fn point(info: &FamilyInfo) -> Value {
    let named = |name: &str| (name.to_owned(), finite());
    json!({
        "properties": info.parameters.map(named).into_iter().collect::<Map<_, _>>(),
        "required": info.parameters,
        "additionalProperties": false,
    })
}

/// Adds the keys of one object to another.
fn merge(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}
