// Command gatehouse-rego is the Rego compiler of Gatehouse, built for WASI: one JSON request on stdin, one JSON response
// on stdout. It opens no file and no socket; everything it may know is in the request.
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
)

// requestMaxBytes bounds what is read at all; the host refuses larger requests before it starts the program.
const requestMaxBytes = 8 << 20

// File is one Rego source text. Path only names it in errors and coverage.
type File struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// Request asks for one operation on a set of files.
type Request struct {
	Op    string `json:"op"`
	Files []File `json:"files"`
	// Entrypoints are slash-separated rule paths without the leading "data".
	Entrypoints []string `json:"entrypoints"`
	// HostBuiltins names the OPA built-ins which the evaluation host implements, beyond those native to WASM.
	HostBuiltins []string `json:"host_builtins"`
	// Schemas maps a name to a JSON Schema; "input" is applied to the input of every rule, annotated or not.
	Schemas map[string]any `json:"schemas"`
	// Data is the base document for tests and explain.
	Data map[string]any `json:"data"`
	// Input is the input document for explain.
	Input any `json:"input"`
	// Plan asks compile for the intermediate representation as well.
	Plan bool `json:"plan"`
}

// Problem is one error with its place; row and column start at 1 and are 0 where no place is known.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Col     int    `json:"col"`
}

// Response answers every request; fields that do not belong to the operation are absent.
type Response struct {
	Ok     bool      `json:"ok"`
	Errors []Problem `json:"errors"`
	Wasm   []byte    `json:"wasm,omitempty"`
	// Plan is JSON already and is written as it is: the encoder would read it once more.
	Plan      json.RawMessage `json:"-"`
	Formatted []File          `json:"formatted,omitempty"`
	Tests     []TestResult    `json:"tests,omitempty"`
	Coverage  *Coverage       `json:"coverage,omitempty"`

	Explanation *Explanation `json:"explanation,omitempty"`
}

func main() {
	warmUp()
	response := answer(context.Background(), os.Stdin)
	if response.Errors == nil {
		response.Errors = []Problem{}
	}
	if err := write(os.Stdout, response); err != nil {
		os.Exit(1)
	}
}

func write(stdout io.Writer, response Response) error {
	text, err := json.Marshal(response)
	if err != nil {
		return err
	}
	if response.Plan != nil {
		text = append(append(text[:len(text)-1], `,"plan":`...), response.Plan...)
		text = append(text, '}')
	}
	_, err = stdout.Write(text)
	return err
}

func answer(ctx context.Context, stdin io.Reader) Response {
	var request Request
	decoder := json.NewDecoder(io.LimitReader(stdin, requestMaxBytes))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		return failed(Problem{Code: "request_invalid", Message: err.Error()})
	}
	switch request.Op {
	case "check":
		return check(request)
	case "compile":
		return compilePolicy(ctx, request)
	case "fmt":
		return formatFiles(request)
	case "test":
		return runTests(ctx, request)
	case "explain":
		return explain(ctx, request)
	default:
		return failed(Problem{Code: "request_invalid", Message: "unknown op " + request.Op})
	}
}

func failed(problems ...Problem) Response {
	return Response{Ok: false, Errors: problems}
}
