use std::path::{Path, PathBuf};

use super::from_document;
use crate::cli::{ConfigFile, Connection};
use crate::env::Environment;
use crate::settings::Overrides;
use crate::settings::{BaseUrl, Document, Origin, Setting, Settings, config_path};

const FILE: &str = r#"
default_profile = "acme"

[profiles.acme]
token = "file-token-1234"
client_id = 3
account_id = 33
base_url = "https://file.example"
rate = 2.5

[profiles.command]
token = "file-token-1234"
token_command = "exit 9"

[profiles.default]
client_id = 4
"#;

fn resolve(
    connection: &Connection,
    account_id: Option<&str>,
    environment: &Environment,
    file: &str,
) -> anyhow::Result<Settings> {
    let path = PathBuf::from("/c.toml");
    let document = Document::parse(&path, file)?;
    let path = Setting::new(path, Origin::Default);
    let overrides = Overrides {
        account_id,
        ..connection.overrides()
    };
    from_document(&overrides, environment, path, &document)
}

fn from_file(file: &str) -> Settings {
    resolve(&Connection::default(), None, &Environment::default(), file).unwrap()
}

fn in_profile(name: &str) -> Connection {
    Connection {
        config: ConfigFile {
            profile: Some(name.to_owned()),
            config: None,
        },
        ..Connection::default()
    }
}

fn setting<T>(value: T, origin: Origin) -> Setting<T> {
    Setting::new(value, origin)
}

fn url(text: &str) -> BaseUrl {
    BaseUrl::parse(text).unwrap()
}

#[test]
fn flags_override_everything() {
    let connection = Connection {
        base_url: Some("https://flag.example".to_owned()),
        client_id: Some(1),
        ..in_profile("default")
    };
    let settings = resolve(&connection, Some("11"), &environment(), FILE).unwrap();
    assert_eq!(
        settings.profile,
        setting("default".to_owned(), Origin::Flag("--profile"))
    );
    assert_eq!(
        settings.base_url,
        setting(url("https://flag.example"), Origin::Flag("--base-url"))
    );
    assert_eq!(
        settings.client_id,
        Some(setting(1, Origin::Flag("--client-id")))
    );
    assert_eq!(
        settings.account_id,
        Some(setting("11".to_owned(), Origin::Flag("--account-id")))
    );
}

#[test]
fn variables_override_the_profile() {
    let settings = resolve(&Connection::default(), None, &environment(), FILE).unwrap();
    assert_eq!(
        settings.profile,
        setting("command".to_owned(), Origin::Variable("LEXBOT_PROFILE"))
    );
    assert_eq!(
        settings.base_url,
        setting(
            url("https://variable.example"),
            Origin::Variable("LEXBOT_BASE_URL")
        )
    );
    assert_eq!(
        settings.client_id,
        Some(setting(2, Origin::Variable("LEXBOT_CLIENT_ID")))
    );
    assert_eq!(
        settings.account_id,
        Some(setting(
            "22".to_owned(),
            Origin::Variable("LEXBOT_ACCOUNT_ID")
        ))
    );
    assert_eq!(
        settings.token_origin(),
        Some(Origin::Variable("LEXBOT_TOKEN"))
    );
    assert_eq!(settings.token().unwrap().expose(), "variable-token");
}

fn environment() -> Environment {
    Environment::from([
        ("LEXBOT_PROFILE", "command"),
        ("LEXBOT_BASE_URL", "https://variable.example"),
        ("LEXBOT_CLIENT_ID", "2"),
        ("LEXBOT_ACCOUNT_ID", "22"),
        ("LEXBOT_TOKEN", "variable-token"),
    ])
}

#[test]
fn the_profile_overrides_the_defaults() {
    let settings = from_file(FILE);
    assert_eq!(
        settings.profile,
        setting("acme".to_owned(), Origin::File("default_profile"))
    );
    assert_eq!(
        settings.base_url,
        setting(url("https://file.example"), Origin::Profile("base_url"))
    );
    assert_eq!(
        settings.client_id,
        Some(setting(3, Origin::Profile("client_id")))
    );
    assert_eq!(
        settings.account_id,
        Some(setting("33".to_owned(), Origin::Profile("account_id")))
    );
    assert_eq!(settings.rate, setting(2.5, Origin::Profile("rate")));
    assert_eq!(settings.token_origin(), Some(Origin::Profile("token")));
    assert_eq!(settings.token().unwrap().expose(), "file-token-1234");
    assert_eq!(settings.profiles, ["acme", "command", "default"]);
}

#[test]
fn every_setting_but_token_and_ids_has_a_default() {
    let settings = from_file("");
    assert_eq!(
        settings.profile,
        setting("default".to_owned(), Origin::Default)
    );
    assert_eq!(
        settings.base_url,
        setting(url("https://clients.lexer.io/api/clients"), Origin::Default)
    );
    assert_eq!(settings.rate, setting(10.0, Origin::Default));
    assert_eq!(settings.timeout.value.as_secs(), 30);
    assert_eq!(settings.client_id, None);
    assert_eq!(settings.account_id, None);
    assert_eq!(settings.token_origin(), None);
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let empty = Environment::from([
        ("LEXBOT_PROFILE", ""),
        ("LEXBOT_BASE_URL", ""),
        ("LEXBOT_CLIENT_ID", ""),
        ("LEXBOT_ACCOUNT_ID", ""),
        ("LEXBOT_TOKEN", ""),
    ]);
    let settings = resolve(&Connection::default(), None, &empty, FILE).unwrap();
    assert_eq!(settings.profile.value, "acme");
    assert_eq!(settings.client_id.unwrap().value, 3);
    assert_eq!(settings.account_id.unwrap().value, "33");
    assert_eq!(settings.base_url.value.host(), "file.example");
}

#[test]
fn a_token_overrides_a_token_command() {
    let settings = resolve(&in_profile("command"), None, &Environment::default(), FILE).unwrap();
    assert_eq!(settings.token().unwrap().expose(), "file-token-1234");
}

#[test]
fn overridden_values_are_not_validated() {
    let connection = Connection {
        base_url: Some("https://flag.example".to_owned()),
        client_id: Some(1),
        ..Connection::default()
    };
    let wrong = Environment::from([
        ("LEXBOT_BASE_URL", "nonsense"),
        ("LEXBOT_CLIENT_ID", "nonsense"),
    ]);
    let file = "[profiles.default]\nbase_url = 5\nclient_id = 'nonsense'\n";
    assert!(resolve(&connection, None, &wrong, file).is_ok());
    let blank = Environment::from([("LEXBOT_ACCOUNT_ID", " ")]);
    assert!(resolve(&Connection::default(), Some("1"), &blank, "").is_ok());
}

#[test]
fn the_config_flag_overrides_the_variable() {
    let environment = Environment::from([("LEXBOT_CONFIG", "/from/variable")]);
    assert_eq!(
        config_path(Some(Path::new("/from/flag")), &environment).unwrap(),
        setting(PathBuf::from("/from/flag"), Origin::Flag("--config"))
    );
    assert_eq!(
        config_path(None, &environment).unwrap(),
        setting(
            PathBuf::from("/from/variable"),
            Origin::Variable("LEXBOT_CONFIG")
        )
    );
}

#[test]
fn the_default_config_file_is_in_the_users_configuration_directory() {
    let path = config_path(None, &Environment::from([("LEXBOT_CONFIG", "")])).unwrap();
    assert_eq!(path.origin, Origin::Default);
    assert!(path.value.ends_with("lexbot/config.toml"));
}
