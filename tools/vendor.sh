#!/bin/sh
# Rebuilds qafila/kernel/static/qafila/vendor from npm. Needs node >= 18 and the network; run it after changing
# tools/vendor/{package.json,classes.txt,icons.txt}, or when a template uses a Tabler class that is not there yet.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root"/tools/vendor/. "$work"/
(cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts)
node "$work/build.mjs" "$root"
