//! The channel to the bench: Node's IPC, lines of JSON over a socket whose descriptor NODE_CHANNEL_FD tells.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{BufRead, BufReader, Write};
use std::os::fd::FromRawFd;
use std::os::unix::net::UnixStream;

/// What the parent says of a server or a client before it starts.
#[derive(Deserialize, Clone)]
pub struct Setup {
    /// Of the server; for the client.
    #[serde(default)]
    pub port: u16,
    #[serde(default)]
    pub connections: usize,
    pub tls: Option<TlsFiles>,
}

/// Paths of PEM files.
#[derive(Deserialize, Clone)]
pub struct TlsFiles {
    pub ca: String,
    pub cert: String,
    pub key: String,
}

/// One batch: `parallel` times at once, `count` messages of `size` bytes.
#[derive(Deserialize, Clone)]
pub struct Work {
    pub call: String,
    pub size: usize,
    pub count: usize,
    pub parallel: usize,
}

#[derive(Deserialize)]
pub struct RunRequest {
    pub work: Work,
    pub milliseconds: f64,
}

/// Microseconds of processor time of this process.
#[derive(Serialize)]
pub struct Cpu {
    pub user: i64,
    pub system: i64,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum RunAnswer {
    Done { messages: usize, milliseconds: f64, cpu: Cpu },
    Failed { error: String },
}

pub fn cpu() -> Cpu {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let micros = |time: libc::timeval| time.tv_sec as i64 * 1_000_000 + time.tv_usec as i64;
    Cpu { user: micros(usage.ru_utime), system: micros(usage.ru_stime) }
}

/// Both halves of the channel, for blocking use on a thread of its own.
pub struct Ipc {
    input: BufReader<UnixStream>,
    output: UnixStream,
}

impl Ipc {
    pub fn open() -> Ipc {
        let fd = std::env::var("NODE_CHANNEL_FD").ok().and_then(|text| text.parse().ok());
        // The descriptor is ours alone: the parent made it for this process.
        let socket = unsafe { UnixStream::from_raw_fd(fd.expect("NODE_CHANNEL_FD: start me from the bench")) };
        socket.set_nonblocking(false).expect("a socket");
        Ipc { input: BufReader::new(socket.try_clone().expect("a second handle")), output: socket }
    }

    /// The next message; None when the parent has hung up.
    pub fn receive<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(length) if length > 0 => Some(serde_json::from_str(&line).expect("a message of the bench")),
            _ => None,
        }
    }

    pub fn send<T: Serialize>(&mut self, message: &T) {
        let mut line = serde_json::to_vec(message).expect("JSON");
        line.push(b'\n');
        self.output.write_all(&line).expect("the parent listens");
    }
}
