import * as z from 'zod'
import type { ClusterTopic, Connection, ConnectionInput, ConnectionTest, SecretInput, SecretView } from '../contract.ts'
import { count, list, objectName, page, time } from './common.ts'
import { typed } from './typed.ts'

const MOST_SECRET = 64 * 1024
const path = z.string().min(1).max(4096)

export const secretInput = typed<SecretInput>()(
  'SecretInput',
  z.union([
    z.strictObject({ set: z.string().min(1).max(MOST_SECRET) }),
    z.strictObject({ reference: z.string().regex(/^\$\{(?:file|env):[^}]{1,4096}\}$/) }),
    z.strictObject({ keep: z.literal(true) })
  ])
)

export const secretView = typed<SecretView>()(
  'SecretView',
  z.object({ fingerprint: z.string().nullable(), reference: z.string().nullable(), changedAt: time.nullable() })
)

const securityCommon = {
  protocol: z.enum(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']),
  mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).exactOptional(),
  username: z.string().min(1).max(1000).exactOptional(),
  caFile: path.exactOptional(),
  certificateFile: path.exactOptional(),
  keyFile: path.exactOptional(),
  verifyHostname: z.boolean().exactOptional()
}

const properties = z.record(z.string().max(200), z.union([z.string().max(10_000), z.number(), z.boolean()]))

export const connectionInput = typed<ConnectionInput>()(
  'ConnectionInput',
  z.strictObject({
    bootstrapServers: z.string().min(1).max(10_000),
    security: z
      .strictObject({
        ...securityCommon,
        password: secretInput.exactOptional(),
        keyPassword: secretInput.exactOptional()
      })
      .exactOptional(),
    properties: properties.exactOptional(),
    note: z.string().max(10_000).exactOptional()
  })
)

export const connection = typed<Connection>()(
  'Connection',
  z.object({
    name: z.string(),
    revision: z.int(),
    bootstrapServers: z.string(),
    security: z.object({
      ...securityCommon,
      password: secretView.exactOptional(),
      keyPassword: secretView.exactOptional()
    }),
    properties,
    note: z.string(),
    createdAt: time,
    changedAt: time,
    usedBy: z.array(z.object({ job: z.string(), side: z.enum(['source', 'target']), running: z.boolean() })),
    restartNeeded: z.array(z.string()),
    lastTest: z.object({ at: time, ok: z.boolean() }).nullable(),
    certificateExpiresAt: time.nullable()
  })
)

export const connectionList = list('ConnectionList', connection)

export const connectionTest = typed<ConnectionTest>()(
  'ConnectionTest',
  z.object({
    ok: z.boolean(),
    stages: z.array(
      z.object({
        stage: z.enum(['dns', 'tcp', 'protocol', 'metadata', 'group coordinator']),
        ok: z.boolean(),
        detail: z.string(),
        next: z.string().nullable(),
        code: z.string().nullable(),
        milliseconds: z.number().min(0)
      })
    )
  })
)

export const connectionTestInput = typed<{ readonly name?: string; readonly input: ConnectionInput }>()(
  'ConnectionTestInput',
  z.strictObject({
    name: objectName.exactOptional().describe('The stored connection whose secrets `keep` stands for.'),
    input: connectionInput
  })
)

const clusterTopic = typed<ClusterTopic>()(
  'ClusterTopic',
  z.object({
    name: z.string(),
    partitions: count,
    replicationFactor: count,
    records: count.nullable(),
    internal: z.boolean()
  })
)

export const clusterTopicPage = page('ClusterTopicPage', clusterTopic)
