import type { Meter, Observable } from '@opentelemetry/api'
import { INSTRUMENTS } from './instruments.ts'
import type { JobReading } from './job-reading.ts'
import type { SeriesBudget } from './series-budget.ts'

/** Lets the meter ask for everything in the table at each collection: one reading, whatever the number of series. */
export function registerInstruments(meter: Meter, budget: SeriesBudget, read: () => JobReading): void {
  const observables = INSTRUMENTS.map(({ name, kind, doc }): Observable =>
    kind === 'counter'
      ? meter.createObservableCounter(name, { description: doc })
      : meter.createObservableGauge(name, { description: doc })
  )
  meter.addBatchObservableCallback((result) => {
    const reading = read()
    // Together, so that none is favoured because its worker was the first.
    budget.admit(reading.planned)
    for (const [index, instrument] of INSTRUMENTS.entries()) {
      const observable = observables[index]
      if (observable === undefined) continue
      for (const { labels, value } of instrument.read(reading, budget)) {
        result.observe(observable, value, { millrace_job: reading.job, ...labels })
      }
    }
  }, observables)
}
