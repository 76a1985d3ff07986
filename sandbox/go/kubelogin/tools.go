//go:build tools

// Package tools pins Azure's sign-in plugin for Kubernetes clients.
package tools

import _ "github.com/Azure/kubelogin"
