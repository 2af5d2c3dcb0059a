//! How the allocator treats threads where the address space is limited.

/// Makes all threads allocate from one arena where the address space is limited (`ulimit -v`). Call before starting any:
/// for each further arena, glibc maps 128 MiB for a moment.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a setting of the allocator, for which there is no safe function")]
pub fn share_arena() {
    use nix::libc::{M_ARENA_MAX, mallopt};
    use rustix::process::{Resource, getrlimit};

    if getrlimit(Resource::As).current.is_some() {
        // SAFETY: it takes two numbers, and no other thread is running.
        unsafe { mallopt(M_ARENA_MAX, 1) };
    }
}

/// Other allocators reserve nothing for a thread.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub const fn share_arena() {}
