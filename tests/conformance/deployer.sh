#!/bin/bash
# Every operation under a user who may neither list nor watch anything but records: `kubeconfig.deployer` of a cluster that
# `cargo xtask cluster` made. Helm itself cannot wait, or run hooks, as that user.
#
#   cargo xtask cluster -- tests/conformance/deployer.sh target/release/windlass
set -euo pipefail
program=${1:?which windlass?}
charts=$(dirname "$0")/charts
unset HELM_DRIVER WINDLASS_SANDBOX
export KUBECONFIG=$(dirname "${KUBECONFIG:?run by cargo xtask cluster}")/kubeconfig.deployer

go() {
  echo "$ windlass $*"
  timeout 120 "$program" "$@" --namespace deployed >/dev/null
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
go install rel "$charts/hooks" --wait --timeout 60s
go upgrade rel "$charts/hooks" --set value=two --timeout 60s
go rollback rel 1
go test rel --logs
go uninstall rel --wait --timeout 60s
go install crd "$charts/crds" --wait --timeout 60s
go uninstall crd
go install all "$charts/waiting" --wait --timeout 60s
go uninstall all --wait --timeout 60s
echo "all is well"
