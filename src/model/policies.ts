/**
 * Which target partition a record goes to. `same`: the source partition's number, order kept. `zero`: everything to
 * partition 0. `sticky`: batch by batch over all partitions, order not kept.
 */
export type PartitionPolicy = 'same' | 'zero' | 'sticky'
