//! The last row: the caption on the left, keys on the right, both cut to what fits.
//!
//! The keys come from the action table; here is only the order in which they are shown and dropped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::Show;
use crate::app::action::{Action, Context, Line};

/// The text on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub keys: Vec<Line>,
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
fn chosen(show: &Show, mut lines: Vec<Line>, style: Style, taken: u16, area: Rect) -> Vec<Line> {
    // The theme key fits in the gallery; here it would only displace keys of the race.
    let cues = show.world.scenario.cues.is_empty();
    lines.retain(|line| line.action != Action::Theme && !(cues && line.action == Action::NextCue));
    lines.sort_by_key(|line| (!line.context.layer(), rank(&ORDER, line.action, ORDER.len() - 2)));
    for line in lines.iter_mut().filter(|line| line.action == Action::PlayPause) {
        line.text = if show.held() { "goes on" } else { line.text };
    }
    let asked = show.question().is_some();
    if asked {
        lines.retain(|line| line.action != Action::PlayPause);
        lines.iter_mut().filter(|line| line.action == Action::NextCue).for_each(answers);
        lines.sort_by_key(|line| (!line.context.layer(), line.action != Action::NextCue));
    }
    // A question without its answer's key is a dead end.
    let kept = |line: &Line| kept(line) || (asked && line.action == Action::NextCue);
    let room = area.width.saturating_add(1).saturating_sub(taken);
    let least: Vec<Line> = lines.iter().filter(|line| kept(line)).cloned().collect();
    let on = Some(if asked { Action::NextCue } else { Action::PlayPause });
    let going: Vec<Line> = lines.iter().filter(|line| on == Some(line.action) || kept(line)).cloned().collect();
    // At a holding cue, say how to go on, unless that alone would cut the caption.
    let cuts = needed(&least, style, 3) <= room && needed(&going, style, 3) > room;
    let goes = show.held() && area.width >= HOLDS && !cuts;
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

/// Draws the footer of a race.
pub fn draw(show: &Show, caption: Caption<'_>, keys: Vec<Line>, style: Style, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let (start, words) = match caption {
        Caption::Cue(words) | Caption::Question(words) => (2, words),
        Caption::Notice(words) | Caption::Hint(words) => (1, words),
        Caption::Silent => (0, ""),
    };
    let mut words = style.plain(words);
    let taken = |words: &str| if words.is_empty() { 0 } else { width(words).saturating_add(start + 2) };
    // The last key's gap of two becomes the margin of one.
    let room = |lines: &[Line]| (area.width + 1).saturating_sub(needed(lines, style, 3));
    if let (Caption::Cue(_) | Caption::Question(_), true, Some(place)) = (caption, show.held(), show.cue_place()) {
        let counted = style.plain(&format!("cue {} of {} · {words}", place + 1, show.world.scenario.cues.len()));
        // Left out if it would cut the caption.
        words =
            if taken(&counted) <= room(&chosen(show, keys.clone(), style, u16::MAX, area)) { counted } else { words };
    }
    let lines = chosen(show, keys, style, taken(&words), area);
    let room = room(&lines);
    if room > 0 || area.width > 8 {
        draw_lines(&lines, style, room, 2, area, buf);
    }
    draw_caption(caption, &words, start, style, Rect { width: room.saturating_sub(2), ..area }, buf);
}

fn draw_caption(caption: Caption<'_>, words: &str, start: u16, style: Style, area: Rect, buf: &mut Buffer) {
    if words.is_empty() {
        return;
    }
    let text = style.role(Role::Text);
    let cell = match caption {
        Caption::Cue(_) | Caption::Question(_) => {
            write(buf, area, 0, 0, if style.ascii() { "|" } else { "▌" }, style.role(Role::Accent));
            text.add_modifier(Modifier::BOLD)
        }
        _ => text,
    };
    write(buf, area, start, 0, &clip(words, area.width.saturating_sub(start)), cell);
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
pub fn draw_tiny(keys: Vec<Line>, number: usize, of: usize, style: Style, area: Rect, buf: &mut Buffer) {
    let x = write(buf, area, 1, 0, &format!("{number} of {of} panes"), style.role(Role::Dim)) + 2;
    let mut lines: Vec<Line> = keys
        .into_iter()
        .filter(|line| {
            matches!(line.action, Action::NextPane | Action::Help) || (line.action == Action::Quit && area.width >= 40)
        })
        .map(|line| if line.action == Action::NextPane { Line { text: "next", ..line } } else { line })
        .collect();
    lines.sort_by_key(|line| KEPT.iter().position(|kept| *kept == line.action));
    draw_lines(&lines, style, x, 2, area, buf);
}
