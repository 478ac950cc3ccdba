{{/* What all of the infrastructure's objects have in common. All take (dict "root" $ "name" NAME ...). */}}

{{- define "infrastructure.selectorLabels" -}}
app: {{ .name }}
{{- end }}

{{- define "infrastructure.labels" -}}
{{ include "infrastructure.selectorLabels" . }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: aichatwar
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* "settings" holds image.repository and image.tag */}}
{{- define "infrastructure.image" -}}
{{- $registry := .root.Values.global.imageRegistry | default "" | trimSuffix "/" -}}
{{- list $registry .settings.image.repository | compact | join "/" }}:{{ .settings.image.tag }}
{{- end }}

{{/* What stands at the head of every pod */}}
{{- define "infrastructure.pod" -}}
automountServiceAccountToken: false
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
{{- end }}

{{/* The volume "data", where it goes with the pod, and where it is claimed by the set and stays. */}}
{{- define "infrastructure.volumes" -}}
{{- if not .root.Values.persistence.enabled -}}
volumes:
  - name: data
    emptyDir: {}
{{- end -}}
{{- end }}

{{- define "infrastructure.claims" -}}
{{- if .root.Values.persistence.enabled -}}
volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: ["ReadWriteOnce"]
      {{- with .root.Values.persistence.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .settings.storage }}
{{- end -}}
{{- end }}

{{/* A Service for clients: (dict ... "port" NUMBER "portName" TEXT). With "peers" (a list of name and port), the headless one
     through which the pods find each other, before they are ready too. */}}
{{- define "infrastructure.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}-{{ ternary "headless" "srv" (hasKey . "peers") }}
  labels:
    {{- include "infrastructure.labels" . | nindent 4 }}
spec:
  {{- if .peers }}
  clusterIP: None
  publishNotReadyAddresses: true
  {{- else }}
  type: ClusterIP
  {{- end }}
  selector:
    {{- include "infrastructure.selectorLabels" . | nindent 4 }}
  ports:
    {{- range .peers | default (list (dict "name" .portName "port" .port)) }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .name }}
    {{- end }}
{{- end }}

{{/* Voluntary disruptions take one member of a cluster at a time. */}}
{{- define "infrastructure.disruptions" -}}
{{- if gt (int .settings.replicas) 1 -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "infrastructure.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "infrastructure.selectorLabels" . | nindent 6 }}
{{- end -}}
{{- end }}
