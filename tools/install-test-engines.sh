#!/usr/bin/env bash
# Installs Redis and Postgres on Debian or Ubuntu, for the tests of the stores, Chromium for those of
# the console, and Prometheus, whose promtool checks the metrics. The tests start their own instances;
# the system's services are neither needed nor started.
set -euo pipefail
if command -v redis-server >/dev/null && command -v chromium >/dev/null &&
  command -v promtool >/dev/null &&
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Cannot install the packages below: apt-get is not available" >&2
  echo "redis-server postgresql chromium prometheus" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then run=(); else run=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq
"${run[@]}" env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
  redis-server postgresql chromium prometheus
