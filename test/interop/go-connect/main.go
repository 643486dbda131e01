// The data service of the guides as connect-go programs write it, as server and as client.
//
//	connect-peers server                         prints {"port":N}, then one line for each call that ended
//	connect-peers client -target HOST:PORT -id PREFIX -protocol connect|grpc|grpc-web -http 1|2 -cases a,b
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: connect-peers server|client [flags]")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	switch os.Args[1] {
	case "server":
		serve()
	case "client":
		target := flags.String("target", "", "host:port of the server")
		id := flags.String("id", "connect-go", "prefix of the call ids that the server's lines carry")
		protocol := flags.String("protocol", "connect", "connect, grpc or grpc-web")
		version := flags.Int("http", 1, "1 or 2")
		cases := flags.String("cases", "", "comma-separated cases")
		must(flags.Parse(os.Args[2:]))
		runCases(*target, *id, *protocol, *version, strings.Split(*cases, ","))
	default:
		fail("unknown command " + os.Args[1])
	}
}

var output sync.Mutex

// emit writes one line of JSON, whole.
func emit(line any) {
	output.Lock()
	defer output.Unlock()
	must(json.NewEncoder(os.Stdout).Encode(line))
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(2)
}
