#!/bin/bash
# Every operation under a user who may neither list nor watch anything but records: `kubeconfig.deployer` of a cluster that
# `cargo xtask cluster` made. Helm itself cannot wait, or run hooks, as that user. Then again under the Role that
# docs/permissions.md shows, which gives nothing outside its namespace.
#
#   cargo xtask cluster -- tests/conformance/deployer.sh target/release/windlass
set -euo pipefail
program=${1:?which windlass?}
here=$(dirname "$0")
charts=$here/charts
clusters=$(dirname "${KUBECONFIG:?run by cargo xtask cluster}")
kubectl=${XDG_CACHE_HOME:-$HOME/.cache}/windlass-peers/bin/kubectl
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
unset HELM_DRIVER WINDLASS_SANDBOX
namespace=deployed
export KUBECONFIG=$clusters/kubeconfig.deployer

go() {
  echo "$ windlass $*"
  timeout 120 "$program" "$@" --namespace "$namespace" >/dev/null
}

# interrupted RELEASE COMMAND…: the command is killed as soon as its revision is pending.
interrupted() {
  local release=$1 id
  shift
  echo "$ windlass $* (killed)"
  timeout 120 "$program" "$@" --namespace "$namespace" >/dev/null 2>&1 &
  id=$!
  until "$program" history "$release" --namespace "$namespace" 2>/dev/null | grep -q pending; do
    kill -0 "$id" || return 1
  done
  # Timeout passes on no SIGKILL, so its child is killed.
  kill -KILL "$(ps -o pid= --ppid "$id" | tr -d ' ')"
  { wait "$id"; } 2>/dev/null || true
}

# Plans and differences of a release `web` of a chart, from its install to its end.
planned() {
  local chart=$1
  go plan install web "$chart" --out "$plan"
  go apply "$plan"
  go plan upgrade web "$chart" --set colour=blue,settings.colour=blue --out "$plan"
  go apply "$plan"
  go upgrade web "$chart" --set colour=red,settings.colour=red --preflight
  go diff upgrade web "$chart" --set colour=black,settings.colour=black
  go diff upgrade web "$chart" --set colour=black,settings.colour=black --three-way-merge
  go diff revision web 1 2
  go diff rollback web 1
  go plan rollback web 1 --out "$plan"
  go apply "$plan"
  go plan uninstall web --out "$plan"
  go apply "$plan"
}

go install web "$charts/basic" --create-namespace --wait --timeout 60s
go upgrade web "$charts/basic" --set label=two,replicas=2 --wait --timeout 60s
go upgrade web "$charts/basic" --set label=three,replicas=1 --wait=legacy --timeout 60s
go rollback web 1 --wait --timeout 60s
go list
go status web
go history web
go get all web
go uninstall web --wait --timeout 60s
planned "$charts/basic"
go install rel "$charts/hooks" --wait --timeout 60s
go upgrade rel "$charts/hooks" --set value=two --timeout 60s
go rollback rel 1
go test rel --logs
interrupted rel upgrade rel "$charts/hooks" --set value=three,preUpgrade=never-ready
go recover rel
go uninstall rel --wait --timeout 60s
go install crd "$charts/crds" --wait --timeout 60s
go uninstall crd
go install all "$charts/waiting" --wait --timeout 60s
go uninstall all --wait --timeout 60s

# The Role of the docs, for a user who may do nothing else.
namespace=shop
KUBECONFIG=$clusters/kubeconfig "$kubectl" create namespace "$namespace"
sed -n '/^```yaml$/,/^```$/p' "$here/../../docs/permissions.md" | sed '/^```/d' |
  KUBECONFIG=$clusters/kubeconfig "$kubectl" create -f -
KUBECONFIG=$clusters/kubeconfig "$kubectl" create rolebinding deployer --role deployer --user nobody --namespace "$namespace"
export KUBECONFIG=$clusters/kubeconfig.nobody
# A right that was given is known to the server a moment later.
until "$program" list --namespace "$namespace" >/dev/null 2>&1; do :; done
planned "$charts/shop"
go install web "$charts/shop" --wait --wait-for-jobs --timeout 60s
go upgrade web "$charts/shop" --set tag=v2 --wait --timeout 60s
go rollback web 1 --wait=legacy --timeout 60s
go list
go status web
go history web
go get all web
interrupted web upgrade web "$charts/shop" --set pod=never-ready,tag=v3 --wait
go recover web --wait --timeout 60s
go uninstall web --wait --timeout 60s
go install rel "$charts/hooks" --wait --timeout 60s
go upgrade rel "$charts/hooks" --set value=two --timeout 60s
go uninstall rel
echo "all is well"
