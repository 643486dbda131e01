package main

import (
	"crypto/sha256"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"interop.test/pb/report"
)

type reportServer struct {
	report.UnimplementedReportServiceServer
}

// GenerateReport understands chunks:COUNT:SIZE, fail:COUNT (that many chunks, then DATA_LOSS), missing, endless and slow.
func (s *reportServer) GenerateReport(req *report.ReportRequest, out grpc.ServerStreamingServer[report.ReportChunk]) error {
	c := begin(out.Context(), "GenerateReport")
	return c.end(s.generate(c, req.GetReportId(), out))
}

func (s *reportServer) generate(c *call, id string, out grpc.ServerStreamingServer[report.ReportChunk]) error {
	incoming, _ := metadata.FromIncomingContext(out.Context())
	header := metadata.Pairs("x-report-id", id)
	for _, value := range incoming.Get("x-client-bin") {
		header.Append("x-echo-bin", value)
	}
	for _, value := range incoming.Get("x-client") {
		header.Append("x-echo", value)
	}
	if err := out.SendHeader(header); err != nil {
		return err
	}
	count, size := 0, 16
	switch {
	case id == "missing":
		st, err := status.New(codes.NotFound, "no report missing").WithDetails(
			&errdetails.ErrorInfo{Reason: "NO_REPORT", Domain: "interop.test", Metadata: map[string]string{"id": id}})
		if err != nil {
			return err
		}
		return st.Err()
	case id == "slow":
		<-out.Context().Done()
		return out.Context().Err()
	case id == "endless":
		count = 1 << 30
	default:
		if _, err := fmt.Sscanf(id, "chunks:%d:%d", &count, &size); err != nil {
			if _, err := fmt.Sscanf(id, "fail:%d", &count); err != nil {
				return status.Error(codes.InvalidArgument, "cannot read report id "+id)
			}
		}
	}
	sum := sha256.New()
	for i := range count {
		select {
		case <-out.Context().Done():
			return out.Context().Err()
		default:
		}
		chunk := fill(size, i*size)
		sum.Write(chunk)
		if err := out.Send(&report.ReportChunk{Data: chunk, ChunkNumber: int32(i + 1)}); err != nil {
			return err
		}
		c.Sent++
		if id == "endless" {
			time.Sleep(time.Millisecond)
		}
	}
	out.SetTrailer(metadata.Pairs("x-report-sha256", hexSum(sum)))
	if len(id) > 5 && id[:5] == "fail:" {
		return status.Error(codes.DataLoss, "größe verloren ☕ 100%")
	}
	return nil
}
