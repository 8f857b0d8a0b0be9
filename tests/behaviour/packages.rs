//! What packages and workflows name: the version, the compiler and the files that Cargo.toml and the tree have.

use std::fs;
use std::path::PathBuf;

use toml::Table;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_debian_changelog_has_this_version_first() {
    let changelog =
        fs::read_to_string(root().join(".github/debian/changelog")).expect("the changelog");
    let beginning = format!("lexbot ({VERSION}-1) ");
    assert!(changelog.starts_with(&beginning), "{changelog}");
}

#[test]
fn the_debian_package_takes_files_that_are_there() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let manifest: Table = manifest.parse().expect("Cargo.toml is TOML");
    let assets = manifest["package"]["metadata"]["deb"]["assets"]
        .as_array()
        .expect("a list of assets");
    for asset in assets {
        let source = asset[0].as_str().expect("a path");
        // The workflow makes what is in there.
        if !source.starts_with("target/") {
            let path = root().join(source.trim_end_matches("*.1"));
            assert!(path.exists(), "{source}");
        }
    }
}

#[test]
fn the_workflow_tests_with_the_oldest_compiler() {
    let workflow = fs::read_to_string(root().join(".github/workflows/ci.yml")).expect("a workflow");
    let line = format!("rust: [stable, \"{}\"]", env!("CARGO_PKG_RUST_VERSION"));
    assert!(workflow.contains(&line), "there is no line {line}");
}
