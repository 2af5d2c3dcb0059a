//! What was made last, for as long as it would be made the same again.

/// A value and the key for which it was made: everything that it depends on.
#[derive(Debug)]
pub struct Recall<K, V>(Option<(K, V)>);

impl<K, V> Default for Recall<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Recall<K, V> {
    /// The value for a key: the one before where the key is the same.
    pub fn of(&mut self, key: K, make: impl FnOnce(&K) -> V) -> &V {
        if self.0.as_ref().is_none_or(|(own, _)| *own != key) {
            self.0 = None;
        }
        let made = self.0.get_or_insert_with(|| {
            let value = make(&key);
            (key, value)
        });
        &made.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_for_a_key() {
        let (mut recall, mut made) = (Recall::default(), 0);
        let mut ask = |key: i32| {
            *recall.of(key, |key| {
                made += 1;
                key * 10 + made
            })
        };
        assert_eq!([1, 1, 2, 1].map(&mut ask), [11, 11, 22, 13]);
    }
}
