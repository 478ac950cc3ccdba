package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestTextSurvivesJSON(t *testing.T) {
	for _, text := range []string{"", "a<b>&c", "\u2028", "\xff\x00é", "{\"base64\":\"eA==\"}"} {
		packed, err := json.Marshal(Text(text))
		if err != nil {
			t.Fatal(err)
		}
		var back Text
		if err := json.Unmarshal(packed, &back); err != nil || string(back) != text {
			t.Errorf("%q became %q by way of %s (%v)", text, back, packed, err)
		}
	}
}

func TestTextRefusesOtherShapes(t *testing.T) {
	for _, shape := range []string{`1`, `{}`, `{"base64":"?"}`, `["a"]`} {
		var text Text
		if err := json.Unmarshal([]byte(shape), &text); err == nil {
			t.Errorf("%s was taken for a text", shape)
		}
	}
}

func TestDataChoosesGoTypes(t *testing.T) {
	cases := map[string]any{
		`1`:                                              float64(1),
		`{"$go":"int","v":-5}`:                           int(-5),
		`{"$go":"int64","v":9007199254740993}`:           int64(9007199254740993),
		`{"$go":"int64","v":"9007199254740993"}`:         int64(9007199254740993),
		`{"$go":"uint8","v":255}`:                        uint8(255),
		`{"$go":"float32","v":1.5}`:                      float32(1.5),
		`{"$go":"bytes","v":"ab"}`:                       []byte("ab"),
		`{"$go":"string","v":{"base64":"/w=="}}`:         "\xff",
		`{"$go":"duration","v":"90s"}`:                   90 * time.Second,
		`{"$go":"strings","v":["a"]}`:                    []string{"a"},
		`{"$go":"ints","v":[1]}`:                         []int{1},
		`{"$go":"stringmap","v":{"a":"b"}}`:              map[string]string{"a": "b"},
		`{"$go":"anymap","v":{"a":{"$go":"int","v":1}}}`: map[any]any{"a": 1},
		`{"a":[{"$go":"int","v":1}]}`:                    map[string]any{"a": []any{1}},
	}
	for text, want := range cases {
		var data Data
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := fmt.Sprintf("%#v", data.Value); got != fmt.Sprintf("%#v", want) {
			t.Errorf("%s: got %s, want %#v", text, got, want)
		}
	}
}

func TestDataRefusesWhatDoesNotFit(t *testing.T) {
	for _, text := range []string{`{"$go":"int8","v":300}`, `{"$go":"uint","v":-1}`, `{"$go":"int","v":1.5}`, `{"$go":"zebra","v":1}`} {
		var data Data
		if err := json.Unmarshal([]byte(text), &data); err == nil {
			t.Errorf("%s became %#v", text, data.Value)
		}
	}
}

func TestReplyKeepsTheLoopAlive(t *testing.T) {
	type question struct {
		Head
		A int `json:"a"`
	}
	operations := map[string]Operation{
		"panics": In(func(question) (Answer, error) { panic("boom") }),
		"fails":  In(func(question) (Answer, error) { return Answer{"out": 1}, errors.New("no") }),
		"logs": In(func(question) (Answer, error) {
			Log.WriteString("said")
			return nil, nil
		}),
	}
	for line, want := range map[string]string{
		`{"op":"fails","id":7}`:  `{"error":"no","id":7,"out":1}`,
		`{"op":"logs"}`:          `{"log":"said"}`,
		`{"op":"logs","b":1}`:    `{"bad":"json: unknown field \"b\""}`,
		`{"op":"none","id":[1]}`: `{"bad":"no operation \"none\"","id":[1]}`,
		`not json`:               `{"bad":"invalid character 'o' in literal null (expecting 'u')"}`,
	} {
		got, _ := json.Marshal(reply(operations, []byte(line)))
		if string(got) != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
	if answer := reply(operations, []byte(`{"op":"panics","id":1}`)); answer["panic"] != Text("boom") {
		t.Errorf("a panic came back as %v", answer)
	}
}
