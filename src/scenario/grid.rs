//! A race of many optimizers as a grid: a row for each optimizer with its settings, a column for each chart.

use super::measures::Question;
use super::{Racer, Scenario};
use crate::family::ChartId;

/// From how many racers on the paths of a race can no longer be told apart.
const MANY: usize = 13;

/// The racers in rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The racers of each row, a place for each chart.
    pub rows: Vec<Vec<Option<usize>>>,
    /// The charts of the columns, in the order of the family.
    pub charts: Vec<ChartId>,
}

/// Whether a scenario is better shown as a table of its racers' steps than by their paths: there are many racers, and it
/// measures how many steps they need.
#[must_use]
pub fn wanted(scenario: &Scenario) -> bool {
    let asked = scenario.measures.iter().any(|measure| measure.info.question == Question::StepsTo);
    scenario.racers.len() >= MANY && asked
}

impl Grid {
    /// The grid of some racers. Two that differ in nothing stand in rows of their own.
    #[must_use]
    pub fn of(racers: &[Racer]) -> Self {
        let mut charts: Vec<ChartId> = racers.iter().map(|racer| racer.chart).collect();
        charts.sort_by_key(|chart| chart.index());
        charts.dedup();
        let mut rows: Vec<Vec<Option<usize>>> = Vec::new();
        for (place, racer) in racers.iter().enumerate() {
            let column = charts.iter().position(|chart| *chart == racer.chart).unwrap_or(0);
            let same = |other: &usize| {
                let other = &racers[*other];
                other.kind == racer.kind && other.settings == racer.settings
            };
            let open = |row: &&mut Vec<Option<usize>>| row[column].is_none() && row.iter().flatten().all(same);
            match rows.iter_mut().find(open) {
                Some(row) => row[column] = Some(place),
                None => {
                    let mut row = vec![None; charts.len()];
                    row[column] = Some(place);
                    rows.push(row);
                }
            }
        }
        Self { rows, charts }
    }

    /// Every racer with its row and its column.
    pub fn cells(&self) -> impl Iterator<Item = (usize, [usize; 2])> + '_ {
        let row = |(y, row): (usize, &'_ Vec<Option<usize>>)| {
            let found: Vec<_> = row.iter().enumerate().filter_map(|(x, racer)| Some(((*racer)?, [y, x]))).collect();
            found
        };
        self.rows.iter().enumerate().flat_map(row)
    }

    /// The next racer from one on, so many rows down and columns to the right; `None` at the border.
    #[must_use]
    pub fn beside(&self, racer: usize, down: isize, right: isize) -> Option<usize> {
        let (_, [mut y, mut x]) = self.cells().find(|(own, _)| *own == racer)?;
        if down == 0 && right == 0 {
            return None;
        }
        loop {
            (y, x) = (y.checked_add_signed(down)?, x.checked_add_signed(right)?);
            if let Some(found) = self.rows.get(y)?.get(x)? {
                return Some(*found);
            }
        }
    }

    /// What a row is called: what its racers' labels begin with before the last comma, else the kind.
    #[must_use]
    pub fn name(&self, row: usize, racers: &[Racer]) -> String {
        let members: Vec<&Racer> = self.rows[row].iter().flatten().map(|racer| &racers[*racer]).collect();
        let [first, rest @ ..] = members.as_slice() else { return String::new() };
        if rest.is_empty() {
            return first.label.clone();
        }
        let stem = |racer: &Racer| racer.label.rsplit_once(',').map(|(stem, _)| stem.to_owned());
        stem(first)
            .filter(|own| rest.iter().all(|racer| stem(racer).as_ref() == Some(own)))
            .unwrap_or(first.kind.name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Document;

    fn scenario(name: &str) -> Scenario {
        Document::builtin(name).expect("built in").check().expect("valid")
    }

    #[test]
    fn optimizers_are_rows_and_charts_are_columns() {
        let scenario = scenario("every-optimizer");
        let grid = Grid::of(&scenario.racers);
        let names: Vec<String> = (0..grid.rows.len()).map(|row| grid.name(row, &scenario.racers)).collect();
        assert_eq!(names, ["SGD", "AdaGrad", "Adam", "natural", "diagonal", "TRPO"]);
        let full: Vec<usize> = grid.rows.iter().map(|row| row.iter().flatten().count()).collect();
        assert_eq!((full, grid.charts.len()), (vec![4, 5, 4, 5, 5, 5], 5));
        for (racer, [_, column]) in grid.cells() {
            assert_eq!(scenario.racers[racer].chart, grid.charts[column]);
        }
        assert_eq!(grid.cells().count(), scenario.racers.len());
    }

    #[test]
    fn cells_without_a_racer_are_passed_over() {
        let racers = scenario("every-optimizer").racers;
        let grid = Grid::of(&racers);
        let last = grid.rows[1][4].expect("AdaGrad, expectation");
        // Adam has no race in the last chart.
        assert_eq!(grid.beside(last, 1, 0), grid.rows[3][4]);
        assert_eq!((grid.beside(last, -1, 0), grid.beside(last, 0, 1)), (None, None));
        assert_eq!(grid.beside(last, 0, -1), grid.rows[1][3]);
    }

    #[test]
    fn a_table_is_wanted_where_there_are_many_and_their_steps_are_asked_for() {
        let wanted = ["every-optimizer", "three-sgds", "trust-region-radii"].map(|name| wanted(&scenario(name)));
        assert_eq!(wanted, [true, false, false]);
    }
}
