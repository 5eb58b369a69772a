import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createService, type Service, type ServiceOptions } from '../../src/service/create-service.ts'
import { FakeClusters } from './fake-clusters.ts'
import { FakeProcesses } from './fake-process.ts'
import { FakeRecords } from './fake-records.ts'

export const ANNA = { who: 'anna' }
export const ANY = {}

/** A job's configuration on two connections. */
export const jobYaml = (name: string, more = ''): string =>
  `name: ${name}\nsource:\n  connection: kafka-a\ntarget:\n  connection: kafka-b\ntopics:\n  include: [orders]\n${more}`

/** A service on a directory of its own, with clusters, processes and records that a test plays. */
export class ServiceGround {
  readonly directory: string
  readonly clusters = new FakeClusters()
  processes = new FakeProcesses()
  records = new FakeRecords()
  #service: Service | undefined

  private constructor(directory: string) {
    this.directory = directory
  }

  static async make(): Promise<ServiceGround> {
    return new ServiceGround(await mkdtemp(join(tmpdir(), 'mrs-')))
  }

  /** On a directory that is the caller's. */
  static async on(directory: string): Promise<ServiceGround> {
    return await Promise.resolve(new ServiceGround(directory))
  }

  get service(): Service {
    if (this.#service === undefined) throw new Error('the service does not run')
    return this.#service
  }

  async start(more: Partial<ServiceOptions> = {}): Promise<Service> {
    this.processes = new FakeProcesses()
    this.records = new FakeRecords()
    this.#service = await createService({
      dataDirectory: this.directory,
      openRecords: this.records.open,
      startProcess: this.processes.start,
      clusters: this.clusters,
      cwd: this.directory,
      ...more
    })
    return this.#service
  }

  /** Ends it as a kill would: jobs that are recorded as running stay so. */
  async stop(): Promise<void> {
    const service = this.#service
    this.#service = undefined
    const ending = service?.close()
    // Their processes drain and end, as the channel is closed.
    await new Promise((resolve) => setTimeout(resolve, 5))
    for (const process of this.processes.all) process.ends('STOPPED')
    await ending
  }

  async restart(): Promise<Service> {
    await this.stop()
    return await this.start()
  }

  /** With two connections and a job that is submitted. */
  async withJob(name: string, more = ''): Promise<Service> {
    const service = await this.start()
    await this.connect()
    await service.jobs.put(name, { config: jobYaml(name, more) }, ANY, ANNA)
    await service.jobs.submit(name, ANNA)
    return service
  }

  async connect(): Promise<void> {
    for (const side of ['a', 'b']) {
      await this.service.connections.put(`kafka-${side}`, { bootstrapServers: `${side}:9092` }, ANY, ANNA)
    }
  }

  async end(): Promise<void> {
    await this.stop()
    await rm(this.directory, { recursive: true, force: true })
  }
}
