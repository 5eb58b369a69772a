// A process that answers questions about clusters as their addresses say: with its id, with nonsense, late or never.

const topic = { partitions: 1, replicationFactor: 1, records: null, bytes: null, internal: false }

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, ask, cluster }) => {
  const answer = () => process.send({ id, ask, result: [{ name: String(process.pid), ...topic }] })
  switch (cluster.bootstrapServers) {
    case 'answer':
      return answer()
    case 'slow':
      return setTimeout(answer, 1000)
    case 'nonsense':
      return process.send({ id, ask, result: [{ name: 7 }] })
    case 'refuse':
      return process.send({ id, error: { code: 'MR_TCP_FAILED', kind: 'retry', message: 'No.', place: {} } })
    case 'crash':
      process.stderr.write('out of luck\n')
      return setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 50)
  }
})
