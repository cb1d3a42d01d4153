package main

// warmUp does, before the request comes, what the first check of a program does once: tables of built-ins, decoders, schemas. The host
// starts the program ahead, so that nobody waits for it.
func warmUp() {
	check(Request{
		Files: []File{{Path: "warm.rego", Text: `# METADATA
# schemas:
#   - input: schema.input
package warm

names contains name if {
	some name in input.names
	name != ""
	not hidden(name)
}

hidden(name) if startswith(name, "_")
`}},
		Schemas: map[string]any{"input": map[string]any{
			"type":       "object",
			"properties": map[string]any{"names": map[string]any{"type": "array", "items": map[string]any{"type": "string"}}},
		}},
	})
}
