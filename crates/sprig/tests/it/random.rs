//! Random functions: what can be said of any result.

use windlass_value::Value;

use crate::bench::Bench;

#[test]
fn strings_have_their_length_and_characters() {
    let mut bench = Bench::new();
    for (name, fits) in [
        ("randAlpha", u8::is_ascii_alphabetic as fn(&u8) -> bool),
        ("randAlphaNum", u8::is_ascii_alphanumeric),
        ("randNumeric", u8::is_ascii_digit),
        ("randAscii", |b: &u8| (b' '..=b'~').contains(b)),
    ] {
        let long = bench.call(name, &[Value::int(5_000)]).unwrap();
        let long = long.as_str().unwrap();
        assert_eq!(long.len(), 5_000, "{name}");
        assert!(long.iter().all(fits), "{name}");
        assert_eq!(bench.print(name, &[Value::int(-1)]), "", "{name}");
    }
    let huge = bench.call("randAlphaNum", &[Value::int(i64::MAX)]);
    assert_eq!(huge.unwrap_err(), "limit");
}

#[test]
fn rand_int_stays_below_its_end() {
    let mut bench = Bench::new();
    for _ in 0..1_000 {
        let n = bench
            .print("randInt", &[Value::int(-3), Value::int(4)])
            .parse::<i64>()
            .unwrap();
        assert!((-3..4).contains(&n));
    }
    let empty = bench.print("randInt", &[Value::int(4), Value::int(4)]);
    assert_eq!(empty, "error: invalid argument to Intn");
}

#[test]
fn shuffle_keeps_the_characters() {
    let mut bench = Bench::new();
    let shuffled = bench.print("shuffle", &[Value::str("aébcdefgh")]);
    let mut characters: Vec<char> = shuffled.chars().collect();
    characters.sort_unstable();
    assert_eq!(characters.iter().collect::<String>(), "abcdefghé");
    assert_ne!(shuffled, "aébcdefgh");
}

#[test]
fn uuids_say_that_they_are_random() {
    let mut bench = Bench::new();
    let (a, b) = (bench.print("uuidv4", &[]), bench.print("uuidv4", &[]));
    assert_ne!(a, b);
    let groups: Vec<usize> = a.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert_eq!(a.as_bytes()[14], b'4');
    assert!(b"89ab".contains(&a.as_bytes()[19]));
}
