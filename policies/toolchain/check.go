package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

type modules = map[string]*ast.Module

// parse reads every file as Rego v1 with its METADATA annotations.
func parse(files []File, capabilities *ast.Capabilities) (modules, []Problem) {
	parsed := modules{}
	var problems []Problem
	options := ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities}
	for _, file := range files {
		if _, twice := parsed[file.Path]; twice {
			problems = append(problems, Problem{Code: "request_invalid", Message: "two files with the same path", File: file.Path})
			continue
		}
		module, err := ast.ParseModuleWithOpts(file.Path, file.Text, options)
		if err != nil {
			problems = append(problems, problemsOf(err)...)
			continue
		}
		parsed[file.Path] = module
	}
	return parsed, problems
}

// newCompiler is strict, knows only the restricted built-ins and types `input` by the schema.
func newCompiler(request Request, capabilities *ast.Capabilities) *ast.Compiler {
	return ast.NewCompiler().
		WithCapabilities(capabilities).
		WithDefaultRegoVersion(ast.RegoV1).
		WithStrict(true).
		WithUseTypeCheckAnnotations(true).
		WithSchemas(schemasOf(request))
}

// schemasOf offers every schema as schema.<name> to annotations. The one named "input" also stands at the root, which
// applies it to rules without an annotation: a forgotten comment must not switch the check off.
func schemasOf(request Request) *ast.SchemaSet {
	set := ast.NewSchemaSet()
	for name, schema := range request.Schemas {
		set.Put(ast.SchemaRootRef.Append(ast.StringTerm(name)), schema)
		if name == "input" {
			set.Put(ast.SchemaRootRef, schema)
		}
	}
	return set
}

func check(request Request) Response {
	capabilities := restricted(request.HostBuiltins)
	_, problems := checked(request, capabilities)
	return Response{Ok: len(problems) == 0, Errors: problems}
}

// checked parses and compiles. The modules it returns are untouched by the compiler, which works on copies.
func checked(request Request, capabilities *ast.Capabilities) (modules, []Problem) {
	if len(request.Files) == 0 {
		return nil, []Problem{{Code: "request_invalid", Message: "no files"}}
	}
	parsed, problems := parse(request.Files, capabilities)
	if len(problems) > 0 {
		return nil, problems
	}
	compiler := newCompiler(request, capabilities)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return nil, problemsOf(compiler.Errors)
	}
	return parsed, nil
}
