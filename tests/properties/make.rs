//! Scenario files and CSV files that somebody could have written: most of it right, some of it at the edge of what numbers
//! are, some of it wrong. All of it from a stream of numbers.

use geodescent::family::{FAMILIES, FamilyInfo};
use geodescent::objective::{OBJECTIVES, Of};
use geodescent::optimizer::{OPTIMIZERS, OptimizerInfo};
use geodescent::problem::Capability;
use geodescent::registry::{Field, Kind, Preset, Settings};
use geodescent::scenario::names::OVERLAYS;

use crate::common::dice::Dice;

/// Numbers as a file may write them.
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "-1",
    "2.5",
    "0.1",
    "0.3",
    "1e-3",
    "-0.0",
    "1e-9",
    "1e9",
    "1e16",
    "1e150",
    "-1e150",
    "1e300",
    "1e-300",
    "5e-324",
    "1e-400",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "0.9999999999999999",
    "9223372036854775807",
    "\"x\"",
];

/// A number: most often one that is fine.
fn number(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => (*dice.pick(&NUMBERS)).to_owned(),
        1 => format!("{:?}", f64::from_bits(dice.roll())).replace("NaN", "nan"),
        _ => (*dice.pick(&NUMBERS[..7])).to_owned(),
    }
}

fn value(dice: &mut Dice, field: &Field) -> String {
    match field.kind {
        _ if dice.below(40) == 0 => number(dice),
        Kind::Number(_) => number(dice),
        Kind::Integer(low, high) => (low + dice.roll() % (high - low + 1)).to_string(),
        Kind::Flag => ["true", "false"][dice.below(2)].to_owned(),
        Kind::Choice(words) => format!("\"{}\"", dice.pick(words)),
        Kind::Covariance => format!("[[{}, {}], [0.5, 2.0]]", number(dice), dice.pick(&["0.5", "0.5", "1.5"])),
        Kind::Numbers | Kind::Columns | Kind::Data => format!("[-1.0, {}, 2.0]", number(dice)),
        Kind::Batch(most) => (1 + dice.roll() % most).to_string(),
        Kind::Path => "{ csv = \"none.csv\" }".to_owned(),
        Kind::Point => format!("{{ mean = {}, sd = 1.0 }}", number(dice)),
        // Keys of the scenario's own tables, and formulas.
        _ => "\"x\"".to_owned(),
    }
}

/// `name = value` of each parameter, near the example or anywhere.
fn point(dice: &mut Dice, family: &FamilyInfo) -> [String; 2] {
    let anywhere = dice.below(4) == 0;
    [0, 1].map(|i| {
        let scale = [0.5, 1.0, 1.3][dice.below(3)];
        let written = if anywhere { number(dice) } else { format!("{:?}", family.example[i] * scale) };
        format!("{} = {written}", family.parameters[i])
    })
}

/// A value that is fine.
fn usual(field: &Field) -> String {
    let values = ["3.0", "0.5", "[[1.0, 0.5], [0.5, 2.0]]", "[-2.0, 0.5, 1.0]"];
    values.into_iter().find(|text| field.read(text).is_ok()).unwrap_or_default().to_owned()
}

fn fixed(dice: &mut Dice, family: &FamilyInfo) -> String {
    let required = family.fixed.iter().filter(|field| matches!(field.default, Preset::Required));
    required
        .map(|field| {
            format!("{} = {}\n", field.name, if dice.below(4) > 0 { usual(field) } else { value(dice, field) })
        })
        .collect()
}

/// How many numbers an observation has.
fn width(family: &FamilyInfo) -> usize {
    let mut settings = Settings::defaults(family.fixed);
    for field in family.fixed {
        settings.set(field, field.read(&usual(field)).expect("a value that is fine"));
    }
    (family.build)(&settings).width()
}

fn objective(dice: &mut Dice, family: &FamilyInfo) -> String {
    // Mostly one of families: a loss of policies is refused.
    let families: Vec<_> = OBJECTIVES.iter().filter(|info| matches!(info.of, Of::Family { .. })).collect();
    let any = dice.below(20) == 0;
    let kind = if any { OBJECTIVES[dice.below(OBJECTIVES.len())].name } else { dice.pick(&families).name };
    let said = match (kind, dice.below(3)) {
        ("nll", 0) => {
            let [a, b] = point(dice, family);
            format!("sample = {{ size = {}, from = {{ {a}, {b} }} }}", 1 + dice.below(60))
        }
        ("nll", _) => {
            let count = 1 + dice.below(12);
            let width = width(family);
            let one = ["0.5", "1.0", "0.25"];
            let data: Vec<String> = (0..count)
                .map(|_| if dice.below(6) > 0 { (*dice.pick(&one)).to_owned() } else { number(dice) })
                .collect();
            let rows = |row: &[String]| if width > 1 { format!("[{}, 1]", row[0]) } else { row[0].clone() };
            format!("data = [{}]", data.chunks(1).map(rows).collect::<Vec<_>>().join(", "))
        }
        ("expected-reward", _) => format!("reward = \"{}\"", formula(dice, ["x", "x"], 4)),
        ("expression", _) => format!("loss = \"{}\"", formula(dice, family.parameters, 4)),
        _ => {
            let [a, b] = point(dice, family);
            format!("target = {{ {a}, {b} }}")
        }
    };
    let batch = if matches!(kind, "nll" | "expected-reward") && dice.below(3) == 0 {
        format!("\nbatch = {}", 1 + dice.below(6))
    } else {
        String::new()
    };
    format!("[objective]\nkind = \"{kind}\"\n{said}{batch}\n")
}

/// A formula in two variables, at most so deep.
pub fn formula(dice: &mut Dice, variables: [&str; 2], depth: usize) -> String {
    const FUNCTIONS: [&str; 15] = [
        "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "lgamma", "min", "max",
        "nope",
    ];
    let inner = |dice: &mut Dice| formula(dice, variables, depth - 1);
    match if depth == 0 { dice.below(2) } else { dice.below(7) } {
        0 => variables[dice.below(2)].to_owned(),
        1 => (*dice.pick(&["1", "2", "0.5", "pi", "e", "1e300", "1e-300", ".", "0"])).to_owned(),
        2 => format!("-{}", inner(dice)),
        3 => format!("({})", inner(dice)),
        4 => {
            let name = dice.pick(&FUNCTIONS);
            let second = if matches!(*name, "min" | "max") { format!(", {}", inner(dice)) } else { String::new() };
            format!("{name}({}{second})", inner(dice))
        }
        _ => format!("{}{}{}", inner(dice), dice.pick(&["+", "-", " * ", "/", "^", "^2+", "**"]), inner(dice)),
    }
}

fn racers(dice: &mut Dice, family: &FamilyInfo) -> String {
    let mut text = String::new();
    for _ in 0..=dice.below(3) {
        // What needs rewards or a process is refused nearly everywhere.
        let rewarded = |kind: &&&OptimizerInfo| {
            let need = (kind.needs)(&Settings::defaults(kind.fields));
            matches!(need, Some((_, Capability::Rewards | Capability::Critic)))
        };
        let plain: Vec<_> = OPTIMIZERS.iter().filter(|kind| !rewarded(kind)).collect();
        let kind = if dice.below(20) == 0 { dice.pick(OPTIMIZERS) } else { dice.pick(&plain) };
        text += &format!("[[optimizer]]\nkind = \"{}\"\n", kind.name);
        for field in kind.fields {
            if dice.below(4) == 0 {
                text += &format!("{} = {}\n", field.name, value(dice, field));
            }
        }
        if dice.below(2) == 0 {
            text += &format!("chart = \"{}\"\n", dice.pick(family.charts).name);
        }
    }
    text
}

fn view(dice: &mut Dice, family: &FamilyInfo, steps: &str) -> String {
    let mut text = String::new();
    if dice.below(2) == 0 {
        text += &format!("[view]\nchart = \"{}\"\n", dice.pick(family.charts).name);
        for axis in ["x", "y"] {
            if dice.below(3) == 0 {
                text += &format!("{axis} = [{}, {}]\n", number(dice), number(dice));
            }
        }
        if dice.below(2) == 0 {
            let names: Vec<String> =
                OVERLAYS.iter().filter(|_| dice.below(2) == 0).map(|row| format!("\"{}\"", row.name)).collect();
            text += &format!("overlays = [{}]\n", names.join(", "));
        }
    }
    for _ in 0..dice.below(3) {
        let step = if dice.below(2) == 0 { "0" } else { steps };
        let pane = dice.pick(&["landscape", "traces", "ellipses", "density", "racers", "no such"]);
        text += &format!("[[cue]]\nstep = {step}\nsay = \"Look 漢字 here.\"\nfocus = \"{pane}\"\nhold = true\n");
    }
    text
}

/// A whole scenario.
pub fn scenario(dice: &mut Dice) -> String {
    let family = dice.pick(FAMILIES);
    let [a, b] = point(dice, family);
    let steps = dice.pick(&["0", "1", "7", "60", "1000000", "-1"]);
    let chart =
        if dice.below(2) == 0 { format!("chart = \"{}\"\n", dice.pick(family.charts).name) } else { String::new() };
    let fixed = fixed(dice, family);
    let (objective, racers, view) = (objective(dice, family), racers(dice, family), view(dice, family, steps));
    format!(
        "version = 1\ntitle = \"Any\"\n[model]\nfamily = \"{}\"\n{fixed}{chart}{objective}[start]\n{a}\n{b}\n[run]\n\
         steps = {steps}\nseed = {}\n{racers}{view}",
        family.name,
        dice.below(9)
    )
}

/// A CSV file.
pub fn table(dice: &mut Dice) -> Vec<u8> {
    const CELLS: [&[u8]; 22] = [
        b"1.5",
        b"0.25",
        b"1",
        b"2",
        b"3",
        b" 4 ",
        b"-1",
        b"",
        b"nan",
        b"inf",
        b"1e400",
        b"1e-400",
        b"\"1\"",
        b"\"1,2\"",
        b"\"",
        b"\"a\nb\"",
        b"\0",
        b"\xff\xfe",
        b"\x1b[2J",
        b"\xef\xbb\xbf1",
        b"0x10",
        b"1_000",
    ];
    const ENDS: [&[u8]; 5] = [b"\n", b"\n", b"\r\n", b"\r", b"\n\n"];
    let most = if dice.below(8) == 0 { 70 } else { 4 };
    let columns = 1 + dice.below(most);
    let at = dice.below(columns);
    let end = *dice.pick(&ENDS);
    let wild = dice.below(3) == 0;
    let mut bytes = if dice.below(6) == 0 { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
    for row in 0..dice.below(40) {
        for column in 0..columns {
            if column > 0 {
                bytes.push(b',');
            }
            match row {
                0 if column == at => bytes.extend(b"x"),
                0 => bytes.extend(format!("c{column}").bytes()),
                _ if wild => bytes.extend(*dice.pick(&CELLS)),
                _ => bytes.extend(*dice.pick(&CELLS[..5])),
            }
        }
        if wild && dice.below(12) == 0 {
            bytes.extend(b",7");
        }
        bytes.extend(end);
    }
    bytes
}
