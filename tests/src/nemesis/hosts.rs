//! The hosts of a run: one for each validator, connected by a switch of our own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{ensure, Context, Result};
use tempfile::TempDir;
use tun_rs::{DeviceBuilder, SyncDevice};

use super::{
    private::{run, Disk, Ground},
    switch::Switch,
};
use crate::node::free_port;

/// Most hosts of a run.
pub const MAX_HOSTS: usize = 10;

/// Where one validator runs.
pub struct Host {
    /// Its number, from 0.
    pub number: usize,
    /// Where it listens to other validators.
    pub listen: String,
    /// Address and port of its JSON-RPC, which works whatever happens to the links.
    pub rpc: (String, u16),
    /// The folder of its node.
    pub folder: PathBuf,
    /// Its disk, where it has one of its own.
    pub disk: Option<Disk>,
    namespace: Option<String>,
}

impl Host {
    /// A program that runs on the host.
    pub fn command(&self, program: &Path) -> Command {
        match &self.namespace {
            None => Command::new(program),
            Some(namespace) => {
                let mut command = Command::new("nsenter");
                command.arg(format!("--net=/run/netns/{namespace}")).arg(program);
                command
            }
        }
    }

    /// Its disk.
    ///
    /// # Errors
    ///
    /// It has none of its own.
    pub fn own_disk(&self) -> Result<&Disk> {
        self.disk.as_ref().context("hosts on loopback share the disk")
    }

    /// Where its JSON-RPC is.
    pub fn endpoint(&self) -> String {
        format!("ws://{}:{}", self.rpc.0, self.rpc.1)
    }
}

/// All hosts, and what is between them.
pub struct Hosts {
    /// By number.
    pub all: Vec<Host>,
    /// Between them; none on loopback.
    pub switch: Option<Arc<Switch>>,
    /// Holds everything of the run.
    pub folder: PathBuf,
    /// Removed with the run, where it does not lie in mounts of its own.
    _temporary: Option<TempDir>,
}

impl Hosts {
    /// Makes so many hosts.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn make(ground: &Ground, count: usize, seed: u64) -> Result<Self> {
        ensure!(
            (1..=MAX_HOSTS).contains(&count),
            "between 1 and {MAX_HOSTS} hosts"
        );
        match ground {
            Ground::Private => Self::private(count, seed),
            Ground::Loopback { .. } => Self::loopback(count),
        }
    }

    fn private(count: usize, seed: u64) -> Result<Self> {
        let folder = PathBuf::from("/run/nemesis");
        let (mut all, mut devices) = (Vec::new(), Vec::new());
        for number in 0..count {
            let (host, device) = private(&folder, number).with_context(|| format!("making host {number}"))?;
            all.push(host);
            devices.push(device);
        }
        Ok(Self {
            all,
            switch: Some(Switch::start(devices, seed)?),
            folder,
            _temporary: None,
        })
    }

    fn loopback(count: usize) -> Result<Self> {
        let temporary = TempDir::with_prefix("faultline-nemesis-")?;
        let all = (0..count)
            .map(|number| {
                let folder = temporary.path().join(number.to_string());
                std::fs::create_dir_all(&folder)?;
                Ok(Host {
                    number,
                    listen: format!("/ip4/127.0.0.1/tcp/{}", free_port()?),
                    rpc: ("127.0.0.1".into(), free_port()?),
                    folder,
                    disk: None,
                    namespace: None,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            all,
            switch: None,
            folder: temporary.path().into(),
            _temporary: Some(temporary),
        })
    }
}

/// A host in a namespace of its own: on `10.99.0.N` with the other hosts, by a device that is handed to the switch, and
/// on `10.98.N.2` with this run alone.
fn private(folder: &Path, number: usize) -> Result<(Host, SyncDevice)> {
    let (name, last) = (format!("host{number}"), number + 1);
    let link = format!("link{number}");
    run(&format!("ip netns add {name}"))?;
    run(&format!("ip -n {name} link set lo up"))?;

    let device = DeviceBuilder::new()
        .name(&link)
        .enable(false)
        .build_sync()
        .context("making a TUN device")?;
    run(&format!("ip link set {link} netns {name}"))?;
    run(&format!("ip -n {name} address add 10.99.0.{last}/24 dev {link}"))?;
    run(&format!("ip -n {name} link set {link} up"))?;

    let door = format!("door{number}");
    run(&format!(
        "ip link add {door} type veth peer name door netns {name}"
    ))?;
    run(&format!("ip address add 10.98.{last}.1/24 dev {door}"))?;
    run(&format!("ip link set {door} up"))?;
    run(&format!("ip -n {name} address add 10.98.{last}.2/24 dev door"))?;
    run(&format!("ip -n {name} link set door up"))?;

    let folder = folder.join(number.to_string());
    let disk = Disk::mount(&folder)?;
    let host = Host {
        number,
        listen: format!("/ip4/10.99.0.{last}/tcp/30333"),
        rpc: (format!("10.98.{last}.2"), 9_944),
        folder,
        disk: Some(disk),
        namespace: Some(name),
    };
    Ok((host, device))
}
