//! Who speaks and what is watched.

use anyhow::{anyhow, Result};
use faultline_primitives::{
    organisation::{Admission, Organisation, Roles},
    quota::Quota,
    service::{Action, Registration, Service},
    Account, BlockNumber, Entry, GroupId, Millis, OrganisationId, Record, ServiceId, UnixMillis,
};
use rand::{
    seq::{IndexedRandom, SliceRandom},
    Rng,
};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Zipf};

use super::Shape;
use crate::text;

/// The stream of chance that makes the cast: no incident has this number.
const STREAM: u64 = u64::MAX;
/// How steeply services and speakers differ in how often they come: Zipf's exponents.
const POPULARITY: f64 = 1.0;
const LOUDNESS: f64 = 0.8;

/// What names of services are made of.
const SYLLABLES: [&str; 20] = [
    "nor", "vel", "tan", "qui", "ber", "lum", "cor", "dex", "fen", "gal", "hal", "ith", "jov", "kel", "mir",
    "nex", "oro", "pav", "rin", "sol",
];
const PRODUCTS: [&str; 16] = [
    "api", "web", "login", "chat", "mail", "storage", "compute", "dns", "cdn", "pay", "search", "voice",
    "push", "sync", "video", "db",
];
const REGIONS: [&str; 8] = [
    "eu-west",
    "eu-central",
    "us-east",
    "us-west",
    "ap-south",
    "ap-east",
    "sa-east",
    "af-south",
];

/// An organisation.
pub struct Member {
    /// Its number.
    pub id: OrganisationId,
    /// Its record.
    pub record: Record<Organisation>,
}

/// A service.
pub struct Watched {
    /// Its number.
    pub id: ServiceId,
    /// Its log.
    pub entries: Vec<Entry<Action>>,
    /// What the log amounts to.
    pub record: Record<Service>,
}

impl Watched {
    /// Who runs it at a block.
    pub fn provider_at(&self, block: BlockNumber) -> Option<OrganisationId> {
        let until = self.entries.iter().take_while(|entry| entry.block <= block);
        until.fold(None, |before, entry| match &entry.action {
            Action::Registered(new) => new.provider,
            Action::ProviderSet(provider) => *provider,
            _ => before,
        })
    }

    /// Whether incidents are opened on it at a block.
    pub fn is_open_at(&self, block: BlockNumber) -> bool {
        let mut until = self.entries.iter().take_while(|entry| entry.block <= block);
        until.next().is_some() && until.all(|entry| entry.action != Action::Retired)
    }
}

/// All of them.
pub struct Cast {
    pub services: Vec<Watched>,
    pub organisations: Vec<Member>,
    /// Those that report, the loudest first.
    pub reporters: Vec<OrganisationId>,
    pub arbiters: Vec<OrganisationId>,
    ranked: Vec<ServiceId>,
    popularity: Zipf<f64>,
    loudness: Zipf<f64>,
}

impl Cast {
    pub fn of(shape: &Shape) -> Result<Self> {
        let mut chance = shape.chance(STREAM);
        let organisations = (0..shape.organisations)
            .map(|id| member(shape, OrganisationId(id)))
            .collect::<Result<Vec<_>>>()?;
        let with = |role: fn(&Roles) -> bool| -> Vec<OrganisationId> {
            let have = organisations
                .iter()
                .filter(|member| role(&member.record.state.roles));
            have.map(|member| member.id).collect()
        };
        let (reporters, providers) = (with(|roles| roles.reporter), with(|roles| roles.provider));
        let services = Tree::default().grow(shape, &mut chance, &providers)?;
        let mut ranked: Vec<_> = services.iter().map(|service| service.id).collect();
        ranked.shuffle(&mut chance);
        Ok(Self {
            popularity: Zipf::new(f64::from(shape.services), POPULARITY)?,
            loudness: Zipf::new(f64::from(u32::try_from(reporters.len())?), LOUDNESS)?,
            arbiters: with(|roles| roles.arbiter),
            services,
            organisations,
            reporters,
            ranked,
        })
    }

    /// A service on which an incident is opened at a block, by popularity.
    pub fn drawn_service(&self, chance: &mut ChaCha8Rng, block: BlockNumber) -> &Watched {
        let open = |id: &ServiceId| {
            let service = self.services.get(id.0 as usize);
            service.filter(|service| service.is_open_at(block))
        };
        let drawn = (0..16).find_map(|_| open(ranked(&self.popularity, &self.ranked, chance)?));
        // The first is there from the beginning and is never retired.
        drawn.unwrap_or(&self.services[0])
    }

    /// An organisation that reports, by loudness.
    pub fn drawn_reporter(&self, chance: &mut ChaCha8Rng) -> Option<OrganisationId> {
        ranked(&self.loudness, &self.reporters, chance).copied()
    }
}

/// One of a list, by its rank.
fn ranked<'a, T>(ranks: &Zipf<f64>, of: &'a [T], chance: &mut ChaCha8Rng) -> Option<&'a T> {
    // A rank is a whole number from 1 on.
    of.get((ranks.sample(chance) as usize).checked_sub(1)?)
}

/// When the one of this number comes: so many in ten are there from the first block on, the others come one after another
/// in the first half.
fn arrival(shape: &Shape, number: u32, of: u32, early: u32) -> BlockNumber {
    let first = of.saturating_mul(early) / 10;
    let late = u64::from(number.saturating_sub(first.saturating_sub(1)));
    let block = late * u64::from(shape.blocks / 2) / u64::from((of - first).max(1));
    u32::try_from(block).unwrap_or(shape.blocks)
}

/// Of ten, six report, three run services and one rules on disputes.
fn member(shape: &Shape, id: OrganisationId) -> Result<Member> {
    let place = id.0 % 10;
    let roles = Roles {
        reporter: place < 6,
        provider: (6..9).contains(&place),
        arbiter: place == 9,
    };
    // Every second one of the reporters of later tens counts with the one before it, and one group has four members.
    let group = match (id.0, place) {
        (10..=13, _) => 10,
        (20.., 1 | 3 | 5) => id.0 - 1,
        _ => id.0,
    };
    let block = arrival(shape, id.0, shape.organisations, 7);
    let admitted = Entry {
        block,
        at: shape.time(block),
        action: faultline_primitives::organisation::Action::Admitted(Admission {
            name: text(&format!("Organisation {id}"))?,
            url: text(&format!("https://organisation-{id}.example"))?,
            roles,
            group: GroupId(group),
            admin: Account([0xad; 32]),
            quota: Quota {
                burst: 1_000,
                per_block: 100,
            },
        }),
    };
    let record = Record::open(id, &admitted).map_err(|why| anyhow!("{why:?}"))?;
    Ok(Member { id, record })
}

/// Services as they come: each a component of one before it, or the first of its name.
#[derive(Default)]
struct Tree {
    grown: Vec<Watched>,
    // Of each, how deep it lies and how many components it has.
    depths: Vec<(usize, usize)>,
    tops: usize,
}

impl Tree {
    fn grow(
        mut self,
        shape: &Shape,
        chance: &mut ChaCha8Rng,
        providers: &[OrganisationId],
    ) -> Result<Vec<Watched>> {
        for number in 0..shape.services {
            let block = arrival(shape, number, shape.services, 8);
            let parent = self.parent(chance);
            let slug = self.slug(parent);
            let above = parent.and_then(|parent| self.grown.get(parent));
            let provider = match above {
                Some(above) if chance.random_bool(0.95) => above.provider_at(block),
                _ if chance.random_bool(0.7) => providers.choose(chance).copied(),
                _ => None,
            };
            let registration = Registration {
                name: text(&slug.replace(['/', '-'], " "))?,
                url: text(&format!("https://{}.example", slug.replace('/', ".")))?,
                slug: text(&slug)?,
                parent: above.map(|above| above.id),
                provider,
                listed: chance.random_bool(0.85),
                by: (block > 0).then_some(OrganisationId(0)),
            };
            let depth = parent.and_then(|parent| self.depths.get_mut(parent));
            let depth = depth.map_or(0, |(depth, components)| {
                *components += 1;
                *depth + 1
            });
            self.depths.push((depth, 0));
            let first = Entry {
                block,
                at: shape.time(block),
                action: Action::Registered(registration),
            };
            self.grown
                .push(lived(shape, chance, ServiceId(number), first, providers)?);
        }
        Ok(self.grown)
    }

    /// The place of the service that the next is a component of.
    fn parent(&self, chance: &mut ChaCha8Rng) -> Option<usize> {
        if self.grown.is_empty() || chance.random_bool(0.18) {
            return None;
        }
        let drawn = chance.random_range(0..self.grown.len());
        self.depths
            .get(drawn)
            .is_some_and(|(depth, _)| *depth < 2)
            .then_some(drawn)
    }

    fn slug(&mut self, parent: Option<usize>) -> String {
        let Some(((depth, components), above)) = parent.and_then(|parent| {
            let above = self.grown.get(parent)?;
            Some((*self.depths.get(parent)?, above.record.state.slug.to_string()))
        }) else {
            let number = self.tops;
            self.tops += 1;
            return top(number);
        };
        let parts: &[&str] = if depth == 0 { &PRODUCTS } else { &REGIONS };
        let part = parts[components % parts.len()];
        match components / parts.len() {
            0 => format!("{above}/{part}"),
            more => format!("{above}/{part}-{more}"),
        }
    }
}

/// The name of a service that is no component: some begin with the name of another.
fn top(number: usize) -> String {
    let syllable = |at: usize| SYLLABLES[at % SYLLABLES.len()];
    let mut name = format!("{}{}", syllable(number), syllable(number / 20 + 7));
    if number >= 400 {
        name += syllable(number / 400);
    }
    if number % 9 == 8 {
        // What is written behind a slash comes before this in order.
        name = format!("{}-x", top(number - 8));
    }
    name
}

/// A service with all that happens to it after it was registered.
fn lived(
    shape: &Shape,
    chance: &mut ChaCha8Rng,
    id: ServiceId,
    first: Entry<Action>,
    providers: &[OrganisationId],
) -> Result<Watched> {
    let registered = first.block;
    let mut record = Record::<Service>::open(id, &first).map_err(|why| anyhow!("{why:?}"))?;
    let mut later = Vec::new();
    let at = |chance: &mut ChaCha8Rng| chance.random_range(registered.max(1)..=shape.blocks);
    if chance.random_bool(0.3) {
        let (name, url) = (text("Known by another name")?, record.state.url.clone());
        later.push((at(chance), Action::Described { name, url }));
    }
    if chance.random_bool(0.2) {
        later.push((at(chance), Action::ListedSet(!record.state.listed)));
    }
    if chance.random_bool(0.1) {
        let provider = providers
            .choose(chance)
            .copied()
            .filter(|_| chance.random_bool(0.8));
        later.push((at(chance), Action::ProviderSet(provider)));
    }
    if chance.random_bool(0.2) {
        let block = at(chance);
        let from = shape.time(block).after(Millis::hours(5));
        later.push((block, maintenance(from)));
    }
    if id.0 > 0 && chance.random_bool(0.05) {
        later.push((at(chance), Action::Retired));
    }
    later.sort_by_key(|(block, _)| *block);
    let mut entries = vec![first];
    for (block, action) in later {
        let entry = Entry {
            block,
            at: shape.time(block),
            action,
        };
        // Nothing happens to one that was retired.
        if let Ok(next) = record.clone().append(&entry) {
            record = next;
            entries.push(entry);
        }
    }
    Ok(Watched { id, entries, record })
}

fn maintenance(from: UnixMillis) -> Action {
    Action::MaintenanceAnnounced {
        from,
        until: from.after(Millis::hours(2)),
        text: None,
    }
}
