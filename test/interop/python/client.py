"""DataService called with grpcio. Prints one verdict for each case."""

import argparse
import queue
import time

import data_pb2
import data_pb2_grpc
import grpc
from events import BIG_TIMESTAMP, emit, fill, sha256
from google.rpc import error_details_pb2
from grpc_status import rpc_status

TIMEOUT = 20


def expect(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {got!r}")


def expect_code(code, details, run):
    try:
        run()
    except grpc.RpcError as error:
        expect("code", error.code(), code)
        if details is not None:
            expect("details", error.details(), details)
        return
    raise AssertionError(f"expected {code}, but the call succeeded")


def get(stub, md):
    item = stub.GetData(data_pb2.DataRequest(id="a-1"), timeout=TIMEOUT, metadata=md)
    expect("name", item.name, "Item a-1")
    expect("timestamp", item.timestamp, BIG_TIMESTAMP)
    expect("attribute", item.attributes["größe"], "☕")
    expect("value", item.points[1].value, -2.5e300)
    expect("point timestamp", item.points[1].timestamp, -1)
    expect("label", item.points[0].labels[0].key, "unit")


def get_missing(stub, md):
    request = data_pb2.DataRequest(id="missing")
    expect_code(grpc.StatusCode.NOT_FOUND, "no item missing", lambda: stub.GetData(request, timeout=TIMEOUT, metadata=md))


def get_details(stub, md):
    try:
        stub.GetData(data_pb2.DataRequest(id="details"), timeout=TIMEOUT, metadata=md)
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        expect("code and text", (status.code, status.message), (5, "größe verloren ☕"))
        info = error_details_pb2.ErrorInfo()
        expect("type of the detail", status.details[0].Unpack(info), True)
        expect("detail", (info.reason, dict(info.metadata)), ("NO_ITEM", {"id": "details"}))
        return
    raise AssertionError("the call succeeded")


def get_deadline(stub, md):
    request = data_pb2.DataRequest(id="slow")
    expect_code(grpc.StatusCode.DEADLINE_EXCEEDED, None, lambda: stub.GetData(request, timeout=0.3, metadata=md))


def subscribe(stub, md):
    request = data_pb2.SubscribeRequest(topics=["count:100", "count:3"], since=BIG_TIMESTAMP)
    times = [update.timestamp for update in stub.SubscribeData(request, timeout=TIMEOUT, metadata=md)]
    expect("timestamps", times, [BIG_TIMESTAMP + i % 100 for i in range(103)])


def subscribe_cancel(stub, md):
    updates = stub.SubscribeData(data_pb2.SubscribeRequest(topics=["forever"]), timeout=TIMEOUT, metadata=md)
    for _ in range(3):
        next(updates)
    updates.cancel()
    expect_code(grpc.StatusCode.CANCELLED, None, lambda: list(updates))


def chunks(name, size, step=65536):
    yield data_pb2.FileChunk(metadata=data_pb2.FileMetadata(file_name=name, size=size))
    for offset in range(0, size, step):
        yield data_pb2.FileChunk(data=fill(min(step, size - offset), offset))


def upload(stub, md):
    size = 5_000_000
    response = stub.UploadFile(chunks("big.bin", size), timeout=TIMEOUT, metadata=md)
    expect("file id", response.file_id, "big.bin")
    expect("size", response.size, size)
    expect("sha256", response.sha256, sha256(fill(size)))


def upload_empty(stub, md):
    response = stub.UploadFile(iter(()), timeout=TIMEOUT, metadata=md)
    expect("sha256", response.sha256, sha256(b""))


def upload_cancel(stub, md):
    waiting = queue.Queue()

    def source():
        yield from chunks("cancelled", 1000)
        waiting.get(timeout=TIMEOUT)

    call = stub.UploadFile.future(source(), timeout=TIMEOUT, metadata=md)
    # The server has to have the call before it is cancelled.
    time.sleep(0.1)
    call.cancel()
    expect("cancelled", call.cancelled(), True)
    waiting.put(None)


def upload_refused(stub, md):
    expect_code(
        grpc.StatusCode.PERMISSION_DENIED,
        "not this file",
        lambda: stub.UploadFile(chunks("refuse", 100_000_000, 1000), timeout=TIMEOUT, metadata=md),
    )


def upload_early(stub, md):
    response = stub.UploadFile(chunks("early", 100_000_000, 1000), timeout=TIMEOUT, metadata=md)
    expect("file id", response.file_id, "early")


def talk(stub, md):
    """Opens the chat and returns the queue of what is sent (None closes) and the call."""
    outgoing = queue.Queue()
    return outgoing, stub.Chat(iter(outgoing.get, None), timeout=TIMEOUT, metadata=md)


def chat(stub, md):
    outgoing, call = talk(stub, md)
    for i in range(50):
        outgoing.put(data_pb2.ChatMessage(user="python", message=f"message {i}", timestamp=i))
        reply = next(call)
        expect("reply", (reply.message, reply.timestamp), (f"echo: message {i}", i + 1))
    outgoing.put(None)
    expect("rest", list(call), [])


def chat_status(stub, md):
    outgoing, call = talk(stub, md)
    outgoing.put(data_pb2.ChatMessage(message="hello"))
    next(call)
    outgoing.put(data_pb2.ChatMessage(message="boom"))
    expect_code(grpc.StatusCode.ABORTED, "boom it is", lambda: list(call))
    outgoing.put(None)


def chat_cancel(stub, md):
    outgoing, call = talk(stub, md)
    outgoing.put(data_pb2.ChatMessage(message="hello"))
    next(call)
    call.cancel()
    expect_code(grpc.StatusCode.CANCELLED, None, lambda: list(call))
    outgoing.put(None)


def chat_server_ends(stub, md):
    outgoing, call = talk(stub, md)
    outgoing.put(data_pb2.ChatMessage(message="bye"))
    expect("rest", list(call), [])
    outgoing.put(None)


CASES = {
    f"data.{case.__name__}": case
    for case in (
        get, get_missing, get_details, get_deadline, subscribe, subscribe_cancel,
        upload, upload_empty, upload_cancel, upload_refused, upload_early,
        chat, chat_status, chat_cancel, chat_server_ends,
    )
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--id", default="python")
    parser.add_argument("--cases", required=True)
    args = parser.parse_args()
    with grpc.insecure_channel(args.target) as channel:
        stub = data_pb2_grpc.DataServiceStub(channel)
        for name in args.cases.split(","):
            try:
                CASES[name](stub, (("x-call-id", f"{args.id}/{name}"),))
                emit({"case": name, "ok": True})
            except Exception as error:  # a verdict, whatever went wrong
                emit({"case": name, "ok": False, "detail": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
