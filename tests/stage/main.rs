//! The stage: every row of the fault table, played against the program in a real terminal, with timing drawn from a
//! seed.
//!
//! `cargo test --test stage` plays each row once, and once against a naive program, which has to fail it.
//! `cargo test --release --test stage -- --runs 20 --seed 1` plays each twenty times and prints the table.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![expect(clippy::disallowed_methods, reason = "a test that waits for a program needs a clock")]
#![expect(clippy::disallowed_macros, reason = "a test prints")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[allow(dead_code, reason = "frames by themselves are others' business")]
#[path = "../common/allowed.rs"]
mod allowed;
mod driver;
mod limits;
mod naive;
mod play;
mod script;
mod table;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use play::{Figure, Outcome, Stage, play};
use table::Row;

const HELP: &str = "\
The fault table: what goes wrong on stage, and what has to come of it.

  cargo test --test stage                                   every row once, and once on the naive program
  cargo test --release --test stage -- --runs 20 --seed 1   every row twenty times; prints the table
  ... -- --row NAME --seed S                                one row as it was with that seed
  ... -- --script FILE                                      a script from a bug report
  ... -- --naive                                            only the wrong way: each row has to fail

  --runs N      how often each row is played (1)
  --seed N      the seed of the first run (1); the next run has the next
  --row TEXT    only rows whose name has this in it
  --script FILE a script instead of the table
  --naive       only the naive program; --no-naive only the real one
  --program P   another build of the program
  --slack X     how much longer than promised everything may take (release 1, debug 8)
  --jobs N      rows at a time, those that measure times excepted
  --list        names and scripts
";

/// What the command line asks for.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
struct Asked {
    runs: u64,
    seed: u64,
    row: Option<String>,
    script: Option<PathBuf>,
    real: bool,
    naive: bool,
    program: PathBuf,
    slack: f64,
    jobs: usize,
    list: bool,
    help: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked {
        runs: 1,
        seed: 1,
        row: None,
        script: None,
        real: true,
        naive: true,
        program: PathBuf::from(env!("CARGO_BIN_EXE_geodescent")),
        slack: limits::slack(),
        jobs: 6,
        list: false,
        help: false,
    };
    let mut rest = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    while let Some(word) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| format!("{word} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is no number"));
        match word.as_str() {
            "--runs" => asked.runs = number(value()?)?,
            "--seed" => asked.seed = number(value()?)?,
            "--jobs" => asked.jobs = number(value()?)? as usize,
            "--slack" => asked.slack = value()?.parse().map_err(|_| "--slack needs a number")?,
            "--row" => asked.row = Some(value()?),
            "--script" => asked.script = Some(PathBuf::from(value()?)),
            "--program" => asked.program = PathBuf::from(value()?),
            "--naive" => asked.real = false,
            "--no-naive" => asked.naive = false,
            "--list" => asked.list = true,
            "--help" | "-h" => asked.help = true,
            // What `cargo test -- ...` gives to every test program, and a name to look for.
            flag if flag.starts_with('-') => {}
            name => asked.row = Some(name.to_owned()),
        }
    }
    // The long run is about the program; the wrong way is asked for by name or by a plain `cargo test`.
    asked.naive &= asked.runs == 1 && asked.script.is_none();
    Ok(asked)
}

/// A row, one seed, what came of it.
struct Played {
    row: usize,
    seed: u64,
    script: String,
    outcome: Outcome,
}

fn main() -> ExitCode {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    if called.file_name().is_some_and(|name| name == "naive") {
        naive::main();
        return ExitCode::SUCCESS;
    }
    match asked().and_then(|asked| run(&asked)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run(asked: &Asked) -> Result<bool, String> {
    script::check_itself()?;
    if asked.help {
        println!("{HELP}");
        return Ok(true);
    }
    let rows = rows(asked)?;
    if asked.list {
        rows.iter().for_each(|row| println!("## {} ({})\n{}\n", row.name, row.fault, row.script));
        return Ok(true);
    }
    let mut fine = true;
    if asked.real {
        fine &= right_way(asked, &rows);
    }
    if asked.naive {
        fine &= wrong_way(asked, &rows)?;
    }
    Ok(fine)
}

fn rows(asked: &Asked) -> Result<Vec<Row>, String> {
    if let Some(path) = &asked.script {
        let script = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.to_string_lossy()))?;
        script::parse(&script).map_err(|wrong| format!("{}: {wrong}", path.to_string_lossy()))?;
        return Ok(vec![Row {
            name: "script".into(),
            fault: String::new(),
            script,
            habits: "",
            early: false,
            alone: true,
        }]);
    }
    let mut rows = table::rows();
    if let Some(exact) = asked.row.as_ref().filter(|name| rows.iter().any(|row| row.name == **name)) {
        rows.retain(|row| row.name == *exact);
    } else if let Some(part) = &asked.row {
        rows.retain(|row| row.name.contains(part.as_str()));
    }
    if rows.is_empty() { Err("no row has that name".to_owned()) } else { Ok(rows) }
}

/// Each row has to pass, every time.
fn right_way(asked: &Asked, rows: &[Row]) -> bool {
    let stage = Stage {
        program: asked.program.clone(),
        slack: asked.slack,
        patience: Duration::from_secs(10),
        watchdog: Duration::from_secs(20),
        naive: false,
    };
    let began = Instant::now();
    let cases: Vec<(usize, u64)> =
        (0..asked.runs).flat_map(|run| (0..rows.len()).map(move |row| (row, asked.seed + run))).collect();
    let played = perform(&stage, rows, &cases, asked.jobs);
    let passes = played.iter().filter(|played| played.outcome.failure.is_none()).count();
    played.iter().for_each(|played| tell(&rows[played.row], played));
    if asked.runs > 1 || asked.row.is_some() {
        print!("{}", table_of(rows, &played));
    }
    println!(
        "stage: {} rows, {passes} of {} passed in {:.0} s (slack {})",
        rows.len(),
        played.len(),
        began.elapsed().as_secs_f64(),
        asked.slack
    );
    passes == played.len()
}

fn tell(row: &Row, played: &Played) {
    if let Some(why) = &played.outcome.failure {
        println!("\nFAILED {} with seed {}: {why}", row.name, played.seed);
        println!("  again: cargo test --test stage -- --row {} --seed {}", row.name, played.seed);
        played.script.lines().for_each(|line| println!("    {line}"));
    }
}

/// Each row has to fail: a test that never failed proves nothing.
fn wrong_way(asked: &Asked, rows: &[Row]) -> Result<bool, String> {
    let folder = scratch("naive-program");
    let program = folder.join("naive");
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    // A copy, not a link: a process is known by the file that it runs.
    std::fs::copy(this, &program).map_err(|error| error.to_string())?;
    // It fails by waiting for what never comes: two seconds have to do.
    let (patience, watchdog) = (Duration::from_secs(2), Duration::from_secs(9));
    let stage = Stage { program, slack: 4.0, patience, watchdog, naive: true };
    let bad: Vec<Row> = rows
        .iter()
        .map(|row| Row { script: format!("env NAIVE={}\n{}", row.habits, row.script), alone: false, ..row.clone() })
        .collect();
    let began = Instant::now();
    let cases: Vec<(usize, u64)> = (0..rows.len()).map(|row| (row, asked.seed)).collect();
    let played = perform(&stage, &bad, &cases, asked.jobs * 2);
    let mut wrong = 0;
    for played in &played {
        let name = &rows[played.row].name;
        match &played.outcome.failure {
            None => println!("naive passes {name}: the row proves nothing"),
            Some(why) if played.outcome.early && !rows[played.row].early => {
                println!("naive never came to {name}: {why}");
            }
            Some(why) => {
                if !asked.real {
                    println!("naive fails {name}: {}", why.lines().next().unwrap_or_default());
                }
                continue;
            }
        }
        wrong += 1;
    }
    let failed = played.len() - wrong;
    println!(
        "stage: the naive program fails {failed} of {} rows in {:.0} s",
        rows.len(),
        began.elapsed().as_secs_f64()
    );
    Ok(wrong == 0)
}

/// Plays cases: side by side where no time is measured, then the others by themselves.
fn perform(stage: &Stage, rows: &[Row], cases: &[(usize, u64)], jobs: usize) -> Vec<Played> {
    let (alone, together): (Vec<_>, Vec<_>) = cases.iter().partition(|(row, _)| rows[*row].alone);
    let mut played = side_by_side(stage, rows, &together, jobs);
    played.extend(side_by_side(stage, rows, &alone, 1));
    played.sort_by_key(|played| (played.row, played.seed));
    played
}

fn side_by_side(stage: &Stage, rows: &[Row], cases: &[(usize, u64)], jobs: usize) -> Vec<Played> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, 32) {
            scope.spawn(|| {
                while let Some((row, seed)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let case = one(stage, &rows[*row], *row, *seed);
                    done.lock().unwrap().push(case);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

fn one(stage: &Stage, row: &Row, number: usize, seed: u64) -> Played {
    // Every row has its own moments.
    let own = row.name.bytes().fold(seed, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let script = script::choose(&row.script, &mut script::Dice(own));
    let lines = script::parse(&script);
    let folder = scratch(&format!("{}-{seed}", row.name));
    let outcome = match &lines {
        Ok(lines) => play(stage, lines, &folder, own),
        Err(wrong) => Outcome { failure: Some(wrong.to_string()), ..Outcome::default() },
    };
    let _ = std::fs::remove_dir_all(&folder);
    Played { row: number, seed, script, outcome }
}

/// An empty folder of this process.
fn scratch(name: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stage-{}-{number}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The table, in Markdown.
fn table_of(rows: &[Row], played: &[Played]) -> String {
    let mut text = String::from("\n| row | fault | passed | worst figure |\n|---|---|---|---|\n");
    for (number, row) in rows.iter().enumerate() {
        let mine: Vec<&Played> = played.iter().filter(|played| played.row == number).collect();
        let passed = mine.iter().filter(|played| played.outcome.failure.is_none()).count();
        let figures = mine.iter().flat_map(|played| &played.outcome.figures);
        let share = |figure: &Figure| figure.value / figure.limit.max(1e-9);
        let worst = figures.max_by(|a, b| share(a).total_cmp(&share(b)));
        let worst = worst.map_or(String::new(), |figure| {
            format!("{} {:.0} {} of {:.0}", figure.name, figure.value, figure.unit, figure.limit)
        });
        let _ = writeln!(text, "| {} | {} | {passed}/{} | {worst} |", row.name, row.fault, mine.len());
    }
    text
}
