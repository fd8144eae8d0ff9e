#!/usr/bin/env bash
# Builds the committed state twice, in two directories, and compares what would be released, byte for byte.
#   checks/reproducible.sh [more arguments for mvn]
set -euo pipefail
root=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for build in one two/somewhere/else; do
    mkdir -p "$work/$build"
    git -C "$root" archive HEAD | tar -x -C "$work/$build"
    # No test and no SDK: they are not part of what is released.
    (cd "$work/$build" && mvn -q -Dmaven.test.skip=true -Dcodegen.skip=true "$@" package >/dev/null)
done

status=0
for file in checkout-gateway.jar checkout-gateway.cdx.json; do
    one="$work/one/target/$file"
    two="$work/two/somewhere/else/target/$file"
    if cmp "$one" "$two"; then
        sha256sum "$one" | sed "s|$work/one/target/||"
    else
        status=1
    fi
done
exit $status
