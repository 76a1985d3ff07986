//go:build tools

// Package tools pins the last release of the Pulumi SDK module that still
// contains the Node.js language host.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
