const pad = (value: number) => String(value).padStart(2, '0')

/** Clock times of an axis in the zone of the browser; seconds only when they are steps, the date at midnight. */
export function axisTimes(seconds: readonly number[], increment: number): string[] {
  return seconds.map((second) => {
    const time = new Date(second * 1000)
    const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`
    if (increment < 60) return `${clock}:${pad(time.getSeconds())}`
    return clock === '00:00' ? `${pad(time.getMonth() + 1)}-${pad(time.getDate())}` : clock
  })
}

/** Steps of an axis of bytes: 1, 2, 5, 10, … 500 of each binary unit. */
export function binaryIncrements(): number[] {
  return [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * 1024 ** power))
}

/** Zero without a unit; a label that rounding has made equal to the one below is left out. */
export function axisLabels(splits: readonly number[], format: (value: number) => string): string[] {
  const labels = splits.map((value) => (value === 0 ? '0' : format(value)))
  return labels.map((label, index) => (index > 0 && label === labels[index - 1] ? '' : label))
}
