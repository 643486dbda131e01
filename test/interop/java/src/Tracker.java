import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Says of each call how the server saw it end, and echoes the metadata of clients that ask for it. */
final class Tracker implements ServerInterceptor {
  static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> CLIENT = Metadata.Key.of("x-client", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> CLIENT_BIN = Metadata.Key.of("x-client-bin", Metadata.BINARY_BYTE_MARSHALLER);
  static final Metadata.Key<String> ECHO = Metadata.Key.of("x-echo", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> ECHO_BIN = Metadata.Key.of("x-echo-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final boolean gzip;

  Tracker(boolean gzip) {
    this.gzip = gzip;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String id = headers.get(CALL_ID);
    String method = call.getMethodDescriptor().getBareMethodName();
    Deadline deadline = io.grpc.Context.current().getDeadline();
    long timeLeft = deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS);
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger received = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    java.util.function.Consumer<String> end = outcome -> {
      if (ended.getAndSet(true)) return;
      Content.emit(String.format(
          "{\"event\":\"end\",\"id\":%s,\"method\":%s,\"outcome\":%s,\"sent\":%d,\"received\":%d,\"timeLeftMs\":%d}",
          Content.quote(id == null ? "" : id), Content.quote(method), Content.quote(outcome),
          sent.get(), received.get(), timeLeft));
    };
    if (gzip) call.setCompression("gzip");
    ServerCall<Q, A> tracked = new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata response) {
        if (headers.containsKey(CLIENT)) headers.getAll(CLIENT).forEach(value -> response.put(ECHO, value));
        if (headers.containsKey(CLIENT_BIN)) headers.getAll(CLIENT_BIN).forEach(value -> response.put(ECHO_BIN, value));
        super.sendHeaders(response);
      }

      @Override
      public void sendMessage(A message) {
        sent.incrementAndGet();
        super.sendMessage(message);
      }

      @Override
      public void close(Status status, Metadata trailers) {
        if (!isCancelled()) end.accept(status.isOk() ? "ok" : "status:" + status.getCode().value());
        super.close(status, trailers);
      }
    };
    return new SimpleForwardingServerCallListener<>(next.startCall(tracked, headers)) {
      @Override
      public void onMessage(Q message) {
        received.incrementAndGet();
        super.onMessage(message);
      }

      @Override
      public void onCancel() {
        end.accept(deadline != null && deadline.isExpired() ? "deadline" : "cancelled");
        super.onCancel();
      }
    };
  }
}
