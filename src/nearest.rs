//! Finds the known name that a misspelt one most likely stands for ("did you mean").
//!
//! Knows no names itself and words no messages.

/// The length in bytes of the longest word that is compared: no misspelt name is longer, and the time of a comparison
/// is proportional to the product of the lengths.
const LONGEST: usize = 80;

/// The length of the shortest synonym that may be misspelt: a shorter one would be near every word.
const SHORTEST: usize = 4;

/// A name with its synonyms. Synonyms are never accepted as input; they only lead to a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// The name.
    pub name: &'a str,
    /// Its synonyms, in lower case and with hyphens.
    pub synonyms: &'a [&'a str],
}

impl<'a> Known<'a> {
    /// A name with its synonyms.
    #[must_use]
    pub const fn with(name: &'a str, synonyms: &'a [&'a str]) -> Self {
        Self { name, synonyms }
    }
}

impl<'a> From<&'a str> for Known<'a> {
    fn from(name: &'a str) -> Self {
        Self { name, synonyms: &[] }
    }
}

/// The known name that `word` most likely stands for: the nearest by edit distance to a name or a synonym, or the
/// shortest that ends with it as `mean-log-sd` ends with `log-sd`. `None` if nothing is near.
///
/// Case, and spaces or underscores in place of hyphens, are ignored.
#[must_use]
pub fn nearest<'a, K: Into<Known<'a>>>(word: &str, names: impl IntoIterator<Item = K>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let wanted = plain(word);
    let known: Vec<Known<'a>> = names.into_iter().map(Into::into).collect();
    let by_name = known.iter().map(|known| (known.name, known.name, false));
    let by_synonym = known.iter().flat_map(|known| known.synonyms.iter().map(|synonym| (*synonym, known.name, true)));
    let near = by_name
        .chain(by_synonym)
        .filter_map(|(candidate, name, synonym)| {
            let distance = strsim::damerau_levenshtein(&wanted, &plain(candidate));
            let length = candidate.chars().count();
            let most = if synonym && length < SHORTEST { 0 } else { (length.max(wanted.chars().count()) / 3).max(1) };
            // A name of one letter would be near every other one.
            (distance <= most && distance < length).then_some((distance, synonym, name))
        })
        .min_by_key(|(distance, synonym, _)| (*distance, *synonym));
    near.map(|(_, _, name)| name).or_else(|| ending_with(&wanted, &known))
}

/// The three names nearest to `word`, however distant.
#[must_use]
pub fn nearest_few<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = plain(&word.chars().take(LONGEST).collect::<String>());
    let mut all: Vec<(usize, &str)> =
        names.into_iter().map(|name| (strsim::damerau_levenshtein(&wanted, &plain(name)), name)).collect();
    all.sort_by_key(|(distance, _)| *distance);
    all.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The shortest hyphenated name whose last parts are `wanted`.
fn ending_with<'a>(wanted: &str, known: &[Known<'a>]) -> Option<&'a str> {
    let ends = |name: &&str| plain(name).strip_suffix(wanted).is_some_and(|lead| lead.ends_with('-'));
    let names = known.iter().map(|known| known.name);
    names.filter(ends).min_by_key(|name| name.len()).filter(|_| !wanted.is_empty())
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::{Known, nearest};

    #[test]
    fn a_misspelt_name_is_found_and_an_unrelated_word_is_not() {
        let names = ["sgd", "adam", "natural-gradient"];
        assert_eq!(nearest("Natural_Gradient", names), Some("natural-gradient"));
        assert_eq!(nearest("adma", names), Some("adam"));
        assert_eq!(nearest("newton", names), None);
        assert_eq!(nearest("x", ["p"]), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"natural-gradient".repeat(100), names), None);
    }

    #[test]
    fn synonyms_and_suffixes_of_names_are_found() {
        let names = [Known::with("gaussian", &["normal", "n"]), Known::with("log-normal", &["galton"])];
        assert_eq!(nearest("Normal", names), Some("gaussian"));
        assert_eq!(nearest("nromal", names), Some("gaussian"));
        assert_eq!(nearest("n", names), Some("gaussian"));
        assert_eq!(nearest("k", names), None);
        let charts = ["mean-sd", "mean-log-sd", "mean-variance", "mean-log-variance"];
        assert_eq!(nearest("log_sd", charts), Some("mean-log-sd"));
        assert_eq!(nearest("variance", charts), Some("mean-variance"));
    }
}
