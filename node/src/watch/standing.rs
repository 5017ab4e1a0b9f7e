//! What this node is to the chain: a validator, about to be one, or a follower.

use std::fmt;

use sp_core::{
    crypto::key_types::{AURA, GRANDPA},
    ed25519, sr25519,
};
use sp_keystore::Keystore;

use super::ask::{Validator, Validators};

/// What this node is to the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was not started as a validator.
    Follower,
    /// It was started as a validator, and its keystore holds no key of one.
    Keyless,
    /// It is a validator of the present session.
    Validator {
        /// The organisation whose validator it is.
        organisation: u32,
        /// Whether it makes no blocks, as it voted twice.
        disabled: bool,
        /// Which of its two keys are there.
        keys: Keys,
    },
    /// It is a validator of the next session.
    Queued {
        /// The organisation whose validator it is.
        organisation: u32,
        /// The block with which it becomes one.
        from: u32,
    },
    /// The organisation has set this node's keys, and is no validator of this session or the next.
    Waiting {
        /// The organisation.
        organisation: u32,
        /// Whether the council has approved it.
        approved: bool,
    },
}

/// Which keys of a validator a keystore holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Both.
    Both,
    /// That by which it makes blocks, and not that by which it votes.
    AuraAlone,
    /// That by which it votes, and not that by which it makes blocks.
    GrandpaAlone,
}

/// The keys that a keystore holds.
#[derive(Default)]
pub struct Held {
    aura: Vec<sr25519::Public>,
    grandpa: Vec<ed25519::Public>,
}

impl Held {
    /// Those of this keystore.
    pub fn in_keystore(keystore: &dyn Keystore) -> Self {
        Self {
            aura: keystore.sr25519_public_keys(AURA),
            grandpa: keystore.ed25519_public_keys(GRANDPA),
        }
    }

    /// Whether blocks can be made with this key.
    pub fn makes_blocks_with(&self, key: &sr25519::Public) -> bool {
        self.aura.contains(key)
    }

    fn of(&self, validator: &Validator) -> Option<Keys> {
        let aura = validator.aura.is_some_and(|key| self.aura.contains(&key));
        let grandpa = validator.grandpa.is_some_and(|key| self.grandpa.contains(&key));
        match (aura, grandpa) {
            (true, true) => Some(Keys::Both),
            (true, false) => Some(Keys::AuraAlone),
            (false, true) => Some(Keys::GrandpaAlone),
            (false, false) => None,
        }
    }
}

impl Standing {
    /// That of a node, by what the chain says and the keys that the node holds.
    pub fn new(authority: bool, validators: &Validators, held: &Held) -> Self {
        if !authority {
            return Self::Follower;
        }
        let ours = |wanted: fn(&Validator) -> bool| {
            let mut found = validators.list.iter().filter(|validator| wanted(validator));
            found.find_map(|validator| held.of(validator).map(|keys| (validator, keys)))
        };
        if let Some((validator, keys)) = ours(|validator| validator.active) {
            return Self::Validator {
                organisation: validator.organisation,
                disabled: validator.disabled,
                keys,
            };
        }
        if let Some((validator, _)) = ours(|validator| validator.queued) {
            return Self::Queued {
                organisation: validator.organisation,
                from: validators.next_session,
            };
        }
        match ours(|_| true) {
            Some((validator, _)) => Self::Waiting {
                organisation: validator.organisation,
                approved: validator.approved,
            },
            None => Self::Keyless,
        }
    }

    /// The organisation whose keys this node holds.
    pub fn organisation(&self) -> Option<u32> {
        match self {
            Self::Validator { organisation, .. }
            | Self::Queued { organisation, .. }
            | Self::Waiting { organisation, .. } => Some(*organisation),
            Self::Follower | Self::Keyless => None,
        }
    }

    /// One word for it.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Follower => "follower",
            Self::Keyless => "keyless",
            Self::Validator { .. } => "validator",
            Self::Queued { .. } => "queued",
            Self::Waiting { .. } => "waiting",
        }
    }

    /// Why it does not do what it was started for, if it does not.
    pub fn trouble(&self) -> Option<&'static str> {
        match self {
            Self::Keyless => Some(
                "its keystore holds no key of a validator: make keys, have the organisation's admin set them, and \
                 have the council add the organisation; or start it without --validator",
            ),
            Self::Validator { disabled: true, .. } => Some(
                "it is disabled, as it voted twice: find out whether a second node signs with its keys; the \
                 council is asked to remove it",
            ),
            Self::Validator { keys: Keys::AuraAlone, .. } => {
                Some("its keystore lacks the validator's grandpa key: it makes blocks and does not vote")
            }
            Self::Validator { keys: Keys::GrandpaAlone, .. } => {
                Some("its keystore lacks the validator's aura key: it votes and makes no blocks")
            }
            Self::Waiting { approved: false, .. } => Some(
                "its organisation is no validator: the council has not added it, or has removed it",
            ),
            Self::Follower | Self::Validator { .. } | Self::Queued { .. } | Self::Waiting { .. } => None,
        }
    }
}

/// A standing in words.
pub struct Told<'a> {
    /// The standing.
    pub standing: &'a Standing,
    /// What people call the organisation, if there is one.
    pub name: &'a str,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.standing {
            Standing::Follower => {
                f.write_str("This node follows the chain: it makes no blocks and does not vote")
            }
            Standing::Keyless => f.write_str("This node was started with --validator"),
            Standing::Validator { organisation, .. } => {
                write!(f, "This node is validator `{name}` (organisation {organisation})")
            }
            Standing::Queued { organisation, from } => write!(
                f,
                "This node becomes validator `{name}` (organisation {organisation}) with block #{from}"
            ),
            Standing::Waiting {
                organisation,
                approved,
            } => {
                write!(
                    f,
                    "This node holds keys of `{name}` (organisation {organisation})"
                )?;
                if *approved {
                    f.write_str(", which becomes a validator within two turns of sessions")?;
                }
                Ok(())
            }
        }?;
        match self.standing.trouble() {
            Some(trouble) => write!(f, ", but {trouble}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: u8 = 7;

    fn validator(organisation: u32, key: u8) -> Validator {
        Validator {
            organisation,
            approved: true,
            active: true,
            queued: true,
            disabled: false,
            aura: Some(sr25519::Public::from_raw([key; 32])),
            grandpa: Some(ed25519::Public::from_raw([key; 32])),
        }
    }

    fn ours() -> Held {
        Held {
            aura: vec![sr25519::Public::from_raw([OURS; 32])],
            grandpa: vec![ed25519::Public::from_raw([OURS; 32])],
        }
    }

    fn standing(validator: Validator) -> Standing {
        let validators = Validators {
            next_session: 40,
            list: vec![self::validator(0, 1), validator],
        };
        Standing::new(true, &validators, &ours())
    }

    #[test]
    fn a_node_is_the_validator_whose_keys_it_holds() {
        let expected = Standing::Validator {
            organisation: 3,
            disabled: false,
            keys: Keys::Both,
        };
        let found = standing(validator(3, OURS));
        assert_eq!(found, expected);
        assert_eq!(found.trouble(), None);
        let told = Told {
            standing: &found,
            name: "Northwatch",
        }
        .to_string();
        assert_eq!(told, "This node is validator `Northwatch` (organisation 3)");
    }

    #[test]
    fn a_node_that_was_not_started_as_a_validator_is_none_whatever_keys_it_holds() {
        let validators = Validators {
            next_session: 40,
            list: vec![validator(3, OURS)],
        };
        assert_eq!(Standing::new(false, &validators, &ours()), Standing::Follower);
    }

    #[test]
    fn a_validator_in_the_making_is_told_with_which_block_it_becomes_one() {
        let coming = Validator {
            active: false,
            ..validator(3, OURS)
        };
        assert_eq!(
            standing(coming.clone()),
            Standing::Queued {
                organisation: 3,
                from: 40
            }
        );
        let waiting = Validator {
            queued: false,
            ..coming
        };
        assert_eq!(
            standing(waiting.clone()),
            Standing::Waiting {
                organisation: 3,
                approved: true
            }
        );
        let removed = standing(Validator {
            approved: false,
            ..waiting
        });
        assert!(removed.trouble().is_some(), "{removed:?}");
    }

    #[test]
    fn what_keeps_a_validator_from_its_work_is_said() {
        for troubled in [
            Validator {
                disabled: true,
                ..validator(3, OURS)
            },
            Validator {
                aura: None,
                ..validator(3, OURS)
            },
            Validator {
                grandpa: None,
                ..validator(3, OURS)
            },
            validator(3, OURS + 1),
        ] {
            let standing = standing(troubled);
            let trouble = standing.trouble().expect("it is in trouble");
            let told = Told {
                standing: &standing,
                name: "Northwatch",
            }
            .to_string();
            assert!(told.contains(trouble), "{told}");
        }
    }
}
