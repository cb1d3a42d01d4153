package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/cover"
)

func coverageOf(report cover.Report) *Coverage {
	coverage := &Coverage{Files: []FileCoverage{}}
	for _, file := range slices.Sorted(maps.Keys(report.Files)) {
		found := report.Files[file]
		missed := rowsOf(found.NotCovered)
		// A row that ran only in part counts as missed: half a condition untested is untested.
		covered := slices.DeleteFunc(rowsOf(found.Covered), func(row int) bool { return slices.Contains(missed, row) })
		coverage.Files = append(coverage.Files, FileCoverage{File: file, Covered: covered, NotCovered: missed})
		coverage.CoveredLines += len(covered)
		coverage.NotCoveredLines += len(missed)
	}
	return coverage
}

func rowsOf(ranges []cover.Range) []int {
	rows := []int{}
	for _, one := range ranges {
		for row := one.Start.Row; row <= one.End.Row; row++ {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
