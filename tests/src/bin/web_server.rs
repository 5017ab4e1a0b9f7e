//! The parts of `scripts/live` that a shell cannot do: a web server that may be killed, probes of it, what a probe's
//! log says, and a chain whose windows are short enough to see an incident settle.

use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{bail, Context, Result};
use clap::Parser;
use serde_json::{json, Value};

/// How long a probe waits for the server.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Parser)]
enum Part {
    /// Serve a web page on loopback until killed. Prints the address.
    Serve {
        /// The port; 0 for one that is free.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Ask a web server for its page over and over until killed, and write down how it went, a line a time.
    Probe {
        /// Where it is: 127.0.0.1:8080.
        address: SocketAddr,
        /// The log, to which lines are added.
        #[arg(long)]
        log: PathBuf,
        /// The pause between two times, in milliseconds.
        #[arg(long, default_value_t = 250)]
        every: u64,
    },
    /// Print what a probe's log amounts to: claim, from, to, samples in that span, how many of them failed.
    Seen {
        /// The log.
        log: PathBuf,
    },
    /// Read the spec of the chain `dev` on stdin and print that of a chain with windows of seconds, where Delta
    /// Retail runs a web shop.
    Chain,
}

fn main() -> Result<()> {
    match Part::parse() {
        Part::Serve { port } => serve(port),
        Part::Probe { address, log, every } => probe(address, &log, Duration::from_millis(every)),
        Part::Seen { log } => {
            let text = std::fs::read_to_string(&log).with_context(|| log.display().to_string())?;
            println!("{}", seen(&text)?);
            Ok(())
        }
        Part::Chain => {
            let spec = chain(serde_json::from_reader(io::stdin())?)?;
            println!("{}", serde_json::to_string_pretty(&spec)?);
            Ok(())
        }
    }
}

fn serve(port: u16) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("{}", listener.local_addr()?);
    for stream in listener.incoming() {
        // A client that leaves early is no reason to stop serving the others.
        let _ = stream.and_then(answer);
    }
    Ok(())
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let page = "Delta Retail: open.\n";
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}

fn probe(address: SocketAddr, log: &PathBuf, every: Duration) -> Result<()> {
    let mut log = OpenOptions::new().create(true).append(true).open(log)?;
    loop {
        let (at, began) = (SystemTime::now(), Instant::now());
        let outcome = match ask(address) {
            Ok(status) if status.contains(" 200 ") => "ok,200".into(),
            Ok(status) => format!("failed,answered {status:?}"),
            Err(error) => format!("failed,{error}"),
        };
        let at = humantime::format_rfc3339_millis(at);
        // In one piece: whoever copies the log meanwhile gets whole lines.
        let line = format!("{at},{},{outcome}\n", began.elapsed().as_millis());
        log.write_all(line.as_bytes())?;
        std::thread::sleep(every);
    }
}

/// The first line of the answer.
fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().into())
}

/// A probe's log in the terms of an attestation.
fn seen(log: &str) -> Result<String> {
    let samples: Vec<(&str, bool)> = log
        .lines()
        .map(|line| {
            let mut fields = line.split(',');
            let (at, outcome) = (fields.next(), fields.nth(1));
            at.zip(outcome)
                .map(|(at, outcome)| (at, outcome == "failed"))
                .with_context(|| format!("`{line}` is no line of a probe's log"))
        })
        .collect::<Result<_>>()?;
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        bail!("the log is empty");
    };
    let failed_first = samples.iter().position(|(_, failed)| *failed);
    let failed_last = samples.iter().rposition(|(_, failed)| *failed);
    let (claim, from, to, span) = match failed_first.zip(failed_last) {
        None => ("up", first.0, last.0, samples.as_slice()),
        Some((from, to)) => match samples.get(to + 1) {
            Some((success, _)) => ("recovered", samples[from].0, *success, &samples[from..=to + 1]),
            None => ("down", samples[from].0, samples[to].0, &samples[from..=to]),
        },
    };
    let failed = span.iter().filter(|(_, failed)| *failed).count();
    let mut text = String::new();
    write!(text, "{claim} {from} {to} {} {failed}", span.len())?;
    Ok(text)
}

/// The chain of `scripts/live`: quorums as on a network that means it, windows of seconds, and a shop.
fn chain(mut spec: Value) -> Result<Value> {
    spec["name"] = "Faultline live".into();
    spec["id"] = "faultline_live".into();
    let genesis = spec
        .pointer_mut("/genesis/runtimeGenesis/patch")
        .context("the spec has no genesis to change")?;
    for (rule, value) in [
        ("quorum", 3),
        ("minMeasured", 2),
        ("renewAfter", 1_000),
        ("staleAfter", 30_000),
        ("disputeWindow", 15_000),
        ("disputeWindowMax", 60_000),
        ("ruleWithin", 60_000),
        ("lapseAfter", 60_000),
    ] {
        genesis["incidents"]["rules"][rule] = value.into();
    }
    let organisations = genesis["members"]["organisations"]
        .as_array_mut()
        .context("the spec has no organisations")?;
    let shop = organisations
        .iter()
        .position(|organisation| organisation["name"] == "Delta Retail")
        .context("the spec has no Delta Retail")?;
    organisations[shop]["roles"]["provider"] = true.into();
    let services = genesis["services"]["services"]
        .as_array_mut()
        .context("the spec has no services")?;
    for (slug, name, parent) in [
        ("delta", "Delta Retail", None),
        ("delta/shop", "Delta's web shop", Some("delta")),
    ] {
        services.push(json!({
            "slug": slug,
            "name": name,
            "url": "https://delta.example",
            "parent": parent,
            "provider": shop,
        }));
    }
    Ok(spec)
}
