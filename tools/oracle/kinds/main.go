// Answers questions about objects with Kubernetes' own libraries: one JSON object a line in, one out.
//
// `cargo xtask kinds check` asks the same of crate `kinds` and compares.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
)

type question struct {
	Op         string          `json:"op"`
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Original   json.RawMessage `json:"original"`
	Modified   json.RawMessage `json:"modified"`
	Current    json.RawMessage `json:"current"`
	Patch      json.RawMessage `json:"patch"`
	Steps      []step          `json:"steps"`
}

// A write in the life of an object.
type step struct {
	Op      string          `json:"op"`
	Manager string          `json:"manager"`
	Force   bool            `json:"force"`
	Object  json.RawMessage `json:"object"`
	// What a plain write makes of the object before it, as a merge patch.
	Patch json.RawMessage `json:"patch"`
}

type answer struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		text, err := json.Marshal(ask(q))
		if err != nil {
			text, _ = json.Marshal(answer{Error: "unanswerable: " + err.Error()})
		}
		out.Write(text)
		out.WriteByte('\n')
	}
}

func ask(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", r)}
		}
	}()
	result, err := run(q)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Result: result}
}

func run(q question) ([]byte, error) {
	switch q.Op {
	case "strategic-three-way":
		meta, err := patchMeta(q)
		if err != nil {
			return nil, err
		}
		return strategicpatch.CreateThreeWayMergePatch(q.Original, q.Modified, q.Current, meta, true)
	case "strategic-two-way":
		meta, err := patchMeta(q)
		if err != nil {
			return nil, err
		}
		return strategicpatch.CreateTwoWayMergePatchUsingLookupPatchMeta(q.Original, q.Modified, meta)
	case "strategic-apply":
		meta, err := patchMeta(q)
		if err != nil {
			return nil, err
		}
		return strategicpatch.StrategicMergePatchUsingLookupPatchMeta(q.Original, q.Patch, meta)
	case "merge-three-way":
		return jsonmergepatch.CreateThreeWayJSONMergePatch(q.Original, q.Modified, q.Current)
	case "merge-diff":
		return jsonpatch.CreateMergePatch(q.Original, q.Modified)
	case "merge-apply":
		return jsonpatch.MergePatch(q.Original, q.Patch)
	case "json-apply":
		patch, err := jsonpatch.DecodePatch(q.Patch)
		if err != nil {
			return nil, err
		}
		return patch.Apply(q.Original)
	case "written":
		object, err := decode(q, q.Original)
		if object == nil {
			return nil, err
		}
		text, marshalErr := json.Marshal(object)
		if marshalErr != nil {
			return nil, marshalErr
		}
		message := ""
		if err != nil {
			message = err.Error()
		}
		return json.Marshal(map[string]any{"object": json.RawMessage(text), "strict": message})
	case "managed":
		return live(q)
	}
	return nil, fmt.Errorf("no such operation: %s", q.Op)
}

func gvk(q question) schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(q.APIVersion, q.Kind)
}

func patchMeta(q question) (strategicpatch.LookupPatchMeta, error) {
	object, err := scheme.Scheme.New(gvk(q))
	if err != nil {
		return nil, err
	}
	return strategicpatch.NewPatchMetaFromStruct(object)
}

// Decodes as a server does that is told to be strict; what is only strictly wrong comes with an object.
func decode(q question, text []byte) (runtime.Object, error) {
	serializer := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, kjson.SerializerOptions{Strict: true})
	kind := gvk(q)
	object, _, err := serializer.Decode(text, &kind, nil)
	if err != nil && !runtime.IsStrictDecodingError(err) {
		return nil, err
	}
	return object, err
}

type noDefaults struct{}

func (noDefaults) Default(runtime.Object) {}

// Plays the life of an object and tells each state.
func live(q question) ([]byte, error) {
	kind := gvk(q)
	manager, err := managedfields.NewDefaultFieldManager(applyconfigurations.NewTypeConverter(scheme.Scheme), scheme.Scheme, noDefaults{}, scheme.Scheme, kind, kind.GroupVersion(), "", nil)
	if err != nil {
		return nil, err
	}
	var current runtime.Object
	states := []answer{}
	for _, s := range q.Steps {
		next, err := play(q, manager, current, s)
		if err != nil {
			states = append(states, answer{Error: err.Error()})
			continue
		}
		// What a server reads back from its store has no lists that are empty but there.
		stored, err := json.Marshal(next)
		if err != nil {
			return nil, err
		}
		current, err = decode(q, stored)
		if current == nil {
			return nil, err
		}
		text, err := json.Marshal(current)
		if err != nil {
			return nil, err
		}
		states = append(states, answer{Result: text})
	}
	return json.Marshal(states)
}

func play(q question, manager *managedfields.FieldManager, current runtime.Object, s step) (runtime.Object, error) {
	kind := gvk(q)
	before := current
	if before == nil {
		empty, err := scheme.Scheme.New(kind)
		if err != nil {
			return nil, err
		}
		empty.GetObjectKind().SetGroupVersionKind(kind)
		before = empty
	}
	switch s.Op {
	case "apply":
		applied := &unstructured.Unstructured{}
		if err := json.Unmarshal(s.Object, &applied.Object); err != nil {
			return nil, err
		}
		fixed := &unstructured.Unstructured{}
		if err := fixed.UnmarshalJSON(s.Object); err != nil {
			return nil, err
		}
		object, err := manager.Apply(before.DeepCopyObject(), fixed, s.Manager, s.Force)
		if err != nil {
			return nil, err
		}
		if current == nil {
			mark(object)
		}
		return object, nil
	case "update":
		text := []byte(s.Object)
		if current != nil && len(s.Patch) > 0 {
			old, err := json.Marshal(current)
			if err != nil {
				return nil, err
			}
			if text, err = jsonpatch.MergePatch(old, s.Patch); err != nil {
				return nil, err
			}
		}
		object, err := decode(q, text)
		if object == nil {
			return nil, err
		}
		stored, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		if object, err = decode(q, stored); object == nil {
			return nil, err
		}
		object.GetObjectKind().SetGroupVersionKind(kind)
		object = manager.UpdateNoErrors(before.DeepCopyObject(), object, s.Manager)
		if current == nil {
			mark(object)
		}
		return object, nil
	}
	return nil, fmt.Errorf("no such step: %s", s.Op)
}

// An object that exists has an identity.
func mark(object runtime.Object) {
	if m, ok := object.(metav1.Object); ok {
		m.SetUID("00000000-0000-0000-0000-000000000001")
	}
}
