package wire

import (
	"encoding/json"
	"fmt"
	"math"
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
	if err := json.Unmarshal(raw, &plain); err != nil {
		return err
	}
	value, err := typed(plain)
	d.Value = value
	return err
}

func typed(v any) (any, error) {
	switch v := v.(type) {
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
	switch kind {
	case "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "float32", "float64":
		return number(kind, fmt.Sprint(v))
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
		if nanoseconds, ok := v.(float64); ok {
			return time.Duration(nanoseconds), nil
		}
		return time.ParseDuration(fmt.Sprint(v))
	case "time":
		return time.Parse(time.RFC3339Nano, fmt.Sprint(v))
	case "strings", "stringmap", "ints", "anymap":
		return container(kind, v)
	}
	return nil, fmt.Errorf("no type %q", kind)
}

func number(kind, text string) (any, error) {
	// A JSON number arrives as float64 and may print with an exponent.
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 && kind[0] != 'f' {
		text = strconv.FormatInt(int64(f), 10)
	}
	switch kind {
	case "float32":
		f, err := strconv.ParseFloat(text, 32)
		return float32(f), err
	case "float64":
		return strconv.ParseFloat(text, 64)
	}
	if kind[0] == 'u' {
		n, err := strconv.ParseUint(text, 10, 64)
		switch kind {
		case "uint":
			return uint(n), err
		case "uint8":
			return uint8(n), err
		case "uint16":
			return uint16(n), err
		case "uint32":
			return uint32(n), err
		}
		return n, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch kind {
	case "int":
		return int(n), err
	case "int8":
		return int8(n), err
	case "int16":
		return int16(n), err
	case "int32":
		return int32(n), err
	}
	return n, err
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
