//! What the heads promise: a list of entries is whole, in order, and as it was recorded.

use codec::{Decode, Encode, MaxEncodedLen};
use proptest::{prelude::*, sample::Index};

use super::{
    fixtures::*,
    random::{config, play, rules, words},
};
use crate::{
    incident::{Action, Incident, Refusal},
    log::{chain, empty, Unfit, What},
    Entry, Record, UnixMillis,
};

fn replay(entries: &[Entry<Action>]) -> Option<Result<Record<Incident>, Unfit<Refusal>>> {
    Record::replay(ID, entries)
}

/// Whether a log that is not the history's own is told from it: refused, or under another head.
fn told_apart(history: &History, entries: &[Entry<Action>]) -> bool {
    match replay(entries) {
        None | Some(Err(_)) => true,
        Some(Ok(record)) => record.head != history.record.as_ref().unwrap().head,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn replaying_the_entries_gives_the_record_byte_for_byte(rules in rules(), words in words()) {
        let history = play(rules, &words);
        let Some(record) = &history.record else { return Ok(()) };
        let replayed = replay(&history.entries).unwrap().unwrap();
        prop_assert_eq!(replayed.encode(), record.encode());
        prop_assert_eq!(usize::try_from(record.entries).unwrap(), history.entries.len());
        let head = history.entries.iter().fold(empty(What::Incident, ID), chain);
        prop_assert_eq!(record.head, head);
        prop_assert_eq!(&Record::<Incident>::decode(&mut &record.encode()[..]).unwrap(), record);
        prop_assert!(record.encoded_size() <= Record::<Incident>::max_encoded_len());
        for entry in &history.entries {
            prop_assert_eq!(&Entry::<Action>::decode(&mut &entry.encode()[..]).unwrap(), entry);
            prop_assert!(entry.encoded_size() <= Entry::<Action>::max_encoded_len());
        }
    }

    #[test]
    fn no_entry_can_be_dropped_unseen(rules in rules(), words in words(), which: Index) {
        let history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let mut entries = history.entries.clone();
        entries.remove(which.index(entries.len()));
        prop_assert!(told_apart(&history, &entries));
    }

    #[test]
    fn no_two_entries_can_be_swapped_unseen(
        rules in rules(), words in words(), one: Index, other: Index,
    ) {
        let history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let mut entries = history.entries.clone();
        entries.swap(one.index(history.entries.len()), other.index(history.entries.len()));
        prop_assume!(entries != history.entries);
        prop_assert!(told_apart(&history, &entries));
    }

    #[test]
    fn no_entry_can_be_slipped_in_or_said_twice_unseen(
        rules in rules(), words in words(), from: Index, to: Index,
    ) {
        let history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let mut entries = history.entries.clone();
        let copy = entries[from.index(entries.len())].clone();
        entries.insert(to.index(entries.len() + 1), copy);
        prop_assert!(told_apart(&history, &entries));
    }

    #[test]
    fn no_bit_of_an_entry_can_be_changed_unseen(
        rules in rules(), words in words(), which: Index, bit: Index,
    ) {
        let history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let mut entries = history.entries.clone();
        let which = which.index(entries.len());
        let mut bytes = entries[which].encode();
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mut rest = &bytes[..];
        if let Ok(changed) = Entry::<Action>::decode(&mut rest) {
            // Either other bytes of the same length, or what is left over gives the forgery away.
            prop_assert!(changed != entries[which] || !rest.is_empty());
            if changed != entries[which] {
                entries[which] = changed;
                prop_assert!(told_apart(&history, &entries));
            }
        }
    }

    #[test]
    fn blocks_and_times_never_decrease(
        rules in rules(), words in words(), back in 1u64..1_000_000, blocks in 1u32..5,
    ) {
        let mut history = play(rules, &words);
        let Some(record) = history.record.clone() else { return Ok(()) };
        let entry = history.entry(record.at, org(77), recovered(min(0), min(0)));
        let earlier = Entry { at: UnixMillis(record.at.0 - back), ..entry.clone() };
        prop_assert_eq!(history.try_push(earlier), Err(Unfit::Backwards));
        let lower = Entry { block: record.block.saturating_sub(blocks), ..entry };
        prop_assert_eq!(history.try_push(lower), Err(Unfit::Backwards));
        prop_assert_eq!(history.record, Some(record));
    }

    #[test]
    fn a_refused_entry_changes_nothing(rules in rules(), words in words()) {
        // `History` keeps what `append` makes and nothing else: here each word is put to the record itself.
        let taken = play(rules, &words);
        let Some(record) = &taken.record else { return Ok(()) };
        let mut again = History::under(rules);
        let mut now = START;
        let mut refused = 0;
        for word in &words {
            now = now.after(word.wait);
            let before = again.clone();
            if again.try_word(now, word).is_err() {
                refused += 1;
                prop_assert_eq!(&again.record, &before.record);
                prop_assert_eq!(&again.entries, &before.entries);
                // Refused once, refused again, for the same reason: nothing was left behind that changes it.
                prop_assert_eq!(again.clone().try_word(now, word), before.clone().try_word(now, word));
            }
        }
        prop_assert_eq!(again.entries.len() + refused, words.len());
        prop_assert_eq!(again.record.as_ref(), Some(record));
    }
}
