package main

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/ir"
)

// compilePolicy checks and then builds WASM, and the plan when asked for. Data is not part of the result: it is versioned on its own.
func compilePolicy(ctx context.Context, request Request) Response {
	if len(request.Entrypoints) == 0 {
		return failed(Problem{Code: "request_invalid", Message: "compile needs an entrypoint"})
	}
	capabilities := restricted(request.HostBuiltins)
	parsed, problems := checked(request, capabilities)
	if len(problems) > 0 {
		return failed(problems...)
	}
	compiler, err := build(ctx, request, parsed, compile.TargetWasm)
	if err != nil {
		return failed(problemsOf(err)...)
	}
	response := Response{Ok: true, Wasm: compiler.Bundle().WasmModules[0].Raw}
	if request.Plan {
		if response.Plan, err = planOf(ctx, request, parsed, compiler); err != nil {
			return failed(problemsOf(err)...)
		}
	}
	return response
}

// planOf gives the plan that the WASM was made of. OPA keeps it in a field of its own, and would parse, compile and plan once more for the
// other target; a release of OPA without that field is asked for it like that.
func planOf(ctx context.Context, request Request, parsed modules, compiler *compile.Compiler) (json.RawMessage, error) {
	field := reflect.ValueOf(compiler).Elem().FieldByName("policy")
	if field.IsValid() && field.Type() == reflect.TypeFor[*ir.Policy]() && !field.IsNil() {
		return planJSON((*ir.Policy)(field.UnsafePointer()))
	}
	planned, err := build(ctx, request, parsed, compile.TargetPlan)
	if err != nil {
		return nil, err
	}
	return planned.Bundle().PlanModules[0].Raw, nil
}

func build(ctx context.Context, request Request, parsed modules, target string) (*compile.Compiler, error) {
	source := &bundle.Bundle{Data: map[string]any{}}
	source.SetRegoVersion(ast.RegoV1)
	source.Manifest.Init()
	paths := make([]string, 0, len(parsed))
	for path := range parsed {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		source.Modules = append(source.Modules, bundle.ModuleFile{URL: path, Path: path, Parsed: parsed[path].Copy()})
	}
	compiler := compile.New().
		WithTarget(target).
		WithRegoVersion(ast.RegoV1).
		WithCapabilities(restricted(request.HostBuiltins)).
		WithEntrypoints(request.Entrypoints...).
		WithPruneUnused(true).
		WithBundle(source)
	if err := compiler.Build(ctx); err != nil {
		return nil, err
	}
	return compiler, nil
}
