import { checkName } from '../model/check-name.ts'
import { keyOfPropertyVariable, translateProperty } from './properties.ts'

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const
const byProperties =
  'GSSAPI and OAUTHBEARER are set with properties: sasl.mechanisms, sasl.kerberos.*, sasl.oauthbearer.*.'

/** How to reach a cluster: the same options on both sides. */
export function clusterOptions(side: 'source' | 'target') {
  return {
    connection: {
      doc:
        `Name of a connection that the job service keeps: it stands for ${side}.bootstrapServers, ${side}.security and the ` +
        "connection's properties; properties that are given here win. Only for jobs of `millrace serve`.",
      format: 'text',
      default: null,
      example: side === 'source' ? 'kafka-a' : 'kafka-b',
      check: checkName
    },
    bootstrapServers: {
      doc: `Brokers of the ${side} cluster to begin with, as host:port, separated by commas.`,
      format: 'text',
      default: null,
      required: true,
      unless: 'connection',
      example: side === 'source' ? 'kafka-a:9092' : 'kafka-b:9092',
      check: checkBootstrapServers
    },
    security: {
      protocol: {
        doc: 'Whether to log in (SASL) and whether to encrypt (SSL).',
        format: protocols,
        default: 'PLAINTEXT'
      },
      mechanism: {
        doc: 'How to log in, with SASL_PLAINTEXT or SASL_SSL.',
        format: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
        default: null,
        example: 'SCRAM-SHA-512',
        hints: { GSSAPI: byProperties, OAUTHBEARER: byProperties }
      },
      username: {
        doc: 'User name for PLAIN and SCRAM. May be a reference.',
        format: 'text',
        default: null,
        example: 'mirror'
      },
      password: {
        doc: 'Password for PLAIN and SCRAM. Better a reference, ${file:PATH} or ${env:NAME}, than the password itself.',
        format: 'text',
        default: null,
        sensitive: true,
        example: "'${file:/run/secrets/password}'"
      },
      caFile: {
        doc: 'PEM file with the certificates of the authorities to trust, with SSL or SASL_SSL.',
        format: 'text',
        default: null,
        defaultDoc: 'those of the system',
        example: '/etc/kafka/ca.pem'
      },
      certificateFile: {
        doc: 'PEM file with the certificate to show to the broker (mTLS).',
        format: 'text',
        default: null,
        example: '/etc/kafka/mirror.pem'
      },
      keyFile: {
        doc: 'PEM file with the private key of `certificateFile`.',
        format: 'text',
        default: null,
        example: '/etc/kafka/mirror.key'
      },
      keyPassword: {
        doc: 'Password of `keyFile`, if it has one. Better a reference than the password itself.',
        format: 'text',
        default: null,
        sensitive: true,
        example: "'${env:KEY_PASSWORD}'"
      },
      verifyHostname: {
        doc: "Compare the broker's host name with its certificate.",
        format: 'flag',
        default: true
      }
    },
    properties: {
      doc:
        `Properties for the Kafka ${side === 'source' ? 'consumer' : 'producer'} (librdkafka), as a map or each by itself: ` +
        '`properties.client.id: mirror`. Java spellings are translated; what millrace must set itself is refused.',
      format: 'map',
      default: [],
      example: side === 'source' ? '{ fetch.max.bytes: 16777216 }' : '{ compression.type: lz4 }',
      of: { doc: 'Value of the property.', format: 'property', default: null },
      translate: (name: string, value: string | number | boolean) => translateProperty(side, name, value),
      keyOfVariable: keyOfPropertyVariable
    }
  } as const
}

function checkBootstrapServers(servers: string): { problem: string; next: string } | undefined {
  const wrong = servers.split(',').find((server) => !isServer(server.trim()))
  if (wrong === undefined) return undefined
  // A URL may have a password in it, so the text itself is not repeated.
  return {
    problem: 'must be host:port, or several separated by commas',
    next: 'For instance kafka-1:9092,kafka-2:9092.'
  }
}

function isServer(server: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(server)
  if (match === null) return false
  const port = Number(match[1] ?? 9092)
  return port >= 1 && port <= 65535
}
