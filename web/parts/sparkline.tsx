import { formatRate } from '../format/numbers.ts'
import { sparklinePath } from './sparkline-path.ts'

const WIDTH = 96
const HEIGHT = 22

export function Sparkline({ values, label }: { readonly values: readonly (number | null)[]; readonly label: string }) {
  const { line, area } = sparklinePath(values, WIDTH, HEIGHT)
  const last = values.at(-1) ?? null
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${formatRate(last)} now`}
    >
      <path class="area" d={area} />
      <path d={line} />
    </svg>
  )
}
