//! The network between the hosts: a switch over TUN devices that can cut, delay, lose and slow down.
//!
//! Each host has a TUN device in its own namespace; what its kernel sends arrives here as packets, and what is written
//! here arrives there. What becomes of a packet is for [`Fates`] to say, which knows no devices.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use anyhow::{Context, Result};
use tun_rs::SyncDevice;

use super::fates::{Disturbance, Fates};

/// Larger than any packet of a device with the usual MTU.
const PACKET: usize = 4_096;

/// A packet on its way.
struct Waiting {
    at: Instant,
    /// Keeps packets of the same moment in order.
    number: u64,
    to: usize,
    packet: Vec<u8>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

#[derive(Default)]
struct Queue {
    number: u64,
    waiting: BinaryHeap<Reverse<Waiting>>,
}

/// The switch. Its threads end with the process.
pub struct Switch {
    devices: Vec<SyncDevice>,
    fates: Mutex<Fates>,
    queue: Mutex<Queue>,
    more: Condvar,
}

impl Switch {
    /// Begins to move packets between these devices, the addresses of whose hosts end in 1, 2 and so on.
    ///
    /// # Errors
    ///
    /// The system gives no threads.
    pub fn start(devices: Vec<SyncDevice>, seed: u64) -> Result<Arc<Self>> {
        let hosts = devices.len();
        let switch = Arc::new(Self {
            devices,
            fates: Mutex::new(Fates::new(seed)),
            queue: Mutex::default(),
            more: Condvar::new(),
        });
        for host in 0..hosts {
            let switch = switch.clone();
            thread::Builder::new()
                .name(format!("from-{host}"))
                .spawn(move || switch.take_from(host))
                .context("starting a thread of the switch")?;
        }
        let delayed = switch.clone();
        thread::Builder::new()
            .name("delayed".into())
            .spawn(move || delayed.deliver())
            .context("starting a thread of the switch")?;
        Ok(switch)
    }

    /// How many hosts it connects.
    pub fn hosts(&self) -> usize {
        self.devices.len()
    }

    /// Adds a disturbance, and says by which number it is taken back.
    pub fn disturb(&self, disturbance: Disturbance) -> u64 {
        lock(&self.fates).disturb(disturbance)
    }

    /// Takes a disturbance back.
    pub fn heal(&self, number: u64) {
        lock(&self.fates).heal(number);
    }

    /// How many packets passed and how many did not.
    pub fn counts(&self) -> (u64, u64) {
        lock(&self.fates).counts()
    }

    fn take_from(&self, from: usize) {
        let mut packet = vec![0; PACKET];
        let Some(device) = self.devices.get(from) else {
            return;
        };
        // The device ends with its namespace.
        while let Ok(length) = device.recv(&mut packet) {
            let packet = &packet[..length];
            let Some(to) = destination(packet).filter(|to| *to < self.devices.len() && *to != from) else {
                continue;
            };
            let now = Instant::now();
            let Some(at) = lock(&self.fates).fate((from, to), length, now) else {
                continue;
            };
            if at <= now {
                self.hand_over(to, packet);
                continue;
            }
            let mut queue = lock(&self.queue);
            queue.number += 1;
            let number = queue.number;
            queue.waiting.push(Reverse(Waiting {
                at,
                number,
                to,
                packet: packet.to_vec(),
            }));
            self.more.notify_one();
        }
    }

    fn deliver(&self) {
        let mut queue = lock(&self.queue);
        loop {
            let now = Instant::now();
            let due = queue.waiting.peek().map(|first| first.0.at);
            queue = match due {
                None => self.more.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(at) if at > now => {
                    let waited = self.more.wait_timeout(queue, at - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                Some(_) => {
                    let first = queue.waiting.pop();
                    drop(queue);
                    if let Some(Reverse(first)) = first {
                        self.hand_over(first.to, &first.packet);
                    }
                    lock(&self.queue)
                }
            };
        }
    }

    fn hand_over(&self, to: usize, packet: &[u8]) {
        if let Some(device) = self.devices.get(to) {
            // A device that takes none, as its queue is full, loses it: what networks do.
            let _ = device.send(packet);
        }
    }
}

/// The host to which an IPv4 packet goes.
fn destination(packet: &[u8]) -> Option<usize> {
    let is_ipv4 = packet.first().is_some_and(|first| first >> 4 == 4);
    let address = packet.get(16..20).filter(|_| is_ipv4)?;
    match address {
        [10, 99, 0, last] => usize::from(*last).checked_sub(1),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_goes_where_its_address_says() {
        let mut packet = vec![0; 40];
        packet[0] = 0x45;
        packet[16..20].copy_from_slice(&[10, 99, 0, 3]);
        assert_eq!(destination(&packet), Some(2));
        packet[16] = 224;
        assert_eq!(destination(&packet), None);
        assert_eq!(destination(&[]), None);
    }
}
