//! What a trace takes: its scalars and its share of points. Alone in its program, so that nobody else allocates.

mod common;

use peak_alloc::PeakAlloc;

use common::many::{regression, rows};
use geodescent::race::Runner;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn a_trace_takes_the_memory_of_its_scalars_and_its_share_of_points() {
    const EVERY: usize = 40;
    const LONG: usize = 20_000;
    let world = regression(40, 6);
    let racer = &world.scenario.racers[0];
    let problem = world.problem(racer.chart);
    let numbers = problem.dimension() + world.scenario.start.len();
    let before = MEMORY.current_usage();
    let mut runner = Runner::over(problem, &world, racer, (&world.scenario.start, rows(EVERY, numbers)));
    runner.extend(LONG);
    let taken = MEMORY.current_usage().saturating_sub(before);
    assert_eq!(runner.trace().rows.len(), LONG + 1);
    // Columns grow by doubling; a state of Adam has as many numbers as a point.
    let promised = 2 * (LONG * 7 * 8 + 2 * LONG / EVERY * numbers * 8);
    let whole = LONG * numbers * 8;
    assert!(taken < promised && promised < whole / 2, "{taken} of {promised}, all points would be {whole}");
}
