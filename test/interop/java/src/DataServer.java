import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import streaming.Data.ChatMessage;
import streaming.Data.DataPoint;
import streaming.Data.DataRequest;
import streaming.Data.DataResponse;
import streaming.Data.DataUpdate;
import streaming.Data.FileChunk;
import streaming.Data.SubscribeRequest;
import streaming.Data.UploadResponse;

final class DataServer implements DataService.Handlers {
  private Server server;

  /** Serves on a free port until somebody says "shutdown". With gzip, answers are compressed. */
  static void serve(boolean gzip) throws Exception {
    DataServer data = new DataServer();
    data.server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .addService(DataService.bind(data))
        .intercept(new Tracker(gzip))
        .build()
        .start();
    Content.emit("{\"port\":" + data.server.getPort() + "}");
    data.server.awaitTermination();
  }

  /** Answers any id; "missing" is NOT_FOUND, "slow" waits for the deadline, "large:N" has a name of N letters. */
  @Override
  public void getData(DataRequest request, StreamObserver<DataResponse> out) {
    String id = request.getId();
    if (id.equals("missing")) {
      out.onError(Status.NOT_FOUND.withDescription("no item missing").asRuntimeException());
      return;
    }
    if (id.equals("slow")) {
      CountDownLatch over = new CountDownLatch(1);
      Context.current().addListener(context -> over.countDown(), Runnable::run);
      try {
        over.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    String name = id.startsWith("large:") ? "x".repeat(Integer.parseInt(id.substring(6))) : "Item " + id;
    DataPoint.Label label = DataPoint.Label.newBuilder().setKey("unit").setValue("m").build();
    out.onNext(DataResponse.newBuilder()
        .setId(id)
        .setName(name)
        .putAttributes("colour", "blau")
        .putAttributes("größe", "☕")
        .addPoints(DataPoint.newBuilder().setValue(0.1).setTimestamp(1).addLabels(label))
        .addPoints(DataPoint.newBuilder().setValue(-2.5e300).setTimestamp(-1))
        .setTimestamp(Content.BIG_TIMESTAMP)
        .build());
    out.onCompleted();
  }

  /** Understands the topics count:N and forever. */
  @Override
  public void subscribeData(SubscribeRequest request, StreamObserver<DataUpdate> out) {
    ServerCallStreamObserver<DataUpdate> call = (ServerCallStreamObserver<DataUpdate>) out;
    // Without a handler of cancels, onNext would throw.
    call.setOnCancelHandler(() -> {});
    for (String topic : request.getTopicsList()) {
      boolean forever = topic.equals("forever");
      long count = forever ? Long.MAX_VALUE : Long.parseLong(topic.replaceFirst("^count:", ""));
      for (long i = 0; i < count; i++) {
        if (call.isCancelled()) return;
        call.onNext(DataUpdate.newBuilder()
            .setTopic(topic)
            .setPoint(DataPoint.newBuilder().setValue(i).setTimestamp(request.getSince() + i))
            .setTimestamp(Content.BIG_TIMESTAMP + i)
            .build());
        if (forever) pause(2);
      }
    }
    out.onCompleted();
  }

  /** Answers with the SHA-256 of what came. The file name "refuse" is PERMISSION_DENIED, "early" is answered at once. */
  @Override
  public StreamObserver<FileChunk> uploadFile(StreamObserver<UploadResponse> out) {
    return new StreamObserver<>() {
      private final MessageDigest sum = Content.sha256();
      private long size;
      private String fileId = "";
      private boolean over;

      @Override
      public void onNext(FileChunk chunk) {
        if (over) return;
        switch (chunk.getContentCase()) {
          case METADATA -> {
            fileId = chunk.getMetadata().getFileName();
            if (fileId.equals("refuse")) {
              over = true;
              out.onError(Status.PERMISSION_DENIED.withDescription("not this file").asRuntimeException());
            } else if (fileId.equals("early")) {
              over = true;
              out.onNext(UploadResponse.newBuilder().setFileId(fileId).build());
              out.onCompleted();
            }
          }
          case DATA -> {
            sum.update(chunk.getData().toByteArray());
            size += chunk.getData().size();
          }
          default -> {
            over = true;
            out.onError(Status.INVALID_ARGUMENT.withDescription("an empty chunk").asRuntimeException());
          }
        }
      }

      @Override
      public void onError(Throwable error) {}

      @Override
      public void onCompleted() {
        if (over) return;
        out.onNext(UploadResponse.newBuilder().setFileId(fileId).setSize(size).setSha256(Content.hex(sum)).build());
        out.onCompleted();
      }
    };
  }

  /** Answers each message; "bye" ends the call, "boom" fails it, "shutdown" shuts the server down, gracefully. */
  @Override
  public StreamObserver<ChatMessage> chat(StreamObserver<ChatMessage> out) {
    return new StreamObserver<>() {
      private boolean over;

      @Override
      public void onNext(ChatMessage message) {
        if (over) return;
        switch (message.getMessage()) {
          case "bye" -> {
            over = true;
            out.onCompleted();
            return;
          }
          case "boom" -> {
            over = true;
            out.onError(Status.ABORTED.withDescription("boom it is").asRuntimeException());
            return;
          }
          case "shutdown" -> server.shutdown();
          default -> {}
        }
        out.onNext(ChatMessage.newBuilder()
            .setUser("server")
            .setMessage("echo: " + message.getMessage())
            .setTimestamp(message.getTimestamp() + 1)
            .build());
      }

      @Override
      public void onError(Throwable error) {}

      @Override
      public void onCompleted() {
        if (!over) out.onCompleted();
      }
    };
  }

  static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }
}
