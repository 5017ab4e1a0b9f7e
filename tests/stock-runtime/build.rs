//! Builds the stock runtime for WASM.

fn main() {
    // As in the runtime's own build: the wrapper of clippy would stand in the way.
    std::env::remove_var("RUSTC_WORKSPACE_WRAPPER");
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
