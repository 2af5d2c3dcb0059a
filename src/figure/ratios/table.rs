//! The numbers: where each step leads, action by action, and the largest KL that each region lets through.

use super::clip::Clips;
use super::regions::{self, Most};
use super::tries::{Old, Stop, Try, What};
use crate::app::{Action, Show};
use crate::figure::racers::{radius, share};
use crate::figure::words::{Line, bold, dim, text};
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Words};
use crate::plot::text::{clip, width};

/// Where names begin, and the fewest columns that they have.
const NAME: u16 = 3;
const LEAST: u16 = 10;
/// The longest word on a step with its blank, and what names take before those of actions do, at least and at most.
const WORD: u16 = 10;
const WIDE: [u16; 2] = [16, 22];
/// The widths of a ratio, of a KL and of its share of δ.
const RATIO: u16 = 6;
/// What stands about an action's name in ASCII, with a blank.
const OWN: u16 = 6;
const COST: u16 = 8;
const SHARE: [u16; 2] = [7, 9];
/// The width of a table from which on its columns are wider, so that their names have room in ASCII, too.
const ROOMY: u16 = 58;
/// Columns between a bar and what stands about it, and of a number.
const GAP: u16 = 2;
const NUMBER: u16 = 9;
/// How far the bars go beyond the longest, at least.
const SPARE: f64 = 1.2;

/// What the tables are made of.
pub struct Numbers<'a> {
    /// The show.
    pub show: &'a Show,
    /// The policy.
    pub old: &'a Old,
    /// The steps that are shown.
    pub tries: &'a [Try],
    /// The clips.
    pub clips: Clips,
    /// The width of the table.
    pub columns: u16,
}

impl Numbers<'_> {
    /// Both tables in so many rows: the second only where it has room, and what the marks are only where that leaves so
    /// many rows to what stands below.
    #[must_use]
    pub fn both(&self, rows: u16, below: u16) -> Vec<Line> {
        let regions = self.regions();
        let rows = usize::from(rows);
        let all = self.stops().len() + 1;
        let room = if rows > all.min(8) + 2 + regions.len() { rows - regions.len() - 1 } else { rows };
        let mut table = self.candidates(room);
        if room < rows {
            table.push(Line::new());
            table.extend(regions);
        }
        let notes = self.notes();
        let fits = |below: u16| table.len() + notes.len() + usize::from(below) < rows;
        // Where there is no room for what stands below, the notes need not give way to it.
        if fits(below) || (fits(0) && table.len() + usize::from(below) > rows) {
            table.push(Line::new());
            table.extend(notes);
        }
        table
    }

    /// What the marks are.
    fn notes(&self) -> Vec<Line> {
        let searches = |found: &&Try| found.stops.iter().any(|stop| matches!(stop.what, What::Candidate(..)));
        let some = |yes: bool, words: &'static str| yes.then_some(words);
        let all = [
            some(self.tries.iter().any(|found| searches(&found)), "✓ taken  ✗ refused  △ conjugate gradient"),
            some(self.tries.iter().any(|found| !searches(&found)), "• after so many epochs"),
            some(!self.tries.is_empty(), "bold: ρ outside of the clip, KL above δ"),
            some(self.old.policy.actions > 3, "in the picture all other ρ are equal"),
        ];
        all.into_iter().flatten().map(|words| vec![dim(1, words)]).collect()
    }

    /// Where the steps lead, in at most so many rows with the heading.
    #[must_use]
    pub fn candidates(&self, rows: usize) -> Vec<Line> {
        let mut stops = self.stops();
        if self.show.question().is_some() {
            let words = format!("hidden until {}", Action::NextCue.key());
            return vec![vec![bold(1, "Candidates"), dim(12, &words)], vec![text(NAME, "?")]];
        }
        let mut table = vec![self.heading()];
        // What was only passed goes first where there is no room for all.
        while stops.len() + 1 > rows {
            let passed = stops.iter().rposition(|(_, stop)| matches!(stop.what, What::Epoch(_)));
            let passed =
                passed.or_else(|| stops.iter().rposition(|(_, s)| matches!(s.what, What::Candidate(_, false))));
            let Some(at) = passed else { break };
            stops.remove(at);
        }
        let apart = stops.len() + 2 < rows;
        let mut last = None;
        for (found, stop) in &stops {
            if apart && last.is_some_and(|last| last != found.racer) && table.len() + 1 < rows {
                table.push(Line::new());
            }
            last = Some(found.racer);
            table.push(self.row(found, stop));
        }
        table.truncate(rows);
        table
    }

    /// What is listed: the full step and the accepted one; the first epochs of every decade, five, and the last.
    fn stops(&self) -> Vec<(&Try, &Stop)> {
        let listed = |stop: &&Stop| match stop.what {
            What::Candidate(share, accepted) => accepted || share == 1.0,
            What::Iterate(_) => false,
            What::Epoch(k) => !k.to_string().starts_with('2'),
            What::Last(_) => true,
        };
        self.tries.iter().flat_map(|found| found.stops.iter().filter(listed).map(move |stop| (found, stop))).collect()
    }

    fn share(&self) -> u16 {
        SHARE[usize::from(self.columns >= ROOMY)]
    }

    /// What the names of the steps would take.
    fn names(&self) -> u16 {
        let racers = &self.show.world.scenario.racers;
        let labels = self.tries.iter().map(|found| width(&racers[found.racer].label) + WORD);
        labels.max().unwrap_or(0).clamp(WIDE[0], WIDE[1])
    }

    /// The width of a ratio: as its action's name needs, as far as the racers' names leave room.
    fn ratio(&self) -> u16 {
        let names = self.old.listed.iter().map(|pair| width(&short(self.show, self.old, *pair, u16::MAX)) + OWN);
        let free = self.columns.saturating_sub(NAME + self.names() + COST + self.share() + 1);
        let each = free / u16::try_from(self.old.listed.len()).unwrap_or(1).max(1);
        let [a, b] = self.old.plane.pairs.map(|pair| pair / self.old.policy.actions);
        // A bar and a letter of the state.
        let least = RATIO + u16::from(a != b);
        names.max().unwrap_or(least).min(each).max(least)
    }

    /// The ratios that have a column: the first of those listed give way.
    fn shown(&self) -> std::ops::Range<usize> {
        let all = self.old.listed.len();
        let room = self.columns.saturating_sub(NAME + LEAST + COST + self.share() + 1) / self.ratio();
        all - all.min(usize::from(room))..all
    }

    /// Where the columns end: the ratios', the KL's and the share's.
    fn ends(&self) -> (Vec<u16>, u16, u16) {
        let share = self.columns.saturating_sub(1);
        let cost = share.saturating_sub(self.share());
        let count = self.shown().len() as u16;
        let ratios =
            (0..count).map(|i| (cost.saturating_sub(COST)).saturating_sub(self.ratio() * (count - 1 - i))).collect();
        (ratios, cost, share)
    }

    fn heading(&self) -> Line {
        let (ratios, cost, share) = self.ends();
        let mut row = vec![bold(1, "Candidates")];
        let pairs = self.shown().map(|i| self.old.listed[i]);
        row.extend(pairs.zip(ratios).map(|(pair, end)| {
            let name = short(self.show, self.old, pair, self.ratio() - 4);
            dim(end, format!("ρ({name})")).right()
        }));
        row.extend([dim(cost, "KL").right(), dim(share, "KL/δ").right()]);
        row
    }

    fn row(&self, found: &Try, stop: &Stop) -> Line {
        let racer = &self.show.world.scenario.racers[found.racer];
        let (ratios, cost, end) = self.ends();
        let (symbol, what) = match stop.what {
            What::Candidate(share, accepted) => {
                let what =
                    if share == 1.0 { "full step".to_owned() } else { format!("× {}", format::rounded(share, 2)) };
                (Sign::Char(if accepted { '✓' } else { '✗' }, Ink::Racer(found.racer)), what)
            }
            What::Iterate(k) => (Sign::Char('△', Ink::Racer(found.racer)), format!("CG {k}")),
            What::Epoch(k) => (Sign::Char('•', Ink::Racer(found.racer)), format!("epoch {k}")),
            What::Last(k) => (Sign::Racer(found.racer), format!("epoch {k}")),
        };
        let first = ratios.first().map_or(cost.saturating_sub(COST), |end| end.saturating_sub(self.ratio()));
        let most = first.saturating_sub(NAME);
        let label = clip(&racer.label, most.saturating_sub(width(&what) + 1));
        let name = format!("{label} {what}");
        let name = if stop.what.ends() { bold(NAME, &name) } else { text(NAME, &name) };
        let mut row =
            vec![Span { text: Words::Sign(symbol), ..bold(1, "").ink(Ink::Racer(found.racer)) }, name.most(most)];
        let [low, high] = self.clips.ends();
        row.extend(self.shown().zip(ratios).map(|(i, end)| {
            let (ratio, number) = (stop.ratios[i], written(stop.ratios[i]));
            let outside = !(low..=high).contains(&ratio);
            (if outside { bold(end, &number) } else { text(end, &number) }).right()
        }));
        row.push(text(cost, format::value(stop.kl)).right());
        let own = radius(racer);
        let over = own.is_some_and(|delta| stop.kl > delta);
        let number = share(stop.kl, own);
        row.push((if over { bold(end, &number) } else { text(end, &number) }).right());
        row
    }

    /// The largest KL that each region lets through, as bars.
    fn regions(&self) -> Vec<Line> {
        let (policy, delta) = (&self.old.policy, self.show.delta());
        let name = self.clips.name();
        let mut all = vec![
            ("KL ball, exact".to_owned(), Most::Of(delta), Role::Soft),
            ("Fisher ellipse".to_owned(), Most::Of(regions::ellipse(policy, delta)), Role::Soft),
            (format!("{name}: this policy"), regions::boxed(policy, self.clips.ends()), Role::Dim),
            (format!("{name}: any policy"), Most::Of(regions::any(self.clips.ends())), Role::Dim),
        ];
        if let (Some(high), Some(ends)) = (self.clips.high, self.clips.higher()) {
            all.push((format!("clip-higher {}", format::label(high)), Most::Of(regions::any(ends)), Role::Dim));
        }
        let value = |most: Most| match most {
            Most::Of(kl) | Most::AtMost(kl) => kl,
        };
        let longest = all.iter().map(|(_, most, _)| value(*most)).filter(|kl| kl.is_finite()).fold(0.0, f64::max);
        let scale = round_up(SPARE * longest);
        let from = NAME + all.iter().map(|(name, ..)| width(name)).max().unwrap_or(0);
        let room = self.columns.saturating_sub(from + GAP + NUMBER + 1);
        let mut rows = vec![vec![bold(1, "Largest KL inside"), dim(19, "each region")]];
        for (name, most, role) in all {
            let kl = value(most);
            let number = if kl.is_finite() { format::value(kl) } else { "∞".to_owned() };
            let number = if matches!(most, Most::AtMost(_)) { format!("≤ {number}") } else { number };
            rows.push(vec![
                text(1, &name),
                Span { text: Words::Bar(kl / scale), ..text(from, "").most(room).ink(Ink::Role(role)) },
                text(self.columns.saturating_sub(1), &number).right(),
            ]);
        }
        rows.push(vec![dim(from, "0"), dim(from + room, format::label(scale)).right()]);
        rows
    }
}

/// A ratio with two decimals; far from one with as many digits as have room.
fn written(ratio: f64) -> String {
    match ratio {
        ..10.0 => format!("{ratio:.2}"),
        ..1000.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.0e}"),
    }
}

/// The least of 1, 2, 4 and 5 times a power of ten that is no less.
fn round_up(x: f64) -> f64 {
    if !(x > 0.0 && x.is_finite()) {
        return 1.0;
    }
    let power = x.log10().floor() as i32;
    let all = (power..=power + 1).flat_map(|power| [1, 2, 4, 5].map(|digit| format!("{digit}e{power}")));
    all.filter_map(|text| text.parse().ok()).find(|round| *round >= x * (1.0 - 1e-12)).unwrap_or(x)
}

/// What an action is called in so many columns: an arm by its number; with its state where they differ.
fn short(show: &Show, old: &Old, pair: usize, most: u16) -> String {
    let Some(process) = show.world.scenario.process() else { return String::new() };
    let name = process.actions[pair % old.policy.actions];
    let name = name.strip_prefix("arm ").unwrap_or(name);
    let cut = |text: &str, most: u16| {
        let mut text = text.to_owned();
        while width(&text) > most {
            text.pop();
        }
        text
    };
    let [a, b] = old.plane.pairs.map(|pair| pair / old.policy.actions);
    if a == b {
        return cut(name, most);
    }
    let state = process.states[pair / old.policy.actions];
    let state = cut(state, most.saturating_sub(2).max(1));
    format!("{}|{state}", cut(name, most.saturating_sub(width(&state) + 1)))
}
