import { connect, type Socket } from 'node:net'

/** A connection to a control socket; rejects when nobody serves it. */
export async function dialControl(path: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const connection = connect(path)
    connection.once('error', reject)
    connection.once('connect', () => {
      connection.off('error', reject)
      resolve(connection)
    })
  })
}
