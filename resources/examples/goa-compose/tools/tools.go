//go:build tools

// Package tools keeps the generator's version in go.mod.
package tools

import (
	_ "goa.design/goa/v3/cmd/goa"
	_ "goa.design/goa/v3/codegen/generator"
)
