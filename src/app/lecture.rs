//! What a lecturer's hand does beside the race: captions that a hall can read, going to a step by its number, questions
//! before their answers, and a show that plays by itself.

use std::time::Duration;

use super::{App, Effect, Gallery, Layer, Screen, Show};

/// How large captions are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Captions {
    /// In the last row, beside the keys.
    #[default]
    Line,
    /// In rows of their own.
    Bar,
    /// In large letters.
    Large,
}

/// A show that plays without a key.
#[derive(Debug, Clone, Copy)]
pub struct Autoplay {
    /// How long it waits where a cue holds, before an answer, and at the end.
    pub hold: Duration,
    /// Whether the program ends with it.
    pub once: bool,
    /// How long it has been waiting.
    pub waited: Duration,
}

impl Autoplay {
    /// One that has not begun yet.
    #[must_use]
    pub const fn new(hold: Duration, once: bool) -> Self {
        Self { hold, once, waited: Duration::ZERO }
    }
}

impl App {
    /// Plays the show by itself until a key is pressed.
    #[must_use]
    pub fn played(mut self, autoplay: Autoplay) -> Self {
        self.autoplay = Some(autoplay);
        if let Some(show) = self.shown().filter(|show| !show.held()) {
            show.toggle_playing();
        }
        self
    }

    /// With captions of a size.
    #[must_use]
    pub const fn captioned(mut self, captions: Captions) -> Self {
        (self.captions, self.plain_captions) = (captions, captions);
        self
    }

    /// Whether a show that was to be played once has come to its end.
    #[must_use]
    pub fn over(&self) -> bool {
        self.autoplay.is_some_and(|autoplay| autoplay.once && autoplay.waited >= autoplay.hold) && self.ended()
    }

    fn ended(&self) -> bool {
        matches!(&self.screen, Screen::Show(show) if show.ended())
    }

    /// How long a show that plays by itself still waits, if it does.
    pub(super) fn waits(&self) -> Option<Duration> {
        let autoplay = self.autoplay.filter(|autoplay| !self.ended() || autoplay.waited < autoplay.hold)?;
        matches!(&self.screen, Screen::Show(show) if !show.timeline.playing())
            .then(|| autoplay.hold.saturating_sub(autoplay.waited))
    }

    /// Lets time pass where a show that plays by itself waits. Returns whether it went on.
    pub(super) fn wait(&mut self, elapsed: Duration) -> bool {
        let (Some(_), Some(autoplay)) = (self.waits(), &mut self.autoplay) else { return false };
        autoplay.waited += elapsed;
        if autoplay.waited < autoplay.hold || self.ended() {
            return false;
        }
        self.autoplay = self.autoplay.map(|autoplay| Autoplay::new(autoplay.hold, autoplay.once));
        self.shown().into_iter().for_each(Show::go_on);
        true
    }

    /// Goes on at the playhead's step; does something else if nothing waits there.
    pub(super) fn unless_waiting(&mut self, otherwise: impl FnOnce(&mut Self) -> Effect) -> Effect {
        match self.attempt(Show::next_stop) {
            Effect::None => otherwise(self),
            effect => effect,
        }
    }

    /// A letter is typed into the topmost layer.
    pub(super) fn type_letter(&mut self, letter: char) -> Effect {
        if self.layers.command().is_some() {
            return self.type_command(letter);
        }
        let Some(typed) = self.layers.number() else {
            return self.in_gallery(|gallery| gallery.type_letter(letter));
        };
        if !letter.is_ascii_digit() {
            return self.tell("a step is a number: digits, then Enter");
        }
        if typed.len() < DIGITS {
            typed.push(letter);
        }
        Effect::Redraw
    }

    /// The last letter that was typed is deleted.
    pub(super) fn erase(&mut self) -> Effect {
        if let Some(typed) = self.layers.command() {
            typed.pop();
            return Effect::Redraw;
        }
        match self.layers.number() {
            Some(typed) => drop(typed.pop()),
            None => return self.in_gallery(Gallery::erase),
        }
        Effect::Redraw
    }

    /// Goes to the step that was typed.
    pub(super) fn go_to(&mut self) -> Effect {
        let typed = self.layers.number().map(|typed| typed.parse::<usize>());
        self.layers.close(&Layer::GoTo(String::new()));
        let Some(Ok(step)) = typed else { return Effect::Redraw };
        let last = self.current().map_or(0, |show| show.timeline.last());
        if step > last {
            return self.tell(format!("there is no step {step}: this race has {last}"));
        }
        self.seek(|_| step)
    }

    /// Large captions, or those the program was started with.
    pub(super) fn turn_captions(&mut self) -> Effect {
        let large = self.captions == Captions::Large;
        self.captions = if large { self.plain_captions } else { Captions::Large };
        Effect::Redraw
    }

    /// Opens and closes the answers to the measures as the stage says.
    pub(super) fn follow_stage(&mut self) {
        let Some(open) = self.shown().map(|show| show.measures_now()) else { return };
        match (open, self.layers.has(&Layer::Measures)) {
            (true, false) => self.open_answers(),
            (false, true) => {
                self.layers.close(&Layer::Measures);
                self.shown().into_iter().for_each(|show| show.want_answers(false));
            }
            _ => {}
        }
    }

    /// A cue opens the answers: whoever wrote it has decided that they may be seen.
    fn open_answers(&mut self) {
        self.layers.open(Layer::Measures);
        if let Some(show) = self.shown() {
            show.reveal();
            show.want_answers(true);
        }
    }

    /// The same after a key; if that has opened or closed them, this is the hand's doing.
    pub(super) fn follow_hand(&mut self, before: bool) {
        let open = self.layers.has(&Layer::Measures);
        if let Some(show) = self.shown().filter(|_| open != before) {
            show.set_measures(open);
            if open && show.question().is_some() {
                self.tell("the answers are hidden with the one to the question");
            }
        }
        self.follow_stage();
    }
}

/// As many digits as the largest number of steps has.
const DIGITS: usize = 7;

impl Show {
    /// What comes next without a key: what waits at this step, or the race.
    pub fn go_on(&mut self) {
        if !self.next_stop() {
            self.toggle_playing();
        }
    }

    /// Goes to the last stop of the playhead's step: at the end of a show no question is left.
    pub fn conclude(&mut self) {
        while self.next_stop() {}
    }

    /// Whether nothing comes any more.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.timeline.step() == self.timeline.last() && !self.has_next_stop()
    }
}
