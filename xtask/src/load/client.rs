//! A plain HTTP client that sends so many requests a second whether or not they are answered in time.
//!
//! Each answer's time counts from the moment at which its request was due, not from when it could be
//! sent: a server that stalls is charged for everybody who waited.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came of the requests, by their number.
#[derive(Default)]
pub(crate) struct Outcome {
    /// How long each acknowledged one took, with its number.
    pub(crate) acknowledged: Vec<(usize, Duration)>,
    /// How many were answered otherwise or not at all.
    pub(super) failed: usize,
    /// From the first moment to the last answer.
    pub(super) took: Duration,
}

/// How the requests are sent.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Requests a second.
    pub(crate) rate: u32,
    /// Connections that they are spread over.
    pub(crate) connections: usize,
}

/// Posts to every path, at the pace, over connections that stay open and are spread over the servers.
pub(crate) fn post(servers: &[SocketAddr], paths: &[String], pace: Pace) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let start = Instant::now() + Duration::from_millis(200);
        let mut workers = tokio::task::JoinSet::new();
        for first in 0..pace.connections {
            let mine: Vec<(usize, String)> = paths
                .iter()
                .enumerate()
                .skip(first)
                .step_by(pace.connections)
                .map(|(number, path)| (number, path.clone()))
                .collect();
            workers.spawn(work(servers[first % servers.len()], mine, pace.rate, start));
        }
        let mut outcome = Outcome::default();
        while let Some(done) = workers.join_next().await {
            let (acknowledged, failed) = done.context("a connection's task failed")?;
            outcome.acknowledged.extend(acknowledged);
            outcome.failed += failed;
        }
        outcome.took = start.elapsed();
        Ok(outcome)
    })
}

async fn work(
    server: SocketAddr,
    requests: Vec<(usize, String)>,
    rate: u32,
    start: Instant,
) -> (Vec<(usize, Duration)>, usize) {
    let (mut acknowledged, mut failed) = (Vec::with_capacity(requests.len()), 0);
    let mut connection = None;
    for (number, path) in requests {
        let due = start + Duration::from_secs(1).mul_f64(number as f64 / f64::from(rate));
        tokio::time::sleep_until(due.into()).await;
        if connection.is_none() {
            connection = Connection::open(server).await.ok();
        }
        let answered = match &mut connection {
            Some(open) => open.post(&path).await,
            None => Err(anyhow::anyhow!("no connection")),
        };
        match answered {
            Ok(200) => acknowledged.push((number, due.elapsed())),
            Ok(_) => failed += 1,
            Err(_) => {
                failed += 1;
                connection = None;
            }
        }
    }
    (acknowledged, failed)
}

struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, read: Vec::with_capacity(16 * 1024) })
    }

    /// Posts nothing to a path and reads the whole answer; returns its status.
    async fn post(&mut self, path: &str) -> Result<u16> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.read.clear();
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.read[..end]).context("headers are not text")?;
            let length: usize = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse().ok())
                .context("the answer has no length")?;
            let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
            let status = status.context("the answer has no status")?;
            while self.read.len() < end + 4 + length {
                if self.stream.read_buf(&mut self.read).await? == 0 {
                    bail!("the answer was cut short");
                }
            }
            return Ok(status);
        }
    }
}
