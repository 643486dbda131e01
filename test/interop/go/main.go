// The services of the guides as grpc-go programs write them, as server and as client.
//
//	peers server [-port N]                      prints {"port":N}, then one line for each call that ended
//	peers script [-port N]                      answers attempts of calls as their metadata says
//	peers certs -out FOLDER                      makes a CA and certificates of it
//	peers fleet -target TARGET -plan JSON        loads a fleet, as programs/fleet/client.ts does
//	peers retries -target TARGET -cases JSON     makes the calls of programs/retries/cases.ts, and prints one verdict for each
//	peers client -target HOST:PORT -id PREFIX -cases a,b   prints one verdict for each case
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: peers server|script|client|retries|fleet|certs [flags]")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	switch os.Args[1] {
	case "server":
		port := flags.Int("port", 0, "port on 127.0.0.1; 0 takes a free one")
		must(flags.Parse(os.Args[2:]))
		serve(*port)
	case "script":
		port := flags.Int("port", 0, "port on 127.0.0.1; 0 takes a free one")
		must(flags.Parse(os.Args[2:]))
		serveScripts(*port)
	case "client":
		target := flags.String("target", "", "host:port of the server")
		id := flags.String("id", "go", "prefix of the call ids that the server's lines carry")
		cases := flags.String("cases", "", "comma-separated cases")
		must(flags.Parse(os.Args[2:]))
		runCases(*target, *id, strings.Split(*cases, ","))
	case "retries":
		target := flags.String("target", "", "what gRPC resolves")
		cases := flags.String("cases", "", "JSON")
		must(flags.Parse(os.Args[2:]))
		runRetries(*target, *cases)
	case "fleet":
		target := flags.String("target", "", "what gRPC resolves")
		plan := flags.String("plan", "{}", "JSON")
		must(flags.Parse(os.Args[2:]))
		runFleet(*target, *plan)
	case "certs":
		out := flags.String("out", "", "folder for ca.pem, server.pem, server.key, client.pem and client.key")
		must(flags.Parse(os.Args[2:]))
		makeCerts(*out)
	default:
		fail("unknown command " + os.Args[1])
	}
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
