{{/* What the parts of a service are called. All take (dict "root" $ "key" KEY), where KEY is a service's key in the values. */}}

{{/* apiGateway is api-gateway */}}
{{- define "application.name" -}}
{{- kebabcase .key -}}
{{- end }}

{{- define "application.selectorLabels" -}}
app: {{ include "application.name" . }}
{{- end }}

{{- define "application.labels" -}}
{{ include "application.selectorLabels" . }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "application.name" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: aichatwar
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* REGISTRY/REPOSITORY:TAG, or @DIGEST where one is given */}}
{{- define "application.image" -}}
{{- $image := (get .root.Values .key).image | default dict -}}
{{- $repository := $image.repository | default (printf "%s/%s" .root.Values.image.prefix (include "application.name" .)) -}}
{{- with .root.Values.global.imageRegistry -}}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) $repository -}}
{{- end -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository ($image.tag | default .root.Chart.AppVersion | toString) -}}
{{- end -}}
{{- end }}
