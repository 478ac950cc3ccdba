//! New private keys.

use chacha20::ChaCha20Rng;
use crypto_bigint::BoxedUint;
use rand_core::{Rng, SeedableRng};
use rsa::RsaPrivateKey;
use windlass_template::{Error, Host};

use crate::certs::key::{Curve, DsaKey, PrivateKey};
use crate::certs::prime;

/// A stream of random numbers of its own, from the host's randomness.
fn stream(host: &mut dyn Host) -> ChaCha20Rng {
    let mut seed = [0; 32];
    host.fill_random(&mut seed);
    ChaCha20Rng::from_seed(seed)
}

/// An RSA key of 2048 or 4096 bits. Its two primes are looked for at the same time.
pub(super) fn rsa(host: &mut dyn Host, bits: u32) -> Result<PrivateKey, Error> {
    let find = |mut rng: ChaCha20Rng| {
        if bits == 4096 {
            prime::find::<32>(&mut rng)
        } else {
            prime::find::<16>(&mut rng)
        }
    };
    loop {
        let (first, second) = (stream(host), stream(host));
        let (p, q) = std::thread::scope(|scope| {
            let other = scope.spawn(|| find(second));
            let p = find(first);
            (p, other.join().expect("looking for a prime does not panic"))
        });
        // Equal primes, which no one will ever see, are the one thing to be wrong here.
        if p != q {
            let key = RsaPrivateKey::from_p_q(p, q, BoxedUint::from(65_537_u32))
                .map_err(|e| format!("error generating rsa key: {e}"))?;
            return Ok(PrivateKey::Rsa(Box::new(key)));
        }
    }
}

/// A DSA key with parameters of its own, of 2048 and 256 bits.
pub(super) fn dsa(host: &mut dyn Host) -> Result<PrivateKey, Error> {
    let mut rng = stream(host);
    let components =
        dsa::Components::try_generate_from_rng_with_key_size(&mut rng, dsa::KeySize::DSA_2048_256)
            .map_err(|e| format!("failed to generate dsa params: {e}"))?;
    let key = dsa::SigningKey::try_generate_from_rng_with_components(&mut rng, components)
        .map_err(|e| format!("failed to generate private key: {e}"))?;
    let public = key.verifying_key();
    let components = public.components();
    Ok(PrivateKey::Dsa(DsaKey {
        p: components.p().to_be_bytes().into(),
        q: components.q().to_be_bytes().into(),
        g: components.g().to_be_bytes().into(),
        y: public.y().to_be_bytes().into(),
        x: key.x().to_be_bytes().into(),
    }))
}

/// A key on the curve P-256.
pub(super) fn ecdsa(host: &mut dyn Host) -> PrivateKey {
    let mut rng = stream(host);
    loop {
        let mut secret = [0; 32];
        rng.fill_bytes(&mut secret);
        // Nearly every number of 256 bits is a key.
        if let Ok(key) = PrivateKey::on_curve(Curve::P256, &secret) {
            return key;
        }
    }
}

pub(super) fn ed25519(host: &mut dyn Host) -> PrivateKey {
    let mut seed = [0; 32];
    host.fill_random(&mut seed);
    PrivateKey::Ed25519(seed)
}
