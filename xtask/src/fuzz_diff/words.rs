//! Texts: chance changes of a text, and soups of pieces, for all languages that are read here.

use crate::oracle::random::Random;

/// One of these.
pub(super) fn pick(random: &mut Random, from: &[&str]) -> String {
    random.pick(from).to_owned()
}

/// Some of these pieces one after the other, or none.
pub(super) fn soup(random: &mut Random, pieces: &[&str], most: usize) -> String {
    (0..random.below(most + 1))
        .map(|_| random.pick(pieces))
        .collect()
}

/// The text with some characters gone, doubled, swapped or strewn in.
pub(super) fn damaged(random: &mut Random, text: &str, pieces: &[&str]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(2) {
        let at = random.below(chars.len() + 1);
        let within = at < chars.len();
        match random.below(6) {
            0 if within => drop(chars.remove(at)),
            1 if within => chars.insert(at, chars[at]),
            2 if at + 1 < chars.len() => chars.swap(at, at + 1),
            3 => chars.truncate(at),
            _ => {
                let piece: Vec<char> = random.pick(pieces).chars().collect();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_of_a_few_characters() {
        for n in 0..200 {
            let mut random = Random::new(1, "damage", n);
            let text = damaged(&mut random, "0123456789", &["ab"]);
            assert!(text.chars().count() <= 14);
        }
    }
}
