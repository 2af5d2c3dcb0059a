//! How numbers are written for people: up to four decimals or scientific notation, a true minus sign (U+2212), and `–`
//! for a missing value. The digits that programs read are `export`'s.

/// A table cell of about seven columns: `1.0908`, `4.8e−5`; `–` if `x` is not finite.
#[must_use]
pub fn value(x: f64) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let size = x.abs();
    let text = if x == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e4).contains(&size) {
        format!(
            "{x:.*}",
            if size < 100.0 {
                4
            } else if size < 1000.0 {
                3
            } else {
                2
            }
        )
    } else {
        format!("{x:.1e}")
    };
    signed(text)
}

/// A number rounded to at most `digits` significant digits, in its shortest form; never `−0`.
#[must_use]
pub fn rounded(x: f64, digits: usize) -> String {
    let rounded: f64 = format!("{x:.*e}", digits.saturating_sub(1)).parse().unwrap_or(x);
    label(if rounded == 0.0 { 0.0 } else { rounded })
}

/// An axis label in its shortest form: `0.5`, `−2`, `1e−6`.
#[must_use]
pub fn label(x: f64) -> String {
    // Adding 0.0 turns −0.0 into 0.0.
    let (x, size) = (x + 0.0, x.abs());
    let text = if x != 0.0 && !(1e-4..1e6).contains(&size) { format!("{x:e}") } else { format!("{x}") };
    signed(text)
}

/// A number with true minus signs.
fn signed(text: String) -> String {
    if text.contains('-') { text.replace('-', "−") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_numbers_have_no_noise_and_no_negative_zero() {
        let cases = [(-0.0, "0"), (1.0, "1"), (2.0_f64.sqrt(), "1.41421"), (0.1 + 0.2, "0.3"), (-1.25, "−1.25")];
        for (x, text) in cases.into_iter().chain([(1.0 / 3e9, "3.33333e−10"), (123_456_789.0, "1.23457e8")]) {
            assert_eq!(rounded(x, 6), text);
        }
        assert_eq!(rounded(0.679_783, 4), "0.6798");
    }
}
