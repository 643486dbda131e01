//! tonic as a peer of the bench: `bench-tonic server|client SETUP imperative|pull current|multi`. Started by the bench, it
//! speaks to it as the bench's Node processes do.

mod client;
mod ipc;
mod item;
mod sender;
mod server;
// Not all messages of the proto are the service's.
#[allow(dead_code)]
mod pb {
    tonic::include_proto!("bench");
}

use ipc::{Cpu, Ipc, RunAnswer, RunRequest, Setup};
use sender::Sender;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, side, setup, sender, runtime] = args.as_slice() else {
        panic!("bench-tonic server|client SETUP imperative|pull current|multi");
    };
    let setup: Setup = serde_json::from_str(setup).expect("a setup");
    let sender = Sender::parse(sender);
    let runtime = match runtime.as_str() {
        "current" => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        _ => tokio::runtime::Builder::new_multi_thread().enable_all().build(),
    }
    .expect("a runtime");
    let mut ipc = Ipc::open();
    if side == "server" {
        // The runtime runs on this thread; the channel has one of its own.
        runtime.block_on(async {
            ipc.send(&server::serve(&setup, sender).await.expect("a server"));
            tokio::task::spawn_blocking(move || {
                while ipc.receive::<serde_json::Value>().is_some() {
                    ipc.send(&ipc::cpu());
                }
                std::process::exit(0);
            })
            .await
            .expect("the channel's thread");
        });
        return;
    }
    let clients = runtime.block_on(client::connect(&setup)).expect("connections");
    while let Some(request) = ipc.receive::<RunRequest>() {
        let answer = runtime.block_on(run(&clients, &request, sender));
        ipc.send(&answer.unwrap_or_else(|error| RunAnswer::Failed { error: error.to_string() }));
    }
}

async fn run(
    clients: &[pb::bench_client::BenchClient<tonic::transport::Channel>],
    request: &RunRequest,
    sender: Sender,
) -> Result<RunAnswer, Box<dyn std::error::Error + Send + Sync>> {
    let (begin, before) = (Instant::now(), ipc::cpu());
    let mut messages = 0;
    loop {
        client::batch(clients, &request.work, sender).await?;
        messages += request.work.count * request.work.parallel;
        let milliseconds = begin.elapsed().as_secs_f64() * 1000.0;
        if milliseconds >= request.milliseconds {
            let after = ipc::cpu();
            let cpu = Cpu { user: after.user - before.user, system: after.system - before.system };
            return Ok(RunAnswer::Done { messages, milliseconds, cpu });
        }
    }
}
