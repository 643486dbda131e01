package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"interop.test/pb/report"
	"interop.test/pb/stream"
)

type received struct {
	count int
	sum   string
}

// drain reads to the end and checks the order of the chunks.
func drain(in grpc.ServerStreamingClient[report.ReportChunk], pause time.Duration) (received, error) {
	sum := sha256.New()
	got := received{}
	for {
		chunk, err := in.Recv()
		got.sum = hexSum(sum)
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		got.count++
		if int(chunk.GetChunkNumber()) != got.count {
			return got, fmt.Errorf("chunk %d came as number %d", chunk.GetChunkNumber(), got.count)
		}
		sum.Write(chunk.GetData())
		time.Sleep(pause)
	}
}

func generate(ctx context.Context, c clients, id string) (grpc.ServerStreamingClient[report.ReportChunk], error) {
	return c.report.GenerateReport(ctx, &report.ReportRequest{ReportId: id})
}

func checkReport(ctx context.Context, c clients, count, size int, pause time.Duration) error {
	in, err := generate(ctx, c, fmt.Sprintf("chunks:%d:%d", count, size))
	if err != nil {
		return err
	}
	got, err := drain(in, pause)
	if err != nil {
		return err
	}
	return firstOf(
		expectEqual("chunks", got.count, count),
		expectEqual("sha256", got.sum, sumOf(count*size)),
		expectEqual("sha256 trailer", fmt.Sprint(in.Trailer().Get("x-report-sha256")), fmt.Sprint([]string{got.sum})),
	)
}

func reportStream(ctx context.Context, c clients) error { return checkReport(ctx, c, 10, 1000, 0) }

// reportLarge reads slower than the server writes: 12.5 MiB through the flow-control windows.
func reportLarge(ctx context.Context, c clients) error {
	return checkReport(ctx, c, 200, 65536, time.Millisecond)
}

func reportMetadata(ctx context.Context, c clients) error {
	bin := string([]byte{0, 1, 2, 250, 255, 10})
	ctx = metadata.AppendToOutgoingContext(ctx, "x-client", "one", "x-client", "two", "x-client-bin", bin)
	in, err := generate(ctx, c, "chunks:1:1")
	if err != nil {
		return err
	}
	header, err := in.Header()
	if err != nil {
		return err
	}
	if _, err := drain(in, 0); err != nil {
		return err
	}
	return firstOf(
		expectEqual("x-report-id", fmt.Sprint(header.Get("x-report-id")), "[chunks:1:1]"),
		expectEqual("x-echo", fmt.Sprint(splitValues(header.Get("x-echo"))), "[one two]"),
		expectEqual("x-echo-bin", fmt.Sprintf("%x", header.Get("x-echo-bin")), fmt.Sprintf("[%x]", bin)),
	)
}

// splitValues takes apart what a peer joined: repeated keys may travel as one value, "a, b".
func splitValues(values []string) []string {
	var all []string
	for _, value := range values {
		for _, part := range bytes.Split([]byte(value), []byte(",")) {
			all = append(all, string(bytes.TrimSpace(part)))
		}
	}
	return all
}

func reportStatus(ctx context.Context, c clients) error {
	in, err := generate(ctx, c, "missing")
	if err != nil {
		return err
	}
	_, err = in.Recv()
	if err := expectCode(err, codes.NotFound, "no report missing"); err != nil {
		return err
	}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return expectEqual("detail", info.GetReason()+" "+info.GetMetadata()["id"], "NO_REPORT missing")
		}
	}
	return errors.New("the status has no ErrorInfo")
}

// reportStatusAfter: every message before the error comes first.
func reportStatusAfter(ctx context.Context, c clients) error {
	in, err := generate(ctx, c, "fail:30")
	if err != nil {
		return err
	}
	got, err := drain(in, time.Millisecond)
	return firstOf(
		expectCode(err, codes.DataLoss, "größe verloren ☕ 100%"),
		expectEqual("chunks before the error", got.count, 30),
		expectEqual("sha256 trailer", fmt.Sprint(in.Trailer().Get("x-report-sha256")), "["+got.sum+"]"),
	)
}

func reportCancel(ctx context.Context, c clients) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := generate(ctx, c, "endless")
	if err != nil {
		return err
	}
	for range 5 {
		if _, err := in.Recv(); err != nil {
			return err
		}
	}
	cancel()
	// What had come already may still be read.
	for err = nil; err == nil; {
		_, err = in.Recv()
	}
	if !errors.Is(err, context.Canceled) && status.Code(err) != codes.Canceled {
		return fmt.Errorf("expected Canceled, got %v", err)
	}
	return nil
}

func reportDeadline(ctx context.Context, c clients) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	in, err := generate(ctx, c, "slow")
	if err != nil {
		return err
	}
	_, err = in.Recv()
	return expectCode(err, codes.DeadlineExceeded, "")
}

func streamFiveConcurrent(ctx context.Context, c clients) error {
	var group sync.WaitGroup
	errs := make([]error, 5)
	for id := range 5 {
		group.Go(func() {
			in, err := c.stream.FetchResponse(ctx, &stream.Request{Id: int32(id)})
			for i := 1; err == nil && i <= 5; i++ {
				var response *stream.Response
				if response, err = in.Recv(); err == nil {
					err = expectEqual("result", response.GetResult(), fmt.Sprintf("Request %d, result %d", id, i))
				}
			}
			if err == nil {
				if _, end := in.Recv(); end != io.EOF {
					err = fmt.Errorf("expected the end, got %v", end)
				}
			}
			errs[id] = err
		})
	}
	group.Wait()
	return firstOf(errs...)
}

func streamStatus(ctx context.Context, c clients) error {
	in, err := c.stream.FetchResponse(ctx, &stream.Request{Id: -1})
	if err != nil {
		return err
	}
	_, err = in.Recv()
	return expectCode(err, codes.InvalidArgument, "id must not be negative")
}
