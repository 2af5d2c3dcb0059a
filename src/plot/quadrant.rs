//! A cell from the bands at its four quarters: one character and two bands.
//!
//! The colour of a band is the theme's.

use ratatui::symbols::pixel::QUADRANTS;

/// A filled cell: its character and the bands it is made of. `None` is a band like any other: the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    /// A space or a quadrant block.
    pub symbol: char,
    /// The band of the character.
    pub front: Option<u8>,
    /// The band behind it.
    pub back: Option<u8>,
    /// The most frequent band, of several the lowest: the background of lines in this cell, which do not break a valley.
    pub common: Option<u8>,
}

/// The cell of four bands (upper left, upper right, lower left, lower right), with the left neighbour's background:
/// where two bands meet, the one already behind the neighbour stays behind, which sends one colour fewer.
#[must_use]
pub fn quarter(bands: [Option<u8>; 4], left: Option<Option<u8>>) -> Quarter {
    let first = bands[0];
    if bands.iter().all(|&band| band == first) {
        return Quarter { symbol: ' ', front: first, back: first, common: first };
    }
    let count = |band: Option<u8>| bands.iter().filter(|&&b| b == band).count();
    // The two most frequent; ties go to the first.
    let top = |but: Option<Option<u8>>| {
        bands.iter().copied().filter(|&b| Some(b) != but).reduce(|a, b| if count(b) > count(a) { b } else { a })
    };
    let mut a = top(None).unwrap_or(first);
    let mut b = top(Some(a)).unwrap_or(a);
    // The border of the family is a hard edge: no band is drawn beyond it.
    if count(None) > 0 {
        let other = top(Some(None)).unwrap_or(None);
        (a, b) = if count(None) > count(other) { (None, other) } else { (other, None) };
    }
    let (front, back) = if left == Some(b) { (a, b) } else { (b, a) };
    let in_front = |band: Option<u8>| band == front || (band != back && distance(band, front) < distance(band, back));
    let pattern: usize = (0..4).map(|i| usize::from(in_front(bands[i])) << i).sum();
    let as_frequent = bands.iter().copied().filter(|&band| band.is_some() && count(band) == count(a));
    let common = if a.is_some() { as_frequent.min().unwrap_or(a) } else { a };
    Quarter { symbol: QUADRANTS[pattern], front, back, common }
}

/// How far apart two bands are; the ground is far from all of them.
fn distance(a: Option<u8>, b: Option<u8>) -> u16 {
    match (a, b) {
        (Some(a), Some(b)) => u16::from(a.abs_diff(b)),
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_band_is_a_space() {
        assert_eq!(quarter([Some(3); 4], None).symbol, ' ');
        assert_eq!(quarter([None; 4], None).back, None);
    }

    #[test]
    fn the_left_neighbour_decides_which_band_is_behind() {
        let bands = [Some(1), Some(2), Some(1), Some(2)];
        let cell = quarter(bands, Some(Some(1)));
        assert_eq!((cell.symbol, cell.front, cell.back), ('▐', Some(2), Some(1)));
        let cell = quarter(bands, Some(Some(2)));
        assert_eq!((cell.symbol, cell.front, cell.back), ('▌', Some(1), Some(2)));
    }

    #[test]
    fn of_three_bands_the_two_most_frequent_stay() {
        let cell = quarter([Some(1), Some(2), Some(3), Some(3)], None);
        assert_eq!((cell.common, cell.front, cell.back), (Some(3), Some(1), Some(3)));
        assert_eq!(quarter([None, Some(2), Some(2), Some(2)], None).common, Some(2));
    }
}
