//! The council and its log in words.

use faultline_rpc::view::{ActEntryView, ConsortiumActionView, CouncilView};

use super::council_acts;
use crate::output;

/// The council.
pub fn show(data: &CouncilView) -> String {
    let seats = data.seats.iter().map(|seat| {
        vec![
            seat.organisation.to_string(),
            seat.name.clone(),
            seat.key.to_string(),
        ]
    });
    let mut text = output::table(&["SEAT", "NAME", "VOTES BY"], seats);
    if data.motions.is_empty() {
        text += "\nNo motion is open.\n";
    } else {
        let list = |organisations: &[faultline_primitives::OrganisationId]| {
            let numbers: Vec<_> = organisations.iter().map(ToString::to_string).collect();
            output::or_dash((!numbers.is_empty()).then(|| numbers.join(", ")))
        };
        let rows = data.motions.iter().map(|motion| {
            vec![
                motion.number.to_string(),
                motion
                    .act
                    .as_ref()
                    .map_or_else(|| "nothing that the council may do".into(), council_acts::words),
                motion.threshold.to_string(),
                list(&motion.ayes),
                list(&motion.nays),
                motion.open_until.to_string(),
            ]
        });
        text += &format!(
            "\n{}",
            output::table(
                &["MOTION", "TO", "WANTS AYES", "AYES", "NAYS", "UNTIL BLOCK"],
                rows
            )
        );
    }
    if !data.paused.is_empty() {
        text += &format!("\nPaused: {}\n", data.paused.join(", "));
    }
    for accused in &data.accused {
        text += &format!(
            "\nThe validator of organisation {} voted twice in session {}: `faultline council propose remove-validator {0}`.\n",
            accused.validator, accused.session
        );
    }
    let upgrade = data
        .upgrade
        .map(|upgrade| format!("{}, from {} on", upgrade.code, upgrade.due));
    format!(
        "{text}\n{}",
        output::fields([
            ("fewest validators", data.floor.to_string()),
            ("authorized runtime", output::or_dash(upgrade)),
            ("latest checkpoint", output::or_dash(data.checkpoint)),
            ("log", output::log(data.entries, data.head)),
        ])
    )
}

/// The entries of its log.
pub fn acts(entries: &[ActEntryView]) -> String {
    let rows = entries.iter().map(|entry| {
        let (what, votes) = act(&entry.action);
        vec![
            entry.number.to_string(),
            entry.block.to_string(),
            output::or_dash(entry.recorded_at),
            what,
            votes,
        ]
    });
    output::table(&["ENTRY", "BLOCK", "RECORDED", "ACT", "AYES"], rows)
}

/// What an entry of its log says, and how many seats were for it.
pub fn act(action: &ConsortiumActionView) -> (String, String) {
    match action {
        ConsortiumActionView::Founded {
            organisations,
            validators,
            ..
        } => (
            format!(
                "the chain begins with {} seats and {} validators",
                organisations.len(),
                validators.len()
            ),
            "-".into(),
        ),
        ConsortiumActionView::Equivocated { validator, session } => (
            format!("the validator of organisation {validator} voted twice in session {session}"),
            "-".into(),
        ),
        ConsortiumActionView::Upgraded { code, spec_version } => {
            (format!("runtime {spec_version} is in place: {code}"), "-".into())
        }
        ConsortiumActionView::Checkpointed(checkpoint) => (format!("checkpoint {checkpoint}"), "-".into()),
        ConsortiumActionView::Enacted { act, ayes, seats } => {
            (council_acts::words(act), format!("{ayes} of {seats}"))
        }
    }
}
