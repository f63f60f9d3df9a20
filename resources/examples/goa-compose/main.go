// The service dummy: GET /hostname says which replica answers, the WebSocket /streaming echoes.
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
	goahttp "goa.design/goa/v3/http"
	"goa.design/goa/v3/security"

	"example.org/dummy/gen/dummy"
	"example.org/dummy/gen/http/dummy/server"
)

type service struct{ name, ip string }

func (s service) Hostname(context.Context) (*dummy.Where, error) {
	log.Printf("%s GET /hostname", s.name)
	return &dummy.Where{IP: s.ip, Hostname: s.name}, nil
}

func (s service) APIKeyAuth(ctx context.Context, key string, _ *security.APIKeyScheme) (context.Context, error) {
	if key == "" {
		return ctx, errors.New("the field Authorization is missing")
	}
	return ctx, nil
}

func (s service) Streaming(_ context.Context, _ *dummy.StreamingPayload, stream dummy.StreamingServerStream) error {
	log.Printf("%s GET /streaming", s.name)
	defer stream.Close()
	for count := 1; ; count++ {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		log.Printf("%s message %d", s.name, count)
		if err := stream.Send(&dummy.Echo{Hostname: s.name, Topic: message.Topic, Count: count}); err != nil {
			return err
		}
	}
}

func ownAddress() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "127.0.0.1"
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	return "127.0.0.1"
}

func main() {
	// In a container the host's name is the container's id.
	name, _ := os.Hostname()
	if given := os.Getenv("NAME"); given != "" {
		name = given
	}
	listen := os.Getenv("LISTEN")
	if listen == "" {
		listen = ":8000"
	}
	upgrader := &websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux := goahttp.NewMuxer()
	endpoints := dummy.NewEndpoints(service{name: name, ip: ownAddress()})
	handler := server.New(endpoints, mux, goahttp.RequestDecoder, goahttp.ResponseEncoder, nil, nil, upgrader, nil)
	server.Mount(mux, handler)
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%s listens on http://%s/hostname", name, listener.Addr())
	log.Fatal(http.Serve(listener, mux)) //nolint:gosec // an example behind a balancer
}
