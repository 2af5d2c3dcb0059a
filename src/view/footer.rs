//! The last row: the caption on the left, keys on the right, both cut to what fits.
//!
//! Which keys there are is the action table's business; here is only the order in which they stand and are left out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::action::{Action, Context, Line, footer_lines};

/// What stands on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caption<'a> {
    /// What the lecturer says here.
    Cue(&'a str),
    /// A message to the user.
    Notice(&'a str),
    /// How to get out of where one is.
    Hint(&'a str),
    /// Nothing.
    Silent,
}

/// The order on screen of the keys of a race; others stand before the last two, in the order of their table.
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
/// What is left out first where there is no room; what is not listed goes before all of these, help never does.
const DROPPED: [Action; 9] = [
    Action::Quit,
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

/// Draws the footer of a race.
pub fn draw(caption: Caption<'_>, style: Style, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let mut lines = footer_lines(Context::Show);
    // The gallery has room for it; here it would only push out what belongs to the race.
    lines.retain(|line| line.action != Action::Theme);
    lines.sort_by_key(|line| rank(&ORDER, line.action, ORDER.len() - 2));
    let (start, words) = match caption {
        Caption::Cue(words) => (2, words),
        Caption::Notice(words) | Caption::Hint(words) => (1, words),
        Caption::Silent => (0, ""),
    };
    let words = style.plain(words);
    let taken = if words.is_empty() { 0 } else { width(&words).saturating_add(start + 2) };
    let needed = |lines: &[Line]| lines.iter().map(|l| width(&keys(l, style)) + width(l.text) + 3).sum::<u16>();
    // The last key's gap of two becomes the margin of one.
    while area.width + 1 < taken.saturating_add(needed(&lines)) {
        let victim = (0..lines.len())
            .filter(|i| lines[*i].action != Action::Help)
            // From the right, where two are equally dear.
            .min_by_key(|i| (rank(&DROPPED, lines[*i].action, 0), usize::MAX - i));
        let Some(victim) = victim else { break };
        lines.remove(victim);
    }
    let room = (area.width + 1).saturating_sub(needed(&lines));
    let fits = room > 0 || area.width > 8;
    if fits {
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
        Caption::Cue(_) => {
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
pub fn draw_gallery(style: Style, area: Rect, buf: &mut Buffer) {
    let mut lines = footer_lines(Context::Gallery);
    let needed = |lines: &[Line]| lines.iter().map(|l| width(&keys(l, style)) + width(l.text) + 4).sum::<u16>();
    while lines.len() > 1 && needed(&lines) > area.width + 2 {
        let victim = lines.iter().rposition(|line| line.action != Action::Help).unwrap_or(0);
        lines.remove(victim);
    }
    draw_lines(&lines, style, 1, 3, area, buf);
}

/// Draws the line under a single pane: which one it is and how to see the others.
pub fn draw_tiny(number: usize, of: usize, style: Style, area: Rect, buf: &mut Buffer) {
    let x = write(buf, area, 1, 0, &format!("{number} of {of} panes"), style.role(Role::Dim)) + 2;
    let lines: Vec<Line> = footer_lines(Context::Show)
        .into_iter()
        .filter(|line| matches!(line.action, Action::NextPane | Action::Help))
        .map(|line| if line.action == Action::NextPane { Line { text: "next", ..line } } else { line })
        .collect();
    draw_lines(&lines, style, x, 2, area, buf);
}
