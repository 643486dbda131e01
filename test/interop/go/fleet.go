package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // asks servers for their health
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/resolver/dns"
	"google.golang.org/grpc/status"
	"interop.test/pb/data"
)

// fleetPlan is what programs/fleet/client.ts is told too.
type fleetPlan struct {
	Workers, PauseMs, Streams, TimeoutMs int
	KeepaliveTimeMs, KeepaliveTimeoutMs  int
	DNSRefreshMs                         int `json:"dnsRefreshMs"`
	ServiceConfig                        json.RawMessage
}

// fleetWindow is what happened in 20 ms.
type fleetWindow struct {
	T       int64          `json:"t"`
	OK      map[string]int `json:"ok"`
	Fail    map[string]int `json:"fail"`
	Why     string         `json:"why,omitempty"`
	Slowest int64          `json:"slowest"`
	Opened  map[string]int `json:"opened"`
	Ended   map[string]int `json:"ended"`
	Echoes  map[string]int `json:"echoes"`
}

type fleetWindows struct {
	mu  sync.Mutex
	now *fleetWindow
}

// add changes the window of now.
func (w *fleetWindows) add(change func(*fleetWindow)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now == nil {
		w.now = &fleetWindow{OK: map[string]int{}, Fail: map[string]int{}, Opened: map[string]int{}, Ended: map[string]int{}, Echoes: map[string]int{}}
	}
	change(w.now)
}

func (w *fleetWindows) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now == nil {
		return
	}
	w.now.T = time.Now().UnixMilli()
	emit(w.now)
	w.now = nil
}

// runFleet loads a fleet until a line comes on stdin, as programs/fleet/client.ts does.
func runFleet(target, text string) {
	var plan fleetPlan
	must(json.Unmarshal([]byte(text), &plan))
	dns.SetMinResolutionInterval(time.Duration(plan.DNSRefreshMs) * time.Millisecond)
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
			MinConnectTimeout: time.Second,
		}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time:    time.Duration(plan.KeepaliveTimeMs) * time.Millisecond,
			Timeout: time.Duration(plan.KeepaliveTimeoutMs) * time.Millisecond,
		}),
	}
	if plan.ServiceConfig != nil {
		options = append(options, grpc.WithDefaultServiceConfig(string(plan.ServiceConfig)))
	}
	conn, err := grpc.NewClient(target, options...)
	must(err)
	client := data.NewDataServiceClient(conn)
	windows := &fleetWindows{}
	over := make(chan struct{})
	go func() {
		bufio.NewScanner(os.Stdin).Scan()
		close(over)
	}()
	go func() {
		for range time.Tick(20 * time.Millisecond) {
			windows.flush()
		}
	}()
	var running sync.WaitGroup
	for range plan.Workers {
		running.Go(func() { fleetWorker(client, plan, windows, over) })
	}
	for range plan.Streams {
		running.Go(func() { fleetStream(client, windows, over) })
	}
	running.Wait()
	windows.flush()
	must(conn.Close())
}

func isOver(over chan struct{}) bool {
	select {
	case <-over:
		return true
	default:
		return false
	}
}

func fleetWorker(client data.DataServiceClient, plan fleetPlan, windows *fleetWindows, over chan struct{}) {
	for !isOver(over) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(plan.TimeoutMs)*time.Millisecond)
		answer, err := client.GetData(ctx, &data.DataRequest{Id: "x"})
		cancel()
		took := time.Since(began).Milliseconds()
		windows.add(func(w *fleetWindow) {
			if err != nil {
				w.Fail[codeName(err)]++
				w.Why = status.Convert(err).Message()
				return
			}
			w.OK[answer.GetName()]++
			w.Slowest = max(w.Slowest, took)
		})
		time.Sleep(time.Duration(plan.PauseMs) * time.Millisecond)
	}
}

// fleetStream talks, and begins anew whenever that ends.
func fleetStream(client data.DataServiceClient, windows *fleetWindows, over chan struct{}) {
	for !isOver(over) {
		err := talk(client, windows, over)
		windows.add(func(w *fleetWindow) { w.Ended[codeName(err)]++ })
		if err != nil {
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func talk(client data.DataServiceClient, windows *fleetWindows, over chan struct{}) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	chat, err := client.Chat(ctx)
	if err != nil {
		return err
	}
	for i := 0; !isOver(over); i++ {
		if err := chat.Send(&data.ChatMessage{Message: strconv.Itoa(i)}); err != nil && err != io.EOF {
			return err
		}
		echo, err := chat.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		windows.add(func(w *fleetWindow) {
			if i == 0 {
				w.Opened[echo.GetUser()]++
			}
			w.Echoes[echo.GetUser()]++
		})
		time.Sleep(20 * time.Millisecond)
	}
	if err := chat.CloseSend(); err != nil {
		return err
	}
	if _, err := chat.Recv(); err != io.EOF {
		return err
	}
	return nil
}

// codeName is the status as the specification writes it.
func codeName(err error) string {
	names := []string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
		"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
		"UNAUTHENTICATED",
	}
	return names[status.Code(err)]
}
