//! Which known name somebody meant who wrote another.
//!
//! Knows no names of its own and words no message.

/// Bytes of the longest word that is compared: nobody misspells a name by more, and comparing costs time by the product
/// of the lengths.
const LONGEST: usize = 80;

/// The known name that somebody who wrote `word` most likely meant.
///
/// Capitals, and spaces or underscores for hyphens, never count as differences.
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let plain = |text: &str| text.trim().to_lowercase().replace(['_', ' '], "-");
    let wanted = plain(word);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &plain(name)), name))
        .filter(|(distance, name)| *distance <= (name.chars().count().max(wanted.chars().count()) / 3).max(1))
        // A name of one letter is near to every other one.
        .filter(|(distance, name)| *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let names = ["sgd", "adam", "natural-gradient"];
        assert_eq!(nearest("Natural_Gradient", names), Some("natural-gradient"));
        assert_eq!(nearest("adma", names), Some("adam"));
        assert_eq!(nearest("newton", names), None);
        assert_eq!(nearest("x", ["p"]), None);
        assert_eq!(nearest(&"natural-gradient".repeat(100), names), None);
    }
}
