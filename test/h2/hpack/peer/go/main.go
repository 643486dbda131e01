// A peer for HPACK: golang.org/x/net/http2/hpack, told what to do in frames on stdin. A frame is a kind, the payload's length in
// four bytes, big-endian, and the payload; a list of strings is each string's length in four bytes, and the string.
//
//	N  a new connection; payload: the decoder's largest table size
//	D  decode the block; answers + and the list, or - and an error
//	E  encode the list of names and values; sensitive names begin with "!"; answers + and the block
//	L  the encoder's limit, as the peer's SETTINGS tell it
//	T  the size of the table that the encoder uses
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"os"
	"strings"

	"golang.org/x/net/http2/hpack"
)

type connection struct {
	decoder *hpack.Decoder
	encoder *hpack.Encoder
	block   bytes.Buffer
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	var current *connection
	for {
		kind, payload, err := readFrame(in)
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		switch kind {
		case 'N':
			current = &connection{}
			current.decoder = hpack.NewDecoder(4096, nil)
			current.decoder.SetAllowedMaxDynamicTableSize(binary.BigEndian.Uint32(payload))
			current.encoder = hpack.NewEncoder(&current.block)
		case 'L':
			current.encoder.SetMaxDynamicTableSizeLimit(binary.BigEndian.Uint32(payload))
		case 'T':
			current.encoder.SetMaxDynamicTableSize(binary.BigEndian.Uint32(payload))
		case 'D':
			current.decode(payload, out)
		case 'E':
			current.encode(payload, out)
		default:
			log.Fatalf("unknown frame %q", kind)
		}
		// Answers leave when nothing more is to be done at once.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
	out.Flush()
}

func (c *connection) decode(block []byte, out *bufio.Writer) {
	fields, err := c.decoder.DecodeFull(block)
	if err != nil {
		writeFrame(out, '-', []byte(err.Error()))
		return
	}
	var list []byte
	for _, field := range fields {
		list = appendString(list, field.Name)
		list = appendString(list, field.Value)
	}
	writeFrame(out, '+', list)
}

func (c *connection) encode(list []byte, out *bufio.Writer) {
	c.block.Reset()
	for len(list) > 0 {
		var field hpack.HeaderField
		field.Name, list = takeString(list)
		field.Value, list = takeString(list)
		if name, ok := strings.CutPrefix(field.Name, "!"); ok {
			field.Name, field.Sensitive = name, true
		}
		if err := c.encoder.WriteField(field); err != nil {
			log.Fatal(err)
		}
	}
	writeFrame(out, '+', c.block.Bytes())
}

func readFrame(in *bufio.Reader) (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, err
	}
	payload := make([]byte, binary.BigEndian.Uint32(head[1:]))
	_, err := io.ReadFull(in, payload)
	return head[0], payload, err
}

func writeFrame(out *bufio.Writer, kind byte, payload []byte) {
	var head [5]byte
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	out.Write(head[:])
	out.Write(payload)
}

func appendString(list []byte, text string) []byte {
	list = binary.BigEndian.AppendUint32(list, uint32(len(text)))
	return append(list, text...)
}

func takeString(list []byte) (string, []byte) {
	length := binary.BigEndian.Uint32(list)
	return string(list[4 : 4+length]), list[4+length:]
}
