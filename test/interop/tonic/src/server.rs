use crate::content::{BIG_TIMESTAMP, hex};
use crate::pb::data_service_server::{DataService, DataServiceServer};
use crate::pb::file_chunk::Content;
use crate::pb::{
    ChatMessage, DataPoint, DataRequest, DataResponse, DataUpdate, FileChunk, SubscribeRequest, UploadResponse,
    data_point::Label,
};
use crate::track::Track;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, future::pending, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify, sync::mpsc, time::sleep};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::codec::CompressionEncoding::Gzip;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status, Streaming, transport::Server};

struct Data {
    shutdown: Arc<Notify>,
}

/// What x-client and x-client-bin said, as x-echo and x-echo-bin.
fn echo(from: &MetadataMap, to: &mut MetadataMap) {
    for value in from.get_all("x-client") {
        to.append("x-echo", value.clone());
    }
    for value in from.get_all_bin("x-client-bin") {
        to.append_bin("x-echo-bin", value.clone());
    }
}

#[tonic::async_trait]
impl DataService for Data {
    /// Answers any id; "missing" is NOT_FOUND, "slow" waits for the deadline, "large:N" has a name of N letters.
    async fn get_data(&self, request: Request<DataRequest>) -> Result<Response<DataResponse>, Status> {
        let mut track = Track::begin(&request, "GetData");
        let metadata = request.metadata().clone();
        let id = request.into_inner().id;
        if id == "missing" {
            let status = Status::not_found("no item missing");
            track.end(Err(&status));
            return Err(status);
        }
        if id == "slow" {
            pending::<()>().await;
        }
        let size = id.strip_prefix("large:").and_then(|size| size.parse().ok());
        let label = Label { key: "unit".into(), value: "m".into() };
        let mut response = Response::new(DataResponse {
            name: size.map_or_else(|| format!("Item {id}"), |size| "x".repeat(size)),
            id,
            attributes: HashMap::from([("colour".into(), "blau".into()), ("größe".into(), "☕".into())]),
            points: vec![
                DataPoint { value: 0.1, timestamp: 1, labels: vec![label] },
                DataPoint { value: -2.5e300, timestamp: -1, labels: vec![] },
            ],
            timestamp: BIG_TIMESTAMP,
        });
        echo(&metadata, response.metadata_mut());
        track.end(Ok(()));
        Ok(response)
    }

    type SubscribeDataStream = ReceiverStream<Result<DataUpdate, Status>>;
    /// Understands the topics count:N and forever.
    async fn subscribe_data(
        &self,
        request: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeDataStream>, Status> {
        let mut track = Track::begin(&request, "SubscribeData");
        let SubscribeRequest { topics, since } = request.into_inner();
        let (updates, sent) = mpsc::channel(4);
        tokio::spawn(async move {
            for topic in topics {
                let forever = topic == "forever";
                let count = topic.strip_prefix("count:").and_then(|count| count.parse().ok()).unwrap_or(i64::MAX);
                for i in 0..count {
                    let point = DataPoint { value: i as f64, timestamp: since + i, labels: vec![] };
                    let update =
                        DataUpdate { topic: topic.clone(), point: Some(point), timestamp: BIG_TIMESTAMP + i };
                    // Nobody listens any more: the track, dropped, says so.
                    if updates.send(Ok(update)).await.is_err() {
                        return;
                    }
                    track.sent += 1;
                    if forever {
                        sleep(Duration::from_millis(2)).await;
                    }
                }
            }
            track.end(Ok(()));
        });
        Ok(Response::new(ReceiverStream::new(sent)))
    }

    /// Answers with the SHA-256 of what came. The file name "refuse" is PERMISSION_DENIED, "early" is answered at once.
    async fn upload_file(&self, request: Request<Streaming<FileChunk>>) -> Result<Response<UploadResponse>, Status> {
        let mut track = Track::begin(&request, "UploadFile");
        let result = upload(&mut track, request.into_inner()).await;
        track.end(result.as_ref().map(|_| ()));
        result.map(Response::new)
    }

    type ChatStream = ReceiverStream<Result<ChatMessage, Status>>;
    /// Answers each message; "bye" ends the call, "boom" fails it, "shutdown" shuts the server down, gracefully.
    async fn chat(&self, request: Request<Streaming<ChatMessage>>) -> Result<Response<Self::ChatStream>, Status> {
        let mut track = Track::begin(&request, "Chat");
        let mut messages = request.into_inner();
        let (replies, sent) = mpsc::channel(4);
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            let result = loop {
                let message = match messages.message().await {
                    Ok(Some(message)) => message,
                    Ok(None) => break Ok(()),
                    Err(status) => break Err(status),
                };
                track.received += 1;
                match message.message.as_str() {
                    "bye" => break Ok(()),
                    "boom" => break Err(Status::aborted("boom it is")),
                    "shutdown" => shutdown.notify_one(),
                    _ => {}
                }
                let reply = ChatMessage {
                    user: "server".into(),
                    message: format!("echo: {}", message.message),
                    timestamp: message.timestamp + 1,
                };
                if replies.send(Ok(reply)).await.is_err() {
                    return;
                }
                track.sent += 1;
            };
            track.end(result.as_ref().map(|_| ()));
            if let Err(status) = result {
                replies.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(ReceiverStream::new(sent)))
    }
}

async fn upload(track: &mut Track, mut chunks: Streaming<FileChunk>) -> Result<UploadResponse, Status> {
    let mut sum = Sha256::new();
    let (mut size, mut file_id) = (0, String::new());
    while let Some(chunk) = chunks.message().await? {
        track.received += 1;
        match chunk.content {
            Some(Content::Metadata(metadata)) => {
                file_id = metadata.file_name;
                match file_id.as_str() {
                    "refuse" => return Err(Status::permission_denied("not this file")),
                    "early" => return Ok(UploadResponse { file_id, ..Default::default() }),
                    _ => {}
                }
            }
            Some(Content::Data(data)) => {
                sum.update(&data);
                size += data.len() as i64;
            }
            None => return Err(Status::invalid_argument("an empty chunk")),
        }
    }
    Ok(UploadResponse { file_id, size, sha256: hex(sum) })
}

/// Serves on a free port until somebody says "shutdown". `gzip`: takes compressed messages, and compresses its own.
pub async fn serve(gzip: bool) {
    let shutdown = Arc::new(Notify::new());
    let mut service = DataServiceServer::new(Data { shutdown: shutdown.clone() });
    if gzip {
        service = service.accept_compressed(Gzip).send_compressed(Gzip);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", json!({ "port": listener.local_addr().expect("an address").port() }));
    Server::builder()
        .add_service(service)
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), shutdown.notified())
        .await
        .expect("a server");
}
