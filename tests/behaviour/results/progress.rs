//! The progress of a batch, on a terminal.

use super::in_a_terminal;
use crate::batch::lines;
use crate::support::{Home, Reply, Server, requires};

/// What appears on a terminal while this command claims three messages from `in.json`, one of them in vain.
#[track_caller]
fn appears(command: &str) -> String {
    let home = Home::new();
    home.write("in.json", lines(3));
    let server = Server::answering([
        Reply::created(),
        Reply::status(404, "Not Found"),
        Reply::created(),
    ]);
    server.ignore_requests();
    in_a_terminal(command)
        .home(&home)
        .server(&server)
        .stdout_like("...")
        .code(1)
        .run()
        .stdout
}

#[test]
fn a_file_has_a_bar_and_a_pipe_a_counter() {
    if !requires("script") {
        return;
    }
    println!("{:?}", appears("lexbot claim -i in.json --rate 0 -j 1"));
    println!(
        "{:?}",
        appears("cat in.json | lexbot claim -i - --rate 0 -j 1")
    );
    println!("{:?}", appears("lexbot claim -i in.json --rate 0 -j 1 -q"));
    println!("{:?}", appears("lexbot claim -i in.json --rate 0 -j 1 -v"));
    println!(
        "{:?}",
        appears("lexbot claim -i in.json --rate 0 -j 1 2> err")
    );
}
