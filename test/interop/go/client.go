package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
	"interop.test/pb/report"
	"interop.test/pb/stream"
)

type clients struct {
	report report.ReportServiceClient
	stream stream.StreamServiceClient
	data   data.DataServiceClient
}

type verdict struct {
	Case   string `json:"case"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

var cases = map[string]func(context.Context, clients) error{
	"report.stream":          reportStream,
	"report.large":           reportLarge,
	"report.metadata":        reportMetadata,
	"report.status":          reportStatus,
	"report.status_after":    reportStatusAfter,
	"report.cancel":          reportCancel,
	"report.deadline":        reportDeadline,
	"stream.five_concurrent": streamFiveConcurrent,
	"stream.status":          streamStatus,
	"data.get":               dataGet,
	"data.get_missing":       dataGetMissing,
	"data.get_deadline":      dataGetDeadline,
	"data.subscribe":         dataSubscribe,
	"data.subscribe_cancel":  dataSubscribeCancel,
	"data.upload":            dataUpload,
	"data.upload_empty":      dataUploadEmpty,
	"data.upload_cancel":     dataUploadCancel,
	"data.upload_refused":    dataUploadRefused,
	"data.upload_early":      dataUploadEarly,
	"data.chat":              dataChat,
	"data.chat_status":       dataChatStatus,
	"data.chat_cancel":       dataChatCancel,
	"data.chat_server_ends":  dataChatServerEnds,
}

func runCases(target, id string, names []string) {
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(err)
	defer conn.Close()
	c := clients{report.NewReportServiceClient(conn), stream.NewStreamServiceClient(conn), data.NewDataServiceClient(conn)}
	for _, name := range names {
		run, known := cases[name]
		if !known {
			emit(verdict{Case: name, Detail: "the Go client has no such case"})
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		err := run(metadata.AppendToOutgoingContext(ctx, "x-call-id", id+"/"+name), c)
		cancel()
		if err != nil {
			emit(verdict{Case: name, Detail: err.Error()})
		} else {
			emit(verdict{Case: name, OK: true})
		}
	}
}

func expectCode(err error, code codes.Code, text string) error {
	st := status.Convert(err)
	if st.Code() != code || (text != "" && st.Message() != text) {
		return fmt.Errorf("expected %v %q, got %v %q", code, text, st.Code(), st.Message())
	}
	return nil
}

func expectEqual[T comparable](what string, got, expected T) error {
	if got != expected {
		return fmt.Errorf("%s: expected %v, got %v", what, expected, got)
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
