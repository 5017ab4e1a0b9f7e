#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| faultline_fuzz::tries::run(bytes));
