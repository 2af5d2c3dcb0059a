//! The largest KL of a step so far, of every racer: what a `kl-step-max` measure will say at the end of the race, without a
//! look ahead.

use super::arrivals::readable;
use crate::app::Show;
use crate::scenario::measures::Question;

/// Whether a scenario asks for it, and reading it does not take too long.
#[must_use]
pub fn asked(show: &Show) -> bool {
    let mut measures = show.world.scenario.measures.iter();
    readable(show) && measures.any(|measure| measure.info.question == Question::KlStepMax)
}

/// What has been read of a race.
#[derive(Debug, Default)]
pub struct Largest {
    key: Option<u64>,
    racers: Vec<Records>,
}

/// The steps that were larger than every one before.
#[derive(Debug, Clone, Default)]
struct Records {
    /// How many rows have been read.
    read: usize,
    steps: Vec<(usize, f64)>,
}

impl Largest {
    /// Reads what time has added, up to the playhead.
    pub fn follow(&mut self, show: &Show) {
        let key = Some(show.race.revision()).filter(|_| asked(show));
        if self.key != key {
            *self = Self { key, racers: Vec::new() };
        }
        if key.is_none() {
            return;
        }
        let now = show.now();
        self.racers.resize_with(show.race.runners().len(), Records::default);
        for (records, trace) in self.racers.iter_mut().zip(show.race.traces()) {
            records.read_on(trace.rows.len().min(now + 1), |step| trace.rows.at(step).kl_step);
        }
    }

    /// The largest KL of a racer's steps up to `step`, nats; NaN before the first.
    #[must_use]
    pub fn at(&self, racer: usize, step: usize) -> f64 {
        self.racers.get(racer).map_or(f64::NAN, |records| records.at(step))
    }
}

impl Records {
    fn read_on(&mut self, rows: usize, kl: impl Fn(usize) -> f64) {
        for step in self.read..rows {
            let kl = kl(step);
            if kl.is_finite() && self.steps.last().is_none_or(|(_, largest)| kl > *largest) {
                self.steps.push((step, kl));
            }
        }
        self.read = self.read.max(rows);
    }

    fn at(&self, step: usize) -> f64 {
        let passed = self.steps.partition_point(|(at, _)| *at <= step);
        self.steps[..passed].last().map_or(f64::NAN, |(_, kl)| *kl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn a_record_stands_until_it_is_broken_and_stepping_back_forgets_it() {
        let kl = [f64::NAN, 0.1, 0.3, 0.2, f64::INFINITY, 0.4];
        let mut records = Records::default();
        records.read_on(3, |step| kl[step]);
        records.read_on(6, |step| kl[step]);
        assert!(records.at(0).is_nan());
        assert_eq!([1, 2, 3, 4, 5].map(|step| records.at(step)), [0.1, 0.3, 0.3, 0.3, 0.4]);
    }

    /// What the scenario expects of the whole race.
    #[test]
    fn the_largest_step_is_the_one_that_the_measure_expects() {
        let mut show = Show::new(World::open(&Document::builtin("policy-collapse").expect("built in")).expect("valid"));
        let mut largest = Largest::default();
        show.seek(12);
        while show.work(100_000) {}
        largest.follow(&show);
        assert!((largest.at(0, 12) - 167.425).abs() < 1e-3, "{largest:?}");
        assert!(largest.at(0, 0).is_nan());
    }
}
