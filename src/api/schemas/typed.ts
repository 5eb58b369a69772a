import * as z from 'zod'

type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T

type Same<A, B> = [A] extends [B]
  ? [B] extends [A]
    ? unknown
    : 'differs from the contract'
  : 'differs from the contract'

/** The schemas that have a name of their own in the OpenAPI document. */
export const named = z.registry<{ readonly id: string }>()

/**
 * A schema under the name of its type in `contract.ts`. It compiles only when both say the same, so that neither the
 * types nor the document can tell something else than what is checked.
 */
export function typed<T>(): <S extends z.ZodType>(
  id: string,
  schema: S & Same<Frozen<T>, Frozen<z.output<S>>>
) => z.ZodType<T> {
  return (id, schema) => {
    named.add(schema, { id })
    return schema as unknown as z.ZodType<T>
  }
}
