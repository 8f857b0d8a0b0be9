//! The replies of a server, request by request.

use std::collections::VecDeque;
use std::fmt;

use super::reply::Reply;
use super::request::Request;

/// Where the replies come from.
pub(super) enum Script {
    /// One for each request, in this order.
    List(VecDeque<Reply>),
    /// The same for every request.
    Always(Reply),
    /// Chosen by the test for each request.
    Function(Box<dyn FnMut(&Request) -> Reply + Send>),
}

impl Script {
    /// The reply to `request`; `None` at the end of the script.
    pub(super) fn next(&mut self, request: &Request) -> Option<Reply> {
        match self {
            Script::List(replies) => replies.pop_front(),
            Script::Always(reply) => Some(reply.clone()),
            Script::Function(function) => Some(function(request)),
        }
    }

    /// How many replies are left over.
    pub(super) fn left(&self) -> usize {
        match self {
            Script::List(replies) => replies.len(),
            Script::Always(_) | Script::Function(_) => 0,
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a script with {} replies left", self.left())
    }
}
