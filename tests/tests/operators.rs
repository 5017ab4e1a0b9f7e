//! The operators' chapter: every command of it is run, and what it leaves is a chain that finalizes.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use faultline_tests::{binary, wait_for};
use nix::{
    sys::signal::{killpg, Signal},
    unistd::Pid,
};
use serde_json::Value;
use tempfile::TempDir;

const CHAPTER: &str = "Running a consortium";
const PATIENCE: Duration = Duration::from_secs(300);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path)).with_context(|| path.to_owned())
}

/// The `sh` blocks of a text.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while lines.any(|line| line == "```sh") {
        let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push(block.join("\n"));
    }
    blocks
}

/// What the README says under the chapter's heading.
fn chapter() -> Result<String> {
    let readme = read("README.md")?;
    let (_, after) = readme
        .split_once(&format!("\n## {CHAPTER}\n"))
        .with_context(|| format!("README.md has no chapter \"{CHAPTER}\""))?;
    Ok(after.split("\n## ").next().unwrap_or_default().to_owned())
}

/// The folder of the programs first.
fn path() -> Result<String> {
    let node = binary("faultline-node")?;
    let folder = node.parent().context("a program lies in a folder")?;
    binary("faultline")?;
    Ok(format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    ))
}

/// Whether this process may have a network of its own, in which every port is free.
fn may_have_a_network() -> bool {
    let tried = Command::new("unshare").args(["--net", "true"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// A shell that runs a script in an empty folder, and everything that it started.
struct Shell {
    folder: TempDir,
    /// What is not the script's to see: the script itself, and what its commands say.
    beside: TempDir,
    process: Child,
    own_network: bool,
}

impl Shell {
    /// Runs the script command by command until one fails. After the last it stays, with whatever runs in the background.
    fn start(script: &str) -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-operators-")?;
        let own_network = may_have_a_network();
        let up = match own_network {
            true => "ip link set lo up\n",
            false => "",
        };
        let beside = TempDir::with_prefix("faultline-script-")?;
        let file = beside.path().join("chapter.sh");
        // Its last words: the test looks for them. Then it waits for the test to end it.
        fs::write(
            &file,
            format!(
                "set -e\n{up}{script}\necho done > {}\nread -r _\n",
                beside.path().join("done").display()
            ),
        )?;
        let mut command = match own_network {
            true => Command::new("unshare"),
            false => Command::new("bash"),
        };
        if own_network {
            command.args(["--net", "bash"]);
        }
        let said = File::create(beside.path().join("said"))?;
        let process = command
            .arg(&file)
            .current_dir(folder.path())
            .env("PATH", path()?)
            .env("FAULTLINE_HOME", beside.path().join("home"))
            .env_remove("FAULTLINE_KEY")
            .env_remove("FAULTLINE_PASSWORD_FILE")
            .env_remove("FAULTLINE_NODE")
            .stdin(Stdio::piped())
            .stdout(said.try_clone()?)
            .stderr(said)
            .process_group(0)
            .spawn()
            .context("starting a shell")?;
        Ok(Self {
            folder,
            beside,
            process,
            own_network,
        })
    }

    /// Waits until every command has run.
    fn wait(&mut self) -> Result<()> {
        let failed = wait_for("end of the chapter", PATIENCE, || {
            if self.beside.path().join("done").exists() {
                return Ok(Some(None));
            }
            // It ends by itself only where a command fails.
            Ok(self.process.try_wait()?.map(Some))
        })?;
        match failed {
            None => Ok(()),
            Some(status) => bail!("a command failed ({status}):\n{}", self.said()),
        }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.beside.path().join("said")).unwrap_or_default()
    }

    /// What the program prints as JSON, where the script's nodes are.
    fn json(&self, arguments: &[&str]) -> Result<Value> {
        let program = binary("faultline")?;
        let mut command = match self.own_network {
            true => Command::new("nsenter"),
            false => Command::new(&program),
        };
        if self.own_network {
            let target = self.process.id().to_string();
            command.args(["--net", "--target", &target]).arg(&program);
        }
        let output = command
            .args(arguments)
            .arg("--json")
            .env("FAULTLINE_HOME", self.beside.path().join("home"))
            .output()?;
        ensure!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn finalized(&self, node: &str) -> Result<u64> {
        let status = self.json(&["status", "--node", node])?;
        status["at"]["number"].as_u64().context("a block's number")
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what the chapter's commands said:\n{}", self.said());
        }
        // The shell and everything that it started are one group. It may be gone by itself.
        if let Ok(id) = i32::try_from(self.process.id()) {
            let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}

#[test]
fn the_readmes_chapter_leads_from_nothing_to_a_chain_of_four_organisations_that_finalizes() -> Result<()> {
    let blocks = blocks(&chapter()?);
    assert!(blocks.len() >= 5, "{blocks:?}");
    let mut shell = Shell::start(&blocks.join("\n"))?;
    shell.wait()?;

    let nodes = [9951, 9952, 9953, 9954].map(|port| format!("ws://127.0.0.1:{port}"));
    let goal = shell.finalized(&nodes[0])? + 2;
    for node in &nodes {
        wait_for("blocks that become final", Duration::from_secs(60), || {
            Ok((shell.finalized(node)? >= goal).then_some(()))
        })?;
        let incident = shell.json(&["incident", "show", "0", "--node", node])?;
        assert_eq!(incident["data"]["verdict"], "Confirmed", "{incident}");
    }

    let spec = fs::read_to_string(shell.folder.path().join("chain.json"))?;
    assert!(spec.contains("\"Live\""), "a chain that means it");
    // The runtime has the presets of `dev` and `local` in it, with their keys: what the chain begins with is the rest.
    let mut spec: serde_json::Value = serde_json::from_str(&spec)?;
    let state = spec["genesis"]["raw"]["top"].as_object_mut().context("a state")?;
    state.remove("0x3a636f6465").context("the runtime's code")?;
    let spec = spec.to_string();
    for (whose, key) in [
        (
            "alice",
            "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
        ),
        (
            "alice's stash",
            "be5ddb1579b72e84524fc29e78609e3caf42e85aa118ebfe0b0ad404b5bdd25f",
        ),
        (
            "alice, ed25519",
            "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
        ),
        (
            "bob",
            "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48",
        ),
    ] {
        assert!(!spec.contains(key), "the key of {whose} is in the chain");
    }
    for secret in ["keystore", "password", "node.key", "admin.key", "reporter.key"] {
        let path = shell.folder.path().join("northwatch").join(secret);
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path)?.permissions());
        assert_eq!(mode & 0o077, 0, "{secret} can be read by others");
    }
    Ok(())
}

fn node(arguments: &[&str]) -> Result<(bool, String)> {
    let output = Command::new(binary("faultline-node")?)
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8(said)?))
}

#[test]
fn a_chain_with_well_known_keys_is_refused_by_the_check_and_by_a_validator_in_the_same_words() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("chain.json").display().to_string();
    let (exported, said) = node(&["export-chain-spec", "--chain=local", "--raw", "--output", &file])?;
    assert!(exported, "{said}");
    // As somebody might make one for a consortium: with its own name, and the keys of the example.
    let mut spec: Value = serde_json::from_slice(&fs::read(&file)?)?;
    spec["chainType"] = "Live".into();
    spec["id"] = "ours".into();
    fs::write(&file, spec.to_string())?;

    let (taken, checked) = node(&["check-chain", &file])?;
    assert!(!taken, "{checked}");
    assert!(checked.contains("Members.Organisations"), "{checked}");
    let base = folder.path().join("data").display().to_string();
    let key = folder.path().join("node.key").display().to_string();
    assert!(node(&["key", "generate-node-key", "--file", &key])?.0);
    let run = [
        "--validator",
        "--chain",
        &file,
        "--base-path",
        &base,
        "--node-key-file",
        &key,
    ];
    let (ran, refused) = node(&run)?;
    assert!(!ran, "{refused}");
    let words = |said: &str| said.split("Error: ").nth(1).map(ToOwned::to_owned);
    assert!(
        words(&checked).is_some_and(|said| said.contains("//Alice (sr25519)")),
        "{checked}"
    );
    assert_eq!(words(&checked), words(&refused));
    Ok(())
}

#[test]
fn new_chain_says_what_is_wrong_with_a_file_and_writes_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (file, output) = (folder.path().join("ours.toml"), folder.path().join("chain.json"));
    let (printed, example) = node(&["new-chain", "--example"])?;
    assert!(printed && example.contains("[[organisation]]"), "{example}");
    fs::write(&file, example)?;
    let (made, said) = node(&[
        "new-chain",
        &file.display().to_string(),
        "--output",
        &output.display().to_string(),
    ])?;
    assert!(!made && said.contains("ours.toml:\n  line "), "{said}");
    assert!(!output.exists());
    let (made, said) = node(&["new-chain", "nowhere.toml"])?;
    assert!(
        !made && said.contains("cannot read nowhere.toml") && said.contains("--example"),
        "{said}"
    );
    Ok(())
}

/// A program and its subcommands with which a line of a shell begins, and the options that it goes on with.
fn command(line: &str) -> Option<(Vec<&str>, Vec<&str>)> {
    let line = line
        .split(['#', '>', '|'])
        .next()?
        .trim_start_matches("(umask 077; ");
    let words: Vec<_> = line.split_whitespace().collect();
    let is_name =
        |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    let names: Vec<_> = words.iter().copied().take_while(|word| is_name(word)).collect();
    let options = words.iter().copied().filter(|word| word.starts_with("--"));
    let ours = ["faultline", "faultline-node"].contains(names.first()?);
    ours.then(|| (names, options.map(|word| word.trim_end_matches(')')).collect()))
}

#[test]
fn every_command_that_the_guide_shows_is_one_and_has_the_options_that_it_shows() -> Result<()> {
    let guide = read("docs/operators.md")?.replace("\\\n", " ");
    let mut count = 0;
    for block in blocks(&guide) {
        for (names, options) in block.lines().filter_map(command) {
            let output = Command::new(binary(names[0])?)
                .args(&names[1..])
                .arg("--help")
                .output()?;
            let help = String::from_utf8(output.stdout)?;
            assert!(output.status.success(), "{names:?}: {help}");
            for option in options {
                assert!(
                    help.contains(&format!("{option} ")),
                    "{names:?} has no {option}: {help}"
                );
            }
            count += 1;
        }
    }
    assert!(count > 15, "{count} commands");
    Ok(())
}

#[test]
fn systemd_takes_the_unit_and_the_node_takes_its_options() -> Result<()> {
    let unit = read("deploy/faultline-node.service")?;
    let settings = read("deploy/faultline-node.env")?;
    let (_, help) = node(&["--help"])?;
    let text = [unit.as_str(), &settings].concat();
    let options: Vec<_> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| word.starts_with("--"))
        .collect();
    assert!(
        options.contains(&"--validator") && options.len() > 10,
        "{options:?}"
    );
    for option in options {
        assert!(
            help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
            "{option}"
        );
    }

    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("There is no systemd-analyze here: whether systemd takes the unit is not checked.");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("faultline-node.service");
    let program = binary("faultline-node")?.display().to_string();
    fs::write(&file, unit.replace("/usr/local/bin/faultline-node", &program))?;
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(&file)
        .output()?;
    let said = String::from_utf8(verified.stderr)?;
    assert!(
        verified.status.success() && !said.contains("faultline-node"),
        "{said}"
    );
    Ok(())
}
