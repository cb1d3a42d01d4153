package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// formatFiles answers every file in canonical layout, or every place that does not parse.
func formatFiles(request Request) Response {
	options := format.Opts{RegoVersion: ast.RegoV1, ParserOptions: &ast.ParserOptions{RegoVersion: ast.RegoV1}}
	formatted := make([]File, 0, len(request.Files))
	var problems []Problem
	for _, file := range request.Files {
		text, err := format.SourceWithOpts(file.Path, []byte(file.Text), options)
		if err != nil {
			problems = append(problems, problemsOf(err)...)
			continue
		}
		formatted = append(formatted, File{Path: file.Path, Text: string(text)})
	}
	if len(problems) > 0 {
		return failed(problems...)
	}
	return Response{Ok: true, Formatted: formatted}
}
