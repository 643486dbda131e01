// Calls a server of ours as a program with OpenTelemetry does, and reads its channelz: peer TARGET.
// Prints a line of JSON: the trace it began, and what channelz said.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	channelz "google.golang.org/grpc/channelz/grpc_channelz_v1"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
)

type report struct {
	TraceID       string `json:"traceId"`
	ClientSpanID  string `json:"clientSpanId"`
	Servers       int    `json:"servers"`
	CallsStarted  int64  `json:"callsStarted"`
	Sockets       int    `json:"sockets"`
	RemoteAddress string `json:"remoteAddress"`
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(target string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	handler := otelgrpc.NewClientHandler(otelgrpc.WithTracerProvider(provider))
	traced, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(handler))
	if err != nil {
		return err
	}
	defer traced.Close()
	if _, err := health.NewHealthClient(traced).Check(ctx, &health.HealthCheckRequest{}); err != nil {
		return err
	}
	span := exporter.GetSpans()[0].SpanContext
	plain, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer plain.Close()
	client := channelz.NewChannelzClient(plain)
	servers, err := client.GetServers(ctx, &channelz.GetServersRequest{})
	if err != nil {
		return err
	}
	server := servers.GetServer()[0]
	sockets, err := client.GetServerSockets(ctx, &channelz.GetServerSocketsRequest{ServerId: server.GetRef().GetServerId()})
	if err != nil {
		return err
	}
	socket, err := client.GetSocket(ctx, &channelz.GetSocketRequest{SocketId: sockets.GetSocketRef()[0].GetSocketId()})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report{
		TraceID:       span.TraceID().String(),
		ClientSpanID:  span.SpanID().String(),
		Servers:       len(servers.GetServer()),
		CallsStarted:  server.GetData().GetCallsStarted(),
		Sockets:       len(sockets.GetSocketRef()),
		RemoteAddress: fmt.Sprint(socket.GetSocket().GetRemote().GetTcpipAddress().GetIpAddress()),
	})
}
