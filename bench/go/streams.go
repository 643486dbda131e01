package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"bench.test/pb"
	"google.golang.org/grpc"
)

type order struct {
	Do    string `json:"do"`
	Port  int    `json:"port"`
	Count int    `json:"count"`
}

type memory struct {
	// Objects and stacks in use after a collection: a goroutine's stack is to Go what a promise on the heap is to Node.
	Heap int64 `json:"heap"`
	RSS  int64 `json:"rss"`
	// Handlers (server) or calls (client) now open.
	Open int64 `json:"open"`
}

type held struct {
	call   grpc.BidiStreamingClient[pb.Item, pb.Item]
	cancel context.CancelFunc
}

// A wave of calls is opened at once.
const wave = 200

// holdStreams does what the parent asks, one thing at a time.
func holdStreams(channel *ipc) {
	var open atomic.Int64
	var to client
	var calls []held
	obey := func(o order) (any, error) {
		switch o.Do {
		case "serve":
			return serve(setup{}, &benchServer{count: func(change int64) { open.Add(change) }}), nil
		case "connect":
			to = connect(setup{Port: o.Port})[0]
			return nil, nil
		case "open":
			for left := o.Count; left > 0; left -= wave {
				opened, err := openCalls(to, min(wave, left))
				calls = append(calls, opened...)
				if err != nil {
					return nil, err
				}
			}
			open.Store(int64(len(calls)))
			return nil, nil
		case "cancel":
			for _, one := range calls {
				one.cancel()
			}
			for _, one := range calls {
				if _, err := one.call.Recv(); err == nil {
					return nil, fmt.Errorf("a cancelled call went on")
				}
			}
			calls = nil
			open.Store(0)
			return nil, nil
		case "memory":
			return measure(open.Load())
		}
		return nil, fmt.Errorf("cannot %s", o.Do)
	}
	for {
		var next order
		if !channel.receive(&next) {
			return
		}
		if value, err := obey(next); err != nil {
			channel.send(failure{err.Error()})
		} else {
			channel.send(map[string]any{"value": value})
		}
	}
}

func openCalls(to client, count int) ([]held, error) {
	calls := make([]held, count)
	ends := make(chan error, count)
	for i := range calls {
		go func() {
			ctx, cancel := context.WithCancel(context.Background())
			call, err := to.Echo(ctx)
			if err == nil {
				err = call.Send(itemOf(20))
			}
			if err == nil {
				_, err = call.Recv()
			}
			calls[i] = held{call, cancel}
			ends <- err
		}()
	}
	var failed error
	for range calls {
		if err := <-ends; err != nil {
			failed = err
		}
	}
	return calls, failed
}

// measure collects with pauses between, so that finalizers and closed streams are gone too.
func measure(open int64) (memory, error) {
	for range 4 {
		runtime.GC()
		time.Sleep(50 * time.Millisecond)
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return memory{}, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return memory{int64(stats.HeapAlloc + stats.StackInuse), pages * int64(os.Getpagesize()), open}, err
}
