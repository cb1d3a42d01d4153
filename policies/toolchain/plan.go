package main

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ir"
)

// planJSON writes a plan as encoding/json does, byte for byte. There each block is a Marshaler of its own, so that its text is read again by
// every block around it: half of the time that a plan costs.
func planJSON(policy *ir.Policy) (json.RawMessage, error) {
	writer := planWriter{fields: map[reflect.Type][]planField{}}
	writer.value(reflect.ValueOf(policy))
	return writer.out, writer.err
}

type planWriter struct {
	out    []byte
	err    error
	fields map[reflect.Type][]planField
}

type planField struct {
	index     []int
	prefix    string
	omitEmpty bool
}

var (
	blockType     = reflect.TypeFor[ir.Block]()
	operandType   = reflect.TypeFor[ir.Operand]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
)

func (w *planWriter) value(value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			w.text("null")
		} else {
			w.value(value.Elem())
		}
	case reflect.Slice:
		w.slice(value)
	case reflect.Struct:
		w.structure(value)
	case reflect.Int:
		w.out = strconv.AppendInt(w.out, value.Int(), 10)
	default:
		w.other(value.Interface())
	}
}

func (w *planWriter) slice(value reflect.Value) {
	if value.IsNil() {
		w.text("null")
		return
	}
	w.text("[")
	for at := range value.Len() {
		if at > 0 {
			w.text(",")
		}
		w.value(value.Index(at))
	}
	w.text("]")
}

func (w *planWriter) structure(value reflect.Value) {
	switch kind := value.Type(); {
	case kind == blockType:
		w.block(value.Addr().Interface().(*ir.Block))
	case kind == operandType:
		w.operand(value.Addr().Interface().(*ir.Operand))
	case reflect.PointerTo(kind).Implements(marshalerType):
		w.other(value.Addr().Interface())
	default:
		w.members(value)
	}
}

func (w *planWriter) block(block *ir.Block) {
	w.text(`{"stmts":[`)
	for at, statement := range block.Stmts {
		if at > 0 {
			w.text(",")
		}
		value := reflect.ValueOf(statement).Elem()
		w.text(`{"type":"` + value.Type().Name() + `","stmt":`)
		w.structure(value)
		w.text("}")
	}
	w.text("]}")
}

// operand writes what most statements have. How a kind of value is called is known to OPA alone.
func (w *planWriter) operand(operand *ir.Operand) {
	switch value := operand.Value.(type) {
	case ir.Local:
		w.text(`{"type":"local","value":` + strconv.Itoa(int(value)) + "}")
	case ir.StringIndex:
		w.text(`{"type":"string_index","value":` + strconv.Itoa(int(value)) + "}")
	default:
		w.other(operand)
	}
}

func (w *planWriter) members(value reflect.Value) {
	separator := "{"
	for _, field := range w.fieldsOf(value.Type()) {
		member := value.FieldByIndex(field.index)
		if field.omitEmpty && (member.Kind() == reflect.Slice && member.Len() == 0 || member.IsZero()) {
			continue
		}
		w.text(separator + field.prefix)
		separator = ","
		w.value(member)
	}
	if separator == "{" {
		w.text(separator)
	}
	w.text("}")
}

// fieldsOf follows the tags; fields of an embedded struct stand where that stands.
func (w *planWriter) fieldsOf(kind reflect.Type) []planField {
	if known, ok := w.fields[kind]; ok {
		return known
	}
	fields := []planField{}
	for _, field := range reflect.VisibleFields(kind) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous || !field.IsExported() || name == "-" {
			continue
		}
		fields = append(fields, planField{index: field.Index, prefix: `"` + name + `":`, omitEmpty: options == "omitempty"})
	}
	w.fields[kind] = fields
	return fields
}

func (w *planWriter) other(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		w.err = err
	}
	w.out = append(w.out, text...)
}

func (w *planWriter) text(text string) {
	w.out = append(w.out, text...)
}
