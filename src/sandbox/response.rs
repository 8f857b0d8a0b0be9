//! The sandbox's responses.
//!
//! The statuses and the texts of 201, 400 and both kinds of 500 are Lexer's. It documents no body for 401, 404, 405
//! and 429: here those have the form of its 400. Like Lexer's, the HTML page of a 500 doesn't say what is wrong; the
//! log does.

use serde_json::Value;
use ureq::http::StatusCode;

/// What Rails shows for an unhandled exception.
const RAILS_PAGE: &str = "<!DOCTYPE html>
<html>
<head><title>We're sorry, but something went wrong (500)</title></head>
<body><h1>We're sorry, but something went wrong.</h1></body>
</html>
";

/// A status as it stands in a response, such as "404 Not Found".
pub(crate) fn title(status: StatusCode) -> String {
    // Only --fail has a status without a name.
    let reason = status.canonical_reason().unwrap_or("Failed");
    format!("{} {reason}", status.as_str())
}

/// The response to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status.
    pub(crate) status: StatusCode,
    /// What is wrong with the request; empty if it was accepted.
    pub(crate) error: String,
    /// The body.
    pub(crate) body: String,
}

impl Response {
    /// Lexer's 201.
    pub(crate) fn accepted() -> Self {
        Response {
            status: StatusCode::CREATED,
            error: String::new(),
            body: r#"{"status":"ok"}"#.to_owned(),
        }
    }

    /// Lexer's 400 for a page that isn't integrated.
    pub(crate) fn unknown_page(page: &str) -> Self {
        let error = format!("Cannot find an integrated account: {page}");
        Self::in_form_of_400(StatusCode::BAD_REQUEST, "400 Invalid Account", error)
    }

    /// A response that Lexer doesn't document.
    pub(crate) fn refused(status: StatusCode, error: impl Into<String>) -> Self {
        Self::in_form_of_400(status, &title(status), error.into())
    }

    /// This response with another status; two of them have no body.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            self.body.clear();
        }
        self
    }

    /// Lexer's 500 for a missing field or one with a value that it doesn't accept.
    pub(crate) fn invalid_field(error: String) -> Self {
        Response {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: format!(r#"{{"error":{}}}"#, Value::from(error.as_str())),
            error,
        }
    }

    /// Lexer's 500 for broken JSON or a value of the wrong type.
    pub(crate) fn exception(error: String) -> Self {
        Response {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error,
            body: RAILS_PAGE.to_owned(),
        }
    }

    fn in_form_of_400(status: StatusCode, title: &str, error: String) -> Self {
        let json = Value::from(error.as_str());
        Response {
            status,
            body: format!(r#"{{"status":"{title}","error":{json}}}"#),
            error,
        }
    }

    /// Whether the request was accepted.
    pub(crate) fn is_accepted(&self) -> bool {
        self.error.is_empty()
    }

    /// The value of `Content-Type`.
    pub(crate) fn media_type(&self) -> &'static str {
        if self.body.starts_with('<') {
            "text/html; charset=utf-8"
        } else {
            "application/json; charset=utf-8"
        }
    }

    /// The header line that belongs to the status; empty for most.
    pub(crate) fn header(&self) -> &'static str {
        match self.status {
            StatusCode::METHOD_NOT_ALLOWED => "Allow: POST\r\n",
            // Within a second there is room for at least one more request.
            StatusCode::TOO_MANY_REQUESTS => "Retry-After: 1\r\n",
            _ => "",
        }
    }
}
