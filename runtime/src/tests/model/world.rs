//! The model: what there is, in plain collections.

use std::collections::{BTreeMap, BTreeSet};

use faultline_primitives::{organisation::Roles, quota::Quota, rules::Rules, Account, UnixMillis};
use frame_support::ensure;
use sp_runtime::DispatchError;

use super::incidents::Happening;
use crate::{tests::chain, Runtime};

pub type MemberError = pallet_members::Error<Runtime>;
pub type ServiceError = pallet_services::Error<Runtime>;
pub type IncidentError = pallet_incidents::Error<Runtime>;

/// Nothing against it, or the error that it fails with.
pub type Check<T = ()> = Result<T, DispatchError>;

/// Who makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Key(Account),
    Council,
    Nobody,
}

/// Which log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Log {
    Organisation(u32),
    Service(u32),
    Incident(u64),
    Consortium,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub roles: Roles,
    pub group: u32,
    pub admin: Account,
    /// Its reporter keys in force, in order of addition.
    pub keys: Vec<Account>,
    pub suspended: bool,
    pub quota: Quota,
}

/// A key that an organisation has, or once had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub organisation: u32,
    pub is_admin: bool,
    pub revoked: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    pub slug: Vec<u8>,
    pub name: Vec<u8>,
    pub provider: Option<u32>,
    pub listed: bool,
    pub retired: bool,
    pub by: Option<u32>,
    /// Until when each maintenance that was announced lasts.
    pub maintenance: Vec<UnixMillis>,
    /// The notices, by entry.
    pub notices: BTreeMap<u32, Vec<u8>>,
}

/// Actions spent, and the block of the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub actions: u64,
    pub block: u64,
}

impl Spent {
    /// What is left of a quota at a block.
    fn left(&self, quota: Quota, block: u64) -> u64 {
        let back = (block - self.block) * u64::from(quota.per_block);
        u64::from(quota.burst).saturating_sub(self.actions.saturating_sub(back))
    }

    fn pay(&mut self, quota: Quota, block: u64, cost: u64) {
        let back = (block - self.block) * u64::from(quota.per_block);
        self.actions = self.actions.saturating_sub(back) + cost;
        self.block = block;
    }
}

/// All that there is.
pub struct World {
    pub block: u32,
    pub now: UnixMillis,
    pub rules: Rules,
    pub members: Vec<Member>,
    pub keys: BTreeMap<Account, Key>,
    pub services: Vec<Watched>,
    pub incidents: Vec<Happening>,
    pub seats: BTreeSet<u32>,
    spent_by_key: BTreeMap<Account, Spent>,
    spent_by_member: BTreeMap<u32, Spent>,
}

/// The quota of an admin key.
const ADMIN: Quota = Quota {
    burst: 32,
    per_block: 1,
};

impl World {
    /// What [`chain::chain`] begins with.
    pub fn begin(rules: Rules) -> Self {
        let mut world = Self {
            block: 1,
            now: chain::START,
            rules,
            members: vec![],
            keys: BTreeMap::new(),
            services: vec![],
            incidents: vec![],
            seats: chain::SEATS.into(),
            spent_by_key: BTreeMap::new(),
            spent_by_member: BTreeMap::new(),
        };
        for n in 0..chain::ORGANISATIONS {
            let (roles, group) = chain::begins_as(n);
            world.admit(chain::admin(n), roles, Some(group), chain::QUOTA);
            for more in [11, 12] {
                world.add_key(n.into(), chain::key(n * 10 + more));
            }
        }
        world.services = chain::SERVICES
            .iter()
            .map(|(slug, provider)| Watched {
                slug: slug.as_bytes().to_vec(),
                name: slug.to_uppercase().into_bytes(),
                provider: *provider,
                listed: true,
                ..Watched::default()
            })
            .collect();
        world
    }

    pub fn admit(&mut self, admin: Account, roles: Roles, group: Option<u32>, quota: Quota) {
        let organisation = self.members.len() as u32;
        self.members.push(Member {
            roles,
            group: group.unwrap_or(organisation),
            admin,
            keys: vec![],
            suspended: false,
            quota,
        });
        self.hand_out(admin, organisation, true);
    }

    pub fn add_key(&mut self, organisation: u32, key: Account) {
        self.members[organisation as usize].keys.push(key);
        self.hand_out(key, organisation, false);
    }

    pub fn revoke_key(&mut self, organisation: u32, key: Account) {
        self.members[organisation as usize]
            .keys
            .retain(|held| *held != key);
        self.keys.get_mut(&key).unwrap().revoked = true;
    }

    pub fn set_admin(&mut self, organisation: u32, admin: Account) {
        let before = std::mem::replace(&mut self.members[organisation as usize].admin, admin);
        self.keys.get_mut(&before).unwrap().revoked = true;
        self.hand_out(admin, organisation, true);
    }

    fn hand_out(&mut self, key: Account, organisation: u32, is_admin: bool) {
        let key_of = Key {
            organisation,
            is_admin,
            revoked: false,
        };
        assert!(
            self.keys.insert(key, key_of).is_none(),
            "a key is handed out once"
        );
    }

    pub fn member(&self, organisation: u32) -> Check<&Member> {
        let member = self.members.get(organisation as usize);
        member.ok_or(MemberError::NoSuchOrganisation.into())
    }

    pub fn service(&self, service: u32) -> Check<&Watched> {
        let service = self.services.get(service as usize);
        service.ok_or(ServiceError::NoSuchService.into())
    }

    /// The key that signs.
    pub fn signer(by: &By) -> Check<Account> {
        match by {
            By::Key(key) => Ok(*key),
            By::Council | By::Nobody => Err(DispatchError::BadOrigin),
        }
    }

    /// The organisation that a key speaks for.
    fn holder(&self, by: &By, is_admin: bool) -> Check<u32> {
        let key = Self::signer(by)?;
        let key = self.keys.get(&key).ok_or(MemberError::UnknownSigner)?;
        ensure!(!key.revoked, MemberError::KeyRevoked);
        if key.is_admin != is_admin {
            return Err(match is_admin {
                true => MemberError::AdminKeyNeeded.into(),
                false => MemberError::ReporterKeyNeeded.into(),
            });
        }
        ensure!(
            !self.member(key.organisation)?.suspended,
            MemberError::OrganisationSuspended
        );
        Ok(key.organisation)
    }

    pub fn admin(&self, by: &By) -> Check<u32> {
        self.holder(by, true)
    }

    /// The organisation for which a key speaks in a role.
    pub fn in_role(&self, by: &By, has: impl Fn(&Roles) -> bool) -> Check<u32> {
        let organisation = self.holder(by, false)?;
        ensure!(has(&self.member(organisation)?.roles), MemberError::RoleMissing);
        Ok(organisation)
    }

    /// No key is anybody's twice.
    pub fn ensure_free(&self, key: &Account) -> Check {
        ensure!(!self.keys.contains_key(key), MemberError::KeyTaken);
        Ok(())
    }

    pub fn group(&self, organisation: u32) -> u32 {
        self.members[organisation as usize].group
    }

    /// Whether an organisation provides a service, or is of the provider's group.
    pub fn is_affiliated(&self, organisation: u32, service: u32) -> bool {
        self.services[service as usize]
            .provider
            .is_some_and(|provider| self.group(provider) == self.group(organisation))
    }

    /// How many unlisted services an organisation registered.
    pub fn unlisted(&self, organisation: u32) -> u32 {
        let own = |service: &&Watched| service.by == Some(organisation) && !service.listed;
        self.services.iter().filter(own).count() as u32
    }

    fn quota_of(&self, key: &Key) -> Quota {
        let member = &self.members[key.organisation as usize];
        let keys = member.keys.len() as u32;
        let share = |whole: u32| if whole == 0 { 0 } else { (whole / keys).max(1) };
        match key.is_admin {
            true => ADMIN,
            false => Quota {
                burst: share(member.quota.burst),
                per_block: share(member.quota.per_block),
            },
        }
    }

    /// Whether a key that may speak has so much of its quota left, and its organisation of its own.
    pub fn can_pay(&self, who: &Account, cost: u64) -> bool {
        let (key, block) = (&self.keys[who], self.block.into());
        let by_key = self.spent_by_key.get(who).copied().unwrap_or_default();
        let by_all = self.spent_by_member.get(&key.organisation).copied();
        let quota = self.members[key.organisation as usize].quota;
        cost <= by_key.left(self.quota_of(key), block)
            && (key.is_admin || cost <= by_all.unwrap_or_default().left(quota, block))
    }

    pub fn pay(&mut self, who: &Account, cost: u64) {
        let (key, block) = (self.keys[who], self.block.into());
        let (own, quota) = (self.quota_of(&key), self.members[key.organisation as usize].quota);
        self.spent_by_key.entry(*who).or_default().pay(own, block, cost);
        if !key.is_admin {
            let all = self.spent_by_member.entry(key.organisation).or_default();
            all.pay(quota, block, cost);
        }
    }
}
