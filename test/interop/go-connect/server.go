package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"interop.test/pb/data"
)

const path = "/streaming.DataService/"

// Does not fit a double: a peer that reads int64 as a number loses the last bit.
const bigTimestamp int64 = 9007199254740993

// serve answers Connect, gRPC and gRPC-Web on one port, over HTTP/1.1 and HTTP/2 without TLS.
func serve() {
	mux := http.NewServeMux()
	mux.Handle(path+"GetData", connect.NewUnaryHandler(path+"GetData", getData))
	mux.Handle(path+"SubscribeData", connect.NewServerStreamHandler(path+"SubscribeData", subscribeData))
	mux.Handle(path+"UploadFile", connect.NewClientStreamHandler(path+"UploadFile", uploadFile))
	mux.Handle(path+"Chat", connect.NewBidiStreamHandler(path+"Chat", chat))
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	emit(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	must((&http.Server{Handler: mux, Protocols: protocols}).Serve(listener))
}

// call follows one incoming call and says at its end how the server saw it.
type call struct {
	Event      string `json:"event"`
	ID         string `json:"id"`
	Method     string `json:"method"`
	Outcome    string `json:"outcome"`
	Sent       int    `json:"sent"`
	Received   int    `json:"received"`
	TimeLeftMs int64  `json:"timeLeftMs"`
	ctx        context.Context
}

func begin(ctx context.Context, header http.Header, method string) *call {
	c := &call{Event: "end", ID: header.Get("x-call-id"), Method: method, TimeLeftMs: -1, ctx: ctx}
	if deadline, ok := ctx.Deadline(); ok {
		c.TimeLeftMs = time.Until(deadline).Milliseconds()
	}
	return c
}

// end reports the outcome: ok, cancelled, deadline or status:N.
func (c *call) end(err error) error {
	var status *connect.Error
	switch {
	case errors.Is(c.ctx.Err(), context.Canceled):
		c.Outcome = "cancelled"
	case errors.Is(c.ctx.Err(), context.DeadlineExceeded):
		c.Outcome = "deadline"
	case errors.As(err, &status) && status.Code() == connect.CodeCanceled:
		c.Outcome = "cancelled"
	case err != nil:
		c.Outcome = fmt.Sprintf("status:%d", connect.CodeOf(err))
	default:
		c.Outcome = "ok"
	}
	emit(c)
	return err
}

func refuse(code connect.Code, text string) error {
	return connect.NewError(code, errors.New(text))
}

// getData answers any id; "missing" is NOT_FOUND and "slow" waits for the deadline.
func getData(ctx context.Context, request *connect.Request[data.DataRequest]) (*connect.Response[data.DataResponse], error) {
	c := begin(ctx, request.Header(), "GetData")
	id := request.Msg.GetId()
	switch id {
	case "missing":
		return nil, c.end(refuse(connect.CodeNotFound, "no item missing"))
	case "slow":
		<-ctx.Done()
		return nil, c.end(ctx.Err())
	}
	return connect.NewResponse(&data.DataResponse{
		Id:         id,
		Name:       "Item " + id,
		Attributes: map[string]string{"colour": "blau", "größe": "☕"},
		Points: []*data.DataPoint{
			{Value: 0.1, Timestamp: 1, Labels: []*data.DataPoint_Label{{Key: "unit", Value: "m"}}},
			{Value: -2.5e300, Timestamp: -1},
		},
		Timestamp: bigTimestamp,
	}), c.end(nil)
}

// subscribeData understands the topics count:N and forever.
func subscribeData(ctx context.Context, request *connect.Request[data.SubscribeRequest], out *connect.ServerStream[data.DataUpdate]) error {
	c := begin(ctx, request.Header(), "SubscribeData")
	return c.end(c.subscribe(ctx, request.Msg, out))
}

func (c *call) subscribe(ctx context.Context, request *data.SubscribeRequest, out *connect.ServerStream[data.DataUpdate]) error {
	for _, topic := range request.GetTopics() {
		count := 1 << 30
		if topic != "forever" {
			if _, err := fmt.Sscanf(topic, "count:%d", &count); err != nil {
				return refuse(connect.CodeInvalidArgument, "cannot read topic "+topic)
			}
		}
		for i := range count {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			update := &data.DataUpdate{
				Topic:     topic,
				Point:     &data.DataPoint{Value: float64(i), Timestamp: request.GetSince() + int64(i)},
				Timestamp: bigTimestamp + int64(i),
			}
			if err := out.Send(update); err != nil {
				return err
			}
			c.Sent++
			if count == 1<<30 {
				time.Sleep(2 * time.Millisecond)
			}
		}
	}
	return nil
}

// uploadFile answers with the SHA-256 of what came. The file name "refuse" is PERMISSION_DENIED, "early" is answered at once.
func uploadFile(ctx context.Context, in *connect.ClientStream[data.FileChunk]) (*connect.Response[data.UploadResponse], error) {
	c := begin(ctx, in.RequestHeader(), "UploadFile")
	response, err := c.upload(in)
	if err = c.end(err); err != nil {
		return nil, err
	}
	return connect.NewResponse(response), nil
}

func (c *call) upload(in *connect.ClientStream[data.FileChunk]) (*data.UploadResponse, error) {
	sum := sha256.New()
	var size int64
	name := ""
	for in.Receive() {
		c.Received++
		switch content := in.Msg().GetContent().(type) {
		case *data.FileChunk_Metadata:
			name = content.Metadata.GetFileName()
			switch name {
			case "refuse":
				return nil, refuse(connect.CodePermissionDenied, "not this file")
			case "early":
				return &data.UploadResponse{FileId: "early"}, nil
			}
		case *data.FileChunk_Data:
			sum.Write(content.Data)
			size += int64(len(content.Data))
		default:
			return nil, refuse(connect.CodeInvalidArgument, "an empty chunk")
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return &data.UploadResponse{FileId: name, Size: size, Sha256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// chat answers each message; "bye" ends the call and "boom" fails it.
func chat(ctx context.Context, stream *connect.BidiStream[data.ChatMessage, data.ChatMessage]) error {
	c := begin(ctx, stream.RequestHeader(), "Chat")
	return c.end(c.talk(stream))
}

func (c *call) talk(stream *connect.BidiStream[data.ChatMessage, data.ChatMessage]) error {
	for {
		message, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		c.Received++
		switch message.GetMessage() {
		case "bye":
			return nil
		case "boom":
			return refuse(connect.CodeAborted, "boom it is")
		}
		reply := &data.ChatMessage{User: "server", Message: "echo: " + message.GetMessage(), Timestamp: message.GetTimestamp() + 1}
		if err := stream.Send(reply); err != nil {
			return err
		}
		c.Sent++
	}
}
