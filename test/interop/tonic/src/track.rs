use serde_json::json;
use std::time::{Duration, Instant};
use tonic::{Code, Request, Status};

/// Follows one incoming call and says at its end how the server saw it. A call that is dropped before its end was
/// cancelled: that is how tonic tells a handler.
pub struct Track {
    id: String,
    method: &'static str,
    begun: Instant,
    timeout: Option<Duration>,
    pub sent: usize,
    pub received: usize,
    ended: bool,
}

impl Track {
    pub fn begin<T>(request: &Request<T>, method: &'static str) -> Track {
        let text = |key: &str| request.metadata().get(key).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Track {
            id: text("x-call-id").unwrap_or_default(),
            method,
            begun: Instant::now(),
            timeout: text("grpc-timeout").and_then(|value| parse_timeout(&value)),
            sent: 0,
            received: 0,
            ended: false,
        }
    }

    pub fn end(&mut self, result: Result<(), &Status>) {
        match result {
            Ok(()) => self.emit("ok".into()),
            Err(status) if status.code() == Code::Cancelled => self.emit("cancelled".into()),
            Err(status) => self.emit(format!("status:{}", status.code() as i32)),
        }
    }

    fn emit(&mut self, outcome: String) {
        self.ended = true;
        let time_left = self.timeout.map_or(-1, |timeout| timeout.as_millis() as i64);
        println!(
            "{}",
            json!({
                "event": "end", "id": self.id, "method": self.method, "outcome": outcome,
                "sent": self.sent, "received": self.received, "timeLeftMs": time_left,
            })
        );
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        if !self.ended {
            let late = self.timeout.is_some_and(|timeout| self.begun.elapsed() >= timeout);
            self.emit(if late { "deadline" } else { "cancelled" }.into());
        }
    }
}

/// "300m": https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Timeout.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}
