//! Bytes that nobody encoded, and such as were damaged: decoded or refused, folded or refused. Nothing may panic.

use codec::{Decode, Encode};
use proptest::{
    prelude::*,
    sample::{select, Index},
};

use super::{
    fixtures::*,
    random::{config, play, rules, words},
};
use crate::{
    incident::{Action, Incident},
    log::Fold,
    organisation::{self, Organisation},
    service::{self, Service},
    Entry, Millis, OrganisationId, Record, ServiceId,
};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_are_decoded_or_refused_and_never_panic(
        // Small ones mostly, and two of the right size: indices and short lengths, so that more of it decodes.
        mut bytes in prop::collection::vec(prop_oneof![3 => 0u8..3, 1 => any::<u8>()], 0..400),
        (variant, affiliated) in (0u8..10, 0u8..3),
    ) {
        for (place, byte) in [(12, variant), (21, affiliated)] {
            bytes.get_mut(place).into_iter().for_each(|known| *known = byte);
        }
        if let Ok(entry) = Entry::<Action>::decode(&mut &bytes[..]) {
            let _ = Incident::open(ID, &entry);
            let _ = confirmed().incident().clone().apply(3, &entry);
        }
        if let Ok(entry) = Entry::<organisation::Action>::decode(&mut &bytes[..]) {
            let _ = Organisation::open(OrganisationId(0), &entry);
        }
        if let Ok(entry) = Entry::<service::Action>::decode(&mut &bytes[..]) {
            let _ = Service::open(ServiceId(0), &entry);
        }
        let _ = Record::<Incident>::decode(&mut &bytes[..]);
        let _ = Record::<Organisation>::decode(&mut &bytes[..]);
        let _ = Record::<Service>::decode(&mut &bytes[..]);
    }

    #[test]
    fn a_damaged_entry_is_folded_or_refused_and_never_panics(
        rules in rules(), words in words(),
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        cut in select(&[0usize, 1, 7, 40][..]),
    ) {
        let history = play(rules, &words);
        prop_assume!(history.record.is_some());
        for entry in &history.entries {
            let mut bytes = entry.encode();
            for (place, byte) in &damage {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            bytes.truncate(bytes.len() - cut);
            if let Ok(damaged) = Entry::<Action>::decode(&mut &bytes[..]) {
                let _ = Incident::open(ID, &damaged);
                let _ = history.incident().clone().apply(u32::MAX, &damaged);
                let _ = history.record.clone().unwrap().append(&damaged);
            }
        }
    }

    #[test]
    fn a_damaged_record_is_folded_on_or_refused_and_never_panics(
        rules in rules(), words in words(), more in words(),
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let history = play(rules, &words);
        let Some(record) = &history.record else { return Ok(()) };
        let mut bytes = record.encode();
        for (place, byte) in &damage {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        let Ok(damaged) = Record::<Incident>::decode(&mut &bytes[..]) else { return Ok(()) };
        let mut now = record.at;
        let mut entries = play(rules, &more).entries;
        entries.truncate(12);
        let mut state = damaged.state.clone();
        let mut damaged = Some(damaged);
        for entry in &entries {
            damaged = damaged.and_then(|damaged| damaged.append(entry).ok());
            if let Ok(next) = state.clone().apply(u32::MAX, entry) {
                state = next;
            }
            now = now.after(Millis::hours(1));
            state.at(now).is_open();
            state.candidate().takes(&span(min(0), now), now);
        }
    }
}
