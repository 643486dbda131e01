// grpc-go as a peer of the bench. Started by the bench, it speaks to it as the bench's Node processes do:
//
//	bench-go server|client SETUP     one side of a pair: see ../process-pair.ts
//	bench-go streams                 one side of a holder of open streams: see ../streams/process.ts
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"
	"time"
)

// setup is what the parent says of a server or a client before it starts.
type setup struct {
	Port        int  `json:"port"` // of the server; for the client
	Connections int  `json:"connections"`
	TLS         *tls `json:"tls"`
}

// tls has paths of PEM files.
type tls struct {
	CA   string `json:"ca"`
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

// work is one batch: parallel times at once, count messages of size bytes.
type work struct {
	Call     string `json:"call"`
	Size     int    `json:"size"`
	Count    int    `json:"count"`
	Parallel int    `json:"parallel"`
}

type runRequest struct {
	Work         work    `json:"work"`
	Milliseconds float64 `json:"milliseconds"`
}

type runAnswer struct {
	Messages     int     `json:"messages"`
	Milliseconds float64 `json:"milliseconds"`
	CPU          cpu     `json:"cpu"`
}

type failure struct {
	Error string `json:"error"`
}

// cpu is microseconds of processor time of this process.
type cpu struct {
	User   int64 `json:"user"`
	System int64 `json:"system"`
}

func cpuNow() cpu {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	micros := func(t syscall.Timeval) int64 { return int64(t.Sec)*1_000_000 + int64(t.Usec) }
	return cpu{micros(usage.Utime), micros(usage.Stime)}
}

func main() {
	if len(os.Args) < 2 {
		fail("bench-go server|client SETUP, or bench-go streams")
	}
	channel := openIPC()
	if os.Args[1] == "streams" {
		holdStreams(channel)
		return
	}
	var given setup
	must(json.Unmarshal([]byte(os.Args[2]), &given))
	if os.Args[1] == "server" {
		channel.send(serve(given, &benchServer{}))
		for channel.receive(new(json.RawMessage)) {
			channel.send(cpuNow())
		}
		return
	}
	clients := connect(given)
	for {
		var request runRequest
		if !channel.receive(&request) {
			return
		}
		if answer, err := run(clients, request); err != nil {
			channel.send(failure{err.Error()})
		} else {
			channel.send(answer)
		}
	}
}

func run(clients []client, request runRequest) (runAnswer, error) {
	begin, before := time.Now(), cpuNow()
	answer := runAnswer{}
	for {
		if err := batch(clients, request.Work); err != nil {
			return answer, err
		}
		answer.Messages += request.Work.Count * request.Work.Parallel
		answer.Milliseconds = float64(time.Since(begin).Nanoseconds()) / 1e6
		if answer.Milliseconds >= request.Milliseconds {
			after := cpuNow()
			answer.CPU = cpu{after.User - before.User, after.System - before.System}
			return answer, nil
		}
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
