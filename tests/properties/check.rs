//! What must hold whatever comes in: of a scenario's text, a CSV file, an expression, the bytes of a keyboard. A panic is
//! the fault. The property tests and the fuzz targets (`fuzz/`) share these functions.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::path::Path;
use std::time::Duration;

use geodescent::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::app::{ACTIONS, Action, App, Effect, Entry, Screen, Show};
use geodescent::expression::{Expression, LONGEST};
use geodescent::math::Vec2;
use geodescent::race::{Race, World};
use geodescent::scenario::{BUILTIN, Document, Report};
use geodescent::screen::{self, Cache};
use geodescent::terminal::{self, Input, Pointer, Reader};
use ratatui::layout::Rect;

/// Steps that a race is run for; a race of a million is no other.
const STEPS: usize = 24;

/// A complaint is short, and no character of it does anything but stand there.
pub fn fit_to_print(report: &Report) {
    let (text, brief) = (report.to_string(), report.brief());
    assert!(text.len() < 65536, "{} bytes", text.len());
    assert!(!text.is_empty() && text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(!brief.contains('\n') && !brief.is_empty(), "{brief:?}");
}

/// A scenario is refused with words that can be printed, or it is a race whose every row has its state.
pub fn scenario(text: &str) {
    checked(&Document::from_text("race.toml", Path::new("."), text));
}

/// As [`scenario`], of a document.
pub fn checked(document: &Document) {
    let world = match World::open(document) {
        Ok(world) => world,
        Err(report) => return fit_to_print(&report),
    };
    assert!(world.family.contains(world.start()) && !world.scenario.racers.is_empty());
    let mut race = Race::new(&world);
    race.extend(STEPS);
    for trace in race.traces() {
        let last = trace.rows.len() - 1;
        assert!(
            trace.ending.is_some() || last == world.scenario.steps.min(STEPS),
            "{last} of {} steps",
            world.scenario.steps
        );
        for (step, row) in trace.rows.iter().enumerate() {
            let ends = row.status.ends();
            assert_eq!(ends, trace.ending.is_some() && step == last, "step {step}: {}", row.status.name());
            let p = row.p();
            // The number next to the probability of an action that is all but certain is 1.
            let rounded = world.scenario.process().is_some() && p.iter().all(|p| (0.0..=1.0).contains(p));
            assert!(ends || rounded || world.family.contains(p), "step {step}: {p}");
        }
    }
}

/// A scenario that takes the column `x` of the file beside it.
const WITH_DATA: [&str; 4] = [
    "family = \"gaussian\"\n[start]\nmean = 0.0\nsd = 1.0\n",
    "family = \"gamma\"\n[start]\nshape = 2.0\nrate = 1.0\n",
    "family = \"beta\"\n[start]\nalpha = 2.0\nbeta = 2.0\n",
    "family = \"categorical\"\n[start]\np1 = 0.3\np2 = 0.3\n",
];

/// A CSV file is refused with words that can be printed, or its numbers are all finite and of the family's kind. Gives
/// back the numbers.
pub fn csv(bytes: &[u8], folder: &Path, family: usize) -> Option<Vec<f64>> {
    std::fs::write(folder.join("data.csv"), bytes).expect("a file");
    let model = WITH_DATA[family % WITH_DATA.len()];
    let text = format!(
        "version = 1\n[objective]\nkind = \"nll\"\ndata = {{ csv = \"data.csv\", column = \"x\" }}\n[run]\nsteps = 4\n\
         [[optimizer]]\nkind = \"sgd\"\n[model]\n{model}"
    );
    let document = Document::from_text("race.toml", folder, &text);
    checked(&document);
    let world = World::open(&document).ok()?;
    let data = world.objective.data().expect("the data").values().to_vec();
    assert!(!data.is_empty() && data.iter().all(|x| world.family.support().contains(&[*x])), "{data:?}");
    Some(data)
}

/// Numbers at which a formula may show what it is made of.
const SPECIAL: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    1e-300,
    5e-324,
    1e300,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    170.0,
];

/// An expression is refused at a place that it has, or has a value everywhere, and its derivatives have the same value.
pub fn expression(text: &str) {
    let expression = match Expression::parse(text, &["mean", "sd"]) {
        Ok(expression) => expression,
        Err(fault) => {
            assert!(text.get(fault.span.clone()).is_some(), "{:?} is no piece of {text:?}", fault.span);
            assert!(!fault.message.is_empty() && !fault.help.is_empty() && fault.message.len() < 4096);
            return;
        }
    };
    assert!(text.len() <= LONGEST);
    for at in SPECIAL.iter().flat_map(|x| SPECIAL.map(|y| [*x, y])) {
        let (value, dual) = (expression.value(&at), expression.derivatives(Vec2::from(at)));
        assert!(
            value.to_bits() == dual.value.to_bits() || (value.is_nan() && dual.value.is_nan()),
            "{text:?} at {at:?}"
        );
    }
}

/// A scenario on screen, or the gallery.
pub fn app(number: usize) -> App {
    let style = Style {
        theme: Theme { ground: Ground::Dark, depth: Depth::True },
        marker: Marker::ALL[number % Marker::ALL.len()],
        bold: false,
        glyphs: Glyphs::Any,
    };
    let open =
        |name: &str| Show::open(Document::builtin(name).expect("a built-in scenario")).expect("a right scenario");
    match number % 8 {
        0 => {
            let rows = BUILTIN.iter().take(3).enumerate();
            let entry = |(i, row): (usize, &geodescent::scenario::Builtin)| Entry {
                name: row.name.to_owned(),
                title: row.name.to_owned(),
                // One cannot be read.
                show: (i != 1).then(|| open(row.name)),
                ..Entry::default()
            };
            App::gallery(rows.map(entry).collect(), style)
        }
        _ => App::show(open(BUILTIN[number / 8 % BUILTIN.len()].name), style),
    }
}

/// Bytes of a keyboard make keys, keys change the app, the app is drawn. The first bytes say which app and what size.
///
/// However the bytes are cut they are the same keys, and after a pause the next key counts.
pub fn keys(bytes: &[u8]) {
    let [first, width, height, bytes @ ..] = bytes else { return };
    let inputs = inputs(bytes, bytes.len().max(1));
    assert_eq!(inputs, self::inputs(bytes, 1), "cut into single bytes");
    assert_eq!(inputs, self::inputs(bytes, usize::from(*first % 7) + 2), "cut into pieces");
    let mut app = app(usize::from(*first));
    let area = Rect::new(0, 0, u16::from(*width) % 160, u16::from(*height) % 60);
    let mut cache = Cache::default();
    for (i, input) in inputs.iter().enumerate() {
        let effect = match input {
            Input::Key(event) => terminal::key(*event).map_or(Effect::None, |key| app.press(key)),
            Input::Mouse(event) => match terminal::pointer(*event) {
                Some(Pointer::WheelUp) => app.update(Action::ZoomIn),
                Some(Pointer::WheelDown) => app.update(Action::ZoomOut),
                // Nothing lies there, so any row of the table may be meant.
                Some(Pointer::Press(x, y)) => app.update(ACTIONS[usize::from(x ^ y) % ACTIONS.len()].action),
                Some(Pointer::Release(..)) | None => Effect::None,
            },
            Input::Paste => app.tell("pasted"),
            Input::Answer | Input::Ground(_) | Input::Cursor(..) => Effect::None,
        };
        sound(&mut app, &effect);
        if effect == Effect::Quit {
            break;
        }
        if i % 16 == 15 {
            screen::redraw(&app, &mut cache, area);
        }
    }
    screen::redraw(&app, &mut cache, area);
}

/// What an effect may be, and that time can pass after it.
pub fn sound(app: &mut App, effect: &Effect) {
    app.settle();
    if let Effect::Write { path, text } = effect {
        let names = path.components().filter(|part| !matches!(part, std::path::Component::CurDir));
        assert!(names.count() == 1 && path.file_name().is_some(), "{}", path.to_string_lossy());
        checked(&Document::from_text("written.toml", Path::new("scenarios"), text));
        app.tell("written");
    }
    app.advance(Duration::from_millis(40));
    app.work(50);
    if let Screen::Show(show) = &app.screen {
        assert!(show.chosen < show.world.scenario.racers.len() && show.timeline.step() <= show.world.scenario.steps);
        assert!(show.race.reached() >= show.timeline.step(), "the playhead is where no row is");
    }
}

/// What bytes that come in pieces of a size mean, with a pause at their end.
fn inputs(bytes: &[u8], size: usize) -> Vec<Input> {
    let (mut reader, mut found) = (Reader::default(), Vec::new());
    for piece in bytes.chunks(size) {
        reader.read(piece, &mut |input| found.push(input));
    }
    reader.pause(&mut |input| found.push(input));
    assert!(!reader.waiting(), "a pause ends whatever was begun");
    let before = found.len();
    reader.read(b"q", &mut |input| found.push(input));
    assert_eq!(found.len(), before + 1, "the next key counts");
    found
}
