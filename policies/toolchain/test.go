package main

import (
	"cmp"
	"context"
	"runtime/debug"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestResult is the outcome of one test rule. Error tells why a test that neither passed nor failed ended.
type TestResult struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Pass    bool   `json:"pass"`
	Skip    bool   `json:"skip"`
	Error   string `json:"error"`
}

// FileCoverage lists rows of one file, each once and in order.
type FileCoverage struct {
	File       string `json:"file"`
	Covered    []int  `json:"covered"`
	NotCovered []int  `json:"not_covered"`
}

// Coverage counts lines of all files, test files included.
type Coverage struct {
	Files           []FileCoverage `json:"files"`
	CoveredLines    int            `json:"covered_lines"`
	NotCoveredLines int            `json:"not_covered_lines"`
}

// runTests runs every test_ rule. Tests may use what the policy may use, so that a green test means the same in WASM.
func runTests(ctx context.Context, request Request) Response {
	// The other operations end before they would need it; tests run for seconds, and faster in memory that is used again.
	debug.SetGCPercent(100)
	capabilities := restricted(request.HostBuiltins, ast.InternalTestCase)
	parsed, problems := parse(request.Files, capabilities)
	if len(problems) > 0 {
		return failed(problems...)
	}
	data := request.Data
	if data == nil {
		data = map[string]any{}
	}
	// Read at every step of every case: kept as the evaluator has it.
	store := inmem.NewFromObjectWithOpts(data, inmem.OptReturnASTValuesOnRead(true))
	txn, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return failed(problemsOf(err)...)
	}
	defer store.Abort(ctx, txn)

	coverage := cover.New()
	runner := tester.NewRunner().
		SetCompiler(newCompiler(request, capabilities)).
		SetStore(store).
		SetModules(parsed).
		SetParallel(1).
		SetCoverageQueryTracer(coverage)
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		return failed(problemsOf(err)...)
	}
	response := Response{Ok: true, Tests: []TestResult{}}
	for result := range results {
		one := testResultOf(result)
		response.Ok = response.Ok && (one.Pass || one.Skip)
		response.Tests = append(response.Tests, one)
	}
	slices.SortFunc(response.Tests, func(a, b TestResult) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Name, b.Name))
	})
	response.Coverage = coverageOf(coverage.Report(parsed))
	return response
}

func testResultOf(result *tester.Result) TestResult {
	one := TestResult{Package: result.Package, Name: result.Name, Pass: result.Pass(), Skip: result.Skip}
	if result.Location != nil {
		one.File, one.Row = result.Location.File, result.Location.Row
	}
	if result.Error != nil {
		one.Error = result.Error.Error()
	}
	return one
}
