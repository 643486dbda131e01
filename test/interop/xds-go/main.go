// An xDS control plane made of go-control-plane, for one target: xds:///fleet.
//
// It prints {"port":N}. Each line of stdin is the list of servers from then on: "127.0.0.1:1,127.0.0.1:2".
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	router "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	"github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// name is the target's, and its route's and cluster's.
const name = "fleet"

// node is the id of every client.
const node = "one"

func main() {
	snapshots := cache.NewSnapshotCache(true, cache.IDHash{}, nil)
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	plane := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(plane, server.NewServer(context.Background(), snapshots, nil))
	go func() { must(plane.Serve(socket)) }()
	fmt.Printf("{\"port\":%d}\n", socket.Addr().(*net.TCPAddr).Port)
	lines := bufio.NewScanner(os.Stdin)
	for version := 1; lines.Scan(); version++ {
		snapshot, err := cache.NewSnapshot(strconv.Itoa(version), resources(strings.Split(lines.Text(), ",")))
		must(err)
		must(snapshots.SetSnapshot(context.Background(), node, snapshot))
	}
}

func resources(servers []string) map[resource.Type][]types.Resource {
	ads := &core.ConfigSource{
		ResourceApiVersion:    core.ApiVersion_V3,
		ConfigSourceSpecifier: &core.ConfigSource_Ads{Ads: &core.AggregatedConfigSource{}},
	}
	manager := &hcm.HttpConnectionManager{
		RouteSpecifier: &hcm.HttpConnectionManager_Rds{Rds: &hcm.Rds{ConfigSource: ads, RouteConfigName: name}},
		HttpFilters: []*hcm.HttpFilter{{
			Name:       "router",
			ConfigType: &hcm.HttpFilter_TypedConfig{TypedConfig: packed(&router.Router{})},
		}},
	}
	all := &route.Route{
		Match: &route.RouteMatch{PathSpecifier: &route.RouteMatch_Prefix{Prefix: ""}},
		Action: &route.Route_Route{Route: &route.RouteAction{
			ClusterSpecifier: &route.RouteAction_Cluster{Cluster: name},
		}},
	}
	hosts := []*route.VirtualHost{{Name: name, Domains: []string{"*"}, Routes: []*route.Route{all}}}
	return map[resource.Type][]types.Resource{
		resource.ListenerType: {&listener.Listener{
			Name:        name,
			ApiListener: &listener.ApiListener{ApiListener: packed(manager)},
		}},
		resource.RouteType: {&route.RouteConfiguration{Name: name, VirtualHosts: hosts}},
		resource.ClusterType: {&cluster.Cluster{
			Name:                 name,
			ClusterDiscoveryType: &cluster.Cluster_Type{Type: cluster.Cluster_EDS},
			EdsClusterConfig:     &cluster.Cluster_EdsClusterConfig{EdsConfig: ads},
			LbPolicy:             cluster.Cluster_ROUND_ROBIN,
		}},
		resource.EndpointType: {assignment(servers)},
	}
}

func assignment(servers []string) *endpoint.ClusterLoadAssignment {
	var endpoints []*endpoint.LbEndpoint
	for _, server := range servers {
		host, text, err := net.SplitHostPort(server)
		must(err)
		port, err := strconv.Atoi(text)
		must(err)
		address := &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
			Address:       host,
			PortSpecifier: &core.SocketAddress_PortValue{PortValue: uint32(port)},
		}}}
		endpoints = append(endpoints, &endpoint.LbEndpoint{
			HealthStatus:   core.HealthStatus_HEALTHY,
			HostIdentifier: &endpoint.LbEndpoint_Endpoint{Endpoint: &endpoint.Endpoint{Address: address}},
		})
	}
	return &endpoint.ClusterLoadAssignment{ClusterName: name, Endpoints: []*endpoint.LocalityLbEndpoints{{
		Locality:            &core.Locality{Region: "here"},
		LoadBalancingWeight: wrapperspb.UInt32(1),
		LbEndpoints:         endpoints,
	}}}
}

func packed(message proto.Message) *anypb.Any {
	result, err := anypb.New(message)
	must(err)
	return result
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
