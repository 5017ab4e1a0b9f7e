//! Taken ports, found out before anything is opened.
//!
//! Left alone, a node whose JSON-RPC port is taken answers on a random one, so that its operator's
//! tools talk to whoever has the port. A taken port for peers is worse: litep2p says nothing when
//! it cannot listen, and of two nodes on one machine both get the port, each receiving some of
//! the connections meant for the other.

use std::{
    fmt,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr, TcpListener},
};

use sc_network::multiaddr::{Multiaddr, Protocol};
use sc_service::Configuration;

use super::Settings;

/// The ports that the node needs and does not get.
#[derive(Debug)]
pub struct PortsTaken(Vec<Taken>);

#[derive(Debug)]
struct Taken {
    address: SocketAddr,
    purpose: Purpose,
    reason: io::Error,
}

#[derive(Debug, Clone, Copy)]
enum Purpose {
    Rpc,
    Peers,
    Metrics,
    Health,
    StatusPages,
}

/// Makes the node's JSON-RPC port the one that was asked for or an error.
pub fn insist_on_rpc_port(config: &mut Configuration) {
    for endpoint in config.rpc.addr.iter_mut().flatten() {
        endpoint.retry_random_port = false;
    }
}

/// Tries every TCP port that the node is to listen on, those for health and status pages included. Port 0 is always free.
///
/// # Errors
///
/// All that cannot be listened on, at once.
pub fn check(config: &Configuration, settings: &Settings) -> Result<(), PortsTaken> {
    let rpc = config
        .rpc
        .addr
        .iter()
        .flatten()
        .filter(|endpoint| !endpoint.is_optional && !endpoint.retry_random_port)
        .map(|endpoint| (endpoint.listen_addr, Purpose::Rpc));
    let peers = config
        .network
        .listen_addresses
        .iter()
        .filter_map(tcp_address)
        .map(|address| (address, Purpose::Peers));

    // Left alone, a node whose port for metrics is taken runs on without them.
    let metrics = config
        .prometheus_config
        .as_ref()
        .map(|metrics| (metrics.port, Purpose::Metrics));
    let health = settings.health.map(|address| (address, Purpose::Health));
    let pages = settings.status_page.as_ref();
    let pages = pages.map(|place| (place.address, Purpose::StatusPages));

    let taken: Vec<Taken> = rpc
        .chain(peers)
        .chain(metrics)
        .chain(health)
        .chain(pages)
        .filter_map(|(address, purpose)| {
            refusal(address).map(|reason| Taken {
                address,
                purpose,
                reason,
            })
        })
        .collect();
    if taken.is_empty() {
        Ok(())
    } else {
        Err(PortsTaken(taken))
    }
}

fn tcp_address(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

/// Why `address` cannot be listened on. Other reasons than these, such as a machine without IPv6,
/// are no fault of the operator's, who did not ask for the address by name.
fn refusal(address: SocketAddr) -> Option<io::Error> {
    let error = TcpListener::bind(address).err()?;
    let telling = matches!(
        error.kind(),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied | ErrorKind::AddrNotAvailable
    );
    telling.then_some(error)
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rpc => "JSON-RPC",
            Self::Peers => "peers",
            Self::Metrics => "metrics",
            Self::Health => "health",
            Self::StatusPages => "status pages",
        })
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            address,
            purpose,
            reason,
        } = self;
        let option = match purpose {
            Purpose::Rpc => "--rpc-port",
            Purpose::Peers => "--port",
            Purpose::Metrics => "--prometheus-port, or do without by --no-prometheus",
            Purpose::Health => "--health-port",
            Purpose::StatusPages => "--status-page-port",
        };
        write!(
            f,
            "cannot listen for {purpose} on {address}: {reason}; stop the program that has the \
             port, or choose another (0 takes any that is free) with {option}"
        )
    }
}

impl fmt::Display for PortsTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, taken) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{taken}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PortsTaken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_refused_and_port_zero_never_is() {
        let holder = TcpListener::bind("127.0.0.1:0").expect("the system has a free port");
        let taken = holder.local_addr().expect("a bound socket has an address");
        assert_eq!(
            refusal(taken).map(|error| error.kind()),
            Some(ErrorKind::AddrInUse)
        );

        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        assert!(refusal(free).is_none());
    }

    #[test]
    fn the_tcp_addresses_of_peers_are_recognised() {
        let address = |text: &str| tcp_address(&text.parse().expect("the test's addresses are well formed"));
        let expected = Some(SocketAddr::from(([127, 0, 0, 1], 30333)));
        assert_eq!(address("/ip4/127.0.0.1/tcp/30333"), expected);
        assert_eq!(address("/ip4/127.0.0.1/tcp/30333/ws"), expected);
        assert_eq!(address("/ip4/127.0.0.1/udp/30333/webrtc-direct"), None);
        assert_eq!(address("/dns/example.org/tcp/30333"), None);
    }

    #[test]
    fn the_error_names_every_port_and_its_option() {
        let taken = |purpose| Taken {
            address: SocketAddr::from(([127, 0, 0, 1], 9944)),
            purpose,
            reason: ErrorKind::AddrInUse.into(),
        };
        let error = PortsTaken(vec![taken(Purpose::Rpc), taken(Purpose::Peers)]).to_string();
        assert_eq!(error.lines().count(), 2, "{error}");
        assert!(
            error.contains("--rpc-port") && error.contains("with --port"),
            "{error}"
        );
    }
}
