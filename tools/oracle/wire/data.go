package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Data is a Go value written in JSON. Plain JSON means what encoding/json makes of it (numbers are float64); an object
// {"$go": TYPE, "v": VALUE} chooses another type, anywhere inside:
//
//	int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64   v: number or decimal string
//	float32 float64   v: number, or "NaN", "+Inf", "-Inf"
//	bytes   v: string or {"base64"}      string   v: string or {"base64"}
//	duration   v: nanoseconds, or "1h2m"      time   v: RFC 3339
//	strings (a []string), stringmap (a map[string]string), ints (a []int), anymap (a map[any]any)
type Data struct{ Value any }

// UnmarshalJSON implements json.Unmarshaler.
func (d *Data) UnmarshalJSON(raw []byte) error {
	var plain any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil {
		return err
	}
	value, err := typed(plain)
	d.Value = value
	return err
}

func typed(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Float64()
	case []any:
		for i := range v {
			item, err := typed(v[i])
			if err != nil {
				return nil, err
			}
			v[i] = item
		}
		return v, nil
	case map[string]any:
		if kind, tagged := v["$go"].(string); tagged {
			return tag(kind, v["v"])
		}
		for key := range v {
			item, err := typed(v[key])
			if err != nil {
				return nil, err
			}
			v[key] = item
		}
		return v, nil
	}
	return v, nil
}

func tag(kind string, v any) (any, error) {
	if _, numeric := kinds[kind]; numeric {
		return number(kind, fmt.Sprint(v))
	}
	switch kind {
	case "bytes", "string":
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		var text Text
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		if kind == "string" {
			return string(text), nil
		}
		return []byte(text), nil
	case "duration":
		if nanoseconds, ok := v.(json.Number); ok {
			whole, err := nanoseconds.Int64()
			return time.Duration(whole), err
		}
		return time.ParseDuration(fmt.Sprint(v))
	case "time":
		return time.Parse(time.RFC3339Nano, fmt.Sprint(v))
	case "strings", "stringmap", "ints", "anymap":
		return container(kind, v)
	}
	return nil, fmt.Errorf("no type %q", kind)
}

// number reads a decimal text as the named kind; what does not fit is an error.
func number(kind, text string) (any, error) {
	into := kinds[kind]
	var out any
	var err error
	switch kind[0] {
	case 'f':
		out, err = strconv.ParseFloat(text, into.Bits())
	case 'u':
		out, err = strconv.ParseUint(text, 10, into.Bits())
	default:
		out, err = strconv.ParseInt(text, 10, into.Bits())
	}
	if err != nil {
		return nil, err
	}
	return reflect.ValueOf(out).Convert(into).Interface(), nil
}

var kinds = map[string]reflect.Type{
	"int": reflect.TypeFor[int](), "int8": reflect.TypeFor[int8](), "int16": reflect.TypeFor[int16](),
	"int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](), "uint": reflect.TypeFor[uint](),
	"uint8": reflect.TypeFor[uint8](), "uint16": reflect.TypeFor[uint16](), "uint32": reflect.TypeFor[uint32](),
	"uint64": reflect.TypeFor[uint64](), "float32": reflect.TypeFor[float32](), "float64": reflect.TypeFor[float64](),
}

func container(kind string, v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "strings":
		var out []string
		err := json.Unmarshal(raw, &out)
		return out, err
	case "ints":
		var out []int
		err := json.Unmarshal(raw, &out)
		return out, err
	case "stringmap":
		var out map[string]string
		err := json.Unmarshal(raw, &out)
		return out, err
	}
	inner, err := typed(v)
	if err != nil {
		return nil, err
	}
	entries, ok := inner.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("an anymap wants an object")
	}
	out := make(map[any]any, len(entries))
	for key, value := range entries {
		out[key] = value
	}
	return out, nil
}
