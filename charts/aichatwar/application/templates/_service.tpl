{{/* One service's Service: (dict "root" $ "key" KEY) */}}
{{- define "application.service" -}}
{{- if (get .root.Values .key).enabled -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "application.name" . }}-srv
  labels:
    {{- include "application.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  selector:
    {{- include "application.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .root.Values.port }}
      targetPort: http
      protocol: TCP
{{- end -}}
{{- end }}
