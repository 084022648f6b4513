#!/usr/bin/env bash
# Says whether the committed pages are what their source builds; without a fitting Node there is nothing to compare.
set -euo pipefail
web="$(cd "$(dirname "$0")" && pwd)"
fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! command -v npm >/dev/null || ! node -e "$fits" 2>/dev/null; then
  echo "web-check: no Node 20.19 or newer with npm here, so the committed pages are taken as they are"
  exit 0
fi
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
"$web/build.sh" "$fresh"
if ! diff -rq "$web/dist" "$fresh"; then
  echo "web-check: web/dist is not what web/graphiql and web/dashboard build; run web/build.sh and commit the result" >&2
  exit 1
fi
echo "web-check: web/dist is what its source builds"
