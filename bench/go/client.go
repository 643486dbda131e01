package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"bench.test/pb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

type client = pb.BenchClient

// connect makes as many channels as asked for, each with a connection of its own.
func connect(given setup) []client {
	secure := insecure.NewCredentials()
	if given.TLS != nil {
		ca, err := credentials.NewClientTLSFromFile(given.TLS.CA, "localhost")
		must(err)
		secure = ca
	}
	var clients []client
	for range max(1, given.Connections) {
		channel, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", given.Port), grpc.WithTransportCredentials(secure))
		must(err)
		clients = append(clients, pb.NewBenchClient(channel))
	}
	return clients
}

// batch does the work, in goroutines of their own where more than one thing goes on at once.
func batch(clients []client, w work) error {
	if w.Parallel == 1 {
		return calls(clients[0], w)
	}
	ends := make(chan error, w.Parallel)
	for i := range w.Parallel {
		go func() { ends <- calls(clients[i%len(clients)], w) }()
	}
	var all error
	for range w.Parallel {
		all = errors.Join(all, <-ends)
	}
	return all
}

func calls(c client, w work) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	item := itemOf(w.Size)
	switch w.Call {
	case "unary":
		for range w.Count {
			if _, err := c.Unary(ctx, item); err != nil {
				return err
			}
		}
		return nil
	case "serverStream":
		in, err := c.ServerStream(ctx, &pb.Order{Count: int32(w.Count), Size: int32(w.Size)})
		if err != nil {
			return err
		}
		return read(in.Recv, w.Count)
	case "clientStream":
		out, err := c.ClientStream(ctx)
		if err != nil {
			return err
		}
		for range w.Count {
			if err := out.Send(item); err != nil {
				return err
			}
		}
		total, err := out.CloseAndRecv()
		if err != nil {
			return err
		}
		return expect(int(total.GetCount()), w.Count)
	case "firehose":
		return firehose(ctx, c, item, w.Count)
	case "pingPong":
		return pingPong(ctx, c, item, w.Count)
	}
	return fmt.Errorf("no call %s", w.Call)
}

func firehose(ctx context.Context, c client, item *pb.Item, count int) error {
	call, err := c.Echo(ctx)
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for range count {
			if err := call.Send(item); err != nil {
				sent <- err
				return
			}
		}
		sent <- call.CloseSend()
	}()
	return errors.Join(read(call.Recv, count), <-sent)
}

func pingPong(ctx context.Context, c client, item *pb.Item, count int) error {
	call, err := c.Echo(ctx)
	if err != nil {
		return err
	}
	for range count {
		if err := call.Send(item); err != nil {
			return err
		}
		if _, err := call.Recv(); err != nil {
			return err
		}
	}
	if err := call.CloseSend(); err != nil {
		return err
	}
	return read(call.Recv, 0)
}

// read reads to the end.
func read(recv func() (*pb.Item, error), expected int) error {
	count := 0
	for {
		_, err := recv()
		if err == io.EOF {
			return expect(count, expected)
		}
		if err != nil {
			return err
		}
		count++
	}
}

func expect(actual, expected int) error {
	if actual != expected {
		return fmt.Errorf("%d items instead of %d", actual, expected)
	}
	return nil
}
