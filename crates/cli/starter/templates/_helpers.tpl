{{/* Texts that several templates share. A name here starts with the chart's, since all charts of a release share them. */}}

{{/* What the application is called. */}}
{{- define "<CHARTNAME>.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* What its objects are called: RELEASE-NAME, or RELEASE where that has the name in it. 63 characters is what a DNS label
     may have. */}}
{{- define "<CHARTNAME>.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $derived := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $derived | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* The chart and its version, as a label may hold them. */}}
{{- define "<CHARTNAME>.chart" -}}
{{- printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* What tells this release's pods from all others. It must never change: selectors cannot be updated. */}}
{{- define "<CHARTNAME>.selectorLabels" -}}
app.kubernetes.io/name: {{ include "<CHARTNAME>.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "<CHARTNAME>.labels" -}}
{{ include "<CHARTNAME>.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ include "<CHARTNAME>.chart" . }}
{{- end }}

{{/* The account that the pods run under. */}}
{{- define "<CHARTNAME>.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "<CHARTNAME>.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end }}
