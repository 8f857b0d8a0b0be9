//! `--expect`: the exit code depends on how many distinct messages were accepted.
