package main

import (
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	"interop.test/pb/data"
	"interop.test/pb/report"
	"interop.test/pb/stream"
)

func serve(port int) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(err)
	server := grpc.NewServer()
	report.RegisterReportServiceServer(server, &reportServer{})
	stream.RegisterStreamServiceServer(server, &streamServer{})
	data.RegisterDataServiceServer(server, &dataServer{scripts: map[string]int{}})
	reflection.Register(server)
	emit(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	must(server.Serve(listener))
}
