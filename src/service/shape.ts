/*
 * What comes from a file or from another process is whatever is there. These say whether it is what it should be, part by
 * part; a record has the fields that it is said to have, and no others.
 */

export type Shape<T> = (value: unknown) => value is T

type Typed<S> = S extends Shape<infer T> ? T : never

export const text: Shape<string> = (value): value is string => typeof value === 'string'

export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean'

/** Numbers that JSON can say. */
export const number: Shape<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value)

export const whole: Shape<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** What is looked at by somebody else, or by nobody. */
export const anything: Shape<unknown> = (_value): _value is unknown => true

export function word<const W extends string>(...words: readonly W[]): Shape<W> {
  return (value): value is W => (words as readonly unknown[]).includes(value)
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || shape(value)
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every((each) => shape(each))
}

export function map<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isObject(value) && Object.values(value).every(shape)
}

/** `optional` fields may be absent; where they are there, they are not undefined but in a message between processes. */
export function record<
  R extends Readonly<Record<string, Shape<unknown>>>,
  O extends Readonly<Record<string, Shape<unknown>>> = Record<never, never>
>(
  required: R,
  optional?: O
): Shape<{ readonly [K in keyof R]: Typed<R[K]> } & { readonly [K in keyof O]?: Typed<O[K]> }> {
  const may = optional ?? {}
  return (value): value is never => {
    if (!isObject(value)) return false
    const has = Object.entries(required).every(([name, shape]) => Object.hasOwn(value, name) && shape(value[name]))
    return has && Object.keys(value).every((name) => Object.hasOwn(required, name) || mayHave(may, name, value[name]))
  }
}

/** An object that has these fields, whatever else it has: the rest is for somebody else. */
export function having<R extends Readonly<Record<string, Shape<unknown>>>>(
  required: R
): Shape<{ readonly [K in keyof R]: Typed<R[K]> }> {
  return (value): value is never =>
    isObject(value) &&
    Object.entries(required).every(([name, shape]) => Object.hasOwn(value, name) && shape(value[name]))
}

function mayHave(optional: Readonly<Record<string, Shape<unknown>>>, name: string, value: unknown): boolean {
  return Object.hasOwn(optional, name) && optional[name]?.(value) === true
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
