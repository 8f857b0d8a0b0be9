//! The keys of one profile, each checked for its type. No error shows a value.

use toml::{Table, Value};

use crate::error::CliError;
use crate::token::{InvalidToken, Token};

/// The keys that a profile may have.
pub(crate) const KEYS: [&str; 7] = [
    "token",
    "token_command",
    "client_id",
    "account_id",
    "base_url",
    "rate",
    "app_id",
];

/// What a profile says; none of it is required.
#[derive(Default)]
pub(crate) struct Profile {
    /// `token`.
    pub(crate) token: Option<Result<Token, InvalidToken>>,
    /// `token_command`: its first line of output is the token.
    pub(crate) token_command: Option<String>,
    /// `client_id`, above zero.
    pub(crate) client_id: Option<u64>,
    /// `account_id`, not empty.
    pub(crate) account_id: Option<String>,
    /// `base_url`, not looked at yet: an option or a variable may go before it.
    pub(crate) base_url: Option<String>,
    /// `rate`, finite and not below zero.
    pub(crate) rate: Option<f64>,
    /// `app_id`, not empty.
    pub(crate) app_id: Option<String>,
}

/// Makes the error for a key: its name, the problem, and what a right line looks like.
type Wrong<'a> = &'a dyn Fn(&str, &str, &str) -> CliError;

impl Profile {
    /// Reads the profile in `table`.
    pub(crate) fn from_table(table: &Table, wrong: Wrong<'_>) -> Result<Self, CliError> {
        let keys = Keys { table, wrong };
        Ok(Profile {
            token: keys
                .text("token", r#"token = "…""#)?
                .map(|text| Token::parse(&text)),
            token_command: keys.text("token_command", r#"token_command = "pass show lexer""#)?,
            client_id: keys.client_id()?,
            account_id: keys.text_or_integer("account_id", r#"account_id = "112233445566""#)?,
            base_url: keys.text("base_url", r#"base_url = "https://…""#)?,
            rate: keys.rate()?,
            app_id: keys.text_or_integer("app_id", r#"app_id = "1234567890""#)?,
        })
    }
}

/// The client ID that `digits` write out, if it is one.
pub(crate) fn client_id(digits: &str) -> Option<u64> {
    // u64's own parser would also take "+7".
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|id| *id > 0)
}

struct Keys<'a> {
    table: &'a Table,
    wrong: Wrong<'a>,
}

impl Keys<'_> {
    fn text(&self, key: &str, example: &str) -> Result<Option<String>, CliError> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => {
                Err((self.wrong)(key, "is empty", example))
            }
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err((self.wrong)(key, "is not a string", example)),
        }
    }

    fn text_or_integer(&self, key: &str, example: &str) -> Result<Option<String>, CliError> {
        match self.table.get(key) {
            Some(Value::Integer(number)) => Ok(Some(number.to_string())),
            _ => self.text(key, example),
        }
    }

    fn client_id(&self) -> Result<Option<u64>, CliError> {
        let id = match self.table.get("client_id") {
            None => return Ok(None),
            Some(Value::Integer(number)) => u64::try_from(*number).ok().filter(|id| *id > 0),
            Some(Value::String(digits)) => client_id(digits),
            Some(_) => None,
        };
        id.map(Some).ok_or_else(|| {
            (self.wrong)(
                "client_id",
                "is not a whole number above 0",
                "client_id = 123",
            )
        })
    }

    fn rate(&self) -> Result<Option<f64>, CliError> {
        let rate = match self.table.get("rate") {
            None => return Ok(None),
            #[expect(
                clippy::cast_precision_loss,
                reason = "at 2^53 requests a second the last digits don't matter"
            )]
            Some(Value::Integer(number)) => Some(*number as f64),
            Some(Value::Float(number)) => Some(*number),
            Some(_) => None,
        };
        rate.filter(|rate| rate.is_finite() && *rate >= 0.0)
            .map(Some)
            .ok_or_else(|| (self.wrong)("rate", "is not a number of 0 or more", "rate = 10"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, client_id};
    use crate::error::CliError;

    fn profile(text: &str) -> Result<Profile, String> {
        let table = text.parse().unwrap();
        Profile::from_table(&table, &|key, problem, _| {
            CliError::configuration(format!("{key} {problem}"))
        })
        .map_err(|fault| fault.to_string())
    }

    #[test]
    fn every_key_is_taken_in_each_of_its_types() {
        let full = profile(
            "token = ' tok '\ntoken_command = 'pass show x'\nclient_id = 123\naccount_id = '112'\n\
             base_url = 'https://h'\nrate = 2.5\napp_id = 9\n",
        )
        .unwrap_or_default();
        assert_eq!(
            full.token.map(|token| token.map(|t| t.expose().to_owned())),
            Some(Ok("tok".to_owned()))
        );
        assert_eq!(full.token_command.as_deref(), Some("pass show x"));
        assert_eq!(full.client_id, Some(123));
        assert_eq!(full.account_id.as_deref(), Some("112"));
        assert_eq!(full.base_url.as_deref(), Some("https://h"));
        assert_eq!(full.rate, Some(2.5));

        let other = profile("client_id = '0123'\naccount_id = 112\nrate = 0\napp_id = 'a'\n")
            .unwrap_or_default();
        assert_eq!(other.client_id, Some(123));
        assert_eq!(other.account_id.as_deref(), Some("112"));
        assert_eq!(other.rate, Some(0.0));
    }

    #[test]
    fn a_wrong_type_is_named_and_the_value_is_not_shown() {
        for (text, expected) in [
            ("token = 5", "token is not a string"),
            ("token = ' '", "token is empty"),
            (
                "token_command = ['s3cret']",
                "token_command is not a string",
            ),
            (
                "client_id = 's3cret'",
                "client_id is not a whole number above 0",
            ),
            ("client_id = 0", "client_id is not a whole number above 0"),
            ("client_id = -1", "client_id is not a whole number above 0"),
            ("client_id = 1.5", "client_id is not a whole number above 0"),
            ("account_id = ''", "account_id is empty"),
            ("account_id = 1.5", "account_id is not a string"),
            ("base_url = { s3cret = 1 }", "base_url is not a string"),
            ("rate = 's3cret'", "rate is not a number of 0 or more"),
            ("rate = -1", "rate is not a number of 0 or more"),
            ("rate = inf", "rate is not a number of 0 or more"),
            ("rate = nan", "rate is not a number of 0 or more"),
            ("app_id = true", "app_id is not a string"),
        ] {
            assert_eq!(profile(text).err().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_client_id_is_digits_alone() {
        assert_eq!(client_id("7"), Some(7));
        for text in [
            "",
            "0",
            "+7",
            "-7",
            " 7",
            "7.0",
            "s3cret",
            "99999999999999999999",
        ] {
            assert_eq!(client_id(text), None, "{text}");
        }
    }
}
