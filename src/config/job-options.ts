import { checkpointOptions } from '../checkpoint/options.ts'
import { clusterOptions } from '../client/options.ts'
import { acceptOption, discoveryIntervalOption, topicCreationOptions } from '../control/options.ts'
import { limitsOptions, nameOption, restartsOptions, stateDirOption, workersOption } from '../job/options.ts'
import { checkTopicName, mappingOptions, partitionsOption } from '../mapping/options.ts'
import { deadLetterOptions, onBadRecordOption, onBadRecordSetting } from '../sink/options.ts'
import { onLossOption, sourceOptions, startOptions, stopOptions, topicSettings } from '../source/options.ts'
import { httpOptions, logOptions, metricsOptions, otlpOptions, tracesOptions } from '../telemetry/options.ts'
import type { OptionSection } from './option.ts'

/** Every option of a job, in the order in which the documentation shows them. */
export const jobOptions = {
  name: nameOption,
  source: { ...clusterOptions('source'), ...sourceOptions },
  target: { ...clusterOptions('target'), accept: acceptOption },
  topics: {
    ...mappingOptions,
    create: topicCreationOptions,
    discoveryInterval: discoveryIntervalOption,
    settings: {
      doc: 'Settings of single topics, by source topic.',
      format: 'map',
      default: [],
      example: '{ orders: { onLoss: continue } }',
      checkKey: checkTopicName,
      of: { ...topicSettings, onBadRecord: onBadRecordSetting }
    }
  },
  partitions: partitionsOption,
  start: startOptions,
  stop: stopOptions,
  onBadRecord: onBadRecordOption,
  deadLetter: deadLetterOptions,
  onLoss: onLossOption,
  limits: limitsOptions,
  workers: workersOption,
  restarts: restartsOptions,
  stateDir: stateDirOption,
  checkpoint: checkpointOptions,
  log: logOptions,
  http: httpOptions,
  metrics: metricsOptions,
  traces: tracesOptions,
  otlp: otlpOptions
} as const satisfies OptionSection
