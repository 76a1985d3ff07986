//go:build tools

// Package tools pins the Pulumi engine that the sandbox builds where no
// release of it can be downloaded.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
