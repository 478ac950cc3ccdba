package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Text is a byte string. On the wire it is a JSON string where it is valid UTF-8, else {"base64": "..."}; either form
// is accepted in a question.
type Text string

// MarshalJSON implements json.Marshaler.
func (t Text) MarshalJSON() ([]byte, error) {
	if !utf8.ValidString(string(t)) {
		return json.Marshal(map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(t))})
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(string(t))
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(data []byte) error {
	var plain string
	if err := json.Unmarshal(data, &plain); err == nil {
		*t = Text(plain)
		return nil
	}
	var packed struct {
		Base64 *string `json:"base64"`
	}
	if err := json.Unmarshal(data, &packed); err != nil || packed.Base64 == nil {
		return fmt.Errorf("expected a string or {\"base64\": ...}, got %.60s", data)
	}
	raw, err := base64.StdEncoding.DecodeString(*packed.Base64)
	*t = Text(raw)
	return err
}

// YAML is a document given as text (a JSON string) or as plain JSON, which is YAML too.
type YAML string

// UnmarshalJSON implements json.Unmarshaler.
func (y *YAML) UnmarshalJSON(data []byte) error {
	var text Text
	if err := json.Unmarshal(data, &text); err == nil {
		*y = YAML(text)
		return nil
	}
	*y = YAML(data)
	return nil
}
