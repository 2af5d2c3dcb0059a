#![no_main]
#[path = "../../tests/properties/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|text: &str| check::scenario(text));
