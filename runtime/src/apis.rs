//! What a node may ask of the runtime.

use alloc::vec::Vec;

use codec::Encode;
use faultline_primitives::{
    attestation::Body,
    consortium,
    incident::{self, Incident},
    organisation::{self, Organisation},
    rules::Rules,
    service::Slug,
    Entry, IncidentId, OrganisationId, Record, ServiceId, UnixMillis,
};
use faultline_runtime_api::{CouncilAnswer, ServiceAnswer, Touched, ValidatorsAnswer};
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::KeyOwnerProofSystem,
};
use pallet_grandpa::AuthorityId as GrandpaId;
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::OpaqueMetadata;
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

use super::{
    configs, genesis, opaque::SessionKeys, AccountId, Aura, Block, Consortium, Executive, Grandpa,
    Historical, Incidents, InherentDataExt, Members, Nonce, Runtime, RuntimeGenesisConfig, Services, System,
    VERSION,
};

/// A service with the roll of the incidents opened on it.
fn service(id: ServiceId) -> Option<ServiceAnswer> {
    let record = Services::service(id)?;
    let incidents = Incidents::roll_of(id);
    Some(ServiceAnswer {
        id,
        record,
        incidents,
    })
}

impl_runtime_apis! {
    impl faultline_runtime_api::FaultlineApi<Block> for Runtime {
        fn now() -> UnixMillis {
            Incidents::now()
        }

        fn rules() -> Rules {
            Incidents::rules()
        }

        fn touched() -> Touched {
            super::touched::touched()
        }

        fn incident(id: IncidentId) -> Option<Record<Incident>> {
            Incidents::incident(id)
        }

        fn incidents(ids: Vec<IncidentId>) -> Vec<(IncidentId, Record<Incident>)> {
            ids.into_iter().filter_map(|id| Some((id, Incidents::incident(id)?))).collect()
        }

        fn incident_entries(
            id: IncidentId,
            from: u32,
            limit: u32,
        ) -> Vec<(Entry<incident::Action>, Option<Body>, Option<UnixMillis>)> {
            Incidents::entries(id, from, limit)
        }

        fn latest_incidents(service: ServiceId, limit: u32) -> Vec<IncidentId> {
            Incidents::latest_on(service, limit)
        }

        fn incident_count() -> u64 {
            Incidents::count()
        }

        fn service(id: ServiceId) -> Option<ServiceAnswer> {
            service(id)
        }

        fn services(ids: Vec<ServiceId>) -> Vec<ServiceAnswer> {
            ids.into_iter().filter_map(service).collect()
        }

        fn service_by_slug(slug: Slug) -> Option<ServiceId> {
            Services::by_slug(&slug)
        }

        fn service_count() -> u32 {
            Services::count()
        }

        fn organisation(id: OrganisationId) -> Option<Record<Organisation>> {
            Members::organisation(id)
        }

        fn organisations(ids: Vec<OrganisationId>) -> Vec<(OrganisationId, Record<Organisation>)> {
            ids.into_iter().filter_map(|id| Some((id, Members::organisation(id)?))).collect()
        }

        fn organisation_entries(id: OrganisationId, from: u32, limit: u32) -> Vec<Entry<organisation::Action>> {
            Members::entries(id, from, limit)
        }

        fn organisation_count() -> u32 {
            Members::count()
        }

        fn council() -> Option<CouncilAnswer> {
            Some(CouncilAnswer {
                record: Consortium::consortium()?,
                motions: configs::council::motions(),
                paused: configs::pause::paused(),
            })
        }

        fn validators() -> ValidatorsAnswer {
            configs::session::validators()
        }

        fn consortium_entries(from: u32, limit: u32) -> Vec<Entry<consortium::Action>> {
            Consortium::entries(from, limit)
        }
    }

    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, sp_core::crypto::KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation: sp_consensus_grandpa::EquivocationProof<
                <Block as BlockT>::Hash,
                sp_runtime::traits::NumberFor<Block>,
            >,
            ownership: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(equivocation, ownership.decode()?)
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_grandpa::SetId,
            authority: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            let proof = Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority))?;
            Some(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::preset_names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            configs::benchmarks::list(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            configs::benchmarks::run(config)
        }
    }
}
