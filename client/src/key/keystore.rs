//! A key at rest: encrypted by a password, as polkadot-js and the wallets that follow it keep keys.
//!
//! Version 3 of that format is JSON: the address in clear, and in base64 a salt (32 bytes), the parameters of scrypt
//! (N, p, r: 4 bytes each), a nonce (24 bytes), and what XSalsa20-Poly1305 makes of the PKCS #8 encoding of the key. Subxt
//! reads it; this writes it.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{engine::general_purpose::STANDARD, Engine};
use crypto_secretbox::{aead::Aead, KeyInit, Nonce, XSalsa20Poly1305};
use faultline_primitives::Account;
use scrypt::Params;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};
use subxt::utils::AccountId32;
use subxt_signer::{
    polkadot_js_compat::{decrypt_json, Error as Undecrypted},
    sr25519::Keypair,
};
use zeroize::Zeroizing;

use super::{KeyError, Password};

/// Binary logarithm of scrypt's N: with r = 8 it takes 32 MiB.
const LOG_N: u8 = 15;
/// Scrypt's p. With N and r these are, of those that polkadot-js opens, as hard to guess against as its default and
/// take a quarter of the memory.
const P: u32 = 3;
/// Scrypt's r.
const R: u32 = 8;

/// Of the decoded text, what is not encrypted: salt, parameters and nonce.
const HEAD: usize = 68;

/// How a PKCS #8 private key begins, here: version 2, Ed25519, 64 bytes of key. It is sr25519 all the same.
const PKCS8_HEAD: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
/// What stands between the private key and the public one.
const PKCS8_MIDDLE: [u8; 5] = [161, 35, 3, 33, 0];

const CONTENT: [&str; 2] = ["pkcs8", "sr25519"];
const KIND: [&str; 2] = ["scrypt", "xsalsa20-poly1305"];
const VERSION: &str = "3";

#[derive(Serialize, Deserialize)]
struct File {
    encoded: String,
    encoding: Encoding,
    address: String,
    #[serde(default)]
    meta: Meta,
}

#[derive(Serialize, Deserialize)]
struct Encoding {
    content: Vec<String>,
    r#type: Vec<String>,
    version: String,
}

/// For wallets, which show it.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    name: String,
    when_created: u64,
}

/// A key as it is written to a file.
///
/// # Errors
///
/// The system gives no random numbers.
pub fn encrypt(seed: &[u8; 32], pair: &Keypair, name: &str, password: &Password) -> Result<String, KeyError> {
    let mut head = [0u8; HEAD];
    getrandom::fill(&mut head).map_err(KeyError::NoRandomness)?;
    for (place, number) in [(32, 1 << LOG_N), (36, P), (40, R)] {
        head[place..place + 4].copy_from_slice(&u32::to_le_bytes(number));
    }

    let mut plain = Zeroizing::new(Vec::with_capacity(117));
    plain.extend(PKCS8_HEAD);
    plain.extend(secret(seed).as_slice());
    plain.extend(PKCS8_MIDDLE);
    plain.extend(pair.public_key().0);

    let impossible = |why: &str| KeyError::Malformed {
        path: name.into(),
        why: why.into(),
    };
    let params =
        Params::new(LOG_N, R, P, 32).map_err(|_| impossible("scrypt does not take its parameters"))?;
    let mut key = Zeroizing::new([0u8; 32]);
    scrypt::scrypt(
        password.as_str().as_bytes(),
        &head[..32],
        &params,
        key.as_mut_slice(),
    )
    .map_err(|_| impossible("scrypt gives no key"))?;
    let sealed = XSalsa20Poly1305::new(key.as_slice().into())
        .encrypt(Nonce::from_slice(&head[44..]), plain.as_slice())
        .map_err(|_| impossible("the cipher takes no key"))?;

    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let words = |words: [&str; 2]| words.map(String::from).into();
    let file = File {
        encoded: STANDARD.encode([&head[..], &sealed].concat()),
        encoding: Encoding {
            content: words(CONTENT),
            r#type: words(KIND),
            version: VERSION.into(),
        },
        address: AccountId32(pair.public_key().0).to_string(),
        meta: Meta {
            name: name.into(),
            when_created: u64::try_from(since_1970.as_millis()).unwrap_or_default(),
        },
    };
    let text = serde_json::to_string_pretty(&file).map_err(|error| impossible(&error.to_string()))?;
    Ok(text + "\n")
}

/// The 64 bytes that a seed stands for: those of Ed25519, as polkadot-js keeps them.
fn secret(seed: &[u8; 32]) -> Zeroizing<[u8; 64]> {
    let mut secret = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(seed)));
    secret[0] &= 248;
    secret[31] &= 63;
    secret[31] |= 64;
    secret
}

/// The key in a file.
///
/// # Errors
///
/// The file is no key file, or the password does not open it.
pub fn decrypt(path: &Path, text: &str, password: &Password) -> Result<Keypair, KeyError> {
    let malformed = |why: String| KeyError::Malformed {
        path: path.into(),
        why,
    };
    let file = parse(path, text)?;
    let encoded = STANDARD
        .decode(&file.encoded)
        .map_err(|error| malformed(format!("its `encoded` is not base64: {error}")))?;
    if encoded.len() < HEAD {
        return Err(malformed("its `encoded` is too short".into()));
    }
    decrypt_json(text, password.as_str()).map_err(|error| match error {
        Undecrypted::Secretbox(_) => KeyError::WrongPassword { path: path.into() },
        Undecrypted::InvalidKeys => malformed("its address is not that of its key".into()),
        other => malformed(other.to_string()),
    })
}

/// The public key that a file says it is of. That it is, only [`decrypt`] finds out.
///
/// # Errors
///
/// The file is no key file.
pub fn public(path: &Path, text: &str) -> Result<Account, KeyError> {
    let file = parse(path, text)?;
    let address: AccountId32 = file.address.parse().map_err(|error| KeyError::Malformed {
        path: path.into(),
        why: format!("its `address` is none: {error}"),
    })?;
    Ok(Account(address.0))
}

fn parse(path: &Path, text: &str) -> Result<File, KeyError> {
    let malformed = |why: String| KeyError::Malformed {
        path: path.into(),
        why,
    };
    let file: File = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let Encoding {
        content,
        r#type,
        version,
    } = &file.encoding;
    if content != &CONTENT || r#type != &KIND || version != VERSION {
        return Err(malformed(format!(
            "it is of version {version}, {} by {}; faultline reads version {VERSION}, {} by {}",
            content.join(" "),
            r#type.join(" "),
            CONTENT.join(" "),
            KIND.join(" ")
        )));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: [u8; 32] = [7; 32];

    fn pair() -> Keypair {
        Keypair::from_secret_key(SEED).unwrap()
    }

    fn password() -> Password {
        Password::new("correct horse".into())
    }

    #[test]
    fn what_is_written_is_read_by_subxt_with_the_same_password_only() {
        let text = encrypt(&SEED, &pair(), "probe", &password()).unwrap();
        let read = decrypt_json(&text, "correct horse").unwrap();
        assert_eq!(read.public_key().0, pair().public_key().0);
        assert!(matches!(
            decrypt_json(&text, "correct horsf"),
            Err(Undecrypted::Secretbox(_))
        ));
    }

    #[test]
    fn nothing_of_the_secret_stands_in_the_file_and_no_two_files_are_alike() {
        let [one, other] = [0; 2].map(|_| encrypt(&SEED, &pair(), "probe", &password()).unwrap());
        assert_ne!(one, other);
        let file = parse(Path::new("f"), &one).unwrap();
        let bytes = STANDARD.decode(file.encoded).unwrap();
        let secret = secret(&SEED);
        for part in [&SEED[..], &secret[..32], &secret[32..]] {
            assert!(!bytes.windows(part.len()).any(|window| window == part));
        }
    }

    /// From subxt's own tests: a file that polkadot-js wrote.
    #[test]
    fn a_file_that_a_wallet_wrote_is_read() {
        let text = r#"{"encoded":"DumgApKCTqoCty1OZW/8WS+sgo6RdpHhCwAkA2IoDBMAgAAAAQAAAAgAAAB6IG/q24EeVf0JqWqcBd5m2tKq5BlyY84IQ8oamLn9DZe9Ouhgunr7i36J1XxUnTI801axqL/ym1gil0U8440Qvj0lFVKwGuxq38zuifgoj0B3Yru0CI6QKEvQPU5xxj4MpyxdSxP+2PnTzYao0HDH0fulaGvlAYXfqtU89xrx2/z9z7IjSwS3oDFPXRQ9kAdDebtyCVreZ9Otw9v3","encoding":{"content":["pkcs8","sr25519"],"type":["scrypt","xsalsa20-poly1305"],"version":"3"},"address":"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY","meta":{"genesisHash":"","name":"Alice","whenCreated":1718265838755}}"#;
        let path = Path::new("alice.json");
        let pair = decrypt(path, text, &Password::new("whoisalice".into())).unwrap();
        assert_eq!(public(path, text).unwrap().0, pair.public_key().0);
    }

    #[test]
    fn a_file_that_holds_no_key_says_why() {
        let path = Path::new("my.key");
        let good = encrypt(&SEED, &pair(), "probe", &password()).unwrap();
        let other = AccountId32([1; 32]).to_string();
        let own = AccountId32(pair().public_key().0).to_string();
        let encoded = parse(path, &good).unwrap().encoded;
        for (text, word) in [
            ("", "EOF"),
            ("{}", "missing field"),
            (&good.replace("sr25519", "ed25519"), "ed25519"),
            (&good.replace(r#""3""#, r#""2""#), "version 2"),
            (&good.replace(&encoded, "AAAA"), "too short"),
            (&good.replace(&encoded, "!"), "base64"),
            (&good.replace(&own, &other), "address"),
        ] {
            match decrypt(path, text, &password()) {
                Err(KeyError::Malformed { why, .. }) => assert!(why.contains(word), "{word}: {why}"),
                other => panic!("{word}: {:?}", other.err()),
            }
        }
        let damaged = good.replace(&encoded[100..104], "AAAA");
        assert!(matches!(
            decrypt(path, &damaged, &password()),
            Err(KeyError::WrongPassword { .. })
        ));
    }
}
