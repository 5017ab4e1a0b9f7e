//! What the program says of itself: help whose examples run, completions, manual pages, codes and pipes.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use faultline_tests::{Cli, Outcome, TestNode};
use nix::{
    sys::signal::{kill, Signal},
    unistd::Pid,
};
use serde_json::Value;

/// A command whose example is run, and the refusal that it ends with where it cannot be done at that point.
type Step = (&'static str, Option<&'static str>);

/// Commands that go on until Ctrl-C.
const UNTIL_CTRL_C: &[&str] = &["incident watch"];

/// From a first look to the last word of an admin key.
const A_MEMBERS: &[Step] = &[
    ("status", None),
    ("org list", None),
    ("org show", None),
    ("service show", None),
    ("key new", None),
    ("key show", None),
    ("completions", None),
    ("man", None),
    ("report", None),
    ("report-many", None),
    ("incident attest", None),
    ("incident show", None),
    ("incident list", None),
    ("incident watch", None),
    ("incident export", None),
    ("proof export", None),
    ("proof show", None),
    // No chain has the genesis hash that the help shows.
    ("proof verify", Some("unproven")),
    ("proof compare", Some("unproven")),
    ("audit", None),
    ("incident reply", None),
    ("incident dispute", None),
    ("incident vote", None),
    ("incident link", None),
    ("incident unlink", None),
    ("incident withdraw", None),
    // Somebody saw it fail a moment ago: it can be closed once nobody has for ten minutes.
    ("incident close", Some("Incidents.NotStale")),
    ("service list", None),
    ("service register", None),
    ("service describe", None),
    ("service maintenance", None),
    ("reporter add", None),
    ("reporter list", None),
    ("reporter revoke", None),
    // No transaction has the hash that the help shows.
    ("transaction show", Some("notFound")),
    ("replay", None),
    ("validator list", None),
    ("validator set-keys", None),
    ("upgrade status", None),
    ("upgrade hash", None),
    // The council has authorized none.
    ("upgrade apply", Some("Consortium.NoUpgrade")),
    ("org rotate-admin", None),
];

/// The first motion is voted on and carried out; the others stay open.
const THE_COUNCILS: &[Step] = &[
    ("council list", None),
    ("council propose suspend", None),
    ("council vote", None),
    ("council close", None),
    ("council propose reinstate", None),
    ("council propose admit", None),
    ("council propose set-roles", None),
    ("council propose set-group", None),
    ("council propose set-quota", None),
    ("council propose reset-admin", None),
    ("council propose list", None),
    ("council propose unlist", None),
    ("council propose assign-provider", None),
    ("council propose retire", None),
    ("council propose set-rules", None),
    ("council propose redact", None),
    ("council propose give-seat", None),
    ("council propose take-seat", None),
    ("council propose pause", None),
    ("council propose unpause", None),
    ("council propose add-validator", None),
    ("council propose remove-validator", None),
    ("council propose authorize-upgrade", None),
    ("council propose cancel-upgrade", None),
    ("council propose publish-checkpoint", None),
    ("council acts", None),
];

/// The program where no node is.
fn alone(folder: &Path) -> Cli {
    Cli::new("ws://127.0.0.1:9".into(), folder)
}

fn help(cli: &Cli, command: &str) -> Result<String> {
    let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
    let outcome = cli.run(&arguments)?;
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{command}");
    Ok(outcome.out)
}

/// Every command that has none below it, as the help of those above it names them.
fn commands(cli: &Cli, above: &str) -> Result<Vec<String>> {
    let help = help(cli, above)?;
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return Ok(vec![above.to_owned()]);
    };
    let mut all = Vec::new();
    for line in list
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with(' '))
    {
        let name = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '));
        match name.and_then(|rest| rest.split_whitespace().next()) {
            None | Some("help") => {}
            Some(name) => all.extend(commands(cli, format!("{above} {name}").trim())?),
        }
    }
    Ok(all)
}

/// The words of the example with which a command's help ends, after the program's name, as a shell reads them.
fn example(cli: &Cli, command: &str) -> Result<Vec<String>> {
    let help = help(cli, command)?;
    let (_, example) = help
        .rsplit_once("\n\nExample:\n  faultline ")
        .with_context(|| format!("{command} --help has no example"))?;
    let example = example.replace("\\\n", " ");
    let parts = example.split('\'').zip([false, true].into_iter().cycle());
    Ok(parts
        .flat_map(|(part, quoted)| match quoted {
            true => vec![part.to_owned()],
            false => part.split_whitespace().map(ToOwned::to_owned).collect(),
        })
        .collect())
}

/// Runs a command, and presses Ctrl-C once it says that it has begun.
fn interrupted(cli: &Cli, words: &[&str]) -> Result<Outcome> {
    let mut child = cli
        .command(words)?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = BufReader::new(child.stderr.take().context("its stderr")?);
    let mut err = String::new();
    said.read_line(&mut err)?;
    kill(Pid::from_raw(child.id().try_into()?), Signal::SIGINT)?;
    said.read_to_string(&mut err)?;
    let output = child.wait_with_output()?;
    Ok(Outcome {
        code: output.status.code().context("it was killed by the signal")?,
        out: String::from_utf8(output.stdout)?,
        err,
    })
}

fn run(steps: &[Step]) -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let folder = node.folder().join("work");
    fs::create_dir_all(folder.join("examples"))?;
    let replayed = "examples/2024-12-11-openai.json";
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(replayed),
        folder.join(replayed),
    )?;
    // As far as the program looks.
    fs::write(folder.join("next.wasm"), b"\0asm")?;
    let cli = node.cli().inside(&folder);
    let admin = cli.json(&["key", "show", "dev:alice-admin"])?;
    let keys = Command::new(faultline_tests::binary("faultline-node")?)
        .args(["session-keys", "new", "--owner"])
        .arg(admin["data"]["publicKey"].as_str().context("a public key")?)
        .arg("--keystore")
        .arg(folder.join("keystore"))
        .output()?;
    fs::write(folder.join("keys.json"), keys.stdout)?;
    let format = help(&cli, "report-many")?;
    let file = format.find("  {").zip(format.rfind("\n  }"));
    let (start, end) = file.context("report-many --help shows no file")?;
    fs::write(folder.join("reports.json"), format!("{}}}", &format[start..end]))?;

    for (command, refusal) in steps {
        let example = example(&cli, command)?;
        let mut words: Vec<_> = example.iter().map(String::as_str).collect();
        words.extend(refusal.map(|_| "--json"));
        let outcome = if UNTIL_CTRL_C.contains(command) {
            interrupted(&cli, &words)?
        } else {
            cli.run(&words)?
        };
        match refusal {
            None => assert_eq!(outcome.code, 0, "{example:?}: {outcome:?}"),
            Some(refusal) => {
                let error: Value = serde_json::from_str(&outcome.err)?;
                assert_eq!(
                    (outcome.code, &error["error"]["kind"]),
                    (1, &(*refusal).into()),
                    "{example:?}: {outcome:?}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn every_example_of_a_members_help_runs() -> Result<()> {
    run(A_MEMBERS)
}

#[test]
fn every_example_of_the_councils_help_runs() -> Result<()> {
    run(THE_COUNCILS)
}

#[test]
fn every_command_of_the_help_is_among_those_whose_examples_run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let helped: BTreeSet<_> = commands(&alone(folder.path()), "")?.into_iter().collect();
    let run: BTreeSet<_> = [A_MEMBERS, THE_COUNCILS]
        .concat()
        .iter()
        .map(|(command, _)| (*command).to_owned())
        .collect();
    assert_eq!(helped, run, "say above when the example of a new command is run");
    Ok(())
}

#[test]
fn completions_and_manual_pages_want_no_node() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path()).inside(folder.path());
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = cli.run(&["completions", shell])?;
        assert_eq!(outcome.code, 0, "{shell}: {outcome:?}");
        assert!(outcome.out.contains("rotate-admin"), "{shell}");
    }
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn()?;
    let script = cli.run(&["completions", "bash"])?.out;
    bash.stdin
        .take()
        .context("a pipe")?
        .write_all(script.as_bytes())?;
    assert!(bash.wait()?.success(), "bash cannot read its completions");
    assert_eq!(cli.run(&["completions", "tcsh"])?.code, 2);

    let page = cli.run(&["man"])?;
    assert!(page.code == 0 && page.out.contains(".TH faultline 1"), "{page:?}");
    let written = cli.run(&["man", "share/man1"])?;
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written:?}");
    assert!(written.err.contains(" pages to share/man1"), "{written:?}");
    for command in commands(&cli, "")? {
        let name = format!("faultline-{}.1", command.replace(' ', "-"));
        let page = fs::read_to_string(folder.path().join("share/man1").join(&name));
        let page = page.with_context(|| name.clone())?;
        assert!(page.contains(".SH EXAMPLE\n"), "{name}: {page}");
    }
    let nowhere = cli.run(&["man", "/dev/null/man1"])?;
    assert!(
        nowhere.code == 1 && nowhere.err.contains("/dev/null/man1"),
        "{nowhere:?}"
    );
    Ok(())
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure_and_a_full_disk_is_one() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path());
    let broken = || -> Result<Stdio> {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        Ok(writer.into())
    };
    let output = cli.command(&["man"])?.stdout(broken()?).output()?;
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr)?),
        (Some(0), String::new())
    );
    let unheard = cli.command(&["status"])?.stderr(broken()?).output()?;
    assert_eq!(unheard.status.code(), Some(3), "{unheard:?}");

    let full = fs::File::options().write(true).open("/dev/full")?;
    let output = cli.command(&["man"])?.stdout(full).output()?;
    let said = String::from_utf8(output.stderr)?;
    assert!(
        output.status.code() == Some(1) && said.contains("stdout"),
        "{said}"
    );
    Ok(())
}

#[test]
fn nothing_is_coloured_where_no_color_is_set() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = alone(folder.path());
    let coloured = |no_color: Option<&str>| -> Result<bool> {
        let mut command = cli.command(&["--help"])?;
        command.env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
        command.envs(no_color.map(|value| ("NO_COLOR", value)));
        Ok(command.output()?.stdout.contains(&0x1b))
    };
    assert!(coloured(None)?, "there is something to honour");
    assert!(!coloured(Some("1"))?);
    Ok(())
}

#[test]
fn a_rotated_admin_key_never_speaks_again_and_the_new_one_does() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let file = node.folder().join("admin.key").display().to_string();
    let made = node.cli().json(&["key", "new", &file])?;
    let new = made["data"]["publicKey"].as_str().unwrap_or_default().to_owned();
    let key = format!("0x{}", "11".repeat(32));
    let old = node.cli().signing("dev:alice-admin");
    let add = ["reporter", "add", &key, "--label", "probe-7"];

    for (cli, arguments, code, word) in [
        (
            alone(node.folder()),
            &["org", "rotate-admin", &new][..],
            3,
            "reach",
        ),
        (node.cli(), &["org", "rotate-admin", &new][..], 2, "--key"),
        (old.clone(), &["org", "rotate-admin", &file][..], 2, "PUBLIC_KEY"),
        (
            node.cli().signing("dev:alice"),
            &["org", "rotate-admin", &new][..],
            1,
            "Gate.AdminKeyNeeded",
        ),
        (
            node.cli().signing(&file),
            &["org", "rotate-admin", &new][..],
            1,
            "Gate.UnknownSigner",
        ),
    ] {
        let outcome = cli.run(arguments)?;
        assert_eq!(outcome.code, code, "{outcome:?}");
        assert!(outcome.err.contains(word), "{outcome:?}");
    }

    let rotated = old.run(&["org", "rotate-admin", &new])?;
    assert_eq!(rotated.code, 0, "{rotated:?}");
    assert!(rotated.err.contains("never speaks again"), "{rotated:?}");
    assert_eq!(node.cli().json(&["org", "show", "0"])?["data"]["admin"], new);
    let revoked = old.run(&add)?;
    assert!(
        revoked.code == 1 && revoked.err.contains("Gate.RevokedKey"),
        "{revoked:?}"
    );
    node.cli().signing(&file).json(&add)?;
    Ok(())
}
