import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import streaming.Data.ChatMessage;
import streaming.Data.DataRequest;
import streaming.Data.DataResponse;
import streaming.Data.DataUpdate;
import streaming.Data.FileChunk;
import streaming.Data.FileMetadata;
import streaming.Data.SubscribeRequest;
import streaming.Data.UploadResponse;

/** The cases, over grpc-java's blocking calls. */
final class DataClient {
  private interface Case {
    void run(DataClient client) throws Exception;
  }

  private static final Map<String, Case> CASES = Map.ofEntries(
      Map.entry("data.get", DataClient::get),
      Map.entry("data.get_missing", c -> expectCode(Status.Code.NOT_FOUND, "no item missing", () -> c.getData("missing"))),
      Map.entry("data.get_deadline", DataClient::getDeadline),
      Map.entry("data.metadata", DataClient::metadata),
      Map.entry("data.large", c -> expect("name", c.getData("large:3000000").getName().length(), 3_000_000)),
      Map.entry("data.compressed", DataClient::compressed),
      Map.entry("data.subscribe", DataClient::subscribe),
      Map.entry("data.subscribe_cancel", DataClient::subscribeCancel),
      Map.entry("data.upload", c -> c.upload(5_000_000, 65_536)),
      Map.entry("data.upload_large", c -> c.upload(3_000_000, 3_000_000)),
      Map.entry("data.upload_empty", c -> expect("sha256", closeAndRead(c.stub.uploadFile()).getSha256(), Content.sumOf(0))),
      Map.entry("data.upload_cancel", DataClient::uploadCancel),
      Map.entry("data.upload_refused", DataClient::uploadRefused),
      Map.entry("data.upload_early", c -> expect("file id", c.uploadWithoutEnd("early").getFileId(), "early")),
      Map.entry("data.chat", DataClient::chat),
      Map.entry("data.chat_status", DataClient::chatStatus),
      Map.entry("data.chat_cancel", DataClient::chatCancel),
      Map.entry("data.chat_server_ends", DataClient::chatServerEnds),
      Map.entry("data.shutdown", DataClient::shutdown));

  private final DataService.Stub stub;

  private DataClient(Channel channel) {
    this.stub = new DataService.Stub(channel, CallOptions.DEFAULT).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  static void runCases(String target, String id, String[] names) throws Exception {
    ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    for (String name : names) {
      Metadata metadata = new Metadata();
      metadata.put(Tracker.CALL_ID, id + "/" + name);
      Channel own = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
      Case run = CASES.get(name);
      try {
        if (run == null) throw new Exception("the Java client has no such case");
        run.run(new DataClient(own));
        Content.emit("{\"case\":" + Content.quote(name) + ",\"ok\":true}");
      } catch (Exception | AssertionError fault) {
        Content.emit("{\"case\":" + Content.quote(name) + ",\"ok\":false,\"detail\":" + Content.quote(fault.toString()) + "}");
      }
    }
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    System.exit(0);
  }

  private DataResponse getData(String id) throws StatusException {
    return stub.getData(DataRequest.newBuilder().setId(id).build());
  }

  private void get() throws Exception {
    DataResponse item = getData("a-1");
    expect("name", item.getName(), "Item a-1");
    expect("timestamp", item.getTimestamp(), Content.BIG_TIMESTAMP);
    expect("attribute", item.getAttributesOrThrow("größe"), "☕");
    expect("value", item.getPoints(1).getValue(), -2.5e300);
    expect("point timestamp", item.getPoints(1).getTimestamp(), -1L);
    expect("label", item.getPoints(0).getLabels(0).getKey(), "unit");
  }

  private void getDeadline() throws Exception {
    DataRequest request = DataRequest.newBuilder().setId("slow").build();
    DataService.Stub hasty = stub.withDeadlineAfter(300, TimeUnit.MILLISECONDS);
    expectCode(Status.Code.DEADLINE_EXCEEDED, "", () -> hasty.getData(request));
  }

  private void metadata() throws Exception {
    byte[] bytes = {0, 1, 2, (byte) 250, (byte) 255, 10};
    Metadata sent = new Metadata();
    sent.put(Tracker.CLIENT, "one");
    sent.put(Tracker.CLIENT, "two");
    sent.put(Tracker.CLIENT_BIN, bytes);
    AtomicReference<Metadata> header = new AtomicReference<>();
    stub.withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(header, new AtomicReference<>()))
        .getData(DataRequest.newBuilder().setId("metadata").build());
    List<String> echoed = new ArrayList<>();
    // Repeated keys may travel as one value, "one, two".
    header.get().getAll(Tracker.ECHO).forEach(value -> echoed.addAll(Arrays.asList(value.split(", *"))));
    expect("x-echo", echoed, List.of("one", "two"));
    expect("x-echo-bin", Arrays.toString(header.get().get(Tracker.ECHO_BIN)), Arrays.toString(bytes));
  }

  private void compressed() throws Exception {
    DataResponse item = stub.withCompression("gzip").getData(DataRequest.newBuilder().setId("large:100000").build());
    expect("name", item.getName(), "x".repeat(100_000));
  }

  private void subscribe() throws Exception {
    BlockingClientCall<?, DataUpdate> updates = stub.subscribeData(SubscribeRequest.newBuilder()
        .addTopics("count:100").addTopics("count:3").setSince(Content.BIG_TIMESTAMP).build());
    for (int i = 0; i < 103; i++) {
      expect("timestamp", updates.read().getTimestamp(), Content.BIG_TIMESTAMP + i % 100);
    }
    expect("rest", updates.read(), null);
  }

  private void subscribeCancel() throws Exception {
    BlockingClientCall<?, DataUpdate> updates =
        stub.subscribeData(SubscribeRequest.newBuilder().addTopics("forever").build());
    for (int i = 0; i < 3; i++) updates.read();
    updates.cancel("enough", null);
    expectCode(Status.Code.CANCELLED, "", () -> {
      while (updates.read() != null) continue;
      return null;
    });
  }

  private static FileChunk file(String name) {
    return FileChunk.newBuilder().setMetadata(FileMetadata.newBuilder().setFileName(name)).build();
  }

  private static FileChunk data(int size, int offset) {
    return FileChunk.newBuilder().setData(Content.fill(size, offset)).build();
  }

  private static UploadResponse closeAndRead(BlockingClientCall<FileChunk, UploadResponse> call) throws Exception {
    call.halfClose();
    return call.read();
  }

  private void upload(int size, int step) throws Exception {
    BlockingClientCall<FileChunk, UploadResponse> call = stub.uploadFile();
    call.write(file("big.bin"));
    for (int offset = 0; offset < size; offset += step) call.write(data(Math.min(step, size - offset), offset));
    UploadResponse response = closeAndRead(call);
    expect("file id", response.getFileId(), "big.bin");
    expect("size", response.getSize(), (long) size);
    expect("sha256", response.getSha256(), Content.sumOf(size));
  }

  private void uploadCancel() throws Exception {
    BlockingClientCall<FileChunk, UploadResponse> call = stub.uploadFile();
    call.write(file("cancelled"));
    call.write(data(1000, 0));
    // The server has to have the call before it is cancelled.
    DataServer.pause(200);
    call.cancel("enough", null);
    expectCode(Status.Code.CANCELLED, "", call::read);
  }

  /** Sends on and on, until the call is over. */
  private UploadResponse uploadWithoutEnd(String name) throws Exception {
    BlockingClientCall<FileChunk, UploadResponse> call = stub.uploadFile();
    call.write(file(name));
    FileChunk chunk = data(1000, 0);
    for (int i = 0; i < 100_000; i++) {
      try {
        if (!call.write(chunk)) break;
      } catch (StatusException over) {
        break;
      }
    }
    return call.read();
  }

  private void uploadRefused() throws Exception {
    expectCode(Status.Code.PERMISSION_DENIED, "not this file", () -> uploadWithoutEnd("refuse"));
  }

  private static ChatMessage say(String text) {
    return ChatMessage.newBuilder().setMessage(text).build();
  }

  private void chat() throws Exception {
    BlockingClientCall<ChatMessage, ChatMessage> call = stub.chat();
    for (int i = 0; i < 50; i++) {
      call.write(ChatMessage.newBuilder().setUser("java").setMessage("message " + i).setTimestamp(i).build());
      ChatMessage reply = call.read();
      expect("reply", reply.getMessage(), "echo: message " + i);
      expect("time", reply.getTimestamp(), i + 1L);
    }
    call.halfClose();
    expect("rest", call.read(), null);
  }

  private void chatStatus() throws Exception {
    BlockingClientCall<ChatMessage, ChatMessage> call = stub.chat();
    call.write(say("hello"));
    call.write(say("boom"));
    expect("reply", call.read().getMessage(), "echo: hello");
    expectCode(Status.Code.ABORTED, "boom it is", call::read);
  }

  private void chatCancel() throws Exception {
    BlockingClientCall<ChatMessage, ChatMessage> call = stub.chat();
    call.write(say("hello"));
    call.read();
    call.cancel("enough", null);
    expectCode(Status.Code.CANCELLED, "", call::read);
  }

  private void chatServerEnds() throws Exception {
    BlockingClientCall<ChatMessage, ChatMessage> call = stub.chat();
    call.write(say("bye"));
    expect("rest", call.read(), null);
  }

  /** A call that is open goes on while its server shuts down; no new one is taken. */
  private void shutdown() throws Exception {
    BlockingClientCall<ChatMessage, ChatMessage> call = stub.chat();
    for (String text : List.of("shutdown", "after")) {
      call.write(say(text));
      expect("reply", call.read().getMessage(), "echo: " + text);
      DataServer.pause(200);
    }
    call.halfClose();
    expect("rest", call.read(), null);
    expectCode(Status.Code.UNAVAILABLE, "", () -> getData("late"));
  }

  private static void expect(String what, Object got, Object expected) {
    if (!Objects.equals(got, expected)) throw new AssertionError(what + ": expected " + expected + ", got " + got);
  }

  private interface Call {
    Object run() throws Exception;
  }

  private static void expectCode(Status.Code code, String text, Call call) throws Exception {
    Object got;
    try {
      got = call.run();
    } catch (StatusException error) {
      Status status = error.getStatus();
      if (status.getCode() == code && (text.isEmpty() || text.equals(status.getDescription()))) return;
      got = status;
    }
    throw new AssertionError("expected " + code + " " + text + ", got " + got);
  }
}
