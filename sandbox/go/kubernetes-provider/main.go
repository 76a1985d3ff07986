// The kubernetes plugin of Pulumi itself, at the one version that can be built from its Go module. Its schemas
// are made when a release is; they are asked for by generators of SDKs alone, and empty here.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

var version string

func main() {
	provider.Serve("kubernetes", version, []byte("{}"), []byte("{}"))
}
