#!/usr/bin/env bash
# Builds GraphiQL from web/graphiql into web/dist/graphiql, or into the folder given as the first argument.
set -euo pipefail
cd "$(dirname "$0")/graphiql"
GRAPHIQL_OUT="${1:-$PWD/../dist/graphiql}"
export GRAPHIQL_OUT
# npm writes its own copy of the lock last; if that one is older, what is installed is not what is locked.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --loglevel=error
npm run --silent build -- --logLevel warn
