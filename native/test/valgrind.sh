#!/bin/sh
# The leak test under valgrind: fails on invalid reads and writes, and on memory of ours that is definitely lost.
# Node's own noise is suppressed by node.supp. Arguments: other test files (default leak.test.mjs).
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

export MILLRACE_TEST_CYCLES=${MILLRACE_TEST_CYCLES:-10}
export MILLRACE_TEST_SLOWNESS=${MILLRACE_TEST_SLOWNESS:-10}

for file in "${@:-leak.test.mjs}"; do
  # Generated code can't be followed, so the interpreter runs all of it.
  valgrind --tool=memcheck --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=none \
    --undef-value-errors=no --num-callers=30 --suppressions="$folder/node.supp" --log-file="$log" \
    node --expose-gc --jitless --no-opt --single-threaded-gc "$folder/$file" || {
    echo "FAILED  $file under valgrind"
    exit 1
  }
  # Blocks separated by a line with the process id alone; those with a function of the addon or of librdkafka are our doing.
  ours=$(awk '
    function flush() { if (block ~ /(Invalid (read|write|free)|Mismatched free|definitely lost)/ && block ~ /rd_kafka|millrace::/) printf "%s\n", block; block = "" }
    /^==[0-9]+== $/ { flush(); next }
    { block = block $0 "\n" }
    END { flush() }' "$log")
  if [ -n "$ours" ]; then
    echo "$ours"
    echo "FAILED  $file: valgrind found the above"
    exit 1
  fi
  echo "valgrind: nothing of ours in $file"
  tail -n 3 "$log"
done
