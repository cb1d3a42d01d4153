package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// traceMax bounds the trace; a policy that loops says the same for ever.
const traceMax = 5_000

// traceTextMax bounds the text of one step, in bytes.
const traceTextMax = 200

// TraceStep is one step of an evaluation. Depth counts the queries it is inside of.
type TraceStep struct {
	Op    string `json:"op"`
	Depth int    `json:"depth"`
	File  string `json:"file"`
	Row   int    `json:"row"`
	Col   int    `json:"col"`
	Text  string `json:"text"`
}

// Explanation is what one rule evaluates to and how it came to it. Result is absent when the rule is undefined.
type Explanation struct {
	Result    json.RawMessage `json:"result,omitempty"`
	Trace     []TraceStep     `json:"trace"`
	Truncated bool            `json:"truncated"`
}

// recorder keeps what a person asks about: which rule was entered, which line failed.
type recorder struct {
	steps     []TraceStep
	depths    map[uint64]int
	truncated bool
}

func (*recorder) Enabled() bool { return true }

func (*recorder) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (r *recorder) TraceEvent(event topdown.Event) {
	depth, known := r.depths[event.QueryID]
	if !known {
		depth = r.depths[event.ParentID] + 1
		r.depths[event.QueryID] = depth
	}
	switch event.Op {
	case topdown.EnterOp, topdown.ExitOp, topdown.FailOp:
	default:
		return
	}
	if event.Location == nil || event.Location.File == "" {
		return
	}
	if len(r.steps) == traceMax {
		r.truncated = true
		return
	}
	r.steps = append(r.steps, TraceStep{
		Op:    strings.ToLower(string(event.Op)),
		Depth: depth,
		File:  event.Location.File,
		Row:   event.Location.Row,
		Col:   max(1, event.Location.Col),
		Text:  firstLine(string(event.Location.Text)),
	})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if len(line) > traceTextMax {
		return strings.ToValidUTF8(line[:traceTextMax], "")
	}
	return line
}

// explain evaluates one rule as OPA itself does. Every rule is looked at, none by an index that leaves out what cannot match.
func explain(ctx context.Context, request Request) Response {
	if len(request.Entrypoints) != 1 {
		return failed(Problem{Code: "request_invalid", Message: "explain needs one entrypoint"})
	}
	capabilities := restricted(request.HostBuiltins)
	parsed, problems := parse(request.Files, capabilities)
	if len(problems) > 0 {
		return failed(problems...)
	}
	compiler := newCompiler(request, capabilities)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return failed(problemsOf(compiler.Errors)...)
	}
	ref, err := ast.PtrRef(ast.DefaultRootDocument, request.Entrypoints[0])
	if err != nil || len(compiler.GetRules(ref)) == 0 {
		return failed(Problem{Code: "request_invalid", Message: "no rule " + request.Entrypoints[0]})
	}
	data := request.Data
	if data == nil {
		data = map[string]any{}
	}
	found := &recorder{depths: map[uint64]int{}}
	query, err := rego.New(
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(ref)))),
		rego.Compiler(compiler),
		rego.Store(inmem.NewFromObject(data)),
	).PrepareForEval(ctx)
	if err != nil {
		return failed(problemsOf(err)...)
	}
	results, err := query.Eval(
		ctx,
		rego.EvalInput(request.Input),
		rego.EvalQueryTracer(found),
		rego.EvalRuleIndexing(false),
		rego.EvalEarlyExit(false),
	)
	if err != nil {
		return failed(problemsOf(err)...)
	}
	explanation := &Explanation{Trace: found.steps, Truncated: found.truncated}
	if explanation.Trace == nil {
		explanation.Trace = []TraceStep{}
	}
	if len(results) == 1 && len(results[0].Expressions) == 1 {
		if explanation.Result, err = json.Marshal(results[0].Expressions[0].Value); err != nil {
			return failed(problemsOf(err)...)
		}
	}
	return Response{Ok: true, Explanation: explanation}
}
