package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
)

// serveScripts answers each attempt of a call as the metadata x-script says: scripts of attempts, separated by "|", each of steps:
//
//	1        sends it            <1       expects it              half     expects the end of the requests
//	header   sends a header      hang     waits until cancelled   push=X   a pushback in the trailer
//	after=N  expects N ms or more since the attempt before        less     expects less time left than that had
//	OK, or the name of a code, ends it
//
// It prints a line for each attempt: the call's id and #number, and "as scripted" or what was not so.
func serveScripts(port int) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(err)
	server := grpc.NewServer()
	data.RegisterDataServiceServer(server, &scriptServer{calls: map[string]*attempts{}})
	emit(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	must(server.Serve(listener))
}

// attempts is what is known of one call.
type attempts struct {
	count   int
	begunAt time.Time
	left    time.Duration
}

type scriptServer struct {
	data.UnimplementedDataServiceServer
	mu    sync.Mutex
	calls map[string]*attempts
}

// halves is one attempt of any kind of call.
type halves struct {
	ctx  context.Context
	recv func() (string, error)
	send func(string) error
}

func (s *scriptServer) GetData(ctx context.Context, req *data.DataRequest) (*data.DataResponse, error) {
	var answer *data.DataResponse
	err := s.play(halves{ctx, once(req.GetId()), func(text string) error {
		answer = &data.DataResponse{Id: text}
		return nil
	}})
	return answer, err
}

func (s *scriptServer) SubscribeData(req *data.SubscribeRequest, out grpc.ServerStreamingServer[data.DataUpdate]) error {
	return s.play(halves{out.Context(), once(req.GetTopics()...), func(text string) error {
		return out.Send(&data.DataUpdate{Topic: text})
	}})
}

func (s *scriptServer) UploadFile(in grpc.ClientStreamingServer[data.FileChunk, data.UploadResponse]) error {
	return s.play(halves{in.Context(), func() (string, error) {
		chunk, err := in.Recv()
		return string(chunk.GetData()), err
	}, func(text string) error {
		return in.SendAndClose(&data.UploadResponse{FileId: text})
	}})
}

func (s *scriptServer) Chat(chat grpc.BidiStreamingServer[data.ChatMessage, data.ChatMessage]) error {
	return s.play(halves{chat.Context(), func() (string, error) {
		message, err := chat.Recv()
		return message.GetMessage(), err
	}, func(text string) error {
		return chat.Send(&data.ChatMessage{Message: text})
	}})
}

// once gives what came with a call's one request, then its end.
func once(texts ...string) func() (string, error) {
	return func() (string, error) {
		if len(texts) == 0 {
			return "", io.EOF
		}
		text := texts[0]
		texts = texts[1:]
		return text, nil
	}
}

func (s *scriptServer) play(half halves) error {
	md, _ := metadata.FromIncomingContext(half.ctx)
	id, scripts := first(md, "x-call-id"), strings.Split(first(md, "x-script"), "|")
	before, number := s.note(half.ctx, id)
	fault := ""
	if got, want := md.Get("grpc-previous-rpc-attempts"), previous(number); !slices.Equal(got, want) {
		fault = fmt.Sprintf("grpc-previous-rpc-attempts is %v, not %v", got, want)
	}
	result := status.Error(codes.FailedPrecondition, "no script for this attempt")
	if number >= len(scripts) {
		fault = "an attempt too many"
	} else if fault == "" {
		result, fault = steps(half, before, strings.Fields(scripts[number]))
	}
	outcome := "as scripted"
	if fault != "" {
		outcome = fault
	}
	emit(call{Event: "end", ID: fmt.Sprintf("%s#%d", id, number), Method: "attempt", Outcome: outcome})
	return result
}

// note counts the attempt, and gives what is known of the one before it.
func (s *scriptServer) note(ctx context.Context, id string) (attempts, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.calls[id]
	if known == nil {
		known = &attempts{}
		s.calls[id] = known
	}
	before := *known
	known.count++
	known.begunAt = time.Now()
	if deadline, ok := ctx.Deadline(); ok {
		known.left = time.Until(deadline)
	}
	return before, before.count
}

// steps returns the attempt's status, and what was not as it should be.
func steps(half halves, before attempts, script []string) (error, string) {
	for _, step := range script {
		name, value, _ := strings.Cut(step, "=")
		switch {
		case step == "OK":
			return nil, ""
		case step == "header":
			must(grpc.SendHeader(half.ctx, metadata.Pairs("x-header", "yes")))
		case step == "hang":
			<-half.ctx.Done()
			if half.ctx.Err() != context.Canceled {
				return half.ctx.Err(), "it was not cancelled"
			}
			return half.ctx.Err(), ""
		case step == "less":
			deadline, _ := half.ctx.Deadline()
			if left := time.Until(deadline); left >= before.left {
				return nil, fmt.Sprintf("%v are left, as of %v before", left, before.left)
			}
		case name == "after":
			least, _ := strconv.Atoi(value)
			if passed := time.Since(before.begunAt); passed < time.Duration(least)*time.Millisecond {
				return nil, fmt.Sprintf("it came %v after the attempt before", passed)
			}
		case name == "push":
			must(grpc.SetTrailer(half.ctx, metadata.Pairs("grpc-retry-pushback-ms", value)))
		case step == "half":
			if text, err := half.recv(); err != io.EOF {
				return nil, fmt.Sprintf("not the end of the requests, but %q, %v", text, err)
			}
		case strings.HasPrefix(step, "<"):
			if text, err := half.recv(); err != nil || text != step[1:] {
				return nil, fmt.Sprintf("expected %s, got %q, %v", step, text, err)
			}
		default:
			var code codes.Code
			if code.UnmarshalJSON([]byte(strconv.Quote(step))) == nil {
				return status.Error(code, "as the script says"), ""
			}
			if err := half.send(step); err != nil {
				return err, err.Error()
			}
		}
	}
	return nil, ""
}

func previous(number int) []string {
	if number == 0 {
		return nil
	}
	return []string{strconv.Itoa(number)}
}

func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}
