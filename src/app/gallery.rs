//! The list of scenarios to choose from.
//!
//! Where they come from (built in, files) is the caller's business.

use super::Show;
use super::key::{Code, Key};

/// One scenario in the list.
#[derive(Debug)]
pub struct Entry {
    /// The name by which the command line knows it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// A few sentences.
    pub notes: String,
    /// The scenario itself; none where it cannot be read.
    pub show: Option<Show>,
}

/// The list, what is chosen in it, and the filter.
#[derive(Debug, Default)]
pub struct Gallery {
    /// Every scenario.
    pub entries: Vec<Entry>,
    /// The chosen one: a place in `entries`.
    pub chosen: usize,
    /// Words that a scenario must have to be listed.
    pub filter: String,
    /// Whether keys go into the filter.
    pub filtering: bool,
}

/// What a filter may be long: more cannot be seen.
const LONGEST: usize = 40;

impl Gallery {
    /// A list with its first entry chosen.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// The places of the entries that the filter lets through, in order.
    pub fn listed(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        self.entries.iter().enumerate().filter_map(move |(place, entry)| {
            let text = format!("{} {} {}", entry.name, entry.title, entry.notes).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str())).then_some(place)
        })
    }

    /// The chosen entry, if it is listed.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.listed().find(|place| *place == self.chosen).and_then(|place| self.entries.get(place))
    }

    /// Chooses the entry before (−1) or after (+1) among those listed; stays at either end.
    pub fn choose(&mut self, by: isize) {
        let listed: Vec<usize> = self.listed().collect();
        let here = listed.iter().position(|place| *place == self.chosen).unwrap_or(0);
        if let Some(place) = listed.get(here.saturating_add_signed(by).min(listed.len().saturating_sub(1))) {
            self.chosen = *place;
        }
    }

    /// A key while the filter is typed. Gives back false where the key is none of the filter's.
    pub fn type_key(&mut self, key: Key) -> bool {
        match (key.code, key.typed()) {
            (_, Some(c)) if self.filter.chars().count() < LONGEST && !c.is_control() => self.filter.push(c),
            (_, Some(_)) => {}
            (Code::Backspace, _) => drop(self.filter.pop()),
            (Code::Enter, _) => self.filtering = false,
            (Code::Esc, _) => self.clear(),
            _ => return false,
        }
        self.choose(0);
        true
    }

    /// Lists everything again.
    pub fn clear(&mut self) {
        self.filter.clear();
        self.filtering = false;
    }
}
