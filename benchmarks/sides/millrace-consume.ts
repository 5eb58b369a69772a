// millrace's way from the source cluster to a batch, and nothing behind it: each batch is given back at once.
import { MeasuredPart } from './measured-part.ts'
import { fail, millraceSource, sideArguments } from './millrace-source.ts'

const args = sideArguments()
const part = new MeasuredPart(args.records)
const { batches } = await millraceSource(args)
batches.subscribe({
  next(batch) {
    const { count, bytes } = batch
    batch.drop()
    if (!part.add(count, bytes)) return
    part.print()
    // Leaving the group waits for seconds and measures nothing.
    process.exit(0)
  },
  error: fail
})
