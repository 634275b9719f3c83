#!/bin/sh
# What the tests need of the system: a browser, Chinese fonts, a PostgreSQL server.
# Root installs them with apt; anybody else gets tests skipped with a reason.
set -eu
wanted=""
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || wanted="$wanted fonts-noto-cjk fontconfig"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
[ -z "$wanted" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $wanted >/dev/null
else
    echo "not root, or no apt: tests that need$wanted are skipped" >&2
fi
