#!/usr/bin/env bash
# Builds the pages from web/graphiql and web/dashboard into web/dist, or into the folder given as the first argument.
set -euo pipefail
web="$(cd "$(dirname "$0")" && pwd)"
for page in graphiql dashboard; do
  cd "$web/$page"
  # npm writes its own copy of the lock last; if that one is older, what is installed is not what is locked.
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --loglevel=error
  PAGE_OUT="${1:-$web/dist}/$page" npm run --silent build -- --logLevel warn
done
