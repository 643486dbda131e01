package main

import (
	"encoding/json"
	"io"
	"os"
	"strconv"
)

// ipc is the channel to the bench: Node's, lines of JSON over a socket whose descriptor NODE_CHANNEL_FD tells.
type ipc struct {
	in  *json.Decoder
	out *json.Encoder
}

func openIPC() *ipc {
	fd, err := strconv.Atoi(os.Getenv("NODE_CHANNEL_FD"))
	if err != nil {
		fail("NODE_CHANNEL_FD: start me from the bench")
	}
	file := os.NewFile(uintptr(fd), "ipc")
	return &ipc{json.NewDecoder(file), json.NewEncoder(file)}
}

// receive reads the next message; false when the parent has hung up.
func (c *ipc) receive(into any) bool {
	err := c.in.Decode(into)
	if err == io.EOF {
		return false
	}
	must(err)
	return true
}

func (c *ipc) send(message any) { must(c.out.Encode(message)) }
