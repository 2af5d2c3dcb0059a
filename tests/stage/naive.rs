//! A program that does what quick terminal programs do, so that every row of the table is seen to fail once.
//!
//! It is no example to follow: no signal is handled, modes are forgotten, text from files goes raw to the terminal, errors
//! are unwrapped, each event costs a frame. `NAIVE` names further bad habits. It is part of the test binary and runs when
//! that is called by the name `naive`; nothing of it is ever installed.
#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "bad habits are what it is for")]

use std::io::{self, Read, Write};
use std::time::Duration;

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture, Event, KeyCode, KeyModifiers,
};
use ratatui::crossterm::execute;
use ratatui::style::{Color, Style};

/// What is on screen.
#[derive(Default)]
struct State {
    title: String,
    keys: usize,
    light: bool,
    playing: bool,
    step: usize,
    quit: bool,
    hoard: Vec<Vec<u8>>,
}

fn habit(name: &str) -> bool {
    std::env::var("NAIVE").is_ok_and(|habits| habits.split(',').any(|habit| habit == name))
}

/// The whole program.
pub fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let first = arguments.get(1).cloned().unwrap_or_else(|| "three-charts".to_owned());
    match first.as_str() {
        "run" => {
            let _title = title(&arguments[2]);
            (0..100_000).for_each(|step| println!("sgd,{step},running,0.1"));
        }
        "check" => {
            let text = std::fs::read_to_string(&arguments[2]).unwrap();
            eprintln!("error in {}: {text}", arguments[2]);
            std::process::exit(2);
        }
        "doctor" | "reset" => println!("\x1b[1m{first}\x1b[0m"),
        name => show(name),
    }
}

fn title(name: &str) -> String {
    if name == "three-charts" {
        return "One Gaussian, three coordinate systems".to_owned();
    }
    let text = std::fs::read_to_string(name).unwrap();
    let line = text.lines().find(|line| line.starts_with("title")).unwrap().to_owned();
    // As TOML has it.
    line.replace("\\u001b", "\x1b").replace("\\u0007", "\x07").replace("\\u202e", "\u{202e}")
}

fn show(name: &str) {
    let mut state = State { title: title(name), ..State::default() };
    let mut terminal = ratatui::init();
    execute!(io::stdout(), EnableMouseCapture, EnableFocusChange).unwrap();
    if !habit("plain-paste") {
        execute!(io::stdout(), EnableBracketedPaste).unwrap();
    }
    print!("\x1b[38;2;255;80;80m\x1b[0m");
    if habit("title") {
        print!("\x1b]0;{}\x07", state.title);
    }
    while !state.quit {
        draw(&mut terminal, &state);
        if habit("hoard") {
            // Room is enough to get to a limit on it, and takes no time on a busy machine.
            state.hoard.push(Vec::with_capacity(128 << 20));
        }
        if habit("log") {
            eprintln!("DEBUG drawn");
        }
        if habit("bytes") { raw(&mut state) } else { wait(&mut terminal, &mut state) }
    }
    if !habit("leak") {
        execute!(io::stdout(), DisableMouseCapture, DisableFocusChange, DisableBracketedPaste).unwrap();
    }
    ratatui::restore();
}

fn draw(terminal: &mut DefaultTerminal, state: &State) {
    match std::env::var("GEODESCENT_PANIC").as_deref() {
        Ok("draw") => panic!("asked to panic in draw"),
        Ok(_) => drop(std::thread::spawn(|| panic!("asked to panic in a thread"))),
        Err(_) => {}
    }
    let line = format!("geodescent ─ {} keys {} ─ {}/200", state.title, state.keys, state.step);
    let color = if state.light { Color::Rgb(250, 250, 250) } else { Color::Rgb(9, 9, 9) };
    terminal
        .draw(|frame| {
            let buffer = frame.buffer_mut();
            let area = buffer.area;
            buffer.set_style(area, Style::new().bg(color));
            buffer.set_string(0, 0, &line, Style::new());
            buffer[(20, 8)].set_symbol("●");
        })
        .unwrap();
    if habit("ask") {
        print!("\x1b[5n");
        io::stdout().flush().unwrap();
        while byte() != b'n' {}
    }
}

/// The next byte, however long it takes.
fn byte() -> u8 {
    let mut byte = [0];
    io::stdin().read_exact(&mut byte).unwrap();
    byte[0]
}

/// Every byte is a key, and after an escape comes another byte.
fn raw(state: &mut State) {
    if habit("question") {
        print!("\x1b[5n");
        io::stdout().flush().unwrap();
    }
    let mut byte = [0];
    io::stdin().read_exact(&mut byte).unwrap();
    match byte[0] {
        0x1b => io::stdin().read_exact(&mut byte).unwrap(),
        b => press(state, char::from(b)),
    }
}

fn press(state: &mut State, key: char) {
    if habit("threads") {
        std::thread::spawn(|| std::thread::sleep(Duration::from_hours(1)));
    }
    match key {
        'q' => state.quit = true,
        't' => state.light = !state.light,
        ' ' => state.playing = !state.playing,
        'w' => std::fs::write("three-charts-edited.toml", "naive").unwrap(),
        _ => state.keys += 1,
    }
}

fn wait(terminal: &mut DefaultTerminal, state: &mut State) {
    if (state.playing || habit("redraw") || habit("hoard")) && !event::poll(Duration::from_millis(16)).unwrap() {
        state.step += usize::from(state.playing);
        return;
    }
    match event::read().unwrap() {
        Event::Key(key) if habit("stop") && key.code == KeyCode::Char('z') => {
            let _ = std::process::Command::new("kill").args(["-STOP", &std::process::id().to_string()]).status();
        }
        Event::Key(key) if key.modifiers.contains(KeyModifiers::CONTROL) => {}
        Event::Key(key) => match key.code {
            KeyCode::Char(c) => press(state, c),
            KeyCode::End => state.step = 200,
            KeyCode::Right => state.step += 1,
            _ => state.keys += 1,
        },
        Event::Mouse(_) => {
            if habit("slow") {
                std::thread::sleep(Duration::from_millis(10));
            }
            state.keys += 1;
        }
        Event::Resize(..) => terminal.clear().unwrap(),
        _ => {}
    }
}
