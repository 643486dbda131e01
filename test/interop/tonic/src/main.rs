//! The guides' data service as tonic programs write it, as server and as client.
//!
//! `interop-tonic server [gzip]` prints {"port":N}, then one line for each call that ended;
//! `interop-tonic client HOST:PORT ID CASES` prints one verdict for each case.

mod client;
mod content;
mod server;
mod track;
mod pb {
    tonic::include_proto!("streaming");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server"] => server::serve(false).await,
        ["server", "gzip"] => server::serve(true).await,
        ["client", target, id, cases] => client::run_cases(target, id, cases).await,
        _ => {
            eprintln!("usage: interop-tonic server [gzip] | client HOST:PORT ID CASES");
            std::process::exit(2);
        }
    }
}
