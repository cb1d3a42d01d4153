package main

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// problemsMax bounds the answer; a file of nothing but errors would otherwise repeat each token.
const problemsMax = 100

// problemsOf flattens whatever OPA returned as an error into places in the files.
func problemsOf(err error) []Problem {
	var list ast.Errors
	if errors.As(err, &list) {
		problems := make([]Problem, 0, len(list))
		for _, one := range list {
			if len(problems) == problemsMax {
				break
			}
			problems = append(problems, problemOf(one))
		}
		return problems
	}
	var one *ast.Error
	if errors.As(err, &one) {
		return []Problem{problemOf(one)}
	}
	var evaluation *topdown.Error
	if errors.As(err, &evaluation) {
		return []Problem{problemOf(&ast.Error{Code: evaluation.Code, Message: evaluation.Message, Location: evaluation.Location})}
	}
	var unformatted format.UnformattedError
	if errors.As(err, &unformatted) {
		return []Problem{{Code: "rego_format_error", Message: err.Error()}}
	}
	return []Problem{{Code: "rego_compile_error", Message: err.Error()}}
}

func problemOf(err *ast.Error) Problem {
	problem := Problem{Code: err.Code, Message: err.Message}
	if err.Details != nil {
		if lines := err.Details.Lines(); len(lines) > 0 {
			problem.Message += "\n" + strings.Join(lines, "\n")
		}
	}
	if err.Location != nil {
		problem.File, problem.Row, problem.Col = err.Location.File, err.Location.Row, max(1, err.Location.Col)
	}
	return problem
}
