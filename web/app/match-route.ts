/** "/jobs/:name/:tab?" against "/jobs/orders": the parameters, or undefined. */
export function matchRoute(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  if (given.length > wanted.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index]
    if (!part.startsWith(':')) {
      if (part !== value) return undefined
    } else if (value === undefined) {
      if (!part.endsWith('?')) return undefined
    } else {
      const text = decode(value)
      if (text === undefined) return undefined
      parameters[part.slice(1).replace('?', '')] = text
    }
  }
  return parameters
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
