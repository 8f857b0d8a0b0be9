//! Where the configuration file is. Says only its path: it looks at no file.

use std::path::{Path, PathBuf};

use super::{Origin, Setting};
use crate::env::Environment;
use crate::error::CliError;

/// The configuration directory of a user who has no home, as containers have it: under `/`.
const HOMELESS: &str = "/.config";

/// The path that `--config` says, else `LEXBOT_CONFIG`, else the one in the user's configuration directory.
pub(crate) fn config_path(
    flag: Option<&Path>,
    environment: &Environment,
) -> Result<Setting<PathBuf>, CliError> {
    if let Some(path) = flag {
        if path.as_os_str().is_empty() {
            return Err(CliError::usage("--config is empty").hint("name a file: --config FILE"));
        }
        return Ok(Setting::new(path.to_owned(), Origin::Flag("--config")));
    }
    if let Some(path) = environment.get_os("LEXBOT_CONFIG") {
        return Ok(Setting::new(path.into(), Origin::Variable("LEXBOT_CONFIG")));
    }
    let directory = dirs::config_dir()
        .or_else(|| cfg!(unix).then(|| HOMELESS.into()))
        .ok_or_else(|| {
            CliError::configuration("the user has no configuration directory")
                .hint("name the file: --config FILE, or set LEXBOT_CONFIG")
        })?;
    Ok(Setting::new(
        directory.join("lexbot").join("config.toml"),
        Origin::Default,
    ))
}

#[cfg(test)]
mod tests {
    use super::{Environment, Origin, Setting, config_path};
    use std::path::{Path, PathBuf};

    #[test]
    fn the_flag_goes_before_the_variable() {
        let environment = Environment::from([("LEXBOT_CONFIG", "/from/variable")]);
        assert_eq!(
            config_path(Some(Path::new("/from/flag")), &environment).unwrap(),
            Setting::new(PathBuf::from("/from/flag"), Origin::Flag("--config"))
        );
        assert_eq!(
            config_path(None, &environment).unwrap(),
            Setting::new(
                PathBuf::from("/from/variable"),
                Origin::Variable("LEXBOT_CONFIG")
            )
        );
    }

    #[test]
    fn without_either_it_is_in_the_users_configuration_directory() {
        let path = config_path(None, &Environment::from([("LEXBOT_CONFIG", "")])).unwrap();
        assert_eq!(path.origin, Origin::Default);
        assert!(path.value.ends_with("lexbot/config.toml"));
    }

    #[test]
    fn an_empty_flag_is_refused() {
        let error = config_path(Some(Path::new("")), &Environment::default()).unwrap_err();
        assert_eq!(error.to_string(), "--config is empty");
    }
}
