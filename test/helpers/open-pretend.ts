import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openServer } from '../../src/api/http/open-server.ts'
import { type AskedApi, askApi } from '../api/ask-api.ts'

export interface OpenPretend extends AsyncDisposable {
  readonly asked: AskedApi
  readonly url: string
  /** As a service leaves it: where it listens, and the first token. */
  readonly dataDir: string
}

/** A pretended service that listens on loopback. */
export async function openPretend(): Promise<OpenPretend> {
  const asked = await askApi({ hostNames: ['127.0.0.1'] })
  const server = await openServer({
    host: '127.0.0.1',
    port: 0,
    fetch: (request, environment) => asked.api.fetch(request, environment),
    onUnexpected: (error) => void asked.unexpected.push(error)
  })
  const url = `http://127.0.0.1:${server.port}`
  const dataDir = join(asked.directory.path, 'data')
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'endpoint.json'), JSON.stringify({ url }))
  await writeFile(join(dataDir, 'admin.token'), `${asked.secrets.admin}\n`)
  return {
    asked,
    url,
    dataDir,
    async [Symbol.asyncDispose]() {
      asked.api.close()
      await server.close()
      await asked[Symbol.asyncDispose]()
    }
  }
}
