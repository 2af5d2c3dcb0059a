//! Scenario files with one mistake each, and some that are right, against an independent expectation of the
//! message: position, words, suggestion, no control characters, a bounded size.

use std::fs;
use std::path::{Path, PathBuf};

use geodescent::family;
use geodescent::objective::OBJECTIVES;
use geodescent::optimizer;
use geodescent::scenario::Document;
use serde_json::Value;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("geodescent-errors-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the case");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.bytes().filter(|c| *c != b'=') {
        let digit = ALPHABET.iter().position(|a| *a == c).expect("a base64 digit");
        bits = (bits << 6 | u32::try_from(digit).expect("six bits")) & 0x00ff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits"));
        }
    }
    bytes
}

fn content(file: &Value) -> Vec<u8> {
    if let Some(text) = file.as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(text) = file["base64"].as_str() {
        return base64(text);
    }
    let pieces = file["pieces"].as_array().expect("text, base64 or pieces");
    pieces
        .iter()
        .flat_map(|piece| {
            let times = usize::try_from(piece[1].as_u64().expect("a count")).expect("a small count");
            piece[0].as_str().expect("text").repeat(times).into_bytes()
        })
        .collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|items| items.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// Whether a registry has a name; a record that needs one of a later day waits for it.
fn known(name: &str) -> bool {
    family::find(name).is_some()
        || optimizer::find(name).is_some()
        || OBJECTIVES.iter().any(|objective| objective.name == name)
}

fn names_place(text: &str, places: &Value) -> bool {
    places.as_array().expect("places").iter().any(|place| {
        let file = place[0].as_str().expect("a file");
        text.contains(file)
            && place[1].as_u64().is_none_or(|line| {
                let mark = format!(":{line}");
                text.match_indices(&mark).any(|(at, _)| {
                    let after = text[at + mark.len()..].chars().next();
                    !after.is_some_and(char::is_alphanumeric)
                })
            })
    })
}

fn faults(record: &Value, outcome: &Result<(), String>) -> Vec<String> {
    let mode = record["mode"].as_str().expect("a mode");
    let text = match outcome {
        Ok(()) if mode == "error" => return vec!["was accepted".to_owned()],
        Ok(()) => return Vec::new(),
        Err(text) if mode == "valid" => return vec![format!("was refused: {text}")],
        Err(text) => text,
    };
    let mut faults = Vec::new();
    if text.chars().any(|c| c.is_control() && c != '\n') {
        faults.push("has control characters".to_owned());
    }
    if text.len() >= 65536 {
        faults.push(format!("has {} bytes", text.len()));
    }
    if !names_place(text, &record["at"]) {
        faults.push(format!("does not name {}", record["at"]));
    }
    let wanted = strings(&record["words"]).into_iter().chain(record["suggestion"].as_str());
    faults.extend(wanted.filter(|word| !text.contains(word)).map(|word| format!("does not say {word}")));
    if !faults.is_empty() {
        faults.push(text.clone());
    }
    faults
}

fn outcome(folder: &Path, record: &Value) -> Result<(), String> {
    for (name, file) in record["files"].as_object().expect("files") {
        fs::write(folder.join(name), content(file)).expect("the case is written");
    }
    let path = folder.join(record["scenario"].as_str().expect("a scenario"));
    Document::open(&path).and_then(|document| document.check()).map(drop).map_err(|report| report.to_string())
}

/// Holds the checker against the records of a file, of which at least so many must have been looked at.
fn hold(file: &str, least: usize) {
    let text = fs::read_to_string(Path::new("tests/reference").join(file)).expect("the reference");
    let reference: Value = serde_json::from_str(&text).expect("JSON");
    let records = reference["records"].as_array().expect("records");
    let (mut held, mut bad) = (0, Vec::new());
    for (number, record) in records.iter().enumerate() {
        if !strings(&record["needs"]).into_iter().all(known) {
            continue;
        }
        let folder = Folder::new(&format!("{file}-{number}"));
        let faults = faults(record, &outcome(&folder.0, record));
        if faults.is_empty() {
            held += 1;
        } else {
            bad.push(format!("{}: {}", record["name"], faults.join("; ")));
        }
    }
    assert!(bad.is_empty(), "{held} hold, {} do not:\n{}", bad.len(), bad.join("\n"));
    assert!(held >= least, "only {held} records were looked at");
}

#[test]
fn every_mistake_is_told_with_its_place_and_every_right_file_is_accepted() {
    hold("invalid.json", 80);
}

#[test]
fn every_mistake_in_a_policy_or_its_process_is_told_with_its_place() {
    hold("policy-invalid.json", 80);
}
