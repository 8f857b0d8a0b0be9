//! The sandbox's responses, one variant for each row of what is known of Lexer's.
//!
//! The statuses and the texts of 201, 400 and both kinds of 500 are Lexer's. It documents no body for 401, 404, 405
//! and 429: here those have the form of its 400. Like Lexer's, the HTML page of a 500 doesn't say what is wrong; the
//! log does.

use std::borrow::Cow;

use serde_json::Value;

/// What Rails shows for an unhandled exception.
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

/// The response to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Response {
    /// 201.
    Accepted,
    /// 400: the page isn't integrated.
    UnknownPage(String),
    /// 400: not an HTTP request, for this reason.
    NotHttp(String),
    /// 401: the request has no token.
    TokenMissing,
    /// 401: the token isn't the sandbox's.
    TokenWrong,
    /// 404: no such path.
    UnknownPath,
    /// 404: the path is right, but for another client.
    UnknownClient(String),
    /// 405: the path is right, but the method isn't POST.
    WrongMethod(String),
    /// 413: the body has more bytes than this.
    TooLarge(u64),
    /// 429: more requests a second than this.
    RateLimited(u32),
    /// 500: a required field is missing.
    FieldMissing(&'static str),
    /// 500: the API doesn't accept the field's value.
    FieldInvalid(&'static str),
    /// 500 as a page: broken JSON or a wrong type, for this reason.
    Exception(String),
}

impl Response {
    /// The status code and its reason phrase.
    pub(crate) fn status(&self) -> &'static str {
        match self {
            Response::Accepted => "201 Created",
            Response::UnknownPage(_) | Response::NotHttp(_) => "400 Bad Request",
            Response::TokenMissing | Response::TokenWrong => "401 Unauthorized",
            Response::UnknownPath | Response::UnknownClient(_) => "404 Not Found",
            Response::WrongMethod(_) => "405 Method Not Allowed",
            Response::TooLarge(_) => "413 Content Too Large",
            Response::RateLimited(_) => "429 Too Many Requests",
            Response::FieldMissing(_) | Response::FieldInvalid(_) | Response::Exception(_) => {
                "500 Internal Server Error"
            }
        }
    }

    /// What is wrong with the request; `None` if it was accepted.
    pub(crate) fn error(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Response::Accepted => return None,
            Response::UnknownPage(page) => {
                format!("Cannot find an integrated account: {page}").into()
            }
            Response::NotHttp(reason) => format!("not an HTTP request: {reason}").into(),
            Response::TokenMissing => "the header Auth-Api-Token is missing".into(),
            Response::TokenWrong => "the token is wrong".into(),
            Response::UnknownPath => "no such path".into(),
            Response::UnknownClient(client) => format!("no client has the ID {client}").into(),
            Response::WrongMethod(method) => format!("{method} is not allowed, only POST").into(),
            Response::TooLarge(limit) => {
                format!("the body is over {} MiB", limit / 1024 / 1024).into()
            }
            Response::RateLimited(rate) => format!("over the limit of {rate} a second").into(),
            Response::FieldMissing(field) => format!("{field} is missing").into(),
            Response::FieldInvalid(field) => format!("{field} does not have a valid value").into(),
            Response::Exception(reason) => reason.clone().into(),
        })
    }

    /// The media type and the body.
    pub(crate) fn body(&self) -> (&'static str, Cow<'static, str>) {
        const JSON: &str = "application/json; charset=utf-8";
        const HTML: &str = "text/html; charset=utf-8";
        let error = Value::from(self.error().unwrap_or_default());
        let body = match self {
            Response::Accepted => return (JSON, r#"{"status":"ok"}"#.into()),
            Response::Exception(_) => return (HTML, RAILS_PAGE.into()),
            Response::FieldMissing(_) | Response::FieldInvalid(_) => {
                format!(r#"{{"error":{error}}}"#)
            }
            Response::UnknownPage(_) => {
                format!(r#"{{"status":"400 Invalid Account","error":{error}}}"#)
            }
            _ => format!(r#"{{"status":"{}","error":{error}}}"#, self.status()),
        };
        (JSON, body.into())
    }

    /// The header line that belongs to the status; empty if there is none.
    pub(crate) fn header(&self) -> &'static str {
        match self {
            Response::WrongMethod(_) => "Allow: POST\r\n",
            // Within a second there is room for at least one more request.
            Response::RateLimited(_) => "Retry-After: 1\r\n",
            _ => "",
        }
    }
}
