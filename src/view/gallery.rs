//! The list of scenarios: titles with a line of their notes, a preview of the chosen one, and the facts about it.
//!
//! Which scenarios there are and which are listed is the app's business.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::layout::Class;
use super::style::{border, frame, inner, put};
use super::text::{clip, width, wrap, write, write_right};
use super::{Cache, Canvas, Role, Style, footer, header, landscape};
use crate::app::gallery::{Entry, Gallery};
use crate::app::{Seen, Show};
use crate::math::Vec2;
use crate::plot::number;
use crate::scenario::Scenario;

/// Where titles begin, inside of the frame.
const TITLE: u16 = 5;
/// Where facts begin, from their names.
const FACT: u16 = 11;

/// Draws the screen.
pub fn draw(gallery: &Gallery, style: Style, notice: Option<&str>, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    let listed: Vec<usize> = gallery.listed().collect();
    if Class::of(area.width, area.height) > Class::Tiny {
        let count = match listed.len() {
            1 => "1 scenario".to_owned(),
            n => format!("{n} scenarios"),
        };
        let head = Rect { height: 1, ..area };
        let end = area.width.saturating_sub(1);
        write_right(buf, head, end, 0, &count, style.role(Role::Dim));
        header::draw_title("Choose a scenario", style, end.saturating_sub(width(&count) + 2), head, buf);
    }
    if area.height > 1 {
        let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
        match notice {
            Some(words) => drop(write(buf, foot, 1, 0, &clip(words, foot.width - 1), style.role(Role::Text))),
            None => footer::draw_gallery(style, foot, buf),
        }
    }
    let Some([list, preview, about]) = parts(area) else { return draw_list(gallery, &listed, style, body(area), buf) };
    draw_list(gallery, &listed, style, list, buf);
    if let Some(entry) = gallery.entry() {
        draw_preview(entry, gallery.preview(), style, cache, preview, buf);
        draw_about(entry, style, about, buf);
    }
}

/// Lets time pass in the preview.
pub fn move_on(
    gallery: &Gallery,
    show: &Show,
    style: Style,
    cache: &mut Cache,
    (area, blank): (Rect, &Cell),
    canvas: &mut Canvas,
) {
    let (Some([_, preview, _]), Some(entry)) = (parts(area), gallery.entry()) else { return };
    if !landscape::move_on(&Seen::of(show), style, &mut cache.landscape, preview, canvas) {
        canvas.clear(preview, blank);
        draw_preview(entry, Some(show), style, cache, preview, canvas.buffer_mut());
    }
}

/// What is between the first line and the last.
fn body(area: Rect) -> Rect {
    let first = u16::from(Class::of(area.width, area.height) > Class::Tiny);
    let last = u16::from(area.height > 1);
    Rect { y: area.y + first, height: area.height.saturating_sub(first + last), ..area }
}

/// Where the list stands, the preview and the facts, where there is room for all.
fn parts(area: Rect) -> Option<[Rect; 3]> {
    if Class::of(area.width, area.height) < Class::Middle {
        return None;
    }
    let body = body(area);
    let left = (u32::from(body.width) * 45 / 100).min(60) as u16;
    let right = Rect { x: body.x + left, width: body.width - left, ..body };
    let tall = (u32::from(right.height) * 3 / 5) as u16;
    let about = Rect { y: right.y + tall, height: right.height - tall, ..right };
    Some([Rect { width: left, ..body }, Rect { height: tall, ..right }, about])
}

fn draw_list(gallery: &Gallery, listed: &[usize], style: Style, area: Rect, buf: &mut Buffer) {
    let filter = match (gallery.filtering, gallery.filter.as_str()) {
        (false, "") => String::new(),
        (true, words) => format!("/{words}_"),
        (false, words) => format!("/{words}"),
    };
    let inside = inner(area).intersection(buf.area);
    // Two lines each where all fit or where at least a few do.
    let rows = usize::from(inside.height);
    let lines = if 2 * listed.len() <= rows || rows >= 16 { 2 } else { 1 };
    let shown = (rows / lines).max(1);
    let chosen = listed.iter().position(|place| *place == gallery.chosen).unwrap_or(0);
    let first = (chosen + 1).saturating_sub(shown);
    // Whoever does not see all of them is told so.
    let part = match listed.len() {
        n if n > shown => format!("{}–{} of {n}", first + 1, first + shown),
        _ => String::new(),
    };
    frame(buf, area, style, true, "Scenarios", &filter, &part);
    if listed.is_empty() {
        write(buf, inside, TITLE, 0, "none has all of these words", style.role(Role::Dim));
    }
    for (i, place) in listed.iter().enumerate().skip(first).take(shown) {
        let y = ((i - first) * lines) as u16;
        let area = Rect { y: inside.y + y, height: (lines as u16).min(inside.height.saturating_sub(y)), ..inside };
        draw_entry(&gallery.entries[*place], i + 1, i == chosen, style, area, buf);
    }
}

fn draw_entry(entry: &Entry, number: usize, chosen: bool, style: Style, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let accent = style.role(Role::Accent);
    let (mut title, mut note, mut digits) = (style.role(Role::Text), style.role(Role::Dim), style.role(Role::Dim));
    if chosen {
        (title, note, digits) = (title.add_modifier(Modifier::BOLD), style.role(Role::Text), accent);
        for y in 0..area.height {
            put(buf, area.x, area.y + y, if style.ascii() { '>' } else { '▌' }, accent);
        }
    }
    write_right(buf, area, TITLE - 1, 0, &number.to_string(), digits);
    let room = area.width.saturating_sub(TITLE + 1);
    write(buf, area, TITLE, 0, &clip(&style.plain(&entry.title), room), title);
    if area.height > 1 {
        write(buf, area, TITLE, 1, &clip(&style.plain(first_sentence(&entry.notes)), room), note);
    }
}

fn first_sentence(notes: &str) -> &str {
    notes.find(". ").map_or(notes, |end| &notes[..=end])
}

fn draw_preview(entry: &Entry, preview: Option<&Show>, style: Style, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    match preview {
        Some(show) => {
            landscape::draw(&Seen::of(show), &style, &mut cache.landscape, area, buf);
            // The same picture as on the next screen, under the name by which it is chosen.
            retitle(&entry.title, style, area, buf);
        }
        None => {
            frame(buf, area, style, false, "Preview", "", "");
            write(buf, inner(area), 1, 0, "this scenario cannot be read", style.role(Role::Dim));
        }
    }
}

/// Draws the frame anew, but for what stands in its lower border and the ticks at its left.
fn retitle(title: &str, style: Style, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let mut blank = Buffer::empty(area);
    let title = clip(&style.plain(title), area.width.saturating_sub(14));
    frame(&mut blank, area, style, false, &title, "preview", "");
    let inside = inner(area);
    for (x, y) in (area.top()..area.bottom()).flat_map(|y| (area.left()..area.right()).map(move |x| (x, y))) {
        let (Some(from), Some(to)) = (blank.cell((x, y)), buf.cell_mut((x, y))) else { continue };
        let line = "─│╭╮╰╯-|+".contains(to.symbol()) && !inside.contains((x, y).into());
        if y == area.y || line {
            *to = from.clone();
            to.set_bg(style.theme.ground().bg.unwrap_or_default());
        } else if to.symbol() == "├" {
            to.set_style(border(style, false));
        }
    }
}

fn draw_about(entry: &Entry, style: Style, area: Rect, buf: &mut Buffer) {
    frame(buf, area, style, false, "About", "", "");
    let inside = inner(area).intersection(buf.area);
    let mut y = 0;
    for (name, fact) in entry.show.as_ref().map(|show| facts(&show.scenario)).unwrap_or_default() {
        write(buf, inside, 1, y, name, style.role(Role::Dim));
        let x = 1 + FACT;
        let words = clip(&style.plain(&fact), inside.width.saturating_sub(x + 1));
        write(buf, inside, x, y, &words, style.role(Role::Text));
        y += 1;
    }
    y += u16::from(y > 0);
    let room = inside.width.saturating_sub(2);
    let lines = wrap(&style.plain(&entry.notes), room);
    let fitting = usize::from(inside.height.saturating_sub(y));
    for (i, line) in lines.iter().enumerate().take(fitting) {
        let cut = i + 1 == fitting && i + 1 < lines.len();
        // Words that go on where there is no room end in an ellipsis.
        let line = if cut { clip(&format!("{line} {}", lines[i + 1]), room) } else { line.clone() };
        write(buf, inside, 1, y + i as u16, &line, style.role(Role::Text));
    }
}

/// What a scenario is, in lines.
fn facts(scenario: &Scenario) -> Vec<(&'static str, String)> {
    let family = scenario.family.info();
    let point = |p: Vec2| {
        let value = |i: usize| format!("{} {}", family.parameters[i], number::label(round(p[i])));
        format!("{}, {}", value(0), value(1))
    };
    let mut charts: Vec<usize> = scenario.racers.iter().map(|racer| racer.chart).collect();
    charts.sort_unstable();
    charts.dedup();
    let charts = match charts.as_slice() {
        [chart] => family.charts.get(*chart).map_or(String::new(), |chart| format!(", chart {}", chart.name)),
        many => format!(", in {} charts", many.len()),
    };
    let objective = &scenario.objective;
    let aim = match (objective.target(), objective.data()) {
        (Some(p), _) => format!(", target {}", point(p)),
        (None, Some(data)) => format!(", {} data", data.rows()),
        _ => String::new(),
    };
    let cues = match scenario.cues.len() {
        0 => String::new(),
        1 => ", 1 cue".to_owned(),
        n => format!(", {n} cues"),
    };
    vec![
        ("family", format!("{}{charts}", family.name)),
        ("objective", format!("{}{aim}", objective.info().name)),
        ("start", point(scenario.start)),
        ("racers", racers(scenario)),
        ("steps", format!("{}, seed {}{cues}", scenario.steps, scenario.seed)),
    ]
}

/// Four digits: a fact, not a datum.
fn round(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// How many racers of which kind: `6: 3 sgd, natural-gradient, adam, trpo`.
fn racers(scenario: &Scenario) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for racer in &scenario.racers {
        match kinds.iter_mut().find(|(name, _)| *name == racer.kind.name) {
            Some((_, count)) => *count += 1,
            None => kinds.push((racer.kind.name, 1)),
        }
    }
    let words: Vec<String> = kinds
        .into_iter()
        .map(|(name, count)| if count == 1 { name.to_owned() } else { format!("{count} {name}") })
        .collect();
    format!("{}: {}", scenario.racers.len(), words.join(", "))
}
