//! Parts of an ensemble, as files: a part of m is every m-th seed, and parts together are the whole.
//!
//! A part carries what is needed to print the whole, and a fingerprint of its race, so that a part of another race is recognised.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ensemble::Head;
use crate::race::World;
use crate::race::ensemble::{Ensemble, Run};
use crate::scenario::Model;

/// How a part begins: the name of the format and its version.
const MAGIC: &[u8; 16] = b"geodescent part\x01";

/// Which part of how many, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Its number, from 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
}

impl Shard {
    /// The whole, as its only part.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// The seeds of this part: in turns, so that parts are of equal size.
    #[must_use]
    pub fn seeds(self, first: u64, count: u64) -> Vec<u64> {
        let own = (self.number - 1..count).step_by(usize::try_from(self.of).unwrap_or(usize::MAX));
        own.map(|place| first + place).collect()
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What the members have in common.
    pub head: Head,
    /// A fingerprint of everything that the race depends on.
    pub race: u64,
    /// Which part it is.
    pub shard: Shard,
    /// Its runs, in the order of their seeds.
    pub runs: Vec<Run>,
}

/// Why bytes are no part, or parts no whole.
pub type Reason = String;

impl Part {
    /// The part as bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        // Only writing could fail, and there is room for all of it.
        bytes.extend(postcard::to_stdvec(self).unwrap_or_default());
        bytes
    }

    /// The part that was written as bytes.
    ///
    /// # Errors
    /// In words, what they are instead.
    pub fn read(bytes: &[u8]) -> Result<Self, Reason> {
        let body = bytes.strip_prefix(MAGIC).ok_or("it is not a part of an ensemble of this version")?;
        let part: Self = postcard::from_bytes(body).map_err(|_| "it is damaged or cut short")?;
        let own = part.shard.seeds(part.head.seed, part.head.seeds);
        let whole = part.runs.iter().map(|run| run.seed).eq(own);
        if whole { Ok(part) } else { Err("it lacks some of its seeds".to_owned()) }
    }
}

/// A number that races which differ in anything but the way they are shown do not share: FNV-1a of what the scenario says.
///
/// Rows of registries go by their names: what else is in them differs from run to run of the program.
#[must_use]
pub fn fingerprint(world: &World) -> u64 {
    let scenario = &world.scenario;
    let model = match &scenario.model {
        Model::Family(model) => format!("{} {:?}", model.family.name, model.settings),
        Model::Policy(_, agent) => format!("{agent:?}"),
        Model::Value(_, value) => format!("{value:?}"),
    };
    let goal = &scenario.objective;
    let drawn = goal.drawn.as_ref().map(|drawn| (drawn.family.name, &drawn.settings, drawn.from, drawn.size));
    // What was drawn is another sample for every seed.
    let settings = if drawn.is_some() { String::new() } else { format!("{:?}", goal.settings) };
    let racers: Vec<String> = scenario
        .racers
        .iter()
        .map(|r| {
            format!("{} {:?} {:?} {:?} {:?} {:?}", r.kind.name, r.settings, r.chart, r.schedule, r.kl_cap, r.baseline)
        })
        .collect();
    let measures: Vec<String> = scenario
        .measures
        .iter()
        .map(|m| format!("{} {:?} {:?} {:?}", m.info.name, m.settings, m.racers, m.expect))
        .collect();
    let text = format!(
        "{model} {} {settings} {drawn:?} {:?} {} {:?} {racers:?} {measures:?}",
        goal.kind.name, scenario.start, scenario.steps, scenario.pace
    );
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The whole that named parts make up.
///
/// # Errors
/// In words: which part is missing, is there twice, or belongs to another race.
pub fn merge(parts: Vec<(String, Part)>) -> Result<(Head, Ensemble), Reason> {
    let Some((first_name, first)) = parts.first() else { return Err("no parts are named".to_owned()) };
    let (head, race, of) = (first.head.clone(), first.race, first.shard.of);
    let mut seen: BTreeMap<u64, &str> = BTreeMap::new();
    for (name, part) in &parts {
        if (part.race, &part.head) != (race, &head) {
            return Err(format!("{name} is a part of another race than {first_name}"));
        }
        if part.shard.of != of {
            return Err(format!("{name} is part {}, but {first_name} is one of {of}", part.shard));
        }
        if let Some(other) = seen.insert(part.shard.number, name) {
            return Err(format!("{name} and {other} are both part {}", part.shard));
        }
    }
    let missing: Vec<String> =
        (1..=of).filter(|number| !seen.contains_key(number)).map(|n| format!("{n}/{of}")).collect();
    if !missing.is_empty() {
        return Err(format!("missing: part {}", missing.join(", ")));
    }
    let mut runs: Vec<Run> = parts.into_iter().flat_map(|(_, part)| part.runs).collect();
    runs.sort_by_key(|run| run.seed);
    Ok((head, runs.into_iter().collect()))
}
