//! The token bucket.

use proptest::prelude::*;

use crate::{
    quota::{Quota, Spent},
    BlockNumber,
};

const QUOTA: Quota = Quota {
    burst: 10,
    per_block: 2,
};

#[test]
fn nothing_is_spent_at_first() {
    assert_eq!(Spent::default().room(QUOTA, 0), 10);
    assert_eq!(Spent::default().room(QUOTA, u32::MAX), 10);
}

#[test]
fn what_is_charged_is_spent_and_one_more_than_there_is_room_for_is_refused() {
    let spent = Spent::default().charge(QUOTA, 5, 7).unwrap();
    assert_eq!(spent, Spent { actions: 7, block: 5 });
    assert_eq!(spent.room(QUOTA, 5), 3);
    assert_eq!(spent.charge(QUOTA, 5, 4), None);
    let all = spent.charge(QUOTA, 5, 3).unwrap();
    assert_eq!(all.charge(QUOTA, 5, 1), None);
    assert_eq!(all.charge(QUOTA, 5, 0), Some(all));
}

#[test]
fn so_many_actions_come_back_with_each_block_up_to_the_burst() {
    let spent = Spent::default().charge(QUOTA, 5, 9).unwrap();
    let room: Vec<_> = (5..12).map(|now| spent.room(QUOTA, now)).collect();
    assert_eq!(room, [1, 3, 5, 7, 9, 10, 10]);
    assert_eq!(spent.charge(QUOTA, 7, 1), Some(Spent { actions: 6, block: 7 }));
}

#[test]
fn a_quota_of_nothing_takes_nothing() {
    let none = Quota {
        burst: 0,
        per_block: 0,
    };
    assert_eq!(Spent::default().charge(none, 9, 1), None);
    assert_eq!(none.share(3), none);
}

#[test]
fn a_lowered_quota_leaves_no_room_and_breaks_nothing() {
    let spent = Spent::default().charge(QUOTA, 5, 9).unwrap();
    let lower = Quota {
        burst: 3,
        per_block: 1,
    };
    assert_eq!(spent.room(lower, 5), 0);
    assert_eq!(spent.room(lower, 12), 1);
}

#[test]
fn a_share_is_an_equal_part_but_at_least_one_action() {
    let quota = |burst, per_block| Quota { burst, per_block };
    assert_eq!(QUOTA.share(0), QUOTA);
    assert_eq!(QUOTA.share(1), QUOTA);
    assert_eq!(QUOTA.share(3), quota(3, 1));
    assert_eq!(QUOTA.share(u32::MAX), quota(1, 1));
    assert_eq!(quota(5, 0).share(2), quota(2, 0));
}

proptest! {
    #![proptest_config(super::random::config())]

    #[test]
    fn in_no_window_is_more_spent_than_the_burst_and_what_comes_back(
        burst in 0u32..50,
        per_block in 0u32..5,
        charges in prop::collection::vec((0u32..4, 0u32..20), 1..40),
    ) {
        let quota = Quota { burst, per_block };
        let mut spent = Spent::default();
        let mut now: BlockNumber = 0;
        let mut taken: Vec<(BlockNumber, u32)> = vec![];
        for (blocks, cost) in charges {
            now += blocks;
            let room = spent.room(quota, now);
            match spent.charge(quota, now, cost) {
                Some(next) => {
                    prop_assert!(cost <= room);
                    prop_assert_eq!(next.room(quota, now), room - cost);
                    spent = next;
                    taken.push((now, cost));
                }
                None => prop_assert!(cost > room),
            }
        }
        for (first, (from, _)) in taken.iter().enumerate() {
            let mut sum = 0;
            for (to, cost) in &taken[first..] {
                sum += cost;
                prop_assert!(sum <= burst + (to - from) * per_block);
            }
        }
    }

    #[test]
    fn waiting_never_leaves_less_room(
        burst: u32, per_block: u32, actions: u32, block: u32, now: u32, wait: u32,
    ) {
        let quota = Quota { burst, per_block };
        let spent = Spent { actions, block };
        prop_assert!(spent.room(quota, now) <= spent.room(quota, now.saturating_add(wait)));
        prop_assert!(spent.room(quota, now) <= burst);
    }

    #[test]
    fn shares_together_are_no_more_than_the_whole_while_there_is_one_action_for_each(
        burst: u32, per_block: u32, keys in 1u32..=16,
    ) {
        let share = Quota { burst, per_block }.share(keys);
        prop_assert!(u64::from(share.burst) * u64::from(keys) <= u64::from(burst.max(keys)));
        prop_assert!(u64::from(share.per_block) * u64::from(keys) <= u64::from(per_block.max(keys)));
    }

    #[test]
    fn charging_never_panics_whatever_the_numbers(
        burst: u32, per_block: u32, actions: u32, block: u32, now: u32, cost: u32,
    ) {
        let quota = Quota { burst, per_block };
        if let Some(next) = (Spent { actions, block }).charge(quota, now, cost) {
            prop_assert!(next.actions <= burst);
        }
    }
}
