//! The list of scenarios by chapters, of which one is open: titles with the first sentence of their notes; a preview of
//! the chosen one, and the facts about it.
//!
//! Which scenarios exist and are listed is decided in `app`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::border::frame;
use super::footer::Bar;
use super::layout::Class;
use super::style::{inner, put};
use super::text::{clip, width, wrap, write, write_right};
use super::{Cache, Laid, Role, Style, footer, header, landscape};
use crate::app::gallery::{Entry, Gallery};
use crate::app::{App, Click, Layer, Seen, Show};
use crate::family::ChartId;
use crate::format;
use crate::math::Vec2;
use crate::plot::cells;
use crate::race::World;

/// The columns of chapter names and titles, inside the frame.
const CHAPTER: u16 = 5;
const TITLE: u16 = 3;
/// The widest list.
const WIDEST: u16 = 68;
/// The most rows that facts and notes take.
const ABOUT: u16 = 18;
/// The column of facts, from that of their names.
const FACT: u16 = 11;

/// Draws the screen.
pub(super) fn draw(
    app: &App,
    gallery: &Gallery,
    bar: &Bar<'_>,
    cache: &mut Cache,
    laid: &mut Laid,
    area: Rect,
    buf: &mut Buffer,
) {
    let (style, typing) = (app.style, app.layers.has(&Layer::Filter));
    let listed: Vec<usize> = gallery.listed().collect();
    if Class::of(area.width, area.height) > Class::Tiny {
        let scenarios = match listed.len() {
            1 => "1 scenario".to_owned(),
            n => format!("{n} scenarios"),
        };
        let count = match gallery.chapters().len() {
            0 | 1 => scenarios,
            n => format!("{scenarios} in {n} chapters"),
        };
        let head = Rect { height: 1, ..area };
        let end = area.width.saturating_sub(1);
        write_right(buf, head, end, 0, &count, style.role(Role::Dim));
        let title = header::title("Choose a scenario", end.saturating_sub(width(&count) + 2));
        cells::write(&title, style, head, buf);
    }
    if area.height > 1 {
        let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
        match bar.notice {
            Some(words) => drop(write(buf, foot, 1, 0, &clip(words, foot.width - 1), style.role(Role::Text))),
            None => footer::draw_gallery(bar.keys.to_vec(), style, foot, buf),
        }
    }
    let Some([list, preview, about]) = parts(gallery, area) else {
        return draw_list(gallery, typing, &listed, style, laid, body(area), buf);
    };
    draw_list(gallery, typing, &listed, style, laid, list, buf);
    if let Some(entry) = gallery.entry() {
        draw_preview(gallery.preview(), style, cache, preview, buf);
        draw_about(entry, style, about, buf);
    }
}

/// Everything between the first line and the last.
fn body(area: Rect) -> Rect {
    let first = u16::from(Class::of(area.width, area.height) > Class::Tiny);
    let last = u16::from(area.height > 1);
    Rect { y: area.y + first, height: area.height.saturating_sub(first + last), ..area }
}

/// The rectangles of list, preview and facts, if all of them fit.
fn parts(gallery: &Gallery, area: Rect) -> Option<[Rect; 3]> {
    if Class::of(area.width, area.height) < Class::Middle {
        return None;
    }
    let body = body(area);
    // No title and no tagline is cut while the preview keeps a good two fifths.
    let lines = gallery.entries.iter().flat_map(|entry| [entry.title.as_str(), entry.tagline()]);
    let longest = lines.map(width).max().unwrap_or(0).saturating_add(TITLE + 3);
    let share = |percent: u32| (u32::from(body.width) * percent / 100) as u16;
    let left = longest.clamp(share(45), share(56)).min(WIDEST);
    let right = Rect { x: body.x + left, width: body.width - left, ..body };
    let tall = ((u32::from(right.height) * 3 / 5) as u16).max(right.height.saturating_sub(ABOUT));
    let about = Rect { y: right.y + tall, height: right.height - tall, ..right };
    Some([Rect { width: left, ..body }, Rect { height: tall, ..right }, about])
}

fn draw_list(
    gallery: &Gallery,
    typing: bool,
    listed: &[usize],
    style: Style,
    laid: &mut Laid,
    area: Rect,
    buf: &mut Buffer,
) {
    let filter = match (typing, gallery.filter.as_str()) {
        (false, "") => String::new(),
        (true, words) => format!("/{words}_"),
        (false, words) => format!("/{words}"),
    };
    let part = match listed.iter().position(|place| *place == gallery.chosen) {
        Some(here) => format!("{} of {}", here + 1, listed.len()),
        None => String::new(),
    };
    frame(buf, area, style, true, "Scenarios", &filter, &part);
    let inside = inner(area).intersection(buf.area);
    if listed.is_empty() {
        write(buf, inside, TITLE, 0, "none has all of these words", style.role(Role::Dim));
    }
    let (rows, first) = in_view(gallery, style, inside);
    for (y, row) in (0..inside.height).zip(rows.iter().skip(first)) {
        let line = Rect { y: inside.y + y, height: 1, ..inside };
        laid.click(line, row.click());
        draw_row(gallery, row, style, line, buf);
    }
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// A chapter, by its index, with how many are listed and whether it is open.
    Chapter(usize, String, usize, bool),
    /// The title of an entry, by its index.
    Title(usize),
    /// A line of an entry's tagline.
    Tagline(usize, String),
}

impl Row {
    /// The entry that it is of.
    const fn entry(&self) -> Option<usize> {
        match self {
            Self::Chapter(..) => None,
            Self::Title(place) | Self::Tagline(place, _) => Some(*place),
        }
    }

    /// What a click on it means.
    const fn click(&self) -> Click {
        match self {
            Self::Chapter(number, ..) => Click::Chapter(*number),
            Self::Title(place) | Self::Tagline(place, _) => Click::Entry(*place),
        }
    }
}

/// How taglines are drawn if they fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taglines {
    Wrapped,
    /// Those that fit into one line.
    Short,
    None,
}

/// All rows, and the first one in view: with taglines if an open chapter fits with them.
fn in_view(gallery: &Gallery, style: Style, inside: Rect) -> (Vec<Row>, usize) {
    let height = usize::from(inside.height);
    let choices = [Taglines::Wrapped, Taglines::Short, Taglines::None].map(|t| rows(gallery, t, style, inside.width));
    let [.., titles] = &choices;
    let rows = choices.iter().find(|rows| rows.len() <= height).unwrap_or(titles).clone();
    let chosen = rows.iter().rposition(|row| row.entry() == Some(gallery.chosen)).unwrap_or(0);
    // One more below, to show that there is more.
    let first = (chosen + 2).saturating_sub(height).min(rows.len().saturating_sub(height));
    (rows, first)
}

/// The rows of the list: chapters, and the entries of the chosen one's; of all while a filter is on.
fn rows(gallery: &Gallery, taglines: Taglines, style: Style, width: u16) -> Vec<Row> {
    let chapters = gallery.chapters();
    let one = chapters.len() <= 1 || !gallery.filter.is_empty();
    let room = width.saturating_sub(TITLE + 1);
    let mut rows = Vec::new();
    for (number, (name, places)) in chapters.into_iter().enumerate() {
        let open = one || places.contains(&gallery.chosen);
        if !name.is_empty() {
            rows.push(Row::Chapter(number, name.to_owned(), places.len(), open));
        }
        for place in places.into_iter().filter(|_| open) {
            rows.push(Row::Title(place));
            let lines = wrap(&style.plain(gallery.entries[place].tagline()), room);
            if taglines == Taglines::Wrapped || (taglines == Taglines::Short && lines.len() == 1) {
                rows.extend(lines.into_iter().map(|line| Row::Tagline(place, line)));
            }
        }
    }
    rows
}

fn draw_row(gallery: &Gallery, row: &Row, style: Style, line: Rect, buf: &mut Buffer) {
    let bold = |role| style.role(role).add_modifier(Modifier::BOLD);
    let chosen = row.entry() == Some(gallery.chosen);
    let room = line.width.saturating_sub(TITLE + 1);
    if chosen {
        put(buf, line.x, line.y, if style.ascii() { '>' } else { '▌' }, style.role(Role::Accent));
    }
    match row {
        Row::Chapter(number, name, count, open) => {
            let arrow = match (style.ascii(), open) {
                (true, true) => 'v',
                (true, false) => '>',
                (false, true) => '▾',
                (false, false) => '▸',
            };
            let cell = if *open { bold(Role::Accent) } else { style.role(Role::Text) };
            let dim = style.role(Role::Dim);
            write(buf, line, 1, 0, &(number + 1).to_string(), dim);
            write(buf, line, TITLE, 0, &arrow.to_string(), if *open { cell } else { dim });
            write(buf, line, CHAPTER, 0, &clip(&style.plain(name), line.width.saturating_sub(CHAPTER + 4)), cell);
            write_right(buf, line, line.width.saturating_sub(1), 0, &count.to_string(), dim);
        }
        Row::Title(place) => {
            let cell = if chosen { bold(Role::Text) } else { style.role(Role::Text) };
            write(buf, line, TITLE, 0, &clip(&style.plain(&gallery.entries[*place].title), room), cell);
        }
        Row::Tagline(_, words) => {
            write(buf, line, TITLE, 0, words, style.role(if chosen { Role::Text } else { Role::Dim }));
        }
    }
}

fn draw_preview(preview: Option<&Show>, style: Style, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    match preview {
        Some(show) => {
            landscape::preview(&Seen::of(show), style, &mut cache.landscape, area, buf.area).write_to(buf);
        }
        None => {
            frame(buf, area, style, false, "Preview", "", "");
            write(buf, inner(area), 1, 0, "this scenario cannot be read", style.role(Role::Dim));
        }
    }
}

fn draw_about(entry: &Entry, style: Style, area: Rect, buf: &mut Buffer) {
    let title = style.plain(&entry.title);
    frame(buf, area, style, false, &clip(&title, area.width.saturating_sub(6)), "", "");
    let inside = inner(area).intersection(buf.area);
    let room = inside.width.saturating_sub(2);
    let said = |words: &str| wrap(&style.plain(words), room);
    let (tagline, story) = (said(entry.tagline()), said(entry.story()));
    let facts = entry.show.as_ref().map(|show| facts(&show.world)).unwrap_or_default();
    let mut y = 0;
    for line in &tagline {
        write(buf, inside, 1, y, line, style.role(Role::Text).add_modifier(Modifier::BOLD));
        y += 1;
    }
    // The facts come first, unless the notes would not fit then.
    let height = usize::from(inside.height);
    if tagline.len() + facts.len() + story.len() + 2 <= height && !facts.is_empty() {
        y += u16::from(y > 0);
        y = draw_facts(&facts, style, y, inside, buf) + 1;
        draw_story(&story, style, y, inside, buf);
    } else {
        y = draw_story(&story, style, y, inside, buf);
        draw_facts(&facts, style, y + 1, inside, buf);
    }
}

fn draw_facts(facts: &[(&'static str, String)], style: Style, y: u16, inside: Rect, buf: &mut Buffer) -> u16 {
    for (y, (name, fact)) in (y..).zip(facts) {
        write(buf, inside, 1, y, name, style.role(Role::Dim));
        let x = 1 + FACT;
        let words = style.plain(fact);
        write(buf, inside, x, y, &clip(&words, inside.width.saturating_sub(x + 1)), style.role(Role::Text));
    }
    y + facts.len() as u16
}

fn draw_story(story: &[String], style: Style, y: u16, inside: Rect, buf: &mut Buffer) -> u16 {
    let fitting = usize::from(inside.height.saturating_sub(y));
    for (i, line) in story.iter().enumerate().take(fitting) {
        let cut = i + 1 == fitting && i + 1 < story.len();
        // Truncated notes end in an ellipsis.
        let line =
            if cut { clip(&format!("{line} {}", story[i + 1]), inside.width - 2).into_owned() } else { line.clone() };
        write(buf, inside, 1, y + i as u16, &line, style.role(Role::Text));
    }
    y + story.len().min(fitting) as u16
}

/// What a scenario is, in lines.
fn facts(world: &World) -> Vec<(&'static str, String)> {
    let family = world.family.info();
    let point = |p: Vec2| {
        let value = |i: usize| format!("{} {}", family.parameters[i], format::label(round(p[i])));
        format!("{}, {}", value(0), value(1))
    };
    let mut charts: Vec<ChartId> = world.scenario.racers.iter().map(|racer| racer.chart).collect();
    charts.sort_unstable();
    charts.dedup();
    let charts = match charts.as_slice() {
        [chart] => format!(", chart {}", family.chart_info(*chart).name),
        many => format!(", in {} charts", many.len()),
    };
    let objective = &world.objective;
    let aim = match (objective.target(), objective.data()) {
        (Some(p), _) => format!(", target {}", point(p)),
        (None, Some(data)) => format!(", {} data", data.rows()),
        _ => String::new(),
    };
    let cues = match world.scenario.cues.len() {
        0 => String::new(),
        1 => ", 1 cue".to_owned(),
        n => format!(", {n} cues"),
    };
    let seed = if world.scenario.random { format!(", seed {}", world.scenario.seed) } else { String::new() };
    vec![
        ("family", format!("{}{charts}", family.name)),
        ("objective", format!("{}{aim}", objective.info().name)),
        ("start", point(world.start())),
        ("racers", racers(world)),
        ("steps", format!("{}{seed}{cues}", world.scenario.steps)),
    ]
}

/// Four digits: a fact, not a datum.
fn round(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// How many racers of which kind: `6: 3 sgd, natural-gradient, adam, trpo`.
fn racers(world: &World) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for racer in &world.scenario.racers {
        match kinds.iter_mut().find(|(name, _)| *name == racer.kind.name) {
            Some((_, count)) => *count += 1,
            None => kinds.push((racer.kind.name, 1)),
        }
    }
    let words: Vec<String> = kinds
        .into_iter()
        .map(|(name, count)| if count == 1 { name.to_owned() } else { format!("{count} {name}") })
        .collect();
    format!("{}: {}", world.scenario.racers.len(), words.join(", "))
}
