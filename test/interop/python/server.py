"""DataService as grpcio programs write it. Prints {"port": N}, then one line for each call that ended."""

import argparse
import hashlib
import threading
from concurrent import futures

import data_pb2
import data_pb2_grpc
import grpc
from events import BIG_TIMESTAMP, emit
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status


class Call:
    """Follows one call and says at its end how this side saw it."""

    def __init__(self, context, method):
        self.context = context
        self.method = method
        self.sent = self.received = 0
        self.id = dict(context.invocation_metadata()).get("x-call-id", "")
        left = context.time_remaining()
        self.time_left_ms = -1 if left is None or left > 1e9 else int(left * 1000)
        self.over = threading.Event()
        context.add_callback(self.over.set)

    def end(self, outcome):
        emit(
            {
                "event": "end",
                "id": self.id,
                "method": self.method,
                "outcome": outcome,
                "sent": self.sent,
                "received": self.received,
                "timeLeftMs": self.time_left_ms,
            }
        )

    def still_active(self):
        """A receive may fail before grpcio has heard of the cancel that made it fail: gives it a moment."""
        self.over.wait(0.1)
        return self.context.is_active()

    def abort(self, code, details):
        self.end(f"status:{code.value[0]}")
        self.context.abort(code, details)


class DataService(data_pb2_grpc.DataServiceServicer):
    def GetData(self, request, context):
        call = Call(context, "GetData")
        if request.id == "missing":
            call.abort(grpc.StatusCode.NOT_FOUND, "no item missing")
        if request.id == "details":
            info = any_pb2.Any()
            info.Pack(
                error_details_pb2.ErrorInfo(reason="NO_ITEM", domain="interop.test", metadata={"id": request.id})
            )
            status = status_pb2.Status(code=5, message="größe verloren ☕", details=[info])
            call.end("status:5")
            context.abort_with_status(rpc_status.to_status(status))
        if request.id == "slow":
            call.over.wait(20)
            call.end("cancelled")
            return data_pb2.DataResponse()
        call.end("ok")
        return data_pb2.DataResponse(
            id=request.id,
            name=f"Item {request.id}",
            attributes={"colour": "blau", "größe": "☕"},
            points=[
                data_pb2.DataPoint(
                    value=0.1, timestamp=1, labels=[data_pb2.DataPoint.Label(key="unit", value="m")]
                ),
                data_pb2.DataPoint(value=-2.5e300, timestamp=-1),
            ],
            timestamp=BIG_TIMESTAMP,
        )

    def SubscribeData(self, request, context):
        call = Call(context, "SubscribeData")
        outcome = "cancelled"
        try:
            for topic in request.topics:
                if topic != "forever" and not topic.startswith("count:"):
                    outcome = "status:3"
                    context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"cannot read topic {topic}")
                count = 1 << 30 if topic == "forever" else int(topic.removeprefix("count:"))
                for i in range(count):
                    if not context.is_active():
                        return
                    call.sent += 1
                    yield data_pb2.DataUpdate(
                        topic=topic,
                        point=data_pb2.DataPoint(value=i, timestamp=request.since + i),
                        timestamp=BIG_TIMESTAMP + i,
                    )
                    if topic == "forever":
                        call.over.wait(0.002)
            outcome = "ok"
        finally:
            call.end(outcome)

    def UploadFile(self, request_iterator, context):
        call = Call(context, "UploadFile")
        total, size, name = hashlib.sha256(), 0, ""
        try:
            for chunk in request_iterator:
                call.received += 1
                if chunk.WhichOneof("content") == "metadata":
                    name = chunk.metadata.file_name
                    if name == "refuse":
                        call.abort(grpc.StatusCode.PERMISSION_DENIED, "not this file")
                    if name == "early":
                        call.end("ok")
                        return data_pb2.UploadResponse(file_id="early")
                else:
                    total.update(chunk.data)
                    size += len(chunk.data)
        except grpc.RpcError:
            call.end("cancelled")
            raise
        call.end("ok" if call.still_active() else "cancelled")
        return data_pb2.UploadResponse(file_id=name, size=size, sha256=total.hexdigest())

    def Chat(self, request_iterator, context):
        call = Call(context, "Chat")
        outcome = "cancelled"
        try:
            for message in request_iterator:
                call.received += 1
                if message.message == "bye":
                    break
                if message.message == "boom":
                    outcome = "status:10"
                    context.abort(grpc.StatusCode.ABORTED, "boom it is")
                # Counted first: a client that has read the answer and cancels may keep grpcio from coming back here.
                call.sent += 1
                yield data_pb2.ChatMessage(
                    user="server", message=f"echo: {message.message}", timestamp=message.timestamp + 1
                )
            if call.still_active():
                outcome = "ok"
        finally:
            call.end(outcome)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    data_pb2_grpc.add_DataServiceServicer_to_server(DataService(), server)
    port = server.add_insecure_port(f"127.0.0.1:{parser.parse_args().port}")
    server.start()
    emit({"port": port})
    server.wait_for_termination()


if __name__ == "__main__":
    main()
