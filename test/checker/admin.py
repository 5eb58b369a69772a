"""Administers a cluster: {"bootstrap": …, "config": {…}, "command": …, …arguments} → the command's result.

Every command is a function below; its keyword arguments are the arguments of the request.
"""

import sys
import time

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from raw_offsets import fetch_offsets
from raw_quota import alter_quota
from request import answer, client_config, read_request

TIMEOUT = 30
NO_COORDINATOR_YET = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)


def results(futures):
    return {key: future.result(TIMEOUT) for key, future in futures.items()}


def resource_of(topic):
    """A broker's id, or else a topic's name: {"broker": 1} or "orders"."""
    if isinstance(topic, dict):
        return ConfigResource(ResourceType.BROKER, str(topic["broker"]))
    return ConfigResource(ResourceType.TOPIC, topic)


def create_topic(admin, topic, partitions=1, configs=None, replication=1):
    new = NewTopic(topic, num_partitions=partitions, replication_factor=replication, config=configs or {})
    results(admin.create_topics([new], operation_timeout=TIMEOUT))
    # The answer comes before the broker tells everybody; what follows wants to find the topic.
    wait_for(lambda: len(partitions_of(admin, topic)) == partitions)


def delete_topic(admin, topic):
    results(admin.delete_topics([topic], operation_timeout=TIMEOUT))
    wait_for(lambda: not partitions_of(admin, topic))


def delete_topics(admin, containing):
    """All whose name holds `containing`."""
    topics = [topic for topic in list_topics(admin) if containing in topic]
    if topics:
        results(admin.delete_topics(topics, operation_timeout=TIMEOUT))
        wait_for(lambda: not any(topic in list_topics(admin) for topic in topics))


def grow_topic(admin, topic, partitions):
    results(admin.create_partitions([NewPartitions(topic, partitions)], operation_timeout=TIMEOUT))
    wait_for(lambda: len(partitions_of(admin, topic)) == partitions)


def list_topics(admin):
    return {name: len(topic.partitions) for name, topic in admin.list_topics(timeout=TIMEOUT).topics.items()}


def describe_topic(admin, topic):
    description = next(iter(results(admin.describe_topics(TopicCollection([topic]))).values()))
    return {"id": str(description.topic_id), "partitions": len(description.partitions)}


def describe_cluster(admin):
    cluster = admin.describe_cluster().result(TIMEOUT)
    return {"id": cluster.cluster_id, "brokers": [node.id for node in cluster.nodes]}


def describe_configs(admin, topic):
    entries = next(iter(results(admin.describe_configs([resource_of(topic)])).values()))
    return {
        name: {"value": entry.value, "default": entry.is_default, "readOnly": entry.is_read_only}
        for name, entry in entries.items()
    }


def alter_configs(admin, topic, configs):
    """A value of null removes the setting."""
    resource = resource_of(topic)
    for name, value in configs.items():
        operation = AlterConfigOpType.DELETE if value is None else AlterConfigOpType.SET
        resource.add_incremental_config(ConfigEntry(name, value, incremental_operation=operation))
    results(admin.incremental_alter_configs([resource]))


def partitions_with_leader(admin, topic):
    """Those whose leader is alive; a cluster takes some seconds to see that one is not."""
    brokers = admin.list_topics(timeout=TIMEOUT).brokers
    return sorted(partition for partition, leader in leaders(admin, topic).items() if leader in brokers)


def leaders(admin, topic):
    """→ {partition: broker}; -1 where there is none."""
    return {number: partition.leader for number, partition in metadata_of(admin, topic).items()}


def in_sync(admin, topic):
    """→ {partition: how many replicas are in sync}."""
    return {number: len(partition.isrs) for number, partition in metadata_of(admin, topic).items()}


def list_offsets(admin, topic, at="end", isolation="committed", partitions=None, timeout=TIMEOUT):
    """`at`: "start", "end" or a time in ms since 1970. → {partition: offset}; -1 where no record is that late."""
    spec = {"start": OffsetSpec.earliest(), "end": OffsetSpec.latest()}.get(at) or OffsetSpec.for_timestamp(at)
    level = IsolationLevel.READ_COMMITTED if isolation == "committed" else IsolationLevel.READ_UNCOMMITTED
    request = {TopicPartition(topic, partition): spec for partition in partitions or partitions_of(admin, topic)}
    found = results(admin.list_offsets(request, isolation_level=level, request_timeout=timeout))
    return {partition.partition: result.offset for partition, result in found.items()}


def delete_records(admin, topic, before):
    """`before`: {partition: offset}; records below it are gone afterwards."""
    request = [TopicPartition(topic, int(partition), offset) for partition, offset in before.items()]
    results(admin.delete_records(request, operation_timeout=TIMEOUT))


def committed_offsets(side, group, topics=None):
    """→ {topic: {partition: {"offset", "metadata"}}} of what the group has committed. Open listeners only."""
    committed = fetch_offsets(side["bootstrap"], group)
    return {topic: offsets for topic, offsets in committed.items() if topics is None or topic in topics}


def commit_offsets(admin, group, topic, offsets):
    request = [TopicPartition(topic, int(partition), offset) for partition, offset in offsets.items()]

    def committed():
        answers = results(admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, request)]))
        errors = [partition.error for answer in answers.values() for partition in answer.topic_partitions]
        refused = [error for error in errors if error is not None and error.code() not in NO_COORDINATOR_YET]
        if refused:
            raise RuntimeError(f"the offsets of {group} could not be set: {refused[0].str()}")
        return not any(errors)

    # The first group of a cluster waits for Kafka to make its topic for offsets.
    wait_for(committed)


def delete_group(admin, group):
    results(admin.delete_consumer_groups([group]))


def describe_group(admin, group):
    description = next(iter(results(admin.describe_consumer_groups([group])).values()))
    members = [
        {
            "clientId": member.client_id,
            "instanceId": member.group_instance_id,
            "partitions": [[entry.topic, entry.partition] for entry in member.assignment.topic_partitions],
        }
        for member in description.members
    ]
    return {"state": description.state.name, "assignor": description.partition_assignor, "members": members}


def change_password(admin, user, mechanism, password):
    """`mechanism`: SCRAM-SHA-256 or SCRAM-SHA-512."""
    kind = ScramMechanism[mechanism.replace("-", "_")]
    results(admin.alter_user_scram_credentials([UserScramCredentialUpsertion(user, ScramCredentialInfo(kind, 4096), password.encode())]))


def list_groups(admin):
    return sorted(group.group_id for group in admin.list_consumer_groups().result(TIMEOUT).valid)


def read_records(admin, side, topic, partition=0, offset=0, count=10):
    """Up to `count` committed records, bytes in hexadecimal, null as null."""
    consumer = Consumer(client_config(side, **{"group.id": "checker", "enable.auto.commit": False, "enable.partition.eof": True}))
    consumer.assign([TopicPartition(topic, partition, offset)])
    records = []
    while len(records) < count:
        message = consumer.poll(TIMEOUT)
        if message is None or message.error():
            break
        records.append(
            {
                "offset": message.offset(),
                "key": hexadecimal(message.key()),
                "value": hexadecimal(message.value()),
                "headers": [[name, hexadecimal(value)] for name, value in message.headers() or []],
                "timestamp": message.timestamp()[1],
            }
        )
    consumer.close()
    return records


def set_quota(side, client_id, key, value=None):
    """Sets a quota of a client id; without a value it is taken away."""
    alter_quota(side["bootstrap"], client_id, key, value)
    return {}


def create_topics(admin, prefix, count, partitions=1, configs=None):
    """PREFIX0, PREFIX1 …"""
    names = [f"{prefix}{number}" for number in range(count)]
    new = [NewTopic(name, num_partitions=partitions, replication_factor=1, config=configs or {}) for name in names]
    results(admin.create_topics(new, operation_timeout=TIMEOUT))
    wait_for(lambda: set(names) <= set(admin.list_topics(timeout=TIMEOUT).topics))


def count_records(admin, prefix):
    """The end offsets of all topics whose names begin so, added up."""
    topics = admin.list_topics(timeout=TIMEOUT).topics
    names = [name for name in topics if name.startswith(prefix)]
    request = {
        TopicPartition(name, partition): OffsetSpec.latest() for name in names for partition in topics[name].partitions
    }
    if not request:
        return 0
    return sum(result.offset for result in results(admin.list_offsets(request, request_timeout=TIMEOUT)).values())


def hexadecimal(data):
    return None if data is None else data.hex()


def partitions_of(admin, topic):
    return sorted(metadata_of(admin, topic))


def metadata_of(admin, topic):
    """{partition: its metadata}, as the broker that answers sees it; empty for a topic that is not there."""
    found = admin.list_topics(timeout=TIMEOUT).topics.get(topic)
    return found.partitions if found else {}


def wait_for(condition):
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the cluster does not show the change")
        time.sleep(0.05)


COMMANDS = {
    function.__name__: function
    for function in (
        create_topic,
        create_topics,
        delete_topics,
        count_records,
        delete_topic,
        grow_topic,
        list_topics,
        describe_topic,
        describe_cluster,
        describe_configs,
        alter_configs,
        list_offsets,
        partitions_with_leader,
        leaders,
        in_sync,
        delete_records,
        committed_offsets,
        commit_offsets,
        delete_group,
        change_password,
        describe_group,
        list_groups,
        read_records,
        set_quota,
    )
}


def main():
    request = read_request()
    side = {"bootstrap": request.pop("bootstrap"), "config": request.pop("config", {})}
    command = COMMANDS[request.pop("command")]
    if command in (set_quota, committed_offsets):
        return answer(command(side, **request))
    if command is read_records:
        request["side"] = side
    admin = AdminClient(client_config(side))
    answer(command(admin, **request))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
