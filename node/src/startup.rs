//! What is read and checked before a node starts.

use sc_cli::KeystoreParams;
use sc_service::{ChainType, Configuration};

use crate::{output, password, well_known::WellKnown};

/// Reads the password file that the command line names as every other part of Faultline reads it: the line break at its
/// end is no part of the password.
///
/// # Errors
///
/// There is no password in it, or others may read it.
pub fn read_password(keystore: &mut KeystoreParams) -> sc_cli::Result<()> {
    if let Some(path) = keystore.password_filename.take() {
        keystore.password = Some(password::from_file(&path).map_err(output::failed)?);
    }
    Ok(())
}

/// Refuses to run a validator of a chain that means it and that holds keys which everybody has.
///
/// # Errors
///
/// Which, and where, in the words of `check-chain`.
pub fn check_validator(config: &Configuration) -> sc_cli::Result<()> {
    if !config.role.is_authority() {
        return Ok(());
    }
    let spec = config.chain_spec.as_ref();
    if spec.chain_type() == ChainType::Live {
        let storage = spec.as_storage_builder().build_storage()?;
        WellKnown::all().refuse_in(&storage).map_err(output::failed)?;
    }
    Ok(())
}
