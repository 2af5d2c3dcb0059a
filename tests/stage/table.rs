//! The fault table: what can go wrong on stage, and what has to come of it. Data only.
//!
//! A row's script plays on the program and has to pass; on the naive program, with the row's bad habits, it has to fail.

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it stands for, and where such a fault was seen.
    pub fault: String,
    /// Its script.
    pub script: String,
    /// Bad habits of the naive program that make it fail.
    pub habits: &'static str,
    /// Whether the naive program may fail before it is on screen.
    pub early: bool,
    /// Whether it measures times and must not be disturbed.
    pub alone: bool,
}

/// What follows when all is over.
const OVER: &str = "\nexpect restored\nexpect allowed\n";
const SHOW: &str = "start three-charts\nexpect frame\nwait ?300ms\n";
const QUIT: &str = "key q\nexpect quit-within @quit\nexpect exit 0";

fn row(name: &str, fault: &str, habits: &'static str, script: &str) -> Row {
    let script = script.replace("SHOW\n", SHOW).replace("\nQUIT", &format!("\n{QUIT}")).replace("\nOVER", OVER);
    let alone = ["@flood", "@resize", "@gone", "@idle"].iter().any(|limit| script.contains(limit));
    let early = name.starts_with("started-at") || name == "name-not-utf-8";
    Row { name: name.to_owned(), fault: fault.to_owned(), script, habits, early, alone }
}

/// Every row.
pub fn rows() -> Vec<Row> {
    let mut rows = signals();
    rows.extend(control_c());
    rows.extend(panics());
    rows.extend(combinations());
    rows.extend(
        LIFE.iter()
            .chain(TERMINAL)
            .chain(INPUT)
            .chain(LINK)
            .chain(ENVIRONMENT)
            .chain(FILES)
            .map(|(name, fault, habits, script)| row(name, fault, habits, script)),
    );
    rows
}

fn signals() -> Vec<Row> {
    let moments = [
        ("idle", "expect settled\nwait ?200ms\n"),
        ("playing", "key space\nwait ?400ms\n"),
        ("flood", "flood ?{l|t|]|+} 5000\n"),
    ];
    let signals = [("TERM", 143), ("INT", 130), ("HUP", 129), ("QUIT", 131)];
    let all = signals.iter().flat_map(|signal| moments.iter().map(move |moment| (signal, moment)));
    all.map(|((signal, code), (moment, before))| {
        let script = format!("SHOW\n{before}signal {signal}\nexpect quit-within @quit\nexpect exit {code}\nOVER");
        row(&format!("{}-{moment}", signal.to_lowercase()), "L3 helix#6754, spyc#277, crossterm#554", "", &script)
    })
    .collect()
}

fn control_c() -> Vec<Row> {
    let screens = [
        ("show", "SHOW\n"),
        ("help", "SHOW\nkey ??\n"),
        ("menu", "SHOW\nkey o\n"),
        ("blank", "SHOW\nkey b\n"),
        ("playing", "SHOW\nkey space\nwait ?400ms\n"),
        ("gallery", "start\nexpect frame\nwait ?300ms\n"),
        ("filter", "start\nexpect frame\nkey /\nkeys ?{gauss|q|nat}\nwait ?200ms\n"),
        ("long-race", "start three-charts --steps 600000\nexpect frame\nkey End\nwait ?300ms\n"),
    ];
    screens
        .iter()
        .map(|(name, before)| {
            let before = before.replace("??", "?");
            let script = format!("{before}key C-c\nexpect quit-within @quit\nexpect exit 0\nOVER");
            row(&format!("ctrl-c-{name}"), "L4 rocm-cli#326", "", &script)
        })
        .collect()
}

/// One row for each place where a debug build can be asked to panic: they are found in the source.
fn panics() -> Vec<Row> {
    if !cfg!(debug_assertions) {
        return Vec::new();
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/terminal");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let mut places: Vec<String> = texts
        .flat_map(|text| {
            let places = text.split("panic_if_asked(\"").skip(1).filter_map(|rest| rest.split('"').next());
            places.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    places.sort();
    let script = |place: &str| {
        format!(
            "env GEODESCENT_PANIC={place}\nstart three-charts\nexpect exit 101\nexpect restored\nexpect text asked to panic"
        )
    };
    places.iter().map(|place| row(&format!("panic-{place}"), "L1 ratatui#2087, #1005", "", &script(place))).collect()
}

/// Standard input, output and error: a terminal or not.
fn combinations() -> Vec<Row> {
    let fault = "T12 ratatui#2014, crossterm#396";
    let all = (0..7).map(|bits| [bits & 4 != 0, bits & 2 != 0, bits & 1 != 0]);
    all.map(|[input, output, error]| {
        let letter = |tty: bool, name: char| if tty { name } else { '-' };
        let name = format!("tty-{}{}{}", letter(input, 'i'), letter(output, 'o'), letter(error, 'e'));
        let from = if input { "" } else { " </dev/null" };
        let to = if error { "" } else { " 2>err.txt" };
        let err = if error { "" } else { "expect clean err.txt\n" };
        let command = format!("\"$P\" three-charts{from}{to}");
        let (habits, script) = match (input, output) {
            (_, false) => {
                let command = format!("set -o pipefail; {command} | cat >out.txt");
                ("", format!("shell exec bash -c '{command}'\nexpect exit 0\nexpect file out.txt geodescent\nexpect clean out.txt\n{err}expect no-escape\nexpect restored"))
            }
            (false, true) => {
                ("", {
                    // Where standard error is the terminal, too, the reason stands on the screen.
                    let why = if error { "expect text standard input is not a terminal" } else { "expect file err.txt standard input" };
                    format!("shell exec {command}\nexpect failure\n{why}\nexpect no-escape\n{err}expect restored")
                })
            }
            (true, true) => {
                ("log", format!("shell exec {command}\nexpect frame\nQUIT\nexpect file err.txt\nOVER"))
            }
        };
        row(&name, fault, habits, &script)
    })
    .collect()
}

type Given = (&'static str, &'static str, &'static str, &'static str);

/// 2a: how it ends.
const LIFE: &[Given] = &[
    ("quit-key", "L1 modes left on by the usual restore", "leak", "SHOW\nQUIT\nOVER"),
    (
        "stop-from-outside",
        "L6 opentui#907, yazi#105, bubbletea#497",
        "",
        "bash\nkeys \"$P\" three-charts\\r\nexpect frame\nwait ?300ms\nsignal TSTP\nwait 300ms\nsuspend\nresume\nkey q\nexpect prompt\nkeys exit\\r\nexpect ended",
    ),
    (
        "stop-unseen",
        "L6 SIGSTOP cannot be caught: what comes back is cooked (tcell#1134)",
        "",
        "bash\nkeys \"$P\" three-charts\\r\nexpect frame\nwait ?300ms\nsignal STOP\nwait 300ms\nkeys fg\\r\nexpect running\nwait 300ms\nexpect text One Gaussian\nmark\nkey t\nwait 300ms\nkey q\nexpect prompt\nkeys stty -a | grep -qw -e -icanon -e -echo || echo fine$((40+2))\\r\nexpect text fine42\nkeys exit\\r\nexpect ended",
    ),
    (
        "ctrl-z-often",
        "L6 Ctrl-Z, fg and another size, five times",
        "",
        "bash\nkeys \"$P\" three-charts\\r\nexpect frame\nexpect settled\nsuspend\nsize 100x30\nresume\nwait ?200ms\nsuspend\nsize 80x24\nresume\nwait ?200ms\nsuspend\nresume\nsuspend\nsize 200x50\nresume\nsuspend\nsize 120x36\nresume\nexpect text One Gaussian\nkey q\nexpect prompt\nkeys exit\\r\nexpect ended",
    ),
    (
        "ctrl-z-same-picture",
        "L6 what comes back is the same picture",
        "",
        "bash\nkeys \"$P\" three-charts\\r\nexpect frame\nkeys ?{t|c|\\e[C|m}\nkey C-l\nexpect settled\nremember\nsuspend\nresume\nexpect same-screen\nkey q\nexpect prompt\nkeys exit\\r\nexpect ended",
    ),
    (
        "ctrl-z-nobody-there",
        "L6 no shell that could continue it",
        "stop",
        "SHOW\nkey C-z\nwait 200ms\nexpect running\nQUIT\nOVER",
    ),
    (
        "hangup",
        "L5 crossterm#793, trippy#617, tig#164, kakoune#2126",
        "",
        "SHOW\nhangup\nexpect quit-within @gone\nexpect cpu-below @idle\nexpect exit 129",
    ),
    (
        "hangup-playing",
        "L5 the same while it plays",
        "",
        "SHOW\nkey space\nwait ?300ms\nhangup\nexpect quit-within @gone\nexpect cpu-below @idle\nexpect exit 129",
    ),
    (
        "hangup-ignored",
        "L5 nohup: SIGHUP ignored, the terminal gone",
        "",
        "shell trap '' HUP; exec \"$P\" three-charts\nexpect frame\nwait ?300ms\nhangup\nexpect quit-within @gone\nexpect cpu-below @idle\nexpect exit 129",
    ),
    (
        "hangup-ignored-playing",
        "L5 the same while it plays",
        "",
        "shell trap '' HUP; exec \"$P\" three-charts\nexpect frame\nkey space\nwait ?300ms\nhangup\nexpect quit-within @gone\nexpect cpu-below @idle\nexpect exit 129",
    ),
    (
        "hangup-stalled",
        "L5 and T10: first nobody reads, then nobody is there",
        "",
        "SHOW\nstall\nflood t 30\nwait ?300ms\nhangup\nexpect quit-within @gone\nexpect cpu-below @idle\nexpect exit 129",
    ),
    (
        "kill-9-and-reset",
        "L8 bubbletea#945",
        "",
        "shell \"$P\" three-charts; \"$P\" reset\nexpect frame\nwait ?300ms\nkill9\nexpect exit 0\nexpect restored",
    ),
    (
        "memory-limit",
        "L2 no memory left",
        "hoard",
        "shell ulimit -v ?{150000|200000|400000}; exec \"$P\" three-charts\nwait 700ms\nkeys q\nexpect ended\nexpect restored",
    ),
    (
        "same-threads-and-files",
        "G8 nothing is left of what was done",
        "threads",
        "SHOW\nexpect settled\nmark\nkeys ttccmmoo??bb\\r\\e\nexpect settled\nsize 80x24\nexpect settled\nsize 120x36\nexpect settled\nexpect same-resources\nQUIT\nOVER",
    ),
];

/// 2b: sizes.
const TERMINAL: &[Given] = &[
    ("size-0x0", "T2 crossterm#891, #1011", "", "SHOW\nsize 0x0\nwait 200ms\nQUIT\nOVER"),
    ("size-0x5", "T2", "", "SHOW\nsize 0x5\nwait 200ms\nQUIT\nOVER"),
    ("size-5x0", "T2", "", "SHOW\nsize 5x0\nwait 200ms\nQUIT\nOVER"),
    ("size-1x1", "T1 ratatui#1379, fresh#310, dirge#730", "", "SHOW\nsize 1x1\nwait 200ms\nQUIT\nOVER"),
    (
        "size-any",
        "T1 any small size",
        "",
        "SHOW\nsize ?{2|3|7|19}x?{1|2|5|9}\nwait ?300ms\nkeys ?{t|c|o|b}\nQUIT\nOVER",
    ),
    (
        "size-and-back",
        "T1 after the smallest size the whole picture",
        "",
        "SHOW\nexpect settled\nremember\nsize 1x1\nwait ?300ms\nsize 120x36\nexpect same-screen\nQUIT\nOVER",
    ),
    (
        "started-at-0x0",
        "T2 eshell, serial lines, containers",
        "",
        "size 0x0\nstart three-charts\nwait 500ms\nQUIT\nOVER",
    ),
    ("started-at-1x1", "T1", "", "size 1x1\nstart three-charts\nwait 500ms\nQUIT\nOVER"),
    (
        "size-10000x10000",
        "T3 9.4 GB for two buffers",
        "",
        "shell ulimit -v 4000000; exec \"$P\" three-charts\nexpect frame\nexpect settled\nsize 10000x10000\nwait 500ms\nexpect settled\nexpect rss-below @memory\nQUIT\nOVER",
    ),
    (
        "started-at-10000x10000",
        "T3",
        "",
        "size 10000x10000\nshell ulimit -v 4000000; exec \"$P\" three-charts\nexpect frame\nexpect settled\nexpect rss-below @memory\nQUIT\nOVER",
    ),
    (
        "resize-storm",
        "T4 1000 sizes cost 2.8 MB of repaints",
        "",
        "SHOW\nexpect settled\nmark\nstorm 40 1200ms\nexpect settled\nexpect clears-at-most @repaints\nexpect right-within @resize\nexpect text One Gaussian\nQUIT\nOVER",
    ),
    (
        "resize-storm-playing",
        "T4 while it plays",
        "",
        "SHOW\nkey space\nmark\nstorm 40 ?{600|900|1200}ms\nwait 300ms\nexpect clears-at-most @repaints\nexpect right-within @resize\nQUIT\nOVER",
    ),
];

/// 2b: keys, mouse, paste.
const INPUT: &[Given] = &[
    (
        "flood-of-keys",
        "T6 crossterm#1057, SuperLightTUI#432: bytes beyond 1024 wait for the next key",
        "",
        "SHOW\nexpect settled\nkeys ?{l|t|c|+|]}\nflood ?{l|h|+|\\e[C} 20000\nkey q\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "flood-and-q-in-one-write",
        "T6",
        "",
        "SHOW\nflood lllllllllllllllllllq 1000\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "flood-while-playing",
        "T6",
        "",
        "SHOW\nkey space\nwait ?300ms\nflood l 20000\nkey q\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "flood-of-wheel",
        "T7 bottom#54, tuicr#617",
        "",
        "SHOW\nflood \\e[<64;30;12M\\e[<65;30;12M 5000\nkey q\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "flood-of-clicks",
        "T7 each click runs the race again",
        "slow",
        "SHOW\nflood \\e[<0;30;12M\\e[<0;30;12m 500\nkey q\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "flood-of-edits",
        "T6 each key edits the scenario",
        "slow",
        "SHOW\nflood ?{]|[|][} 20000\nkey q\nexpect quit-within @flood\nexpect exit 0\nOVER",
    ),
    (
        "paste-without-end",
        "T8 crossterm#1060: a paste whose end never comes swallows every key",
        "",
        "SHOW\nkeys \\e[200~hello\nwait ?300ms\nwait 100ms\nQUIT\nOVER",
    ),
    (
        "paste-100-kB",
        "T8 keys of a paste are no commands",
        "plain-paste",
        "SHOW\nexpect settled\nremember\npaste 100000\nwait 500ms\nexpect running\nkey C-l\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
    (
        "paste-of-a-line",
        "T8 the same with one line",
        "plain-paste",
        "SHOW\nexpect settled\nremember\npaste 60\nwait 300ms\nexpect running\nkey C-l\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
    (
        "garbage",
        "bytes that are no keys",
        "",
        "SHOW\nkeys \\xff\\xfe\\xc3\\x28\\e[200~\\e[<0;99999999999999;1M\\e[999999999999A\\eO\\x80\\x9b31m\\e[?{;;;|?|>|38:2}\nwait 400ms\nQUIT\nOVER",
    ),
    ("half-a-sequence", "a sequence that is cut off", "", "SHOW\nkeys ?{\\e[|\\e[1;|\\e[<0;1}\nwait 500ms\nQUIT\nOVER"),
    (
        "half-a-character",
        "UTF-8 that is cut off",
        "",
        "SHOW\nkeys ?{\\xc3|\\xe2\\x82|\\xf0\\x9f}\nwait 500ms\nQUIT\nOVER",
    ),
    (
        "ctrl-c-by-number",
        "Ctrl-C as the kitty protocol or modifyOtherKeys has it",
        "leak",
        "SHOW\nkeys ?{\\e[99;5u|\\e[27;5;99~|\\e[99;5:1u|\\e[1089::99;5u}\nexpect quit-within @quit\nexpect exit 0\nOVER",
    ),
    (
        "key-in-two-halves",
        "the halves of an arrow key come one by one: the same as at once, where Esc, [ and D would edit a rate",
        "bytes",
        "SHOW\nexpect settled\nkeys \\e[D\nwait 300ms\nexpect settled\nremember\nkeys \\e\nwait 60ms\nkeys [D\nwait 400ms\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
    ("lone-escape", "Esc is a key, not the beginning of one", "bytes", "SHOW\nkey Esc\nwait 300ms\nQUIT\nOVER"),
    (
        "reports-nobody-asked-for",
        "T12 answers to another program's questions",
        "bytes",
        "SHOW\nexpect settled\nremember\nkeys \\e[?62;4c\\e[24;80R\\e[?2026;2$y\\e[I\\e[O\\e]11;rgb:00/00/00\\e\\\\\\eP1+r\\e\\\\\nwait 400ms\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
];

/// 2b: a terminal that is slow, deaf or frozen.
const LINK: &[Given] = &[
    (
        "stalled-q",
        "T10 frozen ssh, copy mode, Ctrl-S: q is ignored",
        "",
        "SHOW\nexpect settled\nmark\nstall\nflood ?{t|tb} 60\nwait 1500ms\nexpect rss-growth-below @stall-memory\nkey q\nexpect quit-within @quit\nexpect exit 0\nflow\nexpect settled\nOVER",
    ),
    (
        "stalled-playing-q",
        "T10 while it plays",
        "",
        "SHOW\nexpect settled\nmark\nkey space\nwait ?300ms\nstall\nflood t 30\nwait 1500ms\nexpect rss-growth-below @stall-memory\nkey q\nexpect quit-within @quit\nexpect exit 0\nflow\nexpect settled\nOVER",
    ),
    (
        "stalled-term",
        "T10 a later SIGTERM leaves it raw",
        "",
        "SHOW\nstall\nflood ?{t|tb} 60\nwait ?900ms\nsignal TERM\nexpect quit-within @quit\nexpect exit 143\nflow\nexpect settled\nOVER",
    ),
    (
        "stalled-and-back",
        "T10 the newest picture, not the old ones",
        "",
        "SHOW\nexpect settled\nstall\nflood t 40\nwait 500ms\nkey End\nwait 500ms\nmark\nflow\nexpect text 200/200\nexpect settled\nexpect bytes-below 150000\nQUIT\nOVER",
    ),
    (
        "answers-never",
        "a terminal that does not know the question",
        "ask",
        "answers off\nSHOW\nkey Right\nexpect text 1/200\nwait ?900ms\nkey Right\nexpect text 2/200\nQUIT\nOVER",
    ),
    (
        "answers-late",
        "a link of 300 ms",
        "ask",
        "answers 300ms\nSHOW\nkey Right\nexpect text 1/200\nkey End\nexpect text 200/200\nQUIT\nOVER",
    ),
    (
        "answers-twice",
        "answers that were sent again",
        "bytes,question",
        "answers twice\nSHOW\nexpect settled\nremember\nkey t\nwait 300ms\nkey t\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
    (
        "answers-among-junk",
        "answers among other reports",
        "bytes,question",
        "answers junk\nSHOW\nexpect settled\nremember\nkey t\nwait 300ms\nkey t\nexpect settled\nexpect same-screen\nQUIT\nOVER",
    ),
    (
        "answers-lost",
        "answers get lost when a multiplexer changes hands",
        "ask",
        "SHOW\nexpect settled\nanswers off\nkey Right\nexpect text 1/200\nwait ?900ms\nanswers on\nkey Right\nexpect text 2/200\nQUIT\nOVER",
    ),
    (
        "answers-lost-playing",
        "one lost answer froze the picture and burnt a core",
        "ask",
        "prepare sed '/^..cue..$/,/^$/d' \"$SCENARIOS\"/three-charts.toml >plain.toml\nanswers ?{on|50ms|300ms}\nstart plain.toml\nexpect frame\nwait 1s\nkey space\nwait 500ms\nmark\nlose 1\nwait 3s\nexpect cpu-below @lost\nmark\nwait 1s\nexpect bytes-above 100\nlose ?{2|4}\nwait 8s\nmark\nwait 1s\nexpect bytes-above 100\nQUIT\nOVER",
    ),
    (
        "answers-lost-paused",
        "the same where the next picture is the last",
        "ask",
        "SHOW\nexpect settled\nlose ?{1|3}\nkey Right\nexpect text 1/200\nkey Right\nkey Right\nkey Right\nexpect text 4/200\nexpect settled\nmark\nwait 2s\nexpect bytes-below 1\nexpect cpu-below @idle\nQUIT\nOVER",
    ),
    (
        "answers-after-the-end",
        "answers typed into the shell over a long link",
        "bytes,question",
        "bash\nanswers ?{50ms|250ms|500ms}\nkeys \"$P\" three-charts\\r\nexpect frame\nwait 1500ms\n?{key space|key Right|key t}\nwait ?900ms\n?{key q|signal TERM|signal INT}\nexpect prompt\nwait 1200ms\nexpect prompt\nkeys exit\\r\nexpect ended",
    ),
    (
        "ambiguous-wide",
        "xterm -cjk_width, mlterm -a 2, ja_JP: box drawing and Greek take two cells",
        "",
        "answers wide\nSHOW\nkeys ?{t|c|o|??|C|x}\nexpect settled\nexpect narrow\nQUIT\nOVER",
    ),
    (
        "paused-is-silent",
        "T11 a paused loop costs 5 % and 1.5 kB/s for ever",
        "redraw",
        "SHOW\nexpect settled\nwait 2500ms\nmark\nwait 2s\nexpect bytes-below 1\nexpect cpu-below @idle\nQUIT\nOVER",
    ),
];

/// 2b: what the environment says.
const ENVIRONMENT: &[Given] = &[
    (
        "term-dumb",
        "T13 700 escapes to a terminal that has none",
        "",
        "env TERM=dumb\nstart three-charts\nexpect exit 0\nexpect no-escape\nexpect restored",
    ),
    (
        "term-of-lines",
        "T13 types that promise nothing, and terminals that do not obey ANSI",
        "",
        "env TERM=?{unknown|network|dialup|vt52|wy60}\nstart three-charts\nexpect exit 0\nexpect no-escape\nexpect restored",
    ),
    (
        "term-console",
        "fonts of consoles have no braille",
        "",
        "env TERM=?{linux|vt100|vt220|cygwin|ansi}\nSHOW\nkeys ?{t|c|o|??}\nexpect settled\nexpect ascii\nQUIT\nOVER",
    ),
    (
        "locale-c",
        "T14 the C locale has nothing but ASCII",
        "",
        "env LC_ALL=?{C|POSIX}\nSHOW\nkeys ?{t|c|o|??}\nexpect settled\nexpect ascii\nQUIT\nOVER",
    ),
    ("term-unset", "T13", "", "unset TERM\nstart three-charts\nexpect exit 0\nexpect no-escape\nexpect restored"),
    (
        "locale-latin-1",
        "T14 mosh refuses such a locale",
        "",
        "env LANG=de_DE.ISO-8859-1\nSHOW\nkeys ?{t|c|o|??}\nexpect settled\nexpect ascii\nQUIT\nOVER",
    ),
    (
        "no-color",
        "T15 no-color.org",
        "",
        "env NO_COLOR=1\nSHOW\nexpect settled\nexpect never \\e[38;\nexpect never 38;2;\nexpect never 48;2;\nQUIT\nOVER",
    ),
    (
        "no-colorterm",
        "T15 helix#15929, #6961: lost over ssh",
        "",
        "unset COLORTERM\nSHOW\nkey t\nexpect settled\nexpect never 38;2;\nexpect never 48;2;\nQUIT\nOVER",
    ),
    (
        "term-screen",
        "T15 helix#8027: screen passes none on",
        "",
        "env TERM=screen\nSHOW\nkey t\nexpect settled\nexpect never 38;2;\nexpect never 48;2;\nQUIT\nOVER",
    ),
];

/// 2c and 2d: files, pipes, text from outside.
const FILES: &[Given] = &[
    (
        "fifo",
        "F5 a pipe waits for ever",
        "",
        "prepare mkfifo pipe.toml\nstart ?{check|run|} pipe.toml\nexpect quit-within @refuse\nexpect exit 2\nexpect no-escape\nexpect restored",
    ),
    (
        "dev-zero",
        "F5 a device never ends",
        "",
        "shell ulimit -v 2000000; exec \"$P\" ?{check|run|} /dev/zero\nexpect quit-within @refuse\nexpect exit 2\nexpect no-escape\nexpect restored",
    ),
    (
        "folder",
        "F5",
        "",
        "prepare mkdir folder.toml\nstart ?{check|run|} folder.toml\nexpect quit-within @refuse\nexpect exit 2\nexpect no-escape\nexpect restored",
    ),
    (
        "sparse-10-GB",
        "F5 F2 a huge file",
        "",
        "prepare truncate -s 10G big.toml\nshell ulimit -v 2000000; exec \"$P\" ?{check|run|} big.toml\nexpect quit-within @refuse\nexpect exit 2\nexpect no-escape\nexpect restored",
    ),
    (
        "name-not-utf-8",
        "F6 bat#225, tre#141",
        "",
        "prepare cp \"$SCENARIOS/three-charts.toml\" \"$(printf 'caf\\351.toml')\"\nstart caf\\xe9.toml\nexpect frame\nQUIT\nOVER",
    ),
    (
        "title-with-escapes",
        "2d television#1124, vercel/ai#20052: a title that writes the clipboard",
        "title",
        "prepare sed 's/^title = .*/title = \"x\\\\u001b]52;c;aGk=\\\\u0007\\\\u202e]0;pwn\"/' \"$SCENARIOS/three-charts.toml\" >evil.toml\nshell \"$P\" evil.toml\nwait 600ms\nkeys q\nexpect ended\nOVER",
    ),
    (
        "label-with-escapes",
        "2d",
        "title",
        "prepare sed 's/^label = .*/label = \"\\\\u001b[6n\\\\u009b31m\\\\u202e\"/; s/^title = .*/title = \"\\\\u001b[6n\"/' \"$SCENARIOS/three-charts.toml\" >evil.toml\nshell \"$P\" evil.toml\nwait 600ms\nkeys q\nexpect ended\nOVER",
    ),
    (
        "raw-escapes-in-a-file",
        "2d the source line in an error message (CVE-2025-58160)",
        "",
        "prepare printf 'version = 1\\ntitle = \"a\\033]0;pwn\\007\\033[6n\"\\n\\033]52;c;aGk=\\007 = 1\\n' >evil.toml\nstart check evil.toml\nexpect exit 2\nexpect no-escape\nOVER",
    ),
    (
        "bidi-in-a-file",
        "2d a key that reads backwards",
        "",
        "prepare printf 'version = 1\\n\"a\\342\\200\\256b\" = 1\\n' >evil.toml\nstart check evil.toml\nexpect exit 2\nexpect no-escape\nOVER",
    ),
    (
        "path-with-escapes",
        "2d the name of a file in an error message",
        "",
        "prepare printf x >\"$(printf 'a\\033]0;pwn\\007\\033[31m.toml')\"\nstart ?{check|run|} a\\e]0;pwn\\x07\\e[31m.toml\nexpect exit 2\nexpect no-escape\nOVER",
    ),
    (
        "write-where-nobody-may",
        "F8 a folder that takes no files",
        "",
        "shell cd /proc && exec \"$P\" three-charts\nexpect frame\nwait ?300ms\nkey w\nexpect text cannot write\nexpect running\nQUIT\nOVER",
    ),
    (
        "write-over-a-file",
        "F7 F8 avml#763: what is there stays whole",
        "",
        "prepare echo precious >three-charts-edited.toml\nSHOW\nkeys ?{]|[|s}\nkey w\nwait 300ms\nexpect file three-charts-edited.toml precious\nexpect text written to three-charts-edited-2.toml\nexpect file three-charts-edited-2.toml [[optimizer]]\nQUIT\nOVER",
    ),
    (
        "broken-pipe",
        "F9 rust#119980, fd#24",
        "",
        "shell exec bash -c 'set -o pipefail; \"$P\" run three-charts --format csv --steps 20000 2>err.txt | head -1; echo code ${PIPESTATUS[0]}'\nexpect exit 0\nexpect text code 0\nexpect file err.txt\nexpect no-escape\nexpect restored",
    ),
    (
        "disk-full",
        "F8 salmon#1106, rustfmt#6041: no space left",
        "",
        "shell exec \"$P\" ?{run|run|} three-charts >/dev/full\nexpect exit 1\nexpect no-escape\nexpect no-text panicked\nexpect restored",
    ),
];
