//! Judging what comes in stands behind making blocks and taking them in.
//!
//! The pool judges on two threads of its own, whatever the number of cores. In a crowd they would take as much of a core as
//! the one that makes a block or takes one in, the block would come late, and the next author would build beside it: half of
//! what the network made would be thrown away. So the system is told to run these threads only where nothing else wants
//! to, but for a tenth: transactions are taken more slowly then, and blocks come in time.

use futures::future::BoxFuture;
use rustix::process::{getpriority_process, setpriority_process};
use sp_core::traits::SpawnEssentialNamed;

/// The target of this module's log lines.
const LOG: &str = "faultline::pool";
/// How nice the threads are: to others at 0 the system gives nine times as much.
const NICE: i32 = 10;

/// Starts what a pool runs for as long as the node does, its threads behind all others.
#[derive(Clone)]
pub struct Behind<S>(pub S);

impl<S: SpawnEssentialNamed + Clone> SpawnEssentialNamed for Behind<S> {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        let behind = async move {
            step_back();
            future.await;
        };
        self.0.spawn_essential_blocking(name, group, Box::pin(behind));
    }

    fn spawn_essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.0.spawn_essential(name, group, future);
    }
}

/// Makes this thread nice; no nicer where the whole node is as nice already. Linux keeps that for each thread, and what
/// blocks one stays on it for good.
fn step_back() {
    let done = getpriority_process(None).and_then(|now| setpriority_process(None, now.max(NICE)));
    if let Err(error) = done {
        log::debug!(target: LOG, "transactions are judged at the priority of all else: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Runs what blocks on a thread of its own, and all else here.
    #[derive(Clone)]
    struct Threads;

    impl SpawnEssentialNamed for Threads {
        fn spawn_essential_blocking(
            &self,
            _: &'static str,
            _: Option<&'static str>,
            future: BoxFuture<'static, ()>,
        ) {
            std::thread::spawn(|| futures::executor::block_on(future));
        }

        fn spawn_essential(&self, _: &'static str, _: Option<&'static str>, future: BoxFuture<'static, ()>) {
            futures::executor::block_on(future);
        }
    }

    #[test]
    fn what_blocks_is_nice_and_nothing_else() {
        let before = getpriority_process(None).unwrap();
        let (say, heard) = mpsc::channel();
        let told = say.clone();
        let nice = move |say: &mpsc::Sender<i32>| say.send(getpriority_process(None).unwrap()).unwrap();
        let spawner = Behind(Threads);
        spawner.spawn_essential_blocking("judging", None, Box::pin(async move { nice(&told) }));
        assert_eq!(heard.recv().unwrap(), before.max(NICE));
        spawner.spawn_essential("telling", None, Box::pin(async move { nice(&say) }));
        assert_eq!(heard.recv().unwrap(), before);
    }
}
