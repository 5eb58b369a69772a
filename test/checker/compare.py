"""Compares what two clusters hold: a JSON request in, counts and first examples out, exit code 3 on a difference.

{
  "source": {"bootstrap": …, "config": {}}, "target": {"bootstrap": …, "config": {}},
  "topics": [["orders", "orders-copy"]],        n:1 is several pairs with one target
  "mode": "same" | "zero" | "multiset",
  "from": {"orders": {"0": 100}},               first source offset per partition; a partition that is not named: its start
  "to": {"orders": {"0": 200}},                 source offset after the last; otherwise the end
  "targetFrom": {"orders-copy": {"0": 5}},
  "allowDuplicates": false,                     duplicates are still counted, but are no difference
  "lateOwners": false,                          true: a worker that was taken for dead may send what it had, late
  "timestamps": true,                           false: they may differ
  "group": "orders-to-dr",                      also look for checkpoints beyond the first missing record; open listeners only
  "examples": 5
}

same: source partition p went to target partition p, in order.
zero: every source partition went to target partition 0, each in order.
multiset: each record arrived somewhere; no order.

Only committed records count, on both sides.
"""

import sys

from alignment import align, align_unordered
from log_reader import read_topics, show
from raw_offsets import fetch_offsets
from request import answer, read_request

KINDS = ("lost", "duplicate", "reordered", "phantom", "altered")


def groups_of(mode, source, target):
    """[(source partitions, target partitions)] that must hold the same records, by target topic; keys are (topic, partition)."""
    by_target = {}
    for name, copy in source["pairs"]:
        by_target.setdefault(copy, []).append(name)
    groups = []
    for copy, names in by_target.items():
        sources = [log for log in source["logs"] if log[0] in names]
        targets = [log for log in target["logs"] if log[0] == copy]
        if mode == "same":
            for partition in sorted({log[1] for log in sources + targets}):
                groups.append(
                    ([log for log in sources if log[1] == partition], [log for log in targets if log[1] == partition])
                )
        else:
            groups.append((sources, targets))
    return groups


def misplaced(mode, target):
    if mode != "zero":
        return []
    return [log for log, records in target.items() if log[1] != 0 and len(records) > 0]


def early_checkpoints(request, findings):
    """Partitions whose committed offset is beyond their first lost record."""
    committed = fetch_offsets(request["source"]["bootstrap"], request["group"])
    first = {}
    for finding in findings:
        log = (finding["topic"], finding["partition"])
        first[log] = min(first.get(log, finding["offset"]), finding["offset"])
    return [
        {"topic": topic, "partition": partition, "committed": offset, "firstMissing": missing}
        for (topic, partition), missing in first.items()
        if (offset := committed.get(topic, {}).get(partition, {}).get("offset", -1)) > missing
    ]


def compare(request):
    pairs = [tuple(pair) for pair in request["topics"]]
    mode = request.get("mode", "same")
    timed = request.get("timestamps", True)
    names, copies = sorted({name for name, _ in pairs}), sorted({copy for _, copy in pairs})
    source = read_topics(request["source"], names, request.get("from"), request.get("to"), timed)
    target = read_topics(request["target"], copies, request.get("targetFrom"), None, timed)
    counts = dict.fromkeys(KINDS, 0)
    examples = {kind: [] for kind in KINDS}
    lost = []

    def found(kind, **where):
        counts[kind] += 1
        if kind == "lost":
            lost.append(where)
        if len(examples[kind]) < request.get("examples", 5):
            examples[kind].append(where)

    groups = groups_of(mode, {"pairs": pairs, "logs": list(source)}, {"logs": list(target)})
    for sources, targets in groups:
        logs = {log: source[log] for log in sources}, {log: target[log] for log in targets}
        if mode == "multiset":
            align_unordered(*logs, found)
        else:
            align(*logs, found, request.get("lateOwners", False))
    wrong_partition = misplaced(mode, target)
    for kind in KINDS:
        for example in examples[kind]:
            add_contents(request, example)
    early = early_checkpoints(request, lost) if request.get("group") and lost else []
    tolerated = {"duplicate"} if request.get("allowDuplicates") else set()
    different = any(count for kind, count in counts.items() if kind not in tolerated)
    return {
        "equal": not (different or wrong_partition or early),
        "sourceRecords": sum(len(records) for records in source.values()),
        "targetRecords": sum(len(records) for records in target.values()),
        **counts,
        "misplaced": [list(log) for log in wrong_partition],
        "earlyCheckpoints": early,
        "examples": {kind: found for kind, found in examples.items() if found},
    }


def add_contents(request, example):
    if "offset" in example:
        example["source"] = show(request["source"], example["topic"], example["partition"], example["offset"])
    if "targetOffset" in example:
        example["target"] = show(
            request["target"], example["targetTopic"], example["targetPartition"], example["targetOffset"]
        )


def main():
    result = compare(read_request())
    answer(result)
    sys.exit(0 if result["equal"] else 3)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
