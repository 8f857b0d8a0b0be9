//! The answers of the stand-in, one variant for each row of what is known of Lexer's.
//!
//! Statuses and the texts of 201, 400 and the two kinds of 500 are Lexer's. It publishes no body for 401, 404, 405
//! and 429: those say what is wrong in the form of its 400. The page of a 500 doesn't say what is wrong, as Lexer's
//! doesn't; the log does.

use std::borrow::Cow;

use serde_json::Value;

use super::http::MAX_BODY;

/// What Rails shows for an exception that nothing handles.
const RAILS_PAGE: &str = "<!DOCTYPE html>
<html>
<head>
  <title>We're sorry, but something went wrong (500)</title>
</head>
<body>
  <div class=\"dialog\">
    <h1>We're sorry, but something went wrong.</h1>
    <p>If you are the application owner check the logs for more information.</p>
  </div>
</body>
</html>
";

/// What is answered to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Response {
    /// 201.
    Accepted,
    /// 400: the page isn't integrated.
    UnknownPage(String),
    /// 400: what came is no HTTP request.
    NotHttp(String),
    /// 401: the request has no token.
    TokenMissing,
    /// 401: the token isn't the sandbox's.
    TokenWrong,
    /// 404: no such path.
    UnknownPath,
    /// 404: a right path of another client.
    UnknownClient(String),
    /// 405: a right path, but not a POST.
    WrongMethod(String),
    /// 413: more than the sandbox is ready to hold.
    TooLarge,
    /// 429: over so many requests a second.
    OverRate(u32),
    /// 500: a required field is missing.
    FieldMissing(&'static str),
    /// 500: a field has a value that the API doesn't take.
    FieldInvalid(&'static str),
    /// 500 as a page: broken JSON or a wrong type, and what exactly.
    Exception(String),
}

impl Response {
    /// The status code.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Response::Accepted => 201,
            Response::UnknownPage(_) | Response::NotHttp(_) => 400,
            Response::TokenMissing | Response::TokenWrong => 401,
            Response::UnknownPath | Response::UnknownClient(_) => 404,
            Response::WrongMethod(_) => 405,
            Response::TooLarge => 413,
            Response::OverRate(_) => 429,
            Response::FieldMissing(_) | Response::FieldInvalid(_) | Response::Exception(_) => 500,
        }
    }

    /// The reason that HTTP gives with the status.
    pub(crate) fn reason(&self) -> &'static str {
        match self.status() {
            201 => "Created",
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            405 => "Method Not Allowed",
            413 => "Content Too Large",
            429 => "Too Many Requests",
            _ => "Internal Server Error",
        }
    }

    /// What is wrong with the request; nothing if it was accepted.
    pub(crate) fn error(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Response::Accepted => return None,
            Response::UnknownPage(page) => {
                format!("Cannot find an integrated account: {page}").into()
            }
            Response::NotHttp(why) => format!("not an HTTP request: {why}").into(),
            Response::TokenMissing => "the header Auth-Api-Token is missing".into(),
            Response::TokenWrong => "the token is wrong".into(),
            Response::UnknownPath => "no such path".into(),
            Response::UnknownClient(client) => format!("no client has the ID {client}").into(),
            Response::WrongMethod(method) => format!("{method} is not allowed, only POST").into(),
            Response::TooLarge => format!("the body is over {} MiB", MAX_BODY / 1024 / 1024).into(),
            Response::OverRate(rate) => format!("over the limit of {rate} a second").into(),
            Response::FieldMissing(field) => format!("{field} is missing").into(),
            Response::FieldInvalid(field) => format!("{field} does not have a valid value").into(),
            Response::Exception(why) => why.clone().into(),
        })
    }

    /// The body, and its media type.
    pub(crate) fn body(&self) -> (&'static str, Cow<'static, str>) {
        const JSON: &str = "application/json; charset=utf-8";
        const HTML: &str = "text/html; charset=utf-8";
        let error = Value::from(self.error().unwrap_or_default());
        match self {
            Response::Accepted => (JSON, r#"{"status":"ok"}"#.into()),
            Response::Exception(_) => (HTML, RAILS_PAGE.into()),
            Response::FieldMissing(_) | Response::FieldInvalid(_) => {
                (JSON, format!(r#"{{"error":{error}}}"#).into())
            }
            _ => {
                let status = self.status();
                let title = match self {
                    Response::UnknownPage(_) => "Invalid Account",
                    _ => self.reason(),
                };
                let body = format!(r#"{{"status":"{status} {title}","error":{error}}}"#);
                (JSON, body.into())
            }
        }
    }

    /// The header, if any, that belongs to the status.
    pub(crate) fn header(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Response::WrongMethod(_) => Some(("Allow", "POST")),
            // At any rate there is room for one more request within a second.
            Response::OverRate(_) => Some(("Retry-After", "1")),
            _ => None,
        }
    }
}
