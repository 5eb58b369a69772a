import { MillraceError, type ErrorKind, type ErrorPlace } from '../model/millrace-error.ts'
import type { RdkafkaFailure } from './client-errors.ts'
import { ErrorCode, errorKind, errorName } from './error-codes.ts'
import type { ClusterSettings } from './settings.ts'

/** How far a connection came. */
export type ConnectionStage = 'dns' | 'tcp' | 'tls' | 'authentication' | 'protocol' | 'metadata'

/** The port was open a moment ago, so a transport error is a broker that doesn't speak what we speak. */
export function stageOf(failure: RdkafkaFailure): ConnectionStage {
  if (errorKind(failure.code) === 'authentication') return 'authentication'
  // Since TLS 1.3 a broker refuses our certificate only after the handshake, and librdkafka has no code for that.
  if (failure.code === ErrorCode.ssl || failure.text.includes('SSL routines:')) return 'tls'
  if (failure.code === ErrorCode.timedOut) return 'metadata'
  return 'protocol'
}

const STAGES: Readonly<Record<ConnectionStage, { code: string; kind: ErrorKind; message: string; next: string }>> = {
  dns: {
    code: 'MR_DNS_FAILED',
    kind: 'retry',
    message: "the server's name can't be resolved",
    next: 'Check the host name in bootstrapServers and the DNS of this machine.'
  },
  tcp: {
    code: 'MR_TCP_FAILED',
    kind: 'retry',
    message: 'no TCP connection to the server',
    next: 'Check that the broker runs, the port in bootstrapServers, and firewalls in between.'
  },
  tls: {
    code: 'MR_TLS_FAILED',
    kind: 'configuration',
    message: 'the TLS handshake failed',
    next: 'Check security.caFile, the host name in the certificate of the broker, and the client certificate.'
  },
  authentication: {
    code: 'MR_AUTHENTICATION_FAILED',
    kind: 'authentication',
    message: 'the broker refused the credentials',
    next: 'Check mechanism, user name and password; nothing is tried again by itself.'
  },
  protocol: {
    code: 'MR_PROTOCOL_FAILED',
    kind: 'configuration',
    message: 'the server is there but does not talk like this Kafka listener should',
    next: 'Check that security.protocol fits the listener of this port, and that it is Kafka 2.7 or later.'
  },
  metadata: {
    code: 'MR_METADATA_FAILED',
    kind: 'retry',
    message: 'the broker took the connection but did not answer',
    next: 'Check security.protocol, and the load and log of this broker.'
  }
}

export function stageError(
  stage: ConnectionStage,
  failure: RdkafkaFailure,
  settings: ClusterSettings,
  place: ErrorPlace
): MillraceError {
  const { code, kind, message, next } = STAGES[stage]
  return new MillraceError({
    code,
    kind,
    message: `${message} (${settings.security.protocol}): ${failure.text} (${errorName(failure.code)})`,
    next,
    place
  })
}
