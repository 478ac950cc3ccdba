//! Large random primes, fast.
//!
//! Finding a prime is trying some seven hundred odd numbers of 1024 bits. A sieve strikes out those
//! with small factors; for the rest one Fermat test to base 2, which is nearly nothing but
//! squarings, costs a third of the general arithmetic of `crypto-bigint`. What passes is then
//! judged by [`crypto_primes`]. Nothing secret depends on the time this takes: candidates that fail
//! are thrown away.

use crypto_bigint::BoxedUint;
use crypto_primes::Flavor;
use rand_core::Rng;

/// Factors the sieve knows lie below.
const SMALL: usize = 1 << 15;
/// Odd numbers in one pass of the sieve.
const WINDOW: usize = 1 << 12;
/// The exponent of RSA keys, which must not divide the prime less one.
const EXPONENT: u64 = 65_537;

/// A random prime of `64 * N` bits, its two highest bits set, fit for an RSA key.
pub(super) fn find<const N: usize>(rng: &mut impl Rng) -> BoxedUint {
    let small = small_primes();
    loop {
        let mut start = [0; N];
        start.fill_with(|| rng.next_u64());
        start[0] |= 1;
        start[N - 1] |= 3 << 62;
        if let Some(prime) = search(&start, &small) {
            return prime;
        }
    }
}

/// The first prime from an odd number on, as far as one window goes.
fn search<const N: usize>(start: &[u64; N], small: &[u32]) -> Option<BoxedUint> {
    let mut composite = vec![false; WINDOW];
    for p in small {
        let p = u64::from(*p);
        // The first index i for which p divides start + 2 i: i = -start / 2 modulo p.
        let rest = remainder(start, p);
        let first = (p - rest) % p;
        let first = if first % 2 == 0 {
            first / 2
        } else {
            (first + p) / 2
        };
        for struck in composite
            .iter_mut()
            .skip(first as usize)
            .step_by(p as usize)
        {
            *struck = true;
        }
    }
    (0_u64..)
        .zip(composite)
        .filter(|(_, composite)| !composite)
        .filter_map(|(i, _)| plus(start, 2 * i))
        .find(|candidate| {
            remainder(candidate, EXPONENT) != 1
                && passes_fermat(candidate)
                && crypto_primes::is_prime(Flavor::Any, &boxed(candidate))
        })
        .map(|prime| boxed(&prime))
}

fn boxed<const N: usize>(limbs: &[u64; N]) -> BoxedUint {
    BoxedUint::from_words(*limbs)
}

/// The odd primes below [`SMALL`].
fn small_primes() -> Vec<u32> {
    let mut composite = vec![false; SMALL];
    let mut primes = Vec::new();
    for n in (3..SMALL).step_by(2) {
        if !composite[n] {
            primes.push(n as u32);
            for multiple in (n * n..SMALL).step_by(2 * n) {
                composite[multiple] = true;
            }
        }
    }
    primes
}

fn remainder<const N: usize>(limbs: &[u64; N], divisor: u64) -> u64 {
    // The divisor has less than 32 bits, so halves of a limb divide without overflow.
    limbs.iter().rev().fold(0, |rest, limb| {
        let rest = (rest << 32 | limb >> 32) % divisor;
        (rest << 32 | limb & 0xffff_ffff) % divisor
    })
}

fn plus<const N: usize>(limbs: &[u64; N], n: u64) -> Option<[u64; N]> {
    let mut sum = *limbs;
    let mut carry = n;
    for limb in &mut sum {
        let (s, overflow) = limb.overflowing_add(carry);
        *limb = s;
        carry = u64::from(overflow);
    }
    (carry == 0).then_some(sum)
}

/// Whether 2^(n-1) is 1 modulo n, in Montgomery's form; n is odd with its highest bit set.
fn passes_fermat<const N: usize>(n: &[u64; N]) -> bool {
    // Newton's steps double the good bits of the inverse of the lowest limb.
    let inverse = (0..6).fold(1_u64, |x, _| {
        x.wrapping_mul(2_u64.wrapping_sub(n[0].wrapping_mul(x)))
    });
    let mut one = [0; N];
    subtract(&mut one, n);
    let mut power = one;
    // The exponent n - 1 differs from n in the lowest bit only, which is then clear.
    for bit in (0..64 * N).rev() {
        power = square(&power, n, inverse.wrapping_neg());
        if bit > 0 && n[bit / 64] >> (bit % 64) & 1 == 1 {
            double(&mut power, n);
        }
    }
    power == one
}

/// `a + b * c + carry` as low and high limb.
#[inline(always)]
fn multiply_add(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let sum = u128::from(a) + u128::from(b) * u128::from(c) + u128::from(carry);
    (sum as u64, (sum >> 64) as u64)
}

/// Montgomery's square: `a * a / 2^(64 N)` modulo n.
fn square<const N: usize>(a: &[u64; N], n: &[u64; N], minus_inverse: u64) -> [u64; N] {
    let (mut low, high) = wide_square(a);
    let mut top = 0_u64;
    for upper in high {
        // Adds the multiple of n that clears the lowest limb, then moves down by a limb.
        let factor = low[0].wrapping_mul(minus_inverse);
        let (_, mut carry) = multiply_add(low[0], factor, n[0], 0);
        for j in 1..N {
            (low[j - 1], carry) = multiply_add(low[j], factor, n[j], carry);
        }
        let (sum, first) = upper.overflowing_add(carry);
        let (sum, second) = sum.overflowing_add(top);
        top = u64::from(first || second);
        low[N - 1] = sum;
    }
    if top != 0 || !is_less(&low, n) {
        subtract(&mut low, n);
    }
    low
}

/// The square as lower and upper half.
fn wide_square<const N: usize>(a: &[u64; N]) -> ([u64; N], [u64; N]) {
    let mut wide = [[0_u64; N]; 2];
    let at = |k: usize| (k / N, k % N);
    // Products of different limbs occur twice.
    for i in 0..N {
        let mut carry = 0;
        for j in i + 1..N {
            let (half, k) = at(i + j);
            (wide[half][k], carry) = multiply_add(wide[half][k], a[i], a[j], carry);
        }
        wide[1][i] = carry;
    }
    let mut moved = 0;
    for half in &mut wide {
        for limb in half {
            (*limb, moved) = (*limb << 1 | moved, *limb >> 63);
        }
    }
    let mut carry = 0;
    for (i, limb) in a.iter().enumerate() {
        let (half, k) = at(2 * i);
        let (low, high) = multiply_add(wide[half][k], *limb, *limb, carry);
        let (sum, overflow) = wide[half][k + 1].overflowing_add(high);
        (wide[half][k], wide[half][k + 1]) = (low, sum);
        carry = u64::from(overflow);
    }
    let [low, high] = wide;
    (low, high)
}

fn double<const N: usize>(a: &mut [u64; N], n: &[u64; N]) {
    let mut moved = 0;
    for limb in a.iter_mut() {
        (*limb, moved) = (*limb << 1 | moved, *limb >> 63);
    }
    if moved != 0 || !is_less(a, n) {
        subtract(a, n);
    }
}

fn is_less<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

fn subtract<const N: usize>(a: &mut [u64; N], b: &[u64; N]) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (difference, first) = a.overflowing_sub(*b);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        *a = difference;
        borrow = first || second;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest prime below 2^bits, by its distance.
    fn below<const N: usize>(distance: u64) -> [u64; N] {
        let mut limbs = [u64::MAX; N];
        limbs[0] -= distance - 1;
        limbs
    }

    #[test]
    fn the_sieve_knows_all_small_primes() {
        let found = small_primes();
        let divides = |d: u32, n: u32| n.is_multiple_of(d);
        let odd = |from: u32| (from..SMALL as u32).step_by(2);
        let is_prime = |n: &u32| !odd(3).take_while(|d| d * d <= *n).any(|d| divides(d, *n));
        let wanted: Vec<u32> = odd(3).filter(is_prime).collect();
        assert_eq!(found, wanted);
    }

    /// What Fermat's test is worth: of the numbers from a prime on only the prime passes.
    fn only_the_prime_passes<const N: usize>(distance: u64) {
        for d in (1..=distance).step_by(2) {
            assert_eq!(
                passes_fermat(&below::<N>(d)),
                d == distance,
                "2^{} - {d}",
                64 * N
            );
        }
    }

    #[test]
    fn large_primes_are_told_from_other_numbers() {
        only_the_prime_passes::<2>(159);
        only_the_prime_passes::<4>(189);
        only_the_prime_passes::<8>(569);
        only_the_prime_passes::<16>(105);
    }

    #[test]
    fn a_search_ends_at_the_first_prime_that_suits() {
        let small = small_primes();
        let found = |start: [u64; 2]| search(&start, &small);
        // 2^128 - 173 is the prime before 2^128 - 159.
        assert_eq!(found(below(175)), Some(boxed(&below::<2>(173))));
        assert_eq!(found(below(171)), Some(boxed(&below::<2>(159))));
        assert_eq!(found(below(157)), None);
    }

    #[test]
    fn arithmetic_carries_over_limbs() {
        assert_eq!(plus(&[u64::MAX, 1], 2), Some([1, 2]));
        assert_eq!(plus(&[u64::MAX, u64::MAX], 2), None);
        assert_eq!(plus(&[3, 4], 5), Some([8, 4]));
        // (2^64 * 5 + 7) mod 1000003
        let wide = (5_u128 << 64) + 7;
        assert_eq!(u128::from(remainder(&[7, 5], 1_000_003)), wide % 1_000_003);
        assert!(is_less(&[9, 1], &[0, 2]) && !is_less(&[0, 2], &[0, 2]));
        let mut number = [0, 1];
        subtract(&mut number, &[1, 0]);
        assert_eq!(number, [u64::MAX, 0]);
    }
}
