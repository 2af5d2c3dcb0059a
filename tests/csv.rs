//! CSV files as found in practice: they are read exactly as written, or rejected with the line.

use std::fs;
use std::path::{Path, PathBuf};

use geodescent::race::World;
use geodescent::scenario::{Document, Report};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("geodescent-csv-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The scenario whose data are the column `x` of this file, with more keys of `data`.
    fn check(&self, csv: &[u8], keys: &str) -> Result<World, Report> {
        self.column(csv, "x", keys)
    }

    fn column(&self, csv: &[u8], column: &str, keys: &str) -> Result<World, Report> {
        let data = format!("{{ csv = \"f.csv\", column = \"{column}\"{keys} }}");
        self.scenario(csv, "gaussian", &data, "mean = 0.0\nsd = 1.0", "")
    }

    fn scenario(&self, csv: &[u8], family: &str, data: &str, start: &str, model: &str) -> Result<World, Report> {
        fs::write(self.0.join("f.csv"), csv).expect("the file is written");
        let text = format!(
            "version = 1\n[model]\nfamily = \"{family}\"\n{model}\n[objective]\nkind = \"nll\"\ndata = {data}\n\
             [start]\n{start}\n[run]\nsteps = 0\n[[optimizer]]\nkind = \"sgd\"\n"
        );
        let path: &Path = &self.0.join("s.toml");
        fs::write(path, text).expect("the scenario is written");
        World::open(&Document::open(path)?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn values(outcome: Result<World, Report>) -> Vec<f64> {
    let world = outcome.unwrap_or_else(|report| panic!("{report}"));
    world.objective.data().expect("data").values().to_vec()
}

#[test]
fn what_stands_in_the_file_is_what_is_read() {
    let folder = Folder::new("read");
    for (csv, keys, wanted) in [
        ("x\n1.5\n2.5\n", "", vec![1.5, 2.5]),
        ("x\n1.5\n2.5", "", vec![1.5, 2.5]),
        ("x\r\n1.5\r\n2.5\r\n", "", vec![1.5, 2.5]),
        ("x\r1.5\r2.5\r", "", vec![1.5, 2.5]),
        ("x\r\n1.5\n2.5\r\n", "", vec![1.5, 2.5]),
        ("\u{feff}x\n1.5\n", "", vec![1.5]),
        ("\"x\",\"a \"\"b\"\"\"\n\"1.5\",\"two\nlines\"\n2.5,\"a,b\"\n", "", vec![1.5, 2.5]),
        ("\"\",x\n\"1\",1e5\n\"2\",+1\n\"3\",.5\n\"4\",5.\n", "", vec![1e5, 1.0, 0.5, 5.0]),
        ("y , x\n1,\t2 \n", "", vec![2.0]),
        ("x;y\n1,5;2\n-0,5;3\n", ", separator = \";\", decimal = \",\"", vec![1.5, -0.5]),
        ("x\ty\n1.5\t2\n", ", separator = \"\\t\"", vec![1.5]),
        ("y|x\n1|2\n", ", separator = \"|\"", vec![2.0]),
        ("y x\n1 2\n", ", separator = \" \"", vec![2.0]),
        ("# made by hand\n# \"1\nx,y\n1.5,2\n", ", skip = 2", vec![1.5]),
        ("made,by,\"hand\r\rx\r1.5\r", ", skip = 2", vec![1.5]),
    ] {
        assert_eq!(values(folder.check(csv.as_bytes(), keys)), wanted, "{csv:?}");
    }
}

#[test]
fn no_row_is_lost_without_its_line_and_a_cause_in_words() {
    let folder = Folder::new("lost");
    let long = format!("x\n1\n{}\n", "1".repeat(70_000));
    let wide = format!("x\n1{}\n", ",1".repeat(1000));
    for (csv, keys, words) in [
        // Quotes and blank lines.
        ("x,y\n1.5,\"2\n2.5,3\n3.5,4\n", "", ["f.csv:2:5", "never closed"]),
        ("x,y\n1.5,2\"\n2.5,3\n", "", ["f.csv:2:6", "middle of a cell"]),
        ("x,y\n1.5,\"2\"3\n", "", ["f.csv:2:8", "closing quote"]),
        ("x\n1.5\n\n2.5\n", "", ["f.csv:3:1", "na = [\"\"]"]),
        ("x,y\n1.5,2\n\n2.5,3\n", "", ["f.csv:3:1", "blank"]),
        ("x\n1.5\n2.5\n\n", "", ["f.csv:4:1", "blank"]),
        ("\nx\n1.5\n", "", ["f.csv:1:1", "skip = 1"]),
        // Lines that end with CR.
        ("x\r1.5\r2.5\roops\r3.5\r", "", ["f.csv:4:1", "`oops`"]),
        ("x\r\n\"1\r\n2\"\r\n", "", ["f.csv:2:1", "not a number"]),
        // Rows that are not like the header.
        ("x,y\n1,2,\n", "", ["f.csv:2:1", "ends with a separator"]),
        ("x,y\n1\n", "", ["f.csv:2:1", "1 cells, the header 2"]),
        ("x\n1,5\n2,5\n", "", ["f.csv:2:1", "decimal = \",\""]),
        ("x,y\n# one\n1,2\n", "", ["f.csv:2:1", "comments"]),
        ("x,x\n1,2\n", "", ["s.toml:7", "twice"]),
        ("x,y\n", "", ["s.toml:7", "no rows"]),
        ("x\n1\n", ", skip = 9", ["s.toml:7", "`skip`"]),
        (long.as_str(), "", ["f.csv:3:1", "65536 bytes"]),
        (wide.as_str(), "", ["f.csv:2:1", "1000 cells"]),
        // Another separator, another decimal mark, comments, no header.
        ("x\ty\n1.5\t2.0\n", "", ["s.toml:7", "separator = \"\\t\""]),
        ("\"x\";\"y\"\n7.4;0.7\n", "", ["f.csv:1:4", "separator = \";\""]),
        ("x|y\n7.4|0.7\n", "", ["s.toml:7", "separator = \"|\""]),
        ("# one\n# two\nx,y\n1,2\n", "", ["s.toml:7", "skip = 2"]),
        ("1.5\n2.5\n", "", ["s.toml:7", "first line holds numbers"]),
        ("x;y\n1,5;2\n", ", separator = \";\"", ["f.csv:2:1", "decimal = \",\""]),
        // Numbers that are none.
        ("x\n\u{2212}1.5\n2\n", "", ["f.csv:2:1", "U+2212"]),
        ("x\n1\u{a0}234\n", "", ["f.csv:2:1", "U+00A0"]),
        ("x\n\"1,234\"\n", "", ["f.csv:2:1", "thousands"]),
        ("x\nNA\n", "", ["f.csv:2:1", "na = [\"NA\"]"]),
        ("x\n\"\"\n", "", ["f.csv:2:1", "the cell is empty"]),
        ("x\ninf\n", "", ["f.csv:2:1", "finite"]),
    ] {
        let report = folder.check(csv.as_bytes(), keys).expect_err(csv).to_string();
        for word in words {
            assert!(report.contains(word), "{csv:.60?} does not say {word}: {report}");
        }
    }
}

#[test]
fn encodings_are_named_with_the_line_of_the_byte() {
    let folder = Folder::new("encoding");
    for (csv, words) in [
        (b"\xff\xfex\0\n\x001\0\n\0".as_slice(), ["f.csv:1:1", "UTF-16"]),
        (b"\xfe\xff\0x\0\n\x001\0\n".as_slice(), ["f.csv:1:1", "UTF-16"]),
        (b"\xff\xfe\0\0x\0\0\0".as_slice(), ["f.csv:1:1", "UTF-32"]),
        (b"x\0\n\x001\0\n\0".as_slice(), ["f.csv:1:2", "UTF-16 without a byte order mark"]),
        (b"x\n1\n2\x003\n".as_slice(), ["f.csv:3:2", "NUL"]),
        (b"x,\xe9cart\n1,2\n".as_slice(), ["f.csv:1:3", "Latin-1"]),
        (b"x,y\n1,a\n2,\xfc\n".as_slice(), ["f.csv:3:3", "0xfc"]),
    ] {
        let report = folder.check(csv, "").expect_err("no UTF-8").to_string();
        for word in words {
            assert!(report.contains(word), "{csv:?} does not say {word}: {report}");
        }
    }
}

#[test]
fn a_header_that_only_looks_like_the_column_is_told_apart() {
    let folder = Folder::new("looks");
    for (header, column, words) in [
        ("e\u{301}cart", "\u{e9}cart", "column = \"e\\U00000301cart\""),
        ("\u{e9}cart", "e\u{301}cart", "column = \"\\U000000E9cart\""),
        ("x\u{200b}", "x", "U+200B"),
        ("a\u{a0}b", "a b", "column = \"a\\U000000A0b\""),
    ] {
        let csv = format!("{header}\n1.5\n");
        let report = folder.column(csv.as_bytes(), column, "").expect_err("another name").to_string();
        assert!(report.contains(words) && !report.contains("did you mean"), "{report}");
        if let Some(column) = words.strip_prefix("column = \"") {
            assert_eq!(values(folder.column(csv.as_bytes(), column.trim_end_matches('"'), "")), [1.5]);
        }
    }
}

#[test]
fn na_leaves_rows_out_and_says_how_many() {
    let folder = Folder::new("na");
    let csv = "x,y\n1.5,NA\nNA,2\n\"NA\",3\n,4\n2.5,5\n-999,6\n";
    let world = folder.check(csv.as_bytes(), ", na = [\"NA\", \"\", \"-999\"]").expect("a scenario");
    assert_eq!(world.scenario.remarks, ["`f.csv`: 4 of 6 rows left out, as `na` says"]);
    // In the column that is not read NA leaves nothing out.
    assert_eq!(values(Ok(world)), [1.5, 2.5]);
    let blank = folder.check(b"x\n1.5\n\n2.5\n", ", na = [\"\"]").expect("a scenario");
    assert_eq!(blank.scenario.remarks, ["`f.csv`: 1 of 3 rows left out, as `na` says"]);
    assert_eq!(values(Ok(blank)), [1.5, 2.5]);
    assert_eq!(
        folder.check(b"x\n1.5\n", ", na = [\"NA\"]").expect("a scenario").scenario.remarks,
        Vec::<String>::new()
    );
    for (csv, keys, words) in [
        ("x\nNA\n\n", ", na = [\"NA\", \"\"]", "all of its 2 rows"),
        ("x\n1\nna\n", ", na = [\"NA\"]", "f.csv:3:1"),
        ("x\n1\n", ", na = \"NA\"", "na = [\"NA\", \"\"]"),
        ("x\n1\n", ", na = [1]", "text in quotes"),
        ("x\n1\n", ", separator = \",,\"", "one ASCII character"),
        ("x\n1\n", ", separator = \"\u{e4}\"", "one ASCII character"),
        ("x\n1\n", ", separator = \"1\"", "may occur within a cell"),
        ("x\n1\n", ", decimal = \";\"", "`decimal` must be"),
        ("x\n1\n", ", decimal = \",\"", "are both `,`"),
        ("x\n1\n", ", skip = -1", "out of range"),
        ("x\n1\n", ", sep = \";\"", "did you mean `separator`"),
        ("x\n1\n", ", na_values = [\"\"]", "did you mean `na`"),
    ] {
        let report = folder.check(csv.as_bytes(), keys).expect_err(csv).to_string();
        assert!(report.contains(words), "{keys}: {report}");
    }
}

#[test]
fn labels_and_design_are_left_out_in_pairs() {
    let folder = Folder::new("pairs");
    let csv = "dose,died\n1,0\n2,NA\nNA,1\n3,1\n4,1\n5,0\n";
    let data = "{ csv = \"f.csv\", columns = [\"dose\", \"died\"], na = [\"NA\"] }";
    let design = "design = { csv = \"f.csv\", column = \"dose\", na = [\"NA\"] }";
    let start = "intercept = 0.0\nslope = 0.0";
    let world = folder.scenario(csv.as_bytes(), "logistic-regression", data, start, design).expect("a scenario");
    assert_eq!(world.scenario.remarks.len(), 2, "{:?}", world.scenario.remarks);
    assert_eq!(values(Ok(world)), [1.0, 0.0, 3.0, 1.0, 4.0, 1.0, 5.0, 0.0]);
    let bad = csv.replace("5,0", "5,2");
    let report = folder.scenario(bad.as_bytes(), "logistic-regression", data, start, design).expect_err("a label 2");
    assert!(report.to_string().contains("f.csv:7:3"), "{report}");
}
