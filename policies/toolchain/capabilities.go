package main

import "github.com/open-policy-agent/opa/v1/ast"

// native lists the built-ins which the WASM code generator of the pinned OPA version compiles to its own runtime. Everything
// else is a call into the host that fails only when the branch is reached: green in a test, dead in production. Should the list
// say too much, the evaluation host refuses the module when it loads it.
var native = []*ast.Builtin{
	// Unification is compiled away by the planner.
	ast.Equality, ast.Assign,
	ast.Plus, ast.Minus, ast.Multiply, ast.Divide, ast.Abs, ast.Round, ast.Ceil, ast.Floor, ast.Rem,
	ast.ArrayConcat, ast.ArrayFlatten, ast.ArrayReverse, ast.ArraySlice,
	ast.SetDiff, ast.And, ast.Or, ast.Intersection, ast.Union,
	ast.IsNumber, ast.IsString, ast.IsBoolean, ast.IsArray, ast.IsSet, ast.IsObject, ast.IsNull, ast.TypeNameBuiltin,
	ast.BitsOr, ast.BitsAnd, ast.BitsNegate, ast.BitsXOr, ast.BitsShiftLeft, ast.BitsShiftRight,
	ast.Count, ast.Sum, ast.Product, ast.Max, ast.Min, ast.Sort, ast.All, ast.Any,
	ast.Base64IsValid, ast.Base64Decode, ast.Base64Encode, ast.Base64UrlEncode, ast.Base64UrlDecode,
	ast.NetCIDRContains, ast.NetCIDROverlap, ast.NetCIDRIntersects,
	ast.Equal, ast.GreaterThan, ast.GreaterThanEq, ast.LessThan, ast.LessThanEq, ast.NotEqual,
	ast.GlobMatch,
	ast.JSONMarshal, ast.JSONUnmarshal, ast.JSONIsValid, ast.JSONRemove, ast.JSONFilter,
	ast.ObjectFilter, ast.ObjectGet, ast.ObjectKeys, ast.ObjectRemove, ast.ObjectUnion, ast.ObjectUnionN,
	ast.Concat, ast.FormatInt, ast.IndexOf, ast.Substring, ast.Lower, ast.Upper, ast.Contains, ast.StartsWith, ast.EndsWith,
	ast.StringReverse, ast.Split, ast.Replace, ast.ReplaceN,
	ast.Trim, ast.TrimLeft, ast.TrimPrefix, ast.TrimRight, ast.TrimSuffix, ast.TrimSpace,
	ast.InternalTemplateString,
	ast.NumbersRange, ast.ToNumber, ast.WalkBuiltin, ast.ReachableBuiltin,
	ast.RegexIsValid, ast.RegexMatch, ast.RegexMatchDeprecated, ast.RegexFindAllStringSubmatch,
	ast.Member, ast.MemberWithKey,
}

// restricted is what a policy may use: native built-ins, the host's, and no network for schemas.
func restricted(hostBuiltins []string, extra ...*ast.Builtin) *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	allowed := map[string]bool{}
	for _, builtin := range append(native, extra...) {
		allowed[builtin.Name] = true
	}
	for _, name := range hostBuiltins {
		allowed[name] = true
	}
	builtins := make([]*ast.Builtin, 0, len(allowed))
	for _, builtin := range all.Builtins {
		if allowed[builtin.Name] {
			builtins = append(builtins, builtin)
		}
	}
	all.Builtins = builtins
	all.AllowNet = []string{}
	return all
}
