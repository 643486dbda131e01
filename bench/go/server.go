package main

import (
	"context"
	"io"
	"net"

	"bench.test/pb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

type benchServer struct {
	pb.UnimplementedBenchServer
	// Told +1 and -1 as handlers of Echo begin and end; nil where nobody counts.
	count func(change int64)
}

func (*benchServer) Unary(_ context.Context, item *pb.Item) (*pb.Item, error) { return item, nil }

func (*benchServer) ServerStream(order *pb.Order, out grpc.ServerStreamingServer[pb.Item]) error {
	item := itemOf(int(order.GetSize()))
	for range order.GetCount() {
		if err := out.Send(item); err != nil {
			return err
		}
	}
	return nil
}

func (*benchServer) ClientStream(in grpc.ClientStreamingServer[pb.Item, pb.Total]) error {
	count := int32(0)
	for {
		_, err := in.Recv()
		if err == io.EOF {
			return in.SendAndClose(&pb.Total{Count: count})
		}
		if err != nil {
			return err
		}
		count++
	}
}

func (s *benchServer) Echo(call grpc.BidiStreamingServer[pb.Item, pb.Item]) error {
	if s.count != nil {
		s.count(1)
		defer s.count(-1)
	}
	for {
		item, err := call.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := call.Send(item); err != nil {
			return err
		}
	}
}

// serve listens at a free port of the loopback interface, and returns it.
func serve(given setup, bench *benchServer) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	var options []grpc.ServerOption
	if given.TLS != nil {
		identity, err := credentials.NewServerTLSFromFile(given.TLS.Cert, given.TLS.Key)
		must(err)
		options = append(options, grpc.Creds(identity))
	}
	server := grpc.NewServer(options...)
	pb.RegisterBenchServer(server, bench)
	go func() { must(server.Serve(listener)) }()
	return listener.Addr().(*net.TCPAddr).Port
}
