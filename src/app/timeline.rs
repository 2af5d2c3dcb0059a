//! The playhead of a race: a step, whether it plays, how fast. Time comes in as an argument.
//!
//! Independent of the race: how far it has run, and what a cue means, is handled by `show`.

use std::time::Duration;

/// The speeds that `<` and `>` go through.
pub const SPEEDS: [f64; 9] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0];

/// The place of 1× among them.
pub const NORMAL: usize = 3;

/// A playhead over the steps of a race.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    step: usize,
    last: usize,
    furthest: usize,
    playing: bool,
    speed: usize,
    /// Steps per second at speed 1×.
    pace: f64,
    /// The part of a step that has passed since the last whole one.
    rest: f64,
}

impl Timeline {
    /// A playhead at the start of a race of `last` steps, paused; at speed 1× it makes `pace` steps per second.
    #[must_use]
    pub fn new(last: usize, pace: f64) -> Self {
        Self { step: 0, last, furthest: 0, playing: false, speed: NORMAL, pace, rest: 0.0 }
    }

    /// The step shown.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// The race's last step.
    #[must_use]
    pub const fn last(&self) -> usize {
        self.last
    }

    /// The furthest step ever shown: nothing beyond it is revealed.
    #[must_use]
    pub const fn furthest(&self) -> usize {
        self.furthest
    }

    /// Whether time moves it.
    #[must_use]
    pub const fn playing(&self) -> bool {
        self.playing
    }

    /// The playback speed, as a multiple of its pace.
    #[must_use]
    pub fn speed(&self) -> f64 {
        SPEEDS[self.speed]
    }

    /// The place of its speed among [`SPEEDS`].
    #[must_use]
    pub const fn place_of_speed(&self) -> usize {
        self.speed
    }

    /// Sets the steps per second at speed 1×, and the speed by its place among [`SPEEDS`].
    pub fn set_pace(&mut self, pace: f64, speed: usize) {
        (self.pace, self.speed) = (pace, speed.min(SPEEDS.len() - 1));
    }

    /// Steps per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.pace * self.speed()
    }

    /// The cell of a step where the timeline has so many.
    #[must_use]
    pub fn cell(&self, step: usize, of: u16) -> u16 {
        let share = step.min(self.last) as f64 / self.last.max(1) as f64;
        (share * f64::from(of.saturating_sub(1))).round() as u16
    }

    /// Goes to a step, at most the last.
    pub fn seek(&mut self, step: usize) {
        self.step = step.min(self.last);
        self.furthest = self.furthest.max(self.step);
        self.rest = 0.0;
    }

    /// Plays or pauses; from the end, plays from the start.
    pub fn toggle(&mut self) {
        if !self.playing && self.step == self.last {
            self.seek(0);
        }
        self.playing = !self.playing && self.last > 0;
    }

    /// Stops at a step while nothing beyond it is computed yet, and plays on from there.
    pub fn wait_at(&mut self, step: usize) {
        if self.step > step {
            self.seek(step);
            (self.furthest, self.playing) = (self.furthest.min(step), true);
        }
    }

    /// Pauses.
    pub fn pause(&mut self) {
        self.playing = false;
    }

    /// To the start, paused, as if nothing had been seen yet.
    pub fn rewind(&mut self) {
        self.pause();
        self.seek(0);
        self.furthest = 0;
    }

    /// Slower (−1) or faster (+1).
    pub fn change_speed(&mut self, by: isize) {
        self.speed = self.speed.saturating_add_signed(by).min(SPEEDS.len() - 1);
    }

    /// The time until the next step; zero while it is paused.
    #[must_use]
    pub fn until_next_step(&self) -> Duration {
        if self.playing { Duration::from_secs_f64((1.0 - self.rest) / self.rate()) } else { Duration::ZERO }
    }

    /// Lets time pass. Stops at the last step and, if one lies on the way, at the first step for which `holds` is true.
    /// Returns whether the step changed.
    pub fn advance(&mut self, elapsed: Duration, holds: impl Fn(usize) -> bool) -> bool {
        if !self.playing {
            return false;
        }
        self.rest += elapsed.as_secs_f64() * self.rate();
        let whole = self.rest.floor();
        self.rest -= whole;
        // After a stall of the whole machine the picture must not jump to the end: at most a fifth of a second counts.
        let most = (0.2 * self.rate()).ceil().max(1.0);
        let steps = whole.min(most) as usize;
        let before = self.step;
        for _ in 0..steps {
            if self.step == self.last {
                break;
            }
            self.step += 1;
            if holds(self.step) {
                self.playing = false;
                break;
            }
        }
        if self.step == self.last {
            self.playing = false;
        }
        self.furthest = self.furthest.max(self.step);
        self.step != before
    }
}
