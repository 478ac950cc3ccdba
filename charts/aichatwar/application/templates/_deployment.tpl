{{/* One service's Deployment: (dict "root" $ "key" KEY) */}}
{{- define "application.deployment" -}}
{{- $values := .root.Values -}}
{{- $service := get $values .key -}}
{{- if $service.enabled -}}
{{- $name := include "application.name" . -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}-depl
  labels:
    {{- include "application.labels" . | nindent 4 }}
spec:
  replicas: {{ $service.replicas }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      {{- toYaml $values.rollingUpdate | nindent 6 }}
  selector:
    matchLabels:
      {{- include "application.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "application.labels" . | nindent 8 }}
      {{- if $values.metrics.enabled }}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ $values.port | quote }}
        prometheus.io/path: {{ $values.metrics.path }}
      {{- end }}
    spec:
      automountServiceAccountToken: false
      {{- with $values.global.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with include "application.waits" . }}
      initContainers:
        {{- . | trim | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $name }}
          image: {{ include "application.image" . | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          securityContext:
            {{- toYaml $values.securityContext | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ $values.port }}
              protocol: TCP
          env:
            {{- include "application.env" . | nindent 12 }}
          startupProbe:
            tcpSocket:
              port: {{ $values.port }}
            {{- toYaml $values.probes.startup | nindent 12 }}
          {{- range $kind := list "readiness" "liveness" }}
          {{ $kind }}Probe:
            httpGet:
              path: {{ $values.probes.path }}
              port: {{ $values.port }}
            {{- toYaml (get $values.probes $kind) | nindent 12 }}
          {{- end }}
          resources:
            {{- toYaml ($service.resources | default $values.resources) | nindent 12 }}
{{- end -}}
{{- end }}

{{/* The init containers: one for each thing that has to answer first. A service that is disabled is not waited for. */}}
{{- define "application.waits" -}}
{{- $values := .root.Values -}}
{{- $context := dict "service" (include "application.name" .) "Template" .root.Template -}}
{{- range $thing := (get $values .key).waitFor -}}
{{- $address := "" -}}
{{- $other := get $values $thing -}}
{{- if hasKey $values.endpoints $thing -}}
{{- $address = tpl (get $values.endpoints $thing).address $context -}}
{{- else if not (and (kindIs "map" $other) (hasKey $other "enabled")) -}}
{{- fail (printf "waitFor of %s: %q is neither an endpoint nor a service" $context.service $thing) -}}
{{- else if $other.enabled -}}
{{- $address = printf "%s-srv:%v" (kebabcase $thing) $values.port -}}
{{- end -}}
{{- with $address }}
- name: wait-for-{{ kebabcase $thing }}
  image: {{ $values.waitImage }}
  command: ["sh", "-c"]
  args:
    - |
      until nc -z {{ replace ":" " " . }}; do
        echo "Waiting for {{ . }}..."
        sleep 2
      done
  securityContext:
    {{- toYaml $values.securityContext | nindent 4 }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The variables: what the chart knows, the endpoints, the service's own, the secrets. */}}
{{- define "application.env" -}}
{{- $values := .root.Values -}}
{{- $service := get $values .key -}}
{{- $context := dict "service" (include "application.name" .) "Template" .root.Template -}}
- name: PORT
  value: {{ $values.port | quote }}
- name: ENVIRONMENT
  value: {{ $values.global.environment | quote }}
{{- range $service.waitFor }}
{{- with get $values.endpoints . }}
- name: {{ .variable }}
  value: {{ tpl .url $context | quote }}
{{- end }}
{{- end }}
{{- range $variable, $text := $service.env }}
- name: {{ $variable }}
  value: {{ $text | quote }}
{{- end }}
{{- range $service.secrets }}
{{- $secret := required (printf "secrets of %s: %q is not among the chart's secrets" $context.service .) (get $values.secrets .) }}
{{- range $secret.keys | default (list $secret.key) }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret.name }}
      key: {{ . }}
      {{- if $secret.optional }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
