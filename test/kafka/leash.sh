#!/bin/sh
# leash.sh DIRECTORY LOG COMMAND…
# Runs COMMAND for as long as our standard input stays open. The kernel closes it when the process that started us ends, for whatever
# reason, so COMMAND never outlives a test run; DIRECTORY is removed in that case. The pid of COMMAND is written to descriptor 3.
directory=$1
log=$2
shift 2
exec 4<&0
"$@" </dev/null >>"$log" 2>&1 3>&- 4<&- &
child=$!
echo "$child" >&3
exec 3>&-
(
  while read -r _; do :; done
  kill -KILL "$child"
  rm -rf "$directory" || { sleep 1; rm -rf "$directory"; }
) <&4 >/dev/null 2>&1 &
guard=$!
exec 4<&- </dev/null
wait "$child"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
