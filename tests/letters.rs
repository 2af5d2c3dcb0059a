//! Captions are read whole, and a question never stands without the key that answers it.

mod common;

use common::stage::{opened, show};
use geodescent::app::{App, Captions};
use geodescent::plot::look::{Marker, Style};
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{Cache, still};
use ratatui::layout::Rect;

fn text_at(app: &App, columns: u16, rows: u16) -> String {
    geodescent::terminal::text(&still(app, &mut Cache::default(), Rect::new(0, 0, columns, rows)))
}

/// The shows that begin with a question, at it, with its words.
fn asking() -> impl Iterator<Item = (App, String)> {
    let builtin = BUILTIN.iter().map(|builtin| Document::builtin(builtin.name).expect("a built-in scenario"));
    builtin.filter_map(|document| {
        let app = opened(document);
        let question = show(&app).question()?.ask.clone()?;
        Some((app, question))
    })
}

/// How many rows of a caption are drawn in blocks: eight rows above the keys, between which and the panes it stands.
fn block_rows(text: &str) -> usize {
    let blocks = |line: &&str| line.chars().filter(|c| "▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".contains(*c)).count() > 2;
    text.lines().rev().skip(1).take(8).filter(blocks).count()
}

#[test]
fn a_question_is_seen_whole_with_its_key() {
    let mut longest = 0;
    for (mut app, question) in asking() {
        longest = longest.max(question.chars().count());
        let last = question.split_whitespace().last().expect("a word");
        for (columns, rows) in [(160, 45), (120, 36), (100, 30), (80, 24), (60, 20), (40, 12)] {
            for captions in [Captions::Line, Captions::Bar, Captions::Large] {
                app = app.captioned(captions);
                let text = text_at(&app, columns, rows);
                let said = || format!("{question} {columns}x{rows} {captions:?}\n{text}");
                assert!(text.contains("n shows it"), "{}", said());
                // One pane leaves no rows for it; large letters are no text.
                let read =
                    text.contains(last) || columns < 60 || (captions == Captions::Large && block_rows(&text) > 2);
                assert!(read, "{}", said());
            }
        }
    }
    assert!(longest > 50, "questions are short: {longest}");
}

#[test]
fn large_letters_take_as_many_lines_as_there_is_height_for() {
    let mut wrapped = 0;
    for (app, question) in asking() {
        let mut app = app.captioned(Captions::Large);
        let text = text_at(&app, 160, 45);
        assert!(!text.contains(&question), "{text}");
        // A line of letters is four rows, of which the last is empty but for descenders.
        let lines = if question.chars().count() > 38 { 2 } else { 1 };
        assert!((3 * lines..=4 * lines).contains(&block_rows(&text)), "{question} {lines}\n{text}");
        wrapped += lines - 1;
        // More than two lines of 28 letters have no room here: bold text has.
        if question.chars().count() > 57 {
            assert!(text_at(&app, 120, 36).contains(&question), "{}", text_at(&app, 120, 36));
        }
        // Half as high where the font has the characters, and none in ASCII.
        app.style = Style { marker: Marker::Octant, ..app.style };
        assert!(!text_at(&app, 120, 36).contains(&question), "{}", text_at(&app, 120, 36));
        app.style = Style { marker: Marker::Ascii, ..app.style };
        assert_eq!(block_rows(&text_at(&app, 160, 45)), 0);
    }
    assert!(wrapped > 5, "{wrapped}");
}
