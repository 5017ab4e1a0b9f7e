//! Namespaces of the run's own: network, mounts and processes. Whatever is set up in them is gone when they are, and
//! they are gone when the run ends, whichever way it ends.

use std::{
    env,
    ffi::OsString,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};

/// Set for the program that runs inside.
const INSIDE: &str = "FAULTLINE_NEMESIS_INSIDE";
/// Network, mounts and processes; the last ends all that was started when the first ends.
const NAMESPACES: [&str; 6] = [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
];
/// As another user than root, who is root inside.
const AS_ROOT: [&str; 2] = ["--user", "--map-root-user"];
/// Whether all that is needed is permitted: tried out, and gone at once.
const TRIAL: &str = "mount -t tmpfs tmpfs /run && ip link set lo up && ip netns add trial \
                     && ip tuntap add trial mode tun && ip link set trial netns trial \
                     && ip link add trial0 type veth peer name trial1 netns trial";

/// Where a run takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// In namespaces of its own, where it may make hosts and links.
    Private,
    /// On loopback: the system refuses namespaces.
    Loopback {
        /// What it said.
        why: String,
    },
}

impl Ground {
    /// In a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Private => "namespaces",
            Self::Loopback { .. } => "loopback",
        }
    }
}

/// Starts this program again in namespaces of its own, in place of itself, if the system lets it; says where it is now.
///
/// # Errors
///
/// What was permitted when it was tried fails after all.
pub fn enter() -> Result<Ground> {
    if env::var_os(INSIDE).is_some() {
        run("mount -t tmpfs tmpfs /run")?;
        run("ip link set lo up")?;
        return Ok(Ground::Private);
    }
    let mut why = String::new();
    for user in [&[][..], &AS_ROOT[..]] {
        let tried = unshare(user)
            .args(["sh", "-c", TRIAL])
            .stdin(Stdio::null())
            .output();
        match tried {
            Ok(output) if output.status.success() => {
                let error = unshare(user)
                    .arg(env::current_exe()?)
                    .args(env::args_os().skip(1))
                    .env(INSIDE, "1")
                    .env("PATH", path())
                    .exec();
                return Err(error).context("starting in namespaces of its own");
            }
            Ok(output) => why = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; "),
            Err(error) => why = format!("unshare: {error}"),
        }
    }
    Ok(Ground::Loopback { why })
}

fn unshare(user: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(user).args(NAMESPACES).arg("--").env("PATH", path());
    command
}

/// The search path, with where the tools of a system's administrator are.
fn path() -> OsString {
    let mut path = env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    path
}

/// Runs a command, given as its words.
///
/// # Errors
///
/// It cannot be run, or fails; the error holds what it said.
pub fn run(words: &str) -> Result<String> {
    let mut parts = words.split_whitespace();
    let program = parts.next().context("a command has a name")?;
    let output = Command::new(program)
        .args(parts)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("running `{words}`"))?;
    if !output.status.success() {
        bail!("`{words}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A disk of a node's own, in memory, that can be made full.
pub struct Disk {
    folder: PathBuf,
}

/// Room on a disk, in KiB.
const ROOM: u64 = 512 * 1_024;
/// What is left of it when it is full.
const LEFT: u64 = 8;

impl Disk {
    /// Mounts a disk at a folder, which is made.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn mount(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        run(&format!(
            "mount -t tmpfs -o size={ROOM}k tmpfs {}",
            folder.display()
        ))?;
        Ok(Self {
            folder: folder.into(),
        })
    }

    /// Leaves no room but what is used already: to whoever writes, the same as a file that fills the disk.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn fill(&self) -> Result<()> {
        // What is used may grow between the two steps, and the second is refused then.
        let mut last = Ok(());
        for _ in 0..20 {
            let folder = self.folder.display();
            let said = run(&format!("df -k --output=used {folder}"))?;
            let used: u64 = said
                .lines()
                .last()
                .and_then(|line| line.trim().parse().ok())
                .with_context(|| format!("df says `{said}`"))?;
            last = self.resize(used + LEFT);
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// Makes room again.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn free(&self) -> Result<()> {
        self.resize(ROOM)
    }

    fn resize(&self, kibibytes: u64) -> Result<()> {
        run(&format!(
            "mount -o remount,size={kibibytes}k {}",
            self.folder.display()
        ))?;
        Ok(())
    }
}
