#!/bin/bash
# pipes.sh PARTITIONS SOURCE-TOPIC TARGET-TOPIC CONSUMER-FILE PRODUCER-FILE DELIMITER
# A pipe for each partition: kcat's producer sends all that it reads to one partition.
set -o pipefail
partitions=$1 source=$2 target=$3 consumer=$4 producer=$5 delimiter=$6
pipes=()
for ((partition = 0; partition < partitions; partition++)); do
  kcat -F "$consumer" -C -q -t "$source" -p "$partition" -o beginning -e -D "$delimiter" |
    kcat -F "$producer" -P -q -t "$target" -p "$partition" -D "$delimiter" &
  pipes+=($!)
done
failed=0
for pipe in "${pipes[@]}"; do
  wait "$pipe" || failed=1
done
exit "$failed"
