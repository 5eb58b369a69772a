import { checkName } from '../model/check-name.ts'

export const nameOption = {
  doc: 'Name of the job.',
  format: 'text',
  default: null,
  required: true,
  example: 'orders-to-dr',
  check: checkName
} as const

export const limitsOptions = {
  memory: {
    doc: 'Memory that all processes of the job may use together. Back pressure keeps it.',
    format: 'size',
    default: 512 * 1024 * 1024,
    min: 64 * 1024 * 1024,
    defaultDoc: '512MiB'
  },
  rate: {
    bytes: {
      doc:
        'Bytes that the job may copy in a second, keys and values as they are uncompressed, over all workers. ' +
        '`millrace control` changes it while the job runs.',
      format: 'size',
      words: ['unlimited'],
      default: 'unlimited',
      min: 1,
      example: '10MiB'
    },
    records: {
      doc: 'Records that the job may copy in a second, over all workers.',
      format: 'count',
      words: ['unlimited'],
      default: 'unlimited',
      min: 1,
      example: '50000'
    }
  }
} as const

export const workersOption = {
  doc: 'Worker processes that share the topics; auto = 1.',
  format: 'count',
  words: ['auto'],
  default: 'auto',
  min: 1,
  max: 256
} as const

export const restartsOptions = {
  most: {
    doc:
      'How often the job service starts a job again whose process ended by itself, within `restarts.window`. Once more, and ' +
      'the job is FAILED. Workers are started again by the job itself, also under `millrace run`.',
    format: 'count',
    default: 20,
    min: 0,
    max: 1000
  },
  window: {
    doc: 'The time within which ends of its process count against `restarts.most`.',
    format: 'duration',
    default: 60 * 60 * 1000,
    defaultDoc: '1h',
    min: 60 * 1000
  }
} as const

export const stateDirOption = {
  doc: 'Directory for what must outlive a process. Relative to the working directory.',
  format: 'text',
  default: null,
  defaultDoc: './.millrace/NAME',
  example: '/var/lib/millrace/orders-to-dr'
} as const
