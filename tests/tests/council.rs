//! What the council does, from the command line, on a chain of one validator. Its seats are those of organisations 0,
//! 1 and 5, whose admin keys are those of alice, bob and ferdie.

use anyhow::{Context, Result};
use faultline_tests::Chain;
use serde_json::{json, Value};

#[test]
fn the_council_admits_seats_and_suspends_an_organisation_and_its_log_says_so() -> Result<()> {
    let chain = Chain::new()?;
    let folder = chain.node.folder();
    let (admin, reporter) = (folder.join("admin.key"), folder.join("reporter.key"));
    let public = |path: &std::path::Path| -> Result<String> {
        let made = chain.data(&["key", "new", &path.display().to_string()])?;
        Ok(made["publicKey"].as_str().context("a public key")?.into())
    };
    let (admin_key, reporter_key) = (public(&admin)?, public(&reporter)?);

    let entry = chain.enacted(&[
        "admit",
        "Wide Area Watch",
        "--role",
        "reporter",
        "--admin",
        &admin_key,
    ])?;
    assert_eq!(entry, 1, "entry 0 is the founding");
    let admitted = chain.data(&["org", "show", "6"])?;
    assert_eq!(admitted["name"], "Wide Area Watch", "{admitted}");

    // It adds a key, and speaks.
    let own = chain.node.cli().signing(&admin.display().to_string());
    own.json(&["reporter", "add", &reporter_key, "--label", "probe"])?;
    let speaks = chain.node.cli().signing(&reporter.display().to_string());
    speaks.json(&["report", "openai/api", "--claim", "down"])?;

    // A seat votes by the key that is the admin's now.
    chain.enacted(&["give-seat", "6"])?;
    let rotated = public(&folder.join("rotated.key"))?;
    own.json(&["org", "rotate-admin", &rotated])?;
    let council = chain.data(&["council", "list"])?;
    assert_eq!(council["seats"][3]["key"], rotated.as_str(), "{council}");
    let stale = own.run(&["council", "propose", "suspend", "0"])?;
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.err.contains("Gate.RevokedKey"), "{stale:?}");

    // Three of four are over half; the third vote is the fourth seat's.
    let motion = chain.carried(&["suspend", "6"])?;
    let early = chain.by("alice-admin").run(&["council", "close", &motion])?;
    assert_eq!(early.code, 1, "{early:?}");
    assert!(early.err.contains("Council.TooEarly"), "{early:?}");
    chain
        .by("ferdie-admin")
        .json(&["council", "vote", &motion, "aye"])?;
    chain.by("alice-admin").json(&["council", "close", &motion])?;
    let silenced = speaks.run(&["report", "openai/sora", "--claim", "down"])?;
    assert_eq!(silenced.code, 1, "{silenced:?}");
    assert!(
        silenced.err.contains("Gate.SuspendedOrganisation"),
        "{silenced:?}"
    );

    let acts = chain.data(&["council", "acts"])?;
    let names: Vec<_> = acts
        .as_array()
        .context("a list")?
        .iter()
        .map(|entry| entry["act"].as_str().unwrap_or("Founded"))
        .collect();
    assert_eq!(names, ["Founded", "Admit", "GiveSeat", "Suspend"], "{acts}");
    assert_eq!(
        (&acts[3]["ayes"], &acts[3]["seats"]),
        (&3.into(), &4.into()),
        "{acts}"
    );
    Ok(())
}

#[test]
fn a_redacted_text_leaves_its_tombstone_and_changes_nothing_else() -> Result<()> {
    let chain = Chain::new()?;
    chain.by("alice").json(&[
        "report",
        "openai/api",
        "--claim",
        "down",
        "--text",
        "Ask Jane Doe.",
    ])?;
    let before = chain.data(&["incident", "show", "0", "--entries"])?;
    chain.enacted(&["redact", "0", "0"])?;
    let after = chain.data(&["incident", "show", "0", "--entries"])?;

    assert_eq!(before["log"][0]["text"], "Ask Jane Doe.", "{before}");
    assert_eq!(after["log"][0]["text"], Value::Null, "{after}");
    assert!(after["log"][0]["redactedAt"].is_string(), "{after}");
    for same in ["entries", "head", "verdict", "affirming", "startedAt"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after["why"]["verdict"].is_array(), "{after}");
    let words = chain.node.cli().run(&["incident", "show", "0", "--entries"])?;
    assert!(words.out.contains("redacted by the council"), "{words:?}");

    let motion = chain.carried(&["redact", "0", "0"])?;
    let again = chain.by("alice-admin").run(&["council", "close", &motion])?;
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.err.contains("Incidents.NothingToRedact"), "{again:?}");
    assert!(
        again.out.contains("nothing was"),
        "it carried, and nothing was done: {again:?}"
    );
    assert_eq!(
        chain.data(&["council", "acts"])?.as_array().map(Vec::len),
        Some(2)
    );
    Ok(())
}

#[test]
fn what_the_council_paused_is_refused_until_it_says_otherwise() -> Result<()> {
    let chain = Chain::new()?;
    chain.enacted(&["pause", "Incidents.report"])?;
    assert_eq!(
        chain.data(&["council", "list"])?["paused"],
        json!(["Incidents.report"])
    );
    let report = || {
        chain
            .by("alice")
            .run(&["report", "openai/api", "--claim", "down"])
    };
    let paused = report()?;
    assert_eq!(paused.code, 1, "{paused:?}");
    assert!(paused.err.contains("Gate.CallPaused"), "{paused:?}");

    chain.enacted(&["unpause", "Incidents.report"])?;
    assert_eq!(report()?.code, 0);

    for never in [
        "Council.vote",
        "Timestamp.set",
        "Members.suspend",
        "Incidents.reprot",
    ] {
        let motion = chain.carried(&["pause", never])?;
        let refused = chain.by("alice-admin").run(&["council", "close", &motion])?;
        assert!(refused.err.contains("TxPause.Unpausable"), "{never}: {refused:?}");
    }
    Ok(())
}

#[test]
fn rules_are_set_for_incidents_to_come_and_a_motion_can_be_rejected() -> Result<()> {
    let chain = Chain::new()?;
    chain
        .by("alice")
        .json(&["report", "openai/api", "--claim", "down"])?;
    chain.enacted(&["set-rules", "--quorum", "4", "--lapse-after", "2h"])?;
    chain
        .by("alice")
        .json(&["report", "openai/sora", "--claim", "down"])?;
    let quorum = |incident: &str| -> Result<Value> {
        Ok(chain.data(&["incident", "show", incident])?["rules"]["quorum"].clone())
    };
    assert_eq!((quorum("0")?, quorum("1")?), (2.into(), 4.into()));
    let same = chain
        .by("alice-admin")
        .run(&["council", "propose", "set-rules", "--quorum", "4"])?;
    assert_eq!(same.code, 1, "{same:?}");
    let unsound = chain
        .by("alice-admin")
        .run(&["council", "propose", "set-rules", "--quorum", "0"])?;
    assert_eq!(unsound.code, 1, "{unsound:?}");
    assert!(unsound.err.contains("make no sense"), "{unsound:?}");

    let motion = chain
        .by("alice-admin")
        .json(&["council", "propose", "retire", "openai/sora"])?["data"]["motion"]
        .to_string();
    for key in ["bob-admin", "ferdie-admin"] {
        chain.by(key).json(&["council", "vote", &motion, "nay"])?;
    }
    let closed = chain.by("bob-admin").json(&["council", "close", &motion])?;
    assert_eq!(closed["data"]["carried"], false, "{closed}");
    assert_eq!(chain.data(&["service", "show", "openai/sora"])?["retired"], false);
    Ok(())
}

#[test]
fn who_has_no_seat_moves_nothing() -> Result<()> {
    let chain = Chain::new()?;
    let suspend: &[&str] = &["council", "propose", "suspend", "0"];
    let motion = chain.by("alice-admin").json(suspend)?["data"]["motion"].to_string();
    for (key, arguments, refusal) in [
        ("eve-admin", suspend, "Council.NotMember"),
        ("alice", suspend, "Gate.AdminKeyNeeded"),
        (
            "eve-admin",
            &["council", "vote", &motion, "aye"][..],
            "Council.NotMember",
        ),
        (
            "alice-admin",
            &["council", "vote", &motion, "aye"][..],
            "Council.DuplicateVote",
        ),
        (
            "eve-admin",
            &["council", "close", &motion][..],
            "Council.TooEarly",
        ),
        ("alice-admin", suspend, "Council.DuplicateProposal"),
        (
            "alice-admin",
            &["council", "vote", "99", "aye"][..],
            "no open motion 99",
        ),
    ] {
        let refused = chain.by(key).run(arguments)?;
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.err.contains(refusal), "{refusal}: {refused:?}");
    }
    Ok(())
}
