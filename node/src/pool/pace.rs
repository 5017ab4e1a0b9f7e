//! When the network is told of a transaction that came in.
//!
//! The SDK tells every peer of each at once, by a message each. A connection holds so many of them for a peer that does not
//! take them; one more, and it is closed. So they go out at a pace that a peer may miss for more than a second. And they go
//! out only while those that the network knows already are few enough to be recorded soon: what lies behind them is not
//! judged by every node before its time, and a crowd at one node does not stand in front of what comes in at another.
//!
//! What is held back is told of as blocks take what was before it: what a block would take first first. Nothing is lost by
//! that: the node that holds it back records it in its own blocks.
//!
//! What a peer told of it has told its other peers as well, which mostly are ours. In a crowd it is told on only if no block
//! has taken it within a slot.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{channel::mpsc, SinkExt, StreamExt};
use sc_transaction_pool_api::{ImportNotificationStream, TransactionPool};
use sp_runtime::transaction_validity::TransactionPriority;
use tokio::time::{interval, MissedTickBehavior};

use super::{gossip::is_a_peers, Inner};
use crate::service::parts::Hash;

/// Messages of one protocol that litep2p holds for a peer.
const CONNECTION: u64 = 2_048;
/// Messages a second to each peer, at most.
const PACE: u64 = 1_536;
/// Messages at once, at most.
const PORTION: u64 = 256;
/// How many transactions that the network knows may wait for a block: one or two blocks' worth. Three peers that tell of so
/// many each start about as many validations as the SDK lets wait at a time (8,192): it forgets those beyond.
const WINDOW: usize = 3_072;
/// Beyond these, so many that a block would take before what went last.
const RESERVE: usize = 1_024;
/// Up to so many that are ready, what a peer told of is told on at once: nobody waits for that.
pub const CROWD: usize = 256;
/// How long what a peer told of is kept in a crowd: a slot.
const SLOT: Duration = Duration::from_secs(3);
/// How often it is looked whether one more may go.
const TICK: Duration = Duration::from_millis(50);
/// How often what is recorded meanwhile is forgotten.
const FORGET: Duration = Duration::from_secs(1);
/// What a message costs of the credit that a microsecond adds [`PACE`] to.
const MESSAGE: u64 = 1_000_000;

const _: () = assert!(
    PACE + PORTION <= CONNECTION,
    "a peer may stand still for a second"
);

/// What the network is not told of yet.
struct Held {
    /// In the order in which blocks take them: by priority, then as they came.
    queue: BinaryHeap<(TransactionPriority, Reverse<u64>, Hash)>,
    /// What peers told of in a crowd, and when.
    heard: VecDeque<(Instant, TransactionPriority, Hash)>,
    /// How many came.
    came: u64,
    credit: u64,
    /// When something was last added to the credit.
    added: Instant,
    forgotten: Instant,
    /// The priority of what went last before there were too many.
    last: TransactionPriority,
}

impl Held {
    fn new(now: Instant) -> Self {
        Self {
            queue: BinaryHeap::new(),
            heard: VecDeque::new(),
            came: 0,
            credit: PORTION.saturating_mul(MESSAGE),
            added: now,
            forgotten: now,
            last: TransactionPriority::MAX,
        }
    }

    fn hold(&mut self, priority: TransactionPriority, hash: Hash) {
        self.queue.push((priority, Reverse(self.came), hash));
        self.came = self.came.saturating_add(1);
    }

    /// What a peer told of, where so many are ready.
    fn hear(&mut self, now: Instant, ready: usize, priority: TransactionPriority, hash: Hash) {
        if ready <= CROWD {
            self.hold(priority, hash);
        } else {
            self.heard.push_back((now, priority, hash));
        }
    }

    fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.heard.is_empty()
    }

    /// What may go now, where so many are ready in the pool, and this says of one whether it still is.
    fn release(&mut self, now: Instant, ready: usize, is_ready: impl Fn(&Hash) -> bool) -> Vec<Hash> {
        let micros = u64::try_from(now.saturating_duration_since(self.added).as_micros());
        let more = micros.unwrap_or(u64::MAX).saturating_mul(PACE);
        self.credit = self
            .credit
            .saturating_add(more)
            .min(PORTION.saturating_mul(MESSAGE));
        self.added = now;
        while let Some((heard, priority, hash)) = self.heard.front().copied() {
            if now.saturating_duration_since(heard) < SLOT {
                break;
            }
            self.heard.pop_front();
            if is_ready(&hash) {
                self.hold(priority, hash);
            }
        }
        // They would be counted as held, and so that much less as known.
        if now.saturating_duration_since(self.forgotten) >= FORGET {
            self.queue.retain(|(_, _, hash)| is_ready(hash));
            self.forgotten = now;
        }

        let mut known = ready.saturating_sub(self.queue.len());
        let mut released = Vec::new();
        while self.credit >= MESSAGE {
            let room = |(priority, ..): &(TransactionPriority, _, _)| match *priority > self.last {
                true => WINDOW.saturating_add(RESERVE),
                false => WINDOW,
            };
            if self.queue.peek().is_none_or(|next| known >= room(next)) {
                break;
            }
            let Some((priority, _, hash)) = self.queue.pop() else {
                break;
            };
            if is_ready(&hash) {
                released.push(hash);
                self.credit = self.credit.saturating_sub(MESSAGE);
                if known < WINDOW {
                    self.last = priority;
                }
                known = known.saturating_add(1);
            }
        }
        released
    }
}

/// Tells of what comes in, when its time has come, until the pool is gone or nobody listens.
pub async fn tell(
    pool: Arc<Inner>,
    imported: ImportNotificationStream<Hash>,
    mut listener: mpsc::Sender<Hash>,
) {
    let mut imported = imported.ready_chunks(256);
    let mut held = Held::new(Instant::now());
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            next = imported.next() => match next {
                Some(hashes) => {
                    let (now, ready) = (Instant::now(), pool.status().ready);
                    for hash in hashes {
                        // What is no longer there need not be told.
                        match pool.ready_transaction(&hash) {
                            Some(one) if is_a_peers(&one) => held.hear(now, ready, one.priority, hash),
                            Some(one) => held.hold(one.priority, hash),
                            None => {}
                        }
                    }
                }
                None => return,
            },
            _ = tick.tick(), if !held.is_empty() => {}
        }
        let ready = pool.status().ready;
        let released = held.release(Instant::now(), ready, |hash| {
            pool.ready_transaction(hash).is_some()
        });
        for hash in released {
            if listener.send(hash).await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn hashes(count: u64) -> impl Iterator<Item = Hash> {
        (0..count).map(Hash::from_low_u64_be)
    }

    /// So many that are held, none of which may go at once.
    fn held(count: u64, now: Instant) -> Held {
        let mut held = Held::new(now);
        held.credit = 0;
        hashes(count).for_each(|hash| held.hold(1, hash));
        held
    }

    fn all(_: &Hash) -> bool {
        true
    }

    #[test]
    fn what_comes_now_and_then_goes_at_once_and_a_crowd_at_its_pace_in_the_order_in_which_it_came() {
        let start = Instant::now();
        let mut few = Held::new(start);
        hashes(3).for_each(|hash| few.hold(1, hash));
        assert_eq!(few.release(start, 3, all), Vec::from_iter(hashes(3)));

        let (mut crowd, mut told) = (held(3_000, start), Vec::new());
        for ticks in 1..=20 {
            let now = start + TICK * ticks;
            told.extend(crowd.release(now, crowd.queue.len(), all));
        }
        assert_eq!(told, Vec::from_iter(hashes(PACE)));
        // However long nothing went.
        let portion = crowd.release(start + 60 * SECOND, crowd.queue.len(), all);
        assert_eq!(portion.len() as u64, PORTION);
    }

    #[test]
    fn what_the_network_knows_is_to_be_recorded_before_it_is_told_of_more() {
        let start = Instant::now();
        let mut crowd = held(100, start);
        let ready = WINDOW + 100;
        assert_eq!(crowd.release(start + SECOND, ready, all), []);
        // A block took ten of what it knew.
        let released = crowd.release(start + SECOND, ready - 10, all);
        assert_eq!(released, Vec::from_iter(hashes(10)));
    }

    #[test]
    fn what_a_block_would_take_before_all_others_does_not_wait_behind_a_crowd() {
        let start = Instant::now();
        let mut crowd = held(100, start);
        let ready = WINDOW + 100;
        // The last of the crowd that may go.
        assert_eq!(crowd.release(start + SECOND, ready - 1, all).len(), 1);
        let other = Hash::repeat_byte(7);
        crowd.hold(2, other);
        assert_eq!(crowd.release(start + SECOND, ready + 1, all), [other]);
        // Of these, too, there may be too many.
        crowd.hold(2, other);
        assert_eq!(crowd.release(start + SECOND, ready + RESERVE + 1, all), []);
    }

    #[test]
    fn what_a_peer_told_of_is_told_on_at_once_but_in_a_crowd_only_if_no_block_takes_it() {
        let start = Instant::now();
        let mut quiet = Held::new(start);
        hashes(3).for_each(|hash| quiet.hear(start, CROWD, 1, hash));
        assert_eq!(quiet.release(start, CROWD, all), Vec::from_iter(hashes(3)));

        let mut crowd = Held::new(start);
        hashes(3).for_each(|hash| crowd.hear(start, CROWD + 1, 1, hash));
        assert_eq!(crowd.release(start + SLOT / 2, CROWD + 1, all), []);
        assert!(!crowd.is_empty());
        let left = |hash: &Hash| hash.to_low_u64_be() == 2;
        assert_eq!(
            crowd.release(start + SLOT, CROWD + 1, left),
            Vec::from_iter(hashes(3).skip(2))
        );
        assert!(crowd.is_empty());
    }

    #[test]
    fn of_what_is_recorded_meanwhile_the_network_is_not_told_and_it_costs_nothing() {
        let start = Instant::now();
        let late = |hash: &Hash| hash.to_low_u64_be() >= 900;
        let mut crowd = held(1_000, start);
        let released = crowd.release(start + SECOND / 2, 100, late);
        assert_eq!(released, Vec::from_iter(hashes(1_000).skip(900)));

        // Nor does it make what the network knows look less than it is.
        let mut crowd = held(1_000, start);
        assert_eq!(crowd.release(start + SECOND, WINDOW + 100, late), []);
        assert_eq!(crowd.queue.len(), 100);
    }
}
