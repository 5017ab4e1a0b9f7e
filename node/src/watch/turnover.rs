//! What changes in the set of validators.

use std::fmt;

use super::ask::{Validator, Validators};

/// A change in the set of validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It makes blocks and votes from this session on.
    Entered,
    /// It did until the last session.
    Left,
    /// It makes no more blocks in this session, as it voted twice.
    Disabled,
}

/// What changed from one set to the next, by organisation.
pub fn changes(before: &Validators, after: &Validators) -> Vec<(u32, Change)> {
    let was = |organisation: u32, what: fn(&Validator) -> bool| {
        let mut list = before.list.iter();
        list.any(|validator| validator.organisation == organisation && what(validator))
    };
    let stays = |organisation: u32| {
        let mut list = after.list.iter();
        list.any(|validator| validator.organisation == organisation && validator.active)
    };
    let left = before
        .list
        .iter()
        .filter(|validator| validator.active && !stays(validator.organisation))
        .map(|validator| (validator.organisation, Change::Left));
    let entered = after
        .list
        .iter()
        .filter(|validator| validator.active && !was(validator.organisation, |validator| validator.active))
        .map(|validator| (validator.organisation, Change::Entered));
    let disabled = after
        .list
        .iter()
        .filter(|validator| {
            validator.disabled && !was(validator.organisation, |validator| validator.disabled)
        })
        .map(|validator| (validator.organisation, Change::Disabled));
    left.chain(entered).chain(disabled).collect()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entered => "is a validator from this session on",
            Self::Left => "is no longer a validator",
            Self::Disabled => {
                "is disabled for this session: it voted twice, as two nodes with one key do. The council is asked to \
                 remove it"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(active: &[u32], disabled: &[u32]) -> Validators {
        let list = active.iter().map(|organisation| Validator {
            organisation: *organisation,
            approved: true,
            active: true,
            queued: true,
            disabled: disabled.contains(organisation),
            aura: None,
            grandpa: None,
        });
        Validators {
            next_session: 0,
            list: list.collect(),
        }
    }

    #[test]
    fn who_enters_leaves_or_is_disabled_is_told_once() {
        let (before, after) = (set(&[0, 1, 2], &[]), set(&[0, 2, 3], &[2]));
        assert_eq!(
            changes(&before, &after),
            [(1, Change::Left), (3, Change::Entered), (2, Change::Disabled)]
        );
        assert_eq!(changes(&after, &after), []);
    }

    #[test]
    fn whoever_leaves_the_list_altogether_has_left() {
        assert_eq!(changes(&set(&[0, 1], &[]), &set(&[0], &[])), [(1, Change::Left)]);
    }
}
