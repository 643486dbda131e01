package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
)

// Does not fit a double: a peer that reads int64 as a number loses the last bit.
const bigTimestamp int64 = 9007199254740993

type dataServer struct {
	data.UnimplementedDataServiceServer
	mu      sync.Mutex
	scripts map[string]int
}

// GetData answers any id; "missing" is NOT_FOUND and "slow" waits for the deadline.
func (s *dataServer) GetData(ctx context.Context, req *data.DataRequest) (*data.DataResponse, error) {
	c := begin(ctx, "GetData")
	switch req.GetId() {
	case "missing":
		return nil, c.end(status.Error(codes.NotFound, "no item missing"))
	case "slow":
		<-ctx.Done()
		return nil, c.end(ctx.Err())
	}
	return &data.DataResponse{
		Id:         req.GetId(),
		Name:       "Item " + req.GetId(),
		Attributes: map[string]string{"colour": "blau", "größe": "☕"},
		Points: []*data.DataPoint{
			{Value: 0.1, Timestamp: 1, Labels: []*data.DataPoint_Label{{Key: "unit", Value: "m"}}},
			{Value: -2.5e300, Timestamp: -1},
		},
		Timestamp: bigTimestamp,
	}, c.end(nil)
}

// SubscribeData understands the topics count:N, forever, and script:NAME, which ends each call of that name otherwise:
// RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED, UNAVAILABLE, and from then on it goes on for ever.
func (s *dataServer) SubscribeData(req *data.SubscribeRequest, out grpc.ServerStreamingServer[data.DataUpdate]) error {
	c := begin(out.Context(), "SubscribeData")
	return c.end(s.subscribe(c, req, out))
}

func (s *dataServer) subscribe(c *call, req *data.SubscribeRequest, out grpc.ServerStreamingServer[data.DataUpdate]) error {
	for _, topic := range req.GetTopics() {
		count := 1 << 30
		ending := codes.OK
		if name, ok := strings.CutPrefix(topic, "script:"); ok {
			s.mu.Lock()
			step := s.scripts[name]
			s.scripts[name]++
			s.mu.Unlock()
			if script := []codes.Code{codes.ResourceExhausted, codes.DeadlineExceeded, codes.Unavailable}; step < len(script) {
				count, ending = 2, script[step]
			}
		} else if topic != "forever" {
			if _, err := fmt.Sscanf(topic, "count:%d", &count); err != nil {
				return status.Error(codes.InvalidArgument, "cannot read topic "+topic)
			}
		}
		for i := range count {
			select {
			case <-out.Context().Done():
				return out.Context().Err()
			default:
			}
			update := &data.DataUpdate{
				Topic:     topic,
				Point:     &data.DataPoint{Value: float64(i), Timestamp: req.GetSince() + int64(i)},
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
		if ending != codes.OK {
			return status.Error(ending, "as the script says")
		}
	}
	return nil
}

// UploadFile answers with the SHA-256 of what came. The file name "refuse" is PERMISSION_DENIED, "early" is answered at once.
func (s *dataServer) UploadFile(in grpc.ClientStreamingServer[data.FileChunk, data.UploadResponse]) error {
	c := begin(in.Context(), "UploadFile")
	return c.end(s.upload(c, in))
}

func (s *dataServer) upload(c *call, in grpc.ClientStreamingServer[data.FileChunk, data.UploadResponse]) error {
	sum := sha256.New()
	var size int64
	name := ""
	for {
		chunk, err := in.Recv()
		if err == io.EOF {
			return in.SendAndClose(&data.UploadResponse{FileId: name, Size: size, Sha256: hexSum(sum)})
		}
		if err != nil {
			return err
		}
		c.Received++
		switch content := chunk.GetContent().(type) {
		case *data.FileChunk_Metadata:
			name = content.Metadata.GetFileName()
			switch name {
			case "refuse":
				return status.Error(codes.PermissionDenied, "not this file")
			case "early":
				return in.SendAndClose(&data.UploadResponse{FileId: "early"})
			}
		case *data.FileChunk_Data:
			sum.Write(content.Data)
			size += int64(len(content.Data))
		default:
			return status.Error(codes.InvalidArgument, "an empty chunk")
		}
	}
}

// Chat answers each message; "bye" ends the call and "boom" fails it.
func (s *dataServer) Chat(chat grpc.BidiStreamingServer[data.ChatMessage, data.ChatMessage]) error {
	c := begin(chat.Context(), "Chat")
	return c.end(s.talk(c, chat))
}

func (s *dataServer) talk(c *call, chat grpc.BidiStreamingServer[data.ChatMessage, data.ChatMessage]) error {
	for {
		message, err := chat.Recv()
		if err == io.EOF {
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
			return status.Error(codes.Aborted, "boom it is")
		}
		reply := &data.ChatMessage{User: "server", Message: "echo: " + message.GetMessage(), Timestamp: message.GetTimestamp() + 1}
		if err := chat.Send(reply); err != nil {
			return err
		}
		c.Sent++
	}
}
