//! The geodescent binary: calls the library's command line and exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    geodescent::cli::main(std::env::args_os())
}
