#![no_main]
#[path = "../../tests/properties/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::keys(bytes));
