//! What a block's transactions came to, read from its events.

use std::collections::BTreeMap;

use faultline_runtime::{Hash, RuntimeError, RuntimeEvent};
use sp_runtime::{
    codec::{self, Decode, Encode},
    scale_info::{form::PortableForm, meta_type, PortableRegistry, Registry, TypeDef, TypeInfo, Variant},
    DispatchError, ModuleError,
};

/// What a block's transactions came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Entries appended to the logs of incidents.
    pub entries: u64,
    /// What was refused, by cause.
    pub refused: BTreeMap<String, u64>,
}

/// When in a block an event came about: what stands before each event.
#[derive(Decode)]
#[codec(crate = codec)]
enum Phase {
    ApplyExtrinsic(#[allow(dead_code)] u32),
    Finalization,
    Initialization,
}

/// The names of events and errors, by the numbers of their pallets and their own.
pub struct Names {
    events: BTreeMap<(u8, u8), (String, String)>,
    errors: BTreeMap<(u8, u8), String>,
}

impl Names {
    /// Those of the runtime that this program was built with.
    pub fn new() -> Self {
        Self {
            events: names::<RuntimeEvent, _>(|pallet, event| (pallet.into(), event.into())),
            errors: names::<RuntimeError, _>(|pallet, error| format!("{pallet}.{error}")),
        }
    }

    /// What came of the transactions of a block, from its events as they are stored.
    ///
    /// # Errors
    ///
    /// Events of another runtime.
    pub fn outcome(&self, events: &[u8]) -> Result<Outcome, codec::Error> {
        let mut outcome = Outcome::default();
        if events.is_empty() {
            return Ok(outcome);
        }
        let events = Vec::<(Phase, RuntimeEvent, Vec<Hash>)>::decode(&mut &*events)?;
        for (_, event, _) in events {
            let bytes = event.encode();
            let [pallet, event, fields @ ..] = bytes.as_slice() else {
                continue;
            };
            let name = self.events.get(&(*pallet, *event));
            match name.map(|(pallet, event)| (pallet.as_str(), event.as_str())) {
                Some(("Incidents", "Recorded")) => outcome.entries += 1,
                Some(("System", "ExtrinsicFailed")) => {
                    outcome.refuse(self.cause(DispatchError::decode(&mut &*fields)?));
                }
                Some(("Incidents", "ReportsRefused")) => {
                    for (_place, why) in Vec::<(u32, DispatchError)>::decode(&mut &*fields)? {
                        outcome.refuse(self.cause(why));
                    }
                }
                _ => {}
            }
        }
        Ok(outcome)
    }

    /// The name of an error of a pallet that is named.
    pub fn error(&self, pallet: &str, error: u8) -> Option<&str> {
        let prefix = format!("{pallet}.");
        let mut errors = self.errors.iter();
        errors
            .find(|((_, number), name)| *number == error && name.starts_with(&prefix))
            .map(|(_, name)| name.as_str())
    }

    fn cause(&self, error: DispatchError) -> String {
        match error {
            DispatchError::Module(ModuleError { index, error, .. }) => {
                let [error, ..] = error;
                let name = self.errors.get(&(index, error)).cloned();
                name.unwrap_or_else(|| format!("{index}.{error}"))
            }
            // What it says is not stored.
            DispatchError::Other(_) => "Other".into(),
            other => format!("{other:?}"),
        }
    }
}

impl Outcome {
    fn refuse(&mut self, cause: String) {
        *self.refused.entry(cause).or_default() += 1;
    }
}

/// The names in an enum of enums: of pallets, and of what each of them has.
fn names<T: TypeInfo + 'static, N>(name: impl Fn(&str, &str) -> N) -> BTreeMap<(u8, u8), N> {
    let mut registry = Registry::new();
    let outer = registry.register_type(&meta_type::<T>());
    let registry = PortableRegistry::from(registry);

    let mut names = BTreeMap::new();
    for pallet in variants(&registry, outer.id) {
        let inner = pallet.fields.first().map(|field| field.ty.id);
        for inner in inner.into_iter().flat_map(|inner| variants(&registry, inner)) {
            names.insert((pallet.index, inner.index), name(&pallet.name, &inner.name));
        }
    }
    names
}

fn variants(registry: &PortableRegistry, id: u32) -> &[Variant<PortableForm>] {
    match registry.resolve(id).map(|found| &found.type_def) {
        Some(TypeDef::Variant(found)) => &found.variants,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of an event or an error, by name.
    fn numbers<N: PartialEq>(names: &BTreeMap<(u8, u8), N>, name: N) -> (u8, u8) {
        let found = names.iter().find(|(_, found)| **found == name);
        found.map(|(numbers, _)| *numbers).expect("the runtime has it")
    }

    fn error(names: &Names, name: &str) -> DispatchError {
        let (index, error) = numbers(&names.errors, name.into());
        DispatchError::Module(ModuleError {
            index,
            error: [error, 0, 0, 0],
            message: None,
        })
    }

    /// One event, as a block holds it: its phase, its numbers, its fields, and no topics.
    fn event(names: &Names, pallet: &str, event: &str, fields: Vec<u8>) -> Vec<u8> {
        let (pallet, event) = numbers(&names.events, (pallet.into(), event.into()));
        [vec![0, 7, 0, 0, 0, pallet, event], fields, vec![0]].concat()
    }

    fn block(events: &[Vec<u8>]) -> Vec<u8> {
        let count = codec::Compact(u32::try_from(events.len()).expect("a test has few events"));
        [count.encode(), events.concat()].concat()
    }

    #[test]
    fn entries_are_counted_and_refusals_by_their_names() {
        let names = Names::new();
        // Weight, class, and whether a fee is paid: what stands behind the error of a failed call.
        let info = [
            codec::Compact(1u64).encode(),
            codec::Compact(1u64).encode(),
            vec![0, 0],
        ]
        .concat();
        let failed = |why: DispatchError| {
            event(
                &names,
                "System",
                "ExtrinsicFailed",
                [why.encode(), info.clone()].concat(),
            )
        };
        let recorded = event(&names, "Incidents", "Recorded", (1u64, 0u32, 2u32, 3u32).encode());
        let settled = error(&names, "Incidents.Settled");
        let refused = vec![(0u32, settled), (3, error(&names, "Incidents.NoSuchService"))];
        let events = [
            recorded.clone(),
            failed(settled),
            recorded,
            failed(DispatchError::BadOrigin),
            event(&names, "Incidents", "ReportsRefused", refused.encode()),
        ];

        let outcome = names
            .outcome(&block(&events))
            .expect("they are this runtime's events");
        let expected = [
            ("BadOrigin", 1),
            ("Incidents.NoSuchService", 1),
            ("Incidents.Settled", 2),
        ];
        assert_eq!(outcome.entries, 2);
        assert_eq!(
            outcome.refused,
            expected.map(|(cause, times)| (cause.into(), times)).into()
        );
    }

    #[test]
    fn a_block_without_events_came_to_nothing_and_another_runtimes_events_are_an_error() {
        let names = Names::new();
        assert_eq!(
            names.outcome(&[]).expect("no events are events"),
            Outcome::default()
        );
        assert!(names.outcome(&block(&[vec![0, 7, 0, 0, 0, 255, 0, 0]])).is_err());
    }
}
