package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
)

// retryCase is one of programs/retries/cases.ts.
type retryCase struct {
	Name, Kind         string
	Attempts           []string
	Client, Ends       string
	TimeoutMs          int
	BufferBytesPerCall *int
	Hedged             bool
	ServiceConfig      json.RawMessage
}

type retryVerdict struct {
	Case     string `json:"case"`
	Attempts int    `json:"attempts"`
	OK       bool   `json:"ok"`
	Detail   string `json:"detail,omitempty"`
}

// textKind is one kind of call, by its texts.
type textKind struct {
	method  string
	desc    grpc.StreamDesc
	request func(text string) any
	answer  func() any
	textOf  func(answer any) string
}

var textKinds = map[string]textKind{
	"unary": {
		"GetData", grpc.StreamDesc{},
		func(text string) any { return &data.DataRequest{Id: text} },
		func() any { return &data.DataResponse{} },
		func(answer any) string { return answer.(*data.DataResponse).GetId() },
	},
	"server": {
		"SubscribeData", grpc.StreamDesc{ServerStreams: true},
		func(text string) any { return &data.SubscribeRequest{Topics: []string{text}} },
		func() any { return &data.DataUpdate{} },
		func(answer any) string { return answer.(*data.DataUpdate).GetTopic() },
	},
	"client": {
		"UploadFile", grpc.StreamDesc{ClientStreams: true},
		func(text string) any { return &data.FileChunk{Content: &data.FileChunk_Data{Data: []byte(text)}} },
		func() any { return &data.UploadResponse{} },
		func(answer any) string { return answer.(*data.UploadResponse).GetFileId() },
	},
	"bidi": {
		"Chat", grpc.StreamDesc{ServerStreams: true, ClientStreams: true},
		func(text string) any { return &data.ChatMessage{Message: text} },
		func() any { return &data.ChatMessage{} },
		func(answer any) string { return answer.(*data.ChatMessage).GetMessage() },
	},
}

// runRetries makes the calls of the cases, and prints a verdict for each: how it looked from this side, and how many attempts there were to be.
func runRetries(target, text string) {
	var cases struct {
		Single   []retryCase
		Sequence struct {
			ServiceConfig json.RawMessage
			Calls         []retryCase
		}
	}
	must(json.Unmarshal([]byte(text), &cases))
	for _, one := range cases.Single {
		if one.Hedged {
			continue // grpc-go has retries, and no hedging
		}
		judgeRetry(one, connectWith(target, one.ServiceConfig))
	}
	conn := connectWith(target, cases.Sequence.ServiceConfig)
	for _, one := range cases.Sequence.Calls {
		one.Client = one.Ends
		judgeRetry(one, conn)
	}
}

func connectWith(target string, serviceConfig json.RawMessage) *grpc.ClientConn {
	conn, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(string(serviceConfig)))
	must(err)
	return conn
}

func judgeRetry(one retryCase, conn *grpc.ClientConn) {
	verdict := retryVerdict{Case: one.Name, Attempts: len(one.Attempts), OK: true}
	if err := callAs(one, conn); err != nil {
		verdict.OK, verdict.Detail = false, err.Error()
	}
	emit(verdict)
}

var codeStep = regexp.MustCompile("^[A-Z_]+$")

func callAs(one retryCase, conn *grpc.ClientConn) error {
	timeout := 30 * time.Second
	if one.TimeoutMs > 0 {
		timeout = time.Duration(one.TimeoutMs) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "x-call-id", one.Name, "x-script", strings.Join(one.Attempts, "|"))
	var options []grpc.CallOption
	if one.BufferBytesPerCall != nil {
		options = append(options, grpc.MaxRetryRPCBufferSize(*one.BufferBytesPerCall))
	}
	kind := textKinds[one.Kind]
	stream, err := conn.NewStream(ctx, &kind.desc, "/streaming.DataService/"+kind.method, options...)
	if err != nil {
		return err
	}
	if !kind.desc.ClientStreams {
		if err := stream.SendMsg(kind.request("1")); err != nil && err != io.EOF {
			return err
		}
		must(stream.CloseSend())
	}
	for _, step := range strings.Fields(one.Client) {
		if err := kind.step(stream, step); err != nil {
			return fmt.Errorf("%.20s: %w", step, err)
		}
	}
	return nil
}

func (kind textKind) step(stream grpc.ClientStream, step string) error {
	switch {
	case step == "half":
		return stream.CloseSend()
	case step == "header":
		header, err := stream.Header()
		if err != nil {
			return err
		}
		return expectEqual("header", strings.Join(header.Get("x-header"), ","), "yes")
	case strings.HasPrefix(step, "<"):
		answer := kind.answer()
		if err := stream.RecvMsg(answer); err != nil {
			return err
		}
		return expectEqual("answer", kind.textOf(answer), step[1:])
	case codeStep.MatchString(step):
		return kind.expectEnd(stream, step)
	default:
		// After the call's end a send says io.EOF; its status comes with what is received.
		if err := stream.SendMsg(kind.request(step)); err != io.EOF {
			return err
		}
		return nil
	}
}

func (kind textKind) expectEnd(stream grpc.ClientStream, name string) error {
	var code codes.Code
	must(code.UnmarshalJSON([]byte(`"` + name + `"`)))
	err := stream.RecvMsg(kind.answer())
	if err == io.EOF {
		err = nil
	}
	return expectEqual("code", status.Code(err), code)
}
