//! What other programs call an option or a command. clap finds names that look alike.

/// What others call an option, and its name here.
pub(super) const OPTIONS: [(&[&str], &str); 13] = [
    (&["file", "in", "from", "stdin", "path"], "input"),
    (&["id", "mid", "message-id", "message"], "object-id"),
    (&["time", "timestamp", "date", "at"], "published-at"),
    (&["page", "page-id"], "account-id"),
    (&["client", "id"], "client-id"),
    (&["url", "host", "endpoint", "api"], "base-url"),
    (&["format", "output", "ndjson", "jsonl"], "json"),
    (&["silent", "s"], "quiet"),
    (&["debug", "trace"], "verbose"),
    (&["colour", "no-color", "no-colour"], "color"),
    (&["threads", "parallel", "concurrency", "workers"], "jobs"),
    (&["v", "ver"], "version"),
    (&["auth-token", "api-token", "auth-api-token"], "token"),
];

/// What others call a command, and the command here.
pub(super) const COMMANDS: [(&[&str], &str); 6] = [
    (
        &[
            "login",
            "auth",
            "signin",
            "token",
            "configure",
            "setup",
            "init",
            "add",
        ],
        "lexbot config set-token",
    ),
    (
        &["logout", "signout", "remove", "delete", "rm"],
        "lexbot config remove-token",
    ),
    (&["version", "ver"], "lexbot --version"),
    (
        &["status", "whoami", "test", "ping", "verify", "doctor"],
        "lexbot check",
    ),
    (
        &["get", "list", "ls", "view", "profiles"],
        "lexbot config show",
    ),
    (&["edit", "where", "file"], "lexbot config path"),
];
