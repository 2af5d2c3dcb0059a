//! A show that plays by itself, from its start to its end: which of its states are seen, and when.
//!
//! Has no clock: times are counted from the start of the film. Drawing and encoding are left to the caller.

use std::ops::Range;
use std::time::Duration;

use super::Show;

/// The maximum time by which a show is advanced at once: after a longer one a playhead assumes that the machine was
/// suspended.
const AT_ONCE: Duration = Duration::from_millis(100);

/// A film of a show.
#[derive(Debug)]
pub struct Film {
    fps: u32,
    hold: Duration,
    /// When the show was last set going, and how many frames ago.
    since: Duration,
    frames: u32,
    /// How many cues have been reached.
    cues: usize,
    started: bool,
}

/// A state of the show that differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// When it is seen.
    pub at: Duration,
    /// The cues that it has reached, as indices into the scenario's list.
    pub cues: Range<usize>,
}

impl Film {
    /// A film with so many frames per second (at least one) that waits at cues that hold, and before answers.
    #[must_use]
    pub fn new(fps: u16, hold: Duration) -> Self {
        Self { fps: u32::from(fps.max(1)), hold, since: Duration::ZERO, frames: 0, cues: 0, started: false }
    }

    /// Moves a show on to the next frame; `None` once it has come to its end. The race must have been run to its end.
    pub fn next(&mut self, show: &mut Show) -> Option<Frame> {
        if !std::mem::replace(&mut self.started, true) {
            if !show.held() && show.timeline.last() > 0 {
                show.toggle_playing();
            }
            return Some(self.frame(show));
        }
        if show.ended() {
            return None;
        }
        if !show.timeline.playing() {
            (self.since, self.frames) = (self.now() + self.hold, 0);
            show.go_on();
            if !show.timeline.playing() {
                return Some(self.frame(show));
            }
        }
        loop {
            let before = self.now();
            self.frames += 1;
            let mut left = self.now().saturating_sub(before);
            let mut changed = false;
            while !left.is_zero() && show.timeline.playing() {
                let part = left.min(AT_ONCE);
                changed |= show.advance(part);
                left = left.saturating_sub(part);
            }
            if changed {
                return Some(self.frame(show));
            }
        }
    }

    /// How long the film is, once it has come to its end: its last frame is held, too.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.now() + self.hold
    }

    fn now(&self) -> Duration {
        self.since + Duration::from_secs(self.frames.into()) / self.fps
    }

    fn frame(&mut self, show: &Show) -> Frame {
        let before = self.cues;
        self.cues = show.cue_place().map_or(0, |place| place + 1).max(before);
        Frame { at: self.now(), cues: before..self.cues }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Document;

    /// A race of six steps at two per second that waits at step 3; at step 4 there is another cue.
    fn show(hold: bool) -> Show {
        let cues = format!("[[cue]]\nstep = 3\nsay = \"look\"\nhold = {hold}\n[[cue]]\nstep = 4\nsay = \"go\"\n");
        let text = "version = 1\ntitle = \"A race\"\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"forward-kl\"\n\
            target = { mean = 1.0, sd = 1.0 }\n[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 6\n[view]\nspeed = 2.0\n\
            [[optimizer]]\nkind = \"sgd\"\n";
        let document = Document::from_text("race.toml", std::path::Path::new("."), &format!("{text}{cues}"));
        let mut show = Show::open(document).unwrap_or_else(|report| panic!("{report}"));
        while show.work(1000) {}
        show
    }

    /// The steps that a film shows, with their times in milliseconds and the cues they reach.
    fn seen(show: &mut Show, mut film: Film) -> (Vec<(usize, u128, usize)>, u128) {
        let mut seen = Vec::new();
        while let Some(frame) = film.next(show) {
            seen.push((show.timeline.step(), frame.at.as_millis(), frame.cues.len()));
        }
        (seen, film.length().as_millis())
    }

    #[test]
    fn a_film_is_as_long_as_its_show_and_its_holds() {
        let hold = Duration::from_secs(3);
        let wanted = [(0, 0, 0), (1, 500, 0), (2, 1000, 0), (3, 1500, 1), (4, 2000, 1), (5, 2500, 0), (6, 3000, 0)];
        assert_eq!(seen(&mut show(false), Film::new(30, hold)), (wanted.to_vec(), 6000));
        let held = wanted.map(|(step, at, cues)| (step, if step > 3 { at + 3000 } else { at }, cues));
        assert_eq!(seen(&mut show(true), Film::new(30, hold)), (held.to_vec(), 9000));
    }

    /// A frame a second is longer than a playhead lets pass at once.
    #[test]
    fn few_frames_a_second_make_no_film_longer() {
        let (frames, length) = seen(&mut show(false), Film::new(1, Duration::ZERO));
        assert_eq!(
            frames.iter().map(|frame| (frame.0, frame.1)).collect::<Vec<_>>(),
            [(0, 0), (2, 1000), (4, 2000), (6, 3000)]
        );
        assert_eq!(length, 3000);
    }
}
