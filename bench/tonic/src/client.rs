use crate::item::item_of;
use crate::pb::bench_client::BenchClient;
use crate::pb::{Item, Order};
use crate::{ipc::Setup, ipc::Work, sender::Sender};
use std::error::Error;
use tokio::sync::mpsc;
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Status, Streaming};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// As many connections as asked for.
pub async fn connect(setup: &Setup) -> Outcome<Vec<BenchClient<Channel>>> {
    let scheme = if setup.tls.is_some() { "https" } else { "http" };
    let mut endpoint = Endpoint::from_shared(format!("{scheme}://127.0.0.1:{}", setup.port))?;
    if let Some(tls) = &setup.tls {
        let ca = Certificate::from_pem(std::fs::read(&tls.ca)?);
        endpoint = endpoint.tls_config(ClientTlsConfig::new().ca_certificate(ca).domain_name("localhost"))?;
    }
    let mut clients = Vec::new();
    for _ in 0..setup.connections.max(1) {
        clients.push(BenchClient::new(endpoint.connect().await?));
    }
    Ok(clients)
}

/// One batch: tasks of their own where more than one thing goes on at once.
pub async fn batch(clients: &[BenchClient<Channel>], work: &Work, sender: Sender) -> Outcome<()> {
    if work.parallel == 1 {
        return calls(clients[0].clone(), work, sender).await;
    }
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..work.parallel {
        let (client, work) = (clients[i % clients.len()].clone(), work.clone());
        tasks.spawn(async move { calls(client, &work, sender).await });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

async fn calls(mut client: BenchClient<Channel>, work: &Work, sender: Sender) -> Outcome<()> {
    let &Work { size, count, .. } = work;
    let item = item_of(size);
    match work.call.as_str() {
        "unary" => {
            for _ in 0..count {
                client.unary(item.clone()).await?;
            }
            Ok(())
        }
        "serverStream" => {
            let order = Order { count: count as i32, size: size as i32 };
            read(client.server_stream(order).await?.into_inner(), count).await
        }
        "clientStream" => {
            let total = match sender {
                Sender::Imperative => client.client_stream(sending(item, count)).await?,
                Sender::Pull => client.client_stream(pulled(item, count)).await?,
            };
            expect(total.into_inner().count as usize, count)
        }
        "firehose" => {
            let echo = match sender {
                Sender::Imperative => client.echo(sending(item, count)).await?,
                Sender::Pull => client.echo(pulled(item, count)).await?,
            };
            read(echo.into_inner(), count).await
        }
        "pingPong" => {
            let (requests, sent) = mpsc::channel(1);
            requests.send(item.clone()).await?;
            let mut echo = client.echo(ReceiverStream::new(sent)).await?.into_inner();
            for i in 0..count {
                echo.message().await?.ok_or("the echo ended early")?;
                if i + 1 < count {
                    requests.send(item.clone()).await?;
                }
            }
            drop(requests);
            expect(echo.message().await?.iter().count(), 0)
        }
        other => Err(format!("no call {other}").into()),
    }
}

fn sending(item: Item, count: usize) -> ReceiverStream<Item> {
    let (requests, sent) = mpsc::channel(Sender::CAPACITY);
    tokio::spawn(async move {
        for _ in 0..count {
            if requests.send(item.clone()).await.is_err() {
                break;
            }
        }
    });
    ReceiverStream::new(sent)
}

fn pulled(item: Item, count: usize) -> impl Stream<Item = Item> + Send + 'static {
    tokio_stream::iter((0..count).map(move |_| item.clone()))
}

async fn read(mut items: Streaming<Item>, expected: usize) -> Outcome<()> {
    let mut count = 0;
    while let Some(_) = items.message().await.map_err(Box::<Status>::new)? {
        count += 1;
    }
    expect(count, expected)
}

fn expect(actual: usize, expected: usize) -> Outcome<()> {
    if actual == expected { Ok(()) } else { Err(format!("{actual} items instead of {expected}").into()) }
}
