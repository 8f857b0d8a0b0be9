//! Send API responses, which Messenger sends to a bot after each message.

use serde_json::Value;

use crate::batch::{echoes, summary};
use crate::example::now_millis;
use crate::support::{Reply, Server};

const RESPONSE: &str = r#"{"recipient_id":"7","message_id":"m_1"}"#;

#[test]
fn each_response_is_published_when_it_arrives() {
    let server = Server::answering([Reply::created(), Reply::created()]);
    let mut run = echoes(&["--account-id", "42"])
        .server(&server)
        .stdout("201 m_1 echoed\n201 m_2 echoed\n")
        .stderr_like(summary("2 accepted"))
        .spawn();
    let before = now_millis();
    run.write_line(RESPONSE);
    assert_eq!(run.read_line(), "201 m_1 echoed");
    let between = now_millis();
    run.write_line(&RESPONSE.replace("m_1", "m_2"));
    run.finish();
    let after = now_millis();
    let published_at = server.requests().into_iter().map(|request| {
        let body: Value = serde_json::from_str(request.text()).unwrap();
        body["published_at"].as_u64().unwrap()
    });
    let times: Vec<u64> = published_at.collect();
    assert!((before..=between).contains(&times[0]), "{times:?}");
    assert!((between..=after).contains(&times[1]), "{times:?}");
}
