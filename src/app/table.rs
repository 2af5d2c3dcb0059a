//! The table from which keys, help and footer are built. The only module that names a key.

use super::Turn;
use super::action::{Action, ActionInfo, Context, Group};
use super::key::{Code, Key};

const fn row(
    action: Action,
    id: &'static str,
    (group, context): (Group, Context),
    keys: &'static [Key],
    help: &'static str,
    footer: Option<&'static str>,
) -> ActionInfo {
    ActionInfo { action, id, group, context, keys, help, footer }
}

const TIME: (Group, Context) = (Group::Time, Context::Show);
const RACERS: (Group, Context) = (Group::Racers, Context::Show);
const VIEW: (Group, Context) = (Group::View, Context::Show);
const SHOW: (Group, Context) = (Group::Document, Context::Show);
const MENU: (Group, Context) = (Group::View, Context::Menu);
const GALLERY: (Group, Context) = (Group::Document, Context::Gallery);
const LOOK: (Group, Context) = (Group::View, Context::Everywhere);
const OUT: (Group, Context) = (Group::Out, Context::Everywhere);
const OUT_OF_SHOW: (Group, Context) = (Group::Out, Context::Show);
const OUT_OF_GALLERY: (Group, Context) = (Group::Out, Context::Gallery);
const BOX: (Group, Context) = (Group::Out, Context::Box);
const OVER: (Group, Context) = (Group::Out, Context::Over);
const OFFER: (Group, Context) = (Group::Document, Context::Offer);
const COMMAND: (Group, Context) = (Group::Out, Context::Command);
const NUMBER: (Group, Context) = (Group::Out, Context::Number);
const FILTER: (Group, Context) = (Group::Document, Context::Filter);

const STEP: &str = "one step (Shift: ten)";
const ENDS: &str = "first, last, a step";
const SPEED: &str = "slower, faster";
const CUES: &str = "next, previous cue";
const ON_OFF: &str = "show or hide a racer";
const CHOOSE: &str = "choose a racer";
const MEMBERS: &str = "another seed";
const RATE: &str = "its learning rate";
const NUMBERS: &str = "a step's numbers, as LaTeX";
const PAN: &str = "pan";
const ZOOM: &str = "zoom in, out, fit";
const CHARTS: &str = "next chart, all charts";
const DELTA: &str = "δ of ellipses and balls";
const ALPHA: &str = "α of the geodesic";
const FILES: &str = "write: scenario, pane";
const SCREEN: &str = "captions, blank, repaint";
const GRID: &str = "other grid, reset end";
const TRACE: &str = "trace: log axis, quantity";
const UNDO: &str = "undo, redo an edit";
const LOOKS: &str = "dots (seeing boxes?), theme";
const OVERLAY: &str = "overlay on or off";
const ENTRIES: &str = "choose a scenario";
const PAGES: &str = "ten on, ten back";
const CHAPTERS: &str = "previous, next chapter";
const CHAPTER: &str = "chapter";
const SCROLL: &str = "scroll";
const SCROLL_PAGES: &str = "scroll by pages";
const SCROLL_ENDS: &str = "scroll to an end";

/// Every action, in the order of help and footer.
#[rustfmt::skip]
pub const ACTIONS: &[ActionInfo] = &[
    row(Action::PlayPause, "play-pause", TIME, &[Key::char(' '), Key::plain(Code::F(5))], "play, pause", Some("play")),
    row(Action::StepForward, "step-forward", TIME, &[Key::plain(Code::Right)], STEP, Some("step")),
    row(Action::StepBack, "step-back", TIME, &[Key::plain(Code::Left)], STEP, Some("step")),
    row(Action::LeapForward, "leap-forward", TIME, &[Key::shift(Code::Right)], "", None),
    row(Action::LeapBack, "leap-back", TIME, &[Key::shift(Code::Left)], "", None),
    row(Action::First, "first", TIME, &[Key::plain(Code::Home)], ENDS, None),
    row(Action::Last, "last", TIME, &[Key::plain(Code::End)], ENDS, None),
    row(Action::GoTo, "go-to", TIME, &[Key::char('G')], ENDS, None),
    row(Action::Slower, "slower", TIME, &[Key::char('<'), Key::char(',')], SPEED, None),
    row(Action::Faster, "faster", TIME, &[Key::char('>'), Key::char('.')], SPEED, None),
    row(Action::NextCue, "next-cue", TIME, &[Key::char('n'), Key::plain(Code::PageDown)], CUES, Some("cue")),
    row(Action::PreviousCue, "previous-cue", TIME, &[Key::char('p'), Key::plain(Code::PageUp)], CUES, None),
    row(Action::Restart, "restart", TIME, &[Key::char('r')], "restart as opened", None),
    row(Action::ToggleRacer(0), "racer-1", RACERS, &[Key::char('1')], ON_OFF, None),
    row(Action::ToggleRacer(1), "racer-2", RACERS, &[Key::char('2')], ON_OFF, None),
    row(Action::ToggleRacer(2), "racer-3", RACERS, &[Key::char('3')], ON_OFF, None),
    row(Action::ToggleRacer(3), "racer-4", RACERS, &[Key::char('4')], ON_OFF, None),
    row(Action::ToggleRacer(4), "racer-5", RACERS, &[Key::char('5')], ON_OFF, None),
    row(Action::ToggleRacer(5), "racer-6", RACERS, &[Key::char('6')], ON_OFF, None),
    row(Action::ToggleRacer(6), "racer-7", RACERS, &[Key::char('7')], ON_OFF, None),
    row(Action::ToggleRacer(7), "racer-8", RACERS, &[Key::char('8')], ON_OFF, None),
    row(Action::ToggleRacer(8), "racer-9", RACERS, &[Key::char('9')], ON_OFF, None),
    row(Action::PreviousRacer, "previous-racer", RACERS, &[Key::plain(Code::Up)], CHOOSE, None),
    row(Action::NextRacer, "next-racer", RACERS, &[Key::plain(Code::Down)], CHOOSE, None),
    row(Action::PreviousMember, "previous-member", RACERS, &[Key::char('(')], MEMBERS, None),
    row(Action::NextMember, "next-member", RACERS, &[Key::char(')')], MEMBERS, None),
    row(Action::LowerRate, "lower-rate", RACERS, &[Key::char('[')], RATE, Some("rate")),
    row(Action::RaiseRate, "raise-rate", RACERS, &[Key::char(']')], RATE, Some("rate")),
    row(Action::Command, "command", RACERS, &[Key::char(':')], "pick a number, set a key", None),
    row(Action::StartHere, "start-here", RACERS, &[Key::char('s')], "start here (or click)", Some("start")),
    row(Action::Tune, "tune", RACERS, &[Key::char('f')], "find the best rates", None),
    row(Action::Numbers, "numbers", RACERS, &[Key::char('x')], NUMBERS, None),
    row(Action::WriteNumbers, "write-numbers", RACERS, &[Key::char('X')], NUMBERS, None),
    row(Action::NextPane, "next-pane", VIEW, &[Key::plain(Code::Tab)], "next pane", Some("pane")),
    row(Action::Fill, "fill", VIEW, &[Key::plain(Code::Enter)], "fill the screen with it", None),
    row(Action::PreviousPane, "previous-pane", VIEW, &[Key::shift(Code::Tab)], "", None),
    row(Action::PanLeft, "pan-left", VIEW, &[Key::char('h')], PAN, None),
    row(Action::PanDown, "pan-down", VIEW, &[Key::char('j')], PAN, None),
    row(Action::PanUp, "pan-up", VIEW, &[Key::char('k')], PAN, None),
    row(Action::PanRight, "pan-right", VIEW, &[Key::char('l')], PAN, None),
    row(Action::ZoomIn, "zoom-in", VIEW, &[Key::char('+'), Key::char('=')], ZOOM, None),
    row(Action::ZoomOut, "zoom-out", VIEW, &[Key::char('-'), Key::char('_')], ZOOM, None),
    row(Action::Fit, "fit", VIEW, &[Key::char('0')], ZOOM, None),
    row(Action::NextChart, "next-chart", VIEW, &[Key::char('c')], CHARTS, Some("chart")),
    row(Action::Charts, "charts", VIEW, &[Key::char('C')], CHARTS, None),
    row(Action::GapOrder, "gap-order", VIEW, &[Key::char('O')], "order of the charts' gap", None),
    row(Action::Overlays, "overlays", VIEW, &[Key::char('o')], "overlays", Some("overlays")),
    row(Action::ToggleOverlay(0), "overlay-1", MENU, &[Key::char('1')], OVERLAY, None),
    row(Action::ToggleOverlay(1), "overlay-2", MENU, &[Key::char('2')], OVERLAY, None),
    row(Action::ToggleOverlay(2), "overlay-3", MENU, &[Key::char('3')], OVERLAY, None),
    row(Action::ToggleOverlay(3), "overlay-4", MENU, &[Key::char('4')], OVERLAY, None),
    row(Action::ToggleOverlay(4), "overlay-5", MENU, &[Key::char('5')], OVERLAY, None),
    row(Action::ToggleOverlay(5), "overlay-6", MENU, &[Key::char('6')], OVERLAY, None),
    row(Action::ToggleOverlay(6), "overlay-7", MENU, &[Key::char('7')], OVERLAY, None),
    row(Action::ToggleOverlay(7), "overlay-8", MENU, &[Key::char('8')], OVERLAY, None),
    row(Action::ToggleOverlay(8), "overlay-9", MENU, &[Key::char('9')], OVERLAY, None),
    row(Action::ToggleOverlay(9), "overlay-10", MENU, &[Key::char('a')], OVERLAY, None),
    row(Action::ToggleOverlay(10), "overlay-11", MENU, &[Key::char('b')], OVERLAY, None),
    row(Action::ToggleOverlay(11), "overlay-12", MENU, &[Key::char('c')], OVERLAY, None),
    row(Action::ToggleOverlay(12), "overlay-13", MENU, &[Key::char('d')], OVERLAY, None),
    row(Action::ToggleOverlay(13), "overlay-14", MENU, &[Key::char('e')], OVERLAY, None),
    row(Action::ToggleOverlay(14), "overlay-15", MENU, &[Key::char('f')], OVERLAY, None),
    row(Action::ToggleOverlay(15), "overlay-16", MENU, &[Key::char('g')], OVERLAY, None),
    row(Action::ToggleOverlay(16), "overlay-17", MENU, &[Key::char('h')], OVERLAY, None),
    row(Action::ToggleOverlay(17), "overlay-18", MENU, &[Key::char('i')], OVERLAY, None),
    row(Action::ToggleOverlay(18), "overlay-19", MENU, &[Key::char('j')], OVERLAY, None),
    row(Action::ToggleOverlay(19), "overlay-20", MENU, &[Key::char('k')], OVERLAY, None),
    row(Action::ToggleOverlay(20), "overlay-21", MENU, &[Key::char('l')], OVERLAY, None),
    row(Action::ToggleOverlay(21), "overlay-22", MENU, &[Key::char('m')], OVERLAY, None),
    row(Action::ToggleOverlay(22), "overlay-23", MENU, &[Key::char('n')], OVERLAY, None),
    row(Action::EllipseAt, "ellipse-at", VIEW, &[Key::char('e')], "ellipse at start, at racer", None),
    row(Action::LowerDelta, "lower-delta", VIEW, &[Key::char('{')], DELTA, None),
    row(Action::RaiseDelta, "raise-delta", VIEW, &[Key::char('}')], DELTA, None),
    row(Action::LowerAlpha, "lower-alpha", VIEW, &[Key::char('A')], ALPHA, None),
    row(Action::RaiseAlpha, "raise-alpha", VIEW, &[Key::char('a')], ALPHA, None),
    row(Action::NextGrid, "next-grid", VIEW, &[Key::char('g')], GRID, None),
    row(Action::ResetEnd, "reset-end", VIEW, &[Key::char('d')], GRID, None),
    row(Action::LogAxis, "log-axis", VIEW, &[Key::char('y')], TRACE, None),
    row(Action::NextQuantity, "next-quantity", VIEW, &[Key::char('v')], TRACE, None),
    row(Action::Measures, "measures", VIEW, &[Key::char('M')], "measures and verdicts", None),
    row(Action::MoveEnd(0, false), "end-left", VIEW, &[Key::char('H')], "", None),
    row(Action::MoveEnd(1, false), "end-down", VIEW, &[Key::char('J')], "", None),
    row(Action::MoveEnd(1, true), "end-up", VIEW, &[Key::char('K')], "", None),
    row(Action::MoveEnd(0, true), "end-right", VIEW, &[Key::char('L')], "", None),
    row(Action::PreviousEntry, "previous-entry", GALLERY, &[Key::plain(Code::Up), Key::char('k')], ENTRIES, Some("choose")),
    row(Action::NextEntry, "next-entry", GALLERY, &[Key::plain(Code::Down), Key::char('j')], ENTRIES, Some("choose")),
    row(Action::Entries(Turn::PageOn), "entries-page-down", GALLERY, &[Key::plain(Code::PageDown)], PAGES, None),
    row(Action::Entries(Turn::PageBack), "entries-page-up", GALLERY, &[Key::plain(Code::PageUp)], PAGES, None),
    row(Action::Entries(Turn::First), "first-entry", GALLERY, &[Key::plain(Code::Home)], "first, last", None),
    row(Action::Entries(Turn::Last), "last-entry", GALLERY, &[Key::char('G'), Key::plain(Code::End)], "first, last", None),
    row(Action::TurnChapter(Turn::Back), "previous-chapter", GALLERY, &[Key::plain(Code::Left)], CHAPTERS, Some(CHAPTER)),
    row(Action::TurnChapter(Turn::On), "next-chapter", GALLERY, &[Key::plain(Code::Right)], CHAPTERS, Some(CHAPTER)),
    row(Action::Chapter(0), "chapter-1", GALLERY, &[Key::char('1')], CHAPTER, None),
    row(Action::Chapter(1), "chapter-2", GALLERY, &[Key::char('2')], CHAPTER, None),
    row(Action::Chapter(2), "chapter-3", GALLERY, &[Key::char('3')], CHAPTER, None),
    row(Action::Chapter(3), "chapter-4", GALLERY, &[Key::char('4')], CHAPTER, None),
    row(Action::Chapter(4), "chapter-5", GALLERY, &[Key::char('5')], CHAPTER, None),
    row(Action::Chapter(5), "chapter-6", GALLERY, &[Key::char('6')], CHAPTER, None),
    row(Action::Chapter(6), "chapter-7", GALLERY, &[Key::char('7')], CHAPTER, None),
    row(Action::Chapter(7), "chapter-8", GALLERY, &[Key::char('8')], CHAPTER, None),
    row(Action::Chapter(8), "chapter-9", GALLERY, &[Key::char('9')], CHAPTER, None),
    row(Action::Open, "open", GALLERY, &[Key::plain(Code::Enter)], "open it", Some("open")),
    row(Action::Filter, "filter", GALLERY, &[Key::char('/')], "filter by words", Some("filter")),
    row(Action::Marker, "marker", LOOK, &[Key::char('m')], LOOKS, None),
    row(Action::Theme, "theme", LOOK, &[Key::char('t')], LOOKS, Some("theme")),
    row(Action::Captions, "captions", LOOK, &[Key::char('P')], SCREEN, None),
    row(Action::Blank, "blank", LOOK, &[Key::char('b')], SCREEN, None),
    row(Action::Repaint, "repaint", LOOK, &[Key::ctrl('l')], SCREEN, None),
    row(Action::Traffic, "traffic", LOOK, &[Key::char('i')], "bytes, frames per second", None),
    row(Action::Undo, "undo", SHOW, &[Key::char('u')], UNDO, None),
    row(Action::Redo, "redo", SHOW, &[Key::char('U')], UNDO, None),
    row(Action::Write, "write", SHOW, &[Key::char('w')], FILES, None),
    row(Action::Picture, "picture", SHOW, &[Key::char('S')], FILES, None),
    row(Action::Accept, "accept", OFFER, &[Key::char('y'), Key::plain(Code::Enter)], "race with these rates", Some("yes")),
    row(Action::Decline, "decline", OFFER, &[Key::char('n'), Key::plain(Code::Esc)], "keep the rates", Some("no")),
    row(Action::Scroll(Turn::Back), "scroll-up", BOX, &[Key::plain(Code::Up)], SCROLL, Some(SCROLL)),
    row(Action::Scroll(Turn::On), "scroll-down", BOX, &[Key::plain(Code::Down)], SCROLL, Some(SCROLL)),
    row(Action::Scroll(Turn::PageBack), "scroll-page-up", BOX, &[Key::plain(Code::PageUp)], SCROLL_PAGES, None),
    row(Action::Scroll(Turn::PageOn), "scroll-page-down", BOX, &[Key::plain(Code::PageDown)], SCROLL_PAGES, None),
    row(Action::Scroll(Turn::First), "scroll-first", BOX, &[Key::plain(Code::Home)], SCROLL_ENDS, None),
    row(Action::Scroll(Turn::Last), "scroll-last", BOX, &[Key::plain(Code::End)], SCROLL_ENDS, None),
    row(Action::Back, "close", OVER, &[Key::plain(Code::Esc)], "close", Some("close")),
    row(Action::Arrive, "arrive", NUMBER, &[Key::plain(Code::Enter)], "go to this step", Some("go")),
    row(Action::Erase, "erase-digit", NUMBER, &[Key::plain(Code::Backspace)], "delete a digit", None),
    row(Action::Back, "stay", NUMBER, &[Key::plain(Code::Esc)], "stay where it is", Some("stay")),
    row(Action::Submit, "submit", COMMAND, &[Key::plain(Code::Enter)], "do it", Some("do it")),
    row(Action::Erase, "erase-command", COMMAND, &[Key::plain(Code::Backspace)], "delete a letter", None),
    row(Action::Back, "leave-command", COMMAND, &[Key::plain(Code::Esc)], "change nothing", Some("leave")),
    row(Action::KeepFilter, "keep-filter", FILTER, &[Key::plain(Code::Enter)], "keep the filter", Some("keep")),
    row(Action::Erase, "erase", FILTER, &[Key::plain(Code::Backspace)], "delete a letter", None),
    row(Action::Back, "clear-filter", FILTER, &[Key::plain(Code::Esc)], "list everything again", Some("clear")),
    row(Action::Quit, "quit", OUT, &[Key::char('q'), Key::ctrl('c')], "quit", Some("quit")),
    row(Action::Back, "back", OUT_OF_SHOW, &[Key::plain(Code::Esc)], "back: box, pane, gallery", None),
    row(Action::Back, "leave", OUT_OF_GALLERY, &[Key::plain(Code::Esc)], "list everything again", None),
    row(Action::Help, "help", OUT, &[Key::char('?'), Key::plain(Code::F(1))], "next page, then away", Some("help")),
    row(Action::Suspend, "suspend", OUT, &[Key::ctrl('z')], "", None),
];
