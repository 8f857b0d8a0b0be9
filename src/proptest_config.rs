//! How the property tests run.

use proptest::test_runner::{Config, RngSeed};

/// The configuration of every property test: a fixed seed, so that a failure can be repeated. `PROPTEST_CASES` sets
/// the number of cases.
pub(crate) fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x1e_8e_b0_75),
        ..Config::default()
    }
}
