//! A state, its root, and proofs under it.

use std::collections::BTreeMap;

use codec::Encode;
use faultline_primitives::Hash;
use sp_core::{Blake2Hasher, H256};
use sp_trie::{recorder::Recorder, LayoutV1, MemoryDB, Trie, TrieDBBuilder, TrieDBMutBuilder, TrieMut};

type Layout = LayoutV1<Blake2Hasher>;

/// Values by key.
#[derive(Clone, Debug, Default)]
pub struct State(pub BTreeMap<Vec<u8>, Vec<u8>>);

impl State {
    /// Puts a value under a key.
    pub fn put(&mut self, key: Vec<u8>, value: &impl Encode) {
        self.0.insert(key, value.encode());
    }

    /// The state's root.
    pub fn root(&self) -> Hash {
        Hash(self.trie().1 .0)
    }

    /// The nodes that prove what is under these keys, in ascending order.
    pub fn proof(&self, keys: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
        let (database, root) = self.trie();
        let recorder = Recorder::<Blake2Hasher>::default();
        {
            let mut recording = recorder.as_trie_recorder(root);
            let trie = TrieDBBuilder::<Layout>::new(&database, &root)
                .with_recorder(&mut recording)
                .build();
            for key in keys {
                trie.get(&key).expect("the trie is whole");
            }
        }
        recorder.drain_storage_proof().into_iter_nodes().collect()
    }

    fn trie(&self) -> (MemoryDB<Blake2Hasher>, H256) {
        let (mut database, mut root) = (MemoryDB::default(), H256::default());
        {
            let mut trie = TrieDBMutBuilder::<Layout>::new(&mut database, &mut root).build();
            for (key, value) in &self.0 {
                trie.insert(key, value).expect("the trie is in memory");
            }
        }
        (database, root)
    }
}
