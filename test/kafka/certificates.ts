import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runSuccessfully } from '../helpers/run-command.ts'

export interface Certificates {
  readonly ca: string
  /** Key and certificate in one file, as a broker's PEM key store wants them. */
  readonly serverKeyStore: string
  readonly clientCertificate: string
  readonly clientKey: string
  /** A second authority that signed none of these: for refusals. */
  readonly foreignCa: string
}

const DAYS = ['-days', '2']
const NEW_KEY = ['-newkey', 'rsa:2048', '-nodes']

/** Makes an authority, a server certificate for localhost and a client certificate, all PEM, in `directory`. */
export async function createCertificates(directory: string): Promise<Certificates> {
  const path = (name: string): string => join(directory, name)
  await createAuthority(path('ca'), 'millrace test CA')
  await createAuthority(path('foreign-ca'), 'somebody else')
  await sign(path('ca'), path('server'), 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  await sign(path('ca'), path('client'), 'mirror', 'extendedKeyUsage=clientAuth')
  const serverKeyStore = path('server-store.pem')
  await writeFile(
    serverKeyStore,
    (await readFile(path('server.key'), 'utf8')) + (await readFile(path('server.pem'), 'utf8'))
  )
  return {
    ca: path('ca.pem'),
    serverKeyStore,
    clientCertificate: path('client.pem'),
    clientKey: path('client.key'),
    foreignCa: path('foreign-ca.pem')
  }
}

async function createAuthority(base: string, name: string): Promise<void> {
  const output = ['-keyout', `${base}.key`, '-out', `${base}.pem`]
  await openssl(['req', '-x509', ...NEW_KEY, ...DAYS, '-subj', `/CN=${name}`, ...output])
}

async function sign(authority: string, base: string, name: string, extension: string): Promise<void> {
  await openssl(['req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', `${base}.key`, '-out', `${base}.csr`])
  await writeFile(`${base}.ext`, `${extension}\n`)
  const signer = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-extfile', `${base}.ext`]
  await openssl(['x509', '-req', '-in', `${base}.csr`, ...signer, ...DAYS, '-out', `${base}.pem`])
}

async function openssl(args: readonly string[]): Promise<void> {
  await runSuccessfully('openssl', args)
}
