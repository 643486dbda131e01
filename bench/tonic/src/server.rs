use crate::item::item_of;
use crate::pb::bench_server::{Bench, BenchServer};
use crate::pb::{Item, Order, Total};
use crate::{ipc::Setup, sender::Sender};
use std::pin::Pin;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream, wrappers::TcpListenerStream};
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Response, Status, Streaming};

type Items = Pin<Box<dyn Stream<Item = Result<Item, Status>> + Send>>;

struct Handlers {
    sender: Sender,
}

#[tonic::async_trait]
impl Bench for Handlers {
    async fn unary(&self, request: Request<Item>) -> Result<Response<Item>, Status> {
        Ok(Response::new(request.into_inner()))
    }

    type ServerStreamStream = Items;
    async fn server_stream(&self, request: Request<Order>) -> Result<Response<Items>, Status> {
        let Order { count, size } = request.into_inner();
        let item = item_of(size as usize);
        Ok(Response::new(match self.sender {
            Sender::Pull => Box::pin(tokio_stream::iter((0..count).map(move |_| Ok(item.clone())))),
            Sender::Imperative => {
                let (sending, sent) = mpsc::channel(Sender::CAPACITY);
                tokio::spawn(async move {
                    for _ in 0..count {
                        if sending.send(Ok(item.clone())).await.is_err() {
                            break;
                        }
                    }
                });
                Box::pin(ReceiverStream::new(sent))
            }
        }))
    }

    async fn client_stream(&self, request: Request<Streaming<Item>>) -> Result<Response<Total>, Status> {
        let mut items = request.into_inner();
        let mut count = 0;
        while items.message().await?.is_some() {
            count += 1;
        }
        Ok(Response::new(Total { count }))
    }

    type EchoStream = Items;
    async fn echo(&self, request: Request<Streaming<Item>>) -> Result<Response<Items>, Status> {
        let mut items = request.into_inner();
        Ok(Response::new(match self.sender {
            Sender::Pull => Box::pin(items.map(|item| item)),
            Sender::Imperative => {
                let (sending, sent) = mpsc::channel(Sender::CAPACITY);
                tokio::spawn(async move {
                    while let Ok(Some(item)) = items.message().await {
                        if sending.send(Ok(item)).await.is_err() {
                            break;
                        }
                    }
                });
                Box::pin(ReceiverStream::new(sent))
            }
        }))
    }
}

/// Serves on a free port of the loopback interface, and says which.
pub async fn serve(setup: &Setup, sender: Sender) -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let mut server = Server::builder();
    if let Some(tls) = &setup.tls {
        let identity = Identity::from_pem(std::fs::read(&tls.cert)?, std::fs::read(&tls.key)?);
        server = server.tls_config(ServerTlsConfig::new().identity(identity)).map_err(std::io::Error::other)?;
    }
    let router = server.add_service(BenchServer::new(Handlers { sender }).max_decoding_message_size(usize::MAX));
    // Its own listeners set TCP_NODELAY by default.
    let connections = TcpListenerStream::new(listener).map(|accepted| {
        accepted.and_then(|socket| {
            socket.set_nodelay(true)?;
            Ok(socket)
        })
    });
    tokio::spawn(router.serve_with_incoming(connections));
    Ok(port)
}
