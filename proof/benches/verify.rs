//! How large bundles are, and how long verifying one takes: by entries, validators and changes of validators.
//!
//! `cargo bench -p faultline-proof --bench verify`. Sizes are printed first.

use std::time::Duration;

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use faultline_forge::incident_bundle;
use faultline_proof::{verify, Anchor, Bundle};

const ENTRIES: [usize; 3] = [1, 10, 1_000];
const VALIDATORS: [usize; 2] = [4, 100];
const CHANGES: [usize; 3] = [1, 10, 100];

fn verifying(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    for validators in VALIDATORS {
        for changes in CHANGES {
            for entries in ENTRIES {
                let (chain, bundle) = incident_bundle(validators, changes, entries);
                let bytes = bundle.to_bytes();
                let anchor = Anchor::Genesis(chain.genesis());
                let what = format!("{validators} validators, {changes} changes, {entries} entries");
                let history = codec::Encode::encoded_size(&(&bundle.start, &bundle.changes));
                println!(
                    "{what}: {} bytes, {history} of them the history of the validators",
                    bytes.len()
                );
                group.bench_with_input(BenchmarkId::from_parameter(what), &bytes, |bencher, bytes| {
                    bencher.iter(|| {
                        let bundle = Bundle::from_bytes(bytes).expect("a bundle");
                        verify(&bundle, anchor).expect("a good bundle")
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, verifying);
criterion_main!(benches);
