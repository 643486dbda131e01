package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"interop.test/pb/data"
)

type verdict struct {
	Case   string `json:"case"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

type clients struct {
	get       *connect.Client[data.DataRequest, data.DataResponse]
	subscribe *connect.Client[data.SubscribeRequest, data.DataUpdate]
	upload    *connect.Client[data.FileChunk, data.UploadResponse]
	chat      *connect.Client[data.ChatMessage, data.ChatMessage]
	// id of the call, for the server's lines.
	id string
}

var cases = map[string]func(context.Context, clients) error{
	"data.get":              get,
	"data.get_missing":      getMissing,
	"data.get_deadline":     getDeadline,
	"data.subscribe":        subscribe,
	"data.subscribe_cancel": subscribeCancel,
	"data.upload":           upload,
	"data.upload_empty":     uploadEmpty,
	"data.upload_refused":   uploadRefused,
	"data.chat":             chatTalk,
	"data.chat_status":      chatStatus,
	"data.chat_cancel":      chatCancel,
}

func runCases(target, id, protocol string, version int, names []string) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(version == 1)
	protocols.SetUnencryptedHTTP2(version == 2)
	plain := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	var options []connect.ClientOption
	switch protocol {
	case "grpc":
		options = append(options, connect.WithGRPC())
	case "grpc-web":
		options = append(options, connect.WithGRPCWeb())
	}
	url := "http://" + target + path
	for _, name := range names {
		err := errors.New("no such case")
		if run := cases[name]; run != nil {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			err = run(ctx, clients{
				get:       connect.NewClient[data.DataRequest, data.DataResponse](plain, url+"GetData", options...),
				subscribe: connect.NewClient[data.SubscribeRequest, data.DataUpdate](plain, url+"SubscribeData", options...),
				upload:    connect.NewClient[data.FileChunk, data.UploadResponse](plain, url+"UploadFile", options...),
				chat:      connect.NewClient[data.ChatMessage, data.ChatMessage](plain, url+"Chat", options...),
				id:        id + "/" + name,
			})
			cancel()
		}
		if err != nil {
			emit(verdict{Case: name, Detail: err.Error()})
		} else {
			emit(verdict{Case: name, OK: true})
		}
	}
}

func request[T any](c clients, message *T) *connect.Request[T] {
	r := connect.NewRequest(message)
	r.Header().Set("x-call-id", c.id)
	return r
}

func expect(what string, got, want any) error {
	if got != want {
		return fmt.Errorf("%s: %v, not %v", what, got, want)
	}
	return nil
}

func expectCode(err error, code connect.Code, text string) error {
	var status *connect.Error
	if !errors.As(err, &status) {
		return fmt.Errorf("ended with %v, not %v", err, code)
	}
	if status.Code() != code {
		return fmt.Errorf("ended with %v, not %v", err, code)
	}
	if text != "" && status.Message() != text {
		return fmt.Errorf("text: %q, not %q", status.Message(), text)
	}
	return nil
}

func get(ctx context.Context, c clients) error {
	response, err := c.get.CallUnary(ctx, request(c, &data.DataRequest{Id: "a-1"}))
	if err != nil {
		return err
	}
	item := response.Msg
	if len(item.GetPoints()) != 2 {
		return fmt.Errorf("points: %v", item.GetPoints())
	}
	return errors.Join(
		expect("name", item.GetName(), "Item a-1"),
		expect("timestamp", item.GetTimestamp(), bigTimestamp),
		expect("attribute", item.GetAttributes()["größe"], "☕"),
		expect("value", item.GetPoints()[1].GetValue(), -2.5e300),
	)
}

func getMissing(ctx context.Context, c clients) error {
	_, err := c.get.CallUnary(ctx, request(c, &data.DataRequest{Id: "missing"}))
	return expectCode(err, connect.CodeNotFound, "no item missing")
}

func getDeadline(ctx context.Context, c clients) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	_, err := c.get.CallUnary(ctx, request(c, &data.DataRequest{Id: "slow"}))
	return expectCode(err, connect.CodeDeadlineExceeded, "")
}

func subscribe(ctx context.Context, c clients) error {
	asked := &data.SubscribeRequest{Topics: []string{"count:100", "count:3"}, Since: bigTimestamp}
	in, err := c.subscribe.CallServerStream(ctx, request(c, asked))
	if err != nil {
		return err
	}
	count := 0
	for ; in.Receive(); count++ {
		if err := expect("timestamp", in.Msg().GetTimestamp(), bigTimestamp+int64(count%100)); err != nil {
			return err
		}
	}
	return errors.Join(in.Err(), expect("messages", count, 103))
}

func subscribeCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := c.subscribe.CallServerStream(ctx, request(c, &data.SubscribeRequest{Topics: []string{"forever"}}))
	if err != nil {
		return err
	}
	for range 3 {
		if !in.Receive() {
			return in.Err()
		}
	}
	cancel()
	for in.Receive() {
	}
	return expectCode(in.Err(), connect.CodeCanceled, "")
}

func fill(size, offset int) []byte {
	bytes := make([]byte, size)
	for i := range bytes {
		bytes[i] = byte((offset + i) % 251)
	}
	return bytes
}

func opened(ctx context.Context, c clients) *connect.ClientStreamForClient[data.FileChunk, data.UploadResponse] {
	out := c.upload.CallClientStream(ctx)
	out.RequestHeader().Set("x-call-id", c.id)
	return out
}

func named(name string) *data.FileChunk {
	return &data.FileChunk{Content: &data.FileChunk_Metadata{Metadata: &data.FileMetadata{FileName: name}}}
}

func upload(ctx context.Context, c clients) error {
	const size, chunk = 5_000_000, 65536
	out := opened(ctx, c)
	if err := out.Send(named("big.bin")); err != nil {
		return err
	}
	sum := sha256.New()
	for offset := 0; offset < size; offset += chunk {
		piece := fill(min(chunk, size-offset), offset)
		sum.Write(piece)
		if err := out.Send(&data.FileChunk{Content: &data.FileChunk_Data{Data: piece}}); err != nil {
			return err
		}
	}
	response, err := out.CloseAndReceive()
	if err != nil {
		return err
	}
	return errors.Join(
		expect("file id", response.Msg.GetFileId(), "big.bin"),
		expect("size", response.Msg.GetSize(), int64(size)),
		expect("sha256", response.Msg.GetSha256(), hex.EncodeToString(sum.Sum(nil))),
	)
}

func uploadEmpty(ctx context.Context, c clients) error {
	response, err := opened(ctx, c).CloseAndReceive()
	if err != nil {
		return err
	}
	nothing := sha256.Sum256(nil)
	return expect("sha256", response.Msg.GetSha256(), hex.EncodeToString(nothing[:]))
}

func uploadRefused(ctx context.Context, c clients) error {
	out := opened(ctx, c)
	if err := out.Send(named("refuse")); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	_, err := out.CloseAndReceive()
	return expectCode(err, connect.CodePermissionDenied, "not this file")
}

func talking(ctx context.Context, c clients) *connect.BidiStreamForClient[data.ChatMessage, data.ChatMessage] {
	stream := c.chat.CallBidiStream(ctx)
	stream.RequestHeader().Set("x-call-id", c.id)
	return stream
}

func chatTalk(ctx context.Context, c clients) error {
	stream := talking(ctx, c)
	for i := range 50 {
		text := fmt.Sprintf("message %d", i)
		if err := stream.Send(&data.ChatMessage{User: "go", Message: text, Timestamp: int64(i)}); err != nil {
			return err
		}
		reply, err := stream.Receive()
		if err != nil {
			return err
		}
		if err := expect("reply", reply.GetMessage(), "echo: "+text); err != nil {
			return err
		}
	}
	if err := stream.CloseRequest(); err != nil {
		return err
	}
	if _, err := stream.Receive(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("expected the end, got %v", err)
	}
	return nil
}

func chatStatus(ctx context.Context, c clients) error {
	stream := talking(ctx, c)
	for _, text := range []string{"hello", "boom"} {
		if err := stream.Send(&data.ChatMessage{Message: text}); err != nil {
			return err
		}
	}
	if _, err := stream.Receive(); err != nil {
		return err
	}
	_, err := stream.Receive()
	return expectCode(err, connect.CodeAborted, "boom it is")
}

func chatCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream := talking(ctx, c)
	if err := stream.Send(&data.ChatMessage{Message: "hello"}); err != nil {
		return err
	}
	if _, err := stream.Receive(); err != nil {
		return err
	}
	cancel()
	_, err := stream.Receive()
	return expectCode(err, connect.CodeCanceled, "")
}
