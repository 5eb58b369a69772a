import { TextInput } from '../forms/inputs.tsx'
import { formatBytes } from '../format/numbers.ts'
import { textAt } from './logic/json-path.ts'
import { estimateMemory, memoryParts, memorySentence } from './logic/memory-words.ts'
import { readSize, readWhole } from './logic/quantities.ts'
import type { StepProps } from './step-props.ts'

const DEFAULT_MEMORY = '512MiB'
const MIB = 2 ** 20

/** Workers and memory, and at once what they mean for each other. */
export function MemoryPart({ config, set, wrong, preview }: StepProps) {
  const memory = textAt(config, ['limits', 'memory'], DEFAULT_MEMORY)
  const workers = textAt(config, ['workers'], 'auto')
  const total = readSize(memory)
  const count = workers === 'auto' ? 1 : readWhole(workers, 1, 256)
  const parts = preview.plan && memoryParts(preview.plan.memory)
  const estimate = parts && total !== undefined && count !== undefined ? estimateMemory(parts, total, count) : undefined
  return (
    <fieldset>
      <legend>Workers and memory</legend>
      <div class="columns-2">
        <TextInput
          label="Workers"
          value={workers}
          options={['auto', '2', '4', '8']}
          help="Processes that share the partitions; auto = 1."
          wrong={wrong('workers')}
          onValue={(value) =>
            set(['workers'], value === 'auto' ? undefined : /^\d{1,6}$/.test(value) ? Number(value) : value)
          }
        />
        <TextInput
          label="Memory of all together"
          value={memory}
          options={['256MiB', '512MiB', '1GiB', '2GiB', '4GiB']}
          help="Kept by back pressure, whatever the target does."
          wrong={wrong('limits.memory')}
          onValue={(value) => set(['limits', 'memory'], value === DEFAULT_MEMORY ? undefined : value)}
        />
      </div>
      {estimate && (
        <>
          <MemoryBar parts={estimate.parts} />
          <p class={estimate.enough ? 'help' : 'wrong'} role="status">
            {memorySentence(estimate, (bytes) => formatBytes(Math.floor(bytes / MIB) * MIB))}
          </p>
        </>
      )}
    </fieldset>
  )
}

function MemoryBar({ parts }: { readonly parts: readonly { readonly name: string; readonly bytes: number }[] }) {
  const sum = Math.max(
    1,
    parts.reduce((all, { bytes }) => all + bytes, 0)
  )
  let x = 0
  const drawn = parts.map((part) => {
    const width = (part.bytes / sum) * 100
    x += width
    return { ...part, x: x - width, width }
  })
  return (
    <div class="memory-bar">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {drawn.map((part, index) => (
          <rect
            key={part.name}
            class={`part-${String(index + 1)}`}
            x={part.x}
            y="0"
            width={Math.max(0, part.width - 0.4)}
            height="8"
          />
        ))}
      </svg>
      <ul>
        {drawn.map((part, index) => (
          <li key={part.name}>
            <span class={`swatch part-${String(index + 1)}`} aria-hidden="true" />
            {part.name} {formatBytes(Math.floor(part.bytes / MIB) * MIB)}
          </li>
        ))}
      </ul>
    </div>
  )
}
