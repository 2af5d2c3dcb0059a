//! How numbers are written on screen: four decimals or a short power of ten, a real minus sign, and – for a missing
//! value.

/// A table value, at most seven columns: `1.0908`, `4.8e−5`, `–` if it is not finite.
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
    text.replace('-', "−")
}

/// An axis label in its shortest form: `0.5`, `−2`, `1e−6`.
#[must_use]
pub fn label(x: f64) -> String {
    let size = x.abs();
    let text = if x != 0.0 && !(1e-4..1e6).contains(&size) { format!("{x:e}") } else { format!("{x}") };
    text.replace('-', "−")
}
