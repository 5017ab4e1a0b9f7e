//! An audit's report to read: a page of Markdown (CommonMark, with the tables of GitHub's).

use std::fmt::Write;

use faultline_client::audit::{ChangeView, Place, Report, SetView, Trusted};
use faultline_rpc::view::ConsortiumActionView;

use crate::noun::{council_words, incident::export::report::escaped};

/// What is checked, each time.
const CHECKED: &[&str] = &[
    "The block is final: from what was trusted on, each set of authorities was made by the one before, and the last voted \
     for it.",
    "Every record and every roll is proven by that block's state.",
    "Every log is whole: its entries chain to the head and are as many as the record counts, and none is beyond them.",
    "Folding the entries gives the record, to the byte. In it no provider, no affiliate of it and no second voice of a group \
     counts.",
    "Blocks and times never decrease, and entries of one block have one time.",
    "Nobody is left out: the rolls of organisations, services, incidents and of the incidents of each service are those of \
     their logs.",
    "Whoever spoke could: the key was the organisation's and in force, the organisation was not suspended and had the role. A \
     key is one organisation's for ever.",
    "Each entry states group and affiliation, each opening service and rules, each dispute its arbiters as they were.",
    "Every text is what its entry commits to, or was redacted by the council.",
    "What only the council does stands in its log with the votes that it takes, and what it did was done.",
    "The authorities, the runtime's code and the disabled validators are those that votes and logs lead to.",
];

/// The page.
pub fn page(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string never fails.
    let _ = head(&mut text, report)
        .and_then(|()| findings(&mut text, report))
        .and_then(|()| counted(&mut text, report))
        .and_then(|()| keepers(&mut text, report))
        .and_then(|()| runtime(&mut text, report))
        .and_then(|()| acts(&mut text, report))
        .and_then(|()| end(&mut text));
    text
}

fn head(text: &mut String, report: &Report) -> std::fmt::Result {
    let block = &report.block;
    writeln!(text, "# Audit of a Faultline chain at block {}\n", block.number)?;
    let verdict = match report.holds {
        true => "All that was checked holds.".into(),
        false => {
            let listed = u64::try_from(report.findings.len()).unwrap_or(u64::MAX);
            match listed.saturating_add(report.unlisted) {
                1 => "One thing does not hold.".into(),
                count => format!("{count} things do not hold."),
            }
        }
    };
    writeln!(text, "**{verdict}**\n")?;
    let trusted = match &report.trusted {
        Trusted::Genesis(hash) => format!("genesis hash `{hash}`"),
        Trusted::Checkpoint(checkpoint) => format!("checkpoint `{checkpoint}`"),
    };
    writeln!(text, "| | |\n| --- | --- |")?;
    writeln!(text, "| Trusted | {trusted} |")?;
    writeln!(text, "| Block | {} |", block.number)?;
    writeln!(text, "| Hash | `{}` |", block.hash)?;
    writeln!(text, "| State root | `{}` |", block.state_root)?;
    writeln!(text, "| Time (UTC) | {} |", block.at)
}

fn findings(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "\n## What does not hold\n")?;
    if report.findings.is_empty() {
        return writeln!(text, "Nothing was found.");
    }
    for finding in &report.findings {
        writeln!(text, "- {}", escaped(&finding.to_string()))?;
    }
    match report.unlisted {
        0 => Ok(()),
        more => writeln!(text, "- and {more} more."),
    }
}

fn counted(text: &mut String, report: &Report) -> std::fmt::Result {
    let incidents = &report.incidents;
    let heads = &report.heads;
    writeln!(text, "\n## What there is\n")?;
    writeln!(text, "| | Number | Head |\n| --- | --- | --- |")?;
    for (name, roll) in [
        ("Organisations", heads.organisations),
        ("Services", heads.services),
        ("Incidents", heads.incidents),
    ] {
        writeln!(text, "| {name} | {} | `{}` |", roll.count, roll.head)?;
    }
    if let Some(log) = heads.consortium {
        writeln!(
            text,
            "| Entries of the consortium's log | {} | `{}` |",
            log.entries, log.head
        )?;
    }
    writeln!(
        text,
        "\nOf the incidents {} are confirmed, {} contested and {} unconfirmed. Their logs hold {} entries with {} texts, and {} \
         texts were redacted. All logs together hold {} entries.",
        incidents.confirmed,
        incidents.contested,
        incidents.unconfirmed,
        incidents.entries,
        incidents.texts,
        incidents.redacted,
        report.entries
    )
}

fn keepers(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "\n## Who makes blocks final\n")?;
    let members = |text: &mut String, set: &SetView| -> std::fmt::Result {
        for authority in &set.authorities {
            writeln!(text, "  - `{}`, weight {}", authority.key, authority.weight)?;
        }
        Ok(())
    };
    writeln!(text, "- Set {}, trusted:", report.authorities.id)?;
    members(text, &report.authorities)?;
    for ChangeView { block, hash, set } in &report.changes {
        writeln!(text, "- Set {}, after block {block} (`{hash}`):", set.id)?;
        members(text, set)?;
    }
    let keeping = &report.keeping;
    let list = |organisations: &[faultline_primitives::OrganisationId]| match organisations {
        [] => "none".into(),
        all => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    writeln!(
        text,
        "\nIn session {} the validators are those of these organisations: {}. Disabled: {}.",
        keeping.session,
        list(&keeping.validators),
        list(&keeping.disabled)
    )
}

fn runtime(text: &mut String, report: &Report) -> std::fmt::Result {
    let keeping = &report.keeping;
    writeln!(text, "\n## The runtime\n")?;
    let code = keeping
        .code
        .map_or_else(|| "not proven".into(), |code| format!("`{code}`"));
    writeln!(
        text,
        "The code in the state is {code} (BLAKE2b-256). The block was made by {} {}.\n",
        escaped(
            keeping
                .runtime
                .as_deref()
                .unwrap_or("a runtime that does not say its name")
        ),
        keeping
            .spec_version
            .map_or_else(String::new, |version| version.to_string())
    )?;
    let mut none = true;
    for entry in &report.acts {
        if let ConsortiumActionView::Upgraded { code, spec_version } = &entry.action {
            writeln!(
                text,
                "- Block {}: version {spec_version} was put in place, `{code}`.",
                entry.block
            )?;
            none = false;
        }
    }
    if none {
        writeln!(
            text,
            "- It is the one that the chain began with, as far as the log says: none was put in place."
        )?;
    }
    match &report.upgrade {
        Some(upgrade) => writeln!(
            text,
            "- `{}` is authorized, and may be put in place from {} on.",
            upgrade.code, upgrade.due
        ),
        None => writeln!(text, "- None is authorized to take its place."),
    }
}

fn acts(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        text,
        "\n## What the council did, and what the chain saw of its keepers\n"
    )?;
    writeln!(
        text,
        "| Entry | Block | Recorded (UTC) | What | Ayes |\n| --- | --- | --- | --- | --- |"
    )?;
    for entry in &report.acts {
        let (what, ayes) = council_words::act(&entry.action);
        let at = entry.recorded_at.map_or_else(|| "-".into(), |at| at.to_string());
        writeln!(
            text,
            "| {} | {} | {at} | {} | {ayes} |",
            entry.number,
            entry.block,
            escaped(&what)
        )?;
    }
    writeln!(text, "\n## Suspensions\n")?;
    for standing in &report.suspensions {
        let what = match standing.suspended {
            true => "was suspended",
            false => "was reinstated",
        };
        writeln!(
            text,
            "- Block {} ({}): organisation {} {what}.",
            standing.block, standing.at, standing.organisation
        )?;
    }
    if report.suspensions.is_empty() {
        writeln!(text, "None.")?;
    }
    writeln!(text, "\n## Redacted texts\n")?;
    for redaction in &report.redactions {
        writeln!(
            text,
            "- {}, entry {}: {}.",
            Place::Incident(redaction.incident),
            redaction.entry,
            redaction.at
        )?;
    }
    match report.redactions.is_empty() {
        true => writeln!(text, "None."),
        false => Ok(()),
    }
}

fn end(text: &mut String) -> std::fmt::Result {
    writeln!(text, "\n## What was checked\n")?;
    for check in CHECKED {
        writeln!(text, "- {check}")?;
    }
    writeln!(
        text,
        "\n## What is assumed, and what is not proven\n\n\
         That in every set of authorities above less than a third of the weight belongs to keys whose holders would vote for \
         two histories: old keys, too, from what was trusted on. That BLAKE2b, SHA-256 and ed25519 hold.\n\n\
         Nothing is said of what came after the block, nothing of whether what the organisations said is true, and nothing of \
         what a runtime did that was put in place in between but that its logs hold together. Where two things happened in \
         one block, either may have come first."
    )
}

#[cfg(test)]
mod tests {
    use faultline_client::audit::{
        AuthorityView, BlockReport, Counted, Finding, Heads, Keeping, Kind, Redaction, RollHead, Standing,
        FORMAT,
    };
    use faultline_primitives::{Hash, IncidentId, OrganisationId, UnixMillis};
    use faultline_rpc::view::{ActEntryView, ActView, Utc};

    use super::*;

    fn set(id: u64) -> SetView {
        SetView {
            id,
            hash: Hash([2; 32]),
            authorities: vec![AuthorityView {
                key: Hash([3; 32]),
                weight: 1,
            }],
        }
    }

    fn report(findings: Vec<Finding>) -> Report {
        let at = Utc(UnixMillis(1_733_958_000_000));
        let roll = RollHead {
            count: 2,
            head: Hash([4; 32]),
        };
        Report {
            format: FORMAT,
            version: 1,
            trusted: Trusted::Genesis(Hash([1; 32])),
            block: BlockReport {
                number: 900,
                hash: Hash([5; 32]),
                state_root: Hash([6; 32]),
                at,
            },
            holds: findings.is_empty(),
            organisations: 2,
            services: 2,
            incidents: Counted::default(),
            entries: 4,
            heads: Heads {
                organisations: roll,
                services: roll,
                incidents: roll,
                consortium: None,
            },
            authorities: set(0),
            changes: vec![ChangeView {
                block: 600,
                hash: Hash([7; 32]),
                set: set(1),
            }],
            keeping: Keeping {
                code: Some(Hash([8; 32])),
                runtime: Some("faultline".into()),
                spec_version: Some(1),
                session: 3,
                validators: vec![OrganisationId(0), OrganisationId(1)],
                disabled: vec![OrganisationId(1)],
            },
            upgrade: None,
            acts: vec![ActEntryView {
                number: 1,
                block: 40,
                recorded_at: Some(at),
                action: ConsortiumActionView::Enacted {
                    act: ActView::Admit {
                        name: "A | *B*".into(),
                        admin: faultline_primitives::Account([9; 32]),
                    },
                    ayes: 2,
                    seats: 3,
                },
            }],
            suspensions: vec![Standing {
                organisation: OrganisationId(1),
                suspended: true,
                block: 41,
                at,
            }],
            redactions: vec![Redaction {
                incident: IncidentId(7),
                entry: 2,
                at,
            }],
            findings,
            unlisted: 0,
        }
    }

    #[test]
    fn a_page_says_what_holds_and_lists_what_could_have_bent_the_rules() {
        let page = page(&report(vec![]));
        for words in [
            "**All that was checked holds.**",
            "Nothing was found.",
            "- Set 1, after block 600",
            "Disabled: 1.",
            "- Block 41 (2024-12-11T23:00:00Z): organisation 1 was suspended.",
            "- incident 7, entry 2: 2024-12-11T23:00:00Z.",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    #[test]
    fn a_page_names_what_does_not_hold_and_keeps_the_words_of_others_harmless() {
        let finding = Finding {
            of: Place::Incident(IncidentId(7)),
            entry: Some(2),
            block: Some(500),
            kind: Kind::Text,
            what: "the text is [not](there)".into(),
        };
        let page = page(&report(vec![finding]));
        for words in [
            "**One thing does not hold.**",
            r"- incident 7, entry 2 (block 500): the text is \[not\](there)",
            r#"admit "A \| \*B\*""#,
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}
