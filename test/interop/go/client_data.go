package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
)

func dataGet(ctx context.Context, c clients) error {
	item, err := c.data.GetData(ctx, &data.DataRequest{Id: "a-1"})
	if err != nil {
		return err
	}
	if len(item.GetPoints()) != 2 || len(item.GetPoints()[0].GetLabels()) != 1 {
		return fmt.Errorf("points: %v", item.GetPoints())
	}
	return firstOf(
		expectEqual("name", item.GetName(), "Item a-1"),
		expectEqual("timestamp", item.GetTimestamp(), bigTimestamp),
		expectEqual("attribute", item.GetAttributes()["größe"], "☕"),
		expectEqual("value", item.GetPoints()[1].GetValue(), -2.5e300),
		expectEqual("point timestamp", item.GetPoints()[1].GetTimestamp(), -1),
		expectEqual("label", item.GetPoints()[0].GetLabels()[0].GetKey(), "unit"),
	)
}

func dataGetMissing(ctx context.Context, c clients) error {
	_, err := c.data.GetData(ctx, &data.DataRequest{Id: "missing"})
	return expectCode(err, codes.NotFound, "no item missing")
}

func dataGetDeadline(ctx context.Context, c clients) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	_, err := c.data.GetData(ctx, &data.DataRequest{Id: "slow"})
	return expectCode(err, codes.DeadlineExceeded, "")
}

func dataSubscribe(ctx context.Context, c clients) error {
	in, err := c.data.SubscribeData(ctx, &data.SubscribeRequest{Topics: []string{"count:100", "count:3"}, Since: bigTimestamp})
	if err != nil {
		return err
	}
	for i := range 103 {
		update, err := in.Recv()
		if err != nil {
			return err
		}
		if err := expectEqual("timestamp", update.GetTimestamp(), bigTimestamp+int64(i%100)); err != nil {
			return err
		}
	}
	if _, err := in.Recv(); err != io.EOF {
		return fmt.Errorf("expected the end, got %v", err)
	}
	return nil
}

func dataSubscribeCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := c.data.SubscribeData(ctx, &data.SubscribeRequest{Topics: []string{"forever"}})
	if err != nil {
		return err
	}
	for range 3 {
		if _, err := in.Recv(); err != nil {
			return err
		}
	}
	cancel()
	for {
		if _, err := in.Recv(); err != nil {
			return expectCode(err, codes.Canceled, "")
		}
	}
}

func metadataChunk(name string, size int) *data.FileChunk {
	return &data.FileChunk{Content: &data.FileChunk_Metadata{Metadata: &data.FileMetadata{FileName: name, Size: int64(size)}}}
}

func dataChunk(bytes []byte) *data.FileChunk {
	return &data.FileChunk{Content: &data.FileChunk_Data{Data: bytes}}
}

func dataUpload(ctx context.Context, c clients) error {
	const size, chunk = 5_000_000, 65536
	out, err := c.data.UploadFile(ctx)
	if err != nil {
		return err
	}
	if err := out.Send(metadataChunk("big.bin", size)); err != nil {
		return err
	}
	for offset := 0; offset < size; offset += chunk {
		if err := out.Send(dataChunk(fill(min(chunk, size-offset), offset))); err != nil {
			return err
		}
	}
	response, err := out.CloseAndRecv()
	if err != nil {
		return err
	}
	return firstOf(
		expectEqual("file id", response.GetFileId(), "big.bin"),
		expectEqual("size", response.GetSize(), size),
		expectEqual("sha256", response.GetSha256(), sumOf(size)),
	)
}

func dataUploadEmpty(ctx context.Context, c clients) error {
	out, err := c.data.UploadFile(ctx)
	if err != nil {
		return err
	}
	response, err := out.CloseAndRecv()
	if err != nil {
		return err
	}
	return expectEqual("sha256", response.GetSha256(), sumOf(0))
}

func dataUploadCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, err := c.data.UploadFile(ctx)
	if err != nil {
		return err
	}
	if err := firstOf(out.Send(metadataChunk("cancelled", 0)), out.Send(dataChunk(fill(1000, 0)))); err != nil {
		return err
	}
	// The server has to have the call before it is cancelled.
	time.Sleep(100 * time.Millisecond)
	cancel()
	// Not CloseAndRecv: its half-close might leave before the reset.
	return expectCode(out.RecvMsg(new(data.UploadResponse)), codes.Canceled, "")
}

// pushUntilOver sends until the stream says that the call is over: io.EOF, whatever the status.
func pushUntilOver(out interface{ Send(*data.FileChunk) error }) error {
	for range 100_000 {
		if err := out.Send(dataChunk(fill(1000, 0))); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
	return errors.New("the server did not end the call")
}

func dataUploadRefused(ctx context.Context, c clients) error {
	out, err := c.data.UploadFile(ctx)
	if err != nil {
		return err
	}
	if err := firstOf(out.Send(metadataChunk("refuse", 0)), pushUntilOver(out)); err != nil {
		return err
	}
	_, err = out.CloseAndRecv()
	return expectCode(err, codes.PermissionDenied, "not this file")
}

func dataUploadEarly(ctx context.Context, c clients) error {
	out, err := c.data.UploadFile(ctx)
	if err != nil {
		return err
	}
	if err := firstOf(out.Send(metadataChunk("early", 0)), pushUntilOver(out)); err != nil {
		return err
	}
	response, err := out.CloseAndRecv()
	if err != nil {
		return err
	}
	return expectEqual("file id", response.GetFileId(), "early")
}

func dataChat(ctx context.Context, c clients) error {
	chat, err := c.data.Chat(ctx)
	if err != nil {
		return err
	}
	for i := range 50 {
		text := fmt.Sprintf("message %d", i)
		if err := chat.Send(&data.ChatMessage{User: "go", Message: text, Timestamp: int64(i)}); err != nil {
			return err
		}
		reply, err := chat.Recv()
		if err != nil {
			return err
		}
		if err := firstOf(expectEqual("reply", reply.GetMessage(), "echo: "+text), expectEqual("time", reply.GetTimestamp(), int64(i+1))); err != nil {
			return err
		}
	}
	if err := chat.CloseSend(); err != nil {
		return err
	}
	if _, err := chat.Recv(); err != io.EOF {
		return fmt.Errorf("expected the end, got %v", err)
	}
	return nil
}

func dataChatStatus(ctx context.Context, c clients) error {
	chat, err := c.data.Chat(ctx)
	if err != nil {
		return err
	}
	if err := firstOf(chat.Send(&data.ChatMessage{Message: "hello"}), chat.Send(&data.ChatMessage{Message: "boom"})); err != nil {
		return err
	}
	if _, err := chat.Recv(); err != nil {
		return err
	}
	_, err = chat.Recv()
	return expectCode(err, codes.Aborted, "boom it is")
}

func dataChatCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chat, err := c.data.Chat(ctx)
	if err != nil {
		return err
	}
	if err := chat.Send(&data.ChatMessage{Message: "hello"}); err != nil {
		return err
	}
	if _, err := chat.Recv(); err != nil {
		return err
	}
	cancel()
	_, err = chat.Recv()
	return expectCode(err, codes.Canceled, "")
}

func dataChatServerEnds(ctx context.Context, c clients) error {
	chat, err := c.data.Chat(ctx)
	if err != nil {
		return err
	}
	if err := chat.Send(&data.ChatMessage{Message: "bye"}); err != nil {
		return err
	}
	if _, err := chat.Recv(); err != io.EOF {
		return fmt.Errorf("expected the end, got %v", err)
	}
	if err := chat.Send(&data.ChatMessage{Message: "late"}); status.Code(err) == codes.OK {
		return errors.New("a send after the end went through")
	}
	return nil
}
