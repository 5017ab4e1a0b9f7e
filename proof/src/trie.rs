//! What a state root says of a key: base-16 Merkle tries as the Polkadot SDK makes them at state version 1.
//!
//! A proof is a list of nodes and of values too long to stand in a node, each named by its BLAKE2b-256 hash. It must hold
//! what the keys that are asked for need, and nothing else; it must be in order, and each node written as the chain writes
//! it.

use alloc::{collections::BTreeMap, vec::Vec};
use core::cell::Cell;

use codec::{Compact, Decode, Encode, Input};
use faultline_primitives::{log::blake2_256, Hash};

/// Longest value that stands in its node, in bytes.
const MAX_INLINE_VALUE: usize = 32;
/// A node of as many bytes or more is named by its hash.
const HASHED_NODE: usize = 32;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadProof {
    /// The nodes are not in ascending order of their bytes, or one is there twice.
    OutOfOrder,
    /// A node that is needed is not there.
    Missing(Hash),
    /// A node is there that no key needs.
    Superfluous(Hash),
    /// A node cannot be read.
    Malformed(Hash),
    /// A node is not written as the chain writes it.
    NotCanonical(Hash),
}

/// Nodes by hash, with whether they were needed so far.
pub struct Proof<'a> {
    root: Hash,
    nodes: BTreeMap<Hash, (&'a [u8], Cell<bool>)>,
}

impl<'a> Proof<'a> {
    /// A proof under a state root.
    ///
    /// # Errors
    ///
    /// [`BadProof::OutOfOrder`].
    pub fn new(root: Hash, nodes: &'a [Vec<u8>]) -> Result<Self, BadProof> {
        if nodes.windows(2).any(|pair| pair.first() >= pair.last()) {
            return Err(BadProof::OutOfOrder);
        }
        let named = |node: &'a Vec<u8>| (blake2_256(&[node]), (node.as_slice(), Cell::new(false)));
        Ok(Self {
            root,
            nodes: nodes.iter().map(named).collect(),
        })
    }

    /// What is under a key; none where nothing is.
    ///
    /// # Errors
    ///
    /// See [`BadProof`].
    pub fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BadProof> {
        let key: Vec<u8> = key.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]).collect();
        let (mut hash, mut bytes) = (self.root, self.node(self.root)?);
        let mut rest = key.as_slice();
        loop {
            let node = Node::read(bytes).ok_or(BadProof::Malformed(hash))?;
            if node.encode() != bytes {
                return Err(BadProof::NotCanonical(hash));
            }
            let Some(beyond) = rest.strip_prefix(node.partial.as_slice()) else {
                return Ok(None);
            };
            let Some((nibble, beyond)) = beyond.split_first() else {
                return match node.value {
                    None => Ok(None),
                    Some(Value::Inline(value)) if value.len() > MAX_INLINE_VALUE => {
                        Err(BadProof::NotCanonical(hash))
                    }
                    Some(Value::Inline(value)) => Ok(Some(value.to_vec())),
                    Some(Value::Hashed(hash)) => self.node(hash).map(|value| Some(value.to_vec())),
                };
            };
            match node.children.get(usize::from(*nibble)).copied().flatten() {
                None => return Ok(None),
                Some(Child::Inline(child)) => bytes = child,
                Some(Child::Hashed(child)) => (hash, bytes) = (child, self.node(child)?),
            }
            rest = beyond;
        }
    }

    /// Checks that all nodes were needed by what was read.
    ///
    /// # Errors
    ///
    /// [`BadProof::Superfluous`].
    pub fn ensure_exact(&self) -> Result<(), BadProof> {
        match self.nodes.iter().find(|(_, (_, needed))| !needed.get()) {
            Some((hash, _)) => Err(BadProof::Superfluous(*hash)),
            None => Ok(()),
        }
    }

    fn node(&self, hash: Hash) -> Result<&'a [u8], BadProof> {
        let (bytes, needed) = self.nodes.get(&hash).ok_or(BadProof::Missing(hash))?;
        needed.set(true);
        Ok(bytes)
    }
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Inline(&'a [u8]),
    Hashed(Hash),
}

#[derive(Clone, Copy)]
enum Child<'a> {
    Inline(&'a [u8]),
    Hashed(Hash),
}

/// A leaf, or a branch if there are children.
struct Node<'a> {
    /// The nibbles that all keys below it share, from where its parent left off.
    partial: Vec<u8>,
    value: Option<Value<'a>>,
    children: [Option<Child<'a>>; 16],
}

/// What the first byte of a node says: its kind, and in how many low bits the number of nibbles begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Leaf,
    Branch,
    BranchWithValue,
    HashedLeaf,
    HashedBranch,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        match byte {
            0b0100_0000..=0b0111_1111 => Some(Self::Leaf),
            0b1000_0000..=0b1011_1111 => Some(Self::Branch),
            0b1100_0000..=0b1111_1111 => Some(Self::BranchWithValue),
            0b0010_0000..=0b0011_1111 => Some(Self::HashedLeaf),
            0b0001_0000..=0b0001_1111 => Some(Self::HashedBranch),
            _ => None,
        }
    }

    const fn prefix(self) -> u8 {
        match self {
            Self::Leaf => 0b0100_0000,
            Self::Branch => 0b1000_0000,
            Self::BranchWithValue => 0b1100_0000,
            Self::HashedLeaf => 0b0010_0000,
            Self::HashedBranch => 0b0001_0000,
        }
    }

    /// The most that the low bits say: that more follows.
    const fn most(self) -> u8 {
        match self {
            Self::Leaf | Self::Branch | Self::BranchWithValue => 0b0011_1111,
            Self::HashedLeaf => 0b0001_1111,
            Self::HashedBranch => 0b0000_1111,
        }
    }

    const fn has_children(self) -> bool {
        matches!(self, Self::Branch | Self::BranchWithValue | Self::HashedBranch)
    }
}

/// Cuts what it is asked for off the front of bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn hash(&mut self) -> Option<Hash> {
        Some(Hash(self.take(32)?.try_into().ok()?))
    }

    /// Bytes with their length before them.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let Compact(length) = Compact::<u32>::decode(&mut Front(&mut self.0)).ok()?;
        self.take(usize::try_from(length).ok()?)
    }
}

/// Lets SCALE read from a slice that goes on afterwards.
struct Front<'a, 'b>(&'b mut &'a [u8]);

impl Input for Front<'_, '_> {
    fn remaining_len(&mut self) -> Result<Option<usize>, codec::Error> {
        Ok(Some(self.0.len()))
    }

    fn read(&mut self, into: &mut [u8]) -> Result<(), codec::Error> {
        self.0.read(into)
    }
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let first = reader.byte()?;
        let kind = Kind::of(first)?;
        let mut nibbles = usize::from(first & kind.most());
        if nibbles == usize::from(kind.most()) {
            loop {
                let more = reader.byte()?;
                nibbles = nibbles.checked_add(usize::from(more))?;
                if more < u8::MAX {
                    break;
                }
            }
        }
        let packed = reader.take(nibbles.div_ceil(2))?;
        let unpacked = packed.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        // Of an odd number the first half byte is padding, which must be nothing: writing it again tells.
        let partial = unpacked.skip(nibbles % 2).collect();
        let bitmap = match kind.has_children() {
            true => u16::from_le_bytes(reader.take(2)?.try_into().ok()?),
            false => 0,
        };
        let value = match kind {
            Kind::Leaf | Kind::BranchWithValue => Some(Value::Inline(reader.bytes()?)),
            Kind::HashedLeaf | Kind::HashedBranch => Some(Value::Hashed(reader.hash()?)),
            Kind::Branch => None,
        };
        let mut children = [None; 16];
        for (place, child) in children.iter_mut().enumerate() {
            if bitmap & 1u16.checked_shl(u32::try_from(place).ok()?)? == 0 {
                continue;
            }
            let bytes = reader.bytes()?;
            *child = Some(match <[u8; 32]>::try_from(bytes) {
                Ok(hash) => Child::Hashed(Hash(hash)),
                Err(_) if bytes.len() < HASHED_NODE => Child::Inline(bytes),
                Err(_) => return None,
            });
        }
        if kind.has_children() && bitmap == 0 {
            return None;
        }
        reader.0.is_empty().then_some(Self {
            partial,
            value,
            children,
        })
    }

    fn kind(&self) -> Kind {
        match (self.children.iter().any(Option::is_some), self.value) {
            (false, Some(Value::Hashed(_))) => Kind::HashedLeaf,
            (false, _) => Kind::Leaf,
            (true, None) => Kind::Branch,
            (true, Some(Value::Inline(_))) => Kind::BranchWithValue,
            (true, Some(Value::Hashed(_))) => Kind::HashedBranch,
        }
    }

    /// The one way in which the chain writes it.
    fn encode(&self) -> Vec<u8> {
        let kind = self.kind();
        let mut bytes = Vec::new();
        let most = usize::from(kind.most());
        match self.partial.len().checked_sub(most) {
            None => bytes.push(kind.prefix() | u8::try_from(self.partial.len()).unwrap_or_default()),
            Some(mut more) => {
                bytes.push(kind.prefix() | kind.most());
                while let Some(left) = more.checked_sub(usize::from(u8::MAX)) {
                    bytes.push(u8::MAX);
                    more = left;
                }
                bytes.push(u8::try_from(more).unwrap_or_default());
            }
        }
        let (odd, pairs) = self.partial.split_at(self.partial.len() % 2);
        bytes.extend(odd);
        bytes.extend(pairs.chunks_exact(2).map(|pair| match pair {
            [high, low] => high << 4 | low,
            _ => 0,
        }));
        if kind.has_children() {
            let bit = |(place, child): (usize, &Option<_>)| u16::from(child.is_some()) << place;
            let bitmap = self
                .children
                .iter()
                .enumerate()
                .map(bit)
                .fold(0, |all, bit| all | bit);
            bytes.extend(bitmap.to_le_bytes());
        }
        match self.value {
            None => {}
            Some(Value::Inline(value)) => value.encode_to(&mut bytes),
            Some(Value::Hashed(hash)) => hash.encode_to(&mut bytes),
        }
        for child in self.children.iter().flatten() {
            match child {
                Child::Inline(child) => child.encode_to(&mut bytes),
                Child::Hashed(hash) => hash.0.as_slice().encode_to(&mut bytes),
            }
        }
        bytes
    }
}
