//! A listener on the loopback interface that gives each connection to a function, on its own thread.
//!
//! For servers, for TLS or a proxy in front of one, and for peers that don't speak HTTP.

use std::io;
use std::mem;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};

use super::gate::Gate;
use super::watched::Watched;

/// What is done with a connection. An error only ends the connection.
type Serve = dyn Fn(&TcpStream) -> io::Result<()> + Send + Sync;

/// A listener. Dropping it ends all its connections and threads.
#[derive(Debug)]
pub(crate) struct Front {
    address: SocketAddr,
    stop: Gate,
    connections: Arc<Watched<Connections>>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Connections {
    count: usize,
    streams: Vec<Weak<TcpStream>>,
    threads: Vec<JoinHandle<()>>,
}

impl Front {
    /// Gives every connection to `serve`, and closes it afterwards.
    pub(crate) fn start(
        serve: impl Fn(&TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback interface");
        let address = listener.local_addr().expect("the address of a listener");
        let stop = Gate::new();
        let connections = Arc::default();
        let acceptor = thread::spawn({
            let (stop, connections) = (stop.clone(), Arc::clone(&connections));
            let serve: Arc<Serve> = Arc::new(serve);
            move || accept(&listener, &stop, &connections, &serve)
        });
        Front {
            address,
            stop,
            connections,
            acceptor: Some(acceptor),
        }
    }

    /// The address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.lock().count
    }

    /// Ends all connections and their threads, and returns how many of these panicked.
    pub(super) fn end(&mut self) -> usize {
        self.stop.open();
        // The acceptor waits for a connection: this one is the last that it gets.
        let woken = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take()
            && woken.is_ok()
        {
            let _ = acceptor.join();
        }
        let Connections {
            streams, threads, ..
        } = mem::take(&mut *self.connections.lock());
        for stream in streams.iter().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let panicked = threads.into_iter().filter_map(|thread| thread.join().err());
        panicked.count()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.end();
    }
}

fn accept(
    listener: &TcpListener,
    stop: &Gate,
    connections: &Watched<Connections>,
    serve: &Arc<Serve>,
) {
    for stream in listener.incoming() {
        // The listener is closed then, so that every client is refused and its test fails.
        let Ok(stream) = stream.map(Arc::new) else {
            return;
        };
        if stop.is_open() {
            return;
        }
        let mut connections = connections.lock();
        connections.count += 1;
        // Only the thread holds the connection, so that dropping it there closes it.
        connections.streams.push(Arc::downgrade(&stream));
        let serve = Arc::clone(serve);
        connections.threads.push(thread::spawn(move || {
            let _ = serve(&stream);
        }));
    }
}
