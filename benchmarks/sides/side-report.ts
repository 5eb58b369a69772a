/** What a program prints that measures one side. */
export interface SideReport {
  readonly records: number
  /** Of all values. */
  readonly bytes: number
  /** Records between the two moments that were looked at. */
  readonly measured: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakRssBytes: number
}

export interface Moment {
  readonly seconds: number
  readonly cpuSeconds: number
}

/** User and system time of all threads of this process. */
export function now(): Moment {
  const { user, system } = process.cpuUsage()
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 }
}

export function print(counted: Pick<SideReport, 'records' | 'bytes' | 'measured'>, from: Moment, to: Moment): void {
  const report: SideReport = {
    ...counted,
    seconds: to.seconds - from.seconds,
    cpuSeconds: to.cpuSeconds - from.cpuSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024
  }
  console.log(JSON.stringify(report))
}
