module interop.test/connectpeers

go 1.26.0

require (
	connectrpc.com/connect v1.21.1
	interop.test/pb v0.0.0
)

require (
	golang.org/x/net v0.55.0 // indirect
	golang.org/x/sys v0.45.0 // indirect
	golang.org/x/text v0.37.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260526163538-3dc84a4a5aaa // indirect
	google.golang.org/grpc v1.83.1 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

// Written by the run, from the .proto files of fixtures/.
replace interop.test/pb => ../../../.cache/interop/go-pb
