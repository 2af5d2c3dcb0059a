//! The last row: the caption on the left, keys on the right, both cut to what fits.
//!
//! The keys come from the action table; here is only the order in which they are shown and dropped.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::Show;
use crate::app::action::{Action, Context, Line};
use crate::plot::cells::Page;

/// The text on the left.
#[derive(Debug, Clone, Copy)]
pub enum Caption<'a> {
    /// The caption.
    Cue(&'a str),
    /// A question that waits for its answer.
    Question(&'a str),
    /// A message to the user.
    Notice(&'a str),
    /// How to get back from here.
    Hint(&'a str),
    /// Nothing.
    Silent,
}

/// What stands in the last row.
#[derive(Debug, Clone)]
pub struct Bar<'a> {
    /// A message in place of the caption.
    pub notice: Option<&'a str>,
    /// What keys do at the moment.
    pub keys: Arc<[Line]>,
}

/// The order of a race's keys on screen; those of a layer over it come first, others come before the last two, in the order of the table.
const ORDER: [Action; 10] = [
    Action::PlayPause,
    Action::StepForward,
    Action::NextPane,
    Action::NextChart,
    Action::Overlays,
    Action::LowerRate,
    Action::StartHere,
    Action::NextCue,
    Action::Help,
    Action::Quit,
];
/// The exits are always shown, and the answers to a question.
const KEPT: [Action; 2] = [Action::Help, Action::Quit];

fn kept(line: &Line) -> bool {
    line.context == Context::Offer || KEPT.contains(&line.action)
}

/// The order of dropping keys for lack of space; unlisted ones go first, those of a layer last.
const DROPPED: [Action; 8] = [
    Action::StartHere,
    Action::NextPane,
    Action::Overlays,
    Action::LowerRate,
    Action::NextChart,
    Action::NextCue,
    Action::StepForward,
    Action::PlayPause,
];

/// Keys as the footer shows them: arrows side by side, left before right.
fn keys(line: &Line, style: Style) -> String {
    let arrow = |c: char| "←↑→↓".contains(c);
    if !line.keys.chars().all(|c| arrow(c) || c == ' ') {
        return line.keys.clone();
    }
    let mut arrows: Vec<char> = line.keys.chars().filter(|c| arrow(*c)).collect();
    arrows.sort_unstable();
    match (style.ascii(), arrows.first()) {
        (true, Some('↑')) => "up/down".to_owned(),
        (true, _) => "left/right".to_owned(),
        _ => arrows.into_iter().collect(),
    }
}

fn rank(order: &[Action], action: Action, absent: usize) -> usize {
    order.iter().position(|known| *known == action).unwrap_or(absent)
}

/// The keys of a race, as many as fit beside a caption of a width.
fn chosen(stop: Stop, mut lines: Vec<Line>, style: Style, taken: u16, area: Rect) -> Vec<Line> {
    // The theme key fits in the gallery; here it would only displace keys of the race.
    lines.retain(|line| line.action != Action::Theme && !(stop.cues == 0 && line.action == Action::NextCue));
    lines.sort_by_key(|line| (!line.context.layer(), rank(&ORDER, line.action, ORDER.len() - 2)));
    for line in lines.iter_mut().filter(|line| line.action == Action::PlayPause) {
        line.text = if stop.held { "goes on" } else { line.text };
    }
    for line in lines.iter_mut().filter(|line| line.action == Action::LowerRate) {
        line.text = if stop.picked { "number" } else { line.text };
    }
    if stop.asked {
        lines.retain(|line| line.action != Action::PlayPause);
        lines.iter_mut().filter(|line| line.action == Action::NextCue).for_each(answers);
        lines.sort_by_key(|line| (!line.context.layer(), line.action != Action::NextCue));
    }
    // A question without its answer's key is a dead end.
    let kept = |line: &Line| kept(line) || (stop.asked && line.action == Action::NextCue);
    let room = area.width.saturating_add(1).saturating_sub(taken);
    let least: Vec<Line> = lines.iter().filter(|line| kept(line)).cloned().collect();
    let on = Some(if stop.asked { Action::NextCue } else { Action::PlayPause });
    let going: Vec<Line> = lines.iter().filter(|line| on == Some(line.action) || kept(line)).cloned().collect();
    // At a holding cue, say how to go on, unless that alone would cut the caption.
    let cuts = needed(&least, style, 3) <= room && needed(&going, style, 3) > room;
    let goes = stop.held && area.width >= HOLDS && !cuts;
    let goes_on = |line: &Line| goes && on == Some(line.action);
    fit(&mut lines, style, room, 3, |line| kept(line) || goes_on(line));
    lines
}

/// While a question waits, its answer comes first.
fn answers(line: &mut Line) {
    (line.keys, line.text) = (Action::NextCue.key(), "shows it");
}

/// The least width of a footer that says how to go on from a cue.
const HOLDS: u16 = 60;

fn needed(lines: &[Line], style: Style, gap: u16) -> u16 {
    lines.iter().map(|l| width(&keys(l, style)) + width(l.text) + gap).sum()
}

/// Drops keys until the rest fits, except those that always stay.
fn fit(lines: &mut Vec<Line>, style: Style, room: u16, gap: u16, stays: impl Fn(&Line) -> bool) {
    while needed(lines, style, gap) > room {
        let victim = (0..lines.len())
            .filter(|i| !stays(&lines[*i]))
            // Ties are broken from the right.
            .min_by_key(|i| (lines[*i].context.layer(), rank(&DROPPED, lines[*i].action, 0), usize::MAX - i));
        let Some(victim) = victim else { break };
        lines.remove(victim);
    }
}

/// What of a race decides which keys are shown, and what they are said to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stop {
    /// The place of the cue that was passed last, from 1, and how many there are.
    cue: Option<usize>,
    cues: usize,
    /// Whether the race waits for the user to go on, and for the answer to a question.
    held: bool,
    asked: bool,
    /// Whether `[` and `]` change another number than a rate.
    picked: bool,
}

/// The footer of a race: all that it shows depends on nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct Footer {
    /// The text on the left, the column where it begins, and whether it is a cue's.
    words: String,
    start: u16,
    cued: bool,
    keys: Arc<[Line]>,
    stop: Stop,
    style: Style,
    area: Rect,
}

/// A footer as it was drawn last.
#[derive(Debug, Default)]
pub struct Memo {
    page: Page,
    shown: Option<Footer>,
}

impl Memo {
    /// Draws a footer over the one before.
    pub fn draw(&mut self, footer: Footer) -> &Page {
        let stays = self.page.turn(footer.area);
        if !stays || self.shown.as_ref() != Some(&footer) {
            self.page.clear(footer.style, footer.area);
            footer.draw(self.page.buffer());
            self.shown = Some(footer);
        }
        &self.page
    }
}

impl Footer {
    /// The footer of a show.
    #[must_use]
    pub fn new(show: &Show, caption: Caption<'_>, keys: Arc<[Line]>, style: Style, area: Rect) -> Self {
        let (cued, start, words) = match caption {
            Caption::Cue(words) | Caption::Question(words) => (true, 2, words),
            Caption::Notice(words) | Caption::Hint(words) => (false, 1, words),
            Caption::Silent => (false, 0, ""),
        };
        let stop = Stop {
            cue: show.cue_place().map(|place| place + 1),
            cues: show.world.scenario.cues.len(),
            held: show.held(),
            asked: show.question().is_some(),
            picked: show.picked().is_some(),
        };
        Self { words: style.plain(words).into_owned(), start, cued, keys, stop, style, area }
    }

    fn draw(&self, buf: &mut Buffer) {
        let &Self { ref words, start, cued, ref keys, stop, style, area } = self;
        if area.is_empty() {
            return;
        }
        let taken = |words: &str| if words.is_empty() { 0 } else { width(words).saturating_add(start + 2) };
        // The last key's gap of two becomes the margin of one.
        let room = |lines: &[Line]| (area.width + 1).saturating_sub(needed(lines, style, 3));
        let chosen = |taken: u16| chosen(stop, keys.to_vec(), style, taken, area);
        let counted = stop.cue.filter(|_| cued && stop.held).map(|cue| {
            let of = stop.cues;
            style.plain(&format!("cue {cue} of {of} · {words}")).into_owned()
        });
        // Left out if it would cut the caption.
        let counted = counted.filter(|counted| taken(counted) <= room(&chosen(u16::MAX)));
        let words = counted.as_ref().unwrap_or(words);
        let lines = chosen(taken(words));
        let room = room(&lines);
        if room > 0 || area.width > 8 {
            draw_lines(&lines, style, room, 2, area, buf);
        }
        self.draw_words(words, Rect { width: room.saturating_sub(2), ..area }, buf);
    }

    fn draw_words(&self, words: &str, area: Rect, buf: &mut Buffer) {
        if words.is_empty() {
            return;
        }
        let style = self.style;
        let mut look = style.role(Role::Text);
        if self.cued {
            write(buf, area, 0, 0, if style.ascii() { "|" } else { "▌" }, style.role(Role::Accent));
            look = look.add_modifier(Modifier::BOLD);
        }
        write(buf, area, self.start, 0, &clip(words, area.width.saturating_sub(self.start)), look);
    }
}

/// Draws keys and what they do from column `x` on.
fn draw_lines(lines: &[Line], style: Style, x: u16, gap: u16, area: Rect, buf: &mut Buffer) {
    let mut x = x;
    for line in lines {
        x = write(buf, area, x, 0, &keys(line, style), style.role(Role::Text).add_modifier(Modifier::BOLD)) + 1;
        x = write(buf, area, x, 0, line.text, style.role(Role::Dim)) + gap;
    }
}

/// Draws the footer of the gallery: its keys from the left, as many as fit.
pub fn draw_gallery(mut lines: Vec<Line>, style: Style, area: Rect, buf: &mut Buffer) {
    lines.sort_by_key(|line| (!line.context.layer(), KEPT.iter().position(|kept| *kept == line.action)));
    fit(&mut lines, style, area.width + 2, 4, |line| kept(line) || line.action == Action::PreviousEntry);
    draw_lines(&lines, style, 1, 3, area, buf);
}

/// Draws the line under a single pane: which one it is and how to see the others.
pub fn draw_tiny(keys: &[Line], number: usize, of: usize, style: Style, area: Rect, buf: &mut Buffer) {
    let x = write(buf, area, 1, 0, &format!("{number} of {of} panes"), style.role(Role::Dim)) + 2;
    let mut lines: Vec<Line> = keys
        .iter()
        .filter(|line| {
            matches!(line.action, Action::NextPane | Action::Help) || (line.action == Action::Quit && area.width >= 40)
        })
        .cloned()
        .map(|line| if line.action == Action::NextPane { Line { text: "next", ..line } } else { line })
        .collect();
    lines.sort_by_key(|line| KEPT.iter().position(|kept| *kept == line.action));
    draw_lines(&lines, style, x, 2, area, buf);
}
