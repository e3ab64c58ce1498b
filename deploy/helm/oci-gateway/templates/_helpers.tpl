{{- define "gateway.selector" -}}
app.kubernetes.io/name: oci-gateway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway.labels" -}}
{{ include "gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "gateway.image" -}}
{{- $repository := required "Set image.repository to your image, such as ghcr.io/acme/oci-genai-gateway" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "gateway.hasStore" -}}
{{- if or .Values.secret.store .Values.sqlite.enabled }}true{{ end -}}
{{- end }}

{{- define "gateway.isWorkload" -}}
{{- if eq .Values.oci.auth "oke_workload_identity" }}true{{ end -}}
{{- end }}
