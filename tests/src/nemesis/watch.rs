//! Watching all nodes: what each has made final, and that no two ever differ.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{bail, Result};
use faultline_primitives::Hash;

use super::ask::{Block, Node};

/// How often each node is asked.
const PACE: Duration = Duration::from_millis(250);
/// How long a node that answers at all takes at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The block that it made final last.
    pub finalized: u32,
    /// The newest block that it has.
    pub best: u32,
}

#[derive(Default)]
struct Sight {
    nodes: Vec<Seen>,
    /// Every block that some node said was final.
    finals: BTreeMap<u32, Hash>,
    conflicts: Vec<String>,
}

impl Sight {
    fn note(&mut self, node: usize, finalized: Block, best: u32) {
        let known = *self.finals.entry(finalized.number).or_insert(finalized.hash);
        if known != finalized.hash {
            self.conflicts.push(format!(
                "block {}: node {node} made {} final, and another {known}",
                finalized.number, finalized.hash
            ));
        }
        if let Some(seen) = self.nodes.get_mut(node) {
            *seen = Seen {
                finalized: finalized.number,
                best,
            };
        }
    }
}

/// Who watches.
#[derive(Clone, Default)]
pub struct Watch {
    sight: Arc<Mutex<Sight>>,
}

impl Watch {
    /// Begins to watch the nodes at these addresses, for as long as the runtime lasts.
    pub fn start(endpoints: &[String]) -> Self {
        let watch = Self::default();
        watch.sight().nodes = vec![Seen::default(); endpoints.len()];
        for (number, endpoint) in endpoints.iter().enumerate() {
            let mut node = Node::new(endpoint.clone(), PATIENCE);
            let watch = watch.clone();
            tokio::spawn(async move {
                loop {
                    // One that does not answer has nothing new.
                    if let Ok(finalized) = node.finalized().await {
                        if let Ok(best) = node.number(None).await {
                            watch.sight().note(number, finalized, best);
                        }
                    }
                    tokio::time::sleep(PACE).await;
                }
            });
        }
        watch
    }

    fn sight(&self) -> MutexGuard<'_, Sight> {
        self.sight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of each node.
    pub fn nodes(&self) -> Vec<Seen> {
        self.sight().nodes.clone()
    }

    /// The newest block that any node made final.
    pub fn finalized(&self) -> u32 {
        self.sight()
            .finals
            .last_key_value()
            .map_or(0, |(number, _)| *number)
    }

    /// Blocks on which nodes differ: there must be none.
    pub fn conflicts(&self) -> Vec<String> {
        self.sight().conflicts.clone()
    }

    /// Waits until every node has made a block final that is newer than all that there are now, and says how long that
    /// took.
    ///
    /// # Errors
    ///
    /// It does not come to be in time; the error says how far each node is.
    pub async fn all_finalize_anew(&self, timeout: Duration) -> Result<Duration> {
        let began = Instant::now();
        let goal = self.nodes().iter().map(|node| node.best).max().unwrap_or(0);
        loop {
            let nodes = self.nodes();
            if nodes.iter().all(|node| node.finalized > goal) {
                return Ok(began.elapsed());
            }
            if began.elapsed() > timeout {
                let known: Vec<_> = nodes.iter().map(|node| (node.finalized, node.best)).collect();
                bail!(
                    "after {timeout:?} not all have made a block after {goal} final; final and best of each: {known:?}"
                );
            }
            tokio::time::sleep(PACE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nodes_that_make_different_blocks_final_are_noticed() {
        let block = |number, hash| Block {
            number,
            hash: Hash([hash; 32]),
        };
        let mut sight = Sight {
            nodes: vec![Seen::default(); 2],
            ..Sight::default()
        };
        sight.note(0, block(1, 1), 3);
        sight.note(1, block(1, 1), 2);
        sight.note(1, block(2, 7), 2);
        assert_eq!(sight.conflicts.len(), 0);
        sight.note(0, block(2, 8), 3);
        assert_eq!(sight.conflicts.len(), 1, "{:?}", sight.conflicts);
    }
}
