//! geodescent, the program: parses the command line, calls the library, exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    geodescent::cli::main(std::env::args_os())
}
