{{/* What the parts of the chart are called, and the checks that stop a release which could not work. */}}

{{- define "api-gateway.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* The release's name, followed by the chart's unless it is in there already. */}}
{{- define "api-gateway.fullname" -}}
{{- $name := include "api-gateway.name" . -}}
{{- $derived := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $derived | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "api-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ include "api-gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "api-gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "api-gateway.selectorLabels" . }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "api-gateway.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "api-gateway.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end }}

{{- define "api-gateway.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end }}

{{- define "api-gateway.secretName" -}}
{{- .Values.secret.existingSecret | default (include "api-gateway.fullname" .) -}}
{{- end }}

{{/* Names of the subcharts' objects, as the subcharts themselves make them. Only for subcharts that are enabled. */}}
{{- define "api-gateway.postgresqlName" -}}
{{- include "postgresql.fullname" (dict "Release" .Release "Values" .Values.postgresql) -}}
{{- end }}

{{- define "api-gateway.redisName" -}}
{{- include "redis.fullname" (dict "Release" .Release "Values" .Values.redis) -}}
{{- end }}

{{/* "internal", "external", or nothing where the chart knows of no database. */}}
{{- define "api-gateway.database" -}}
{{- if .Values.postgresql.enabled -}}
{{- if .Values.externalDatabase.host -}}
{{- fail "postgresql.enabled and externalDatabase.host exclude each other" -}}
{{- end -}}
internal
{{- else if .Values.externalDatabase.host -}}
external
{{- end -}}
{{- end }}

{{- define "api-gateway.databaseHost" -}}
{{- if eq (include "api-gateway.database" .) "internal" -}}
{{- include "api-gateway.postgresqlName" . -}}
{{- else -}}
{{- .Values.externalDatabase.host -}}
{{- end -}}
{{- end }}

{{- define "api-gateway.databasePort" -}}
{{- if eq (include "api-gateway.database" .) "internal" -}}
{{- .Values.postgresql.service.port -}}
{{- else -}}
{{- .Values.externalDatabase.port -}}
{{- end -}}
{{- end }}

{{/* How migrations run: "hook", "init" or "none". A hook would wait forever for a database of the same release, which is
     only created after it. */}}
{{- define "api-gateway.migration" -}}
{{- $external := eq (include "api-gateway.database" .) "external" -}}
{{- if not .Values.migration.enabled -}}
none
{{- else if eq .Values.migration.strategy "auto" -}}
{{- ternary "hook" "init" $external -}}
{{- else if and (eq .Values.migration.strategy "hook") .Values.postgresql.enabled -}}
{{- fail "migration.strategy=hook cannot work with postgresql.enabled: the hook runs before that database exists" -}}
{{- else -}}
{{- .Values.migration.strategy -}}
{{- end -}}
{{- end }}

{{/* A setting as the text of an environment variable. */}}
{{- define "api-gateway.text" -}}
{{- if kindIs "slice" . -}}
{{- join "," . -}}
{{- else if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end }}

{{/* The plain settings as a YAML map of texts: what the chart knows, then what the user says. */}}
{{- define "api-gateway.env" -}}
{{- $env := dict -}}
{{- $database := include "api-gateway.database" . -}}
{{- if $database -}}
{{- $_ := set $env "DB_ENGINE" "django.db.backends.postgresql" -}}
{{- $_ := set $env "DB_HOST" (include "api-gateway.databaseHost" .) -}}
{{- $_ := set $env "DB_PORT" (include "api-gateway.databasePort" .) -}}
{{- if eq $database "internal" -}}
{{- $_ := set $env "DB_NAME" .Values.postgresql.auth.database -}}
{{- $_ := set $env "DB_USER" .Values.postgresql.auth.username -}}
{{- else -}}
{{- $_ := set $env "DB_NAME" .Values.externalDatabase.name -}}
{{- $_ := set $env "DB_USER" .Values.externalDatabase.user -}}
{{- end -}}
{{- end -}}
{{- if .Values.redis.enabled -}}
{{- $_ := set $env "REDIS_HOST" (include "api-gateway.redisName" .) -}}
{{- $_ := set $env "REDIS_PORT" (toString .Values.redis.service.port) -}}
{{- end -}}
{{- range $name, $value := .Values.env -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $env $name (include "api-gateway.text" $value) -}}
{{- end -}}
{{- end -}}
{{- $_ := required "env.ALLOWED_HOSTS is required: the host names the API answers to, separated by commas (without it, every request gets status 400)" $env.ALLOWED_HOSTS -}}
{{- toYaml $env -}}
{{- end }}

{{/* The host name that probes and tests ask for: the first allowed one. Nothing where any is allowed. */}}
{{- define "api-gateway.healthHost" -}}
{{- $env := include "api-gateway.env" . | fromYaml -}}
{{- $first := splitList "," (toString $env.ALLOWED_HOSTS) | first | trim | trimPrefix "." -}}
{{- if ne $first "*" -}}
{{- $first -}}
{{- end -}}
{{- end }}

{{/* The sensitive settings as a YAML map of base64 texts, with a stop where one is missing that the release needs. */}}
{{- define "api-gateway.secretData" -}}
{{- $data := dict -}}
{{- $database := include "api-gateway.database" . -}}
{{- $secretKey := .Values.secret.secretKey -}}
{{- $dbPassword := .Values.secret.dbPassword -}}
{{- if eq $database "external" -}}
{{- $_ := required "secret.secretKey is required with an external database: Django's SECRET_KEY (or name a Secret in secret.existingSecret)" $secretKey -}}
{{- $_ := required "secret.dbPassword is required with an external database (or name a Secret in secret.existingSecret)" $dbPassword -}}
{{- else if and (eq $database "internal") (not $secretKey) -}}
{{- $kept := (lookup "v1" "Secret" .Release.Namespace (include "api-gateway.secretName" .)).data | default dict -}}
{{- $_ := set $data "SECRET_KEY" ($kept.SECRET_KEY | default (randAlphaNum 50 | b64enc)) -}}
{{- end -}}
{{- with $secretKey -}}
{{- $_ := set $data "SECRET_KEY" (toString . | b64enc) -}}
{{- end -}}
{{- with $dbPassword -}}
{{- $_ := set $data "DB_PASSWORD" (toString . | b64enc) -}}
{{- end -}}
{{- range $name, $value := .Values.secret.extra -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $data $name (include "api-gateway.text" $value | b64enc) -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end }}

{{/* The environment of every container that runs the application: (dict "root" $ "from" NAME-OF-CONFIGMAP "secret" NAME).
     With "early" true it leaves out what a hook cannot have, since the subcharts' Secrets come after it. */}}
{{- define "api-gateway.containerEnv" -}}
{{- $root := .root -}}
{{- $postgresql := and (not .early) $root.Values.postgresql.enabled -}}
{{- $redis := and (not .early) $root.Values.redis.enabled $root.Values.redis.auth.enabled -}}
envFrom:
  - configMapRef:
      name: {{ .from }}
  - secretRef:
      name: {{ .secret }}
{{- if or $postgresql $redis }}
env:
  {{- if $postgresql }}
  - name: DB_PASSWORD
    valueFrom:
      secretKeyRef:
        name: {{ include "postgresql.secretName" (dict "Release" $root.Release "Values" $root.Values.postgresql) }}
        key: password
  {{- end }}
  {{- if $redis }}
  - name: REDIS_PASSWORD
    valueFrom:
      secretKeyRef:
        name: {{ include "redis.secretName" (dict "Release" $root.Release "Values" $root.Values.redis) }}
        key: password
  {{- end }}
{{- end }}
{{- end }}

{{/* A container that runs the application's image: (dict "root" $ "name" NAME) */}}
{{- define "api-gateway.container" -}}
name: {{ .name }}
image: {{ include "api-gateway.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
{{- end }}

{{/* What new pods do first: wait until the database takes connections, for a while. */}}
{{- define "api-gateway.waitForDatabase" -}}
{{ include "api-gateway.container" (dict "root" . "name" "wait-for-db") }}
command:
  - python
  - -c
  - |
    import socket, sys, time
    host, port, patience = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    end = time.monotonic() + patience
    while True:
        try:
            socket.create_connection((host, port), timeout=3).close()
            sys.exit(0)
        except OSError as error:
            if time.monotonic() > end:
                sys.exit(f"{host}:{port}: {error}")
            print(f"waiting for {host}:{port}: {error}", flush=True)
            time.sleep(2)
  - {{ include "api-gateway.databaseHost" . | quote }}
  - {{ include "api-gateway.databasePort" . | quote }}
  - {{ .Values.waitForDatabase.timeoutSeconds | quote }}
resources:
  limits:
    cpu: 100m
    memory: 64Mi
{{- end }}

{{/* One probe: (dict "root" $ "settings" .Values.readinessProbe) */}}
{{- define "api-gateway.probe" -}}
httpGet:
  path: {{ .root.Values.health.path }}
  port: http
  {{- with include "api-gateway.healthHost" .root }}
  httpHeaders:
    - name: Host
      value: {{ . | quote }}
  {{- end }}
{{- with .settings }}
{{ toYaml . }}
{{- end }}
{{- end }}
