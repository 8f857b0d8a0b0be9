//! `config set` and `unset` of each kind of value. `config.txt` has the rest.

use crate::settings::{FILE, config, home_with};
use crate::support::TOKEN;
use crate::table::rows;

/// A key, its value, and the line in the file.
const VALUES: &str = r#"
client_id       | 5                    | client_id = 5
client_id       | 18446744073709551615 | client_id = "18446744073709551615"
account-id      | "0456"               | account_id = "0456"
app_id          | any                  | app_id = "any"
app_id          | 789                  | app_id = "789"
base_url        | https://h.example/a/ | base_url = "https://h.example/a"
rate            | 2.5                  | rate = 2.5
rate            | 20                   | rate = 20
"#;

#[test]
fn sets_one_key_and_leaves_the_rest() {
    for [key, value, line] in rows(VALUES) {
        let before = format!("# mine\r\n[profiles.acme] # a\r\ntoken = '{TOKEN}'\r\n# end");
        let after = before.replace("\r\n# end", &format!("\r\n{line}\r\n# end"));
        let name = line.split(' ').next().unwrap();
        let home = home_with(&before);
        let set = (&["set", key, value][..], format!("set {line} in"), &after);
        for (words, printed, expected) in [
            set.clone(),
            // Once more, in place.
            set,
            (&["unset", name], format!("removed {name} from"), &before),
            (&["unset", key], format!("{name} is not set in"), &before),
        ] {
            config(&home, words.iter().copied())
                .args(["-p", "acme"])
                .stderr(format!("{printed} profile \"acme\" of {FILE}\n"))
                .run();
            assert_eq!(home.read(FILE), *expected);
        }
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_only_for_its_owner() {
    let home = home_with("[profiles.default]\n");
    home.set_mode(FILE, 0o644);
    config(&home, ["set", "rate", "5"])
        .stderr_like("set [..]\n")
        .run();
    assert_eq!(home.mode(FILE), 0o600);
    assert_eq!(home.names("lexbot"), ["config.toml"]);
}
