// A peer for the fuzz of frames: grpc-go's server, given what a client says on connections in memory. On stdin a connection is the
// length of its bytes in four bytes, big-endian, and the bytes, which end with a PING; on stdout, in the same order, a kind and what
// the server said, with its length: "+" it answered the PING, "-" it closed the connection, "?" neither in a second.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/test/bufconn"
)

// The last eight bytes of what a client says: the payload of its PING.
const pingBytes = 8

// raw hands messages through as they are.
type raw struct{}

func (raw) Marshal(any) ([]byte, error) { return nil, nil }
func (raw) Unmarshal([]byte, any) error { return nil }
func (raw) Name() string                { return "proto" }
func readAll(_ any, s grpc.ServerStream) error {
	for {
		if err := s.RecvMsg(nil); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func main() {
	encoding.RegisterCodec(raw{})
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(
		grpc.UnknownServiceHandler(readAll),
		grpc.MaxHeaderListSize(64<<10),
		grpc.InitialWindowSize(65535),
		grpc.InitialConnWindowSize(65535),
		// A client may ping as it likes: what is asked is whether its frames are right.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 1, PermitWithoutStream: true}),
	)
	go func() { log.Fatal(server.Serve(listener)) }()

	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	waiting := make(chan chan []byte, 64)
	done := make(chan struct{})
	go func() {
		for answer := range waiting {
			out.Write(<-answer)
			if len(waiting) == 0 {
				out.Flush()
			}
		}
		out.Flush()
		close(done)
	}()
	for {
		var head [4]byte
		if _, err := io.ReadFull(in, head[:]); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		said := make([]byte, binary.BigEndian.Uint32(head[:]))
		if _, err := io.ReadFull(in, said); err != nil {
			log.Fatal(err)
		}
		answer := make(chan []byte, 1)
		waiting <- answer
		go func() { answer <- ask(listener, said) }()
	}
	close(waiting)
	<-done
}

func ask(listener *bufconn.Listener, said []byte) []byte {
	conn, err := listener.Dial()
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	go conn.Write(said)
	conn.SetReadDeadline(time.Now().Add(time.Second))
	var heard []byte
	kind := byte('?')
	chunk := make([]byte, 1<<16)
	for {
		n, err := conn.Read(chunk)
		heard = append(heard, chunk[:n]...)
		if bytes.Contains(heard, said[len(said)-pingBytes:]) {
			kind = '+'
			break
		}
		if err != nil {
			if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
				kind = '-'
			}
			break
		}
	}
	answer := append(make([]byte, 0, 5+len(heard)), kind)
	answer = binary.BigEndian.AppendUint32(answer, uint32(len(heard)))
	return append(answer, heard...)
}
