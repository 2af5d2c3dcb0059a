//! The list of scenarios to choose from, and the preview of the chosen one.
//!
//! Where they come from (built-in or files) is up to the caller.

use std::time::Duration;

use super::{Show, Turn};
use crate::scenario::{BUILTIN, Builtin, Document, Overlay};
use crate::text::is_unsafe;

/// One scenario in the list.
#[derive(Debug, Default)]
pub struct Entry {
    /// The name by which the command line knows it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// A few sentences.
    pub notes: String,
    /// The chapter that lists it, beside its neighbours of the same chapter; empty in a list without chapters.
    pub chapter: String,
    /// The scenario itself; `None` if it cannot be read, or has not been yet.
    pub show: Option<Show>,
    /// What it is parsed from when first chosen, so that a long list opens at once.
    pub document: Option<Document>,
}

/// The list, what is chosen in it, and the filter.
#[derive(Debug, Default)]
pub struct Gallery {
    /// Every scenario.
    pub entries: Vec<Entry>,
    /// The chosen one: an index into `entries`.
    pub chosen: usize,
    /// Words that a scenario must have to be listed.
    pub filter: String,
    /// Overlays that are off in every scenario.
    without: Vec<Overlay>,
    /// The preview of the entry that was chosen last.
    preview: Option<Box<Preview>>,
}

/// A race that plays once and then rests. The entry's own show stays where it is.
#[derive(Debug)]
struct Preview {
    /// Of which entry: an index into `entries`.
    of: usize,
    /// The scenario's text: keys may have changed it while it was on screen.
    text: Option<String>,
    show: Show,
    /// How long it has played.
    played: Duration,
}

/// How long a preview plays, however many steps its race has.
const PREVIEW: Duration = Duration::from_secs(6);
/// The most that a preview advances at once: after a stall of the machine it must not jump to the end.
const LEAP: Duration = Duration::from_millis(200);
/// Steps of a preview's race, counting each racer's, that one call may cost; the rest follows in later calls.
const AT_ONCE: usize = 2_000;

/// The maximum length of a filter: more would not be visible.
const LONGEST: usize = 40;

impl Gallery {
    /// A list with its first entry chosen.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut gallery = Self { entries, ..Self::default() };
        gallery.read();
        gallery
    }

    /// Reads the chosen scenario, if that has not been done.
    fn read(&mut self) {
        let Some(entry) = self.entries.get_mut(self.chosen) else { return };
        let Some(document) = entry.document.take() else { return };
        entry.show = Show::open(document).ok();
        if let Some(show) = &mut entry.show {
            self.without.iter().for_each(|overlay| show.leave_out(*overlay));
        }
    }

    /// The indices of the entries that pass the filter, in order.
    #[must_use]
    pub fn listed(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let words = self.words();
        (0..self.entries.len()).filter(move |place| self.entries[*place].has(&words))
    }

    fn words(&self) -> Vec<String> {
        self.filter.split_whitespace().map(str::to_lowercase).collect()
    }

    /// The chosen entry, if it is listed.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.entries.get(self.chosen).filter(|entry| entry.has(&self.words()))
    }

    /// Chooses an entry by its index.
    pub fn pick(&mut self, place: usize) {
        self.chosen = place.min(self.entries.len().saturating_sub(1));
        self.read();
    }

    /// Chooses the entry before (−1) or after (+1) among those listed; stays at either end.
    pub fn choose(&mut self, by: isize) {
        self.go(if by < 0 { Turn::Back } else { Turn::On }, by.unsigned_abs());
    }

    /// Chooses another of the listed entries; one step of `turn` is `stride` entries.
    pub fn go(&mut self, turn: Turn, stride: usize) {
        let listed: Vec<usize> = self.listed().collect();
        let here = listed.iter().position(|place| *place == self.chosen).unwrap_or(0);
        if let Some(place) = listed.get(turn.go(here, listed.len().saturating_sub(1), stride)) {
            self.pick(*place);
        }
    }

    /// The listed entries by chapter: name and indices, in order.
    #[must_use]
    pub fn chapters(&self) -> Vec<(&str, Vec<usize>)> {
        let mut chapters: Vec<(&str, Vec<usize>)> = Vec::new();
        for place in self.listed() {
            let name = self.entries[place].chapter.as_str();
            match chapters.last_mut() {
                Some((last, places)) if *last == name => places.push(place),
                _ => chapters.push((name, vec![place])),
            }
        }
        chapters
    }

    /// Chooses the first entry of a chapter; nothing if there is no such chapter.
    pub fn choose_chapter(&mut self, chapter: usize) {
        let first = self.chapters().get(chapter).and_then(|(_, places)| places.first().copied());
        if let Some(place) = first {
            self.pick(place);
        }
    }

    /// Chooses the first entry of the chapter before or after.
    pub fn turn_chapter(&mut self, turn: Turn) {
        let chapters = self.chapters();
        let here = chapters.iter().position(|(_, places)| places.contains(&self.chosen)).unwrap_or(0);
        let there = turn.go(here, chapters.len().saturating_sub(1), 1);
        self.choose_chapter(there);
    }

    /// The chosen entry's race, as its preview shows it; `None` if there is no such entry or it cannot be read.
    #[must_use]
    pub fn preview(&self) -> Option<&Show> {
        self.live().map(|preview| &preview.show).or(self.entry()?.show.as_ref())
    }

    /// Whether the chosen entry's preview has not played to its end yet.
    #[must_use]
    pub fn playing(&self) -> bool {
        match self.live() {
            Some(preview) => preview.show.timeline.step() < preview.show.timeline.last(),
            None => self.entry().is_some_and(|entry| entry.show.is_some()),
        }
    }

    /// Advances the preview; starts that of a newly chosen entry. Returns whether the picture changed.
    pub fn advance(&mut self, elapsed: Duration) -> bool {
        if !self.playing() {
            return false;
        }
        if self.live().is_some() {
            return self.preview.as_mut().is_some_and(|preview| preview.advance(elapsed));
        }
        let show = self.entry().and_then(|entry| entry.show.as_ref());
        self.preview = show.map(|show| Box::new(Preview::new(self.chosen, show)));
        true
    }

    /// Makes up to `budget` steps of the previewed race. Returns whether there is more to do.
    pub fn work(&mut self, budget: usize) -> bool {
        self.unfinished() && self.preview.as_mut().is_some_and(|preview| preview.show.work(budget))
    }

    /// Whether the previewed race is not run to its end yet.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        self.live().is_some_and(|preview| preview.show.unfinished())
    }

    /// Whether all that is left to compute is computed by jobs.
    #[must_use]
    pub fn resting(&self) -> bool {
        self.live().is_none_or(|preview| preview.show.resting())
    }

    /// The preview, if it is that of the chosen entry as it is now.
    fn live(&self) -> Option<&Preview> {
        let show = self.entry()?.show.as_ref()?;
        self.preview.as_deref().filter(|preview| preview.of == self.chosen && preview.text.as_deref() == text(show))
    }

    /// A letter is typed into the filter.
    pub fn type_letter(&mut self, letter: char) {
        if self.filter.chars().count() < LONGEST && !is_unsafe(letter) {
            self.filter.push(letter);
        }
        self.choose(0);
    }

    /// The filter's last letter is deleted.
    pub fn erase(&mut self) {
        self.filter.pop();
        self.choose(0);
    }

    /// Turns an overlay off in every scenario.
    pub fn leave_out(&mut self, overlay: Overlay) {
        self.preview = None;
        self.without.push(overlay);
        self.entries.iter_mut().filter_map(|entry| entry.show.as_mut()).for_each(|show| show.leave_out(overlay));
    }

    /// Clears the filter.
    pub fn clear(&mut self) {
        self.filter.clear();
    }
}

impl Entry {
    /// The built-in scenarios, each of which is read when it is chosen.
    #[must_use]
    pub fn builtins() -> Vec<Self> {
        BUILTIN.iter().map(Self::of_builtin).collect()
    }

    fn of_builtin(builtin: &Builtin) -> Self {
        let document = Document::of_builtin(builtin);
        let (title, notes) = document.headline().unwrap_or_default();
        let (name, chapter) = (builtin.name.to_owned(), builtin.chapter.to_owned());
        Self { name, title, notes, chapter, show: None, document: Some(document) }
    }

    /// The tagline: the first sentence of the notes.
    #[must_use]
    pub fn tagline(&self) -> &str {
        let mut ends = self.notes.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
        let end = ends.find(|end| self.notes[*end..].starts_with(' '));
        &self.notes[..end.unwrap_or(self.notes.len())]
    }

    /// The notes after the tagline.
    #[must_use]
    pub fn story(&self) -> &str {
        self.notes[self.tagline().len()..].trim_start()
    }

    /// Whether its name, title and notes together contain all words, given in lower case.
    fn has(&self, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let text = format!("{} {} {}", self.name, self.title, self.notes).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

impl Preview {
    fn new(of: usize, show: &Show) -> Self {
        let text = text(show).map(str::to_owned);
        Self { of, text, show: Show::new(show.world.clone()), played: Duration::ZERO }
    }

    fn advance(&mut self, elapsed: Duration) -> bool {
        self.show.work(AT_ONCE);
        let timeline = &mut self.show.timeline;
        self.played = (self.played + elapsed.min(LEAP)).min(PREVIEW);
        let share = self.played.as_secs_f64() / PREVIEW.as_secs_f64();
        let step = ((share * timeline.last() as f64) as usize).min(self.show.race.reached());
        let before = timeline.step();
        timeline.seek(step);
        step != before
    }
}

fn text(show: &Show) -> Option<&str> {
    show.document().map(Document::text)
}
