use crate::content::{BIG_TIMESTAMP, fill, sum_of};
use crate::pb::data_service_client::DataServiceClient;
use crate::pb::file_chunk::Content;
use crate::pb::{ChatMessage, DataRequest, FileChunk, FileMetadata, SubscribeRequest, UploadResponse};
use serde_json::json;
use std::{fmt::Debug, time::Duration};
use tokio::{sync::mpsc, time::sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request, Response, Status, Streaming, transport::Channel};

type Fault = Box<dyn std::error::Error>;
type Verdict = Result<(), Fault>;

pub async fn run_cases(target: &str, id: &str, cases: &str) {
    let channel = Channel::from_shared(format!("http://{target}")).expect("a target").connect_lazy();
    for name in cases.split(',') {
        let case = Case { client: DataServiceClient::new(channel.clone()), call_id: format!("{id}/{name}") };
        let verdict = match case.run(name).await {
            Ok(()) => json!({ "case": name, "ok": true }),
            Err(fault) => json!({ "case": name, "ok": false, "detail": fault.to_string() }),
        };
        println!("{verdict}");
    }
}

struct Case {
    client: DataServiceClient<Channel>,
    call_id: String,
}

impl Case {
    async fn run(self, name: &str) -> Verdict {
        match name {
            "data.get" => self.get().await,
            "data.get_missing" => {
                let result = self.get_data("missing", Duration::from_secs(20)).await;
                expect_code(result, Code::NotFound, "no item missing")
            }
            "data.get_deadline" => {
                let result = self.get_data("slow", Duration::from_millis(300)).await;
                // Where its own timer is first, tonic says CANCELLED.
                match result {
                    Err(status) if status.message() == "Timeout expired" => Ok(()),
                    other => expect_code(other, Code::DeadlineExceeded, ""),
                }
            }
            "data.metadata" => self.metadata().await,
            "data.large" => {
                let item = self.get_data("large:3000000", Duration::from_secs(20)).await?.into_inner();
                expect("name", item.name.len(), 3_000_000)
            }
            "data.compressed" => self.compressed().await,
            "data.subscribe" => self.subscribe().await,
            "data.subscribe_cancel" => self.subscribe_cancel().await,
            "data.upload" => self.upload(5_000_000, 65_536).await,
            "data.upload_large" => self.upload(3_000_000, 3_000_000).await,
            "data.upload_empty" => {
                let response = self.send_chunks(vec![]).await?;
                expect("sha256", response.sha256, sum_of(0))
            }
            "data.upload_cancel" => self.upload_cancel().await,
            "data.upload_refused" => {
                let result = self.upload_without_end("refuse").await;
                expect_code(result, Code::PermissionDenied, "not this file")
            }
            "data.upload_early" => expect("file id", self.upload_without_end("early").await?.file_id, "early".into()),
            "data.chat" => self.chat().await,
            "data.chat_status" => self.chat_status().await,
            "data.chat_cancel" => {
                let (messages, mut replies) = self.open_chat("hello").await?;
                replies.message().await?;
                // Dropping the replies cancels the call; the messages stay open.
                drop(replies);
                sleep(Duration::from_millis(100)).await;
                drop(messages);
                Ok(())
            }
            "data.chat_server_ends" => {
                let (_messages, mut replies) = self.open_chat("bye").await?;
                expect("rest", replies.message().await?, None)
            }
            "data.shutdown" => self.shutdown().await,
            _ => Err("the tonic client has no such case".into()),
        }
    }

    fn request<T>(&self, message: T, timeout: Duration) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(timeout);
        request.metadata_mut().insert("x-call-id", self.call_id.parse().expect("an id"));
        request
    }

    fn slow<T>(&self, message: T) -> Request<T> {
        self.request(message, Duration::from_secs(20))
    }

    async fn get_data(&self, id: &str, timeout: Duration) -> Result<Response<crate::pb::DataResponse>, Status> {
        self.client.clone().get_data(self.request(DataRequest { id: id.into() }, timeout)).await
    }

    async fn get(&self) -> Verdict {
        let item = self.get_data("a-1", Duration::from_secs(20)).await?.into_inner();
        expect("name", item.name.as_str(), "Item a-1")?;
        expect("timestamp", item.timestamp, BIG_TIMESTAMP)?;
        expect("attribute", item.attributes.get("größe").map(String::as_str), Some("☕"))?;
        expect("value", item.points.get(1).map(|point| point.value), Some(-2.5e300))?;
        expect("point timestamp", item.points.get(1).map(|point| point.timestamp), Some(-1))?;
        expect("label", item.points[0].labels.first().map(|label| label.key.as_str()), Some("unit"))
    }

    async fn metadata(&self) -> Verdict {
        let bytes = [0u8, 1, 2, 250, 255, 10];
        let mut request = self.slow(DataRequest { id: "metadata".into() });
        request.metadata_mut().append("x-client", MetadataValue::from_static("one"));
        request.metadata_mut().append("x-client", MetadataValue::from_static("two"));
        request.metadata_mut().insert_bin("x-client-bin", MetadataValue::from_bytes(&bytes));
        let response = self.client.clone().get_data(request).await?;
        let echoed: Vec<String> = response
            .metadata()
            .get_all("x-echo")
            .iter()
            // Repeated keys may travel as one value, "one, two".
            .flat_map(|value| value.to_str().unwrap_or("?").split(',').map(|part| part.trim().to_owned()))
            .collect();
        expect("x-echo", echoed, vec!["one".to_owned(), "two".into()])?;
        let binary = response.metadata().get_bin("x-echo-bin").and_then(|value| value.to_bytes().ok());
        expect("x-echo-bin", binary.as_deref(), Some(&bytes[..]))
    }

    async fn compressed(self) -> Verdict {
        let mut client = self.client.clone().send_compressed(Gzip).accept_compressed(Gzip);
        let response = client.get_data(self.slow(DataRequest { id: "large:100000".into() })).await?;
        let encoding = response.metadata().get("grpc-encoding").cloned();
        expect("grpc-encoding", encoding, Some(MetadataValue::from_static("gzip")))?;
        expect("name", response.into_inner().name, "x".repeat(100_000))
    }

    async fn subscribe(self) -> Verdict {
        let request = SubscribeRequest { topics: vec!["count:100".into(), "count:3".into()], since: BIG_TIMESTAMP };
        let mut updates = self.client.clone().subscribe_data(self.slow(request)).await?.into_inner();
        for i in 0..103 {
            let update = updates.message().await?.ok_or("the updates ended early")?;
            expect("timestamp", update.timestamp, BIG_TIMESTAMP + i % 100)?;
        }
        expect("rest", updates.message().await?, None)
    }

    async fn subscribe_cancel(self) -> Verdict {
        let request = SubscribeRequest { topics: vec!["forever".into()], since: 0 };
        let mut updates = self.client.clone().subscribe_data(self.slow(request)).await?.into_inner();
        for _ in 0..3 {
            updates.message().await?;
        }
        Ok(())
    }

    async fn send_chunks(&self, chunks: Vec<FileChunk>) -> Result<UploadResponse, Status> {
        let request = self.slow(tokio_stream::iter(chunks));
        Ok(self.client.clone().upload_file(request).await?.into_inner())
    }

    async fn upload(self, size: usize, step: usize) -> Verdict {
        let mut chunks = vec![file("big.bin")];
        for offset in (0..size).step_by(step) {
            chunks.push(data(fill(step.min(size - offset), offset)));
        }
        let response = self.send_chunks(chunks).await?;
        expect("file id", response.file_id.as_str(), "big.bin")?;
        expect("size", response.size, size as i64)?;
        expect("sha256", response.sha256, sum_of(size))
    }

    async fn upload_cancel(self) -> Verdict {
        let (chunks, sent) = mpsc::channel(4);
        chunks.send(file("cancelled")).await?;
        chunks.send(data(fill(1000, 0))).await?;
        let mut client = self.client.clone();
        // The server has to have the call before it is cancelled: dropping the future does that.
        tokio::select! {
            result = client.upload_file(self.slow(ReceiverStream::new(sent))) => Err(format!("ended: {result:?}").into()),
            () = sleep(Duration::from_millis(200)) => Ok(()),
        }
    }

    /// Sends on and on, until the call is over.
    async fn upload_without_end(&self, name: &str) -> Result<UploadResponse, Status> {
        let (chunks, sent) = mpsc::channel(4);
        let first = file(name);
        let sending = tokio::spawn(async move {
            let mut next = first;
            for _ in 0..100_000 {
                if chunks.send(next).await.is_err() {
                    break;
                }
                next = data(fill(1000, 0));
            }
        });
        let result = self.client.clone().upload_file(self.slow(ReceiverStream::new(sent))).await;
        sending.abort();
        Ok(result?.into_inner())
    }

    /// With its first message: the call is there for tonic when the header comes, which may come with the first answer.
    async fn open_chat(&self, first: &str) -> Result<(mpsc::Sender<ChatMessage>, Streaming<ChatMessage>), Fault> {
        let (messages, sent) = mpsc::channel(64);
        messages.send(say(first)).await?;
        let replies = self.client.clone().chat(self.slow(ReceiverStream::new(sent))).await?.into_inner();
        Ok((messages, replies))
    }

    async fn chat(self) -> Verdict {
        let (messages, mut replies) = self.open_chat("first").await?;
        expect("reply", replies.message().await?.map(|reply| reply.timestamp), Some(1))?;
        for i in 1..50 {
            let message = format!("message {i}");
            messages.send(ChatMessage { user: "tonic".into(), message: message.clone(), timestamp: i }).await?;
            let reply = replies.message().await?.ok_or("the replies ended early")?;
            expect("reply", reply.message, format!("echo: {message}"))?;
            expect("time", reply.timestamp, i + 1)?;
        }
        drop(messages);
        expect("rest", replies.message().await?, None)
    }

    async fn chat_status(self) -> Verdict {
        let (messages, mut replies) = self.open_chat("hello").await?;
        messages.send(say("boom")).await?;
        expect("reply", replies.message().await?.map(|reply| reply.message), Some("echo: hello".into()))?;
        expect_code(replies.message().await, Code::Aborted, "boom it is")
    }

    /// A call that is open goes on while its server shuts down; no new one is taken.
    async fn shutdown(self) -> Verdict {
        let (messages, mut replies) = self.open_chat("shutdown").await?;
        for text in ["shutdown", "after"] {
            if text == "after" {
                messages.send(say(text)).await?;
            }
            let reply = replies.message().await?.ok_or("the replies ended early")?;
            expect("reply", reply.message, format!("echo: {text}"))?;
            sleep(Duration::from_millis(200)).await;
        }
        drop(messages);
        expect("rest", replies.message().await?, None)?;
        expect_code(self.get_data("late", Duration::from_secs(5)).await, Code::Unavailable, "")
    }
}

fn file(name: &str) -> FileChunk {
    let metadata = FileMetadata { file_name: name.into(), ..Default::default() };
    FileChunk { content: Some(Content::Metadata(metadata)) }
}

fn data(bytes: Vec<u8>) -> FileChunk {
    FileChunk { content: Some(Content::Data(bytes)) }
}

fn say(text: &str) -> ChatMessage {
    ChatMessage { message: text.into(), ..Default::default() }
}

fn expect<T: PartialEq + Debug>(what: &str, got: T, expected: T) -> Verdict {
    if got == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {got:?}").into()) }
}

fn expect_code<T: Debug>(result: Result<T, Status>, code: Code, text: &str) -> Verdict {
    match result {
        Err(status) if status.code() == code && (text.is_empty() || status.message() == text) => Ok(()),
        other => Err(format!("expected {code:?} {text:?}, got {other:?}").into()),
    }
}
