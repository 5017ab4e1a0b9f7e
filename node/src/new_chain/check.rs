//! Whether the file makes sense: every name is one that is there, every key is one, and none is there twice.

use std::collections::{BTreeMap, HashMap};

use faultline_primitives::{rules::Rules as Standard, service::is_slug};
use sc_network::config::MultiaddrWithPeerId;
use toml::Spanned;

use super::{
    faults::{Collector, Fault},
    file::{File, Organisation, Role, Service, Validator},
};
use crate::{public_key, well_known::WellKnown};

/// Most bytes of a name, of an address on the web, of a label and of a slug: the runtime takes no more.
const NAME: usize = 64;
const URL: usize = 128;
const LABEL: usize = 32;

/// What the file's names and keys stand for.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The number of each organisation, by handle.
    pub numbers: HashMap<String, u32>,
    /// The number of each organisation's group, in order.
    pub groups: Vec<Option<u32>>,
    /// The keys of each organisation, in order: its admin's and its reporters'.
    pub keys: Vec<([u8; 32], Vec<[u8; 32]>)>,
    /// The validators, in order of their organisations' numbers.
    pub validators: BTreeMap<u32, Session>,
    /// The seats, in order.
    pub seats: Vec<u32>,
    /// Where to find the first peers.
    pub boot_nodes: Vec<MultiaddrWithPeerId>,
    /// What is no fault, and yet to be thought about.
    pub warnings: Vec<String>,
}

/// The keys of a validator.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// By which it makes blocks.
    pub aura: [u8; 32],
    /// By which it makes them final.
    pub grandpa: [u8; 32],
}

/// Looks through the whole file.
///
/// # Errors
///
/// All that is wrong with it.
pub fn check(text: &str, file: &File) -> Result<Checked, Vec<Fault>> {
    let mut checker = Checker {
        faults: Collector::new(text),
        known: WellKnown::all(),
        seen: HashMap::new(),
        checked: Checked::default(),
    };
    checker.names(file);
    checker.organisations(&file.organisations);
    checker.council(&file.council);
    checker.validators(&file.validators);
    checker.services(&file.services);
    checker.numbers(file);
    let faults = checker.faults.finish();
    match faults.is_empty() {
        true => Ok(checker.checked),
        false => Err(faults),
    }
}

struct Checker<'a> {
    faults: Collector<'a>,
    known: WellKnown,
    /// Where each key stands first.
    seen: HashMap<[u8; 32], (usize, String)>,
    checked: Checked,
}

impl Checker<'_> {
    fn names(&mut self, file: &File) {
        self.text("name", &file.name, NAME);
        self.id("id", &file.id);
        if let Some(protocol) = &file.protocol_id {
            self.id("protocol-id", protocol);
        }
        for address in &file.boot_nodes {
            match address.get_ref().parse() {
                Ok(address) => self.checked.boot_nodes.push(address),
                Err(error) => self.faults.add(
                    address.span().start,
                    "boot-nodes",
                    format!(
                        "`{}` is no address of a node ({error}): write /dns/HOST/tcp/PORT/p2p/PEER, where PEER is what \
                         `faultline-node key inspect-node-key --file FILE` prints",
                        address.get_ref()
                    ),
                ),
            }
        }
        if file.boot_nodes.is_empty() {
            self.checked
                .warnings
                .push("there are no boot-nodes: each node must be told of another by --bootnodes".into());
        }
    }

    fn id(&mut self, field: &str, id: &Spanned<String>) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let text = id.get_ref();
        if text.is_empty() || text.len() > NAME || !text.chars().all(fits) {
            self.faults.add(
                id.span().start,
                field,
                format!("`{text}` is none: write 1 to {NAME} of the letters a to z, digits, - and _"),
            );
        }
    }

    fn text(&mut self, field: &str, text: &Spanned<String>, most: usize) {
        let length = text.get_ref().len();
        if text.get_ref().trim().is_empty() {
            self.faults
                .add(text.span().start, field, "it is empty: write something");
        } else if length > most {
            self.faults.add(
                text.span().start,
                field,
                format!("it has {length} bytes: write {most} at most"),
            );
        }
    }

    /// A key that is nobody else's, and not everybody's.
    fn key(&mut self, field: &str, key: &Spanned<String>, make: &str) -> Option<[u8; 32]> {
        let at = key.span().start;
        let bytes = match public_key::parse(key.get_ref()) {
            Ok(bytes) => bytes,
            Err(reason) => {
                self.faults.add(at, field, format!("{reason}; {make} makes one"));
                return None;
            }
        };
        if let Some(name) = self.known.name(&bytes) {
            let what = format!("this is {name}, a key that everybody has: make your own with {make}");
            self.faults.add(at, field, what);
        }
        match self.seen.get(&bytes) {
            Some((before, of)) => {
                let line = self.faults.line(*before);
                let what = format!(
                    "the same key stands in line {line} ({of}): each has one of its own; {make} makes one"
                );
                self.faults.add(at, field, what);
            }
            None => {
                self.seen.insert(bytes, (at, field.into()));
            }
        }
        Some(bytes)
    }

    fn organisations(&mut self, organisations: &[Spanned<Organisation>]) {
        let mut groups = HashMap::new();
        for (number, organisation) in (0u32..).zip(organisations) {
            let organisation = organisation.get_ref();
            let handle = organisation.handle.get_ref();
            let of = |field: &str| format!("{field} of organisation `{handle}`");
            self.id("handle of an organisation", &organisation.handle);
            if self.checked.numbers.contains_key(handle) {
                self.faults.add(
                    organisation.handle.span().start,
                    of("handle"),
                    "another has the same: give each its own",
                );
            }
            self.checked.numbers.entry(handle.clone()).or_insert(number);
            self.text(&of("name"), &organisation.name, NAME);
            if let Some(url) = &organisation.url {
                self.text(&of("url"), url, URL);
            }
            let group = organisation.group.as_ref();
            let group = group.map(|group| *groups.entry(group.clone()).or_insert(number));
            self.checked.groups.push(group);

            let make = "`faultline key new FILE`";
            let admin = self.key(&of("admin"), &organisation.admin, make);
            let mut reporters = Vec::new();
            for reporter in &organisation.reporters {
                self.text(&of("label of a reporter"), &reporter.label, LABEL);
                reporters.extend(self.key(&of("key of a reporter"), &reporter.key, make));
            }
            self.checked.keys.push((admin.unwrap_or_default(), reporters));
        }
    }

    /// The number of an organisation that the file names.
    fn number(&mut self, field: &str, handle: &Spanned<String>) -> Option<u32> {
        let number = self.checked.numbers.get(handle.get_ref()).copied();
        if number.is_none() {
            let mut known: Vec<_> = self.checked.numbers.keys().map(String::as_str).collect();
            known.sort_unstable();
            let what = format!(
                "there is no organisation `{}`: write the handle of one that is there ({})",
                handle.get_ref(),
                known.join(", ")
            );
            self.faults.add(handle.span().start, field, what);
        }
        number
    }

    fn council(&mut self, council: &[Spanned<String>]) {
        if council.is_empty() {
            self.faults.add(
                0,
                "council",
                "it is empty, and an empty council could never act: name at least one organisation, \
                 council = [\"HANDLE\"]",
            );
        }
        for seat in council {
            let Some(number) = self.number("council", seat) else {
                continue;
            };
            match self.checked.seats.binary_search(&number) {
                Ok(_) => self.faults.add(
                    seat.span().start,
                    "council",
                    format!("`{}` is there twice: each has one seat", seat.get_ref()),
                ),
                Err(place) => self.checked.seats.insert(place, number),
            }
        }
    }

    fn validators(&mut self, validators: &[Spanned<Validator>]) {
        if validators.is_empty() {
            self.faults.add(
                0,
                "validator",
                "there is none, and nobody could make the first block: write a [[validator]] with organisation, aura \
                 and grandpa for each",
            );
        }
        for spanned in validators {
            let validator = spanned.get_ref();
            let handle = validator.organisation.get_ref();
            let make = "`faultline-node session-keys new --keystore DIR`";
            let mut keys = Vec::new();
            for (kind, key) in [("aura", &validator.aura), ("grandpa", &validator.grandpa)] {
                let field = format!("{kind} of the validator of `{handle}`");
                match key {
                    Some(key) => keys.extend(self.key(&field, key, make)),
                    None => self.faults.add(
                        spanned.span().start,
                        field,
                        format!("there is no such key, and a validator without keys makes no blocks; {make} makes one"),
                    ),
                }
            }
            let Some(number) = self.number("organisation of a validator", &validator.organisation) else {
                continue;
            };
            if self.checked.validators.contains_key(&number) {
                self.faults.add(
                    validator.organisation.span().start,
                    "organisation of a validator",
                    format!("`{handle}` has another: each organisation runs one"),
                );
            }
            if let [aura, grandpa] = keys[..] {
                self.checked.validators.insert(number, Session { aura, grandpa });
            }
        }
    }

    fn services(&mut self, services: &[Spanned<Service>]) {
        let mut before: Vec<&str> = Vec::new();
        for service in services {
            let service = service.get_ref();
            let slug = service.slug.get_ref();
            let of = |field: &str| format!("{field} of service `{slug}`");
            if slug.len() > NAME || !is_slug(slug.as_bytes()) {
                self.faults.add(
                    service.slug.span().start,
                    "slug of a service",
                    format!(
                        "`{slug}` is none: write parts of a to z, digits and - joined by /, such as openai/chatgpt, in \
                         {NAME} bytes at most"
                    ),
                );
            }
            if before.contains(&slug.as_str()) {
                let at = service.slug.span().start;
                self.faults
                    .add(at, of("slug"), "another service has the same: give each its own");
            }
            self.text(&of("name"), &service.name, NAME);
            if let Some(url) = &service.url {
                self.text(&of("url"), url, URL);
            }
            if let Some(parent) = &service.parent {
                if !before.contains(&parent.get_ref().as_str()) {
                    self.faults.add(
                        parent.span().start,
                        of("parent"),
                        format!(
                            "there is no service `{}` before it: write the slug of one above",
                            parent.get_ref()
                        ),
                    );
                }
            }
            if let Some(provider) = &service.provider {
                self.number(&of("provider"), provider);
            }
            before.push(slug);
        }
    }

    fn numbers(&mut self, file: &File) {
        let validators = file.validators.len();
        if let Some(floor) = &file.floor {
            let above = usize::try_from(*floor.get_ref()).is_ok_and(|floor| floor > validators);
            if validators > 0 && (above || *floor.get_ref() == 0) {
                self.faults.add(
                    floor.span().start,
                    "floor",
                    format!("there are {validators} validators: write a number from 1 to {validators}"),
                );
            }
        }
        if (1..4).contains(&validators) {
            self.checked.warnings.push(format!(
                "there are {validators} validators: when one is down nothing becomes final; with four or more it goes on"
            ));
        }
        // An organisation without a group is one of its own.
        let mut reporting: Vec<_> = (0u32..)
            .zip(&file.organisations)
            .zip(&self.checked.groups)
            .filter(|((_, organisation), _)| organisation.get_ref().roles.contains(&Role::Reporter))
            .map(|((number, _), group)| group.unwrap_or(number))
            .collect();
        reporting.sort_unstable();
        reporting.dedup();
        let quorum = file.rules.quorum.as_ref();
        let quorum = quorum.map_or(Standard::standard().quorum, |quorum| *quorum.get_ref());
        if reporting.len() < usize::from(quorum) {
            self.checked.warnings.push(format!(
                "{} groups may report and the quorum is {quorum}: nothing is confirmed until the council admits more",
                reporting.len()
            ));
        }
    }
}
