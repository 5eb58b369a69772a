// The loop of a Go program on franz-go, the client under Redpanda's tools: polls, and produces every record with its partition, timestamp,
// key and headers, until the end offsets of the start are delivered.
//
//	franz-go SETTINGS    (JSON, as franz-go.ts writes it)
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

type settings struct {
	Source, Target           string
	SourceTopic, TargetTopic string
	Codec                    string
	FetchMaxBytes            int32
	FetchPartitionMaxBytes   int32
	FetchMaxWaitMs           int64
	LingerMs                 int64
	BatchMaxBytes            int32
	MaxBufferedBytes         int
	MaxBufferedRecords       int
}

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(),
	"lz4":  kgo.Lz4Compression(),
	"zstd": kgo.ZstdCompression(),
}

func main() {
	var s settings
	check(json.Unmarshal([]byte(os.Args[1]), &s))
	ctx := context.Background()

	starts, records := offsets(ctx, s)
	consumer, err := kgo.NewClient(
		kgo.SeedBrokers(s.Source),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{s.SourceTopic: starts}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxBytes(s.FetchMaxBytes),
		kgo.FetchMaxPartitionBytes(s.FetchPartitionMaxBytes),
		kgo.FetchMaxWait(time.Duration(s.FetchMaxWaitMs)*time.Millisecond),
	)
	check(err)
	producer, err := kgo.NewClient(
		kgo.SeedBrokers(s.Target),
		kgo.DefaultProduceTopic(s.TargetTopic),
		// Idempotent unless told otherwise.
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(codecs[s.Codec]),
		kgo.ProducerLinger(time.Duration(s.LingerMs)*time.Millisecond),
		kgo.ProducerBatchMaxBytes(s.BatchMaxBytes),
		kgo.MaxBufferedBytes(s.MaxBufferedBytes),
		kgo.MaxBufferedRecords(s.MaxBufferedRecords),
	)
	check(err)

	var failed atomic.Int64
	report := func(_ *kgo.Record, err error) {
		if err != nil && failed.Add(1) == 1 {
			fmt.Fprintln(os.Stderr, "a record failed:", err)
		}
	}
	for enqueued := int64(0); enqueued < records; {
		fetches := consumer.PollFetches(ctx)
		check(fetches.Err())
		fetches.EachRecord(func(r *kgo.Record) {
			producer.Produce(ctx, &kgo.Record{
				Partition: r.Partition,
				Key:       r.Key,
				Value:     r.Value,
				Headers:   r.Headers,
				Timestamp: r.Timestamp,
			}, report)
			enqueued++
		})
	}
	check(producer.Flush(ctx))
	if failed.Load() > 0 {
		os.Exit(1)
	}
}

// Where every partition starts, and how many records there are in all.
func offsets(ctx context.Context, s settings) (map[int32]kgo.Offset, int64) {
	client, err := kgo.NewClient(kgo.SeedBrokers(s.Source))
	check(err)
	defer client.Close()
	admin := kadm.NewClient(client)
	first, err := admin.ListStartOffsets(ctx, s.SourceTopic)
	check(err)
	check(first.Error())
	end, err := admin.ListCommittedOffsets(ctx, s.SourceTopic)
	check(err)
	check(end.Error())
	starts := map[int32]kgo.Offset{}
	records := int64(0)
	first.Each(func(o kadm.ListedOffset) {
		starts[o.Partition] = kgo.NewOffset().At(o.Offset)
		last, _ := end.Lookup(o.Topic, o.Partition)
		records += last.Offset - o.Offset
	})
	return starts, records
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
