//! Key files and their passwords, as whoever runs the program meets them.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use anyhow::Result;
use faultline_tests::{Cli, Outcome};
use serde_json::Value;

/// The program where no node is.
fn alone(folder: &Path) -> Cli {
    Cli::new("ws://127.0.0.1:9".into(), folder).inside(folder)
}

fn password_file(folder: &Path, name: &str, password: &str, mode: u32) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, password)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Runs it as a program does that nobody sits before: without the tests' own password, and with no terminal.
fn unattended(cli: &Cli, arguments: &[&str]) -> Result<Outcome> {
    let output = cli
        .command(arguments)?
        .env_remove("FAULTLINE_PASSWORD_FILE")
        .stdin(Stdio::null())
        .output()?;
    Ok(Outcome {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

#[test]
fn a_key_file_holds_no_secret_in_clear_and_says_its_public_key_without_a_password() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path());
    let made = cli.json(&["key", "new", "probe.key"])?;
    let text = fs::read_to_string(folder.path().join("probe.key"))?;
    let file: Value = serde_json::from_str(&text)?;
    assert_eq!(file["encoding"]["version"], "3", "{file}");
    assert!(!text.contains("secret"), "{text}");
    let shown = unattended(&cli, &["key", "show", "probe.key"])?;
    assert_eq!(
        (shown.code, shown.out.trim()),
        (0, made["data"]["publicKey"].as_str().unwrap_or_default())
    );
    Ok(())
}

#[test]
fn a_key_wants_a_password_and_says_how_a_program_gives_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path());
    let refused = unattended(&cli, &["key", "new", "probe.key"])?;
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("wants its password"), "{refused:?}");
    assert!(
        refused.err.contains("--password-file or FAULTLINE_PASSWORD_FILE"),
        "{refused:?}"
    );
    assert!(!folder.path().join("probe.key").exists());

    password_file(folder.path(), "password", "correct horse\n", 0o600)?;
    let made = unattended(&cli, &["key", "new", "probe.key", "--password-file", "password"])?;
    assert_eq!(made.code, 0, "{made:?}");
    Ok(())
}

#[test]
fn a_password_file_that_is_open_short_or_not_there_is_refused_with_what_to_do() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path());
    password_file(folder.path(), "open", "correct horse", 0o644)?;
    password_file(folder.path(), "short", "1234567\n", 0o600)?;
    password_file(folder.path(), "empty", "\n", 0o600)?;
    for (file, what, advice) in [
        ("open", "can be read by others (mode 644)", "chmod 600 open"),
        ("short", "too short", "head -c 24 /dev/urandom"),
        ("empty", "no password file: it is empty", "in one line"),
        ("nowhere", "No such file", "--password-file"),
    ] {
        let refused = unattended(&cli, &["key", "new", "probe.key", "--password-file", file])?;
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(
            refused.err.contains(what) && refused.err.contains(advice),
            "{refused:?}"
        );
    }
    assert!(!folder.path().join("probe.key").exists());
    Ok(())
}

#[test]
fn a_wrong_password_is_a_refusal_of_its_own_before_anything_is_recorded() -> Result<()> {
    let node = faultline_tests::TestNode::dev()?;
    node.wait_for_first_block()?;
    let cli = node.cli().inside(node.folder());
    cli.json(&["key", "new", "probe.key"])?;
    password_file(node.folder(), "other", "another password", 0o600)?;
    let arguments = ["report", "openai/api", "--claim", "down", "--key", "probe.key"];
    let wrong = cli.run(&[&arguments[..], &["--password-file", "other", "--json"]].concat())?;
    let error: Value = serde_json::from_str(&wrong.err)?;
    assert_eq!(
        (wrong.code, &error["error"]["kind"]),
        (1, &"wrongPassword".into()),
        "{wrong:?}"
    );
    assert!(
        error["error"]["advice"].to_string().contains("--password-file"),
        "{error}"
    );

    // The right one opens it: the chain does not know the key, and says so.
    let right = cli.run(&[&arguments[..], &["--json"]].concat())?;
    assert!(right.err.contains("Gate.UnknownSigner"), "{right:?}");
    Ok(())
}
