"""Says how two sets of logs differ, record by record.

A record is recognised by its contents. Records that are the same in every byte can't be told apart; of several candidates the one that
continues the order is taken.
"""

from bisect import bisect
from collections import Counter

# Bounds of the search for what an unknown record was: beyond them it is told as lost here and phantom there.
PAIRED = 10_000
NEAR = 200


def align(sources, targets, found, late_owners=False):
    """Every source log must appear in the target logs, in order, once.

    With late owners a re-delivery may break off: a worker that was taken for dead wakes up and sends what it had, between the records of
    the one that has its partitions now.
    """
    if len(sources) == len(targets) == 1:
        if next(iter(sources.values())).same_records(next(iter(targets.values()))):
            return
    places = positions_by_record(sources)
    seen = {log: bytearray(len(records)) for log, records in sources.items()}
    cursor = dict.fromkeys(sources, -1)
    redelivering = dict.fromkeys(sources, False)
    phantoms = []
    for target, records in targets.items():
        for index in range(len(records)):
            where = {"targetTopic": target[0], "targetPartition": target[1], "targetOffset": records.offsets[index]}
            place = choose(places.get(records.record(index)), cursor, seen)
            if place is None:
                phantoms.append((target, index, where, dict(cursor)))
                continue
            source, position = place
            where |= {"topic": source[0], "partition": source[1], "offset": sources[source].offsets[position]}
            again = seen[source][position]
            if again:
                found("duplicate", **where)
            # A re-delivery starts again somewhere and goes on without a gap until it has reached what is new.
            broken = redelivering[source] and seen[source].find(1, cursor[source] + 1, position) != -1
            if (broken and not late_owners) or (not again and position < cursor[source]):
                found("reordered", **where)
            redelivering[source] = bool(again)
            seen[source][position] = 1
            cursor[source] = position
    missing = {source: [i for i, was in enumerate(flags) if not was] for source, flags in seen.items()}
    settle_unmatched(sources, targets, missing, phantoms, found)


def align_unordered(sources, targets, found):
    remaining = Counter()
    for records in sources.values():
        for index in range(len(records)):
            remaining[records.record(index)] += 1
    phantoms = []
    for target, records in targets.items():
        for index in range(len(records)):
            record = records.record(index)
            where = {"targetTopic": target[0], "targetPartition": target[1], "targetOffset": records.offsets[index]}
            if record not in remaining:
                phantoms.append((target, index, where, None))
            elif remaining[record] > 0:
                remaining[record] -= 1
            else:
                found("duplicate", **where)
    missing = {source: [] for source in sources}
    if any(remaining.values()):
        for source, records in sources.items():
            for index in range(len(records)):
                record = records.record(index)
                if remaining[record] > 0:
                    remaining[record] -= 1
                    missing[source].append(index)
    settle_unmatched(sources, targets, missing, phantoms, found)


def positions_by_record(sources):
    places = {}
    for source, records in sources.items():
        for index in range(len(records)):
            places.setdefault(records.record(index), []).append((source, index))
    return places


def choose(candidates, cursor, seen):
    """The candidate that continues its source's order; else the first unseen; else the latest seen (a re-delivery)."""
    if candidates is None:
        return None
    if len(candidates) == 1:
        return candidates[0]
    for source, position in candidates:
        if position == cursor[source] + 1:
            return source, position
    for source, position in candidates:
        if not seen[source][position]:
            return source, position
    return max((place for place in candidates if place[1] <= cursor[place[0]]), default=candidates[0], key=lambda p: p[1])


def settle_unmatched(sources, targets, missing, phantoms, found):
    """A target record that matches nothing, where a source record is missing, is that record, altered; the rest is phantom or lost."""
    for number, (target, index, where, cursor) in enumerate(phantoms):
        pair = closest(sources, targets[target], index, missing, cursor) if number < PAIRED else None
        if pair is None:
            found("phantom", **where)
            continue
        source, position, fields = pair
        missing[source].remove(position)
        offset = sources[source].offsets[position]
        found("altered", topic=source[0], partition=source[1], offset=offset, **where, fields=fields)
    for source, indexes in missing.items():
        for position in indexes:
            found("lost", topic=source[0], partition=source[1], offset=sources[source].offsets[position])


def closest(sources, target_log, index, missing, cursor):
    """(source, position, differing fields) of the missing record that shares the most with a target record, its value or its time at least."""
    best = None
    for source, indexes in missing.items():
        # What the order allows comes after the last record that was delivered before it.
        first = 0 if cursor is None else bisect(indexes, cursor[source])
        for position in indexes[first : first + NEAR]:
            fields = sources[source].differing_fields(position, target_log, index)
            if "value" in fields and "timestamp" in fields:
                continue
            if best is None or len(fields) < len(best[2]):
                best = (source, position, fields)
    return best
