//! One step as LaTeX equations to paste into notes: needs `amsmath` and a Unicode engine.
//!
//! Numbers keep seven digits; CSV and JSON keep all.

use std::fmt::Write as _;

use crate::math::{Mat2, Vec2};
use crate::race::Worked;
use crate::registry::Setting;

/// The numbers of a step of the racer `label` as an `align*`, preceded by a comment that identifies it.
#[must_use]
pub fn step(worked: &Worked, title: &str, label: &str) -> String {
    let mut text = format!(
        "% {}\n% {}, step {} to {}, in ({}, {})\n% {}\n\\begin{{align*}}\n",
        comment(title),
        comment(label),
        worked.step,
        worked.step + 1,
        worked.axes[0],
        worked.axes[1],
        worked.equation
    );
    let gradient = if worked.sampled { "\\hat\\nabla L" } else { "\\nabla L" };
    line(&mut text, "x", &vector(worked.x));
    line(&mut text, gradient, &vector(worked.gradient));
    line(&mut text, "F", &matrix(&worked.fisher));
    if let Some(natural) = worked.natural {
        line(&mut text, &format!("F^{{-1}}{gradient}"), &vector(natural));
    }
    if let Some(other) = worked.other {
        other
            .metric
            .iter()
            .for_each(|metric| line(&mut text, &format!("G_{{\\text{{{}}}}}", other.name), &matrix(metric)));
        other.natural.iter().for_each(|v| line(&mut text, &format!("G^{{-1}}{gradient}"), &vector(*v)));
    }
    for (name, value) in &worked.settings {
        if let Setting::Number(value) = value {
            line(&mut text, &format!("\\text{{{}}}", escape(name)), &number(*value));
        }
    }
    line(&mut text, "L", &number(worked.loss));
    if let Some(made) = worked.made.filter(|made| made.delta.iter().all(|d| d.is_finite())) {
        line(&mut text, "\\Delta x", &vector(made.delta));
        line(&mut text, "\\mathrm{KL}", &format!("{}\\ \\text{{nats}}", number(made.kl)));
        line(&mut text, "\\sqrt{\\Delta x^{\\mathsf T} F \\Delta x}", &number(made.fisher_length));
        line(&mut text, "L'", &number(made.loss));
    }
    // The last line of an `align*` takes no `\\`.
    text.truncate(text.trim_end_matches("\\\\\n").len());
    text + "\n\\end{align*}\n"
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name} &= {value} \\\\");
}

fn vector(v: Vec2) -> String {
    format!("\\begin{{pmatrix}} {} \\\\ {} \\end{{pmatrix}}", number(v[0]), number(v[1]))
}

fn matrix(m: &Mat2) -> String {
    let row = |i: usize| format!("{} & {}", number(m[(i, 0)]), number(m[(i, 1)]));
    format!("\\begin{{pmatrix}} {} \\\\ {} \\end{{pmatrix}}", row(0), row(1))
}

/// Seven digits, as `1.234567` or `1.234567 \cdot 10^{-9}`.
fn number(x: f64) -> String {
    if !x.is_finite() {
        return "\\text{--}".to_owned();
    }
    let text = format!("{x:.6e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    match power.parse::<i32>() {
        Ok(power @ -3..=5) => {
            let decimals = usize::try_from(6 - power).unwrap_or(0);
            let plain = format!("{x:.decimals$}");
            let short = if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { &plain };
            short.to_owned()
        }
        _ => format!("{digits} \\cdot 10^{{{power}}}"),
    }
}

/// Text escaped so that LaTeX prints it verbatim.
fn escape(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => safe.extend(['\\', c]),
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            _ => safe.push(c),
        }
    }
    safe
}

/// Text that cannot leave its LaTeX comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_seven_digits() {
        for (x, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-3.25, "-3.25"),
            (0.031_400_001, "0.0314"),
            (123_456.789, "123456.8"),
            (1.5e-9, "1.500000 \\cdot 10^{-9}"),
            (f64::NAN, "\\text{--}"),
        ] {
            assert_eq!(number(x), text);
        }
    }

    #[test]
    fn nothing_leaves_its_comment_or_its_text() {
        assert_eq!(comment("a\nb"), "a b");
        assert_eq!(escape("50% of_{x}^2\\"), "50\\% of\\_\\{x\\}\\textasciicircum{}2\\textbackslash{}");
    }
}
