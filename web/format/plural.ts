import { formatExact } from './numbers.ts'

/** plural(1, 'job') = "1 job", plural(3, 'job') = "3 jobs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatExact(count)} ${count === 1 ? one : many}`
}
