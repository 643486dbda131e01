package main

import (
	"bytes"

	"bench.test/pb"
)

// bare is the size of an item without payload.
const bare = 20

// itemOf makes an item that takes size bytes on the wire (20 at least; a few more or less otherwise).
func itemOf(size int) *pb.Item {
	length := max(0, size-bare-3)
	payload := bytes.Repeat([]byte("payload "), length/8+1)[:length]
	return &pb.Item{Id: 123_456, Word: "items", Value: 1.5, Payload: payload}
}
