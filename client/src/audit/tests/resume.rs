//! Audits that are stopped, and go on.

use std::sync::atomic::AtomicUsize;

use faultline_primitives::Hash;

use super::{
    asked, audited,
    made::{Made, Mortal},
    options,
    world::{actor, attested, World},
};
use crate::{
    audit::{
        audit, incidents::Course, progress::Progress, Asked, AuditError, Findings, Options, ProgressError,
    },
    trust::Doubt,
};

#[tokio::test]
async fn an_audit_goes_on_where_it_was_stopped_and_arrives_at_the_same() {
    let mut world = World::new().with(400);
    // With something to find on either side of wherever it stops.
    for incident in [5, 300] {
        world.incidents[incident][1] = attested(actor(77), 100 + u32::try_from(incident).unwrap(), None);
    }
    let node = Made::of(world.state()).answering(&world);
    let straight = audited(vec![node.clone()]).await;
    assert_eq!(straight.report.findings.len(), 2);
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        progress: Some(folder.path().join("audit.progress")),
        ..options()
    };
    let (mut stops, mut lives) = (0, 20);
    let audited = loop {
        let mortal = Mortal {
            node: node.clone(),
            left: AtomicUsize::new(lives),
        };
        let nodes = [Asked {
            name: "mortal".into(),
            source: mortal,
        }];
        match audit(&nodes, &options, |_| ()).await {
            Ok(audited) => break audited,
            Err(why) => assert!(
                matches!(why, AuditError::Doubt(Doubt::Node(_)) | AuditError::NoNode),
                "{why}"
            ),
        }
        stops += 1;
        lives += 10;
        assert!(stops < 200, "never done");
    };
    assert!(stops > 2);
    assert_eq!(audited.report, straight.report);
    assert!(!folder.path().join("audit.progress").exists());
}

#[tokio::test]
async fn a_file_of_another_audit_or_of_none_is_refused() {
    let world = World::new();
    let node = || asked(vec![Made::of(world.state()).answering(&world)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.progress");
    let options = Options {
        progress: Some(path.clone()),
        ..options()
    };
    std::fs::write(&path, "something else").unwrap();
    let refused = audit(&node(), &options, |_| ()).await;
    assert!(
        matches!(refused, Err(AuditError::Progress(ProgressError::Damaged(_)))),
        "{refused:?}"
    );
    let other = Progress {
        anchor: Hash([1; 32]),
        number: node()[0].source.block.header.number,
        hash: node()[0].source.block.header.hash(),
        course: Course::default(),
        findings: Findings::default(),
        notes: vec![],
    };
    other.write(&path).unwrap();
    let refused = audit(&node(), &options, |_| ()).await;
    assert!(
        matches!(refused, Err(AuditError::Progress(ProgressError::Other(_)))),
        "{refused:?}"
    );
}
