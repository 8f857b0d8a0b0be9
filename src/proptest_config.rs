//! How many cases a property test runs, and from which seed.

use proptest::test_runner::{Config, RngAlgorithm};

/// The configuration of every property test: a fixed seed, so that a failure can be repeated, and few enough cases
/// for a quick run. `LEXBOT_PROPTEST_CASES` sets another number of cases.
pub(crate) fn config() -> Config {
    let cases = std::env::var("LEXBOT_PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(256);
    Config {
        cases,
        // Cases that a test rejects are replaced by others.
        max_global_rejects: cases.saturating_mul(4),
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x1e_8e_b0_75),
        ..Config::default()
    }
}
