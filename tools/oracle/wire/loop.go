// Package wire is what both oracles share and knows nothing of Helm: the loop that reads one JSON question a line and
// writes one JSON answer a line, text that survives JSON byte for byte, Go values with chosen types, and log capture.
package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// Answer is one reply; the loop adds "id", "error", "log" and "panic".
type Answer map[string]any

// Operation answers one question. It may return an answer and an error together.
type Operation func(question json.RawMessage) (Answer, error)

// In decodes a question into the struct that an operation wants.
func In[Q any](run func(Q) (Answer, error)) Operation {
	return func(raw json.RawMessage) (Answer, error) {
		var q Q
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&q); err != nil {
			return nil, BadQuestion{err}
		}
		return run(q)
	}
}

// Head is embedded by every question.
type Head struct {
	ID json.RawMessage `json:"id"`
	Op string          `json:"op"`
}

// BadQuestion marks a fault of the asker, reported as "bad" rather than as an error of Helm.
type BadQuestion struct{ Cause error }

func (b BadQuestion) Error() string { return b.Cause.Error() }

// Log collects what the operation under way writes to its logs.
var Log bytes.Buffer

// Serve answers until standard input ends. Nothing but answers reaches the real standard output: whatever else writes
// there is sent to standard error.
func Serve(operations map[string]Operation) error {
	answers := bufio.NewWriter(os.Stdout)
	os.Stdout = os.Stderr

	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := questions.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := write(answers, reply(operations, line)); err != nil {
				return err
			}
			// More questions already here: answer them before the pipe is written to.
			if questions.Buffered() == 0 {
				if err := answers.Flush(); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return answers.Flush()
		}
		if err != nil {
			return err
		}
	}
}

func reply(operations map[string]Operation, line []byte) (answer Answer) {
	Log.Reset()
	// Only the two fields of Head are wanted here; the operation decodes the rest strictly.
	var head Head
	if err := json.Unmarshal(line, &head); err != nil {
		return Answer{"bad": err.Error()}
	}
	defer func() {
		if cause := recover(); cause != nil {
			answer = Answer{"panic": Text(fmt.Sprint(cause)), "stack": string(debug.Stack())}
		}
		if head.ID != nil {
			answer["id"] = head.ID
		}
		if Log.Len() > 0 {
			answer["log"] = Text(Log.String())
		}
	}()

	run, known := operations[head.Op]
	if !known {
		return Answer{"bad": fmt.Sprintf("no operation %q", head.Op)}
	}
	answer, err := run(line)
	if answer == nil {
		answer = Answer{}
	}
	var bad BadQuestion
	switch {
	case errors.As(err, &bad):
		answer["bad"] = bad.Error()
	case err != nil:
		answer["error"] = Text(err.Error())
	}
	return answer
}

func write(out *bufio.Writer, answer Answer) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		// A value that JSON cannot carry (NaN, a function): keep the id, say why.
		line.Reset()
		if err := encoder.Encode(Answer{"id": answer["id"], "bad": err.Error()}); err != nil {
			return err
		}
	}
	_, err := out.Write(line.Bytes())
	return err
}
