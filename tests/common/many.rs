//! Regressions on many columns, and races whose points are stored at intervals.

use std::fmt::Write as _;
use std::fs;

use geodescent::race::World;
use geodescent::race::rows::interval;
use geodescent::scenario::Document;

/// The rows of a race whose points, of so many numbers, are stored every `every`-th step.
pub fn rows(every: usize, numbers: usize) -> usize {
    let most = (1..1 << 20).find(|rows| interval(rows << 10, numbers) > 1).expect("a bound") << 10;
    let rows = most * every - most / 2;
    assert_eq!(interval(rows, numbers), every);
    rows
}

/// A regression on `columns` columns and `rows` rows without a pattern.
pub fn regression(columns: usize, rows: usize) -> World {
    let names: Vec<String> = (0..columns).map(|i| format!("x{i}")).collect();
    let mut csv = format!("{},y\n", names.join(","));
    for row in 0..rows {
        for column in 0..columns {
            let _ = write!(csv, "{:.3},", (((row * columns + column) as f64) * 12.9898).sin());
        }
        let _ = writeln!(csv, "{}", row % 2);
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("d.csv"), csv).expect("a file");
    let list = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let start = names.join(" = 0.1\n") + " = 0.1\n";
    let text = format!(
        "version = 1\n[model]\nfamily = \"logistic-regression\"\ndesign = {{ csv = \"d.csv\", columns = [{list}] }}\n\
         [objective]\nkind = \"nll\"\ndata = {{ csv = \"d.csv\", columns = [{list}, \"y\"] }}\nbatch = 4\n\
         [start]\nintercept = 0.0\n{start}[run]\nsteps = 150\nseed = 3\n[[optimizer]]\nkind = \"adam\"\n"
    );
    let document = Document::from_text("many.toml", folder.path(), &text);
    World::open(&document).unwrap_or_else(|report| panic!("{report}"))
}
