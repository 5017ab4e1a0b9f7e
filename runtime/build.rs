//! Builds the runtime once more, for WASM.

fn main() {
    // Clippy judges the native build; its wrapper around the compiler would stand in the way of the WASM one.
    std::env::remove_var("RUSTC_WORKSPACE_WRAPPER");
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
