//! Public keys as people write them: `0x` and 64 hexadecimal digits, or an SS58 address.

use sp_core::{
    bytes,
    crypto::{AccountId32, Ss58Codec},
};

/// The 32 bytes of a public key.
///
/// # Errors
///
/// What is wrong with it, and what would do.
pub fn parse(text: &str) -> Result<[u8; 32], String> {
    const WANTED: &str = "a public key is 0x and 64 hexadecimal digits, or an SS58 address";

    let Some(digits) = text.strip_prefix("0x") else {
        // An address says by its prefix which chain it is meant for; the key is the same on all.
        return AccountId32::from_ss58check_with_version(text)
            .map(|(account, _)| account.into())
            .map_err(|error| format!("`{text}` is no public key ({error}): {WANTED}"));
    };
    if let Some(odd) = digits.chars().find(|digit| !digit.is_ascii_hexdigit()) {
        return Err(format!(
            "`{text}` is no public key, as `{odd}` is no hexadecimal digit: {WANTED}"
        ));
    }
    if digits.len() != 64 {
        return Err(format!(
            "`{text}` has {} hexadecimal digits: {WANTED}",
            digits.len()
        ));
    }
    let bytes =
        bytes::from_hex(text).map_err(|error| format!("`{text}` is no public key ({error}): {WANTED}"))?;
    // Twice as many digits as bytes.
    <[u8; 32]>::try_from(bytes).map_err(|_| format!("`{text}` is no public key: {WANTED}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_read_as_hexadecimal_and_as_an_address_of_any_chain() {
        let alice = sp_keyring::Sr25519Keyring::Alice.to_raw_public();
        for text in [
            "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
            "0xD43593C715FDD31C61141ABD04A99FD6822C8558854CCDE39A5684E7A56DA27D",
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
        ] {
            assert_eq!(parse(text), Ok(alice), "{text}");
        }
    }

    #[test]
    fn what_is_no_public_key_says_why() {
        for (text, word) in [
            ("0x1234", "has 4 hexadecimal digits"),
            (&format!("0x{}", "1".repeat(66)), "has 66 hexadecimal digits"),
            (&format!("0x{}g", "1".repeat(63)), "`g` is no hexadecimal digit"),
            (
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ",
                "Invalid checksum",
            ),
            ("the key of the admin", "Base 58"),
            ("", "no public key"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(word), "{text}: {error}");
            assert!(error.contains("64 hexadecimal digits, or an SS58"), "{error}");
        }
    }
}
