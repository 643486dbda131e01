package main

import (
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"interop.test/pb/stream"
)

type streamServer struct {
	stream.UnimplementedStreamServiceServer
}

// FetchResponse answers with five results; a negative id is refused.
func (s *streamServer) FetchResponse(req *stream.Request, out grpc.ServerStreamingServer[stream.Response]) error {
	c := begin(out.Context(), "FetchResponse")
	if req.GetId() < 0 {
		return c.end(status.Error(codes.InvalidArgument, "id must not be negative"))
	}
	for i := range 5 {
		if err := out.Send(&stream.Response{Result: fmt.Sprintf("Request %d, result %d", req.GetId(), i+1)}); err != nil {
			return c.end(err)
		}
		c.Sent++
	}
	return c.end(nil)
}
