//! `[process]`, and what a policy or a value function in it is.
//!
//! Knows no process by name: everything is read off the rows of the registries, which also say what is wrong with a table.

use std::sync::Arc;

use super::Model as Spec;
use super::check_nested::report;
use super::reader::{Entry, Section};
use super::schema::process::KEYS;
use super::schema::{MODEL, PROCESS};
use crate::problem::policy::{Agent, PolicyInfo};
use crate::problem::process::{PROCESSES, Process};
use crate::problem::value::ValueInfo;

/// The process, which the scenario must have.
fn process(root: &Section<'_>) -> Option<Process> {
    let wanted = "say where the policy acts: [process] kind = \"bandit\"";
    let entry = root.need(PROCESS.name, wanted)?;
    let (section, place) = entry.section("[process]")?.row(KEYS)?;
    let info = PROCESSES[place];
    let settings = section.settings(info.fields)?;
    (info.build)(&settings).map_err(|fault| report(&section, &entry, &fault)).ok()
}

/// Refuses a process beside a family.
pub(super) fn refuse(root: &Section<'_>, family: &str) {
    if let Some(entry) = root.get(PROCESS.name) {
        let message = format!("`{}` is for policies and value functions, and {family} is a family", PROCESS.name);
        let help = format!("help: remove it, or write policy = \"softmax\" in [{}]", MODEL.name);
        entry.report(message, Some(help));
        // Mistakes inside the table are reported as well.
        let _ = entry.section("[process]").and_then(|section| section.row(KEYS));
    }
}

/// A policy; `section` is `[model]`, `whole` the entry that names it.
pub(super) fn policy(
    root: &Section<'_>,
    section: &Section<'_>,
    whole: &Entry<'_>,
    info: &'static PolicyInfo,
) -> Option<Spec> {
    let settings = section.settings(info.fields);
    let process = process(root)?;
    let form = (info.build)(&settings?, &process).map_err(|fault| report(section, whole, &fault)).ok()?;
    Some(Spec::Policy(info, Agent { form, process: Arc::new(process) }))
}

/// A value function.
pub(super) fn value(
    root: &Section<'_>,
    section: &Section<'_>,
    whole: &Entry<'_>,
    info: &'static ValueInfo,
) -> Option<Spec> {
    let settings = section.settings(info.fields);
    let process = process(root)?;
    let value = (info.build)(&settings?, &process).map_err(|fault| report(section, whole, &fault)).ok()?;
    Some(Spec::Value(info, value))
}
