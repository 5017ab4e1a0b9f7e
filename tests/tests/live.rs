//! A web server that goes down, as `scripts/live` shows it: attested live by three organisations that probe it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use faultline_tests::{binary, wait_for, Outcome, TestNode};
use serde_json::Value;
use tempfile::TempDir;

const KEYS: [&str; 3] = ["dev:alice", "dev:bob", "dev:charlie"];
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that is killed when it goes out of scope.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn web_server() -> Result<Command> {
    Ok(Command::new(binary("faultline-web-server")?))
}

/// A running server, and its address.
fn serve(port: &str) -> Result<(Running, String)> {
    let mut server = web_server()?
        .args(["serve", "--port", port])
        .stdout(Stdio::piped())
        .spawn()?;
    let out = server.stdout.take();
    let server = Running(server);
    let mut address = String::new();
    BufReader::new(out.context("its stdout is piped")?).read_line(&mut address)?;
    Ok((server, address.trim().into()))
}

/// A probe of an address, by an organisation.
struct Probe {
    key: &'static str,
    log: PathBuf,
    _process: Running,
}

impl Probe {
    fn start(key: &'static str, address: &str, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{}.csv", key.trim_start_matches("dev:")));
        let process = web_server()?
            .args(["probe", address, "--every", "100", "--log"])
            .arg(&log)
            .spawn()?;
        Ok(Self {
            key,
            log,
            _process: Running(process),
        })
    }

    /// What its log amounts to now: claim, from, to, samples, failed.
    fn seen(&self, log: &Path) -> Result<Vec<String>> {
        let output = web_server()?.arg("seen").arg(log).output()?;
        let text = String::from_utf8(output.stdout)?;
        Ok(text.split_whitespace().map(Into::into).collect())
    }

    fn wait_until(&self, claim: &str, failed: u32) -> Result<()> {
        wait_for(claim, PATIENCE, || {
            let seen = self.seen(&self.log)?;
            let enough = seen.get(4).and_then(|failed| failed.parse().ok()) >= Some(failed);
            Ok((enough && seen.first().is_some_and(|now| now == claim)).then_some(()))
        })
    }

    /// Attests what the probe saw, with its log as evidence. Gives the span and the log.
    fn attest(&self, node: &TestNode, round: &str) -> Result<(String, String, PathBuf)> {
        let evidence = self.log.with_extension(format!("{round}.csv"));
        std::fs::copy(&self.log, &evidence)?;
        let seen = self.seen(&evidence)?;
        let [claim, from, to, samples, failed] = seen.as_slice() else {
            anyhow::bail!("not what a log amounts to: {seen:?}");
        };
        let vantage = format!("ZZ:64512:{samples}:{failed}");
        let path = evidence.display().to_string();
        let done = node.cli().signing(self.key).json(&[
            "report",
            "delta/shop",
            "--claim",
            claim,
            "--from",
            from,
            "--to",
            to,
            "--method",
            "active-probe",
            "--vantage",
            &vantage,
            "--evidence",
            &path,
        ])?;
        assert_eq!(
            done["data"]["incident"], 0,
            "three probes make one incident: {done}"
        );
        Ok((from.clone(), to.clone(), evidence))
    }
}

/// Attests what all probes saw, at once.
fn attest_all(node: &TestNode, probes: &[Probe], round: &str) -> Result<Vec<(String, String, PathBuf)>> {
    std::thread::scope(|scope| {
        let attest = |probe| scope.spawn(move || Probe::attest(probe, node, round));
        let all: Vec<_> = probes.iter().map(attest).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    })
}

/// A running validator of the chain of `scripts/live`.
fn validator(folder: &Path) -> Result<TestNode> {
    let exported = Command::new(binary("faultline-node")?)
        .args(["export-chain-spec", "--chain=dev", "--without-code"])
        .output()?;
    let plain = folder.join("dev.json");
    std::fs::write(&plain, exported.stdout)?;
    let changed = web_server()?
        .arg("chain")
        .stdin(std::fs::File::open(plain)?)
        .output()?;
    assert!(changed.status.success(), "{changed:?}");
    let spec = folder.join("live.json");
    std::fs::write(&spec, changed.stdout)?;
    let node = TestNode::start(&[&format!("--chain={}", spec.display()), "--alice", "--validator"])?;
    node.wait_for_first_block()?;
    Ok(node)
}

fn shown(node: &TestNode) -> Result<Value> {
    Ok(node.cli().json(&["incident", "show", "0", "--entries"])?["data"].clone())
}

/// The middle of what the probes say, as the record prints it: a fraction without the zeros at its end.
fn median(mut times: Vec<String>) -> String {
    times.sort();
    let middle = times.swap_remove(times.len() / 2);
    let middle = middle
        .trim_end_matches('Z')
        .trim_end_matches('0')
        .trim_end_matches('.');
    format!("{middle}Z")
}

#[test]
fn a_server_that_is_killed_is_attested_live_recovers_is_replied_to_and_settles() -> Result<()> {
    let folder = TempDir::with_prefix("faultline-live-")?;
    let node = validator(folder.path())?;
    let (server, address) = serve("0")?;
    let probes: Vec<_> = KEYS
        .iter()
        .map(|key| Probe::start(key, &address, folder.path()))
        .collect::<Result<_>>()?;
    for probe in &probes {
        probe.wait_until("up", 0)?;
    }

    drop(server);
    for probe in &probes {
        probe.wait_until("down", 3)?;
    }
    let said = attest_all(&node, &probes, "down")?;
    let down = shown(&node)?;
    assert_eq!(down["verdict"], "Confirmed", "{down}");
    assert_eq!(down["timeliness"], "Live", "{down}");
    assert_eq!(down["status"], "Ongoing", "{down}");
    assert_eq!(
        down["settlesAt"],
        Value::Null,
        "what goes on does not settle: {down}"
    );

    let port = address.rsplit(':').next().unwrap_or_default();
    let (_server, _) = serve(port)?;
    for probe in &probes {
        probe.wait_until("recovered", 3)?;
    }
    let again = attest_all(&node, &probes, "recovered")?;
    let dave = node.cli().signing("dev:dave");
    dave.json(&[
        "incident",
        "reply",
        "0",
        "--status",
        "resolved",
        "--cause",
        "human-error",
    ])?;

    let settled = wait_for("settling", PATIENCE, || {
        let now = shown(&node)?;
        Ok((now["settled"] == true).then_some(now))
    })?;
    assert_eq!(settled["verdict"], "Confirmed", "{settled}");
    assert_eq!(settled["timeliness"], "Live", "{settled}");
    assert_eq!(settled["status"], "Recovered", "{settled}");
    assert_eq!(settled["reply"]["status"], "Resolved", "{settled}");
    let starts = again.iter().map(|(from, ..)| from.clone()).collect();
    let ends = again.iter().map(|(_, to, _)| to.clone()).collect();
    assert_eq!(settled["startedAt"]["median"], median(starts), "{settled}");
    assert_eq!(settled["endedAt"]["median"], median(ends), "{settled}");
    for voice in settled["voices"].as_array().into_iter().flatten() {
        assert_eq!(
            (&voice["timeKind"], &voice["counts"]),
            (&"observed".into(), &true.into()),
            "{settled}"
        );
    }
    for (_, _, log) in said.iter().chain(&again) {
        let Outcome { out, .. } = sha256sum(log)?;
        let digest = out.split_whitespace().next().unwrap_or_default();
        let cited = settled["log"].to_string().contains(&format!("0x{digest}"));
        assert!(
            cited,
            "{} is cited by its digest {digest}: {settled}",
            log.display()
        );
    }

    let late = node
        .cli()
        .signing("dev:alice")
        .run(&["incident", "attest", "0", "--claim", "degraded"])?;
    assert!(late.code == 1 && late.err.contains("Settled"), "{late:?}");
    Ok(())
}

fn sha256sum(file: &Path) -> Result<Outcome> {
    let output = Command::new("sha256sum").arg(file).output()?;
    Ok(Outcome {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}
