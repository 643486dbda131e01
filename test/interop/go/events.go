package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var output sync.Mutex

// emit writes one line of JSON, whole.
func emit(line any) {
	output.Lock()
	defer output.Unlock()
	must(json.NewEncoder(os.Stdout).Encode(line))
}

// call follows one incoming call and says at its end how the server saw it.
type call struct {
	Event      string `json:"event"`
	ID         string `json:"id"`
	Method     string `json:"method"`
	Outcome    string `json:"outcome"`
	Sent       int    `json:"sent"`
	Received   int    `json:"received"`
	TimeLeftMs int64  `json:"timeLeftMs"`
	ctx        context.Context
}

func begin(ctx context.Context, method string) *call {
	c := &call{Event: "end", Method: method, TimeLeftMs: -1, ctx: ctx}
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if ids := md.Get("x-call-id"); len(ids) > 0 {
			c.ID = ids[0]
		}
	}
	if deadline, ok := ctx.Deadline(); ok {
		c.TimeLeftMs = time.Until(deadline).Milliseconds()
	}
	return c
}

// end reports the outcome: ok, cancelled, deadline or status:N.
func (c *call) end(err error) error {
	switch {
	case c.ctx.Err() == context.Canceled:
		c.Outcome = "cancelled"
	case c.ctx.Err() == context.DeadlineExceeded:
		c.Outcome = "deadline"
	// Where a proxy closes the connection, grpc-go may say so by Send before the call's context ends.
	case status.Code(err) == codes.Unavailable:
		c.Outcome = "cancelled"
	case err != nil:
		c.Outcome = fmt.Sprintf("status:%d", status.Code(err))
	default:
		c.Outcome = "ok"
	}
	emit(c)
	return err
}
