import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import streaming.Data.ChatMessage;
import streaming.Data.DataRequest;
import streaming.Data.DataResponse;
import streaming.Data.DataUpdate;
import streaming.Data.FileChunk;
import streaming.Data.SubscribeRequest;
import streaming.Data.UploadResponse;

/** The stubs of the data service by hand: grpc-java's generator is a program for each platform, not everywhere to be had. */
final class DataService {
  private static final MethodDescriptor<DataRequest, DataResponse> GET_DATA =
      method("GetData", UNARY, DataRequest.getDefaultInstance(), DataResponse.getDefaultInstance());
  private static final MethodDescriptor<SubscribeRequest, DataUpdate> SUBSCRIBE_DATA =
      method("SubscribeData", SERVER_STREAMING, SubscribeRequest.getDefaultInstance(), DataUpdate.getDefaultInstance());
  private static final MethodDescriptor<FileChunk, UploadResponse> UPLOAD_FILE =
      method("UploadFile", CLIENT_STREAMING, FileChunk.getDefaultInstance(), UploadResponse.getDefaultInstance());
  private static final MethodDescriptor<ChatMessage, ChatMessage> CHAT =
      method("Chat", BIDI_STREAMING, ChatMessage.getDefaultInstance(), ChatMessage.getDefaultInstance());

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      String name, MethodDescriptor.MethodType type, Q request, A response) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("streaming.DataService", name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }

  /** What a server implements. */
  interface Handlers {
    void getData(DataRequest request, StreamObserver<DataResponse> out);

    void subscribeData(SubscribeRequest request, StreamObserver<DataUpdate> out);

    StreamObserver<FileChunk> uploadFile(StreamObserver<UploadResponse> out);

    StreamObserver<ChatMessage> chat(StreamObserver<ChatMessage> out);
  }

  static ServerServiceDefinition bind(Handlers handlers) {
    return ServerServiceDefinition.builder("streaming.DataService")
        .addMethod(GET_DATA, ServerCalls.asyncUnaryCall(handlers::getData))
        .addMethod(SUBSCRIBE_DATA, ServerCalls.asyncServerStreamingCall(handlers::subscribeData))
        .addMethod(UPLOAD_FILE, ServerCalls.asyncClientStreamingCall(handlers::uploadFile))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(handlers::chat))
        .build();
  }

  /** A blocking client. */
  static final class Stub extends AbstractBlockingStub<Stub> {
    Stub(Channel channel, CallOptions options) {
      super(channel, options);
    }

    @Override
    protected Stub build(Channel channel, CallOptions options) {
      return new Stub(channel, options);
    }

    DataResponse getData(DataRequest request) throws StatusException {
      return ClientCalls.blockingV2UnaryCall(getChannel(), GET_DATA, getCallOptions(), request);
    }

    BlockingClientCall<?, DataUpdate> subscribeData(SubscribeRequest request) {
      return ClientCalls.blockingV2ServerStreamingCall(getChannel(), SUBSCRIBE_DATA, getCallOptions(), request);
    }

    BlockingClientCall<FileChunk, UploadResponse> uploadFile() {
      return ClientCalls.blockingClientStreamingCall(getChannel(), UPLOAD_FILE, getCallOptions());
    }

    BlockingClientCall<ChatMessage, ChatMessage> chat() {
      return ClientCalls.blockingBidiStreamingCall(getChannel(), CHAT, getCallOptions());
    }
  }

  private DataService() {}
}
